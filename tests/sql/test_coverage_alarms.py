"""What is told of a feed that falls silent, breaks off or swells: twelve weeks of two outlets, with one thing gone wrong each."""

from datetime import date, timedelta

import duckdb
import polars as pl
import pytest

from pipeline.config import Settings
from pipeline.contracts import COVERAGE
from pipeline.warehouse import run_saved_query
from pipeline.warehouse.tables import ddl

FIRST = date(2024, 1, 1)  # a Monday
LAST = FIRST + timedelta(days=83)
DAYS = [FIRST + timedelta(days=number) for number in range(84)]


def usual(day: date) -> dict[str, int]:
    """Wire sends less on Sundays; Post comes on Mondays and Thursdays alone; Small sends one or two."""
    told = {"Wire": 60 if day.weekday() == 6 else 100, "Small": 1 + day.day % 2}
    return told | ({"Post": 20} if day.weekday() in (0, 3) else {})


@pytest.fixture
def alarms(tmp_path):
    def ask(records=usual, until=LAST, **given):
        rows = pl.DataFrame(
            [(name, day, count) for day in DAYS for name, count in records(day).items()], ["name", "day", "count"], orient="row"
        )
        warehouse = tmp_path / "warehouse.duckdb"
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(ddl(COVERAGE, "coverage"))
            connection.execute("delete from coverage")
            connection.register("rows", rows)
            connection.execute("insert into coverage select name, day, null, 1, count, count, 0, 0, 0 from rows")
        arguments = {"until": str(until)} | {name: str(value) for name, value in given.items()}
        found = run_saved_query("coverage_alarms", arguments, warehouse, Settings())
        return [
            (alarm, name, str(day), count) for alarm, name, day, count in found.select("alarm", "publisher_name", "day", "day_count").rows()
        ]

    return ask


def without(publisher, *days):
    return lambda day: {name: count for name, count in usual(day).items() if name != publisher or day not in days}


def times(factor, publisher, on):
    return lambda day: {name: int(count * factor) if (name, day) == (publisher, on) else count for name, count in usual(day).items()}


def test_usual_weeks_give_no_alarm(alarms):
    assert alarms(days=28) == []


def test_a_daily_publisher_is_missed_on_the_third_day(alarms):
    assert alarms(without("Small", *DAYS[-2:])) == []


def test_a_publisher_that_fell_silent(alarms):
    assert alarms(without("Small", *DAYS[-3:])) == [("silent publisher", "Small", str(DAYS[-3]), 3)]


def test_a_publisher_that_comes_twice_a_week_is_given_more_time(alarms):
    assert alarms(without("Post", *DAYS[-4:])) == []  # 6 days, where 4 are usual
    assert alarms(without("Post", *DAYS[-7:])) == [("silent publisher", "Post", "2024-03-15", 10)]


def test_a_day_on_which_nothing_came(alarms):
    assert alarms(lambda day: {} if day == DAYS[-2] else usual(day)) == [("silent day", None, str(DAYS[-2]), 1)]


@pytest.mark.parametrize(("factor", "alarm"), [(0.2, "drop"), (3, "jump")])
def test_a_day_far_outside_the_usual_range(alarms, factor, alarm):
    told = alarms(times(factor, "Wire", on=DAYS[-3]))
    assert (alarm, "Wire", str(DAYS[-3]), 1) in told
    assert {(kind, day) for kind, _, day, _ in told} == {(alarm, str(DAYS[-3]))}  # of all publishers together, too


def test_few_records_are_no_jump(alarms):
    assert alarms(times(5, "Small", on=DAYS[-3])) == []
    assert alarms(times(5, "Small", on=DAYS[-3]), least=1) == [("jump", "Small", str(DAYS[-3]), 1)]


def test_what_happened_before_the_judged_days_is_not_told_again(alarms):
    assert alarms(times(3, "Wire", on=DAYS[-20])) == []


def test_an_empty_warehouse_gives_no_alarm(alarms):
    assert alarms(lambda day: {}) == []


def test_a_feed_of_a_few_days_gives_no_alarm(alarms):
    assert alarms(lambda day: usual(day) if day > DAYS[-6] else {}) == []
