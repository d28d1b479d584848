"""Dates that name their month, with or without day and year."""

from datetime import date

from pipeline.coder.dates import choice, periods
from pipeline.coder.dates.counts import number_of
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import PART_BEFORE, Phrase, Reading, Rule, Scene, as_date
from pipeline.coder.dates.years import SPELLED_YEAR, explicit_year, full_year

WEEKDAY_BEFORE = "(?:(?:WEEKDAY | SHORTDAY) DOT? COMMA? THE?)?"
YEAR_AFTER = "(?:COMMA? (?:YEAR | SHORTYEAR | (?:OF? (?:LAST | NEXT | THIS) TWELVEMONTH)))?"
YEAR_BEHIND = "(?:DOT? COMMA? (?:YEAR | SHORTYEAR | (?:OF? (?:LAST | NEXT | THIS) TWELVEMONTH)))?"
_OTHER_WORDS = {"may", "march", "august", "MAY", "MARCH"}  # without a figure beside them no month, if written so
_UNTIL = {"until", "till", "through", "to", "by"}


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
    if _is_september_11(month, number, phrase, scene):
        return day_of_month(2001, month, number)
    weekdays, before = phrase.numbers("WEEKDAY", "SHORTDAY"), scene.word_before(phrase)
    tense = None if before is not None and before.lower_ in _UNTIL else scene.tense(phrase)

    def of_year(year: int) -> Period | None:
        period = day_of_month(year, month, number)
        fits = not weekdays or period is None or period.first is None or period.first.isoweekday() == weekdays[0]
        return period if fits else None

    return choice.yearly(of_year, phrase, scene.published, tense, choice.AGAINST) or choice.yearly(
        lambda year: day_of_month(year, month, number), phrase, scene.published, tense, choice.AGAINST
    )


def _is_september_11(month: int, number: int, phrase: Phrase, scene: Scene) -> bool:
    """The attacks of 2001 are called by their day alone."""
    following = scene.word_after(phrase)
    named = (
        (month, number) == (9, 11) and following is not None and following.lemma_.lower() in ("attack", "terrorist", "terror", "hijacker")
    )
    return named and scene.published is not None and scene.published > date(2001, 9, 11)


def _day_alone(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "on the 15th": of the month told last, else of the one that tense suggests; not "on the 15th floor"."""
    ordinal, following, published = phrase.lexemes[-1], scene.word_after(phrase), scene.published
    if not ordinal.text[0].isdigit() or (
        following is not None and (following.pos_ in ("NOUN", "PROPN", "ADJ", "NUM") or following.lower_ == "of")
    ):
        return []
    told, number = scene.focus, int(ordinal.value or 0)
    if told is not None and told.first is not None and told.precision in ("time", "day", "month"):
        day = day_of_month(told.first.year, told.first.month, number)
    elif published is None:
        return []
    else:
        days = [day_of_month(near.year, near.month, number) for near in (periods.month_shift(published, count) for count in (-1, 0, 1))]
        day = choice.choose(days, published, scene.tense(phrase))
    return [] if day is None else [Reading("DATE", day, phrase.lexemes[1].start)]


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
    return as_date(period)


def _month_day(phrase: Phrase, scene: Scene) -> list[Reading]:
    month, number = phrase.numbers("MONTH")[0], (phrase.numbers("DAYNUM", "ORDINAL") or [number_of(phrase.numbers("WORD"))])[0]
    return as_date(dated(month, number, year_beside(phrase, scene), phrase, scene))


def year_beside(phrase: Phrase, scene: Scene) -> int | None:
    """The year that stands beside a month, by its number or as "last year"."""
    if scene.published is not None and phrase.has("TWELVEMONTH"):
        return scene.published.year + phrase.numbers("LAST", "NEXT", "THIS")[-1]
    return explicit_year(phrase, scene)


def _month_days(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "April 24 and 25": a mention each, as TimeBank has it."""
    month, year = phrase.numbers("MONTH")[0], year_beside(phrase, scene)
    readings = []
    for lexeme in (days := [lexeme for lexeme in phrase.lexemes if lexeme.kind == "DAYNUM"]):
        period = dated(month, int(lexeme.value or 0), year, phrase, scene)
        if period is None:
            return []
        start = phrase.start if lexeme is days[0] else lexeme.start
        readings.append(Reading("DATE", period, start, phrase.end if lexeme is days[-1] else lexeme.end))
    return readings


def _day_range(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "May 3-5", "May 30-June 2", "3-5 May"."""
    months, days = phrase.numbers("MONTH"), phrase.numbers("DAYNUM", "ORDINAL")
    year = year_beside(phrase, scene)
    last = dated(months[-1], days[-1], year, phrase, scene)
    first_year = year if year is not None or last is None or last.first is None else last.first.year
    if first_year is not None and months[0] > months[-1]:
        first_year -= 1
    first = dated(months[0], days[0], first_year, phrase, scene)
    if first is None or last is None or (first.first and last.first and first.first >= last.first):
        return []
    return as_date(periods.span(first, last))


def _month(phrase: Phrase, scene: Scene) -> list[Reading]:
    number, year = phrase.numbers("MONTH")[0], year_beside(phrase, scene)
    if year is not None:
        return as_date(periods.month(year, number))
    if not _names_month(phrase, scene):
        return []
    if scene.published is None:
        return as_date(Period(f"XXXX-{number:02}"))
    return as_date(choice.yearly(lambda y: periods.month(y, number), phrase, scene.published, scene.tense(phrase)))


def _names_month(phrase: Phrase, scene: Scene) -> bool:
    """Whether a month's name alone is one: not the verbs may and march, nor a march for something."""
    lexeme = phrase.find("MONTH")
    token = None if lexeme is None else scene.document.doc.char_span(lexeme.start, lexeme.end, alignment_mode="expand")
    if lexeme is None or token is None or len(lexeme.text) < 3:
        return False
    word = token[0]
    if (len(phrase.lexemes) == 1 or phrase.has("THIS")) and (lexeme.text in _OTHER_WORDS or word.tag_ == "MD"):
        return False
    if word.i + 1 < len(word.doc) and word.nbor().lower_ in ("for", "on") and word.lower_ == "march":
        return False
    return len(lexeme.text) > 3 or lexeme.text == "May" or len(phrase.lexemes) > 1


RULES = (
    Rule("numeric", "ISO | SLASHED | COMPACT", _numeric),
    Rule("day range", f"{WEEKDAY_BEFORE} MONTH DOT? DAYNUM HYPHEN (?:MONTH DOT?)? DAYNUM {YEAR_AFTER}", _day_range),
    Rule("day range, month last", f"DAYNUM HYPHEN DAYNUM OF? MONTH {YEAR_BEHIND}", _day_range),
    Rule("days of a month", f"MONTH DOT? DAYNUM (?:COMMA DAYNUM){{0,9}} COMMA? AND DAYNUM {YEAR_AFTER}", _month_days),
    Rule(
        "month and day",
        f"{WEEKDAY_BEFORE} {PART_BEFORE} (?:LAST | NEXT | THIS)? MONTH DOT? THE? (?:DAYNUM | ORDINAL) {YEAR_AFTER}",
        _month_day,
    ),
    Rule("day and month", f"{WEEKDAY_BEFORE} THE? (?:DAYNUM | ORDINAL) OF? MONTH {YEAR_BEHIND}", _month_day),
    Rule("month of a year", f"{PART_BEFORE} MONTH OF? (?:LAST | NEXT | THIS) TWELVEMONTH", _month),
    Rule("month and year", f"{PART_BEFORE} MONTH DOT? (?:COMMA | OF)? (?:YEAR | SHORTYEAR | {SPELLED_YEAR})", _month),
    Rule("month and day in words", f"MONTH WORD (?:HYPHEN WORD)? {YEAR_AFTER}", _month_day),
    Rule("day alone", "ON THE ORDINAL", _day_alone),
    Rule("month", f"{PART_BEFORE} (?:LAST | NEXT | THIS)? MONTH", _month),
)
