"""Queries and saved queries: what they answer. What is refused, and why, stands in test_door.py."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.config import Settings, Workspace
from pipeline.errors import InputError, QueryRefused
from pipeline.warehouse import publish_release
from pipeline.warehouse.reading import query, run_saved_query, saved_queries
from tests.warehouse.factory import NOW, VERSION, a, bench, m, rejected

pytestmark = pytest.mark.slow  # a process a query

SETTINGS = Settings(sql_timeout_seconds=120)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Two meetings and an accusation, of two outlets."""
    warehouse = bench(tmp_path_factory.mktemp("published"))
    refused, reject = rejected("Wire/x.bin", "b1")
    warehouse.build(
        a("x", m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik"), title="<script>alert(1)</script>"),
        a("y", m("USA", "CONSULT", "RUS", on="2021-05-19"), m("RUS", "ACCUSE", "USA", on="2021-05-20"), publisher="Post"),
        a("z", m("biden", "CONSULT", "putin", on="2021-06-16", at="Geneva"), published="2021-06-17"),
        records=[refused],
        rejects=[reject],
    )
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    yield warehouse.workspace


def ask(published: Workspace, sql: str, **settings: object) -> list[tuple[object, ...]]:
    return query(sql, published.warehouse, replace(SETTINGS, **settings)).rows()  # type: ignore[arg-type]


def test_a_select_is_answered(published: Workspace) -> None:
    sql = (
        "with met as (from events where event_type = $kind) select source_country, place_name from met order by event_date, source_country"
    )
    frame = query(sql, published.warehouse, SETTINGS, {"kind": "CONSULT"})
    assert frame.rows() == [("USA", "Reykjavik"), ("USA", "Geneva")]


def test_what_cannot_be_shown_says_how(published: Workspace) -> None:
    with pytest.raises(QueryRefused, match=r"column gap is of type .*interval.*; write \(gap\)::varchar"):
        ask(published, "select interval 1 day as gap")


def test_equal_names_are_numbered(published: Workspace) -> None:
    assert query("select 1 as a, 2 as a, 3 as a_1", published.warehouse, SETTINGS).columns == ["a", "a_1", "a_1_1"]


def test_no_warehouse(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no warehouse is published here; run `dragoman run"):
        query("select 1", tmp_path / "none.duckdb", SETTINGS)


# ---------------------------------------------------------------- saved queries


def saved(published: Workspace, name: str, **arguments: str) -> list[tuple[object, ...]]:
    return run_saved_query(name, arguments, published.warehouse, SETTINGS).rows()


def test_saved_queries_say_what_they_are() -> None:
    queries = saved_queries()
    assert {
        "events_between",
        "dyad_month_by_quad",
        "top_dyads",
        "events_with_sentences",
    } <= queries.keys()
    assert {"drill_down", "why", "reports_vs_events", "rejects_by_reason", "coverage_gaps"} <= queries.keys()
    for query_ in queries.values():
        used = {parameter.name for parameter in query_.parameters if f"${parameter.name}" in query_.sql}
        assert used == {parameter.name for parameter in query_.parameters}


def test_events_between(published: Workspace) -> None:
    frame = run_saved_query("events_between", {"since": "2021-05-01", "until": "2021-05-31"}, published.warehouse, SETTINGS)
    assert frame.select("event_type", "source_name", "article_count").rows() == [("CONSULT", "Antony Blinken", 2), ("ACCUSE", "Russia", 1)]


def test_top_dyads(published: Workspace) -> None:
    assert [row[:3] for row in saved(published, "top_dyads")] == [("RUS", "USA", 1)]
    assert [row[:4] for row in saved(published, "top_dyads", side="cooperation")] == [("USA", "RUS", 2, 3)]


def test_dyad_month_by_quad(published: Workspace) -> None:
    rows = run_saved_query("dyad_month_by_quad", {"source": "USA", "target": "RUS"}, published.warehouse, SETTINGS)
    assert rows["verbal_cooperation_events"].to_list() == [1, 1]
    assert rows["verbal_conflict_events"].to_list() == [0, 0]


def test_from_an_event_to_its_sentences(published: Workspace) -> None:
    event = run_saved_query("events_with_sentences", {"count": "1"}, published.warehouse, SETTINGS).row(0, named=True)
    assert (event["source_name"], event["article_count"], event["sentence_text"]) == ("Antony Blinken", 2, "They did it.")
    told = run_saved_query("drill_down", {"event_id": event["event_id"]}, published.warehouse, SETTINGS)
    assert told["publisher_name"].to_list() == ["Wire", "Post"]
    why = run_saved_query("why", {"event_id": event["event_id"]}, published.warehouse, SETTINGS)
    assert why["trigger_text"].to_list() == ["did", "did"]
    assert why["title"].to_list() == ["<script>alert(1)</script>", None]


def test_reports_against_events(published: Workspace) -> None:
    assert saved(published, "reports_vs_events") == [("CONSULT", 2, 3, 3, 1.5, 2), ("ACCUSE", 1, 1, 1, 1.0, 1)]


def test_rejects_by_reason(published: Workspace) -> None:
    assert [row[:3] for row in saved(published, "rejects_by_reason")] == [("not_english", 1, 1)]


def test_coverage_gaps(published: Workspace) -> None:
    gaps = run_saved_query("coverage_gaps", {"days": "20"}, published.warehouse, SETTINGS)
    assert gaps.select("publisher_name", "days_missing").rows() == [("Wire", 27)]


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("eventz", {}, "no saved query 'eventz'; there are changes_since, "),
        ("drill_down", {}, r"needs event_id=…; its parameters are: event_id \(text: the event\)"),
        ("drill_down", {"event": "1"}, r"has no parameter 'event'; its parameters are: event_id"),
        ("events_between", {"since": "yesterday", "until": "2021-05-01"}, "parameter since='yesterday' is not a date such as 2021-05-19"),
        ("events_between", {"since": "2021-01-01", "until": "2021-12-31", "status": "any' or 'a'='a"}, "is not one of actual, future, "),
        ("top_dyads", {"side": "both"}, "parameter side='both' is not one of conflict, cooperation"),
        ("timeline", {"country": "Russia"}, "parameter country='Russia' is not an ISO 3166-1 alpha-3 code such as UKR"),
        ("timeline", {"event_type": "WAR"}, "parameter event_type='WAR' is not one of AGREE, CONSULT, "),
        ("compare_months", {}, "query compare_months compares with a foreign extract; run `dragoman compare "),
        ("top_dyads", {"count": "many"}, "parameter count='many' is not of type integer"),
    ],
)
def test_wrong_arguments(published: Workspace, name: str, arguments: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        run_saved_query(name, arguments, published.warehouse, SETTINGS)


def test_an_argument_is_a_value_and_never_sql(published: Workspace) -> None:
    assert saved(published, "drill_down", event_id="' or 1=1 --") == []
    assert saved(published, "why", event_id="any' or 'a'='a") == []
