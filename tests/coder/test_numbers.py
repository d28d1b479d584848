"""Number words and what they stand for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.coder.dates.lexicon import WORDS
from pipeline.coder.numbers import CARDINALS, number_value

VALUES = {
    "two dozen": 24,
    "twenty-three": 23,
    "a hundred": 100,
    "1,200": 1200,
    "3.5 million": 3_500_000,
    "two hundred and fifty thousand": 250_000,
    "one million two hundred thousand": 1_200_000,
    "two and a half million": 2_500_000,
    "half a million": 500_000,
    "a half dozen": 6,
    "300 crore": 3_000_000_000,
    "1.5 lakh": 150_000,
    "one lakh crore": 1_000_000_000_000,
    "2.5bn": 2_500_000_000,
    "many": None,
    "": None,
    "9" * 400: None,
}


@pytest.mark.parametrize("words", VALUES)
def test_number_words(words):
    assert number_value(words) == VALUES[words]


@given(st.integers(0, 10**12))
def test_figures_stand_for_themselves(number):
    assert number_value(str(number)) == number_value(f"{number:,}") == number


def test_time_expressions_read_the_same_words():
    assert {word: WORDS[word].value for word in CARDINALS} == CARDINALS
    assert WORDS["thousand"].value == 1000
