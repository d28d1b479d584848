"""Articles of the lake by their day of publication: which partitions hold some, and texts that leave once their retention has passed."""

from collections.abc import Iterator
from datetime import date, datetime

import polars as pl
from upath import UPath

from pipeline.articles import ledger
from pipeline.config import Workspace
from pipeline.contracts import ARTICLE_RECORDS, CODED_ARTICLES
from pipeline.partitions import read_partition, write_partition


def shards_between(since: date, until: date, workspace: Workspace) -> tuple[str, ...]:
    """Partitions that were coded once and hold a text published between two days, both included."""
    within = pl.col("published_at").dt.date().is_between(since, until) & (pl.col("text") != "")
    paths = [path for path, _ in _partitions(workspace) if _was_coded(path.stem, workspace)]
    return tuple(sorted(path.stem for path in paths if not _dated(path).filter(within).is_empty()))


def expire_texts(before: datetime, workspace: Workspace) -> pl.DataFrame:
    """Empties the texts of articles published before a time, or read before it where they have no date.

    before: UTC, without a zone. Gives all such articles, as a column article_id; what was read in them, and what finds near
    duplicates, stays. WarehouseLocked while another run reads articles.
    """
    with ledger.only_ingestion(workspace):
        found = [_expire(path, read_at, before) for path, read_at in _partitions(workspace)]
    return pl.concat([pl.DataFrame(schema={"article_id": pl.String}), *found])


def _partitions(workspace: Workspace) -> Iterator[tuple[UPath, datetime]]:
    """Partitions of articles, and when they were read."""
    for batch in ledger.completed_batches(workspace):
        read_at = ledger.completed_at(workspace, batch)
        for name in batch.stored:
            yield ledger.article_path(workspace, name), read_at


def _was_coded(shard: str, workspace: Workspace) -> bool:
    return any((workspace.lake / CODED_ARTICLES.name).glob(f"*/{shard}.parquet"))


def _expire(path: UPath, read_at: datetime, before: datetime) -> pl.DataFrame:
    is_old = pl.col("published_at").fill_null(read_at) < before
    old = _dated(path).filter(is_old)
    if not old.filter(pl.col("text") != "").is_empty():
        emptied = read_partition(path, ARTICLE_RECORDS).with_columns(text=pl.when(is_old).then(pl.lit("")).otherwise("text"))
        write_partition(emptied, ARTICLE_RECORDS, path)
    return old.select("article_id")


def _dated(path: UPath) -> pl.DataFrame:
    return read_partition(path, ARTICLE_RECORDS, ("article_id", "published_at", "text"))
