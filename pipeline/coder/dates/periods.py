"""Stretches of the calendar: a TIMEX3 value with the days that it covers.

Weeks are ISO weeks. Seasons are the meteorological ones of the northern hemisphere; a winter bears the year of its January.
"Early", "mid" and "late" narrow nothing: where June is early or late, nobody says, so the whole month is covered.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

SEASON_MONTHS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_MONTHS_OF = {"M": 1, "Q": 3, "H": 6, "Y": 12, "DE": 120, "CE": 1200}
_DAYS_OF = {"D": 1, "W": 7, "WE": 7}
_LENGTH_LETTERS = {"DE": ("Y", 10), "CE": ("Y", 100), "H": ("M", 6), "F": ("W", 2), "WE": ("D", 2)}
_CLOCK_LETTERS = {"HO": "H", "MI": "M", "S": "S"}


@dataclass(frozen=True)
class Period:
    """A value and its days: first and last are None where no day follows from the words."""

    value: str
    first: date | None = None
    last: date | None = None
    precision: str | None = None


def day(of: date) -> Period:
    return Period(of.isoformat(), of, of, "day")


def week(of: date) -> Period:
    number = of.isocalendar()
    monday = of - timedelta(days=of.weekday())
    return Period(f"{number.year:04}-W{number.week:02}", monday, monday + timedelta(days=6), "week")


def weekend(of: date) -> Period:
    """Saturday and Sunday of the week that the day stands in."""
    whole = week(of)
    saturday = of + timedelta(days=5 - of.weekday())
    return Period(f"{whole.value}-WE", saturday, saturday + timedelta(days=1), "range")


def month(year_number: int, number: int) -> Period:
    last = monthrange(year_number, number)[1]
    return Period(f"{year_number:04}-{number:02}", date(year_number, number, 1), date(year_number, number, last), "month")


def months(year_number: int, number: int, count: int, value: str, precision: str) -> Period:
    """Several months on end, from the given one."""
    start = date(year_number, number, 1)
    return Period(value, start, month_shift(start, count) - timedelta(days=1), precision)


def quarter(year_number: int, number: int) -> Period:
    return months(year_number, 3 * number - 2, 3, f"{year_number:04}-Q{number}", "quarter")


def half(year_number: int, number: int) -> Period:
    return months(year_number, 6 * number - 5, 6, f"{year_number:04}-H{number}", "range")


def season(year_number: int, code: str) -> Period:
    start_year = year_number - 1 if code == "WI" else year_number
    return months(start_year, SEASON_MONTHS[code], 3, f"{year_number:04}-{code}", "season")


def year(number: int) -> Period:
    return Period(f"{number:04}", date(number, 1, 1), date(number, 12, 31), "year")


def decade(number: int) -> Period:
    """The decade of a year: 1994 -> 199."""
    start = number // 10 * 10
    return Period(f"{start // 10:03}", date(max(start, 1), 1, 1), date(start + 9, 12, 31), "decade")


def century(ordinal: int) -> Period:
    """The nth century, valued as TimeBank does by the first two figures of its years: the 20th -> 19."""
    start = 100 * (ordinal - 1)
    return Period(f"{ordinal - 1:02}", date(max(start, 1), 1, 1), date(start + 99, 12, 31), "range")


def span(first: Period, last: Period) -> Period:
    """From one period to another, valued as an ISO 8601 interval."""
    return Period(f"{first.value}/{last.value}", first.first, last.last, "range")


def containing(of: date, unit: str) -> Period:
    """The day, week, month … that a day stands in; KeyError for a unit of the clock."""
    readings = {
        "D": lambda: day(of),
        "W": lambda: week(of),
        "WE": lambda: weekend(of),
        "M": lambda: month(of.year, of.month),
        "Q": lambda: quarter(of.year, (of.month + 2) // 3),
        "H": lambda: half(of.year, 1 + (of.month > 6)),
        "Y": lambda: year(of.year),
        "DE": lambda: decade(of.year),
        "CE": lambda: century(of.year // 100 + 1),
    }
    return readings[unit]()


def shift(of: date, unit: str, count: int) -> date:
    """The day so many units away; OverflowError beyond the calendar."""
    if unit in _DAYS_OF:
        return of + timedelta(days=_DAYS_OF[unit] * count)
    return month_shift(of, _MONTHS_OF[unit] * count)


def month_shift(of: date, count: int) -> date:
    """The same day so many months away, or the last of a shorter month."""
    years, number = divmod(of.year * 12 + of.month - 1 + count, 12)
    if not 1 <= years <= MAXYEAR:
        raise OverflowError(f"{count} months from {of} lie beyond the calendar")
    return date(years, number + 1, min(of.day, monthrange(years, number + 1)[1]))


def length(unit: str, count: float | None) -> str:
    """The value of a duration: ("D", 2) -> P2D; X where the number is not told."""
    if count is None:
        return f"PTX{_CLOCK_LETTERS[unit]}" if unit in _CLOCK_LETTERS else f"PX{unit}"
    letter, factor = _LENGTH_LETTERS.get(unit, (unit, 1))
    total = count * factor
    number = int(total) if total == int(total) else total
    return f"PT{number}{_CLOCK_LETTERS[unit]}" if unit in _CLOCK_LETTERS else f"P{number}{letter}"
