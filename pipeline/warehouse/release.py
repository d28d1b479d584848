"""Releases of the warehouse: what each added, changed and withdrew.

*Once*: publishing what is published already makes no new release.
*History kept*: an event that a release changes or withdraws stays readable as it was, in event_versions.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.contracts import CHANGES, EVENT_VERSIONS, EVENTS, PUBLIC, RELEASES
from pipeline.errors import DragomanError, InputError, WarehouseLocked
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.ducklake import publish_snapshot
from pipeline.warehouse.graph import Node
from pipeline.warehouse.holding import decisions, forget_awaiting, outcome_of_all, void_audits
from pipeline.warehouse.publishing import clear_unpublished, publish_file, published_number
from pipeline.warehouse.tables import count_rows, create_held, same_row

HISTORY = (RELEASES, CHANGES, EVENT_VERSIONS)
"""Tables that no SQL makes: they outlive every build."""

_COUNTED = {"articles": "raw.article_records", "events": "events", "event_mentions": "staging.mention_events", "rejects": "rejects"}
_OF_RELEASE = ", ".join(column.name for column in EVENTS if column.is_of_release)
_CONTENT = [column.name for column in EVENTS if not column.is_of_release]
_MOST_KEYS = 5
"""Once a fifth of a table's rows changed, it is copied whole."""


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
    released_by: str | None = None
    """Who released it by hand, although its audit had failed."""
    reason: str | None = None


def create_history(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables that outlive every build: releases, their changes, events as they were, and what the next release will hold."""
    for table in HISTORY:
        create_held(connection, table, table.name)
    connection.execute("create schema if not exists renewed")
    connection.execute(
        "create table if not exists renewed.tables (table_name varchar, digest varchar, is_whole boolean, release_number integer)"
    )
    columns = ", ".join(f"{column.name} {column.type}" for column in EVENTS)
    connection.execute(f"create table if not exists renewed.superseded ({columns})")


def keep_former_events(connection: duckdb.DuckDBPyConnection) -> None:
    """Puts the events aside before all tables are made anew; a build that was cut off has done so already."""
    former = connection.execute("from duckdb_tables() where schema_name = 'renewed' and table_name = 'former_events'").fetchall()
    events = connection.execute("from duckdb_tables() where schema_name = 'main' and table_name = 'events'").fetchall()
    if events and not former:
        connection.execute("create table renewed.former_events as from events")


def compare_with_former(connection: duckdb.DuckDBPyConnection) -> None:
    """After all tables were made anew: events that are as they were keep their release; the others are told as changes."""
    if not connection.execute("from duckdb_tables() where schema_name = 'renewed' and table_name = 'former_events'").fetchall():
        return
    held = [row[0] for row in connection.execute("describe renewed.former_events").fetchall()]
    known = [column for column in _CONTENT if column in held]
    same = same_row(known, "former", "events") if len(known) == len(_CONTENT) else "false"
    connection.execute(
        "update events set valid_from_release = former.valid_from_release from renewed.former_events as former "
        f"where former.event_id = events.event_id and {same}"
    )
    connection.execute(f"create or replace table before.{EVENTS.name} as from {EVENTS.name} limit 0")
    connection.execute(
        f"insert into before.{EVENTS.name} by name select * from renewed.former_events as former "
        "anti join (from events where valid_from_release is not null) using (event_id)"
    )
    connection.execute("drop table renewed.former_events")


def note_changes(connection: duckdb.DuckDBPyConnection, nodes: Iterable[Node]) -> None:
    """Notes what a build changed in the public tables, for the next publication; schemas before and after hold it."""
    keyed = [(node, _touched_keys(node)) for node in nodes]
    changed = [(node, keys, count) for node, keys in keyed if (count := count_rows(connection, f"({keys})"))]
    if changed:
        void_audits(connection)
    for node, keys, count in changed:
        is_whole = not node.by or count * _MOST_KEYS > count_rows(connection, node.name)
        connection.execute("insert into renewed.tables values ($1, $2, $3, null)", [node.name, _digest(connection, node), is_whole])
        if not is_whole:
            log = f"renewed.{node.stem}"
            connection.execute(f"create table if not exists {log} as select *, null::integer as release_number from ({keys}) limit 0")
            connection.execute(f"insert into {log} select *, null from ({keys})")
    connection.execute(
        f"insert into renewed.superseded from before.{EVENTS.name} where valid_from_release is not null "
        "and event_id not in (select event_id from renewed.superseded)"
    )


def publish_release(
    batch_id: str, validation: str, workspace: Workspace, coder_version: str, now: datetime, settings: Settings | None = None
) -> Release:
    """Records a release of the built tables, swaps the published file, and makes the snapshot of a DuckLake where there is one.

    validation: what the audit of this batch said: 'passed', 'warned', or 'overruled' by a person. now: UTC. InputError where nothing was
    built yet; ValidationFailed where another batch of the work file is held; WarehouseLocked while another process writes.
    """
    settings = settings or Settings.from_environment()
    with writer(workspace, settings) as connection:
        clear_unpublished(workspace.warehouse)
        _require_built(connection, workspace)
        outcome = outcome_of_all(connection, batch_id, validation)
        last = _last_release(connection)
        is_new = last is None or bool(count_rows(connection, "renewed.tables where release_number is null"))
        if is_new:
            with transaction(connection):
                _record(connection, last, (now.replace(tzinfo=None), batch_id, coder_version, outcome))
        release = _read_last(connection, is_new)
        # A kill between the record and the swap leaves a release that no reader has seen yet.
        if published_number(workspace.warehouse) != release.number:
            connection.execute("checkpoint")
            publish_file(connection, release.number, workspace.warehouse, workspace.work)
        forget_awaiting(connection)
        if settings.ducklake:
            publish_snapshot(connection, release.number, settings)
    return release


def publish_afresh(workspace: Workspace, settings: Settings) -> None:
    """Writes the published file anew, as it is, so that its free space holds nothing that was deleted.

    WarehouseLocked while another process writes, or a batch waits for its publication.
    """
    with writer(workspace, settings) as connection:
        refuse_unpublished(connection, workspace)
        last = _last_release(connection)
        if last:
            publish_file(connection, last[1], workspace.warehouse, workspace.work, afresh=True)


def refuse_unpublished(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """WarehouseLocked where the work file holds what no release holds: only the run that loaded it may publish it."""
    create_history(connection)
    if count_rows(connection, "renewed.tables where release_number is null"):
        raise WarehouseLocked(
            f"{workspace.work_file}: a batch is loaded that is not published yet; wait until its run is done, or run it again"
        )


def _touched_keys(node: Node) -> str:
    if node.is_view:
        return f"select distinct {', '.join(node.by)} from {node.scope}"
    keys = ", ".join(node.by) or "1 as changed"
    return f"select {keys} from before.{node.stem} union select {keys} from after.{node.stem}"


def _digest(connection: duckdb.DuckDBPyConnection, node: Node) -> str:
    """Hash of what a build changed in a table: of its keys, as views are not read through for it."""
    rows = [str(node.scope)] if node.is_view else [f"before.{node.stem}", f"after.{node.stem}"]
    hashed = f"hash({', '.join(node.by)})" if node.is_view else "hash(rows)"
    return str([connection.execute(f"select count(*), sum({hashed}::hugeint) from {name} as rows").fetchone() for name in rows])


def _last_release(connection: duckdb.DuckDBPyConnection) -> tuple[str, int] | None:
    row = connection.execute("select release_id, release_number from releases order by release_number desc limit 1").fetchone()
    return (str(row[0]), int(row[1])) if row else None


def _require_built(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    rows = connection.execute("select table_name from information_schema.tables where table_schema = 'main'").fetchall()
    built = {row[0] for row in rows}
    if missing := [table.name for table in PUBLIC if table.name not in built]:
        raise InputError(f"{workspace.work_file} has no table {missing[0]}; build the tables before publishing them")


def _record(connection: duckdb.DuckDBPyConnection, last: tuple[str, int] | None, told: tuple[datetime, str, str, str]) -> None:
    """Writes the release and its changes, and dates the rows of events."""
    digests = connection.execute("select table_name, digest from renewed.tables where release_number is null order by all").fetchall()
    release_id = hashlib.sha256(f"{last[0] if last else ''}\x1f{digests}".encode()).hexdigest()[:16]
    number = last[1] + 1 if last else 1
    published_at, batch_id, coder_version, validation = told
    counts = ", ".join(f"(select count(*) from {table})" for table in _COUNTED.values())
    connection.execute(
        f"insert into releases select $1, $2, $3, $4, $5, {counts}, $6, $7, $8",
        [release_id, number, published_at, batch_id, coder_version, validation, *decisions(connection)],
    )
    _record_events(connection, release_id, number)
    logs = connection.execute(
        "select table_name from duckdb_tables() where schema_name = 'renewed' and table_name <> 'superseded'"
    ).fetchall()
    for (log,) in logs:
        connection.execute(f"update renewed.{log} set release_number = $1 where release_number is null", [number])


def _record_events(connection: duckdb.DuckDBPyConnection, release_id: str, number: int) -> None:
    _restore(connection)
    connection.execute(
        f"""
        insert into changes
        select
            $1 as release_id,
            event_id,
            case when old.event_id is null then 'added' when new.event_id is null then 'withdrawn' else 'changed' end as change,
            new.content_hash,
        from (
            select event_id, md5(content::varchar) as content_hash,
            from (select {", ".join(_CONTENT)} from events where valid_from_release is null) as content
        ) as new
        full join renewed.superseded as old using (event_id)
        """,
        [release_id],
    )
    connection.execute("insert into event_versions select * replace ($1 as valid_to_release) from renewed.superseded", [number])
    connection.execute("delete from renewed.superseded")
    connection.execute("update events set valid_from_release = $1 where valid_from_release is null", [number])


def _restore(connection: duckdb.DuckDBPyConnection) -> None:
    """An event that builds since the last release changed to and fro stands as it was published."""
    same = same_row(_CONTENT, "old", "events")
    connection.execute(
        "create or replace temp table restored as select event_id, old.valid_from_release from renewed.superseded as old "
        f"join events using (event_id) where events.valid_from_release is null and {same}"
    )
    connection.execute(
        "update events set valid_from_release = restored.valid_from_release from restored where restored.event_id = events.event_id"
    )
    connection.execute("delete from renewed.superseded where event_id in (select event_id from restored)")


def _read_last(connection: duckdb.DuckDBPyConnection, is_new: bool) -> Release:
    row = connection.execute(
        "select release_id, release_number, published_at, count(*) filter (change = 'added'), count(*) filter (change = 'changed'), "
        "count(*) filter (change = 'withdrawn'), released_by, reason "
        "from (from releases order by release_number desc limit 1) left join changes using (release_id) group by all"
    ).fetchone()
    if row is None:
        raise DragomanError("the release was not recorded; run the batch again")
    release_id, number, published_at, *counts_and_decision = row
    return Release(release_id, number, published_at, is_new, *counts_and_decision)
