"""The books that the coder keeps prepared are those that seeds/ gives, and whatever happens to them costs time and nothing else."""

import pickle
from collections.abc import Iterator
from pathlib import Path

import platformdirs
import pytest

from pipeline.coder import books
from pipeline.coder.coder import Coder
from pipeline.resources import SEEDS

ARTICLE = SEEDS / "articles" / "northern-wire" / "2021" / "2021-05-19_blinken-lavrov.txt"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of prepared books, empty."""
    monkeypatch.setattr(platformdirs, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    books.load_books.cache_clear()
    yield tmp_path / "cache"
    books.load_books.cache_clear()


@pytest.fixture
def small_books(monkeypatch: pytest.MonkeyPatch) -> books.Books:
    """Books that are made at once."""
    made = books.Books("ontology", "triggers", "actors", "gazetteer")  # type: ignore[arg-type]
    monkeypatch.setattr(books, "make_books", lambda: made)
    return made


def loaded_anew() -> books.Books:
    books.load_books.cache_clear()
    return books.load_books()


@pytest.mark.slow  # reads all of seeds/
def test_prepared_books_read_an_article_as_those_made_from_seeds_do(cache: Path) -> None:
    text = ARTICLE.read_text()
    made = Coder().code(text)
    assert len(list(cache.iterdir())) == 1
    books.load_books.cache_clear()
    with pytest.MonkeyPatch.context() as without_seeds:
        without_seeds.setattr(books, "make_books", lambda: pytest.fail("they lie prepared"))
        prepared = Coder().code(text)
    assert prepared == made
    assert len(made.events) > 5


def test_books_are_made_once_for_all_processes(cache: Path, small_books: books.Books, monkeypatch: pytest.MonkeyPatch) -> None:
    assert books.load_books() is small_books
    monkeypatch.setattr(books, "make_books", lambda: pytest.fail("they lie prepared"))
    assert loaded_anew() == small_books


def test_other_code_or_seeds_have_books_of_their_own(cache: Path, small_books: books.Books, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        monkeypatch.setattr(books, "coder_version", lambda number=number: f"0.1.0+{number}")
        assert loaded_anew() is small_books
    assert sorted(path.name[:7] for path in cache.iterdir()) == ["0.1.0+2", "0.1.0+3", "0.1.0+4"]  # and old ones go


@pytest.mark.parametrize("content", [b"", b"\x80no pickle", pickle.dumps("no books")], ids=["empty", "damaged", "something else"])
def test_what_cannot_be_read_is_made_anew(cache: Path, small_books: books.Books, content: bytes) -> None:
    books.load_books()
    [path] = cache.iterdir()
    path.write_bytes(content)
    assert loaded_anew() is small_books
    assert loaded_anew() is not small_books  # mended


def test_nothing_is_read_that_others_could_have_written(cache: Path, small_books: books.Books) -> None:
    books.load_books()
    [path] = cache.iterdir()
    path.chmod(0o666)
    assert loaded_anew() is small_books


def test_without_a_place_to_keep_them_they_are_made(cache: Path, small_books: books.Books) -> None:
    cache.write_text("a file where the folder should be")
    assert books.load_books() is small_books
