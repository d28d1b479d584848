"""Plain text files: an optional header, an optional headline, and the words.

The founding form is a first line ` date YYYY-MM-DD ` in which the text goes on; others begin with lines such as
`Title: …` and `Date: …` before a blank line, or with a headline.
"""

import re

from pipeline.articles.fields import draft_of, has_text, wanted
from pipeline.articles.records import Draft

_FOUNDING = re.compile(r"\s*date\s+(?P<date>\d{4}-\d{2}-\d{2})\b[ \t]*", re.IGNORECASE)
_HEADER_LINE = re.compile(r"(?P<name>[A-Za-z][A-Za-z _-]{1,24}):[ \t]*(?P<value>.*)")
_MAX_HEADER_LINES = 20
_HEADLINE_CHARACTERS, _HEADLINE_WORDS = 160, 25
_ENDS_LIKE_SENTENCE = re.compile(r"[.!;:,…][\"'”’)\]]*$")
_DATELINE = re.compile(r"^[A-Z][A-Z .,'/-]{2,40}[,(].{0,40}(?:--|—|–|-)\s")
_PARAGRAPH = 100  # characters of a line that is a paragraph and not one of hard-wrapped copy


def plain_draft(data: str, raw_hash: str) -> Draft:
    """The text of a file as a Draft; its date may come from the header, its title from header or headline."""
    text = re.sub(r"\r\n?", "\n", data)
    if match := _FOUNDING.match(text):
        rest = text[match.end() :]
        title, body = _headline(rest) if rest.startswith("\n") else (None, rest)
        return Draft(body, title=title, published=match["date"], published_basis="header", raw_hash=raw_hash)
    fields, body = _header(text)
    title, body = (None, body) if "title" in map(str.casefold, fields) else _headline(body)
    return draft_of({**({"title": title} if title else {}), **fields, "text": body}, raw_hash, basis="header")


def _header(text: str) -> tuple[dict[str, str], str]:
    """The `Key: value` lines before the first blank line, if all its lines are such and some key is known."""
    head, blank, body = text.lstrip("\n").partition("\n\n")
    lines = head.split("\n")
    matches = [_HEADER_LINE.fullmatch(line.strip()) for line in lines[:_MAX_HEADER_LINES]]
    if not blank or len(lines) > _MAX_HEADER_LINES or not all(matches):
        return {}, text
    fields = {match["name"]: match["value"].strip() for match in matches if match}
    return (fields, body) if wanted(fields) and not has_text(fields) else ({}, text)


def _headline(text: str) -> tuple[str | None, str]:
    """A first line that stands by itself, and the rest; (None, text) where there is none."""
    first, _, rest = text.lstrip("\n ").partition("\n")
    line = first.strip()
    stands_alone = rest.startswith(("\n", " \n", "\t\n")) or len(rest.partition("\n")[0]) > _PARAGRAPH
    if not line or not rest.strip() or not stands_alone:
        return None, text
    if len(line) > _HEADLINE_CHARACTERS or len(line.split()) > _HEADLINE_WORDS:
        return None, text
    if _ENDS_LIKE_SENTENCE.search(line) or _DATELINE.search(line):
        return None, text
    return line, rest.lstrip("\n ")
