"""How many, as words say it: figures and number words with hedges, ranges, vague counts and currencies.

Every quantity has a best, a lowest and a highest figure. Bounds of hedges and vague counts are conventions of ours:
"at least 40" may be up to half as many again, "nearly 40" down to four fifths, "about 40" a tenth either way; "dozens" is
two dozen up to under a hundred.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.coder.numbers import ABBREVIATED_SCALES, CARDINALS, SCALES, number_value
from pipeline.coder.records import Magnitude

_MARGINS = {"least": (1.0, 1.5), "most": (0.8, 1.0), "about": (0.9, 1.1), "": (1.0, 1.0)}
_SEVERAL = {"couple": (2, 2, 3), "few": (2, 3, 5), "handful": (3, 5, 9), "several": (3, 4, 9)}  # (low, best, high)
# What a bare plural stands for, and how far its word reaches up: "hundreds" end below a thousand. (low, best, high)
_PLURALS = {"tens": (20, 30, 99), "dozens": (24, 36, 99), "scores": (40, 60, 99), "hundreds": (200, 300, 999)} | {
    f"{word}s": (2 * SCALES[word], 3 * SCALES[word], 10 * SCALES[word] - 1)
    for word in ("thousand", "lakh", "million", "crore", "billion", "trillion")
}
_THOUSAND = 1000


def _any(words: Mapping[str, object] | list[str]) -> str:
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


_HEDGES = {
    "least": [
        "at least", "no fewer than", "no less than", "not fewer than", "not less than", "more than", "over", "upwards of", "upward of",
        "in excess of", "a minimum of", "above", "exceeding",
    ],
    "most": [
        "up to", "as many as", "as much as", "at most", "no more than", "not more than", "fewer than", "less than", "under", "nearly",
        "almost", "close to", "a maximum of", "just short of",
    ],
    "about": ["about", "around", "some", "roughly", "approximately", "an estimated", "estimated", "in the region of", "something like"],
}  # fmt: skip
_AFTERWARDS = {"least": ["or more", "plus", "+"], "most": ["or fewer", "or less"], "about": ["or so", "or thereabouts"]}
_HEDGE = {word: bound for hedges in (_HEDGES, _AFTERWARDS) for bound, words in hedges.items() for word in words}
_SPACE = r"\s{1,4}"
_CARDINAL = rf"{_any(CARDINALS)}\b"
_SCALE = rf"{_any({word: 1 for word in SCALES if not word.endswith('s')})}\b"
_FIGURE = rf"(?:\d{{1,3}}(?:,\d{{2,3}})+|\d+)(?:\.\d+)?(?:(?:\s?{_any({w: 1 for w in ABBREVIATED_SCALES if len(w) > 1})}|[kKmM])\b)?"
_FIRST = rf"(?:{_FIGURE}|{_CARDINAL}|half\s+an?(?=\s+{_SCALE})|(?:an?|half)(?=[\s-]+(?:half[\s-]+)?{_SCALE}))"
_NUMBER = rf"{_FIRST}(?:(?:-|{_SPACE}(?:and{_SPACE})?)(?:{_CARDINAL}|{_SCALE}|(?<=and )a{_SPACE}half\b|(?<=a )half\b)){{0,6}}"
_SOME = rf"(?:an?\s+(?:very\s+|small\s+)?(?:couple|few|handful)(?:\s+of(?=\s+{_SCALE}))?|several)"
_VAGUE = rf"(?:{_SOME}{_SPACE}{_SCALE}|(?:{_SOME}{_SPACE})?{_any(_PLURALS)}\b(?:\s+of\s+{_any(_PLURALS)}\b)?|{_SOME}\b)"
# No ages, lengths, shares, clock times or parts of longer figures.
_BEHIND = (
    r"(?!\w|[.,:/]\d|[-–](?!strong\b|plus\b)\w|\s?(?:%|per\s?cent|pct|a\.m|p\.m)|[\s-](?:years?|months?|weeks?|days?|hours?|minutes?"
    r"|km|kilomet|miles?|met(?:er|re)s?|feet)\b)"
)
_STANDS = re.compile(r"[\d₹$£€]|\b(?:" + "|".join([*CARDINALS, *SCALES, "tens", *_SEVERAL]) + r")\b", re.IGNORECASE)
_MOST_PEOPLE = 10**8  # more are no victims but a population
_MOST_MONEY = 10**17  # in any currency; more would not fit into a column


@dataclass(frozen=True)
class Quantity:
    """A quantity and where it stands: offsets into the text that was read."""

    start: int
    end: int
    magnitude: Magnitude
    is_money: bool


class QuantityReader:
    """Reads quantities; currencies: names and signs in lower case to codes, see codebook.currencies."""

    def __init__(self, currencies: Mapping[str, str | None]) -> None:
        self._currencies = currencies
        self._pattern = re.compile(_grammar(currencies), re.IGNORECASE)

    def read(self, text: str) -> Iterator[Quantity]:
        """The quantities of a text, in order."""
        if not _STANDS.search(text):
            return
        for match in self._pattern.finditer(text):
            quantity = self._quantity(match)
            if quantity is not None:
                yield quantity

    def _quantity(self, match: re.Match[str]) -> Quantity | None:
        money = match["sign"] or match["currency"]
        bounds = _bounds(match)
        if bounds is None or bounds.high > (_MOST_MONEY if money else _MOST_PEOPLE):
            return None
        if money:
            bounds = replace(bounds, currency=self._code(money))
        return Quantity(match.start(), match.end(), bounds, money is not None)

    def _code(self, name: str) -> str | None:
        plain = " ".join(name.lower().split())
        known = next((word for word in (plain, plain.removesuffix("s"), plain.removesuffix("es")) if word in self._currencies), None)
        return self._currencies[known] if known else plain.upper()


def _grammar(currencies: Mapping[str, str | None]) -> str:
    signs = {name: 1 for name in currencies if not name[-1].isalpha() or name == "rs"}
    names = {name: 1 for name in currencies if name not in signs}
    codes = rf"(?-i:{_any({code: 1 for code in currencies.values() if code})})"  # "TRY 40" is money, "try 40" is not
    sign = rf"(?:{_any(signs)}\s?|\b{codes}\s)"
    hedge = _any([word for words in _HEDGES.values() for word in words])
    after = _any([word for words in _AFTERWARDS.values() for word in words])
    return (
        rf"(?<![\w.,:/$£€-])(?:(?P<hedge>{hedge}){_SPACE}(?:{hedge}{_SPACE})?)?"
        rf"(?:(?P<between>between|from){_SPACE})?(?P<sign>{sign})?"
        rf"(?:(?P<vague>{_VAGUE})"
        rf"|(?P<number>{_NUMBER})(?:(?P<joint>\s?[-–]\s?|{_SPACE}(?:to|or|and){_SPACE}){sign}?(?P<second>{_NUMBER}))?)"
        rf"(?:\s?(?P<after>{after})(?!\w))?(?:(?:[\s-]|\s?of\s)(?P<currency>(?:{_any(names)}(?:e?s)?|{codes})(?!\s+of\b)\b))?{_BEHIND}"
    )


def _bounds(match: re.Match[str]) -> Magnitude | None:
    text = _trimmed(match)
    if match["vague"]:
        low, best, high = _vague(match["vague"].lower())
        return Magnitude(best, low, high, text)
    number = number_value(match["number"])
    if number is None:
        return None
    if match["second"] is not None:
        return _range(match, number, text)
    hedge = " ".join((match["hedge"] or match["after"] or "").lower().split())
    below, above = _MARGINS[_HEDGE.get(hedge, "")]
    return Magnitude(number, round(number * below), round(number * above), text)


def _trimmed(match: re.Match[str]) -> str:
    return " ".join(match[0].split())


def _range(match: re.Match[str], first: int, text: str) -> Magnitude | None:
    """Between two figures; None where "and" joins two counts instead: "and" makes a range only behind "between"."""
    second = number_value(match["second"])
    joint, opened = match["joint"].strip(), match["between"]
    if second is None or joint == "and" and (opened or "").lower() != "between":
        return None
    scale = second // shown if (shown := _unscaled(match["second"])) and first < _THOUSAND else 1
    low = first * scale if scale >= _THOUSAND and first * scale <= second else first
    if low > second:
        return None
    return Magnitude((low + second) // 2, low, second, text)


def _unscaled(words: str) -> int | None:
    """The number without its scale: the 3 of "3 million"; None where there is no scale or no number before it."""
    figure = re.match(r"[\d.,]*\d|[a-z]+", words.lower())
    value = number_value(figure[0]) if figure else None
    return value if figure and figure[0] != words.lower() else None


def _vague(words: str) -> tuple[int, int, int]:
    """What "a few dozen", "hundreds" or "tens of thousands" stands for: low, best, high."""
    several = next((bounds for word, bounds in _SEVERAL.items() if word in words), None)
    plurals = [word for word in re.findall("[a-z]+", words) if word in _PLURALS]
    if several is None or plurals:
        low, best, high = _PLURALS[plurals[0]]
        factor = SCALES[plurals[1]] if len(plurals) > 1 else 1
        return low * factor, best * factor, (high + 1) * factor - 1
    factor = next((SCALES[word] for word in re.findall("[a-z]+", words) if word in SCALES), 1)
    low, best, high = several
    return low * factor, best * factor, (high + 1) * factor - 1 if factor > 1 else high
