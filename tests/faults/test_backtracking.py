"""No regular expression of the readers takes quadratic time over what it may be given."""

import importlib
import pkgutil
import re
import time

import pytest

import pipeline.articles
from pipeline import masking
from tests.faults.backtracking import attacks

pytestmark = pytest.mark.slow  # thousands of characters, pattern by pattern

_LENGTH = 20_000  # quadratic time over it is four seconds, linear time milliseconds
_SECONDS = 1
# Looked for in so many characters at most, each beginning of a file, line or value being cut to that before.
_BOUNDED = {
    "charsets._DECLARATION": 4096, "dates._NUMERIC": 60, "dates._ISO": 60, "dates._FRACTION": 60, "dates._ZONE": 60, "dates._NOISE": 60,
    "dates._PATH_DATE": 2000, "dates._PATH_DIGITS": 2000, "plain._ENDS_LIKE_SENTENCE": 160, "plain._DATELINE": 160,
    "masking._USER": 2000,
}  # fmt: skip


# Looked for at the beginning alone.
_ANCHORED = {"formats._JSON", "json_files._LINE_OF_JSON", "json_files._WRAPPER", "plain._FOUNDING"}


def patterns() -> dict[str, re.Pattern]:
    modules = [importlib.import_module(f"pipeline.articles.{found.name}") for found in pkgutil.iter_modules(pipeline.articles.__path__)]
    modules.append(masking)  # what is quoted of an article goes through it
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": value
        for module in modules
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }


def slowest(pattern: re.Pattern, length: int, is_anchored: bool = False) -> float:
    """Seconds of CPU for the worst of the attacks; the first that takes too long will do."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    worst = 0.0
    for attack in attacks(text, pattern.flags & ~re.UNICODE, length):
        given = attack if isinstance(pattern.pattern, str) else attack.encode("latin-1", "replace")
        started = time.process_time()
        if is_anchored:
            pattern.match(given)
        else:
            for _ in pattern.finditer(given):
                pass
        worst = max(worst, time.process_time() - started)
        if worst > _SECONDS:
            break
    return worst


@pytest.mark.parametrize("name", patterns())
def test_patterns_take_time_in_proportion(name: str):
    assert slowest(patterns()[name], _BOUNDED.get(name, _LENGTH), name in _ANCHORED) < _SECONDS


@pytest.mark.parametrize("pattern", [r" +$", r"(a+)+b", r"\s*,\s*;", r"<!--.*?-->"])
def test_the_attacks_find_what_is_slow(pattern: str):
    assert slowest(re.compile(pattern, re.S), 26 if "+)+" in pattern else _LENGTH) > 0.1


def test_bounded_patterns_are_there():
    assert set(patterns()) >= {*_BOUNDED, *_ANCHORED}
