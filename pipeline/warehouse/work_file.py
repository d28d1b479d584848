"""The work file as a file: a copy to work in aside, and one without the space that deleted rows left.

*Whole*: a copy takes the work file's place in one step, under the lock of the one writer.
"""

import os
import shutil
from dataclasses import replace

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.errors import DragomanError
from pipeline.partitions import quoted, sync_folder
from pipeline.warehouse.connection import opened, writing_alone
from pipeline.warehouse.release import refuse_unpublished
from pipeline.warehouse.tables import count_rows

_COMPACTED = "compacted"


def copied_aside(name: str, workspace: Workspace, settings: Settings) -> Workspace:
    """A copy of the work file under a name of its own, and the workspace that works in it. The caller writes alone.

    WarehouseLocked where a batch is loaded that is not published yet: the copy would carry it past its audit.
    """
    copy = _empty_aside(name, workspace)
    with opened(workspace, settings) as connection:
        refuse_unpublished(connection, workspace)
        connection.execute("checkpoint")
    shutil.copyfile(workspace.work_file, copy.work_file)
    return copy


def put_in_place(copy: Workspace, workspace: Workspace) -> None:
    """Makes a closed copy the work file. The caller writes alone."""
    with copy.work_file.open("rb") as file:
        os.fsync(file.fileno())
    copy.work_file.replace(workspace.work_file)
    sync_folder(workspace.work)


def free_share(workspace: Workspace, settings: Settings) -> float:
    """The share of the work file that deleted rows left free, 0 to 1. WarehouseLocked where another process writes."""
    with writing_alone(workspace), opened(workspace, settings) as connection:
        free, total = connection.execute("select free_blocks, total_blocks from pragma_database_size()").fetchall()[0]
    return float(free / total) if total else 0.0


def compact(workspace: Workspace, settings: Settings) -> int:
    """Writes the work file anew without free space, and gives the bytes that this won. WarehouseLocked where another process writes."""
    with writing_alone(workspace):
        before = workspace.work_file.stat().st_size
        copy = _empty_aside(_COMPACTED, workspace)
        with opened(workspace, settings) as connection:
            connection.execute("set preserve_insertion_order = true")  # rows that are read together stay together
            connection.execute(f"attach {quoted(str(copy.work_file))} as compacted")
            connection.execute(f'copy from database "{workspace.work_file.stem}" to compacted')
            _compare(connection, workspace)
            connection.execute("checkpoint compacted")
            connection.execute("detach compacted")
        put_in_place(copy, workspace)
        return before - workspace.work_file.stat().st_size


def _empty_aside(name: str, workspace: Workspace) -> Workspace:
    copy = replace(workspace, aside=name)
    for stale in workspace.work.glob(f"{name}.duckdb*"):  # of an attempt that was killed
        stale.unlink()
    return copy


def _compare(connection: duckdb.DuckDBPyConnection, workspace: Workspace) -> None:
    """DragomanError where the copy has lost rows of a table."""
    tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables() where database_name = current_database()")
    for (table,) in tables.fetchall():
        held, copied = count_rows(connection, table), count_rows(connection, f"compacted.{table}")
        if held != copied:
            raise DragomanError(f"{workspace.work_file}: {table} has {held} rows, its copy {copied}; the file stays as it is")
