"""The flow bar and the strips of coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quality.facts import Flow, Publisher
from pipeline.quality.pictures import BAR_WIDTH, flow_parts, strip_levels

counts = st.integers(min_value=0, max_value=10**9)


def publisher(*bins: int) -> Publisher:
    return Publisher("Outlet", Flow(records=sum(bins)), None, None, len(bins), bins)


def test_parts_of_a_flow():
    parts = flow_parts(Flow(records=100, coded=50, without_event=25, duplicate=25))
    assert [(part.kind, part.count, part.share) for part in parts] == [
        ("coded", 50, 0.5), ("without_event", 25, 0.25), ("duplicate", 25, 0.25), ("rejected", 0, 0.0),
    ]  # fmt: skip
    assert parts[0].x == 0 and parts[1].x > parts[0].width


def test_unaccounted_records_are_shown_only_where_there_are_any():
    assert [part.kind for part in flow_parts(Flow(records=1, unaccounted=1))][-1] == "unaccounted"


@given(counts, counts, counts, counts)
def test_the_bar_is_filled_and_nothing_that_exists_is_invisible(coded, without_event, duplicate, rejected):
    records = coded + without_event + duplicate + rejected
    parts = flow_parts(Flow(records, coded, without_event, duplicate, rejected))
    assert all((part.width >= 5) == (part.count > 0) for part in parts)
    if records:
        assert max(part.x + part.width for part in parts if part.count) == pytest.approx(BAR_WIDTH, abs=0.5)
        assert sum(part.share for part in parts) == pytest.approx(1)


def test_levels_compare_publishers_with_each_other():
    assert list(strip_levels([publisher(0, 1, 8), publisher(4, 5, 0)])) == [(0, 1, 4), (2, 3, 0)]
    assert list(strip_levels([publisher()])) == [()]
    assert list(strip_levels([publisher(0, 0)])) == [(0, 0)]
