"""Quarters, halves and fiscal years, and what business reports compare them with.

A firm's own year is not told by its name: fiscal quarters and years are read as those of the calendar, as TimeBank does.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

from pipeline.coder.dates import choice, periods
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import PART_BEFORE, PAST, Phrase, Reading, Rule, Scene, as_date
from pipeline.coder.dates.years import explicit_year

_ENDED = re.compile(
    r"\s+(?:that\s+)?end(?:ed|ing|s)\s+(?P<month>Jan|Feb|Mar|Apr|May|June|July|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+"
    r"(?P<day>\d{1,2})\b(?:,\s+(?P<year>(?:19|20)\d\d))?"
)
_HALF_QUARTER = 45  # days: a firm's quarter is named by the calendar's in which its middle falls
_SCHOOL_STARTS = 9  # September
_YEAR_BESIDE = "(?: (?:LAST | NEXT | THIS) TWELVEMONTH APOSTROPHE | TWELVEMONTH HYPHEN? (?:AGO | PART) | YEAR APOSTROPHE? )?"
_YEAR_BEHIND = "(?: (?:OF | IN)? FISCAL? YEAR | OF? (?:LAST | NEXT | THIS) TWELVEMONTH)?"


def year_ago(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "a year ago", "the year-earlier period": in business news, the quarter spoken of, one year back."""
    if scene.quarter is not None and scene.quarter.first is not None:
        first = periods.shift(scene.quarter.first, "Y", -1)
        return as_date(periods.containing(first, "Q"))
    if scene.published is None:
        return as_date(PAST)
    return as_date(periods.year(scene.published.year - 1))


def _quarter(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "third quarter", "the 1988 second quarter", "next year's first quarter", "Q3 2019"."""
    number = phrase.numbers("ORDINAL", "SHORTQUARTER", "DAYNUM")[0]
    if not 1 <= number <= 4:
        return []
    return _yearly_part(phrase, scene, lambda year: periods.quarter(year, number), f"Q{number}")


def _half(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the first half of 1989", "the first two quarters of 1990"."""
    number = phrase.numbers("ORDINAL")[0]
    return _yearly_part(phrase, scene, lambda year: periods.half(year, number), f"H{number}") if number in (1, 2) else []


def _yearly_part(phrase: Phrase, scene: Scene, make: Callable[[int], Period], name: str) -> list[Reading]:
    year, published = explicit_year(phrase, scene), scene.published
    modifier = phrase.find("LAST", "NEXT", "THIS")
    if year is None and published is None:
        return as_date(Period(f"XXXX-{name}"))
    if year is None and published is not None and modifier is not None:
        year = published.year + int(modifier.value or 0)
    if year is not None:
        return as_date(make(year))
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
    """As in "the quarter", "the latest period": the one spoken of, else the last that was over."""
    year = explicit_year(phrase, scene)
    if ended := _end_of_quarter(phrase, scene):
        return as_date(periods.containing(ended - timedelta(days=_HALF_QUARTER), "Q"))
    known = scene.quarter.first if scene.quarter is not None else None
    if known is None:
        if scene.published is None or phrase.has("PERIOD"):
            return []
        known = periods.shift(scene.published, "Q", -1)
    if phrase.has("TWELVEMONTH"):
        known = periods.shift(known, "Y", -1)
    return as_date(periods.containing(known.replace(day=1, year=year or known.year), "Q"))


def _end_of_quarter(phrase: Phrase, scene: Scene) -> date | None:
    """The day in "the quarter ended Sept. 30"."""
    match = _ENDED.match(scene.document.text, phrase.end)
    if match is None or scene.published is None:
        return None
    month = datetime.strptime(match["month"][:3], "%b").month
    year = int(match["year"]) if match["year"] else scene.published.year
    day = date(year, month, 1) + timedelta(days=min(int(match["day"]), 31) - 1)
    return day if match["year"] or day <= scene.published else periods.shift(day, "Y", -1)


def _fiscal(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "fiscal 1989", "year end", "the current fiscal year": read as calendar years, for the firm's own is not told."""
    year = explicit_year(phrase, scene)
    if year is None:
        if scene.published is None:
            return []
        modifier = phrase.find("LAST", "NEXT", "THIS", "CURRENT")
        year = scene.published.year + (int(modifier.value or 0) if modifier else 0)
    return as_date(periods.year(year))


def _academic(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "this academic year", "the 2022-23 school year": from September to August, in the north."""
    figures = [int(figure) for figure in re.findall(r"\d+", scene.document.text[phrase.start : phrase.end])]
    modifier = phrase.find("LAST", "NEXT", "THIS", "CURRENT")
    if figures:
        first = figures[0]
    elif scene.published is not None and modifier is not None:
        first = scene.published.year - (scene.published.month < _SCHOOL_STARTS) + int(modifier.value or 0)
    else:
        return []
    return as_date(periods.months(first, _SCHOOL_STARTS, 12, f"{first:04}-09/{first + 1:04}-08", "range"))


def _fiscal_length(phrase: Phrase, scene: Scene) -> list[Reading]:
    return [Reading("DURATION", Period("P1Y"))]


RULES = (
    Rule("academic year by number", "THE? (?:YEARS | YEAR HYPHEN (?:YEAR | DAYNUM | NUMBER)) ACADEMIC TWELVEMONTH", _academic),
    Rule("academic year", "(?:THE | ITS)? (?:LAST | NEXT | THIS | CURRENT) ACADEMIC TWELVEMONTH", _academic),
    Rule(
        "quarter",
        f"{PART_BEFORE} (?:THE | ITS)? (?:FISCAL HYPHEN?)? {_YEAR_BESIDE} (?:FISCAL HYPHEN?)? ORDINAL HYPHEN? QUARTER {_YEAR_BEHIND}",
        _quarter,
    ),
    Rule("short quarter", "(?:SHORTQUARTER | Q DAYNUM) (?:OF? YEAR)?", _quarter),
    Rule("half year", "THE? ORDINAL (?:HYPHEN HALF | HALF OF (?:THE TWELVEMONTH | (?:LAST | NEXT | THIS) TWELVEMONTH | YEAR))", _half),
    Rule("two quarters", "THE? ORDINAL WORD UNITS OF YEAR", _half),
    Rule("quarter a year ago", "THE? (?:QUARTER | LATEST? PERIOD) (?: A TWELVEMONTH (?:AGO | PART) | LAST TWELVEMONTH )", year_ago),
    Rule("quarter of last year", "THE? LAST TWELVEMONTH APOSTROPHE (?:QUARTER | PERIOD)", year_ago),
    Rule("year-ago", "(?:THE | A)? TWELVEMONTH HYPHEN (?:AGO | PART) (?:PERIOD | QUARTER)? | A TWELVEMONTH AGO", year_ago),
    Rule("quarter of a year", "THE? YEAR (?:QUARTER | PERIOD)", _latest_quarter),
    Rule("latest quarter", "THE? (?:LATEST (?:QUARTER | PERIOD) | THIS QUARTER) | THE QUARTER", _latest_quarter),
    Rule("length of a fiscal year", "(?:THE | ITS) (?:FISCAL | ACADEMIC) TWELVEMONTH", _fiscal_length),
    Rule("fiscal year by number", "THE? (?:LAST | NEXT | THIS | CURRENT)? FISCAL TWELVEMONTH? YEAR | FY HYPHEN? YEAR", _fiscal),
    Rule("fiscal year", "(?:THE | ITS)? (?:LAST | NEXT | THIS | CURRENT) FISCAL TWELVEMONTH", _fiscal),
    Rule("year end", "TWELVEMONTH (?:HYPHEN | APOSTROPHE)? EDGE", _fiscal),
)
