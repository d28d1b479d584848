"""The flow bar and the strips of coverage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quality.facts import Flow, Publisher
from pipeline.quality.pictures import BAR_WIDTH, SPARK_HEIGHT, SPARK_WIDTH, flow_parts, sparkline, strip_levels

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


figures = st.floats(min_value=-1e12, max_value=1e12)


def test_a_sparkline_runs_from_the_oldest_figure_to_the_last():
    assert sparkline([0, 10, 5], None, None).points == ((4.0, 24.0), (60.0, 4.0), (116.0, 14.0))
    assert sparkline([3, 3], None, None).points == ((4.0, 14.0), (116.0, 14.0))  # nothing moved: in the middle


@pytest.mark.parametrize(
    ("minimum", "maximum", "band"),
    [(0, 10, (4.0, 20.0)), (5, None, (0.0, 14.0)), (None, 5, (14.0, 14.0)), (10, 10, (4.0, 1.0)), (None, None, None)],
)
def test_the_band_is_what_is_expected(minimum, maximum, band):
    assert sparkline([0, 10], minimum, maximum).band == band


@given(st.lists(figures, min_size=1, max_size=31), st.none() | figures, st.none() | figures)
def test_a_sparkline_stays_within_its_picture(listed, minimum, maximum):
    line = sparkline(listed, minimum, maximum)
    assert len(line.points) == len(listed)
    assert all(0 < x < SPARK_WIDTH and 0 < y < SPARK_HEIGHT for x, y in line.points)
    assert line.band is None or 0 <= line.band[0] < SPARK_HEIGHT
