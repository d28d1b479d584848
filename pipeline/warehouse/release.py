"""Publishes the built tables: a new file, swapped in place of the old one.

*N-or-N+1*: readers see the release before or the one after, never a mixture; whoever has the old file open keeps it.
*Once*: publishing the same content again makes no new release.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.contracts import CHANGES, EVENTS, PUBLIC, RELEASES, Table
from pipeline.errors import DragomanError, InputError
from pipeline.partitions import sync_folder
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.tables import comments, ddl, quoted

HISTORY = (RELEASES, CHANGES)
_CONTENT = tuple(table for table in PUBLIC if table not in HISTORY)
_COUNTED = ("articles", "events", "event_mentions", "rejects")


@dataclass(frozen=True)
class Release:
    """A publication. is_new is False where the warehouse held this content already."""

    release_id: str
    number: int
    published_at: datetime
    is_new: bool
    added: int
    changed: int
    withdrawn: int


def create_history(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables that outlive every build: releases with their changes, and what the last one held."""
    connection.execute("create schema if not exists raw")
    for table in HISTORY:
        connection.execute(ddl(table, f"raw.{table.name}"))
    connection.execute("create table if not exists raw.release_contents (release_id varchar not null, content_hash varchar not null)")
    connection.execute("create table if not exists raw.released_events (event_id varchar not null, content_hash varchar not null)")


def publish_release(
    batch_id: str, validation: str, workspace: Workspace, coder_version: str, now: datetime, settings: Settings | None = None
) -> Release:
    """Records a release of the built tables, and swaps the published file.

    validation: 'passed' or 'warned'. now: UTC. InputError where nothing was built yet; WarehouseLocked while another process writes.
    """
    with writer(workspace, settings or Settings.from_environment()) as connection:
        _require_built(connection, workspace)
        content = content_hash(connection)
        last = _last_release(connection)
        is_new = last is None or last.content_hash != content
        if is_new:
            with transaction(connection):
                _record(connection, content, last, (now.replace(tzinfo=None), batch_id, coder_version, validation))
        release = _read_last(connection, is_new)
        # A kill between the record and the swap leaves a release that no reader has seen yet.
        if published_release_id(workspace.warehouse) != release.release_id:
            connection.execute("checkpoint")
            _swap(connection, workspace.warehouse)
    return release


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """Hash of all public rows but the history, in no order. DuckDB's row hash is stable within one DuckDB version."""
    parts = []
    for table in _CONTENT:
        row = connection.execute(f"select count(*), sum(hash(rows)::hugeint), bit_xor(hash(rows)) from {table.name} as rows").fetchone()
        parts.append(f"{table.name} {row}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def published_release_id(warehouse: Path) -> str | None:
    """The release that a published file holds; None where there is no file that can be read."""
    if not warehouse.exists():
        return None
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            row = connection.execute("select release_id from releases order by release_number desc limit 1").fetchone()
    except (duckdb.IOException, duckdb.CatalogException, duckdb.SerializationException):
        return None
    return row[0] if row else None


@dataclass(frozen=True)
class _Last:
    release_id: str
    release_number: int
    content_hash: str


def _last_release(connection: duckdb.DuckDBPyConnection) -> _Last | None:
    row = connection.execute(
        "select release_id, release_number, content_hash from raw.releases join raw.release_contents using (release_id) "
        "order by release_number desc limit 1"
    ).fetchone()
    return _Last(*row) if row else None


def _require_built(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    built = {row[0] for row in connection.execute("select table_name from duckdb_tables() where schema_name = 'main'").fetchall()}
    if missing := [table.name for table in PUBLIC if table.name not in built]:
        raise InputError(f"{workspace.work_file} has no table {missing[0]}; build the tables before publishing them")


def _record(connection: duckdb.DuckDBPyConnection, content: str, last: _Last | None, told: tuple[datetime, str, str, str]) -> None:
    """Writes the release, its changes, and what the next one will be compared with."""
    release_id = hashlib.sha256(f"{last.release_id if last else ''}\x1f{content}".encode()).hexdigest()[:16]
    number = last.release_number + 1 if last else 1
    published_at, batch_id, coder_version, validation = told
    counts = ", ".join(f"(select count(*) from {table})" for table in _COUNTED)
    connection.execute(
        f"insert into raw.releases select $1, $2, $3, $4, $5, {counts}, $6",
        [release_id, number, published_at, batch_id, coder_version, validation],
    )
    connection.execute("insert into raw.release_contents values ($1, $2)", [release_id, content])
    connection.execute(_CHANGES, [release_id])
    connection.execute("delete from raw.released_events")
    connection.execute(f"insert into raw.released_events {_EVENT_HASHES}")
    for table in HISTORY:
        connection.execute(f"delete from {table.name}")
        connection.execute(f"insert into {table.name} select * from raw.{table.name}")


_EVENT_HASHES = f"select event_id, md5(rows::varchar) as content_hash from {EVENTS.name} as rows"
_CHANGES = f"""
    insert into raw.changes
    select
        $1 as release_id,
        event_id,
        case when held.event_id is null then 'added' when built.event_id is null then 'withdrawn' else 'changed' end as change,
        built.content_hash,
    from ({_EVENT_HASHES}) as built
    full join raw.released_events as held using (event_id)
    where built.content_hash is distinct from held.content_hash
"""


def _read_last(connection: duckdb.DuckDBPyConnection, is_new: bool) -> Release:
    row = connection.execute(
        "select release_id, release_number, published_at, count(*) filter (change = 'added'), count(*) filter (change = 'changed'), "
        "count(*) filter (change = 'withdrawn') from raw.releases left join raw.changes using (release_id) "
        "group by all order by release_number desc limit 1"
    ).fetchone()
    if row is None:
        raise DragomanError("the release was not recorded; run the batch again")
    release_id, number, published_at, added, changed, withdrawn = row
    return Release(release_id, number, published_at, is_new, added, changed, withdrawn)


def _swap(connection: duckdb.DuckDBPyConnection, warehouse: Path) -> None:
    """Copies the public tables into a new file beside the published one, looks at it, syncs it, and renames it."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    for stale in warehouse.parent.glob(f".{warehouse.name}.*.publishing*"):
        shutil.rmtree(stale)  # of a publication that was killed; this process holds the writer's lock
    with tempfile.TemporaryDirectory(dir=warehouse.parent, prefix=f".{warehouse.name}.", suffix=".publishing") as folder:
        candidate = Path(folder) / warehouse.name
        _copy(connection, candidate)
        _look(connection, candidate)
        with candidate.open("rb") as file:
            os.fsync(file.fileno())
        candidate.replace(warehouse)
    sync_folder(warehouse.parent)


def _copy(connection: duckdb.DuckDBPyConnection, candidate: Path) -> None:
    connection.execute(f"attach {quoted(str(candidate))} as published")
    try:
        for table in PUBLIC:
            name = f"published.main.{table.name}"
            connection.execute(ddl(table, name))
            connection.execute(f"insert into {name} select * from {table.name} order by {_order(table)}")
            connection.execute("; ".join(comments(table, name)))
        connection.execute("checkpoint published")
    finally:
        connection.execute("detach published")


def _order(table: Table) -> str:
    """By day first, where there is one, so that a query of some months reads only their part of the file; then by key."""
    days = [name for name in ("event_date", "month", "published_date") if name in table.column_names and name not in table.key[:1]]
    return ", ".join(dict.fromkeys((*days, *table.key)))


def _look(connection: duckdb.DuckDBPyConnection, candidate: Path) -> None:
    """Opens the new file as a reader does; DragomanError where a table has lost rows."""
    with duckdb.connect(str(candidate), read_only=True) as reader:
        for table in PUBLIC:
            count = f"select count(*) from {table.name}"
            written, built = reader.execute(count).fetchone(), connection.execute(count).fetchone()
            if written != built:
                raise DragomanError(f"{candidate}: {table.name} has {written} rows, {built} were built; the published file stays as it is")
