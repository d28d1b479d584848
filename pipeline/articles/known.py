"""What earlier batches brought, in one file of the work folder: ids, addresses and hashes, no text.

*Opened once*: an ingestion looks here, and not into every partition that was ever written.
*A copy*: all of it stands in the partitions of completed batches. Where it lags behind, it takes in what it lacks; where it is lost,
damaged, or of another form, it is made anew.
"""

import hashlib
from pathlib import Path

import duckdb
import polars as pl
from upath import UPath

from pipeline.articles import ledger
from pipeline.articles.ledger import Ingested
from pipeline.articles.tombstones import Tombstones, scrubbed_articles, tombstones, without_names
from pipeline.config import Workspace
from pipeline.contracts import ARTICLE_RECORDS, DUPLICATES, FILES, RECORDS, REJECTS, Table
from pipeline.partitions import read_partition

_KEPT = {
    ARTICLE_RECORDS: (
        "article_id", "published_at", "updated_at", "publisher_name", "external_id", "canonical_url", "text_length", "band_hashes",
    ),
    RECORDS: ("record_id",),
    REJECTS: ("reject_id", "reason_code", "publisher_name", "external_id", "canonical_url", "published_at"),
    DUPLICATES: ("article_id", "duplicate_of"),
    FILES: ("file_id", "record_count", "rejected_count", "shards"),
}  # fmt: skip
_AT_ONCE = 100
"""Batches of a transaction, and partitions in memory."""


def caught_up(workspace: Workspace) -> Path:
    """The file, with all that completed batches brought; whoever asks holds the lock of ingestion.

    Its tables have the names of the partitions' tables, some of their columns, and a column partition.
    """
    held = _held(workspace)
    if held is None or not held <= set(ledger.completed_ids(workspace)):
        drop(workspace)
        held = set()
    lacking = ledger.completed_batches(workspace, but=held)
    for start in range(0, len(lacking) or 1, _AT_ONCE):
        _take_in(lacking[start : start + _AT_ONCE], workspace)
    return _path(workspace)


def drop(workspace: Workspace) -> None:
    """Takes the file away, so that the next ingestion makes it anew: what it copies has changed."""
    for path in workspace.work.glob("known-*"):
        path.unlink()


def drop_damaged(workspace: Workspace) -> bool:
    """Whether the file cannot be read whole, and was taken away."""
    try:
        with duckdb.connect(str(_path(workspace)), read_only=True) as connection:
            for table in _KEPT:
                connection.execute(f"select bit_xor(hash(told)) from {table.name} as told").fetchall()
    except duckdb.Error:
        drop(workspace)
        return True
    return False


def _held(workspace: Workspace) -> set[str] | None:
    """The batches that it took in; None where it is not there, or cannot be read."""
    try:
        with duckdb.connect(str(_path(workspace)), read_only=True) as connection:
            return {batch_id for (batch_id,) in connection.execute("select batch_id from batches").fetchall()}
    except duckdb.Error:
        return None


def _take_in(batches: list[Ingested], workspace: Workspace) -> None:
    forgotten = tombstones(workspace)
    with duckdb.connect(str(_path(workspace))) as connection:
        connection.begin()
        connection.execute(_form())
        _insert(connection, "batches", pl.DataFrame({"batch_id": [batch.batch_id for batch in batches]}, schema={"batch_id": pl.String}))
        for table in _KEPT:
            paths = ledger.partition_paths(workspace, batches, table.name)
            for start in range(0, len(paths), _AT_ONCE):
                rows = [_rows(path, table, forgotten) for path in paths[start : start + _AT_ONCE]]
                _insert(connection, table.name, pl.concat(rows))
        connection.commit()


def _insert(connection: duckdb.DuckDBPyConnection, table: str, told: pl.DataFrame) -> None:
    connection.register("told", told)
    connection.execute(f"insert into {table} by name from told")
    connection.unregister("told")


def _rows(path: UPath, table: Table, forgotten: Tombstones) -> pl.DataFrame:
    """What is kept of a partition, without what was forgotten: it may not have been scrubbed yet."""
    held = read_partition(path, table, _KEPT[table])
    if forgotten:
        held = scrubbed_articles(held, forgotten) if table is ARTICLE_RECORDS else without_names(table, held, forgotten)
    return held.with_columns(partition=pl.lit(path.stem))


def _path(workspace: Workspace) -> Path:
    return workspace.work / f"known-{hashlib.sha256(_form().encode()).hexdigest()[:8]}.duckdb"


def _form() -> str:
    """What makes its tables where they are not there yet."""
    made = ["create table if not exists batches (batch_id varchar);"]
    for table, names in _KEPT.items():
        columns = ", ".join(f"{column.name} {column.type}" for column in table if column.name in names)
        made.append(f"create table if not exists {table.name} ({columns}, partition varchar);")
    return "".join(made)
