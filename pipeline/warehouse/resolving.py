"""Which mentions report the same event, worked out anew for those that a batch may have changed.

The one table that no SELECT can make: each mention is compared with the events found before it, by pipeline/warehouse/identity.py.
"""

import gc
import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

import duckdb
import polars as pl
import pyarrow as pa

from pipeline import resources
from pipeline.warehouse.graph import Node
from pipeline.warehouse.identity import MentionKey, anchor_mentions
from pipeline.warehouse.renewing import create_changed, renew
from pipeline.warehouse.tables import count_rows

ANCHORS = Node(
    "staging.mention_anchors", None, "", frozenset({"staging.mention_keys", "staging.own_links"}),
    by=("mention_id",), scope="scope.resolved",
)  # fmt: skip
_ANCHOR = {"mention_id": pl.String, "anchor_id": pl.String}
_MENTIONS_AT_ONCE = 50_000  # about 100 MB of Python objects; blocks are never torn apart
_WORTH_PROCESSES = 4  # buckets: starting a process takes as long as a bucket
_WHOLE = 5  # once a fifth of the mentions changed, it is quicker to resolve all than to find out which


def resolve(connection: duckdb.DuckDBPyConnection) -> None:
    """Finds out anew which mentions report the same event, for those whose events may have changed."""
    made = "(mention_id varchar, anchor_id varchar)"
    connection.execute(f"create table if not exists {ANCHORS.name} {made}")
    create_changed(connection, ANCHORS)
    _find_resolved(connection)
    connection.execute(f"create or replace temp table found {made}")
    buckets = 1 + count_rows(connection, "scope.considered") // _MENTIONS_AT_ONCE
    # In order, so that reading one bucket passes the others by.
    connection.execute("set preserve_insertion_order = true")
    connection.execute(
        f"create or replace temp table keys as select mention_keys.*, via, block % {buckets} as bucket from staging.mention_keys "
        "semi join scope.considered using (mention_id) left join staging.own_links using (mention_id) order by bucket"
    )
    connection.execute("set preserve_insertion_order = false")
    for anchors in _anchors(connection, buckets):
        connection.register("anchors", anchors.to_arrow())
        connection.execute("insert into found from anchors")
        connection.unregister("anchors")
    connection.execute("create or replace temp table made as from found semi join scope.resolved using (mention_id)")
    renew(connection, ANCHORS)
    connection.execute("drop table keys; drop table found")


def _find_resolved(connection: duckdb.DuckDBPyConnection) -> None:
    changed = count_rows(connection, "after.mention_keys") + count_rows(connection, "before.mention_keys")
    if changed * _WHOLE > count_rows(connection, "staging.mention_keys"):
        connection.execute("create table scope.considered as select mention_id from staging.mention_keys")
        connection.execute("create table scope.resolved as from scope.considered union select mention_id from before.mention_keys")
        return
    for name in ("cells", "resolved", "considered"):
        sql = (resources.SQL / "identity" / f"{name}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table scope.{name} as {sql}")


def _anchors(connection: duckdb.DuckDBPyConnection, buckets: int) -> Iterator[pl.DataFrame]:
    """Mentions with their anchors, so many blocks at once as memory allows, in as many processes as there are cores."""
    columns = ", ".join(MentionKey.__dataclass_fields__)
    found = (connection.execute(f"select {columns} from keys where bucket = {bucket}").to_arrow_table() for bucket in range(buckets))
    if buckets < _WORTH_PROCESSES:
        yield from map(_anchored, found)
        return
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        running: deque[Future[pl.DataFrame]] = deque()
        for keys in found:
            running.append(pool.submit(_anchored, keys))
            if len(running) > (os.cpu_count() or 1):  # one waits: more would only fill memory
                yield running.popleft().result()
        while running:
            yield running.popleft().result()


def _anchored(keys: pa.Table) -> pl.DataFrame:
    with _no_garbage_collection():
        anchors = dict(anchor_mentions(_keys(keys.to_pydict())))
    return pl.DataFrame({"mention_id": list(anchors), "anchor_id": list(anchors.values())}, schema_overrides=_ANCHOR)


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Many small objects without a cycle among them: looking for cycles would take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _keys(columns: dict[str, list[object]]) -> Iterator[MentionKey]:
    for name in ("source", "target", "place", "deed"):
        columns[name] = [tuple(path) for path in columns[name]]  # type: ignore[arg-type]
    fields: Sequence[list[object]] = [columns[name] for name in MentionKey.__dataclass_fields__]
    return (MentionKey(*row) for row in zip(*fields, strict=True))
