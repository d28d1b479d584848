"""Dates told by one that stands right beside them.

As in "two days after the April 5 attack", "the eve of Easter", "the first Monday of May", "the 20th anniversary of …".
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from pipeline.coder.dates import absolute, choice, periods
from pipeline.coder.dates.counts import COUNT, HEDGE, UNIT_KINDS, UNITS, count_of
from pipeline.coder.dates.holidays import holiday_at, nth_weekday
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import Phrase, Reading, Rule, Scene, as_date

_DAY = f"(?: MONTH DOT? (?:DAYNUM | ORDINAL) {absolute.YEAR_AFTER} | DAYNUM MONTH {absolute.YEAR_BEHIND} )"
_MONTH = "MONTH OF? YEAR"
_WORKING = {"trading", "business", "working"}  # days that leave out weekends
_LAST = -1  # nth of a last Monday or week, as nth_weekday counts


def _split(phrase: Phrase, *kinds: str) -> tuple[Phrase, Phrase]:
    """What stands before the first lexeme of the kinds, and what behind it, without an article."""
    cut = next(number for number, lexeme in enumerate(phrase.lexemes) if lexeme.kind in kinds)
    behind = phrase.lexemes[cut + 1 :]
    return Phrase(phrase.lexemes[:cut]), Phrase(behind[1:] if behind[0].kind == "THE" else behind)


def _named(phrase: Phrase, scene: Scene) -> Period | None:
    """The day, month or year that a phrase writes."""
    if phrase.has("DAYNUM", "ORDINAL"):
        number = phrase.numbers("DAYNUM", "ORDINAL")[0]
        return absolute.dated(phrase.numbers("MONTH")[0], number, absolute.year_beside(phrase, scene), phrase, scene)
    year = absolute.year_beside(phrase, scene)
    if year is None:
        return None
    return periods.month(year, phrase.numbers("MONTH")[0]) if phrase.has("MONTH") else periods.year(year)


def _so_long_from(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "two days after the April 5 attack", "a month before the June 2019 vote": a mention for each of the two dates."""
    length, inner = _split(phrase, "BEFORE", "AFTER")
    named, count, unit = _named(inner, scene), count_of(length), length.letter(*UNIT_KINDS) or ""
    is_fine = not _WORKING & set(length.words()) and unit in ("D", "W", "M", "Y") and (inner.has("DAYNUM", "ORDINAL") or unit in ("M", "Y"))
    if named is None or named.first is None or count is None or count != int(count) or not is_fine:
        return []
    sign = -1 if phrase.has("BEFORE") else 1
    told = periods.containing(periods.shift(named.first, unit, sign * int(count)), unit)
    return [Reading("DATE", told, length.start, length.end), Reading("DATE", named, inner.start, inner.end)]


def _anniversary(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the 20th anniversary of the Sept. 11, 2001, attacks"; where no year is told, the one that the count leads to."""
    ordinal, inner = _split(phrase, "OF")
    named, count = _named(inner, scene), ordinal.numbers("ORDINAL")[0]
    if named is None or named.first is None:
        return []
    if absolute.year_beside(inner, scene) is None:
        kept = choice.yearly(_same_day(named), inner, scene.published or named.first, scene.tense(ordinal), choice.AGAINST) or named
        then = _of_year(named, (kept.first or named.first).year - count)
    else:
        kept, then = _of_year(named, named.first.year + count), named
    return [Reading("DATE", kept, ordinal.start, ordinal.end), Reading("DATE", then, inner.start, inner.end)]


def _same_day(named: Period) -> Callable[[int], Period | None]:
    return lambda year: _of_year(named, year)


def _of_year(named: Period, year: int) -> Period:
    assert named.first is not None
    shifted = periods.month_shift(named.first, 12 * (year - named.first.year))
    return {"year": periods.year(year), "month": periods.month(year, shifted.month)}.get(named.precision or "", periods.day(shifted))


def _eve(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the eve of Easter": the day before."""
    first = phrase.lexemes[-1]
    named = holiday_at(scene.document.text, first.start)
    if named is None or scene.published is None:
        return []
    holiday, end = named
    period = choice.yearly(holiday.period, phrase, scene.published, scene.tense(phrase), choice.AGAINST)
    if period is None or period.first is None:
        return []
    return [Reading("DATE", periods.day(period.first - timedelta(days=1)), phrase.start, end)]


def _nth_weekday(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the first Monday of May", "the last Thursday in March 2023"."""
    number, weekday, month = _nth(phrase), phrase.numbers("WEEKDAY")[0], phrase.numbers("MONTH")[0]

    def of_year(year: int) -> Period | None:
        found = nth_weekday(year, month, weekday, number)
        return periods.day(found) if found.month == month else None

    return _in_its_year(of_year, phrase, scene)


def _nth_week(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the third week of April": days 15 to 21; "the last week of June": its last seven days."""
    number, month = _nth(phrase), phrase.numbers("MONTH")[0]
    if number > 5:
        return []

    def of_year(year: int) -> Period | None:
        whole = periods.month(year, month)
        assert whole.first is not None and whole.last is not None
        first = whole.last - timedelta(days=6) if number == _LAST else whole.first + timedelta(days=7 * (number - 1))
        last = min(first + timedelta(days=6), whole.last)
        return replace(periods.span(periods.day(first), periods.day(last)), precision="week") if first <= last else None

    return _in_its_year(of_year, phrase, scene)


def _nth(phrase: Phrase) -> int:
    return (phrase.numbers("ORDINAL") or [_LAST])[0]


def _in_its_year(of_year: Callable[[int], Period | None], phrase: Phrase, scene: Scene) -> list[Reading]:
    if (year := absolute.year_beside(phrase, scene)) is not None:
        return as_date(of_year(year))
    if scene.published is None:
        return []
    return as_date(choice.in_years(of_year, scene.published, scene.tense(phrase)))


_NTH = "THE? (?:ORDINAL | LAST)"
RULES = (
    Rule("so long from a date", f"{HEDGE} {COUNT} {UNITS} (?:BEFORE | AFTER) THE? (?:{_DAY} | {_MONTH})", _so_long_from),
    Rule("anniversary", f"THE? ORDINAL ANNIVERSARY OF THE? (?:{_DAY} | {_MONTH} | YEAR)", _anniversary),
    Rule("eve of a holiday", "THE? EVE OF HOLIDAY", _eve),
    Rule("nth weekday of a month", f"{_NTH} WEEKDAY (?:OF | IN) MONTH (?:COMMA? OF? YEAR)?", _nth_weekday),
    Rule("nth week of a month", f"{_NTH} (?:FILL)? WEEK (?:OF | IN) MONTH (?:COMMA? OF? YEAR)?", _nth_week),
)
