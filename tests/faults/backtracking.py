"""Strings at which a regular expression may take quadratic or exponential time: for each of its repetitions, what leads there, what is
repeated, very often, and an end at which nothing matches.
"""

import re
from collections.abc import Iterator
from re import _constants as op  # the module has no public name since Python 3.11
from re import _parser
from typing import Any

_POISON = ("\0", "!\0", "\n\0", "<\0")


def attacks(pattern: str, flags: int, length: int) -> Iterator[str]:
    """Strings of about that length."""
    parsed = _parser.parse(pattern, flags)
    for prefix, repeated in _repetitions(list(parsed), ""):
        for body in {repeated, prefix + repeated, (prefix or repeated)[:1] + repeated}:
            if body:
                for poison in _POISON:
                    yield prefix + body * (length // len(body)) + poison


def _repetitions(items: list[Any], before: str) -> Iterator[tuple[str, str]]:
    """For each repetition, also within others: an example of what stands before it, and one of what it repeats."""
    for code, argument in items:
        for inner in _inner(code, argument):
            yield from _repetitions(list(inner), before)
            if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
                yield before, _example(inner)
        before += _example_of(code, argument)


def _inner(code: Any, argument: Any) -> list[Any]:
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return [argument[2]]
    if code is op.SUBPATTERN:
        return [argument[3]]
    if code is op.BRANCH:
        return list(argument[1])
    if code in (op.ASSERT, op.ASSERT_NOT):
        return [argument[1]]
    return [argument] if code is op.ATOMIC_GROUP else []


def _example(items: Any) -> str:
    return "".join(_example_of(code, argument) for code, argument in items)


def _example_of(code: Any, argument: Any) -> str:
    """A short string that an item matches."""
    if code is op.LITERAL:
        return chr(argument)
    if code in (op.ANY, op.NOT_LITERAL):
        return "a" if argument != ord("a") else "b"
    if code is op.IN:
        return _example_of_class(argument)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
        return _example(argument[2]) * max(1, min(argument[0], 4))
    inner = [] if code in (op.ASSERT_NOT,) else _inner(code, argument)
    return _example(inner[0]) if inner else ""


def _example_of_class(items: Any) -> str:
    negated = items[0][0] is op.NEGATE
    allowed = re.compile("[" + "".join(map(_spelt, items[negated:])) + "]")
    candidates = map(chr, (*b" \n\ta0-<>\"'", *range(0x21, 0x2100)))
    return next((one for one in candidates if bool(allowed.match(one)) != negated), "")


def _spelt(item: Any) -> str:
    code, argument = item
    if code is op.LITERAL:
        return re.escape(chr(argument))
    if code is op.RANGE:
        return f"{re.escape(chr(argument[0]))}-{re.escape(chr(argument[1]))}"
    names = {op.CATEGORY_DIGIT: r"\d", op.CATEGORY_SPACE: r"\s", op.CATEGORY_WORD: r"\w", op.CATEGORY_NOT_SPACE: r"\S",
             op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_NOT_WORD: r"\W"}  # fmt: skip
    return names[argument]
