"""A run of lexemes that reads as a time expression, and what is known where it stands."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Token

from pipeline.coder.dates import tense
from pipeline.coder.dates.lexer import Lexeme
from pipeline.coder.dates.periods import Period
from pipeline.coder.document import Document

PART_BEFORE = "(?: THE? EDGE (?:OF | HYPHEN) | THE? PART (?:HYPHEN | IN)? )?"
"""Pattern of the words that name a part of what follows: early, mid-, the end of."""
PRESENT, PAST, FUTURE = Period("PRESENT_REF"), Period("PAST_REF"), Period("FUTURE_REF")


@dataclass(frozen=True)
class Phrase:
    """The lexemes that a rule of the grammar matched."""

    lexemes: list[Lexeme]

    @property
    def start(self) -> int:
        return self.lexemes[0].start

    @property
    def end(self) -> int:
        return self.lexemes[-1].end

    def has(self, *kinds: str) -> bool:
        return any(lexeme.kind in kinds for lexeme in self.lexemes)

    def find(self, *kinds: str) -> Lexeme | None:
        """The first lexeme of one of the kinds."""
        return next((lexeme for lexeme in self.lexemes if lexeme.kind in kinds), None)

    def numbers(self, *kinds: str) -> list[int]:
        """The values of all lexemes of the kinds, where they are numbers."""
        return [lexeme.value for lexeme in self.lexemes if lexeme.kind in kinds and isinstance(lexeme.value, int)]

    def letter(self, *kinds: str) -> str | None:
        """The value of the first lexeme of the kinds, where it is a letter code."""
        lexeme = self.find(*kinds)
        return lexeme.value if lexeme is not None and isinstance(lexeme.value, str) else None

    def words(self) -> list[str]:
        return [lexeme.text.lower() for lexeme in self.lexemes]


@dataclass(frozen=True)
class Reading:
    """What a phrase means: TIMEX3 type and period; start and end where the mention is shorter than the phrase."""

    type: str
    period: Period
    start: int | None = None
    end: int | None = None
    reported: bool = False
    """Whether it is the quarter that a business report is about: what "a year ago" is reckoned from."""


@dataclass(frozen=True)
class Scene:
    """What is known where a phrase stands."""

    document: Document
    published: date | None
    focus: Period | None
    """The last period of the calendar that the text named."""
    quarter: Period | None
    """The quarter that the text reports on, where it is business news."""

    def token(self, phrase: Phrase) -> Token | None:
        """The token that governs the phrase from inside."""
        span = self.document.doc.char_span(phrase.start, phrase.end, alignment_mode="expand")
        return None if span is None or len(span) == 0 else span.root

    def word_before(self, phrase: Phrase) -> Token | None:
        span = self.document.doc.char_span(phrase.start, phrase.end, alignment_mode="expand")
        return span.doc[span.start - 1] if span is not None and span.start else None

    def word_after(self, phrase: Phrase) -> Token | None:
        span = self.document.doc.char_span(phrase.start, phrase.end, alignment_mode="expand")
        return span.doc[span.end] if span is not None and span.end < len(span.doc) else None

    def tense(self, phrase: Phrase) -> str | None:
        """Tense of the verb that governs the phrase: past, present, future, or None where there is none."""
        token = self.token(phrase)
        return None if token is None else tense.tense_around(token)


Reader = Callable[[Phrase, Scene], list[Reading]]


@dataclass(frozen=True)
class Rule:
    """A pattern over kinds, and the function that reads what it matches; nothing from it means: no time expression."""

    name: str
    pattern: str
    read: Reader


def as_date(period: Period | None) -> list[Reading]:
    return [] if period is None else [Reading("DATE", period)]


def at(day: Period, clock: str) -> Period:
    """A time of a day: T15:00, TMO."""
    return replace(day, value=day.value[:10] + clock, precision="time")
