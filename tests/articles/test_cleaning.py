"""Raw text -> stored text; charsets; languages."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.articles import Article, Reject
from pipeline.articles.cleaning import clean_line, clean_text
from pipeline.articles.language import language_of
from pipeline.articles.rejects import Reason, printable
from tests.articles.article_samples import BODY, Read


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("we demand a ban, â€œhe said.â€\x9d", "we demand a ban, “he said.”"),
        ("the â€˜bhoomi pujanâ€™ was", "the ‘bhoomi pujan’ was"),
        ("a clear violation,â€\ufffd he said", "a clear violation,” he said"),  # the lost last byte of a quotation mark
        ("related story:Â arrest planner", "related story: arrest planner"),
        ("cafÃ© in ZÃ¼rich", "café in Zürich"),
        ("AT&amp;T &lt;T&gt;", "AT&T <T>"),
        ("a\x00b\x07c", "abc"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07alert", "red alert"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("one  \n\n\n\n two ", "one\n\n two"),
        ("“odd” «quotes» ‚stay‘ [la reunión]", "“odd” «quotes» ‚stay‘ [la reunión]"),
        ("\u202egnihtyna\u202c so\u00adft zero\u200bwidth", "gnihtyna soft zerowidth"),
        ("\n  \t \x00", ""),
    ],
)
def test_repairs(raw: str, stored: str) -> None:
    assert clean_text(raw) == stored


def test_paragraphs_of_one_line_are_parted_by_blank_lines() -> None:
    long = "A paragraph that goes on for much longer than any line of hard-wrapped wire copy would, well beyond a hundred characters."
    assert clean_text(f"{long}\n{long}\n\n\n{long}") == "\n\n".join([long] * 3)


@given(st.text())
def test_cleaning_is_stable_and_leaves_nothing_unprintable(raw: str) -> None:
    once = clean_text(raw)
    assert clean_text(once) == once
    assert not any(ord(character) < 32 and character != "\n" for character in once)
    assert "\x1b" not in (clean_line(raw) or "")


@given(st.text(), st.integers(0, 600))
def test_evidence_is_short_and_printable(text: str, times: int) -> None:
    shown = printable(text * times)
    assert len(shown) <= 500
    shown.encode()


TEXT = "The café’s owner — Zoë — paid £5 to the naïve envoy, and the minister said that the talks would resume next week."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("utf-8", TEXT.encode()),
        ("utf-8 with mark", TEXT.encode("utf-8-sig")),
        ("utf-16", TEXT.encode("utf-16")),
        ("utf-16 big", b"\xfe\xff" + TEXT.encode("utf-16-be")),
        ("utf-32", TEXT.encode("utf-32")),
        ("cp1252, undeclared", TEXT.encode("cp1252")),
        ("utf-8 read as cp1252 and stored so", TEXT.encode().decode("cp1252").encode()),
    ],
)
def test_charsets_of_plain_text(read: Read, name: str, data: bytes) -> None:
    (article,) = read({"a.txt": data})
    assert isinstance(article, Article), article
    assert article.text == TEXT


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "no-such-charset", "unicode_escape", "zlib"])
def test_declared_charsets_of_pages(read: Read, declared: str) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><article><p>{TEXT}</p><p>{TEXT} Again.</p></article></body></html>'
    (article,) = read({"a.html": page.encode("cp1252")})
    assert isinstance(article, Article), article
    assert article.text.startswith(TEXT)


def test_declared_charset_that_detection_would_miss(read: Read) -> None:
    page = '<?xml version="1.0" encoding="koi8-r"?><rss version="2.0"><channel><title>Новости</title><item><description>' + BODY
    (article,) = read({"a.xml": (page + "</description></item></channel></rss>").replace("“", '"').replace("”", '"').encode("koi8-r")})
    assert isinstance(article, Article), article
    assert article.publisher_name == "Новости"


def test_lines_of_json_in_mixed_charsets(read: Read) -> None:
    lines = json.dumps({"text": TEXT}, ensure_ascii=False)
    found = read({"a.jsonl": lines.encode() + b"\n" + lines.encode("cp1252") + b"\n"})
    assert [item.text for item in found if isinstance(item, Article)] == [TEXT, TEXT]


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("The ministers of both countries met in Geneva on Tuesday and agreed to lift the tariffs.", None, "en"),
        ("PRESIDENT REAGAN MET GORBACHEV IN REYKJAVIK ON SATURDAY TO DISCUSS ARMS CONTROL", None, "en"),
        ("Shr 45 cts vs 58 cts\n Net 1.1 mln vs 829,000\n Sales 7.9 mln vs 6.1 mln", None, "en"),  # telegraphic English
        ("Talks fail.", None, "en"),  # too short to tell
        ("President Putin met Biden in Geneva.", None, "en"),
        ("Der Bundeskanzler traf gestern den Präsidenten in Berlin, um über Zölle zu sprechen.", None, "de"),
        ("Der Bundeskanzler traf gestern den Präsidenten in Berlin, um über Zölle zu sprechen.", "en", "de"),  # not plausible
        ("EL PRESIDENTE VIAJÓ A MADRID PARA REUNIRSE CON EL REY Y CON LOS MINISTROS DEL GOBIERNO", None, "es"),
        ("Москва и Вашингтон договорились о новых переговорах", None, "ru"),
        ("两国外长在雷克雅未克会晤", None, "zh"),
        ("OK 12", "es", "es"),  # nothing speaks against the declaration
        ("The ministers of both countries met in Geneva on Tuesday and agreed to lift the tariffs.", "fr", "en"),
        ("The ministers of both countries met in Geneva on Tuesday and agreed to lift the tariffs.", "en-GB", "en"),
    ],
)
def test_languages(text: str, declared: str | None, language: str) -> None:
    assert language_of(text, declared) == language


def test_an_english_article_may_begin_with_a_quotation() -> None:
    quotation = (
        "«Nous ne céderons pas devant les menaces de nos voisins, et nous resterons fidèles à notre parole donnée», a dit le ministre. "
    )
    english = "The minister repeated the words in English when he met the press in Brussels, and said that the talks would go on. "
    assert language_of(quotation * 4 + english * 12, None) == "en"


def test_other_languages_are_set_aside_by_name(read: Read) -> None:
    (reject,) = read({"a.txt": "El ministro de Asuntos Exteriores viajó ayer a Madrid para reunirse con sus homólogos europeos."})
    assert isinstance(reject, Reject)
    assert reject.reason is Reason.NOT_ENGLISH
    assert reject.evidence.startswith("es: El ministro")
