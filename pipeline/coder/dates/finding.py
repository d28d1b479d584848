"""The time expressions of a document, in order: the grammar run over its kinds, each phrase read where it stands."""

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.coder.dates import absolute, clock, lengths, references, relative
from pipeline.coder.dates.composition import Found, placed, times_of_days
from pipeline.coder.dates.lexer import CODES, Lexed, lex
from pipeline.coder.dates.phrases import Phrase, Rule, Scene
from pipeline.coder.document import Document
from pipeline.coder.records import DateMention

_RULES: tuple[Rule, ...] = (*clock.RULES, *absolute.RULES, *relative.RULES, *lengths.RULES, *references.RULES)
_MONTHS_REPORTED = {"P6M", "P9M", "P12M"}  # spans of business reports: "a year ago" after them is no quarter
_KIND_NAME = re.compile(r"[A-Z]+")


def _over_codes(pattern: str) -> str:
    """A pattern over the names of kinds as one over their characters."""
    return _KIND_NAME.sub(lambda name: CODES[name[0]], pattern).replace(" ", "")


_PATTERNS = [re.compile(_over_codes(rule.pattern)) for rule in _RULES]
_GRAMMAR = re.compile("|".join(f"({_over_codes(rule.pattern)})" for rule in _RULES))


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
    position = taken = 0
    while match := _GRAMMAR.search(lexed.kinds, position):
        read = _first_reading(lexed, match, scene)
        position = match.start() + 1
        for found in read:
            if found.start >= taken:
                taken = found.end
                yield found
                scene = _seen(scene, found)
        while position < len(lexed.spans) and lexed.spans[position][0] < taken:
            position += 1


def _first_reading(lexed: Lexed, match: re.Match[str], scene: Scene) -> list[Found]:
    """What the first rule says that does not refuse; they are tried in order, from the one that matched."""
    start = match.start()
    for number in range((match.lastindex or 1) - 1, len(_RULES)):
        tried = _PATTERNS[number].match(lexed.kinds, start)
        if tried is None:
            continue
        phrase = Phrase(lexed.lexemes(start, tried.end()))
        if readings := _RULES[number].read(phrase, scene):
            return [placed(reading, phrase) for reading in readings]
    return []


def _seen(scene: Scene, found: Found) -> Scene:
    """The scene after a mention: later phrases are read from what it named."""
    period = found.period
    if period.value in _MONTHS_REPORTED:
        return replace(scene, quarter=None)
    if period.first is None or found.type == "DURATION":
        return scene
    return replace(scene, focus=period, quarter=period if found.reported else scene.quarter)
