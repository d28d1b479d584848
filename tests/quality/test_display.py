"""Values as they are kept and shown."""

import json
import unicodedata
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quality.display import MAX_VALUE, number, percent, seconds, shown, signed, visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Reykjavik, año 2021", "Reykjavik, año 2021"),
        ("red \x1b[31m", "red [U+001B][31m"),  # a terminal would turn red
        ("user\u202egpj.exe", "user[U+202E]gpj.exe"),  # would read "userexe.jpg"
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("two\nlines\r", "two↵lines[U+000D]"),
        ("tag\U000e0041", "tag[U+E0041]"),
    ],
)
def test_what_hides_is_made_visible(text, expected):
    assert visible(text) == expected


@given(st.text())
def test_nothing_hidden_is_left(text):
    assert not {unicodedata.category(character) for character in visible(text)} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(max_size=2000))
def test_kept_text_is_bounded(text):
    assert len(shown(text)) <= MAX_VALUE + len("… (2,000 characters)")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None), (True, True), (3, 3), (0.5, 0.5), (float("nan"), "nan"), (float("inf"), "inf"),
        (date(2021, 5, 19), "2021-05-19"), (datetime(2021, 5, 19, 8, tzinfo=UTC), "2021-05-19T08:00:00+00:00"),
        (["GOV", "MIL"], "['GOV', 'MIL']"), ("x" * 10_000, "x" * MAX_VALUE + "… (10,000 characters)"),
    ],
)  # fmt: skip
def test_values_are_kept_as_json(value, kept):
    assert shown(value) == kept
    json.dumps(shown(value), allow_nan=False)


def test_figures():
    assert [number(value) for value in (0, 1234567, 0.12345, 3.0)] == ["0", "1,234,567", "0.123", "3"]
    assert percent(0.1234) == "12.3 %"
    assert [seconds(value) for value in (0.042, 12.3, 75, 7_380)] == ["0.04 s", "12 s", "1 min 15 s", "2 h 3 min"]


def test_signs_of_what_changed():
    assert [signed(value) for value in (1234, -3, 0)] == ["+1,234", "−3", "0"]
