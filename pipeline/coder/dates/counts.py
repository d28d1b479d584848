"""How many: figures, number words, and hedges before a unit of time."""

from pipeline.coder.dates.phrases import Phrase

# Repetitions are bounded, or a long text of nothing but such words would take for ever.
HEDGE = "(?:COMPARE | APPROX | RIGHT | ALL | A? FILL){0,5}"
NUMBER_WORDS = "(?:A? WORD (?:HYPHEN? AND? WORD){0,7})"
FIGURE = f"(?:DAYNUM | NUMBER | YEAR | {NUMBER_WORDS})"
_OR_MORE = f"(?:(?:HYPHEN | TO | OR HYPHEN?) {FIGURE})?"
_AND_A_PART = "(?:HYPHEN? AND HYPHEN? A HYPHEN? HALF | FRACTION)?"
COUNT = f"(?:{FIGURE} {_OR_MORE} {_AND_A_PART} | A? FEW OF? | HALF A | A HALF | A) HYPHEN? FILL{{0,3}}"
UNITS = "(?:UNITS | UNIT | DAY | WEEK | QUARTER | TWELVEMONTH | CENTURY) (?:AND A HALF)?"
UNIT = "(?:UNIT | DAY | WEEK | QUARTER | TWELVEMONTH | CENTURY)"
UNIT_KINDS = ("UNIT", "UNITS", "DAY", "WEEK", "QUARTER", "TWELVEMONTH", "CENTURY")
_MULTIPLIERS = (100, 1000)


def count_of(phrase: Phrase) -> float | None:
    """The number that stands before the unit, the smaller of two; None where it is not told: "several", "a few"."""
    if few := phrase.find("FEW"):
        return {"couple": 2, "dozen": 12}.get(few.text.lower())
    count = _figure(phrase)
    if phrase.has("FRACTION"):
        above, below = (phrase.find("FRACTION") or phrase.lexemes[0]).text.split("/")
        return (count or 0) + int(above) / int(below)
    if phrase.has("HALF"):
        return 0.5 if count is None else count + 0.5
    one = count is None and phrase.has("A") and not phrase.has("UNITS")
    return 1 if one else count


def _figure(phrase: Phrase) -> float | None:
    if figure := phrase.find("DAYNUM", "NUMBER", "YEAR"):
        return float(figure.text.replace(",", ""))
    words: list[int] = []
    for lexeme in phrase.lexemes:
        if lexeme.kind == "WORD" and isinstance(lexeme.value, int):
            words.append(lexeme.value)
        elif words and lexeme.kind in ("TO", "OR"):
            break
    return number_of(words) if words else None


def number_of(words: list[int]) -> int:
    """[2, 100, 50, 3] -> 253; a multiplier alone counts once, and what cannot be added starts anew: "two one-year terms"."""
    total = 0
    for word in words:
        if word in _MULTIPLIERS:
            total = max(total, 1) * word
        else:
            total = total + word if total % 100 == 0 or (word < 10 and total % 10 == 0) else word
    return total
