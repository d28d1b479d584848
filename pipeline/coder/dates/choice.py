"""Which of several like-named days is meant: this Friday or the last, this October or the next."""

from collections.abc import Callable, Iterable
from datetime import MAXYEAR, date, timedelta

from pipeline.coder.dates.periods import Period, day
from pipeline.coder.dates.phrases import Phrase

AGAINST = 8  # days against the verb's tense count so often: "was extended to Nov. 20" in early November looks ahead all the same
NEVER = 10_000  # so often where the tense alone decides: no year is longer


def choose(candidates: Iterable[Period | None], published: date, tense: str | None, against: int = NEVER) -> Period | None:
    """The period nearest to publication, where what lies against the tense of its verb counts as so many times farther."""
    known = [period for period in candidates if period is not None and period.first and period.last]
    return min(known, key=lambda period: _distance(period, published, tense, against), default=None)


def _distance(period: Period, published: date, tense: str | None, against: int) -> int:
    if period.first is None or period.last is None or period.first <= published <= period.last:
        return 0
    if period.first > published:
        return (period.first - published).days * (against if tense == "past" else 1)
    return (published - period.last).days * (against if tense == "future" else 1)


def in_years(make: Callable[[int], Period | None], published: date, tense: str | None, against: int = NEVER) -> Period | None:
    """A period that comes once a year: of last year, this, or next."""
    years = range(max(published.year - 1, 1), min(published.year + 1, MAXYEAR) + 1)
    return choose([_made(make, year) for year in years], published, tense, against)


def yearly(make: Callable[[int], Period | None], phrase: Phrase, published: date, tense: str | None, against: int = NEVER) -> Period | None:
    """A period that comes once a year, by "last", "next" or "this" before it, else by tense."""
    if phrase.has("LAST"):
        return before(make, published)
    if phrase.has("NEXT"):
        return after(make, published)
    return in_years(make, published, None if phrase.has("THIS") else tense, against)


def _made(make: Callable[[int], Period | None], year: int) -> Period | None:
    try:
        return make(year)
    except (ValueError, OverflowError):  # no 29 February in that year, or beyond the calendar
        return None


def before(make: Callable[[int], Period | None], published: date) -> Period | None:
    """The last that was over by publication: "last May"."""
    years = range(max(published.year - 1, 1), published.year + 1)
    over = [period for period in (_made(make, year) for year in years) if period and period.last and period.last < published]
    return over[-1] if over else None


def after(make: Callable[[int], Period | None], published: date) -> Period | None:
    """The first that has not begun at publication: "next May"."""
    years = range(published.year, min(published.year + 1, MAXYEAR) + 1)
    ahead = [period for period in (_made(make, year) for year in years) if period and period.first and period.first > published]
    return ahead[0] if ahead else None


def weekday(number: int, published: date, tense: str | None) -> Period | None:
    """A weekday (Monday is 1) named without its date; news without a finite verb tells of the past."""
    if tense == "modal":
        return weekday_near(number, published, None)
    back = published - timedelta(days=(published.isoweekday() - number) % 7)
    ahead = published + timedelta(days=(number - published.isoweekday()) % 7)
    return day(ahead if tense in ("future", "present", "open") else back)


def weekday_near(number: int, published: date, tense: str | None) -> Period | None:
    """As in "this Wednesday": by tense, else the nearest."""
    if tense in ("past", "future"):
        return weekday(number, published, tense)
    distance = (number - published.isoweekday() + 3) % 7 - 3
    return day(published + timedelta(days=distance))


def weekday_of_week(number: int, published: date, weeks: int) -> Period:
    """The weekday of the week so many weeks from that of publication."""
    return day(published + timedelta(days=number - published.isoweekday() + 7 * weeks))


def last_weekday(number: int, published: date) -> Period:
    """The last one before the day of publication."""
    return day(published - timedelta(days=(published.isoweekday() - number - 1) % 7 + 1))


def coming_weekday(number: int, published: date) -> Period:
    """The first one after the day of publication."""
    return day(published + timedelta(days=(number - published.isoweekday() - 1) % 7 + 1))
