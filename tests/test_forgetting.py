"""What is forgotten on request is found nowhere any more: not in a table, not in the bytes of a file, and it does not come back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from pipeline import flow, forgetting
from pipeline.articles import known
from pipeline.config import Workspace
from tests.site.data_files import unpacked
from tests.test_flow import rows, run

pytestmark = pytest.mark.slow  # articles are coded, warehouses built

STORIES = {
    "one": (
        "Police in Lusaka arrested {person} on Friday",
        "Police in Lusaka arrested {person}, a businesswoman, on Friday. She denied the charges. {surname} had accused the government of "
        "corruption. On Thursday the foreign ministers of Zambia and Angola met in Lusaka.",
    ),
    "two": (
        "Malawi and Zambia agree on a ferry",
        "Malawi and Zambia signed an agreement on a ferry on Friday. Kenya recalled its ambassador from Chad on the same day.",
    ),
}
PERSON = {"person": "Marjolein Okpodu", "surname": "Okpodu"}


def write(inbox: Path, name: str, title: str, text: str, publisher: str = "Lake Courier") -> None:
    inbox.mkdir(exist_ok=True)
    address = f"https://courier.example/{publisher}/{title}".replace(" ", "-")
    (inbox / f"{name}.txt").write_text(f"Title: {title}\nDate: 2022-03-04\nPublisher: {publisher}\nUrl: {address}\n\n{text}\n")


@pytest.fixture(scope="module", autouse=True)
def explored() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as context:
        context.delenv("DRAGOMAN_EXPLORER_EVENTS")
        yield


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    for name, (title, text) in STORIES.items():
        write(folder / "inbox", name, title.format(**PERSON), text.format(**PERSON))
    write(folder / "inbox", "three", "Ferry agreed", STORIES["two"][1], publisher="Harbour Post")
    assert run("run", folder / "inbox", "--warehouse", folder / "out" / "warehouse.duckdb", "--workers", 1)[0] == 0
    known.caught_up(Workspace(folder / "out" / "warehouse.duckdb"))  # as the next ingestion begins
    return folder


@pytest.fixture
def folder(published, tmp_path) -> Path:
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    return tmp_path


def forget(folder: Path, *arguments) -> tuple[int, str]:
    return run("forget", *arguments, "--reason", "a court's order", "--warehouse", folder / "out" / "warehouse.duckdb")


def published_rows(folder: Path, sql: str) -> list[tuple]:
    return rows(folder / "out" / "warehouse.duckdb", sql)


def files_with(folder: Path, *words: str) -> list[str]:
    """Files below the warehouse's folder in whose bytes, or in whose partitions or pages' data, a word stands."""
    found = []
    for path in sorted((folder / "out").rglob("*")):
        if path.is_file():
            told = str(pl.read_parquet(path).to_dicts()) if path.suffix == ".parquet" else path.read_bytes().decode("latin-1")
            told += str(unpacked(path)) if path.suffix == ".js" and path.parent.name != "app" else ""
            found += [path.name for word in words if word.lower() in told.lower()]
    return found


@pytest.fixture(scope="module")
def without_person(published, tmp_path_factory) -> tuple[Path, str]:
    """A request that was cut off before it erased and before it published, and was made again; and what it told."""
    folder = tmp_path_factory.mktemp("without person")
    shutil.copytree(published, folder, dirs_exist_ok=True)
    for module, step in ((forgetting, "erase"), (flow, "publish")):
        with pytest.MonkeyPatch.context() as cut:
            cut.setattr(module, step, lambda *_: (_ for _ in ()).throw(OSError("no space")))
            code, told = forget(folder, "--person", "Marjolein Okpodu")
            assert code == 1 and "no space" in told
    code, told = forget(folder, "--person", "Marjolein OKPODU")
    assert code == 0, told
    return folder, told


def test_a_person_is_named_nowhere_and_what_else_happened_stays(published, without_person):
    folder, told = without_person
    assert files_with(published, "okpodu")
    assert files_with(folder, "okpodu", "marjolein") == []
    kinds = "select event_type, source_country, target_country, count(*) from events group by all order by all"
    assert published_rows(folder, kinds) == published_rows(published, kinds)
    assert published_rows(folder, "select count(*) from events where source_country = 'ZMB' and target_country = 'AGO'") == [(1,)]
    assert published_rows(folder, "select count(*), count(text) from articles") == [(3, 2)]
    assert "one.txt" in told


def test_a_person_stays_forgotten_in_a_work_file_made_anew_and_in_what_comes_later(without_person, tmp_path):
    folder = shutil.copytree(without_person[0], tmp_path / "later")
    Workspace(folder / "out" / "warehouse.duckdb").work_file.unlink()
    write(
        folder / "inbox", "later", "Trial of Márjolein Okpodu begins", "Angola expelled Marjolein Okpodu on Friday. Kenya thanked Angola."
    )
    assert run("run", folder / "inbox", "--warehouse", folder / "out" / "warehouse.duckdb", "--workers", 1)[0] == 0
    assert files_with(folder, "okpodu", "marjolein") == []
    assert published_rows(folder, "select count(*), count(text) from articles") == [(4, 2)]


def test_an_article_goes_with_those_that_repeat_it(folder):
    ((ferry,),) = published_rows(folder, "select article_id from articles where title like 'Malawi%'")

    code, told = forget(folder, "--article", ferry)

    assert code == 0, told
    assert files_with(folder, "ferry") == []
    assert published_rows(folder, "select count(*) from events where target_country = 'TCD'") == [(0,)]
    assert published_rows(folder, "select count(*), count(text), count(title) from articles") == [(3, 1, 1)]
    assert published_rows(folder, "select reason_code, evidence from rejects") == [("forgotten", "a court's order")] * 2
    assert "two.txt" in told and "three.txt" in told
    unaccounted = "select sum(records_in) - sum(coded + without_event + duplicate + rejected) from coverage"
    assert published_rows(folder, unaccounted) == [(0,)]

    inbox = [folder / "inbox", "--warehouse", folder / "out" / "warehouse.duckdb", "--workers", 1]
    assert run("run", *inbox)[0] == 0
    assert run("rejects", "retry", *inbox)[0] == 0  # the file is there still, and read again
    assert files_with(folder, "ferry") == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "say what to forget"),
        (["--article", "unheard"], "no article 'unheard' is stored"),
        (["--person", "Okpodu"], "one word"),
        (["--person", "Angela Merkel"], "seeds/actors lists"),
    ],
)
def test_what_cannot_be_forgotten_is_told(folder, arguments, told):
    code, output = forget(folder, *arguments)
    assert (code, told in output) == (2, True), output
