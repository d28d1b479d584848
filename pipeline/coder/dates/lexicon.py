"""The words that time expressions are made of: each has a kind, on which the grammar is written, and a value.

Values: months and weekdays are numbers (Monday is 1), units are letters (D W M Q H Y, DE decade, CE century, WE weekend,
F fortnight, HO MI S of the clock), seasons and parts of the day are as TIMEX3 writes them.
"""

from typing import NamedTuple

from pipeline.coder.numbers import CARDINALS, SCALES


class Word(NamedTuple):
    kind: str
    value: int | str | None


_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"]
_WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_UNITS = {
    "second": "S", "minute": "MI", "hour": "HO", "day": "D", "week": "W", "fortnight": "F", "weekend": "WE", "month": "M",
    "quarter": "Q", "year": "Y", "decade": "DE", "century": "CE",
}  # fmt: skip
_UNIT_KINDS = {"day": "DAY", "week": "WEEK", "quarter": "QUARTER", "year": "TWELVEMONTH", "century": "CENTURY"}
_DECADES = {"twenties": 2, "thirties": 3, "forties": 4, "fifties": 5, "sixties": 6, "seventies": 7, "eighties": 8, "nineties": 9}

# Kinds with words that are not numbered; the value of a word alone is None.
_KINDS: dict[str, dict[str, int | str | None]] = {
    "SEASON": {"spring": "SP", "summer": "SU", "fall": "FA", "autumn": "FA", "winter": "WI"},
    "PART": {"early": "START", "mid": "MID", "late": "END", "earlier": "START", "later": "END"},
    "EDGE": {
        "start": "START", "beginning": "START", "outset": "START", "opening": "START", "middle": "MID", "end": "END", "close": "END",
    },
    "DAYPART": {"morning": "MO", "afternoon": "AF", "evening": "EV", "night": "NI"},
    "NOON": {"noon": "T12:00", "midday": "T12:00", "midnight": "T24:00"},
    "AMPM": {"a.m.": "am", "p.m.": "pm", "a.m": "am", "p.m": "pm", "am": "am", "pm": "pm"},
    "DEICTIC": {"today": 0, "yesterday": -1, "tomorrow": 1},
    "TONIGHT": dict.fromkeys(("tonight",)),
    "NOW": dict.fromkeys(("now", "currently", "nowadays", "presently"), "PRESENT_REF"),
    "THIS": dict.fromkeys(("this",), 0),
    "CURRENT": dict.fromkeys(("current",), 0),
    "THAT": dict.fromkeys(("that", "same")),
    "THESE": dict.fromkeys(("these", "those")),
    "LAST": {"last": -1, "past": -1, "previous": -1, "preceding": -1, "prior": -1},
    "NEXT": {"next": 1, "coming": 1, "upcoming": 1, "following": 1},
    "LATEST": dict.fromkeys(("latest", "corresponding", "comparable")),
    "EVERY": dict.fromkeys(("every", "each", "per")),
    "OTHER": dict.fromkeys(("other",)),
    "AGO": dict.fromkeys(("ago", "back")),
    "BEFORE": dict.fromkeys(("before",)),
    "AFTER": dict.fromkeys(("after",)),
    "HENCE": dict.fromkeys(("hence",)),
    "DAILY": {"daily": "P1D", "nightly": "XXXX-XX-XXTNI", "weekly": "P1W", "monthly": "P1M", "annually": "P1Y", "yearly": "P1Y"},
    "RECENT": dict.fromkeys(("recent",)),
    "RECENTLY": dict.fromkeys(("recently", "lately"), "PAST_REF"),
    "SOON": dict.fromkeys(("soon",)),
    "FUTURE": dict.fromkeys(("future",)),
    "NEAR": dict.fromkeys(("near", "immediate", "distant")),
    "FISCAL": dict.fromkeys(("fiscal", "financial", "calendar")),
    "ACADEMIC": dict.fromkeys(("academic", "school")),
    "ANNIVERSARY": dict.fromkeys(("anniversary",)),
    "EVE": dict.fromkeys(("eve",)),
    "PERIOD": dict.fromkeys(("period",)),
    "APPROX": dict.fromkeys(
        ("about", "nearly", "almost", "around", "roughly", "approximately", "over", "some", "least", "than", "up", "under", "another")
    ),
    "COMPARE": dict.fromkeys(("more", "less", "fewer", "at", "no")),
    "FEW": dict.fromkeys(("few", "several", "many", "dozens", "numerous", "couple", "dozen", "various")),
    "FILL": dict.fromkeys(
        ("more", "full", "straight", "consecutive", "trading", "business", "working", "additional", "whole", "extra", "entire")
    ),
    "HALF": dict.fromkeys(("half",)),
    "A": dict.fromkeys(("a", "an")),
    "THE": dict.fromkeys(("the",)),
    "ITS": dict.fromkeys(("its", "their", "his", "her", "our")),
    "OF": dict.fromkeys(("of",)),
    "IN": dict.fromkeys(("in",)),
    "ON": dict.fromkeys(("on",)),
    "AND": dict.fromkeys(("and",)),
    "OR": dict.fromkeys(("or",)),
    "SO": dict.fromkeys(("so",)),
    "TO": dict.fromkeys(("to", "through", "until", "till")),
    "FROM": dict.fromkeys(("from",)),
    "BETWEEN": dict.fromkeys(("between",)),
    "LONG": dict.fromkeys(("long",)),
    "OLD": dict.fromkeys(("old", "olds")),
    "ALL": dict.fromkeys(("all",)),
    "RIGHT": dict.fromkeys(("right", "just", "only")),
    "OCLOCK": dict.fromkeys(("o'clock",)),
    "ZONE": dict.fromkeys(("gmt", "utc", "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "bst", "cet", "hrs", "hours")),
    "TIMES": dict.fromkeys(("once", "twice", "times")),
    "WHILE": dict.fromkeys(("while",)),
    "FY": dict.fromkeys(("fy",)),
    "Q": {"q": None},
    "COMMA": {",": None},
    "DOT": {".": None},
    "HYPHEN": dict.fromkeys(("-", "–", "‑", "‐")),
    "APOSTROPHE": dict.fromkeys(("'", "’", "'s", "’s", "'S", "’S")),
}  # fmt: skip


def _words() -> dict[str, Word]:
    words = {word: Word(kind, value) for kind, values in _KINDS.items() for word, value in values.items()}
    for number, month in enumerate(_MONTHS, start=1):
        words[month] = words.setdefault(month[:3], Word("MONTH", number))
    words["sept"] = Word("MONTH", 9)
    for number, weekday in enumerate(_WEEKDAYS, start=1):
        words[weekday] = Word("WEEKDAY", number)
        words[f"{weekday}s"] = Word("WEEKDAYS", number)
        words[weekday[:3]] = Word("SHORTDAY", number)
    words |= {"tues": Word("SHORTDAY", 2), "thur": Word("SHORTDAY", 4), "thurs": Word("SHORTDAY", 4)}
    for unit, letter in _UNITS.items():
        plural = "centuries" if unit == "century" else f"{unit}s"
        words |= {unit: Word(_UNIT_KINDS.get(unit, "UNIT"), letter), plural: Word("UNITS", letter)}
    words |= {word: Word("DECADE", 10 * number) for word, number in _DECADES.items()}
    words |= {word: Word("WORD", number) for word, number in CARDINALS.items()}
    words |= {word: Word("WORD", SCALES[word]) for word in ("hundred", "thousand")}
    words |= {word: Word("ORDINAL", number) for number, word in enumerate(_ORDINALS, start=1)}
    return words


WORDS = _words()
CAPITALISED = {"mar", "mon", "tue", "wed", "fri", "sat", "sun", "dec", "jan"}
"""Words that count only with a capital letter: without it they are others, or names' ends."""
