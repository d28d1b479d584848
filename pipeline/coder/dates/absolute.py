"""Dates that name their place in the calendar: day and month, month, year, decade, century, weekday."""

import re
from collections.abc import Callable
from datetime import date

from pipeline.coder.dates import choice, periods
from pipeline.coder.dates.counts import number_of
from pipeline.coder.dates.holidays import holiday_at
from pipeline.coder.dates.lexer import Lexeme
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import Phrase, Reading, Rule, Scene

WEEKDAY_BEFORE = "(?:(?:WEEKDAY | SHORTDAY) DOT? COMMA? THE?)?"
SPELLED_YEAR = "(?: WORD WORD (?:HYPHEN? WORD)?)"
YEAR_AFTER = "(?:COMMA? (?:YEAR | SHORTYEAR))?"
PART_BEFORE = "(?: THE? EDGE (?:OF | HYPHEN) | THE? PART (?:HYPHEN | IN)? )?"
_NUMERIC = re.compile(r"\d+")
_WEEK = re.compile(r"\s+week\b")
_HOLIDAY_YEAR = re.compile(r",?\s+(?:of\s+)?((?:19|20)\d\d)\b")
# Nouns that count or name what a four-figure number is, behind it and before it: no year.
_COUNTED = {
    "dlrs", "dollars", "people", "troops", "soldiers", "men", "women", "children", "miles", "kilometers", "kilometres", "km", "meters",
    "metres", "feet", "tons", "tonnes", "pounds", "barrels", "shares", "percent", "%", "mln", "million", "billion", "cents", "euros", "yen",
    "acres", "hectares", "gmt", "jobs", "homes", "votes", "points", "times", "employees", "workers", "members", "students", "dead",
}  # fmt: skip
_NUMBERED = {
    "no.", "no", "number", "resolution", "section", "article", "chapter", "page", "room", "flight", "route", "highway", "interstate", "law",
    "channel", "model", "some", "about", "nearly", "than", "almost", "roughly", "approximately", "rs", "rs.", "inr", "usd", "eur", "$", "#", "£", "€", "s", "c$", "us$",
}  # fmt: skip
_YEARLY_PREPOSITIONS = {"in", "since", "of", "until", "till", "by", "from", "between", "before", "after", "during", "to", "through", "for"}


_OTHER_WORDS = {"may", "march", "august", "MAY", "MARCH"}  # without a figure beside them no month, if written so
_UNTIL = {"until", "till", "through", "to", "by"}


def _date(period: Period | None) -> list[Reading]:
    return [] if period is None else [Reading("DATE", period)]


def explicit_year(phrase: Phrase, scene: Scene) -> int | None:
    """The year that the phrase itself names."""
    if years := phrase.numbers("YEAR"):
        return years[-1]
    if short := phrase.numbers("SHORTYEAR"):
        return full_year(short[-1], scene.published)
    return spelled_year(phrase.numbers("WORD"))


def full_year(short: int, published: date | None) -> int:
    """A year of two figures: the one that lies at most ten years ahead of publication."""
    limit = (published or date(2025, 1, 1)).year + 10
    return limit - (limit - short) % 100


def spelled_year(numbers: list[int]) -> int | None:
    """[19, 90, 6] -> 1996; None where the words are no year."""
    match numbers:
        case [17 | 18 | 19 | 20 as hundreds, (10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 as rest)]:
            return hundreds * 100 + rest
        case [17 | 18 | 19 | 20 as hundreds, tens] if tens in range(20, 100, 10):
            return hundreds * 100 + tens
        case [17 | 18 | 19 | 20 as hundreds, tens, ones] if tens in range(20, 100, 10) and ones < 10:
            return hundreds * 100 + tens + ones
        case [2, 1000, *rest]:
            return 2000 + sum(rest)
    return None


def day_of_month(year: int, month: int, number: int) -> Period | None:
    try:
        return periods.day(date(year, month, number))
    except ValueError:
        return None


def dated(month: int, number: int, year: int | None, phrase: Phrase, scene: Scene) -> Period | None:
    """A day of a month, in the year named or else the one that tense and publication suggest."""
    if year is not None:
        return day_of_month(year, month, number)
    if scene.published is None:
        return Period(f"XXXX-{month:02}-{number:02}") if day_of_month(2000, month, number) else None
    weekdays, before = phrase.numbers("WEEKDAY", "SHORTDAY"), scene.word_before(phrase)
    tense = None if before is not None and before.lower_ in _UNTIL else scene.tense(phrase)

    def of_year(year: int) -> Period | None:
        period = day_of_month(year, month, number)
        fits = period and period.first and (not weekdays or period.first.isoweekday() == weekdays[0])
        return period if fits else None

    return _yearly(of_year, phrase, scene.published, tense, choice.AGAINST) or _yearly(
        lambda year: day_of_month(year, month, number), phrase, scene.published, tense, choice.AGAINST
    )


def _numeric(phrase: Phrase, scene: Scene) -> list[Reading]:
    """1998-03-09, 19980309, and 03/09/1998 in the American order unless it cannot be."""
    lexeme = phrase.lexemes[0]
    if lexeme.kind == "COMPACT":
        year, month, number = int(lexeme.text[:4]), int(lexeme.text[4:6]), int(lexeme.text[6:])
    elif lexeme.kind == "ISO":
        year, month, number = (int(figure) for figure in lexeme.text[:10].split("-"))
    else:
        month, number, year = (int(figure) for figure in lexeme.text.split("/"))
        year = full_year(year, scene.published) if year < 100 else year
        month, number = (number, month) if month > 12 else (month, number)
    period = day_of_month(year, month, number)
    if period and lexeme.kind == "ISO" and len(lexeme.text) > 10:
        return [Reading("TIME", Period(lexeme.text.replace(" ", "T"), period.first, period.last, "time"))]
    return _date(period)


def _month_day(phrase: Phrase, scene: Scene) -> list[Reading]:
    month, number = phrase.numbers("MONTH")[0], (phrase.numbers("DAYNUM", "ORDINAL") or [number_of(phrase.numbers("WORD"))])[0]
    return _date(dated(month, number, explicit_year(phrase, scene), phrase, scene))


def _month_days(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "April 24 and 25": a mention each, as TimeBank has it."""
    month, year = phrase.numbers("MONTH")[0], explicit_year(phrase, scene)
    days = [lexeme for lexeme in phrase.lexemes if lexeme.kind == "DAYNUM"]
    first = days[0] if days[0].start > phrase.lexemes[0].start else phrase.lexemes[0]
    readings = []
    for lexeme in days:
        period = dated(month, int(lexeme.value or 0), year, phrase, scene)
        if period is None:
            return []
        start, end = _own_span(lexeme, first, days, phrase)
        readings.append(Reading("DATE", period, start, end))
    return readings


def _own_span(lexeme: Lexeme, first: Lexeme, days: list[Lexeme], phrase: Phrase) -> tuple[int, int]:
    start = phrase.start if lexeme is days[0] else lexeme.start
    end = phrase.end if lexeme is days[-1] else lexeme.end
    return start, end


def _day_range(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "May 3-5", "May 30-June 2", "3-5 May"."""
    months, days = phrase.numbers("MONTH"), phrase.numbers("DAYNUM", "ORDINAL")
    year = explicit_year(phrase, scene)
    last = dated(months[-1], days[-1], year, phrase, scene)
    first_year = year if year is not None or last is None or last.first is None else last.first.year
    if first_year is not None and months[0] > months[-1]:
        first_year -= 1
    first = dated(months[0], days[0], first_year, phrase, scene)
    if first is None or last is None or (first.first and last.first and first.first >= last.first):
        return []
    return _date(periods.span(first, last))


def with_part(period: Period | None, phrase: Phrase) -> Period | None:
    """Narrows a period by a word like early or late before it."""
    position = phrase.letter("PART", "EDGE")
    return period if period is None or position is None else periods.part(period, position)


def _month(phrase: Phrase, scene: Scene) -> list[Reading]:
    number, year = phrase.numbers("MONTH")[0], explicit_year(phrase, scene)
    if year is None and scene.published is not None and phrase.has("TWELVEMONTH"):
        year = scene.published.year + phrase.numbers("LAST", "NEXT", "THIS")[0]
    if year is not None:
        return _date(with_part(periods.month(year, number), phrase))
    if not _names_month(phrase, scene):
        return []
    if scene.published is None:
        return _date(Period(f"XXXX-{number:02}"))
    return _date(with_part(_yearly(lambda y: periods.month(y, number), phrase, scene.published, scene.tense(phrase)), phrase))


def _yearly(
    make: Callable[[int], Period | None], phrase: Phrase, published: date, tense: str | None, against: int = choice.NEVER
) -> Period | None:
    """A period that recurs every year, by "last", "next" or "this" before it, else by tense."""
    if phrase.has("LAST"):
        return choice.before(make, published)
    if phrase.has("NEXT"):
        return choice.after(make, published)
    return choice.in_years(make, published, None if phrase.has("THIS") else tense, against)


def _names_month(phrase: Phrase, scene: Scene) -> bool:
    """Whether a month's name alone is one: not the verbs may and march, nor a march for something."""
    lexeme = phrase.find("MONTH")
    token = None if lexeme is None else scene.document.doc.char_span(lexeme.start, lexeme.end, alignment_mode="expand")
    if lexeme is None or token is None or len(lexeme.text) < 3:
        return False
    word = token[0]
    if len(phrase.lexemes) == 1 and (lexeme.text in _OTHER_WORDS or word.tag_ == "MD"):
        return False
    if word.i + 1 < len(word.doc) and word.nbor().lower_ in ("for", "on") and word.lower_ == "march":
        return False
    return len(lexeme.text) > 3 or lexeme.text == "May" or len(phrase.lexemes) > 1


def _year(phrase: Phrase, scene: Scene) -> list[Reading]:
    year = explicit_year(phrase, scene)
    if year is None:
        return []
    if len(phrase.lexemes) == 1 and not _is_year(phrase, year, scene):
        return []
    return _date(with_part(periods.year(year), phrase))


def _is_year(phrase: Phrase, year: int, scene: Scene) -> bool:
    """Whether a bare four-figure number is a year, not a count, sum or number of something."""
    text = scene.document.text
    if phrase.start and text[phrase.start - 1] in "-/$#£€.":
        return False
    span = scene.document.doc.char_span(phrase.start, phrase.end)
    if span is None or len(span) == 0:
        return False
    previous = span.doc[span.start - 1].lower_ if span.start else ""
    following = span.doc[span.end] if span.end < len(span.doc) else None
    if previous in _NUMBERED or (following is not None and following.lower_ in _COUNTED):
        return False
    if previous in _YEARLY_PREPOSITIONS:
        return True
    if following is not None and following.tag_ == "NNS" and year % 50 == 0:
        return False
    return 1900 <= year <= 2049


def _years(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "2017-2021", "1994-95", "1998/99"."""
    figures = [int(figure) for figure in _NUMERIC.findall(scene.document.text[phrase.start : phrase.end])]
    first, last = figures[0], figures[-1]
    if last < 100:
        last += first // 100 * 100
    if not 1400 <= first < last <= 2199:
        return []
    return _date(periods.span(periods.year(first), periods.year(last)))


def _decade(phrase: Phrase, scene: Scene) -> list[Reading]:
    number = phrase.numbers("DECADE", "YEAR")[0]
    lexeme = phrase.lexemes[-1]
    if number < 100:
        if lexeme.text[0].isdigit() and not phrase.has("THE"):  # "in his 30s"
            return []
        this_year = (scene.published or date(2025, 1, 1)).year
        number = this_year - (this_year - number) % 100
    elif number % 10:
        return []
    return _date(with_part(periods.decade(number), phrase))


def _century(phrase: Phrase, scene: Scene) -> list[Reading]:
    ordinal = phrase.numbers("ORDINAL")[-1]
    return _date(with_part(periods.century(ordinal), phrase)) if 1 <= ordinal <= 22 else []


def _weekday(phrase: Phrase, scene: Scene) -> list[Reading]:
    number = phrase.numbers("WEEKDAY")[0]
    published = scene.published
    if published is None:
        return _date(Period(f"XXXX-WXX-{number}"))
    modifier = phrase.find("NEXT", "LAST", "THIS", "CURRENT")
    if phrase.has("WEEK") and modifier is not None:
        return _date(choice.weekday_of_week(number, published, int(modifier.value or 0)))
    if phrase.has("LAST"):
        return _date(choice.last_weekday(number, published))
    if phrase.has("NEXT"):
        coming = phrase.words()[-2] != "next"
        return _date(choice.coming_weekday(number, published) if coming else choice.weekday_of_week(number, published, 1))
    find = choice.weekday_near if phrase.has("THIS") else choice.weekday
    return _date(find(number, published, scene.tense(phrase)))


def _weekday_last(phrase: Phrase, scene: Scene) -> list[Reading]:
    """ "Monday last", as in India; not "Monday past the gate"."""
    following = scene.word_after(phrase)
    if phrase.words()[1] != "last" or (following is not None and following.pos_ in ("NOUN", "NUM", "ADJ", "DET")):
        return []
    return _weekday(phrase, scene)


def _season(phrase: Phrase, scene: Scene) -> list[Reading]:
    code, year = phrase.letter("SEASON") or "", explicit_year(phrase, scene)
    if year is not None:
        return _date(with_part(periods.season(year, code), phrase))
    if scene.published is None:
        return _date(Period(f"XXXX-{code}"))
    return _date(with_part(_yearly(lambda y: periods.season(y, code), phrase, scene.published, scene.tense(phrase)), phrase))


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
        period = _yearly(holiday.period, phrase, scene.published, scene.tense(phrase), choice.AGAINST)
    if period and period.first and (week := _WEEK.match(scene.document.text, end)):
        period, end = periods.week(period.first), week.end()
    return [] if period is None else [Reading("DATE", period, phrase.start, end)]


RULES = (
    Rule("numeric", "ISO | SLASHED | COMPACT", _numeric),
    Rule("day range", f"{WEEKDAY_BEFORE} MONTH DOT? DAYNUM HYPHEN (?:MONTH DOT?)? DAYNUM {YEAR_AFTER}", _day_range),
    Rule("day range, month last", f"DAYNUM HYPHEN DAYNUM OF? MONTH DOT? {YEAR_AFTER}", _day_range),
    Rule("days of a month", f"MONTH DOT? DAYNUM (?:COMMA DAYNUM)* COMMA? AND DAYNUM {YEAR_AFTER}", _month_days),
    Rule(
        "month and day",
        f"{WEEKDAY_BEFORE} {PART_BEFORE} (?:LAST | NEXT | THIS)? MONTH DOT? THE? (?:DAYNUM | ORDINAL) {YEAR_AFTER}",
        _month_day,
    ),
    Rule("day and month", f"{WEEKDAY_BEFORE} THE? (?:DAYNUM | ORDINAL) OF? MONTH DOT? {YEAR_AFTER}", _month_day),
    Rule("month of a year", f"{PART_BEFORE} MONTH OF? (?:LAST | NEXT | THIS) TWELVEMONTH", _month),
    Rule("month and year", f"{PART_BEFORE} MONTH DOT? (?:COMMA | OF)? (?:YEAR | SHORTYEAR | {SPELLED_YEAR})", _month),
    Rule("month and day in words", f"MONTH WORD (?:HYPHEN WORD)? {YEAR_AFTER}", _month_day),
    Rule("month", f"{PART_BEFORE} (?:LAST | NEXT | THIS)? MONTH", _month),
    Rule("weekday of a week", "WEEKDAY OF? (?:LAST | NEXT | THIS) WEEK", _weekday),
    Rule("weekday last", "WEEKDAY LAST", _weekday_last),
    Rule("weekday", f"{PART_BEFORE} THE? THIS? (?:LAST | NEXT)? WEEKDAY", _weekday),
    Rule("season and year", f"{PART_BEFORE} THE? SEASON OF? YEAR", _season),
    Rule("season", f"{PART_BEFORE} (?:THE? PART | LAST | NEXT | THIS | THE) SEASON", _season),
    Rule("holiday", f"{PART_BEFORE} (?:LAST | NEXT | THIS)? HOLIDAY", _holiday),
    Rule("years", "YEARS | YEAR HYPHEN (?:YEAR | DAYNUM | NUMBER)", _years),
    Rule("decade", f"{PART_BEFORE} THE? (?:PART HYPHEN?)? (?:DECADE | YEAR APOSTROPHE)", _decade),
    Rule("century", f"{PART_BEFORE} THE? (?:PART HYPHEN?)? ORDINAL HYPHEN? CENTURY", _century),
    Rule("year", f"{PART_BEFORE} (?:THE TWELVEMONTH)? (?:YEAR | SHORTYEAR)", _year),
    Rule("spelled year", f"{PART_BEFORE} (?:THE TWELVEMONTH)? {SPELLED_YEAR}", _year),
)
