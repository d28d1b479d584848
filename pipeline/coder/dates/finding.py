"""The time expressions of a document, in order: the grammar run over its kinds, each phrase read where it stands."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.coder.dates import absolute, beside, business, clock, lengths, named_days, references, relative, years
from pipeline.coder.dates.composition import Found, placed, times_of_days
from pipeline.coder.dates.lexer import BREAK, CODES, UNKNOWN, Lexed, lex
from pipeline.coder.dates.phrases import Phrase, Reading, Rule, Scene
from pipeline.coder.document import Document
from pipeline.coder.records import DateMention

_RULES: tuple[Rule, ...] = (
    *beside.RULES,
    *clock.RULES,
    *absolute.RULES,
    *named_days.RULES,
    *business.RULES,
    *years.RULES,
    *relative.RULES,
    *lengths.RULES,
    *references.RULES,
)
"""In order: of those that match at one place, the first that does not refuse is taken."""
_MONTHS_REPORTED = {"P6M", "P9M", "P12M"}  # spans of business reports: "a year ago" after them is no quarter
_KIND_NAME = re.compile(r"[A-Z]+")


def _over_codes(pattern: str) -> str:
    """A pattern over the names of kinds as one over their characters."""
    return _KIND_NAME.sub(lambda name: CODES[name[0]], pattern).replace(" ", "")


_PATTERNS = [re.compile(_over_codes(rule.pattern)) for rule in _RULES]
_GRAMMAR = re.compile("|".join(f"({_over_codes(rule.pattern)})" for rule in _RULES))
# Without one of these, a year in words or "on the 15th" no rule matches: all else is skipped fast.
_ANCHORS = re.compile(
    _over_codes(
        "[ISO SLASHED COMPACT MONTH WEEKDAY WEEKDAYS SEASON HOLIDAY YEARS YEAR SHORTYEAR DECADE CENTURY DEICTIC TONIGHT DAYPART QUARTER "
        "SHORTQUARTER Q HALF TWELVEMONTH WEEK UNIT UNITS DAY DAILY NOW RECENTLY SOON LAST FUTURE CURRENT CLOCK CLOCKED AMPM OCLOCK ZONE "
        "NOON WHILE PERIOD] | WORD WORD | ON THE ORDINAL"
    )
)
_OUTSIDE = re.compile(re.escape(UNKNOWN) + "|" + re.escape(BREAK))


def find_dates(document: Document) -> list[DateMention]:
    """The time expressions of a document, in order and without overlap, read from its date of publication (which may be unknown)."""
    lexed = lex(document.text, [(chunk.start, chunk.end) for chunk in document.chunks if chunk.kind != "header"])
    found = times_of_days(list(_readings(lexed, Scene(document, document.published, None, None))), document)
    return [
        DateMention(
            at.start,
            at.end,
            document.text[at.start : at.end],
            at.type,
            at.period.value,
            at.period.first,
            at.period.last,
            at.period.precision,
        )
        for at in found
    ]


def _readings(lexed: Lexed, scene: Scene) -> Iterator[Found]:
    """Every phrase that some rule reads, left to right; what one has taken, no other gets."""
    taken = 0
    for first, last in _runs(lexed.kinds):
        position = first
        while match := _GRAMMAR.search(lexed.kinds, position, last):
            position = match.start() + 1
            for found in _first_reading(lexed, match, last, scene):
                if found.start >= taken:
                    taken = found.end
                    yield found
                    scene = _seen(scene, found)
            while position < last and lexed.spans[position][0] < taken:
                position += 1


def _runs(kinds: str) -> Iterator[tuple[int, int]]:
    """The stretches of known kinds that hold something a time expression needs."""
    last = 0
    while anchor := _ANCHORS.search(kinds, last):
        first = max(kinds.rfind(UNKNOWN, last, anchor.start()), kinds.rfind(BREAK, last, anchor.start()), last - 1) + 1
        outside = _OUTSIDE.search(kinds, anchor.start())
        last = outside.start() if outside else len(kinds)
        yield first, last


def _first_reading(lexed: Lexed, match: re.Match[str], last: int, scene: Scene) -> list[Found]:
    """What the first rule says that does not refuse; they are tried in order, from the one that matched."""
    start = match.start()
    for number in range((match.lastindex or 1) - 1, len(_RULES)):
        tried = _PATTERNS[number].match(lexed.kinds, start, last)
        if tried is None:
            continue
        phrase = Phrase(lexed.lexemes(start, tried.end()))
        if readings := _read(_RULES[number], phrase, scene):
            return [placed(reading, phrase) for reading in readings]
    return []


def _read(rule: Rule, phrase: Phrase, scene: Scene) -> list[Reading]:
    """What a rule says; nothing where that lies beyond the years 1 to 9999."""
    try:
        return rule.read(phrase, scene)
    except (OverflowError, ValueError):  # what the datetime module raises there, according to the operation
        return []


def _seen(scene: Scene, found: Found) -> Scene:
    """The scene after a mention: later phrases are read from what it named."""
    period = found.period
    if period.value in _MONTHS_REPORTED:
        return replace(scene, quarter=None)
    if period.first is None or found.type == "DURATION":
        return scene
    return replace(scene, focus=period, quarter=period if found.reported else scene.quarter)
