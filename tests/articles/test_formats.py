"""One article in every format and every compression; what each field is read from."""

import gzip
import io
import json
import zipfile
from datetime import datetime

import pytest

from pipeline.articles import Article
from tests.articles.article_samples import BODY, COMPRESSIONS, FORMATS, TITLE, URL, Read, warc


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_in_every_compression_gives_the_same_article(read: Read, name: str, compression: str) -> None:
    (article,) = read({name + compression: COMPRESSIONS[compression](name, FORMATS[name])})
    assert isinstance(article, Article), article
    assert article.text == BODY
    assert article.title == TITLE
    assert article.publisher_name == "Fjord Wire"
    assert article.url == URL
    assert article.language == "en"
    expected = datetime(2021, 5, 20) if name == "a.txt" else datetime(2021, 5, 20, 6, 30)
    assert article.published_at == expected
    assert article.published_basis == {"a.txt": "header", "a.html": "html", "a.warc": "html"}.get(name, "metadata")
    assert article.locator == name + compression + (f"!{name}" if compression == ".zip" else "")


@pytest.mark.parametrize("name", FORMATS)
def test_content_tells_the_format_where_the_name_does_not(read: Read, name: str) -> None:
    (article,) = read({"download": FORMATS[name]})
    assert isinstance(article, Article), article
    assert article.text == BODY


def test_founding_form_the_text_goes_on_in_the_line_of_the_date(read: Read) -> None:
    (article,) = read({"000.txt": f" date 2021-05-20 {BODY}"})
    assert isinstance(article, Article)
    assert article.text == BODY
    assert (article.published_at, article.published_basis) == (datetime(2021, 5, 20), "header")


def test_founding_form_with_a_headline_in_the_next_line(read: Read) -> None:
    (article,) = read({"000.txt": f" date 2021-05-20\n\n{TITLE}\n\n{BODY}"})
    assert isinstance(article, Article)
    assert (article.title, article.text) == (TITLE, BODY)


def test_glosses_and_odd_quotes_stay_in_the_stored_text(read: Read) -> None:
    text = "“Of course this [la reunión] it is very important to our relationships, «with them, “he said of the talks."
    (article,) = read({"a.txt": text})
    assert isinstance(article, Article)
    assert article.text == text


# The headline stands by itself: a blank line follows, or a line that is a whole paragraph.
@pytest.mark.parametrize("parting", ["\n\n", "\n"])
def test_plain_headline(read: Read, parting: str) -> None:
    (article,) = read({"a.txt": "Talks resume in Oslo" + parting + BODY})
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Talks resume in Oslo", BODY)


@pytest.mark.parametrize(
    "first",
    [
        "The ministers met on Tuesday.",  # a sentence
        "OSLO, May 20 (Fjord Wire) - Ministers met",  # a dateline
    ],
)
def test_a_first_line_that_is_no_headline_stays(read: Read, first: str) -> None:
    (article,) = read({"a.txt": f"{first}\n\n{BODY}"})
    assert isinstance(article, Article)
    assert article.title is None
    assert article.text.startswith(first)


def test_a_first_line_that_repeats_the_title_goes(read: Read) -> None:
    (article,) = read({"a.json": json.dumps({"title": TITLE, "text": f"{TITLE}\n\n{BODY}"})})
    assert isinstance(article, Article)
    assert article.text == BODY


def test_hard_wrapped_wire_copy_keeps_its_lines_and_indents(read: Read) -> None:
    text = "Showers continued throughout the week in\nthe cocoa zone, easing the drought since\nJanuary.\n The dry period delays the crop."
    (article,) = read({"a.json": json.dumps({"text": text, "dateline": "SALVADOR, Feb 26 -"})})
    assert isinstance(article, Article)
    assert (article.text, article.dateline) == (text, "SALVADOR, Feb 26 -")


@pytest.mark.parametrize("name", ["text", "Body", "content", "maintext", "articleBody", "full_text"])
def test_names_of_the_text(read: Read, name: str) -> None:
    (article,) = read({"a.json": json.dumps({name: BODY})})
    assert isinstance(article, Article)
    assert article.text == BODY


@pytest.mark.parametrize("name", ["date", "published", "published_at", "pub_date", "datePublished", "publishedAt", "publication-date"])
def test_names_of_the_date(read: Read, name: str) -> None:
    (article,) = read({"a.json": json.dumps({"text": BODY, name: "2021-05-20"})})
    assert isinstance(article, Article)
    assert article.published_at == datetime(2021, 5, 20)


@pytest.mark.parametrize("publisher", ["Fjord Wire", {"id": None, "name": "Fjord Wire"}, ["Fjord Wire", "Other"]])
def test_publisher_as_string_object_or_list(read: Read, publisher: object) -> None:
    (article,) = read({"a.json": json.dumps({"text": BODY, "publisher": publisher})})
    assert isinstance(article, Article)
    assert article.publisher_name == "Fjord Wire"


def test_paragraphs_given_as_a_list_and_markup_in_a_field(read: Read) -> None:
    paragraphs = BODY.split("\n\n")
    listed, marked = read(
        {"a.jsonl": "\n".join(json.dumps({"text": text}) for text in (paragraphs, "".join(f"<p>{p}</p>" for p in paragraphs)))}
    )
    assert isinstance(listed, Article)
    assert isinstance(marked, Article)
    assert listed.text == marked.text == BODY


def test_ticker_symbols_are_no_markup(read: Read) -> None:
    (article,) = read(
        {"a.json": json.dumps({"text": "British Petroleum Co Plc <BP> said that it would buy the shares of Standard Oil <SRD> this week."})}
    )
    assert isinstance(article, Article)
    assert "<BP>" in article.text


def test_one_broken_line_or_element_does_not_hide_the_next(read: Read) -> None:
    good = json.dumps({"text": BODY})
    found = read({"a.jsonl": f'{good}\n{{"text": "x\n{good}\n', "b.json": f'[{good}, {{"text": nonsense}}, {good}]'})
    assert [getattr(item, "reason", "article") for item in found] == ["article", "malformed", "article"] * 2


def test_records_of_a_large_array_are_cut_at_any_boundary(read: Read) -> None:
    texts = [f'{BODY} \\"quoted\\" {{[{n}' for n in range(2000)]
    found = read({"a.json": json.dumps([{"text": text} for text in texts])})
    assert [item.text for item in found if isinstance(item, Article)] == texts


def test_rows_of_csv_with_line_breaks_and_a_row_with_too_many_cells(read: Read) -> None:
    found = read({"a.csv": f'title,text\r\nOne,"{BODY}"\r\na,b,c,d\r\nTwo,"{BODY} Again."\r\n'})
    assert [getattr(item, "reason", "article") for item in found] == ["article", "malformed", "article"]


def test_members_of_an_archive_are_files(read: Read) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("2021-05-20/b.txt", BODY)
        archive.writestr("2021-05-20/a.jsonl.gz", gzip.compress(json.dumps({"text": BODY}).encode()))
    found = read({"news.zip": buffer.getvalue()})
    assert [item.locator for item in found] == ["news.zip!2021-05-20/a.jsonl.gz", "news.zip!2021-05-20/b.txt"]
    assert all(
        isinstance(item, Article) and item.published_at == datetime(2021, 5, 20) and item.published_basis == "path" for item in found
    )


def test_answers_that_are_no_pages_are_refused_one_by_one(read: Read) -> None:
    missing = warc().replace(b"200 OK", b"404 No")
    picture = warc().replace(b"text/html; charset=utf-8", b"image/png; charset=utf8")
    found = read({"a.warc": missing + picture + warc()})
    assert [getattr(item, "reason", "article") for item in found] == ["http_error", "unsupported_format", "article"]
