"""What numbers say: lowest, best and highest figure, and the currency."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook.currencies import load_currencies
from pipeline.coder.events.quantities import QuantityReader
from pipeline.errors import SeedError

READER = QuantityReader(load_currencies())
PEOPLE = {
    "at least two dozen villagers": ("at least two dozen", 24, 24, 36),
    "thousands of people": ("thousands", 2000, 3000, 9999),
    "some 300 to 400 men": ("some 300 to 400", 300, 350, 400),
    "more than 1,200 people": ("more than 1,200", 1200, 1200, 1800),
    "between 20 and 30 people": ("between 20 and 30", 20, 25, 30),
    "dozens": ("dozens", 24, 36, 99),
    "a handful of men": ("a handful", 3, 5, 9),
    "no fewer than 12": ("no fewer than 12", 12, 12, 18),
    "tens of thousands": ("tens of thousands", 20_000, 30_000, 99_999),
    "hundreds of thousands": ("hundreds of thousands", 200_000, 300_000, 999_999),
    "several hundred people": ("several hundred", 300, 400, 999),
    "a few dozen": ("a few dozen", 24, 36, 71),
    "half a million people": ("half a million", 500_000, 500_000, 500_000),
    "2-3 million": ("2-3 million", 2_000_000, 2_500_000, 3_000_000),
    "20 to 30 thousand": ("20 to 30 thousand", 20_000, 25_000, 30_000),
    "two or three people": ("two or three", 2, 2, 3),
    "40 or more": ("40 or more", 40, 40, 60),
    "30 or so": ("30 or so", 27, 30, 33),
    "nearly a hundred": ("nearly a hundred", 80, 100, 100),
    "as many as 40": ("as many as 40", 32, 40, 40),
    "a 2,000-strong force": ("2,000", 2000, 2000, 2000),
    "at least\n  40   people": ("at least 40", 40, 40, 60),
}
MONEY = {
    "$2.5 billion": (2_500_000_000, "USD"),
    "5 million euros": (5_000_000, "EUR"),
    "Rs 300 crore": (3_000_000_000, "INR"),
    "Rs. 2,50,000": (250_000, "INR"),
    "A$5m": (5_000_000, "AUD"),
    "300 million Canadian dollars": (300_000_000, "CAD"),
    "2 million U.S. dollars": (2_000_000, "USD"),
    "a $200-million loan": (200_000_000, "USD"),
    "USD 40 million": (40_000_000, "USD"),
    "40 million USD": (40_000_000, "USD"),
    "1.3 bln dlrs": (1_300_000_000, "USD"),
    "5 million pesos": (5_000_000, None),
    "1,500 pounds": (1500, "GBP"),
}
NOTHING = ["a 20-year-old man", "25 percent", "10:30", "the 1980s", "five years", "no-one", "forty-odd", "3 km", "9" * 60]


@pytest.mark.parametrize("text", PEOPLE)
def test_a_number_with_its_bounds(text):
    (found,) = READER.read(text)
    assert (found.magnitude.text, found.magnitude.low, found.magnitude.best, found.magnitude.high) == PEOPLE[text]
    assert not found.is_money


@pytest.mark.parametrize("text", MONEY)
def test_an_amount_with_its_currency(text):
    (found,) = READER.read(text)
    assert (found.magnitude.best, found.magnitude.currency) == MONEY[text]
    assert found.is_money


@pytest.mark.parametrize("text", NOTHING)
def test_what_counts_nobody(text):
    assert list(READER.read(text)) == []


def test_weights_are_no_money():
    assert [found.is_money for found in READER.read("20,000 pounds of explosives")] == [False]


def test_and_joins_two_counts():
    assert [found.magnitude.best for found in READER.read("12 soldiers and 3 civilians; 40 and 50")] == [12, 3]


WORDS = st.sampled_from(
    "at least between and to from two dozen hundred thousand million a few several half 300 1,200 2.5 $ € Rs euros or more - of".split()
)


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_bounds_are_in_order_and_words_are_in_the_text(text):
    for found in READER.read(text):
        magnitude = found.magnitude
        assert 0 <= magnitude.low <= magnitude.best <= magnitude.high < 2**63
        assert text[found.start : found.end].split() == magnitude.text.split()


@pytest.mark.parametrize("piece", ["1,", "1,000", "a few ", "one and ", "at least ", "two-", "$", "   ", "between 1 and ", "hundreds of "])
def test_hostile_repetitions_are_read_in_no_time(piece):
    started = time.perf_counter()
    list(READER.read(piece * 5000))
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(("rows", "complaint"), [("euro,EUR\neuro,EUR", "twice"), ("Euro,EUR", "lower case"), ("euro,Euro", "ISO 4217")])
def test_a_wrong_currency_is_named(tmp_path, rows, complaint):
    (tmp_path / "currencies.csv").write_text(f"name,currency_code\n{rows}\n")
    with pytest.raises(SeedError, match=complaint):
        load_currencies(tmp_path)
