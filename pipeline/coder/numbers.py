"""Number words and what they stand for: counts of people, amounts of money, lengths of time."""

import re

_BELOW_TWENTY = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
CARDINALS = {
    **{word: value for value, word in enumerate(_BELOW_TWENTY, start=1)},
    **{word: 10 * value for value, word in enumerate(_TENS, start=2)},
}
"""Number words that are added up."""

_SINGULAR_SCALES = {
    "dozen": 12, "score": 20, "hundred": 100, "thousand": 1000, "lakh": 10**5, "million": 10**6, "crore": 10**7, "billion": 10**9,
    "trillion": 10**12,
}  # fmt: skip
SCALES = _SINGULAR_SCALES | {f"{word}s": value for word, value in _SINGULAR_SCALES.items()}
"""Number words that multiply what stands before them."""

ABBREVIATED_SCALES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "bn": 10**9, "bln": 10**9, "tn": 10**12, "cr": 10**7}
"""Scales as they stand behind figures: "5m", "2.5bn", "300 mln"."""

_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+|[a-z]+")
_THOUSAND = 1000
_LONGEST = 18  # characters of a figure; what is longer counts nothing, and would not fit into a column


def number_value(text: str) -> int | None:
    """The whole number that words or figures stand for: "two dozen", "1,200", "3.5 million"; None where they are none."""
    plain = text.lower().replace("-", " ").replace("and a half", "half").replace("half a ", "half ").replace("a half", "half")
    total, current, seen = 0, 0.0, False
    for word in _WORD.findall(plain):
        if word[0].isdigit() and len(word) > _LONGEST:
            return None
        scale = SCALES.get(word) or ABBREVIATED_SCALES.get(word)
        if scale is None:
            value = float(word.replace(",", "")) if word[0] in ".0123456789" else _UNITS.get(word)
            current, seen = current + (value or 0), seen or value is not None
        elif current == 0 and total and scale >= _THOUSAND:  # "one lakh crore"
            total *= scale
        else:
            current, seen = (current or 1) * scale, True
            if scale >= _THOUSAND:
                total, current = total + round(current), 0.0
    return total + round(current) if seen else None


_UNITS = {"a": 1, "an": 1, "half": 0.5, **CARDINALS}
