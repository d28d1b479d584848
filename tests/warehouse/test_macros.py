"""Macros and views: what they answer, wherever the file is opened, and that they say what they are."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipeline import resources
from pipeline.contracts import PUBLIC, STATUSES
from pipeline.errors import ContractError, SeedError
from pipeline.warehouse import publish_release
from pipeline.warehouse.macros import Macro, View, create_macros, macros, views
from pipeline.warehouse.tables import ddl
from tests.warehouse.factory import NOW, VERSION, a, bench, m

pytestmark = pytest.mark.slow  # many files opened, and a process a query

EVENTS_BETWEEN = "select source_name, event_type, target_name from events_between"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: meetings, an accusation and a threat of three months, of which April is not covered; then one report more."""
    warehouse = bench(tmp_path_factory.mktemp("macros"))
    meeting = m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik", latitude=64.15, longitude=-21.94)
    warehouse.build(
        a("w", m("UKR", "ACCUSE", "RUS", on="2021-03-02"), published="2021-03-03"),
        a("x", meeting, m("RUS", "SANCTION", "USA", on="2021-06", status="future")),
        a("y", m("USA", "CONSULT", "RUS", on="2021-05-19"), m("RUS", "ACCUSE", "USA", on="2021-05-20"), publisher="Post"),
    )
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    warehouse.build(a("z", m("RUS", "ACCUSE", "USA", on="2021-05-20"), published="2021-05-22"), batch_id="b2")
    publish_release("b2", "passed", warehouse.workspace, VERSION, NOW)
    path = warehouse.workspace.warehouse
    with duckdb.connect(str(path)) as connection:
        create_macros(connection)
    return path


@pytest.fixture
def connection(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


@pytest.fixture
def empty() -> Iterator[duckdb.DuckDBPyConnection]:
    """The public tables without a row."""
    with duckdb.connect() as connection:
        for table in PUBLIC:
            connection.execute(ddl(table, table.name))
        yield connection


def rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[Any, ...]]:
    return connection.execute(sql).fetchall()


# ---------------------------------------------------------------- what they answer

ASKED = [
    # an event touches the span with its first or last day; what did not happen is left out
    (f"{EVENTS_BETWEEN}('2021-05-01', '2021-05-31')",
     [("Antony Blinken", "CONSULT", "Sergei Lavrov"), ("Russia", "ACCUSE", "United States")]),
    (f"{EVENTS_BETWEEN}('2021-06-30', '2021-07-31')", []),
    (f"{EVENTS_BETWEEN}('2021-06-30', '2021-07-31', statuses := ['future', 'conditional'])", [("Russia", "SANCTION", "United States")]),
    (f"{EVENTS_BETWEEN}(date '2021-03-02', date '2021-03-02')", [("Ukraine", "ACCUSE", "Russia")]),
    # a dyad has a direction, and people count for their countries
    ("select source_name, source_country_name from dyad('USA', 'RUS')", [("Antony Blinken", "United States")]),
    ("select event_type from dyad('RUS', 'USA')", [("ACCUSE",)]),
    ("select event_type from dyad_both('USA', 'RUS')", [("CONSULT",), ("ACCUSE",)]),
    ("select event_type from dyad_both('RUS', 'USA', statuses := ['actual', 'future'])", [("CONSULT",), ("ACCUSE",), ("SANCTION",)]),
    # zero where covered, null where not
    ("select month::varchar, event_count, mention_count from dyad_months('USA', 'RUS')",
     [("2021-03-01", 0, 0), ("2021-04-01", None, None), ("2021-05-01", 1, 2)]),
    ("select verbal_conflict_events, intensity_sum, intensity_mean from dyad_months('UKR', 'RUS')",
     [(1, -3.0, -3.0), (None, None, None), (0, 0.0, None)]),
    ("select reading, event_count from country_months('UKR') where month = '2021-03-01'", [("place", 0), ("source", 1), ("target", 0)]),
    ("select count(*) from dyad_months('USA', 'Russia')", [(0,)]),  # a name is no code: nothing rather than zeros
    ("select count(*) from country_months('Russia')", [(0,)]),
    ("select count(*) from month_of('Russia')", [(0,)]),
    # three readings side by side
    ("select month::varchar, source_events, target_events, place_events, target_mentions from month_of('RUS')",
     [("2021-03-01", 0, 1, 0, 1), ("2021-04-01", None, None, None, None), ("2021-05-01", 1, 1, 0, 2)]),
    ("select place_events, source_events, source_intensity_mean from month_of('ISL') where month = '2021-05-01'", [(1, 0, None)]),
    # values
    ("select country_name('RUS'), country_name('XXX'), country_name(null)", [("Russia", None, None)]),
    ("select quad_code(quad_class) from (values ('verbal cooperation'), ('material conflict'), ('war'), (null)) as told(quad_class)",
     [(1,), (4,), (None,), (None,)]),
    # PRIO-GRID: 1 in the south-west corner, 720 a row, and the north-east corner is the last one
    ("select prio_grid(-90, -180), prio_grid(-89.75, 179.9), prio_grid(90, 180), prio_grid(64.15, -21.94), prio_grid(null, 1)",
     [(1, 720, 259200, 308 * 720 + 316 + 1, None)]),
    # names joined
    ("select definition, place_country_name is null from events_readable where event_type = 'SANCTION'", [("What belongs here.", True)]),
    ("select distinct source_country_name, target_country_name from dyad_month_named where source_country = 'UKR'",
     [("Ukraine", "Russia")]),
    ("select distinct country_name from country_month_named where country = 'USA'", [("United States",)]),
    ("select distinct actor_name, kind from actor_month_named where actor_id = 'blinken'", [("Antony Blinken", "person")]),
    ("select month::varchar, covered_days from covered_months order by month", [("2021-03-01", 1), ("2021-04-01", 0), ("2021-05-01", 2)]),
    ("select country_name from countries where country = 'COD'", [("Congo",)]),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "answer"), ASKED, ids=range(len(ASKED)))
def test_answers(connection: duckdb.DuckDBPyConnection, sql: str, answer: list[tuple[Any, ...]]) -> None:
    assert rows(connection, sql) == answer


def test_from_a_dyad_to_its_sentences(connection: duckdb.DuckDBPyConnection) -> None:
    ((event_id,),) = rows(connection, "select event_id from dyad('USA', 'RUS')")
    told = rows(connection, f"select publisher_name, source_name, sentence_text from sentences('{event_id}')")
    assert told == [("Wire", "Antony Blinken", "They did it."), ("Post", "United States", "They did it.")]


def test_a_release_is_told_as_it_was(connection: duckdb.DuckDBPyConnection) -> None:
    counts = "select event_id, mention_count from events_as_of({}) where event_type = 'ACCUSE' and source_country = 'RUS'"
    (was,), (now,) = rows(connection, counts.format(1)), rows(connection, counts.format(2))
    assert (was[1], now[1]) == (1, 2)
    assert was[0] == now[0]
    assert rows(connection, "select count(*) from events_as_of(0)") == [(0,)]
    assert rows(connection, "select * from events_as_of(2) order by event_id") == rows(connection, "select * from events order by event_id")


def test_panels_of_macros_agree_with_the_tables(connection: duckdb.DuckDBPyConnection) -> None:
    dyads = rows(connection, "select distinct source_country, target_country from dyad_month")
    assert dyads
    for source, target in dyads:
        macro = f"from dyad_months('{source}', '{target}')"
        kept = ", ".join(row[0] for row in rows(connection, f"describe {macro}"))
        panel = f"select {kept} from dyad_month where source_country = '{source}' and target_country = '{target}' order by month"
        assert rows(connection, macro) == rows(connection, panel)
    for country, reading in rows(connection, "select distinct country, reading from country_month"):
        macro = f"from country_months('{country}')"
        kept = ", ".join(row[0] for row in rows(connection, f"describe {macro}"))
        panel = f"select {kept} from country_month where country = '{country}' and reading = '{reading}' order by month"
        assert rows(connection, f"{macro} where reading = '{reading}' order by month") == rows(connection, panel)


def test_every_event_stands_once_in_events_readable(connection: duckdb.DuckDBPyConnection) -> None:
    assert rows(connection, "select event_id from events_readable order by all") == rows(
        connection, "select event_id from events order by all"
    )
    every = ", ".join(f"'{status}'" for status in STATUSES)
    everything = f"select count(*) from events_between('0001-01-01', '9999-12-31', statuses := [{every}])"
    assert rows(connection, everything) == rows(connection, "select count(event_date) from events")


# ---------------------------------------------------------------- wherever the file is opened

USES = [macro.use for macro in macros()] + [f"from {view.name}" for view in views()]


@pytest.mark.parametrize("sql", USES)
def test_the_use_of_each_runs_as_it_stands(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    rows(connection, sql)


@pytest.mark.parametrize("sql", USES)
def test_the_use_of_each_runs_on_an_empty_warehouse(empty: duckdb.DuckDBPyConnection, sql: str) -> None:
    create_macros(empty)
    rows(empty, sql)


def test_views_can_be_read_under_another_name_and_macros_after_use(published: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{published}' as w (read_only)")
        for view in views():
            rows(connection, f"from w.{view.name}")
        assert rows(connection, "select w.quad_code('verbal conflict'), w.prio_grid(-90, -180)") == [(3, 1)]
        with pytest.raises(duckdb.CatalogException):
            rows(connection, "from w.dyad('USA', 'RUS')")  # as docs/TOOLS.md says; better than reading another database's tables
        connection.execute("use w")
        for macro in macros():
            rows(connection, macro.use)


def test_the_file_may_be_moved_and_renamed(published: Path, tmp_path: Path) -> None:
    moved = shutil.copyfile(published, tmp_path / "elsewhere.duckdb")
    with duckdb.connect(str(moved), read_only=True) as connection:
        for sql in USES:
            rows(connection, sql)


def test_the_duckdb_cli_reads_them(published: Path) -> None:
    cli = Path(sys.executable).with_name("duckdb")
    sql = "select source_country_name, event_type from dyad('USA', 'RUS')"
    done = subprocess.run([cli, "-readonly", "-json", published, sql], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [{"source_country_name": "United States", "event_type": "CONSULT"}]


# ---------------------------------------------------------------- what they are


def test_everything_has_its_comment(connection: duckdb.DuckDBPyConnection) -> None:
    told = dict(rows(connection, "select function_name, comment from duckdb_functions() where not internal"))
    assert told.keys() == {macro.name for macro in macros()}
    assert "from dyad('USA', 'RUS')" in told["dyad"]
    told = dict(rows(connection, "select view_name, comment from duckdb_views() where not internal"))
    assert told.keys() == {view.name for view in views()}
    assert all(told.values())
    silent = "select table_name, column_name from duckdb_columns() where not internal and comment is null"
    assert rows(connection, silent) == []
    meaning = "select comment from duckdb_columns() where table_name = 'dyad_month_named' and column_name = 'event_count'"
    assert rows(connection, meaning) == [("Actual distinct events",)]


def test_creating_them_again_changes_nothing_and_old_ones_go(empty: duckdb.DuckDBPyConnection) -> None:
    empty.execute("create macro old_scalar(x) as x; create macro old_table(x) as table select x; create view old_view as from events")
    create_macros(empty)
    create_macros(empty)
    made = rows(
        empty,
        "select function_name from duckdb_functions() where not internal union all select view_name from duckdb_views() where not internal",
    )
    assert sorted(name for (name,) in made) == sorted(item.name for item in (*macros(), *views()))


def test_a_table_of_another_form_is_named(empty: duckdb.DuckDBPyConnection) -> None:
    empty.execute("alter table events drop column killed")
    with pytest.raises(ContractError, match=r"sql/views/events_readable.sql: .*killed"):
        create_macros(empty)


def folder_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sql: str) -> None:
    for folder in ("macros", "views"):
        (tmp_path / folder).mkdir()
    (tmp_path / name).write_text(sql)
    monkeypatch.setattr(resources, "SQL", tmp_path)


HEAD = "-- grain: a value\n-- why: to see\n"


def test_no_macro_hides_a_function_of_duckdb(empty: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_of(tmp_path, monkeypatch, "macros/upper.sql", f"{HEAD}-- use: select upper('x')\ncreate or replace macro upper(x) as\nx\n")
    with pytest.raises(ContractError, match=r"sql/macros/upper.sql: DuckDB has a function of that name"):
        create_macros(empty)


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("macros/half.sql", f"{HEAD}create or replace macro half(x) as\nx / 2\n"),
        ("macros/half.sql", f"{HEAD}-- use: select half(1)\ncreate or replace macro third(x) as\nx / 3\n"),
        ("views/half.sql", "select 1 as one\n"),
    ],
)
def test_a_file_without_its_head_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sql: str) -> None:
    folder_of(tmp_path, monkeypatch, name, sql)
    with pytest.raises(SeedError, match=r"half.sql: (must begin with|the first two lines)"):
        macros(), views()


def test_a_column_that_nothing_explains_is_named(empty: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_of(tmp_path, monkeypatch, "views/odd.sql", f"{HEAD}select 1 as oddity from events\n")
    with pytest.raises(ContractError, match=r"sql/views/odd.sql: nothing says what column oddity means"):
        create_macros(empty)


def test_names_are_told_apart() -> None:
    names = [item.name for item in (*macros(), *views())] + [table.name for table in PUBLIC]
    assert len(names) == len(set(names))
    assert all(isinstance(item, (Macro, View)) and item.grain and item.why for item in (*macros(), *views()))
