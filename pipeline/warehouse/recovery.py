"""A work file that cannot be used: set aside, and begun anew with the history that the published file holds.

What stands in it can all be had again: rows from the partitions of the lake, releases and versions of events from the published file.
*Whole or not at all*: the new file is made beside, and takes its place with one rename.
"""

from pathlib import Path

import duckdb

from pipeline.config import Workspace
from pipeline.contracts import EVENTS
from pipeline.partitions import quoted
from pipeline.warehouse.connection import writing_alone
from pipeline.warehouse.holding import recall_audits
from pipeline.warehouse.release import HISTORY, create_history


def begin_anew(workspace: Workspace) -> Path:
    """Moves the work file aside and begins another; gives where the old one lies. The batches of the lake must then be loaded."""
    aside, begun = workspace.work / "unusable.duckdb", workspace.work / "begun.duckdb"
    with writing_alone(workspace):
        _remove(begun)
        with duckdb.connect(str(begun)) as connection:
            create_history(connection)
            if workspace.warehouse.exists():
                _recall_history(connection, workspace.warehouse)
        _remove(aside)
        for held, to in zip(_files(workspace.work_file), _files(aside), strict=True):
            if held.exists():
                held.replace(to)
        begun.replace(workspace.work_file)
    return aside


def _recall_history(connection: duckdb.DuckDBPyConnection, published: Path) -> None:
    """Releases and what each changed, as readers know them; and the events, so that the next release tells what became of each."""
    connection.execute(f"attach {quoted(str(published))} as published (read_only)")
    for table in HISTORY:
        connection.execute(f"insert into {table.name} by name select * from published.main.{table.name}")
    connection.execute(f"create table renewed.former_events as from published.main.{EVENTS.name}")
    recall_audits(connection)
    connection.execute("detach published")


def _files(database: Path) -> tuple[Path, Path]:
    """The file and its log."""
    return database, database.with_name(f"{database.name}.wal")


def _remove(database: Path) -> None:
    for path in _files(database):
        path.unlink(missing_ok=True)
