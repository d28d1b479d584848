"""Days and seasons that have a name: weekdays, holidays, summers."""

import re

from pipeline.coder.dates import choice, periods
from pipeline.coder.dates.counts import COUNT, count_of
from pipeline.coder.dates.holidays import holiday_at
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import PART_BEFORE, Phrase, Reading, Rule, Scene, as_date
from pipeline.coder.dates.years import explicit_year

# A clock may stand between: "until 9 a.m. Saturday" lies on either side of publication, whatever the verb's tense.
_LIMIT = re.compile(r"\b(?:until|till|by)\s+(?:noon|midnight|[\d:.]+\s*(?:[ap]\.?m\.?)?(?:\s+[A-Z]{3,4})?)\s+(?:on\s+)?$")
_WEEK = re.compile(r"\s+week\b")
_HOLIDAY_YEAR = re.compile(r",?\s+(?:of\s+)?((?:19|20)\d\d)\b")


def _weekday(phrase: Phrase, scene: Scene) -> list[Reading]:
    number = phrase.numbers("WEEKDAY")[0]
    published = scene.published
    if published is None:
        return as_date(Period(f"XXXX-WXX-{number}"))
    modifier = phrase.find("NEXT", "LAST", "THIS", "CURRENT")
    if phrase.has("WEEK") and modifier is not None:
        return as_date(choice.weekday_of_week(number, published, int(modifier.value or 0)))
    if phrase.has("LAST"):
        return as_date(choice.last_weekday(number, published))
    if phrase.has("NEXT"):
        coming = phrase.words()[-2] != "next"
        return as_date(choice.coming_weekday(number, published) if coming else choice.weekday_of_week(number, published, 1))
    find = choice.weekday_near if phrase.has("THIS") else choice.weekday
    tense = "modal" if _LIMIT.search(scene.document.text, max(0, phrase.start - 24), phrase.start) else scene.tense(phrase)
    return as_date(find(number, published, tense))


def _weekday_last(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in the Indian "Monday last"; not "Monday past the gate"."""
    following = scene.word_after(phrase)
    if phrase.words()[1] != "last" or (following is not None and following.pos_ in ("NOUN", "NUM", "ADJ", "DET")):
        return []
    return _weekday(phrase, scene)


def _weekday_week(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in the British "on Tuesday week"."""
    following = scene.word_after(phrase)
    if scene.published is None or (following is not None and following.pos_ in ("NOUN", "PUNCT") and following.lower_ not in ",."):
        return []
    coming = choice.coming_weekday(phrase.numbers("WEEKDAY")[0], scene.published)
    day = None if coming.first is None else periods.day(periods.shift(coming.first, "W", 1))
    return [] if day is None else [Reading("DATE", day, phrase.lexemes[1].start)]


def _weeks_from(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "a week from Tuesday"."""
    count, unit = count_of(phrase), phrase.letter("WEEK", "UNITS")
    if phrase.has("ON") and scene.tense(phrase) not in ("future", "present", "open"):  # not "spent a week on Friday's vote"
        return []
    if unit != "W" or count is None or count != int(count) or scene.published is None:
        return []
    coming = choice.coming_weekday(phrase.numbers("WEEKDAY")[0], scene.published)
    return as_date(None if coming.first is None else periods.day(periods.shift(coming.first, "W", int(count))))


def _season(phrase: Phrase, scene: Scene) -> list[Reading]:
    code, year = phrase.letter("SEASON") or "", explicit_year(phrase, scene)
    if year is not None:
        return as_date(periods.season(year, code))
    if phrase.words()[-2:] == ["the", "fall"] and not _is_autumn(phrase, scene):
        return []
    if scene.published is None:
        return as_date(Period(f"XXXX-{code}"))
    return as_date(choice.yearly(lambda y: periods.season(y, code), phrase, scene.published, scene.tense(phrase)))


def _is_autumn(phrase: Phrase, scene: Scene) -> bool:
    """Not the fall of a government, nor one in prices."""
    before, after = scene.word_before(phrase), scene.word_after(phrase)
    in_time = before is not None and before.lower_ in ("in", "by", "during", "since", "until", "through")
    return in_time and (after is None or after.lower_ not in ("of", "in", "from"))


def _holiday(phrase: Phrase, scene: Scene) -> list[Reading]:
    first = phrase.find("HOLIDAY")
    named = holiday_at(scene.document.text, first.start) if first else None
    if named is None:
        return []
    holiday, end = named
    if written := _HOLIDAY_YEAR.match(scene.document.text, end):
        period, end = holiday.period(int(written[1])), written.end()
    elif scene.published is None:
        return []
    else:
        period = choice.yearly(holiday.period, phrase, scene.published, scene.tense(phrase), choice.AGAINST)
    if period and period.first and (week := _WEEK.match(scene.document.text, end)):
        period, end = periods.week(period.first), week.end()
    return [] if period is None else [Reading("DATE", period, phrase.start, end)]


RULES = (
    Rule("weekday of a week", "WEEKDAY OF? (?:LAST | NEXT | THIS) WEEK", _weekday),
    Rule("weeks from a weekday", f"{COUNT} (?:WEEK | UNITS) (?:FROM | ON) WEEKDAY", _weeks_from),
    Rule("weekday of the week after", "ON WEEKDAY WEEK", _weekday_week),
    Rule("weekday last", "WEEKDAY LAST", _weekday_last),
    Rule("weekday", f"{PART_BEFORE} THE? THIS? (?:LAST | NEXT)? WEEKDAY", _weekday),
    Rule("season and year", f"{PART_BEFORE} THE? SEASON OF? YEAR", _season),
    Rule("season", f"{PART_BEFORE} (?:THE? PART | LAST | NEXT | THIS | THE) SEASON", _season),
    Rule("holiday", f"{PART_BEFORE} (?:LAST | NEXT | THIS)? HOLIDAY", _holiday),
)
