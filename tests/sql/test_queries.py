"""What each saved query answers, on a warehouse small enough to count by hand: sample_warehouse.py tells what is in it."""

import math
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from pipeline.config import Settings, Workspace
from pipeline.contracts import EVENT_VERSIONS, EVENTS, PUBLIC
from pipeline.extracts import EXTRACT
from pipeline.warehouse import run_saved_query, saved_queries
from pipeline.warehouse.tables import ddl
from tests.sql.sample_warehouse import publish_sample
from tests.warehouse.factory import QUADS

pytestmark = pytest.mark.slow  # two releases are built

Row = tuple[Any, ...]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return publish_sample(tmp_path_factory.mktemp("sample"))


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, date) else round(value, 4) if isinstance(value, float) else value


def rows(frame: pl.DataFrame, columns: str) -> list[Row]:
    return [tuple(plain(value) for value in row) for row in frame.select(columns.split()).rows()]


def case(name: str, arguments: dict[str, str], columns: str, *expected: Row) -> Any:
    return pytest.param(name, arguments, columns, list(expected), id=" ".join([name, *(f"{k}={v}" for k, v in arguments.items())]))


CASES = [
    case(
        "dyad_month_by_quad", {"source": "RUS", "target": "UKR", "until": "2020-04-30"},
        "month covered_days verbal_cooperation_events verbal_conflict_events material_conflict_events event_count",
        ("2020-02-01", 29, 0, 2, 0, 2),
        ("2020-03-01", 11, 1, 1, 3, 5),
        ("2020-04-01", 0, None, None, None, None),
    ),
    # Protests -6 and -6, attack -9; Goldstein -6.5, -6.5, -10
    case(
        "intensity_by_dyad_month", {"source": "AFG", "since": "2021-05-01"},
        "target_country month event_count intensity_mean intensity_sum goldstein_mean goldstein_sum",
        ("AFG", "2021-05-01", 3, -7.0, -21.0, -7.6667, -23.0),
        ("AFG", "2021-06-01", 0, None, 0.0, None, 0.0),
    ),
    # No event has the United States as its place, which is none, not unknown.
    case(
        "country_month_readings", {"country": "USA", "since": "2021-04-01"},
        "month source_events target_events place_events source_goldstein_mean target_goldstein_mean place_goldstein_mean",
        ("2021-04-01", None, None, None, None, None, None),
        ("2021-05-01", 1, 1, 0, 1.0, -2.0, None),
        ("2021-06-01", 1, 0, 0, 1.0, None, None),
    ),
    # Forty covered days: 10 February, 20 February, five on 11 March; then nothing was published.
    case(
        "timeline", {"source": "RUS", "target": "UKR", "since": "2020-03-10", "until": "2020-03-12"},
        "day event_count mention_count average_7_days average_30_days",
        ("2020-03-10", 0, 0, 0.0, 0.0667),
        ("2020-03-11", 5, 5, 0.7143, 0.2),
        ("2020-03-12", None, None, 0.8333, 0.2069),
    ),
    case(
        "timeline", {"country": "UKR", "event_type": "ACCUSE", "since": "2020-03-10", "until": "2020-03-11"},
        "day event_count",
        ("2020-03-10", 0),
        ("2020-03-11", 1),
    ),
    case(
        "share_of_all_events", {"country": "AFG", "since": "2021-04-01"},
        "month covered_days event_count all_event_count share",
        ("2021-04-01", 0, None, None, None),
        ("2021-05-01", 5, 3, 5, 0.6),
        ("2021-06-01", 1, 0, 1, 0.0),
    ),
    case(
        "share_of_all_events", {"country": "USA", "reading": "target", "event_type": "ACCUSE", "since": "2021-05-01"},
        "month event_count all_event_count share",
        ("2021-05-01", 1, 5, 0.2),
        ("2021-06-01", 0, 1, 0.0),
    ),
    # Beside the plan, which counts only where all statuses do
    case("share_of_all_events", {"since": "2021-06-01", "status": "any"}, "month event_count share", ("2021-06-01", 2, 1.0)),
    # The report of protests 'in May' is one of those of the 21st.
    case(
        "protest_map", {},
        "period_start place_name latitude event_count riot_count mention_count most_participants killed",
        ("2021-05-01", "Kandahar", 31.61, 1, 1, 1, None, 2),
        ("2021-05-01", "Kabul", 34.53, 1, 0, 2, 300, None),
    ),
    case("protest_map", {"period": "day", "since": "2021-05-22"}, "period_start place_name", ("2021-05-22", "Kandahar")),
    case("protest_map", {"precision": "site"}, "place_name"),
    case(
        "top_actors", {"count": "3"},
        "actor_name kind country event_count source_events target_events conflict_events mention_count",
        ("Russia", "country", "RUS", 8, 8, 0, 7, 8),
        ("Ukraine", "country", "UKR", 7, 0, 7, 6, 7),
        ("Afghanistan", "country", "AFG", 3, 0, 3, 3, 5),
    ),
    case(
        "top_actors", {"reading": "target", "quad_class": "verbal cooperation", "country": "RUS"},
        "actor_name event_count mention_count",
        ("Sergei Lavrov", 1, 2),
        ("Vladimir Putin", 1, 1),
    ),
    case(
        "top_sectors", {},
        "sector event_count source_events target_events conflict_as_source conflict_as_target",
        ("GOV", 23, 10, 13, 7, 10),
        ("CVL", 2, 2, 0, 2, 0),
        ("REB", 1, 1, 0, 1, 0),
    ),
    case(
        "top_targets", {"source": "RUS"},
        "target event_count verbal_cooperation_events verbal_conflict_events material_conflict_events goldstein_mean last_date",
        ("UKR", 7, 1, 3, 3, -4.2857, "2020-03-11"),
        ("USA", 1, 0, 1, 0, -2.0, "2021-05-20"),
    ),
    case(
        "top_targets", {"source": "USA", "by": "actor", "status": "any"},
        "target target_name event_count",
        ("putin", "Vladimir Putin", 2),
        ("lavrov", "Sergei Lavrov", 1),
    ),
    case(
        "top_dyads", {},
        "source_country target_country event_count material_events intensity_sum first_date last_date",
        ("RUS", "UKR", 6, 3, -30.0, "2020-02-10", "2020-03-11"),
        ("RUS", "USA", 1, 0, -3.0, "2021-05-20", "2021-05-20"),
    ),
    case(
        "top_dyads", {"side": "cooperation", "count": "1", "since": "2021-01-01"},
        "source_country target_country event_count mention_count intensity_sum",
        ("USA", "RUS", 2, 3, 5.0),
    ),
    # What Afghans do to Afghans is no edge.
    case(
        "edge_list", {},
        "source target source_name event_count cooperation_events conflict_events intensity_sum goldstein_mean",
        ("RUS", "UKR", None, 7, 1, 6, -27.5, -4.2857),
        ("USA", "RUS", None, 2, 2, 0, 5.0, 1.0),
        ("RUS", "USA", None, 1, 0, 1, -3.0, -2.0),
    ),
    case(
        "edge_list", {"by": "actor", "quad_class": "material conflict", "since": "2021-01-01"},
        "source target source_name target_name event_count",
        ("role:AFG:CVL", "AFG", "AFG (CVL)", "Afghanistan", 2),
        ("taliban", "AFG", "Taliban", "Afghanistan", 1),
    ),
    case(
        "four_quadrants", {"source": "RUS", "target": "UKR", "until": "2020-04-30"},
        "month event_count verbal_cooperation verbal_conflict material_conflict material_conflict_share net_cooperation",
        ("2020-02-01", 2, 0, 2, 0, 0.0, -1.0),
        ("2020-03-01", 5, 1, 1, 3, 0.6, -0.6),
        ("2020-04-01", None, None, None, None, None, None),
    ),
    case(
        "four_quadrants", {"country": "RUS", "reading": "target", "since": "2021-05-01"},
        "month event_count verbal_cooperation net_cooperation",
        ("2021-05-01", 1, 1, 1.0),
        ("2021-06-01", 1, 1, 1.0),
    ),
    # A month without events has no balance.
    case(
        "four_quadrants", {"country": "AFG", "since": "2021-06-01"},
        "month event_count net_cooperation material_conflict_share", ("2021-06-01", 0, None, None),
    ),
    # Post reprints the attack, which Wire reported, too; only the accusation is Post's alone.
    case(
        "source_audit", {},
        "publisher_name article_count duplicate_count share_with_events event_count only_here median_lag_days material_conflict_share",
        ("Wire", 5, 0, 1.0, 5, 3, 1.0, 0.6),
        ("Post", 3, 1, 1.0, 3, 1, 1.0, 0.3333),
    ),
    case(
        "source_audit", {"since": "2020-01-01", "until": "2020-12-31"},
        "publisher_name article_count share_with_events event_count only_here",
        ("Wire", 40, 0.075, 7, 7),
    ),
    # Kandahar 31.61 N 65.71 E: row 243, column 491; 243 * 720 + 491 + 1
    case(
        "prio_grid_month", {},
        "gid month longitude latitude event_count material_conflict_events killed",
        (175452, "2021-05-01", 65.75, 31.75, 2, 2, 7),
        (179779, "2021-05-01", 69.25, 34.75, 1, 1, 0),
    ),
    case(
        "changes_since", {"release": "1"},
        "change release_number event_date event_date_before source_name source_name_before mention_count mention_count_before",
        ("added", 2, "2021-06-16", None, "Joe Biden", None, 1, None),
        ("changed", 2, "2021-05-23", "2021-05-23", "Taliban", "Taliban", 2, 1),
    ),
    case("changes_since", {"release": "2"}, "event_id"),
    case("changes_since", {"release": "0", "count": "1"}, "change release_number event_date", ("added", 1, "2020-02-10")),
    case(
        "reports_vs_events", {"since": "2021-01-01"},
        "event_type event_count mention_count report_count reports_per_event most_reports",
        ("CONSULT", 2, 3, 3, 1.5, 2),
        ("PROTEST", 2, 3, 2, 1.0, 1),
        ("ACCUSE", 1, 1, 1, 1.0, 1),
        ("ASSAULT", 1, 2, 3, 3.0, 3),
    ),
    case(
        "events_between", {"since": "2021-06-01", "until": "2021-06-30", "status": "any"},
        "event_date source_name target_name status", ("2021-06-16", "Joe Biden", "Vladimir Putin", "actual"),
        ("2021-06-16", "Joe Biden", "Vladimir Putin", "future"),
    ),
    case("events_with_sentences", {"count": "1"}, "source_name event_type article_count", ("Taliban", "ASSAULT", 3)),
    case("events_with_sentences", {"status": "future"}, "source_name sentence_text", ("Joe Biden", "They did it.")),
    case("coverage_gaps", {"days": "100"}, "publisher_name last_day_before days_missing", ("Wire", "2020-03-11", 434)),
    # Wire stops after 11 March. The day that is compared with three such days, of 28, is the last to surprise.
    case(
        "coverage_alarms", {"until": "2020-03-16"}, "alarm publisher_name day day_count records usual_low usual_high",
        ("silent day", None, "2020-03-15", 1, 0, 0.7, 1.0),
        ("silent day", None, "2020-03-14", 1, 0, 1.0, 1.0),
        ("silent day", None, "2020-03-13", 1, 0, 1.0, 1.0),
        ("silent day", None, "2020-03-12", 1, 0, 1.0, 1.0),
        ("silent publisher", "Wire", "2020-03-12", 5, 0, 1.0, 1.0),
    ),
    case("rejects_by_reason", {}, "reason_code reject_count file_count", ("not_english", 1, 1)),
]  # fmt: skip
TESTED_BELOW = {"spikes", "drill_down", "why", "compare_months", "compare_types", "compare_events"}


@pytest.mark.parametrize(("name", "arguments", "columns", "expected"), CASES)
def test_answers(sample: Workspace, name: str, arguments: dict[str, str], columns: str, expected: list[Row]) -> None:
    found = rows(run_saved_query(name, arguments, sample.warehouse, Settings()), columns)
    if name == "events_between":  # two events of one day and rank stand in order of their hashes
        found = sorted(found)
    assert found == expected


def test_every_query_is_tested() -> None:
    assert {one.values[0] for one in CASES} | TESTED_BELOW == saved_queries().keys()


def test_no_answer_holds_a_not_a_number(sample: Workspace) -> None:
    required = {
        "top_targets": {"source": "RUS"},
        "changes_since": {"release": "0"},
        "events_between": {"since": "2020-01-01", "until": "2022-01-01"},
    }
    for name, saved in saved_queries().items():
        if not saved.needs_extract and name not in ("drill_down", "why"):
            frame = run_saved_query(name, required.get(name, {}), sample.warehouse, Settings())
            assert [column.name for column in frame.iter_columns() if column.dtype.is_float() and column.is_nan().any()] == [], name


def test_from_an_event_to_its_words(sample: Workspace) -> None:
    event = run_saved_query("events_with_sentences", {"count": "1"}, sample.warehouse, Settings())["event_id"][0]
    told = run_saved_query("drill_down", {"event_id": event}, sample.warehouse, Settings())
    assert rows(told, "publisher_name sentence_text article_id") == [
        ("Post", "They did it.", "attack"),
        ("Wire", "They did it.", "more dead"),
    ]
    why = run_saved_query("why", {"event_id": event}, sample.warehouse, Settings())
    assert rows(why, "killed trigger_text made_by") == [(5, "did", "rule"), (7, "did", "rule")]


# ---------------------------------------------------------------- spikes


def at_least(count: int, mean: float) -> float:
    """The probability of so many events or more, term by term."""
    return math.fsum(math.exp(n * math.log(mean) - mean - math.lgamma(n + 1)) for n in range(count, count + 2000))


def test_five_events_where_two_in_39_days_are_usual(sample: Workspace) -> None:
    spikes = run_saved_query("spikes", {"source": "RUS", "target": "UKR"}, sample.warehouse, Settings())
    assert rows(spikes, "period_start event_count expected_count before_events before_days") == [("2020-03-11", 5, 0.05, 2, 39)]
    assert spikes["probability"][0] == pytest.approx(at_least(5, 2 / 39), rel=1e-12)


def test_a_month_is_judged_by_its_covered_days(sample: Workspace) -> None:
    spikes = run_saved_query("spikes", {"by": "month", "covered": "29", "p": "0.01"}, sample.warehouse, Settings())
    assert rows(spikes, "period_start event_count covered_days before_events before_days") == [("2020-03-01", 5, 11, 2, 29)]
    assert spikes["probability"][0] == pytest.approx(at_least(5, 2 / 29 * 11), rel=1e-12)


def test_too_little_coverage_is_no_ground_to_judge(sample: Workspace) -> None:
    assert run_saved_query("spikes", {"covered": "40"}, sample.warehouse, Settings()).height == 0
    assert run_saved_query("spikes", {"p": "0.000000001"}, sample.warehouse, Settings()).height == 0


@pytest.mark.parametrize(("usual", "count"), [(1, 2), (3, 40), (50, 80), (50, 52), (900, 1000), (1, 3000)])
def test_the_tail_is_exact_for_small_and_large_numbers(tmp_path: Path, usual: int, count: int) -> None:
    path = tmp_path / "daily.duckdb"
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(31)]
    dated = [day for day in days[:-1] for _ in range(usual)] + [days[-1]] * count
    write_warehouse(path, [{"event_date": day, "event_date_end": day} for day in dated], covered=days)
    spikes = run_saved_query("spikes", {"p": "1"}, path, Settings())
    assert rows(spikes, "period_start event_count expected_count") == [("2020-01-31", count, usual)]
    assert spikes["probability"][0] == pytest.approx(at_least(count, usual), rel=1e-9, abs=0)


def test_each_day_is_judged_by_its_own_figures(tmp_path: Path) -> None:
    path = tmp_path / "uneven.duckdb"
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(120)]
    dated = [day for number, day in enumerate(days) for _ in range(number * 7 % 13 + (40 if number % 50 == 49 else 0))]
    write_warehouse(path, [{"event_date": day, "event_date_end": day} for day in dated], covered=days)
    spikes = run_saved_query("spikes", {"p": "1", "covered": "1"}, path, Settings())
    assert spikes.height > 40
    for count, before_events, before_days, probability in spikes.select(
        "event_count", "before_events", "before_days", "probability"
    ).rows():
        assert probability == pytest.approx(at_least(count, max(before_events, 1) / before_days), rel=1e-9, abs=0)


# ---------------------------------------------------------------- changes


def test_what_is_gone_is_told_with_what_it_was(tmp_path: Path) -> None:
    """1: stood in releases 1 and 2. 2: told as two dead, then as five. 3: came and went between. 4: as it was."""
    path = tmp_path / "changed.duckdb"
    now = [
        {"event_id": "2", "killed": 5, "valid_from_release": 3},
        {"event_id": "4"},
    ]
    before = [
        {"event_id": "1", "valid_to_release": 3},
        {"event_id": "2", "killed": 2, "valid_to_release": 3},
        {"event_id": "3", "valid_from_release": 2, "valid_to_release": 3},
    ]
    write_warehouse(path, now, before)
    columns = "change event_id killed killed_before release_number"

    def since(release: int) -> list[Row]:
        return rows(run_saved_query("changes_since", {"release": str(release)}, path, Settings()), columns)

    assert since(1) == [("changed", "2", 5, 2, 3), ("withdrawn", "1", None, None, 3)]
    assert since(2) == [("changed", "2", 5, 2, 3), ("withdrawn", "1", None, None, 3), ("withdrawn", "3", None, None, 3)]
    assert since(3) == []


# ---------------------------------------------------------------- beside another data set


def theirs(
    day: str, source: str | None, target: str | None, quad: str, kind: str | None = None, place: str | None = None
) -> dict[str, Any]:
    return {
        "extract_event_id": f"{day} {source} {target}", "event_date": date.fromisoformat(day), "source_country": source,
        "target_country": target, "quad_class": quad, "event_type": kind, "place_country": place,
    }  # fmt: skip


OTHERS = [
    theirs("2020-02-11", "RUS", "UKR", "verbal conflict", "ACCUSE"),
    theirs("2020-02-25", "RUS", "UKR", "verbal conflict", "THREATEN"),
    theirs("2020-03-11", "RUS", "UKR", "material conflict", "ASSAULT"),
    theirs("2020-03-11", "RUS", "UKR", "material conflict", "ASSAULT"),
    theirs("2020-03-12", "RUS", "UKR", "verbal cooperation"),
    theirs("2021-05-21", None, None, "material conflict", "PROTEST", "AFG"),
    theirs("2021-06-20", "GBR", "FRA", "verbal cooperation", "CONSULT"),
]


def beside(sample: Workspace, name: str, columns: str, **arguments: str) -> list[Row]:
    extract = pl.DataFrame([{key: row.get(key) for key in EXTRACT.column_names} for row in OTHERS], schema=EXTRACT.polars_schema)
    return rows(run_saved_query(name, arguments, sample.warehouse, Settings(), extract), columns)


def test_months_beside_another_data_set(sample: Workspace) -> None:
    assert beside(sample, "compare_months", "month our_events their_events ratio correlation") == [
        ("2020-02-01", 2, 2, 1.0, 0.38),
        ("2020-03-01", 5, 3, 1.6667, 0.38),
        ("2021-05-01", 5, 1, 5.0, 0.38),
        ("2021-06-01", 1, 1, 1.0, 0.38),
    ]
    assert beside(sample, "compare_months", "our_events their_events ratio", country="AFG", since="2021-06-01") == [(0, 0, None)]


def test_types_beside_another_data_set(sample: Workspace) -> None:
    assert beside(sample, "compare_types", "event_type our_events their_events our_share their_share", source="RUS", target="UKR") == [
        ("ACCUSE", 3, 1, 0.4286, 0.2),
        ("ASSAULT", 1, 2, 0.1429, 0.4),
        ("COERCE", 1, 0, 0.1429, 0.0),
        ("CONSULT", 1, 0, 0.1429, 0.0),
        ("SANCTION", 1, 0, 0.1429, 0.0),
        ("THREATEN", 0, 1, 0.0, 0.2),
        (None, 0, 1, 0.0, 0.2),
    ]


def test_events_beside_another_data_set(sample: Workspace) -> None:
    columns = "found event_date their_date quad_class our_events their_events"
    assert beside(sample, "compare_events", columns, source="RUS", until="2020-12-31") == [
        ("both", "2020-02-10", "2020-02-11", "verbal conflict", 1, 1),
        ("ours", "2020-02-20", None, "verbal conflict", 1, 0),
        ("theirs", None, "2020-02-25", "verbal conflict", 0, 1),
        ("both", "2020-03-11", "2020-03-11", "material conflict", 3, 2),
        ("ours", "2020-03-11", None, "verbal conflict", 1, 0),
        ("both", "2020-03-11", "2020-03-12", "verbal cooperation", 1, 1),
    ]
    # 10 February lies before the period, but it is where the event of the 11th was found.
    assert beside(sample, "compare_events", columns, since="2020-02-11", until="2020-02-11") == [
        ("both", "2020-02-10", "2020-02-11", "verbal conflict", 1, 1)
    ]
    assert beside(sample, "compare_events", columns, found="theirs", since="2021-01-01") == [
        ("theirs", None, "2021-06-20", "verbal cooperation", 0, 1)
    ]
    assert len(beside(sample, "compare_events", columns, source="RUS", until="2020-12-31", days="5", found="both")) == 4


# ---------------------------------------------------------------- a file of events alone


def write_warehouse(
    path: Path, events: list[dict[str, Any]], versions: list[dict[str, Any]] | None = None, covered: list[date] | None = None
) -> None:
    """A published file that holds these events, and outlets' coverage of these days."""
    with duckdb.connect(str(path)) as connection:
        for table in PUBLIC:
            connection.execute(ddl(table, table.name))
        for table, given in ((EVENTS, events), (EVENT_VERSIONS, versions or [])):
            held = [event(number) | row for number, row in enumerate(given)]
            frame = pl.DataFrame(
                [{name: row.get(name) for name in table.column_names} for row in held], schema=table.polars_schema, orient="row"
            )
            connection.register("frame", frame)
            connection.execute(f"insert into {table.name} select * from frame")
        for one in covered or []:
            connection.execute("insert into coverage select 'Wire', $1, null, 1, 1, 1, 0, 0, 0", [one])


def event(number: int) -> dict[str, Any]:
    """An event, with what must not be null."""
    quad, intensity, cameo, goldstein = QUADS["ACCUSE"]
    return {
        "event_id": f"{number:016x}", "event_type": "ACCUSE", "contexts": [], "quad_class": quad, "intensity": intensity,
        "cameo_code": cameo, "goldstein_score": goldstein, "status": "actual", "source_country": "RUS", "target_country": "UKR",
        "mention_count": 1, "article_count": 1, "publisher_count": 1, "confidence": 0.8, "coder_version": "1", "valid_from_release": 1,
    }  # fmt: skip
