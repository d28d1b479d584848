"""Joins times with the day beside them: "10 p.m. Wednesday", "Wednesday morning", "noon on Nov. 6"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.coder.dates import periods
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import Phrase, Reading, at
from pipeline.coder.document import Document

_TIME_THEN_DAY = re.compile(r"[\s,]*(?:local time\s*)?(?:\b(?:on|of|early|late)\b\s*)?", re.IGNORECASE)
_DAY_THEN_CLOCK = re.compile(r"[\s,]*(?:\b(?:at|around|about|by|from)\b\s*)?", re.IGNORECASE)
_DAY_THEN_PART = re.compile(r"[\s-]*(?:\bin the\b\s*)?", re.IGNORECASE)
_BESIDE = 25  # characters: a bracket, as in "3 p.m. (1500 GMT) on Monday"
_NEARBY = 250  # characters, about two sentences
_PART = re.compile(r"T[A-Z]")


@dataclass(frozen=True)
class Found:
    """A reading at its place in the text."""

    start: int
    end: int
    type: str
    period: Period
    reported: bool = False


def placed(reading: Reading, phrase: Phrase) -> Found:
    start = phrase.start if reading.start is None else reading.start
    return Found(start, phrase.end if reading.end is None else reading.end, reading.type, reading.period, reading.reported)


def times_of_days(found: Iterable[Found], document: Document) -> list[Found]:
    """The readings with every floating time given its day; parts of the day that have none are left out."""
    result: list[Found] = []
    for mention in found:
        previous = result[-1] if result else None
        if previous is not None and (joined := _joined(previous, mention, document.text)):
            result[-1] = joined
        else:
            result.append(mention)
    return [
        settled for number, mention in enumerate(result) if (settled := _settled(mention, result[:number], result[number + 1 :], document))
    ]


def _floats(mention: Found) -> bool:
    return mention.period.value.startswith("T")


def _is_day(mention: Found) -> bool:
    return mention.type == "DATE" and mention.period.precision == "day"


def _joined(first: Found, second: Found, text: str) -> Found | None:
    between = text[first.end : second.start]
    if _floats(first) and _is_day(second):
        return _one(first, second, second.period, first.period.value) if _TIME_THEN_DAY.fullmatch(between) else None
    if _is_day(first) and _floats(second):
        gap = _DAY_THEN_PART if _PART.match(second.period.value) else _DAY_THEN_CLOCK
        return _one(first, second, first.period, second.period.value) if gap.fullmatch(between) else None
    return None


def _one(first: Found, second: Found, day: Period, clock: str) -> Found:
    return Found(first.start, second.end, "TIME", at(day, clock))


def _settled(mention: Found, earlier: list[Found], later: list[Found], document: Document) -> Found | None:
    """A floating time with the day told right behind it or shortly before, else that of publication."""
    if not _floats(mention):
        return mention
    if _PART.match(mention.period.value):
        return None
    near = [m for m in later[:2] if m.start - mention.end < _BESIDE]
    near += [m for m in reversed(earlier) if mention.start - m.end < _NEARBY]
    day = next((m.period for m in near if m.period.precision in ("day", "time") and m.period.first), None)
    if day is None and document.published is not None:
        day = periods.day(document.published)
    clock = mention.period.value
    return replace(mention, period=at(day, clock) if day else Period(f"XXXX-XX-XX{clock}", precision=None))
