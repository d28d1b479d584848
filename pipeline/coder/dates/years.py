"""Years, decades and centuries."""

import re
from datetime import date

from pipeline.coder.dates import periods
from pipeline.coder.dates.phrases import PART_BEFORE, Phrase, Reading, Rule, Scene, as_date

SPELLED_YEAR = "(?: WORD WORD (?:HYPHEN? WORD)?)"
_NUMERIC = re.compile(r"\d+")
# Nouns that count or name what a four-figure number is, behind it and before it: no year.
_COUNTED = {
    "dlrs", "dollars", "people", "troops", "soldiers", "men", "women", "children", "miles", "kilometers", "kilometres", "km", "meters",
    "metres", "feet", "tons", "tonnes", "pounds", "barrels", "shares", "percent", "%", "mln", "million", "billion", "cents", "euros", "yen",
    "acres", "hectares", "gmt", "jobs", "homes", "votes", "points", "times", "employees", "workers", "members", "students", "dead", "years",
    "days", "hours", "weeks", "months", "crore", "lakh", "rupees",
}  # fmt: skip
_NUMBERED = {
    "no.", "no", "number", "resolution", "section", "article", "chapter", "page", "room", "flight", "route", "highway", "interstate", "law",
    "channel", "model", "some", "about", "nearly", "than", "almost", "roughly", "approximately", "rs", "rs.", "inr", "usd", "eur", "$", "#",
    "£", "€", "s", "c$", "us$",
}  # fmt: skip
_YEARLY_PREPOSITIONS = {"in", "since", "of", "until", "till", "by", "from", "between", "before", "after", "during", "to", "through", "for"}


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


def _year(phrase: Phrase, scene: Scene) -> list[Reading]:
    year = explicit_year(phrase, scene)
    if year is None:
        return []
    if len(phrase.lexemes) == 1 and not _is_year(phrase, year, scene):
        return []
    return as_date(periods.year(year))


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
    """As in "2017-2021", "1994-95", "1998/99"."""
    figures = [int(figure) for figure in _NUMERIC.findall(scene.document.text[phrase.start : phrase.end])]
    first, last = figures[0], figures[-1]
    if last < 100:
        last += first // 100 * 100
    if not 1400 <= first < last <= 2199:
        return []
    return as_date(periods.span(periods.year(first), periods.year(last)))


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
    return as_date(periods.decade(number))


def _century(phrase: Phrase, scene: Scene) -> list[Reading]:
    ordinal = phrase.numbers("ORDINAL")[-1]
    return as_date(periods.century(ordinal)) if 1 <= ordinal <= 22 else []


RULES = (
    Rule("years", "YEARS | YEAR HYPHEN (?:YEAR | DAYNUM | NUMBER)", _years),
    Rule("decade", f"{PART_BEFORE} THE? (?:PART HYPHEN?)? DECADE | {PART_BEFORE} THE (?:PART HYPHEN?)? YEAR APOSTROPHE", _decade),
    Rule("century", f"{PART_BEFORE} THE? (?:PART HYPHEN?)? ORDINAL HYPHEN? CENTURY", _century),
    Rule("year", f"{PART_BEFORE} (?:THE TWELVEMONTH)? (?:YEAR | SHORTYEAR)", _year),
    Rule("spelled year", f"{PART_BEFORE} (?:THE TWELVEMONTH)? {SPELLED_YEAR}", _year),
)
