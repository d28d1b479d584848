"""Times of the clock and parts of the day.

A time alone floats: its value starts with T until find_dates gives it the day beside it, or the one told last.
"""

import re

from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import Phrase, Reading, Rule, Scene

_FIGURES = re.compile(r"\d+")


def _clock(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "3 p.m.", "10:30", "1500 GMT", "5 o'clock"."""
    first = phrase.lexemes[0]
    figures = [int(figure) for figure in _FIGURES.findall(first.text)]
    if first.kind in ("YEAR", "NUMBER"):
        if len(first.text) != 4 or not first.text.isdigit() or phrase.letter("UNITS") not in (None, "HO"):
            return []
        figures = [int(first.text[:2]), int(first.text[2:])]
    hour, minute = figures[0], figures[1] if len(figures) > 1 else 0
    half = phrase.letter("AMPM") or (first.text[-2:].lower() if first.kind == "CLOCKED" else "")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return _floating(f"T{hour:02}:{minute:02}") if hour <= 24 and minute < 60 else []


def _noon(phrase: Phrase, scene: Scene) -> list[Reading]:
    return _floating(phrase.letter("NOON") or "")


def _part_of_day(phrase: Phrase, scene: Scene) -> list[Reading]:
    return _floating(f"T{phrase.letter('DAYPART')}")


def _floating(clock: str) -> list[Reading]:
    return [Reading("TIME", Period(clock, precision="time"))]


RULES = (
    Rule("clock", "(?:DAYNUM | CLOCK) AMPM ZONE? | CLOCKED ZONE? | DAYNUM OCLOCK | (?:YEAR | NUMBER | CLOCK) (?:ZONE | UNITS)", _clock),
    Rule("clock alone", "CLOCK", _clock),
    Rule("noon", "NOON", _noon),
    Rule("part of a day", "(?:PART HYPHEN?)? DAYPART", _part_of_day),
)
