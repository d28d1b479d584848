"""Durations, and sets of recurring times."""

from datetime import date

from spacy.tokens import Token

from pipeline.coder.dates import periods
from pipeline.coder.dates.counts import COUNT, HEDGE, UNIT, UNIT_KINDS, UNITS, count_of
from pipeline.coder.dates.lexer import Lexeme
from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import FUTURE, PAST, Phrase, Reading, Rule, Scene

# Words before "a year" that make it a length; after anything else that can be counted it is a rate.
_LENGTH_PREPOSITIONS = {
    "for", "in", "after", "within", "over", "than", "of", "by", "as", "about", "nearly", "almost", "during", "least", "just", "only",
    "last",
    "lasted", "lasting", "took", "take", "takes", "spent", "spend", "every", "before", "such", "at", "from", "to", "is", "was", "until",
}  # fmt: skip


def _duration(value: str) -> list[Reading]:
    return [Reading("DURATION", Period(value))]


def _length(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "three years", "two-hour", "a couple of weeks"; not ages."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    if (unit == "Y" and _is_age(phrase, scene)) or _is_fraction(phrase, scene) or _is_title(phrase) or _is_as_many(phrase, scene):
        return []
    if unit == "D" and phrase.words() == ["one", "day"] and scene.tense(phrase) == "future":
        return [Reading("DATE", FUTURE)]
    count = count_of(phrase)
    if count is None and phrase.has("LONG") and not phrase.has("UNITS", "FEW"):  # "day-long"
        count = 1
    determiner = phrase.has("HYPHEN") and phrase.lexemes[0].kind in ("A", "THE")  # "a three-day truce": three-day
    return [Reading("DURATION", Period(periods.length(unit, count)), phrase.lexemes[1].start if determiner else None)]


def _is_fraction(phrase: Phrase, scene: Scene) -> bool:
    """Three quarters of something; several quarters are people."""
    following = scene.word_after(phrase)
    return phrase.letter(*UNIT_KINDS) == "Q" and (phrase.has("FEW") or (following is not None and following.lower_ == "of"))


def _is_as_many(phrase: Phrase, scene: Scene) -> bool:
    """As in "the second attack in as many days": the number is the other noun's."""
    before = scene.word_before(phrase)
    return before is not None and before.lower_ == "as" and phrase.words()[0] == "many"


def _is_title(phrase: Phrase) -> bool:
    """A programme called 60 Minutes."""
    return phrase.lexemes[0].text[0].isdigit() and phrase.lexemes[-1].text.istitle()


def _is_age(phrase: Phrase, scene: Scene) -> bool:
    tail = scene.document.text[phrase.end : phrase.end + 8].lower().lstrip(" -‑–\n")
    return phrase.has("OLD") or tail.startswith(("old", "of age"))


def _anchored(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "the past three months", "the next two years": up to publication or from it on."""
    unit, count = phrase.letter(*UNIT_KINDS) or "", count_of(phrase)
    modifier = phrase.find("LAST", "NEXT")
    value = periods.length(unit, count)
    if modifier is None or scene.published is None or count is None or modifier.text.lower() not in ("past", "last", "next", "coming"):
        return _duration(value)
    days = _reach(scene.published, unit, int(modifier.value or 0) * count)
    return _duration(value) if days is None else [Reading("DURATION", Period(value, *days, "range"))]


def _reach(published: date, unit: str, count: float) -> tuple[date, date] | None:
    if unit in ("S", "MI", "HO") or count != int(count):
        return None
    unit, count = ("W", 2 * count) if unit == "F" else (unit, count)
    try:
        other = periods.shift(published, unit, int(count))
    except OverflowError:
        return None
    return (other, published) if count < 0 else (published, other)


def _plural(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "weeks", "recent years", "coming months": a number that is not told."""
    unit = phrase.letter("UNITS") or ""
    if phrase.words()[0] in ("past", "previous") and len(phrase.lexemes) == 2:
        return [Reading("DATE", PAST)]
    before = scene.word_before(phrase)
    if _is_as_many(phrase, scene):
        return []
    if len(phrase.lexemes) == 1 and before is not None and not _stands_alone(before, scene.word_after(phrase)):
        return []
    if unit == "WE" and len(phrase.lexemes) == 1:
        return [Reading("SET", Period("XXXX-WXX-WE"))]
    if unit == "Q":
        return [Reading("DATE", FUTURE)] if phrase.has("NEXT") else []
    return _duration(periods.length(unit, None))


def _stands_alone(before: Token, after: Token | None) -> bool:
    """Whether a plural is a length of its own: "for weeks", "the weeks before the vote"; not "the early hours", "on days when"."""
    if before.lower_ == "the":
        return after is not None and after.lower_ in ("before", "after", "since", "leading")
    return before.pos_ not in ("NUM", "ADJ", "DET") and before.lower_ not in ("on", "such")


def _one(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "a year": a rate after what can be counted ("$2 million a year"), else a length."""
    unit = phrase.letter(*UNIT_KINDS) or ""
    span = scene.document.doc.char_span(phrase.start, phrase.end, alignment_mode="expand")
    before = span.doc[span.start - 1] if span is not None and span.start else None
    if unit == "WE" or _is_age(phrase, scene) or _is_fraction(phrase, scene) or scene.document.text[phrase.end : phrase.end + 4] == "-to-":
        return []
    rate = before is not None and before.lower_ not in _LENGTH_PREPOSITIONS and (before.pos_ in ("NOUN", "NUM", "ADV", "SYM", "PROPN"))
    value = periods.length(unit, 1)
    return [Reading("SET", Period(value))] if rate else _duration(value)


def _every(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "every Monday", "each July", "every two years", "per day", "twice a week"."""
    last = phrase.lexemes[-1]
    value = _recurring(last)
    if value is None:
        unit = phrase.letter(*UNIT_KINDS) or ""
        count = 2 if phrase.has("OTHER") else count_of(phrase) or (phrase.numbers("ORDINAL") or [1])[0]
        value = periods.length(unit, count)
    return [Reading("SET", Period(value))]


def _recurring(lexeme: Lexeme) -> str | None:
    """The value of a set whose member has a name."""
    match lexeme.kind:
        case "WEEKDAY" | "WEEKDAYS":
            return f"XXXX-WXX-{lexeme.value}"
        case "MONTH":
            return f"XXXX-{lexeme.value:02}"
        case "SEASON":
            return f"XXXX-{lexeme.value}"
        case "DAYPART":
            return f"XXXX-XX-XXT{lexeme.value}"
    return None


def _daily(phrase: Phrase, scene: Scene) -> list[Reading]:
    following = scene.word_after(phrase)
    if following is not None and following.pos_ == "PROPN":  # a paper: "the party daily Granma"
        return []
    return [Reading("SET", Period(phrase.letter("DAILY") or ""))]


def _while(phrase: Phrase, scene: Scene) -> list[Reading]:
    return _duration("PXX")


RULES = (
    Rule("every", f"EVERY (?:OTHER | ORDINAL | WEEKDAY HYPHEN | {COUNT})? (?:WEEKDAY | MONTH | SEASON | DAYPART | {UNITS})", _every),
    Rule("times a", f"TIMES A {UNIT}", _every),
    Rule("weekdays", "WEEKDAYS", _every),
    Rule("daily", "DAILY", _daily),
    Rule("past or next lengths", f"(?:THE | ITS)? (?:LAST | NEXT | ORDINAL | LATEST) {HEDGE} {COUNT} {UNITS}", _anchored),
    Rule("day-long", "A? (?:DAY | WEEK | UNIT | TWELVEMONTH) HYPHEN LONG", _length),
    Rule("a while", "A WHILE", _while),
    Rule("a unit", f"A {UNIT}", _one),
    Rule("length", f"THE? {HEDGE} {COUNT} {UNITS} (?:HYPHEN? OLD | HYPHEN LONG)?", _length),
    Rule("some units", "(?:RECENT | NEXT | LAST | THE LAST | THE RECENT | A? FEW OF? | THE LAST FEW)? UNITS", _plural),
)
