"""Days that have a name, on fixed or computed dates; the rows are seeds/dates/holidays.csv.

Rules of the rows: `fixed` month and day; `weekday` nth weekday (Monday is 1) of a month, the last where nth is -1;
`easter` and `orthodox` so many days (shift) from Western or Orthodox Easter Sunday; `hijri` month and day of the tabular
Islamic calendar, within a day or two of the sighted one; `once` a day of one `year` that is known by its name.
`days` is the length; one day where empty.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pipeline import resources
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.coder.dates import periods
from pipeline.coder.dates.periods import Period

COLUMNS = ("name", "rule", "month", "day", "nth", "shift", "days", "year")
_EPOCH = date(622, 7, 19).toordinal()  # 1 Muharram 1 of the civil Islamic calendar, in the proleptic Gregorian one


@dataclass(frozen=True)
class Holiday:
    name: str
    first_day: Callable[[int], date | None]
    """The day it begins in a year, or None where it falls outside of that year."""
    days: int

    def period(self, year: int) -> Period | None:
        """Its days in a year; None where it does not begin in that year."""
        first = self.first_day(year)
        if first is None:
            return None
        last = first + timedelta(days=self.days - 1)
        return periods.day(first) if self.days == 1 else periods.span(periods.day(first), periods.day(last))


def easter(year: int) -> date:
    """Western Easter Sunday, by the Gregorian computus (Meeus, Jones and Butcher)."""
    century, of_century = divmod(year, 100)
    golden = year % 19
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def orthodox_easter(year: int) -> date:
    """Orthodox Easter Sunday, by Meeus's Julian computus, in the Gregorian calendar."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + timedelta(days=year // 100 - year // 400 - 2)


def hijri(year: int, month: int, day: int) -> date:
    """A day of the tabular Islamic calendar (30-year cycle, leap years 2, 5, 7, 10, 13, 16, 18, 21, 24, 26, 29)."""
    days = (year - 1) * 354 + (3 + 11 * year) // 30 + (59 * (month - 1) + 1) // 2 + day - 1
    return date.fromordinal(_EPOCH + days)


def hijri_in(year: int, month: int, day: int) -> date | None:
    """The first such day of the Islamic calendar that falls in a Gregorian year."""
    start = (year - 622) * 33 // 32
    days = (hijri(number, month, day) for number in range(max(start - 1, 1), start + 3))
    return next((found for found in days if found.year == year), None)


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The nth Monday (1) … Sunday (7) of a month; the last where number is -1."""
    if number < 0:
        whole = periods.month(year, month)
        last = whole.last or date(year, month, 28)
        return last - timedelta(days=(last.isoweekday() - weekday) % 7 - 7 * (number + 1))
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (number - 1))


def _first_day(row: SeedRow) -> Callable[[int], date | None]:
    month, day, nth, shift, once = (int(row[column] or 0) for column in ("month", "day", "nth", "shift", "year"))
    rules: dict[str, Callable[[int], date | None]] = {
        "fixed": lambda year: date(year, month, day),
        "weekday": lambda year: nth_weekday(year, month, day, nth) + timedelta(days=shift),
        "easter": lambda year: easter(year) + timedelta(days=shift),
        "orthodox": lambda year: orthodox_easter(year) + timedelta(days=shift),
        "once": lambda year: date(once, month, day),
        "hijri": lambda year: hijri_in(year, month, day),
    }
    if row["rule"] not in rules:
        raise row.error(f"unknown rule '{row['rule']}': expected one of {', '.join(rules)}")
    return rules[row["rule"]]


@cache
def holidays() -> dict[str, Holiday]:
    """The holidays by name in lower case; SeedError where a row is wrong or repeated."""
    found: dict[str, Holiday] = {}
    for row in read_seed(resources.SEEDS / "dates" / "holidays.csv", COLUMNS):
        name = row["name"].lower()
        if name in found:
            raise row.error(f"'{row['name']}' stands twice")
        found[name] = Holiday(row["name"], _first_day(row), int(row["days"] or 1))
        found[name].period(2000)  # a row that cannot be reckoned fails here, not in a text
    return found


@cache
def first_words() -> frozenset[str]:
    """The first words of the names, in lower case."""
    return frozenset(name.split()[0] for name in holidays())


@cache
def _names() -> re.Pattern[str]:
    longest_first = sorted(holidays(), key=lambda name: (-len(name), name))
    words = (re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]") for name in longest_first)
    return re.compile(rf"(?:{'|'.join(words)})\b", re.IGNORECASE)


def holiday_at(text: str, start: int) -> tuple[Holiday, int] | None:
    """The holiday whose name starts at an offset, and the offset where the name ends."""
    match = _names().match(text, start)
    return None if match is None else (holidays()[re.sub(r"\s+", " ", match[0]).replace("’", "'").lower()], match.end())
