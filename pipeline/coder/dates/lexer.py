"""A text as a string of kinds: one character a lexeme, so that the grammar's regular expressions run over it fast."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pipeline.coder.dates.holidays import first_words
from pipeline.coder.dates.lexicon import CAPITALISED, WORDS, Word

_LEXEME = re.compile(
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?(?![\d-])"
    r"|['’]\d\ds?\b"
    r"|\d+(?:[,.:/]\d+)*(?:['’]?[A-Za-z]{1,2}\b)?"
    r"|[ap]\.\s?m\b\.?|o['’]clock\b|['’]s\b"
    r"|[^\W\d_]+|[^\w\s]|_",
    re.IGNORECASE,
)
# What a run of digits can be, tried in this order.
_NUMERALS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("DAYNUM", r"(?:0?[1-9]|[12]\d|3[01])"),
        ("YEAR", r"(?:1[0-9]|20|21)\d\d"),
        ("NUMBER", r"\d{1,9}(?:\.\d{1,4})?|\d{1,3}(?:,\d{3}){1,2}"),
        ("ORDINAL", r"\d{1,3}(?:st|nd|rd|th)"),
        ("DECADE", r"(?:(?:1[0-9]|20)\d|['’]?\d)0['’]?s"),
        ("SHORTYEAR", r"['’]\d\d"),
        ("CLOCK", r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?::[0-5]\d)?"),
        ("CLOCKED", r"(?:1[0-2]|[1-9])(?:[:.][0-5]\d)?[ap]m"),
        ("ISO", r"\d{4}-\d\d-\d\d.*"),
        ("SLASHED", r"\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)"),
        ("YEARS", r"(?:19|20)\d\d/\d\d(?:\d\d)?"),
        ("FRACTION", r"[1-9]/\d"),
        ("SHORTQUARTER", r"[1-4][Qq]"),
    )
)
_COMPACT = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_TRAILING_NUMBER = re.compile(r"\d+")

UNKNOWN, BREAK = ".", "|"
CODES = {
    kind: chr(code)
    for code, kind in enumerate(
        sorted({word.kind for word in WORDS.values()} | {kind for kind, _ in _NUMERALS} | {"COMPACT", "HOLIDAY"}), start=0x100
    )
}
"""The character that stands for each kind."""
_KINDS = {code: kind for kind, code in CODES.items()}
_WORD_CODES = dict.fromkeys(first_words(), CODES["HOLIDAY"]) | {word: CODES[entry.kind] for word, entry in WORDS.items()}
_HOLIDAY = CODES["HOLIDAY"]


@dataclass(frozen=True)
class Lexeme:
    """A word, number or mark, with its kind; start and end are offsets into the text."""

    start: int
    end: int
    text: str
    kind: str

    @cached_property
    def value(self) -> int | str | None:
        """What the lexicon says of it, or the number it writes."""
        word: Word | None = WORDS.get(self.text.lower())
        if word is not None:
            return word.value
        digits = _TRAILING_NUMBER.search(self.text)
        return int(digits[0]) if digits else None


@dataclass(frozen=True)
class Lexed:
    """The lexemes of a text and their kinds; BREAK stands between chunks, which no expression crosses."""

    kinds: str
    spans: list[tuple[int, int]]
    text: str

    def lexemes(self, first: int, last: int) -> list[Lexeme]:
        """Those from one index up to another."""
        return [
            Lexeme(start, end, self.text[start:end], _KINDS.get(kind, kind))
            for (start, end), kind in zip(self.spans[first:last], self.kinds[first:last], strict=True)
        ]


def lex(text: str, chunks: Iterable[tuple[int, int]]) -> Lexed:
    """Cuts the chunks of a text into lexemes."""
    kinds: list[str] = []
    spans: list[tuple[int, int]] = []
    known = _WORD_CODES.get
    for chunk_start, chunk_end in chunks:
        for match in _LEXEME.finditer(text, chunk_start, chunk_end):
            written = match.group()
            word = written.lower()
            code = known(word, UNKNOWN)
            if code == UNKNOWN:
                if written[0].isdigit() or written[-1].isdigit() or written[0] in "'’":
                    code = _numeral_code(written)
            elif written[0].islower() and (code == _HOLIDAY or word in CAPITALISED):
                code = UNKNOWN
            kinds.append(code)
            spans.append(match.span())
        kinds.append(BREAK)
        spans.append((chunk_end, chunk_end))
    return Lexed("".join(kinds), spans, text)


@lru_cache(maxsize=10_000)  # years and days recur; the limit keeps hostile text from filling the memory
def _numeral_code(written: str) -> str:
    if _COMPACT.fullmatch(written):
        return CODES["COMPACT"]
    return next((CODES[kind] for kind, pattern in _NUMERALS if pattern.fullmatch(written)), UNKNOWN)
