"""Raw text to the stored text, to which every offset points.

Repaired: mojibake, HTML entities, line ends, ligatures, control characters. Kept: paragraphs, the line breaks of
hard-wrapped wire copy, quotation marks of any kind, brackets. The coder masks what it must without moving an offset.
"""

import re
from functools import cache
from typing import Any

_LINE_CHARACTERS = 1000  # of a title or a name; more is not one
# Control characters, and the invisible ones that turn or join text: they would hide words from readers and the coder.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2060-\u2064\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|[@-Z\\^_])")
_LINE_ENDS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[\t\xa0\u2000-\u200a\u202f\u3000]")
_BLANK_LINES = re.compile(r"\n{3,}")
_NEEDS_REPAIR = re.compile(r"[&\x1b\x80-\U0010ffff]")
# The last byte of a closing quotation mark has no character in Windows-1252 and is often lost on the way.
_LOST_QUOTE = re.compile("â€\ufffd")
# A no-break space of UTF-8 read as Windows-1252, its second byte since turned into a plain space.
_LOST_SPACE = re.compile("Â(?=[ \xa0])")
_WRAPPED_AT = 100
_REPAIRS = 4  # what one repair lays bare may need another


def clean_text(raw: str) -> str:
    """The text to store; empty where nothing readable is left."""
    text = raw
    for _ in range(_REPAIRS):
        before, text = text, _cleaned_once(text)
        if text == before or not _NEEDS_REPAIR.search(text):
            break
    return text


def _cleaned_once(text: str) -> str:
    text = repaired(text)
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    text = _INVISIBLE.sub("", text)
    # Not a pattern such as ` +$`: it takes quadratic time over megabytes of spaces.
    text = "\n".join(line.rstrip(" ") for line in text.split("\n"))
    text = _BLANK_LINES.sub("\n\n", text).strip("\n ")
    return text if _may_be_wrapped(text) else re.sub(r"\n+ *", "\n\n", text)


def clean_line(raw: object) -> str | None:
    """A title, name or address in one line; None where there is none."""
    if not isinstance(raw, str):
        return None
    line = " ".join(_INVISIBLE.sub(" ", repaired(raw[: 4 * _LINE_CHARACTERS])).split())[:_LINE_CHARACTERS].strip()
    return line or None


def repaired(text: str) -> str:
    """Text with mojibake, entities and terminal escapes put right; plain ASCII passes at once."""
    text = _ESCAPES.sub("", text)
    if not _NEEDS_REPAIR.search(text):
        return text
    ftfy, config = _ftfy()
    fixed: str = ftfy.fix_text(_LOST_SPACE.sub("", _LOST_QUOTE.sub("”", text)), config)
    return fixed


def without_headline(text: str, title: str | None) -> str:
    """The text without a first line that only repeats the title."""
    first, _, rest = text.partition("\n")
    if title and rest.strip() and first.strip().casefold() == title.casefold():
        return rest.lstrip("\n ")
    return text


def _may_be_wrapped(text: str) -> bool:
    """Short lines throughout: their breaks may stand inside of sentences, so they are left alone."""
    return max(map(len, text.split("\n"))) <= _WRAPPED_AT


@cache
def _ftfy() -> tuple[Any, Any]:
    import ftfy

    return ftfy, ftfy.TextFixerConfig(uncurl_quotes=False, fix_character_width=True, explain=False)
