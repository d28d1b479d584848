"""Dates told from the day of publication or from another date of the text."""

import re
from dataclasses import replace
from datetime import date, timedelta

from pipeline.coder.dates import choice, periods
from pipeline.coder.dates.absolute import PART_BEFORE, explicit_year, with_part
from pipeline.coder.dates.counts import COUNT, HEDGE, UNIT, UNITS, count_of
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import Phrase, Reading, Rule, Scene

PRESENT, PAST, FUTURE = Period("PRESENT_REF"), Period("PAST_REF"), Period("FUTURE_REF")
UNIT_KINDS = ("UNIT", "UNITS", "DAY", "WEEK", "QUARTER", "TWELVEMONTH", "CENTURY")
_COMPARED = re.compile(r"\b(?:compared with|compared to|from|against|versus)\b[^.;]*(?:\.\d[^.;]*)*$")
_NUMBERED_DAY = re.compile(r"\d,\s+$")
_CLOCK_UNITS = ("S", "MI", "HO")


def _date(period: Period | None) -> list[Reading]:
    return [] if period is None else [Reading("DATE", period)]


def toward(count: float) -> Period:
    """What is left of a date whose anchor is unknown: only its direction."""
    return PRESENT if count == 0 else PAST if count < 0 else FUTURE


def _deictic(phrase: Phrase, scene: Scene) -> list[Reading]:
    """Today, yesterday, tomorrow, and the days before and after those."""
    days = phrase.numbers("DEICTIC")[0]
    days += phrase.has("AFTER") - phrase.has("BEFORE")
    if scene.published is None:
        return _date(toward(days))
    return _date(periods.day(scene.published + timedelta(days=days)))


def _tonight(phrase: Phrase, scene: Scene) -> list[Reading]:
    if scene.published is None:
        return [Reading("TIME", PRESENT)]
    return [Reading("TIME", at(periods.day(scene.published), "TNI"))]


def at(day: Period, clock: str) -> Period:
    """A time of a day: T15:00, TMO."""
    return replace(day, value=day.value[:10] + clock, precision="time")


def _part_of_day(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "This morning", "last night", "that evening"."""
    clock = f"T{phrase.letter('DAYPART')}"
    if phrase.has("THAT"):
        day = scene.focus if scene.focus and scene.focus.precision in ("day", "time") else None
        return [Reading("TIME", at(day, clock))] if day else []
    if scene.published is None:
        return [Reading("TIME", PAST if phrase.has("LAST") else PRESENT)]
    return [Reading("TIME", at(periods.day(scene.published - timedelta(days=phrase.has("LAST"))), clock))]


def _unit(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "Last week", "this year", "the next month", "the current fiscal year"."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    modifier = phrase.find("LAST", "NEXT", "THIS", "CURRENT")
    count = int(modifier.value or 0) if modifier else 0
    word = modifier.text.lower() if modifier else ""
    if unit in _CLOCK_UNITS or (unit == "D" and not count):
        return []
    if scene.published is None:
        return _date(toward(count))
    if unit in ("DE", "CE") and phrase.has("LAST"):
        return [Reading("DURATION", _backwards(scene.published, unit))]
    if unit == "Y" and word == "last" and _is_comparison(phrase, scene):
        return year_ago(phrase, scene)
    if word in ("following", "previous", "preceding", "prior") or (unit == "D" and count):
        return _date(_from_focus(scene, unit, count))
    period = _of_publication(scene.published, unit, count, scene.tense(phrase) if not count else None)
    if word == "past" and unit != "WE":  # valued like "last year", though it covers the year up to now
        period = replace(_backwards(scene.published, unit), value=period.value)
    return _date(with_part(period, phrase))


def _is_comparison(phrase: Phrase, scene: Scene) -> bool:
    """ "Lost $7 million in the latest quarter, compared with $3 million last year": the same quarter is meant."""
    before = scene.document.text[max(0, phrase.start - 60) : phrase.start]
    return scene.focus is not None and scene.focus == scene.quarter and bool(_COMPARED.search(before))


def _backwards(published: date, unit: str) -> Period:
    """One unit, or so many, up to publication."""
    return Period(periods.length(unit, 1), periods.shift(published, unit, -1), published, "range")


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


_FINENESS = {"time": 0, "day": 0, "week": 1, "month": 2, "quarter": 3, "season": 3, "year": 4, "range": 4, "decade": 5}
_UNIT_FINENESS = {"D": 0, "WE": 1, "W": 1, "M": 2, "Q": 3, "Y": 4, "DE": 5, "CE": 6, "F": 1}


def _as_fine(focus: Period, unit: str) -> bool:
    return _FINENESS.get(focus.precision or "decade", 5) <= _UNIT_FINENESS.get(unit, -1)


def _that_unit(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "That year", "the same day", "earlier that month"."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    focus = scene.focus
    if focus is None or focus.first is None or unit not in _UNIT_FINENESS or not _as_fine(focus, unit):
        return []
    return _date(with_part(periods.containing(focus.first, unit), phrase))


def _day_beside(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "The day before", "the day after the attack": the words tell the day only by one already named."""
    if _is_apposition(phrase, scene):
        period = scene.focus
    else:
        period = _from_focus(scene, "D", 1 if phrase.has("AFTER") else -1)
    return [] if period is None else [Reading("DATE", period, phrase.start, phrase.lexemes[-2].end)]


def _is_apposition(phrase: Phrase, scene: Scene) -> bool:
    """ "Nov. 3, the day before the vote": the words only say more of the day just named."""
    focus, before = scene.focus, scene.document.text[max(0, phrase.start - 8) : phrase.start]
    return focus is not None and focus.precision == "day" and bool(_NUMBERED_DAY.search(before))


def _the_unit(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "The year", "the weekend", "the week": those of publication, or the weekend just past."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    if scene.published is None or unit in _CLOCK_UNITS or unit == "F":
        return []
    if unit == "WE":
        tense = scene.tense(phrase)
        return _date(_of_publication(scene.published, "WE", 0, "past" if tense is None else tense))
    following = scene.word_after(phrase)
    if unit == "Y" and following is not None and following.lemma_ == "end":  # "the year ended Sept. 30"
        return [Reading("DURATION", Period("P1Y"))]
    return _date(with_part(periods.containing(scene.published, unit), phrase))


def _ago(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "Two weeks ago"; the day is exact only where days are counted."""
    return _shifted(phrase, scene, -1, scene.published)


def _earlier(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "Two days earlier", "a week later": from the date told last, else from publication; a bare length where neither fits."""
    sign = -1 if phrase.letter("PART") == "START" else 1
    unit, focus = phrase.letter(*UNIT_KINDS) or "", scene.focus
    if unit == "Y" and sign < 0 and phrase.find("A"):
        return year_ago(phrase, scene)
    if focus is not None and focus.first is not None and _as_fine(focus, unit):
        return _shifted(phrase, scene, sign, focus.first)
    return [Reading("DURATION", Period(periods.length(unit, count_of(phrase))), phrase.start, phrase.lexemes[-2].end)]


def _ahead(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "In five years", where the clause looks ahead; else the words tell a length."""
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
        return _date(toward(sign))
    if count != int(count):  # half a year ago
        unit, count = ("M", count * 12) if unit == "Y" else (unit, count)
    if unit == "F":
        unit, count = "W", 2 * count
    try:
        return _date(periods.containing(periods.shift(anchor, unit, sign * int(count)), unit))
    except OverflowError:
        return _date(toward(sign))


def year_ago(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "A year ago", "the year-earlier period": in business news, the quarter spoken of, one year back."""
    if scene.quarter is not None and scene.quarter.first is not None:
        first = periods.shift(scene.quarter.first, "Y", -1)
        return _date(periods.containing(first, "Q"))
    if scene.published is None:
        return _date(PAST)
    return _date(periods.year(scene.published.year - 1))


def _quarter(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "Third quarter", "the 1988 second quarter", "next year's first quarter", "Q3 2019"."""
    number = phrase.numbers("ORDINAL", "SHORTQUARTER", "DAYNUM")[0]
    if not 1 <= number <= 4:
        return []
    return _yearly_part(phrase, scene, lambda year: periods.quarter(year, number), f"Q{number}")


def _half(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "The first half of 1989", "the first two quarters of 1990"."""
    number = phrase.numbers("ORDINAL")[0]
    return _yearly_part(phrase, scene, lambda year: periods.half(year, number), f"H{number}") if number in (1, 2) else []


def _yearly_part(phrase: Phrase, scene: Scene, make, name: str) -> list[Reading]:
    year, published = explicit_year(phrase, scene), scene.published
    modifier = phrase.find("LAST", "NEXT", "THIS")
    if year is None and published is None:
        return _date(Period(f"XXXX-{name}"))
    if year is None and published is not None and modifier is not None:
        year = published.year + int(modifier.value or 0)
    if year is not None:
        return _date(make(year))
    if published is None:
        return []
    ago = phrase.find("AGO") is not None or (phrase.find("TWELVEMONTH") is not None and phrase.letter("PART") == "START")
    tense = scene.tense(phrase)
    period = choice.in_years(make, published, "past" if tense == "past" or ago else None)
    if ago and period is not None and period.first is not None:
        period = make(period.first.year - 1)
    if period is None or period.last is None:
        return []
    reported = tense != "future" and not ago and (scene.quarter is None or period.last < published)
    return [Reading("DATE", period, reported=reported)]


def _latest_quarter(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "The quarter", "the latest period": the one spoken of, else the last that was over."""
    year = explicit_year(phrase, scene)
    known = scene.quarter.first if scene.quarter is not None else None
    if known is None:
        if scene.published is None or phrase.has("PERIOD"):
            return []
        known = periods.shift(scene.published, "Q", -1)
    if phrase.has("TWELVEMONTH"):
        known = periods.shift(known, "Y", -1)
    return _date(periods.containing(known.replace(day=1, year=year or known.year), "Q"))


def _fiscal(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "Fiscal 1989", "year end", "the current fiscal year": read as calendar years, for the firm's own is not told."""
    year = explicit_year(phrase, scene)
    if year is None:
        if scene.published is None:
            return []
        modifier = phrase.find("LAST", "NEXT", "THIS", "CURRENT")
        year = scene.published.year + (int(modifier.value or 0) if modifier else 0)
    return _date(with_part(periods.year(year), phrase))


_YEAR_BESIDE = "(?: (?:LAST | NEXT | THIS) TWELVEMONTH APOSTROPHE | TWELVEMONTH HYPHEN? (?:AGO | PART) | YEAR APOSTROPHE? )?"
_YEAR_BEHIND = "(?: (?:OF | IN)? FISCAL? YEAR | OF? (?:LAST | NEXT | THIS) TWELVEMONTH)?"

RULES = (
    Rule("day beside today", "THE DAY (?:BEFORE | AFTER) DEICTIC", _deictic),
    Rule("today", f"{PART_BEFORE} DEICTIC", _deictic),
    Rule("tonight", f"{PART_BEFORE} TONIGHT", _tonight),
    Rule("part of a day", f"{PART_BEFORE} (?:THIS | LAST | THAT) DAYPART", _part_of_day),
    Rule(
        "quarter",
        f"{PART_BEFORE} (?:THE | ITS)? (?:FISCAL HYPHEN?)? {_YEAR_BESIDE} (?:FISCAL HYPHEN?)? ORDINAL HYPHEN? QUARTER {_YEAR_BEHIND}",
        _quarter,
    ),
    Rule("short quarter", "(?:SHORTQUARTER | Q DAYNUM) (?:OF? YEAR)?", _quarter),
    Rule("half year", f"THE? ORDINAL (?:HYPHEN HALF | HALF OF (?:THE TWELVEMONTH | (?:LAST | NEXT | THIS) TWELVEMONTH | YEAR))", _half),
    Rule("two quarters", f"THE? ORDINAL WORD UNITS OF YEAR", _half),
    Rule("quarter a year ago", "THE? (?:QUARTER | LATEST? PERIOD) (?: A TWELVEMONTH (?:AGO | PART) | LAST TWELVEMONTH )", year_ago),
    Rule("quarter of last year", "THE? LAST TWELVEMONTH APOSTROPHE (?:QUARTER | PERIOD)", year_ago),
    Rule("year-ago", "(?:THE | A)? TWELVEMONTH HYPHEN (?:AGO | PART) (?:PERIOD | QUARTER)? | A TWELVEMONTH AGO", year_ago),
    Rule("quarter of a year", "THE? YEAR (?:QUARTER | PERIOD)", _latest_quarter),
    Rule("latest quarter", "THE? (?:LATEST (?:QUARTER | PERIOD) | THIS QUARTER) | THE QUARTER", _latest_quarter),
    Rule("a fiscal year", "(?:THE | ITS) FISCAL TWELVEMONTH", lambda phrase, scene: [Reading("DURATION", Period("P1Y"))]),
    Rule(
        "fiscal year",
        "THE? (?:LAST | NEXT | THIS | CURRENT)? FISCAL TWELVEMONTH? YEAR | FY HYPHEN? YEAR | (?:THE | ITS)? (?:LAST | NEXT | THIS | CURRENT) FISCAL TWELVEMONTH",
        _fiscal,
    ),
    Rule("year end", "TWELVEMONTH (?:HYPHEN | APOSTROPHE)? EDGE", _fiscal),
    Rule("ago", f"{HEDGE} {COUNT} {UNITS} AGO", _ago),
    Rule("earlier or later", f"{HEDGE} {COUNT} {UNITS} PART", _earlier),
    Rule("from now", f"{HEDGE} {COUNT} {UNITS} (?:FROM NOW | HENCE)", _ahead),
    Rule("in some time", f"IN {HEDGE} {COUNT} {UNITS}", _ahead),
    Rule("day beside another", "THE? DAY (?:BEFORE | AFTER)", _day_beside),
    Rule("unit", f"{PART_BEFORE} (?:THE | ITS)? (?:LAST | NEXT | THIS | CURRENT) {UNIT}", _unit),
    Rule("that unit", f"{PART_BEFORE} THE? THAT {UNIT}", _that_unit),
    Rule("edge of the unit", f"{PART_BEFORE} THE FILL? (?:TWELVEMONTH | UNIT | WEEK)", _the_unit),
)
