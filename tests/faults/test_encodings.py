"""Sixty encodings of one sentence, declared rightly, wrongly or not at all: the words that come out, or the reason of the reject."""

import codecs
import json

import pytest

from pipeline.articles import Article
from tests.articles.article_samples import Read

TEXT = (
    "The naïve envoy’s café — it cost £5 — was where the ministers of both countries met and agreed that the talks would resume next week."
)
ASCII = "The ministers of both countries met in the old harbour on Tuesday and agreed that the talks would resume next week."
ODD = "The ministers met in Łódź, Győr and Plzeň on Tuesday, and all three of them agreed that the talks would resume next week."


def page(text: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body><article><p>{text}</p><p>{ASCII}</p></article></body></html>"


def meta(charset: str) -> str:
    return f'<meta charset="{charset}">'


def old_meta(charset: str) -> str:
    return f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'


def rss(text: str, declared: str | None) -> str:
    encoding = f' encoding="{declared}"' if declared else ""
    item = f"<item><description>{text}</description></item>"
    return f'<?xml version="1.0"{encoding}?><rss version="2.0"><channel><title>x</title>{item}</channel></rss>'


def line(text: str) -> str:
    return json.dumps({"text": text}, ensure_ascii=False)


def spoilt(text: str, read_as: str = "cp1252", times: int = 1) -> str:
    """Mojibake: UTF-8 read in another charset, and stored so."""
    for _ in range(times):
        text = text.encode().decode(read_as)
    return text


UTF16, UTF32 = codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE
CURLY = TEXT.replace("£", "$")  # KOI8-R has none
LATIN = "The naïve envoy paid £5 in a café where the ministers of both countries met and agreed that the talks would resume next week."

CASES: dict[str, tuple[str, bytes, str]] = {
    # Plain text: nothing is declared.
    "text, UTF-8": ("a.txt", TEXT.encode(), TEXT),
    "text, UTF-8 with mark": ("a.txt", TEXT.encode("utf-8-sig"), TEXT),
    "text, UTF-8 with two marks": ("a.txt", codecs.BOM_UTF8 * 2 + TEXT.encode(), TEXT),
    "text, UTF-16 little": ("a.txt", TEXT.encode("utf-16"), TEXT),
    "text, UTF-16 big": ("a.txt", UTF16 + TEXT.encode("utf-16-be"), TEXT),
    "text, UTF-32 little": ("a.txt", TEXT.encode("utf-32"), TEXT),
    "text, UTF-32 big": ("a.txt", UTF32 + TEXT.encode("utf-32-be"), TEXT),
    "text, UTF-16 without mark": ("a.txt", TEXT.encode("utf-16-le"), "binary"),
    "text, UTF-32 without mark": ("a.txt", TEXT.encode("utf-32-le"), "binary"),
    "text, UTF-16 cut in a character": ("a.txt", TEXT.encode("utf-16")[:-1], TEXT[:-1] + "�"),
    "text, mark of UTF-16 over UTF-8": ("a.txt", codecs.BOM_UTF16_LE + ASCII.encode(), "not_english"),
    "text, mark of UTF-8 over Windows-1252": (
        "a.txt",
        codecs.BOM_UTF8 + LATIN.encode("cp1252"),
        LATIN.replace("ï", "�").replace("£", "�").replace("é", "�"),
    ),
    "text, mark alone": ("a.txt", codecs.BOM_UTF8, "empty_text"),
    "text, Windows-1252": ("a.txt", TEXT.encode("cp1252"), TEXT),
    "text, Latin-1": ("a.txt", LATIN.encode("latin-1"), LATIN),
    "text, Mac Roman is taken for Windows-1252": ("a.txt", LATIN.encode("mac-roman"), LATIN.encode("mac-roman").decode("cp1252")),
    "text, DOS 437 too": ("a.txt", LATIN.encode("cp437"), LATIN.encode("cp437").decode("cp1252")),
    "text, Latin-2 too": ("a.txt", ODD.encode("iso8859-2"), ODD.encode("iso8859-2").decode("cp1252")),
    "text, UTF-7 stays as it is": ("a.txt", TEXT.encode("utf-7"), TEXT.encode("utf-7").decode()),
    "text, EBCDIC": ("a.txt", ASCII.encode("cp037"), ASCII),
    "text, one broken character": ("a.txt", TEXT.encode() + b" caf\xe9", TEXT + " caf�"),
    # Bytes that no encoder writes.
    "overlong slash is none": ("a.txt", TEXT.encode() + b" \xc0\xaf", TEXT + " À¯"),
    "overlong NUL": ("a.txt", ASCII.encode() + b" a\xc0\x80b", ASCII + " ab"),
    "surrogate in UTF-8": ("a.txt", TEXT.encode() + b" \xed\xa0\x80", TEXT + " í €"),
    "pair of surrogates (CESU-8)": ("a.txt", ASCII.encode() + b" \xed\xa0\xbd\xed\xb8\x80", ASCII + " 😀"),
    "beyond Unicode": ("a.txt", TEXT.encode() + b" \xf4\x90\x80\x80", TEXT + " �"),
    "lone continuation bytes": ("a.txt", ASCII.encode() + b" \x80\x80", ASCII + " €€"),
    "three NULs": ("a.txt", ASCII.replace(" ", "\0", 3).encode(), ASCII.replace(" ", "", 3)),
    "four NULs": ("a.txt", ASCII.replace(" ", "\0", 4).encode(), "binary"),
    "noncharacters": ("a.txt", (ASCII + " \ufffe\uffff").encode(), ASCII + " \ufffe\uffff"),
    # Mojibake is mended.
    "UTF-8 read as Windows-1252": ("a.txt", spoilt(TEXT).encode(), TEXT),
    "UTF-8 read as Latin-1": ("a.txt", spoilt(TEXT, "latin-1").encode(), TEXT),
    "UTF-8 read so twice": ("a.txt", spoilt(LATIN, times=2).encode(), LATIN),
    "UTF-8 read as Mac Roman": ("a.txt", spoilt(LATIN, "mac-roman").encode(), LATIN),
    "mojibake in a line of JSON": ("a.jsonl", line(spoilt(TEXT)).encode(), TEXT),
    "mojibake in a page": ("a.html", page(spoilt(TEXT), meta("utf-8")).encode(), TEXT),
    "entities for letters": ("a.json", line(TEXT.replace("é", "&eacute;").replace("—", "&mdash;")).encode(), TEXT),
    # Pages.
    "page, UTF-8 undeclared": ("a.html", page(TEXT).encode(), TEXT),
    "page, Windows-1252 declared": ("a.html", page(TEXT, meta("windows-1252")).encode("cp1252"), TEXT),
    "page, Windows-1252 undeclared": ("a.html", page(TEXT).encode("cp1252"), TEXT),
    "page, Windows-1252 that says Latin-1": ("a.html", page(TEXT, old_meta("ISO-8859-1")).encode("cp1252"), TEXT),
    "page, Windows-1252 that says UTF-8": ("a.html", page(TEXT, meta("utf-8")).encode("cp1252"), TEXT),
    "page, UTF-8 that says UTF-16": ("a.html", page(TEXT, meta("utf-16")).encode(), TEXT),
    "page, UTF-8 that says UTF-7": ("a.html", page(TEXT, meta("utf-7")).encode(), TEXT),
    "page, UTF-8 that says nonsense": ("a.html", page(TEXT, meta("klingon")).encode(), TEXT),
    "page, Latin-2 declared": ("a.html", page(ODD, meta("iso-8859-2")).encode("iso8859-2"), ODD),
    "page, KOI8-R declared in the old way": ("a.html", page(ASCII + " Правда", old_meta("koi8-r")).encode("koi8-r"), ASCII + " Правда"),
    "page, Shift JIS declared": ("a.html", page(ASCII + " 東京", meta("shift_jis")).encode("shift_jis"), ASCII + " 東京"),
    "page, GB 18030 that says GB 2312": ("a.html", page(ASCII + " 北京", meta("gb2312")).encode("gb18030"), ASCII + " 北京"),
    "page, UTF-16 with mark": ("a.html", page(TEXT, meta("utf-8")).encode("utf-16"), TEXT),
    "page, declared twice, the first counts": ("a.html", page(ODD, meta("iso-8859-2") + meta("koi8-r")).encode("iso8859-2"), ODD),
    # Feeds.
    "feed, UTF-8 undeclared": ("a.xml", rss(TEXT, None).encode(), TEXT),
    "feed, Windows-1252 declared": ("a.xml", rss(TEXT, "windows-1252").encode("cp1252"), TEXT),
    "feed, Latin-2 declared": ("a.xml", rss(ODD, "iso-8859-2").encode("iso8859-2"), ODD),
    "feed, UTF-16 with mark": ("a.xml", rss(TEXT, "utf-16").encode("utf-16"), TEXT),
    "feed, UTF-8 that says ASCII": ("a.xml", rss(TEXT, "us-ascii").encode(), TEXT),
    # Lines and tables.
    "line of JSON, UTF-8 with mark": ("a.jsonl", line(TEXT).encode("utf-8-sig"), TEXT),
    "line of JSON, Windows-1252": ("a.jsonl", line(TEXT).encode("cp1252"), TEXT),
    "JSON, UTF-16": ("a.json", line(TEXT).encode("utf-16"), TEXT),
    "JSON, half a pair of surrogates spelt": ("a.json", line(ASCII + " @").replace("@", "\\ud83d").encode(), ASCII + " �"),
    "JSON, a pair of surrogates spelt": ("a.json", line(ASCII + " @").replace("@", "\\ud83d\\ude00").encode(), ASCII + " 😀"),
    "JSON, NUL spelt": ("a.json", line(ASCII + "@").replace("@", "\\u0000").encode(), ASCII),
    "table, UTF-16": ("a.csv", f'title,text\r\nx,"{TEXT}"\r\n'.encode("utf-16"), TEXT),
    "table, Windows-1252": ("a.csv", f'title,text\r\nx,"{TEXT}"\r\n'.encode("cp1252"), TEXT),
}


@pytest.mark.parametrize("name", CASES)
def test_words_or_a_reason(read: Read, name: str) -> None:
    file, data, expected = CASES[name]
    (found,) = read({file: data})
    assert (found.text.split("\n\n")[0] if isinstance(found, Article) else found.reason) == expected


def test_there_are_sixty() -> None:
    assert len(CASES) >= 60
