"""Flow and coverage of a batch, read from the warehouse itself."""

from datetime import date

import duckdb
import pytest

from pipeline.quality.facts import MAX_BINS, MAX_PUBLISHERS, Flow, columns_built, read_facts

from .conftest import BATCH

pytestmark = pytest.mark.slow  # each test copies a warehouse


def facts(work_file, batch_id=BATCH):
    with duckdb.connect(str(work_file), read_only=True) as warehouse:
        return read_facts(warehouse, batch_id)


def test_a_flow_adds_up(healthy):
    assert facts(healthy).flow == Flow(records=63, coded=48, without_event=6, duplicate=6, rejected=3)
    assert facts(healthy).table_rows["events"] == 48


def test_another_batch_has_nothing(healthy):
    found = facts(healthy, "b0002")
    assert (found.flow, found.publishers, found.first_day, found.problem) == (Flow(), (), None, None)


def test_a_record_whose_article_is_lost_is_unaccounted(broken):
    found = facts(broken("delete from articles where article_id in ('a000000', 'a000001')"))
    assert found.flow == Flow(records=63, coded=46, without_event=6, duplicate=6, rejected=3, unaccounted=2)


def test_a_repeated_record_is_a_duplicate_of_an_article_that_was_coded(broken):
    assert facts(broken("update records set is_repeat = true where record_id = 'r000000'")).flow.duplicate == 7


@pytest.mark.parametrize(
    ("last_day", "days", "bins"),
    [
        (date(2021, 5, 28), 1, 28),
        (date(2021, 6, 29), 1, 60),
        (date(2021, 6, 30), 7, 9),
        (date(2031, 4, 30), 91, 41),
        (date(2061, 5, 1), 365, 41),
    ],
)
def test_bins_are_days_weeks_months_or_years(broken, last_day, days, bins):
    found = facts(broken(f"update records set published_at = '{last_day}' where record_id = 'r000027'"))
    assert (found.bin_days, {len(each.bins) for each in found.publishers}) == (days, {bins}) and bins <= MAX_BINS
    assert sum(sum(each.bins) for each in found.publishers) == 60  # the rejects have no day


def test_many_publishers_are_bounded_and_told(broken):
    found = facts(broken("update records set publisher_name = 'Outlet ' || record_number || record_id"))
    assert (len(found.publishers), found.publisher_count) == (MAX_PUBLISHERS, 63)


def test_a_table_that_lacks_a_column_is_a_problem_not_a_crash(broken):
    path = broken("alter table articles drop column outcome")
    assert facts(path).flow is None and "outcome" in facts(path).problem
    with duckdb.connect(str(path), read_only=True) as warehouse:
        assert "outcome" not in columns_built(warehouse)["articles"]
