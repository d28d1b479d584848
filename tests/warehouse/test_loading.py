"""Loading is idempotent, in any order, by one writer."""

import multiprocessing
import os
import signal
import time
from pathlib import Path

import pytest

from pipeline.config import Settings, Workspace
from pipeline.errors import ContractError, InputError, WarehouseLocked
from pipeline.warehouse import LoadCounts, build_tables, load_batch
from pipeline.warehouse.connection import writer
from tests.warehouse.factory import VERSION, Bench, a, bench, code, m, record, reference, rejected, write_batch

pytestmark = pytest.mark.slow  # whole builds

MEETING = m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik")
TABLES = ("articles", "events", "event_mentions", "actor_mentions", "records", "rejects", "dyad_month", "coverage", "actors", "places")


def contents(warehouse: Bench) -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(warehouse.rows(f"select * from {table}"), key=repr) for table in TABLES}


def test_a_batch_loaded_twice_changes_nothing(warehouse: Bench) -> None:
    first = warehouse.load(a("x", MEETING), a("y", duplicate_of="x"))
    build_tables(warehouse.workspace)
    before = contents(warehouse)
    assert first == LoadCounts(articles=2, records=2, rejects=0, duplicates=1, coded_articles=1, mentions=1, actor_mentions=2)
    assert warehouse.load(a("x", MEETING), a("y", duplicate_of="x")) == LoadCounts(0, 0, 0, 0, 0, 0, 0)
    build_tables(warehouse.workspace)
    assert contents(warehouse) == before


def test_any_order_of_batches_gives_the_same_tables(tmp_path: Path) -> None:
    batches = {
        "b1": [a("x", MEETING), a("y", m("USA", "CONSULT", "RUS", published="2021-05-20"))],
        "b2": [a("z", m("USA", "CONSULT", "RUS", on="2021-05"), publisher="Post"), a("w", duplicate_of="x", publisher="Post")],
        "b3": [a("v", m("RUS", "ACCUSE", "USA", published="2021-05-20"), published="2021-05-21")],
    }
    found = []
    for number, order in enumerate((["b1", "b2", "b3"], ["b3", "b2", "b1"], ["b2", "b1", "b3"])):
        warehouse = bench(tmp_path / str(number))
        for batch_id in order:
            warehouse.load(*batches[batch_id], batch_id=batch_id)
        build_tables(warehouse.workspace)
        found.append(contents(warehouse))
    assert all(one == found[0] for one in found)


def test_a_newer_coding_replaces_the_older_of_its_articles_only(warehouse: Bench) -> None:
    shards = write_batch(warehouse.workspace, "b1", [a("x", MEETING)])
    load_batch("b1", shards, warehouse.workspace, reference(), VERSION)
    other = write_batch(warehouse.workspace, "b2", [a("y", m("USA", "AID", "UKR", on="2021-05-01"))])
    load_batch("b2", other, warehouse.workspace, reference(), VERSION)
    code(warehouse.workspace, shards[0], [a("x", MEETING, m("lavrov", "CONSULT", "blinken", on="2021-05-19"))], version="test-2")
    counts = load_batch("b1", shards, warehouse.workspace, reference(), "test-2")
    assert (counts.articles, counts.coded_articles, counts.mentions) == (0, 1, 2)
    build_tables(warehouse.workspace)
    assert warehouse.rows("select article_id, coder_version, event_count from articles order by all") == [
        ("x", "test-2", 2),
        ("y", "test-1", 1),
    ]
    assert warehouse.rows("select event_type, coder_version from events order by all") == [
        ("AID", "test-1"),
        ("CONSULT", "test-2"),
        ("CONSULT", "test-2"),
    ]


def test_a_coding_that_finds_nothing_takes_the_events_away(warehouse: Bench) -> None:
    shards = write_batch(warehouse.workspace, "b1", [a("x", MEETING)])
    load_batch("b1", shards, warehouse.workspace, reference(), VERSION)
    code(warehouse.workspace, shards[0], [a("x")], version="test-2")
    load_batch("b1", shards, warehouse.workspace, reference(), "test-2")
    build_tables(warehouse.workspace)
    assert warehouse.rows("select count(*) from events") == [(0,)]
    assert warehouse.rows("select outcome, event_count from articles") == [("without_event", 0)]


def test_an_earlier_text_takes_the_place_of_its_copy(warehouse: Bench) -> None:
    # 'copy' was coded first; 'original', published earlier, comes in a later batch with one more copy.
    warehouse.load(a("copy", MEETING, published="2021-05-21"), a("other", duplicate_of="copy"), batch_id="b1")
    warehouse.load(
        a("original", MEETING, published="2021-05-20"), batch_id="b2", re_pointed={"copy": "original", "other": "original"}
    )  # fmt: skip
    build_tables(warehouse.workspace)
    assert warehouse.rows("select article_id, outcome, duplicate_of, event_count from articles order by all") == [
        ("copy", "duplicate", "original", 0),
        ("original", "coded", None, 1),
        ("other", "duplicate", "original", 0),
    ]
    assert warehouse.column("select article_id from event_mentions") == ["original"]
    assert warehouse.rows("select mention_count, article_count from events") == [(1, 3)]


def test_chains_of_copies_end_at_one_article(warehouse: Bench) -> None:
    warehouse.load(a("b", MEETING, published="2021-05-21"), a("c", duplicate_of="b"), batch_id="b1")
    warehouse.load(a("a", MEETING, published="2021-05-20"), batch_id="b2", re_pointed={"b": "a"})
    build_tables(warehouse.workspace)
    assert warehouse.rows("select article_id, duplicate_of from articles order by all") == [("a", None), ("b", "a"), ("c", "a")]


def test_a_reject_that_was_read_after_all_is_no_reject(warehouse: Bench) -> None:
    article = a("x", MEETING)
    refused, reject = rejected("Wire/x.txt", "b1")
    kept_record, kept_reject = rejected("Wire/y.txt", "b1")
    warehouse.load(records=[refused, kept_record], rejects=[reject, kept_reject], batch_id="b1")
    warehouse.load(article, batch_id="b2")
    build_tables(warehouse.workspace)
    assert record(article, "b2")["record_id"] == refused["record_id"]
    assert warehouse.column("select locator from rejects") == ["Wire/y.txt"]
    assert warehouse.rows("select locator, article_id, reject_id from records order by all") == [
        ("Wire/x.txt", "x", None),
        ("Wire/y.txt", None, "Wire/y.txt not_english"),
    ]


def test_a_shard_that_was_not_coded_is_refused(warehouse: Bench) -> None:
    shards = write_batch(warehouse.workspace, "b1", [a("x", MEETING)])
    with pytest.raises(InputError, match=r"1 partitions of batch b1 are missing, such as .*coded_articles/test-9/b1-0.parquet"):
        load_batch("b1", shards, warehouse.workspace, reference(), "test-9")
    build_tables(warehouse.workspace)
    assert warehouse.rows("select count(*) from articles") == [(0,)]  # nothing was loaded by half


def test_a_partition_of_another_release_is_refused(warehouse: Bench) -> None:
    shards = write_batch(warehouse.workspace, "b1", [a("x", MEETING)])
    path = warehouse.workspace.lake / "coded_mentions" / VERSION / f"{shards[0]}.parquet"
    path.write_bytes((warehouse.workspace.lake / "article_records" / f"{shards[0]}.parquet").read_bytes())
    with pytest.raises(ContractError, match="not a partition of coded_mentions"):
        load_batch("b1", shards, warehouse.workspace, reference(), VERSION)


def hold(workspace: Workspace) -> None:
    with writer(workspace, Settings()):
        (workspace.work / "held").touch()
        time.sleep(60)


def test_one_writer_and_its_lock_dies_with_it(warehouse: Bench) -> None:
    process = multiprocessing.get_context("spawn").Process(target=hold, args=(warehouse.workspace,))
    process.start()
    deadline = time.monotonic() + 30
    while not (warehouse.workspace.work / "held").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    with pytest.raises(WarehouseLocked, match=f"process {process.pid} writes this warehouse") as refused:
        warehouse.load(a("x", MEETING))
    assert refused.value.exit_code == 5
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert warehouse.load(a("x", MEETING)).articles == 1
