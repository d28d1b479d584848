"""Dates told from the day of publication or from another date of the text."""

import re
from dataclasses import replace
from datetime import date, timedelta

from spacy.tokens import Token

from pipeline.coder.dates import periods
from pipeline.coder.dates.business import year_ago
from pipeline.coder.dates.counts import COUNT, HEDGE, UNIT, UNIT_KINDS, UNITS, count_of
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import FUTURE, PART_BEFORE, PAST, PRESENT, Phrase, Reading, Rule, Scene, as_date, at

_COMPARED = re.compile(r"\b(?:compared with|compared to|from|against|versus)\b[^.;]*(?:\.\d[^.;]*)*$")
_NUMBERED_DAY = re.compile(r"\d,\s+$")
_STRETCHES = ("W", "M", "Y")
_CLOCK_UNITS = ("S", "MI", "HO")
# How coarse a date is, from days to decades: only from one as fine as the unit can "a week later" be told.
_FINENESS = {"time": 0, "day": 0, "week": 1, "month": 2, "quarter": 3, "season": 3, "year": 4, "range": 4, "decade": 5}
_UNIT_FINENESS = {"D": 0, "WE": 1, "W": 1, "M": 2, "Q": 3, "Y": 4, "DE": 5, "CE": 6, "F": 1}


def toward(count: float) -> Period:
    """What is left of a date whose anchor is unknown: only its direction."""
    return PRESENT if count == 0 else PAST if count < 0 else FUTURE


def _deictic(phrase: Phrase, scene: Scene) -> list[Reading]:
    """Today, yesterday, tomorrow, and the days before and after those."""
    days = phrase.numbers("DEICTIC")[0]
    days += phrase.has("AFTER") - phrase.has("BEFORE")
    if scene.published is None:
        return as_date(toward(days))
    return as_date(periods.day(scene.published + timedelta(days=days)))


def _tonight(phrase: Phrase, scene: Scene) -> list[Reading]:
    if scene.published is None:
        return [Reading("TIME", PRESENT)]
    return [Reading("TIME", at(periods.day(scene.published), "TNI"))]


def _part_of_day(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "this morning", "last night", "that evening"."""
    clock = f"T{phrase.letter('DAYPART')}"
    if phrase.has("THAT"):
        day = scene.focus if scene.focus and scene.focus.precision in ("day", "time") else None
        return [Reading("TIME", at(day, clock))] if day else []
    if scene.published is None:
        return [Reading("TIME", PAST if phrase.has("LAST") else PRESENT)]
    return [Reading("TIME", at(periods.day(scene.published - timedelta(days=phrase.has("LAST"))), clock))]


def _unit(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "last week", "this year", "the next month", "the current fiscal year"."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    modifier = phrase.find("LAST", "NEXT", "THIS", "CURRENT")
    count = int(modifier.value or 0) if modifier else 0
    word = modifier.text.lower() if modifier else ""
    if unit in _CLOCK_UNITS or (unit == "D" and not count):
        return []
    if unit == "F":  # a fortnight is no stretch of the calendar; "the last fortnight" ends with publication
        return [
            Reading("DURATION", _backwards(scene.published, unit) if scene.published and count < 0 else Period(periods.length(unit, 1)))
        ]
    if word in ("last", "next") and _is_of_another(phrase, scene):
        return []
    if scene.published is None:
        return as_date(toward(count))
    if unit in ("DE", "CE") and phrase.has("LAST"):
        return [Reading("DURATION", _backwards(scene.published, unit))]
    if unit == "Y" and word == "last" and _is_comparison(phrase, scene):
        return year_ago(phrase, scene)
    if word in ("following", "previous", "preceding", "prior") or (unit == "D" and count):
        return as_date(_from_focus(scene, unit, count))
    period = _of_publication(scene.published, unit, count, scene.tense(phrase) if not count else None)
    if unit in _STRETCHES and count < 0 and phrase.has("THE") and _is_stretch(phrase, scene):
        return [Reading("DURATION", _backwards(scene.published, unit))]
    if word == "past" and unit != "WE":  # valued like "last year", though it covers the year up to now
        period = replace(_backwards(scene.published, unit), value=period.value)
    return as_date(period)


def _is_stretch(phrase: Phrase, scene: Scene) -> bool:
    """As in "has been here for the last week": so long, up to now."""
    before = scene.word_before(phrase)
    return before is not None and before.lower_ == "for"


def _is_of_another(phrase: Phrase, scene: Scene) -> bool:
    """As in "the last week of June", "the last year of his rule": not the week or year before publication."""
    before, after = scene.word_before(phrase), scene.word_after(phrase)
    definite = phrase.has("THE") or (before is not None and before.lower_ == "the")
    return definite and after is not None and after.lower_ == "of"


def _is_comparison(phrase: Phrase, scene: Scene) -> bool:
    """As in "lost $7 million in the latest quarter, compared with $3 million last year": the same quarter is meant."""
    before = scene.document.text[max(0, phrase.start - 60) : phrase.start]
    return scene.focus is not None and scene.focus == scene.quarter and bool(_COMPARED.search(before))


def _backwards(published: date, unit: str) -> Period:
    """One unit, or so many, up to publication."""
    first = published - timedelta(days=14) if unit == "F" else periods.shift(published, unit, -1)
    return Period(periods.length(unit, 1), first, published, "range")


def _of_publication(published: date, unit: str, count: int, tense: str | None) -> Period:
    """The unit so many from that of publication. A Sunday belongs to the week behind it when "last week" is said, as in America."""
    if unit in ("W", "WE") and published.isoweekday() == 7 and count < 0:
        published += timedelta(days=1)
    if unit == "WE" and count == 0 and tense == "past" and published.isoweekday() < 5:
        count = -1
    return periods.containing(periods.shift(published, unit, count), unit)


def _from_focus(scene: Scene, unit: str, count: int) -> Period | None:
    """The unit after or before the one that the text spoke of last; of publication where it spoke of none."""
    focus = scene.focus
    if focus is None or focus.first is None or not _as_fine(focus, unit):
        return None if scene.published is None or unit == "D" else _of_publication(scene.published, unit, count, None)
    return periods.containing(periods.shift(focus.first, unit, count), unit)


def _as_fine(focus: Period, unit: str) -> bool:
    return _FINENESS.get(focus.precision or "decade", 5) <= _UNIT_FINENESS.get(unit, -1)


def _that_unit(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "that year", "the same day", "earlier that month"."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    focus = scene.focus
    if focus is None or focus.first is None or unit not in _UNIT_FINENESS or not _as_fine(focus, unit):
        return []
    return as_date(periods.containing(focus.first, unit))


def _day_beside(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the day before", "the day after the attack": the words tell the day only by one already named."""
    beside = scene.focus if _is_apposition(phrase, scene) else _from_focus(scene, "D", 1 if phrase.has("AFTER") else -1)
    return [] if beside is None else [Reading("DATE", beside, phrase.start, phrase.lexemes[-2].end)]


def _is_apposition(phrase: Phrase, scene: Scene) -> bool:
    """As in "Nov. 3, the day before the vote": the words only say more of the day just named."""
    focus, before = scene.focus, scene.document.text[max(0, phrase.start - 8) : phrase.start]
    return focus is not None and focus.precision == "day" and bool(_NUMBERED_DAY.search(before))


def _the_unit(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the year", "the weekend", "the week": those of publication, or the weekend just past."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    following = scene.word_after(phrase)
    if scene.published is None or unit in _CLOCK_UNITS or unit == "F" or _tells_date(following):
        return []
    if unit == "WE":
        tense = scene.tense(phrase)
        return as_date(_of_publication(scene.published, "WE", 0, "past" if tense is None else tense))
    if unit == "Y" and following is not None and following.lemma_ == "end":  # "the year ended Sept. 30"
        return [Reading("DURATION", Period("P1Y"))]
    return as_date(periods.containing(scene.published, unit))


def _tells_date(following: Token | None) -> bool:
    """As in "the weekend of June 12", "the week of the vote": another than that of publication."""
    return following is not None and following.lower_ == "of" and following.i + 1 < len(following.doc)


def _ago(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "two weeks ago"; the day is exact only where days are counted."""
    return _shifted(phrase, scene, -1, scene.published)


def _earlier(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "two days earlier", "a week later": from the date told last; a bare length where none fits."""
    sign = -1 if phrase.letter("PART") == "START" else 1
    unit, focus = phrase.letter(*UNIT_KINDS) or "", scene.focus
    if unit == "Y" and sign < 0 and phrase.find("A"):
        return year_ago(phrase, scene)
    if focus is not None and focus.first is not None and _as_fine(focus, unit):
        return _shifted(phrase, scene, sign, focus.first)
    return [Reading("DURATION", Period(periods.length(unit, count_of(phrase))), phrase.start, phrase.lexemes[-2].end)]


def _ahead(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "in five years", where the clause looks ahead; else the words tell a length."""
    if phrase.lexemes[0].kind != "IN":
        return _shifted(phrase, scene, 1, scene.published)
    start = phrase.lexemes[1].start
    if scene.tense(phrase) not in ("future", "open"):
        unit, count = phrase.letter(*UNIT_KINDS) or "", count_of(phrase)
        return [Reading("DURATION", Period(periods.length(unit, count)), start)]
    return [replace(reading, start=start) for reading in _shifted(phrase, scene, 1, scene.published)]


def _shifted(phrase: Phrase, scene: Scene, sign: int, anchor: date | None) -> list[Reading]:
    unit, count = phrase.letter(*UNIT_KINDS) or "", count_of(phrase)
    if anchor is None or count is None or unit in _CLOCK_UNITS:
        return as_date(toward(sign))
    if count != int(count):  # half a year ago
        unit, count = ("M", count * 12) if unit == "Y" else (unit, count)
    if unit == "F":
        unit, count = "W", 2 * count
    try:
        return as_date(periods.containing(periods.shift(anchor, unit, sign * int(count)), unit))
    except OverflowError:
        return as_date(toward(sign))


RULES = (
    Rule("day beside today", "THE DAY (?:BEFORE | AFTER) DEICTIC", _deictic),
    Rule("today", f"{PART_BEFORE} DEICTIC", _deictic),
    Rule("tonight", f"{PART_BEFORE} TONIGHT", _tonight),
    Rule("part of a day", f"{PART_BEFORE} (?:THIS | LAST | THAT) DAYPART", _part_of_day),
    Rule("ago", f"{HEDGE} {COUNT} {UNITS} AGO", _ago),
    Rule("earlier or later", f"{HEDGE} {COUNT} {UNITS} PART", _earlier),
    Rule("from now", f"{HEDGE} {COUNT} {UNITS} (?:FROM NOW | HENCE)", _ahead),
    Rule("in some time", f"IN {HEDGE} {COUNT} {UNITS}", _ahead),
    Rule("day beside another", "THE? DAY (?:BEFORE | AFTER)", _day_beside),
    Rule("unit", f"{PART_BEFORE} (?:THE | ITS)? (?:LAST | NEXT | THIS | CURRENT) {UNIT}", _unit),
    Rule("that unit", f"{PART_BEFORE} THE? THAT {UNIT}", _that_unit),
    Rule("the unit", f"{PART_BEFORE} THE FILL? (?:TWELVEMONTH | UNIT | WEEK)", _the_unit),
)
