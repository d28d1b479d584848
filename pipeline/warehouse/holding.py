"""Batches of the work file that no release holds yet: what their audit said, and who let one pass all the same.

*Nobody passes unseen*: a release takes everything in the work file with it, so it waits until each batch loaded since the last one
was audited, and passed or was released by hand. A batch that was cut off before its audit counts as not audited.
*An audit stands* until a build changes a table: until then it would find the same again.
"""

from collections.abc import Iterable
from datetime import UTC

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.errors import ValidationFailed
from pipeline.overruling import Overruling
from pipeline.warehouse.connection import writer

_GRAVEST_FIRST = ("overruled", "warned", "passed")


def create_holding(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        """
        create schema if not exists audit;
        create table if not exists audit.awaiting (batch_id varchar not null, outcome varchar);
        create table if not exists audit.published (batch_id varchar);
        create table if not exists audit.overruled (
            batch_id varchar, checks varchar[], decided_by varchar, reason varchar, decided_at timestamp
        );
        create table if not exists audit.standing (batch_id varchar);
        """
    )


def await_audit(connection: duckdb.DuckDBPyConnection, batch_id: str) -> None:
    """Notes that a batch is about to be loaded, again perhaps: what an earlier audit said of it no longer counts.

    But where the work file was begun anew, and the batch comes back as it had been published, it has been audited.
    """
    create_holding(connection)
    connection.execute("delete from audit.awaiting where batch_id = $1", [batch_id])
    connection.execute("insert into audit.awaiting select $1, (select 'passed' from audit.published where batch_id = $1)", [batch_id])
    connection.execute("delete from audit.published where batch_id = $1", [batch_id])


def recall_audits(connection: duckdb.DuckDBPyConnection) -> None:
    """Of a work file that is begun anew: the batches of the published file, attached as published, which passed once."""
    create_holding(connection)
    connection.execute("insert into audit.published select distinct batch_id from published.main.records")


def forget_awaiting(connection: duckdb.DuckDBPyConnection) -> None:
    """Once all is published."""
    connection.execute("delete from audit.awaiting")


def held_batches(workspace: Workspace, settings: Settings) -> list[str]:
    """Batches in the work file that keep it from being published: their audit failed, or there was none."""
    with writer(workspace, settings) as connection:
        create_holding(connection)
        return _held(connection)


def note_audit(batch_id: str, outcome: str, workspace: Workspace, settings: Settings) -> None:
    """Keeps what the audit of a batch said: passed, warned, overruled or failed."""
    with writer(workspace, settings) as connection:
        create_holding(connection)
        connection.execute("update audit.awaiting set outcome = $2 where batch_id = $1", [batch_id, outcome])
        connection.execute("insert into audit.standing select $1 where $1 not in (from audit.standing)", [batch_id])


def audit_stands(batch_id: str, workspace: Workspace, settings: Settings) -> bool:
    """Whether no table has changed since the batch was audited."""
    with writer(workspace, settings) as connection:
        create_holding(connection)
        return bool(connection.execute("from audit.standing where batch_id = $1", [batch_id]).fetchall())


def void_audits(connection: duckdb.DuckDBPyConnection) -> None:
    """A table changes."""
    create_holding(connection)
    connection.execute("delete from audit.standing")


def overrule(overruling: Overruling, workspace: Workspace, settings: Settings) -> None:
    """Keeps a decision, in the place of an earlier one about that batch."""
    told = [overruling.batch_id, list(overruling.checks), overruling.decided_by, overruling.reason]
    with writer(workspace, settings) as connection:
        create_holding(connection)
        connection.execute("delete from audit.overruled where batch_id = $1", [overruling.batch_id])
        connection.execute("insert into audit.overruled values ($1, $2, $3, $4, $5)", [*told, overruling.decided_at.replace(tzinfo=None)])


def overruling_of(batch_id: str, workspace: Workspace, settings: Settings) -> Overruling | None:
    """The decision about a batch, if there is one."""
    with writer(workspace, settings) as connection:
        create_holding(connection)
        row = connection.execute("from audit.overruled where batch_id = $1", [batch_id]).fetchone()
    return Overruling(row[0], tuple(row[1]), row[2], row[3], row[4].replace(tzinfo=UTC)) if row else None


def outcome_of_all(connection: duckdb.DuckDBPyConnection, batch_id: str, outcome: str) -> str:
    """The gravest outcome of what a release takes with it, of which batch_id has just been audited. ValidationFailed if one is held."""
    create_holding(connection)
    if others := [held for held in _held(connection) if held != batch_id]:
        raise ValidationFailed(
            f"nothing was published: batch {batch_id} waits behind {', '.join(others[:5])}, whose audit failed or never ended; "
            "`dragoman report` shows why"
        )
    outcomes = {outcome, *(row[0] for row in connection.execute("select outcome from audit.awaiting").fetchall())}
    return next(each for each in _GRAVEST_FIRST if each in outcomes)


def decisions(connection: duckdb.DuckDBPyConnection) -> tuple[str | None, str | None]:
    """Who let batches of the work file pass, and why; both None where none was overruled."""
    rows = connection.execute(
        "select distinct decided_by, reason from audit.overruled semi join (from audit.awaiting where outcome = 'overruled') "
        "using (batch_id) order by all"
    ).fetchall()
    return _joined(row[0] for row in rows), _joined(row[1] for row in rows)


def _held(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select batch_id from audit.awaiting where coalesce(outcome, 'failed') = 'failed' order by rowid").fetchall()
    return [row[0] for row in rows]


def _joined(texts: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(texts)) or None
