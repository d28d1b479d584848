"""Loads the partitions of a batch into schema raw of the work file.

*Once*: what is there already is not loaded again, so that a batch loaded twice changes nothing.
*Touched*: what a load adds or replaces is noted in raw.touched_…, for the build that follows.
*Latest coding only*: of an article coded anew, the rows of its other coder versions go in the same transaction.
*No coding of nothing*: an article whose text has passed its retention keeps the coding that it has.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import duckdb
import polars as pl
from upath import UPath

from pipeline.config import Settings, Workspace
from pipeline.contracts import (
    ACTOR_MENTIONS,
    ACTORS,
    ARTICLE_RECORDS,
    CODED_ARTICLES,
    CODED_MENTIONS,
    DUPLICATES,
    EVENT_TYPE_TABLE,
    FORGOTTEN,
    RECORDS,
    REJECTS,
    Table,
)
from pipeline.errors import ContractError, InputError
from pipeline.partitions import open_lake, rows_of
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.holding import await_audit
from pipeline.warehouse.tables import check_columns, create_held, same_row

# The hashes that find near duplicates stay in the lake, where ingest looks them up; they outweigh the text.
_HASHES = {"band_hashes", "signature"}
_ARTICLES = replace(ARTICLE_RECORDS, columns=tuple(column for column in ARTICLE_RECORDS if column.name not in _HASHES))
# Shards whose articles repeat others: they are stored, but not coded, unless one of them is to speak for itself after all.
_REPEATS = "duplicates-"
_BYTES_AT_ONCE = 32 * 2**20  # of Parquet; some ten times as much in memory
_TOUCHED = ("article", "record", "actor")
_RAW = (_ARTICLES, RECORDS, REJECTS, DUPLICATES, CODED_ARTICLES, CODED_MENTIONS, ACTOR_MENTIONS)


@dataclass(frozen=True)
class Reference:
    """Seeds in tabular form."""

    actors: pl.DataFrame
    """contracts.ACTORS: actors that seeds/ lists, none discovered."""
    event_types: pl.DataFrame
    """contracts.EVENT_TYPE_TABLE."""


@dataclass(frozen=True)
class LoadCounts:
    """Rows that a load added or replaced; all 0 where the batch was there already."""

    articles: int
    records: int
    rejects: int
    duplicates: int
    coded_articles: int
    mentions: int
    actor_mentions: int


def load_batch(
    batch_id: str,
    shards: Sequence[str],
    workspace: Workspace,
    reference: Reference,
    coder_version: str,
    settings: Settings | None = None,
    days: tuple[date, date] | None = None,
) -> LoadCounts:
    """Loads a batch's partitions, all or none of them.

    shards: names below lake/article_records, of what the batch stored and of what it found stored. Those not named 'duplicates-…'
    must have been coded: their partitions below lake/coded_articles/<coder_version>, lake/coded_mentions/… and
    lake/actor_mentions/… exist, else InputError. WarehouseLocked where another process writes.
    days: of the coding, only that of articles published on them is loaded, first and last included.
    """
    lake = _Lake(workspace.lake, batch_id, shards, coder_version)
    with writer(workspace, settings or Settings.from_environment()) as connection, transaction(connection):
        open_lake(connection, workspace.lake)
        create_raw(connection)
        await_audit(connection, batch_id)
        _load_reference(connection, reference)
        load_tombstones(connection, workspace)
        connection.execute("insert into raw.loaded_batches select $1 where $1 not in (from raw.loaded_batches)", [batch_id])
        return LoadCounts(
            articles=_add_new(connection, _ARTICLES, lake.articles(), ("article_id",), "article"),
            records=_add_new(connection, RECORDS, lake.of_batch("records"), ("record_id", "article_id", "reject_id"), "record"),
            rejects=_add_new(connection, REJECTS, lake.of_batch("rejects"), REJECTS.key),
            duplicates=_add_new(connection, DUPLICATES, lake.of_batch("duplicates"), ("article_id", "duplicate_of")),
            **_load_coding(connection, lake, days),
        )


def loaded_batches(workspace: Workspace, settings: Settings) -> set[str]:
    """The batches that the work file holds."""
    with writer(workspace, settings) as connection:
        create_raw(connection)
        return {row[0] for row in connection.execute("from raw.loaded_batches").fetchall()}


def create_raw(connection: duckdb.DuckDBPyConnection) -> None:
    """Schema raw with its tables, as contracts.py declares them now; WorkFileUnusable where an older release made them otherwise."""
    connection.execute("create schema if not exists raw")
    for table in (*_RAW, FORGOTTEN, ACTORS, EVENT_TYPE_TABLE):
        create_held(connection, table, f"raw.{table.name}")
    for touched in _TOUCHED:
        connection.execute(f"create table if not exists raw.touched_{touched}s ({touched}_id varchar not null)")
    connection.execute("create table if not exists raw.made_with (fingerprint varchar not null)")
    connection.execute("create table if not exists raw.loaded_batches (batch_id varchar not null)")
    connection.execute("create table if not exists raw.expired (article_id varchar not null)")


def load_tombstones(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """Adds what was forgotten on request since."""
    _add_new(connection, FORGOTTEN, sorted((workspace.lake / FORGOTTEN.name).glob("*.parquet")), FORGOTTEN.key)


def empty_texts(article_ids: pl.DataFrame, workspace: Workspace, settings: Settings) -> int:
    """Takes the texts of articles out of the work file, for the build that follows, and gives how many it took.

    article_ids: a column article_id. WarehouseLocked where another process writes.
    """
    with writer(workspace, settings) as connection, transaction(connection):
        create_raw(connection)
        connection.register("incoming", article_ids.to_arrow())
        emptied = _changed(
            connection,
            "create or replace temp table emptied as "
            "select article_id from raw.article_records semi join incoming using (article_id) anti join raw.expired using (article_id)",
        )
        connection.execute("update raw.article_records set text = '' where article_id in (select article_id from emptied)")
        connection.execute("insert into raw.expired from emptied")
        connection.execute("insert into raw.touched_articles from emptied")
        connection.unregister("incoming")
        return emptied


def superseded_codings(coder_version: str, workspace: Workspace, settings: Settings) -> list[tuple[str, str]]:
    """Coded partitions of other coder versions of which the work file holds no article any more, as version and shard."""
    coded = (workspace.lake / CODED_ARTICLES.name).glob("*/*.parquet")
    others = {str(path): path for path in coded if path.parent.name != coder_version}
    if not others:
        return []
    with writer(workspace, settings) as connection:
        create_raw(connection)
        open_lake(connection, workspace.lake)
        rows = connection.execute(
            "select distinct filename from read_parquet($1, filename = true) as coded "
            "semi join raw.coded_articles using (article_id, coder_version)",
            [list(others)],
        ).fetchall()
    return sorted((others[path].parent.name, others[path].stem) for path in others.keys() - {row[0] for row in rows})


def touch_everything(connection: duckdb.DuckDBPyConnection) -> None:
    """Notes all that was ever loaded as touched."""
    forget_touched(connection)
    for touched, table in (("article", _ARTICLES), ("record", RECORDS), ("actor", ACTORS)):
        connection.execute(f"insert into raw.touched_{touched}s select distinct {touched}_id from raw.{table.name}")


def forget_touched(connection: duckdb.DuckDBPyConnection) -> None:
    """Empties the notes of what loads touched; the build calls it once all of that is built."""
    for touched in _TOUCHED:
        connection.execute(f"delete from raw.touched_{touched}s")


@dataclass(frozen=True)
class _Lake:
    """The partition files that a batch consists of."""

    folder: UPath
    batch_id: str
    shards: Sequence[str]
    coder_version: str

    def of_batch(self, table: str) -> list[UPath]:
        path = self.folder / table / f"{self.batch_id}.parquet"
        return [path] if path.exists() else []

    def articles(self) -> list[UPath]:
        return self._required(self.folder / ARTICLE_RECORDS.name, self.shards)

    def coded(self, table: str) -> list[UPath]:
        folder = self.folder / table / self.coder_version
        told = [shard for shard in self.shards if not shard.startswith(_REPEATS) or (folder / f"{shard}.parquet").exists()]
        return self._required(folder, told)

    def _required(self, folder: UPath, shards: Sequence[str]) -> list[UPath]:
        paths = [folder / f"{shard}.parquet" for shard in sorted(set(shards))]
        if missing := [path for path in paths if not path.exists()]:
            raise InputError(
                f"{len(missing)} partitions of batch {self.batch_id} are missing, such as {missing[0]}; ingest and code it again"
            )
        return paths


def _load_reference(connection: duckdb.DuckDBPyConnection, reference: Reference) -> None:
    for table, frame in ((ACTORS, reference.actors), (EVENT_TYPE_TABLE, reference.event_types)):
        connection.register("incoming", frame.select(table.column_names).to_arrow())
        held = f"raw.{table.name}"
        differs = connection.execute(
            f"select count(*) from ((from incoming except from {held}) union all (from {held} except from incoming))"
        ).fetchone()
        if differs and differs[0]:
            if table is ACTORS:  # who is listed decides how every article is read
                connection.execute("insert into raw.touched_articles select article_id from raw.article_records")
                connection.execute(f"insert into raw.touched_actors select actor_id from {held} union select actor_id from incoming")
            connection.execute(f"delete from {held}")
            connection.execute(f"insert into {held} select * from incoming")
        connection.unregister("incoming")


def _add_new(
    connection: duckdb.DuckDBPyConnection, table: Table, paths: Iterable[UPath], identity: Sequence[str], touched: str | None = None
) -> int:
    """Adds the rows whose identity (nulls are values) the table does not hold yet, and notes them as touched."""
    total = 0
    for files in _in_parts(paths):
        _open_incoming(connection, table, files)
        total += _changed(
            connection,
            f"create or replace temp table added as select distinct on ({', '.join(identity)}) * from incoming "
            f"where not exists (from raw.{table.name} as held where {same_row(identity, 'incoming', 'held')})",
        )
        connection.execute(f"insert into raw.{table.name} from added")
        if touched:
            connection.execute(f"insert into raw.touched_{touched}s select {touched}_id from added")
        if table is _ARTICLES:
            connection.execute("insert into raw.expired select article_id from added where text = ''")
        connection.execute("drop table added")
    return total


def _in_parts(paths: Iterable[UPath]) -> Iterator[list[UPath]]:
    """Files, so many at once as memory allows."""
    part: list[UPath] = []
    size = 0
    for path in paths:
        part.append(path)
        size += path.stat().st_size
        if size > _BYTES_AT_ONCE:
            yield part
            part, size = [], 0
    if part:
        yield part


def _load_coding(connection: duckdb.DuckDBPyConnection, lake: _Lake, days: tuple[date, date] | None) -> dict[str, int]:
    if not _open_incoming(connection, CODED_ARTICLES, lake.coded(CODED_ARTICLES.name)):
        return {"coded_articles": 0, "mentions": 0, "actor_mentions": 0}
    connection.execute(
        """
        create or replace temp table recoded as
        select * from incoming
        anti join raw.coded_articles as held
            on held.article_id = incoming.article_id and held.coder_version = incoming.coder_version
            and held.failure is not distinct from incoming.failure
        anti join (select article_id from raw.expired semi join raw.coded_articles using (article_id)) as kept
            on kept.article_id = incoming.article_id
        """
    )
    if days:
        connection.execute(
            "delete from recoded where article_id not in "
            "(select article_id from raw.article_records where published_at::date between $1 and $2)",
            days,
        )
    connection.execute("insert into raw.touched_articles select article_id from recoded")
    counts = {}
    for table, count in ((CODED_MENTIONS, "mentions"), (ACTOR_MENTIONS, "actor_mentions"), (CODED_ARTICLES, "coded_articles")):
        _open_incoming(connection, table, lake.coded(table.name))
        connection.execute(f"delete from raw.{table.name} where article_id in (select article_id from recoded)")
        counts[count] = _changed(
            connection, f"insert into raw.{table.name} select * from incoming where article_id in (select article_id from recoded)"
        )
    return counts


def _open_incoming(connection: duckdb.DuckDBPyConnection, table: Table, paths: Iterable[UPath]) -> bool:
    """Puts the rows of the partitions in the view `incoming`; False where there are none."""
    files = [str(path) for path in paths]
    if not files:
        return False
    try:
        rows, held = rows_of(connection, files)
        # An older release did not know the column.
        columns = [c.name if c.name in held or not c.nullable else f"null::{c.type} as {c.name}" for c in table]
        connection.execute(f"create or replace temp view incoming as select {', '.join(columns)} from {rows}")
        check_columns(connection, table, "incoming", f"The partitions of {table.name} come from another release; ingest and code again.")
    except duckdb.BinderException as error:
        raise ContractError(f"{files[0]}: not a partition of {table.name}: {error}; ingest and code the batch again") from error
    return True


def _changed(connection: duckdb.DuckDBPyConnection, statement: str) -> int:
    row = connection.execute(statement).fetchone()
    return int(row[0]) if row else 0
