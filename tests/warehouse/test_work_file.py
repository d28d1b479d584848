"""The work file as a file: copies of it, and what upkeep takes out of it."""

from datetime import datetime

import duckdb
import polars as pl
import pytest

from pipeline.config import Settings
from pipeline.errors import WarehouseLocked
from pipeline.warehouse import (
    build_tables,
    compact,
    copied_aside,
    empty_texts,
    load_batch,
    publish_afresh,
    publish_release,
    put_in_place,
    superseded_codings,
    writing_alone,
)
from tests.warehouse.factory import NOW, VERSION, a, bench, code, m, reference

pytestmark = pytest.mark.slow  # each builds a warehouse

SETTINGS = Settings()
MET = m("USA", "CONSULT", "RUS", on="2021-05-19")
ACCUSED = m("RUS", "ACCUSE", "USA", on="2021-05-20")
PLACEMENT = "select table_schema, table_name, column_name, is_nullable, data_type from information_schema.columns order by all"


def published(warehouse, sql):
    with duckdb.connect(str(warehouse.workspace.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def released(warehouse):
    warehouse.build(a("one", MET), a("two", ACCUSED))
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    return warehouse


def test_a_compacted_file_holds_the_same_and_is_smaller(released):
    with duckdb.connect(str(released.workspace.work_file)) as connection:
        connection.execute("create table ballast as select random() as n from range(2_000_000)")
        # DuckDB gives back free space at the end of a file, but not before something that stays.
        connection.execute("create table stays as select random() as n from range(200_000)")
        connection.execute("checkpoint")
        connection.execute("drop table ballast")
    shape, events = released.rows(PLACEMENT), released.rows("from events order by all")
    assert compact(released.workspace, SETTINGS) > 5_000_000
    assert released.rows(PLACEMENT) == shape
    assert released.rows("from events order by all") == events
    released.build(a("three", ACCUSED), batch_id="b2")
    assert released.column("select article_count from events where event_type = 'ACCUSE'") == [2]


def test_work_in_a_copy_is_not_seen_until_it_is_put_in_place(released):
    with writing_alone(released.workspace):
        copy = copied_aside("recoding", released.workspace, SETTINGS)
        code(copy, "b1-0", [a("one"), a("two", ACCUSED)], version="test-2")
        load_batch("again", ["b1-0"], copy, reference(), "test-2")
        build_tables(copy)
        assert released.column("select count(*) from events") == [2]
        put_in_place(copy, released.workspace)
    assert released.rows("select event_type, coder_version from events") == [("ACCUSE", "test-2")]
    assert publish_release("again", "passed", released.workspace, "test-2", NOW).withdrawn == 1


def test_only_articles_of_the_days_are_loaded_anew(warehouse):
    may, june = a("may", MET, published="2021-05-20"), a("june", MET, published="2021-06-20")
    warehouse.build(may, june, a("undated", MET, published=None))
    code(warehouse.workspace, "b1-0", [may, june], version="test-2")
    days = (datetime(2021, 6, 1).date(), datetime(2021, 6, 30).date())
    assert load_batch("again", ["b1-0"], warehouse.workspace, reference(), "test-2", days=days).coded_articles == 1
    coded = warehouse.rows("select article_id, coder_version from raw.coded_articles order by all")
    assert coded == [("june", "test-2"), ("may", VERSION), ("undated", VERSION)]


def test_a_batch_that_waits_for_its_publication_is_not_carried_past_its_audit(warehouse):
    warehouse.build(a("one", MET))
    with writing_alone(warehouse.workspace), pytest.raises(WarehouseLocked, match="not published yet"):
        copied_aside("recoding", warehouse.workspace, SETTINGS)


def test_an_expired_text_is_nowhere_in_any_file_and_its_events_stay(released):
    workspace = released.workspace
    assert empty_texts(pl.DataFrame({"article_id": ["one", "unknown"]}), workspace, SETTINGS) == 1
    build_tables(workspace)
    publish_release("upkeep", "passed", workspace, VERSION, NOW)
    publish_afresh(workspace, SETTINGS)
    compact(workspace, SETTINGS)
    assert published(released, "select article_id, text from articles order by all") == [("one", None), ("two", "Text of two.")]
    assert published(released, "select event_type, sentence_text from event_mentions order by all") == [
        ("ACCUSE", "They did it."),
        ("CONSULT", "They did it."),
    ]
    files = [path for path in workspace.warehouse.parent.rglob("*.duckdb*") if path.is_file()]
    assert len(files) == 2  # no spare
    assert not any(b"Text of one." in path.read_bytes() for path in files)


def test_what_has_no_text_any_more_keeps_the_coding_that_it_has(released):
    empty_texts(pl.DataFrame({"article_id": ["one"]}), released.workspace, SETTINGS)
    code(released.workspace, "b1-0", [a("one"), a("two")], version="test-2")
    load_batch("again", ["b1-0"], released.workspace, reference(), "test-2")
    build_tables(released.workspace)
    assert released.rows("select article_id, event_count, coder_version from articles order by all") == [
        ("one", 1, VERSION),
        ("two", 0, "test-2"),
    ]


def test_a_coding_is_superseded_once_the_work_file_holds_nothing_of_it(tmp_path):
    warehouse = bench(tmp_path).build(a("one", MET))
    warehouse.build(a("two", MET), batch_id="b2")
    code(warehouse.workspace, "b1-0", [a("one")], version="test-2")
    assert superseded_codings("test-2", warehouse.workspace, SETTINGS) == []
    load_batch("again", ["b1-0"], warehouse.workspace, reference(), "test-2")
    assert superseded_codings("test-2", warehouse.workspace, SETTINGS) == [(VERSION, "b1-0")]
