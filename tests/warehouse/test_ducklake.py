"""The DuckLake as a second target: the same tables, a snapshot a release."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.config import Settings
from pipeline.contracts import PUBLIC
from pipeline.errors import DragomanError
from pipeline.warehouse import Release, ducklake, export_canonical, export_parquet, held_batches, note_audit, publish_release
from pipeline.warehouse.ducklake import read_ducklake
from pipeline.warehouse.tables import check_columns, check_rows
from tests.warehouse.factory import NOW, VERSION, Bench, a, m, rejected

pytestmark = pytest.mark.slow  # whole builds

MEETING = m("USA", "CONSULT", "RUS", on="2021-05-19")
AID = m("USA", "AID", "UKR", on="2021-05-10")


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DRAGOMAN_DUCKLAKE", str(tmp_path / "catalogue.ducklake"))
    monkeypatch.setenv("DRAGOMAN_DUCKLAKE_DATA", str(tmp_path / "rows"))
    return Settings.from_environment()


def publish(warehouse: Bench) -> Release:
    for batch_id in held_batches(warehouse.workspace, Settings()):
        note_audit(batch_id, "passed", warehouse.workspace, Settings())
    return publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)


def in_lake(lake: Settings, sql: str) -> list[tuple[object, ...]]:
    with read_ducklake(lake, {}) as connection:
        return connection.execute(sql).fetchall()


def in_file(warehouse: Bench, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse.workspace.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def batches(warehouse: Bench) -> Iterator[Bench]:
    """A warehouse as it grows: a first batch, a second report, a new actor, a refused file, an article coded anew."""
    yield warehouse.build(a("x", MEETING), a("y", AID), a("z"))
    yield warehouse.build(a("w", MEETING, publisher="Another"), batch_id="b2")
    yield warehouse.build(a("v", m("a clerk", "ACCUSE", "RUS", on="2021-06-02")), batch_id="b3")
    refused, reject = rejected("bad.txt", "b4")
    yield warehouse.build(batch_id="b4", records=[refused], rejects=[reject])


def test_after_every_release_the_lake_holds_what_the_file_holds(warehouse: Bench, lake: Settings) -> None:
    for number, grown in enumerate(batches(warehouse), start=1):
        assert publish(grown).number == number
        for table in PUBLIC:
            rows = f"from {table.name} order by all"
            assert in_lake(lake, rows) == in_file(warehouse, rows), table.name
    assert in_lake(lake, "select count(*) from published.snapshots() where changes::varchar like '%dropped%'") == [(0,)]
    assert in_lake(lake, "select commit_message from published.snapshots() order by snapshot_id") == [
        (None,),
        *((f"release {number}",) for number in range(1, 5)),
    ]


def test_the_lake_keeps_the_contracts(warehouse: Bench, lake: Settings) -> None:
    publish(warehouse.build(a("x", MEETING), a("y", AID)))
    with read_ducklake(lake, {}) as connection:
        for table in PUBLIC:
            check_columns(connection, table, table.name, "Mend it.")
            check_rows(connection, table, table.name, table.name)
        undescribed = "from duckdb_columns() where database_name = 'published' and table_name in (select unnest($1)) and comment is null"
        assert connection.execute(undescribed, [[table.name for table in PUBLIC]]).fetchall() == []


def test_an_older_release_stays_readable(warehouse: Bench, lake: Settings) -> None:
    publish(warehouse.build(a("x", MEETING)))
    publish(warehouse.build(a("y", AID), batch_id="b2"))
    assert in_lake(lake, "select count(*) from events") == [(2,)]
    assert in_lake(lake, "select count(*) from events at (version => 1)") == [(1,)]


def test_written_afresh_it_holds_the_last_release_alone(warehouse: Bench, lake: Settings) -> None:
    publish(warehouse.build(a("x", MEETING)))
    last = publish(warehouse.build(a("y", AID), batch_id="b2"))
    before = set(Path(lake.ducklake_data).rglob("*.parquet"))
    ducklake.write_afresh(last.number, warehouse.workspace, lake)
    assert in_lake(lake, "from events order by all") == in_file(warehouse, "from events order by all")
    assert before.isdisjoint(Path(lake.ducklake_data).rglob("*.parquet"))
    assert publish(warehouse.build(a("z", MEETING), batch_id="b3")).number == 3
    assert in_lake(lake, "select max(release_number) from releases") == [(3,)]


def test_exports_read_the_lake_where_there_is_one(
    warehouse: Bench, lake: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(warehouse.build(a("x", MEETING), a("y", AID)))
    from_lake = [*export_canonical(warehouse.workspace, tmp_path / "1"), *export_parquet(warehouse.workspace, tmp_path / "2")]
    monkeypatch.delenv("DRAGOMAN_DUCKLAKE")
    from_file = [*export_canonical(warehouse.workspace, tmp_path / "3"), *export_parquet(warehouse.workspace, tmp_path / "4")]
    assert [path.read_bytes() for path in from_lake] == [path.read_bytes() for path in from_file]


def test_a_kill_before_the_snapshot_is_made_good(warehouse: Bench, lake: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(warehouse.build(a("x", MEETING)))
    with monkeypatch.context() as patch:
        patch.setattr(ducklake, "count_rows", lambda _, rows: len(rows))  # no two tables have equally long names
        with pytest.raises(DragomanError, match="the last snapshot stays"):
            publish(warehouse.build(a("y", AID), batch_id="b2"))
    assert in_lake(lake, "select count(*) from events") == [(1,)]
    assert publish(warehouse).is_new is False
    assert in_lake(lake, "select count(*), max(release_number) from events, releases") == [(4, 2)]


def test_a_lake_that_comes_later_catches_up(warehouse: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(warehouse.build(a("x", MEETING)))
    publish(warehouse.build(a("y", AID), batch_id="b2"))
    monkeypatch.setenv("DRAGOMAN_DUCKLAKE", str(tmp_path / "catalogue.ducklake"))
    publish(warehouse)
    late = Settings.from_environment()
    assert in_lake(late, "select release_number from releases order by all") == [(1,), (2,)]
    monkeypatch.delenv("DRAGOMAN_DUCKLAKE")
    for number in (3, 4):
        publish(warehouse.build(a(f"z{number}", MEETING), batch_id=f"b{number}"))
    monkeypatch.setenv("DRAGOMAN_DUCKLAKE", late.ducklake)
    publish(warehouse)
    assert in_lake(late, "from event_mentions order by all") == in_file(warehouse, "from event_mentions order by all")


def test_the_lake_of_an_older_dragoman_is_written_anew(warehouse: Bench, lake: Settings) -> None:
    publish(warehouse.build(a("x", MEETING)))
    with duckdb.connect() as connection:
        ducklake._load(connection, "ducklake")
        connection.execute(f"attach 'ducklake:{lake.ducklake}' as old; alter table old.events drop column confidence")
    publish(warehouse.build(a("y", AID), batch_id="b2"))
    assert in_lake(lake, "from events order by all") == in_file(warehouse, "from events order by all")
