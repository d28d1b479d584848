"""Computed holidays against the dates that almanacs give."""

from datetime import date

import pytest

from pipeline.coder.dates import holidays
from pipeline.coder.dates.holidays import easter, hijri_in, holiday_at, nth_weekday, orthodox_easter
from pipeline.errors import SeedError


@pytest.mark.parametrize(
    ("year", "western", "orthodox"),
    [(1987, "04-19", "04-19"), (1998, "04-12", "04-19"), (2000, "04-23", "04-30"), (2024, "03-31", "05-05")],
)
def test_easter(year, western, orthodox):
    assert (easter(year), orthodox_easter(year)) == (date.fromisoformat(f"{year}-{western}"), date.fromisoformat(f"{year}-{orthodox}"))


@pytest.mark.parametrize(("year", "first_day"), [(1999, "1999-12-09"), (2015, "2015-06-18"), (2021, "2021-04-13"), (2023, "2023-03-23")])
def test_ramadan_is_right_within_a_day(year, first_day):
    found = hijri_in(year, 9, 1)
    assert found is not None
    assert abs((found - date.fromisoformat(first_day)).days) <= 1


def test_nth_weekday():
    assert nth_weekday(1999, 11, 4, 4) == date(1999, 11, 25)  # Thanksgiving
    assert nth_weekday(2024, 5, 1, -1) == date(2024, 5, 27)  # Memorial Day


def test_election_day_follows_the_first_monday():
    election = holidays.holidays()["election day"]
    assert [election.first_day(year) for year in (1998, 2020)] == [date(1998, 11, 3), date(2020, 11, 3)]


def test_the_longest_name_wins_however_the_apostrophe_is_written():
    holiday, end = holiday_at("on New Year’s Eve they", 3)
    assert (holiday.name, end) == ("New Year's Eve", 17)


def test_a_wrong_row_says_where(tmp_path, monkeypatch):
    seeds = tmp_path / "dates"
    seeds.mkdir()
    (seeds / "holidays.csv").write_text(",".join(holidays.COLUMNS) + "\nMidsummer,solstice,6,21,,,,\n")
    monkeypatch.setattr("pipeline.resources.SEEDS", tmp_path)
    with pytest.raises(SeedError, match=r"holidays.csv:2: unknown rule 'solstice'"):
        holidays.holidays.__wrapped__()
