"""The work file and its only writer.

*One writer*: whoever writes holds an OS lock on work/…/writer.lock. The lock dies with its process, so that nothing has to be
cleaned up after a kill; DuckDB's own lock would also stop those who only read.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.errors import WarehouseLocked


@contextmanager
def writer(workspace: Workspace, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the work file, made if there is none yet. WarehouseLocked where another process holds it."""
    with writing_alone(workspace), opened(workspace, settings) as connection:
        yield connection


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All of the block's statements, or none of them."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


@contextmanager
def writing_alone(workspace: Workspace) -> Iterator[None]:
    """Holds the lock of the one writer. WarehouseLocked where another process holds it."""
    path = workspace.writer_lock
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise WarehouseLocked(f"{path}: process {file.read() or '?'} writes this warehouse; wait until it is done, or end it") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def opened(workspace: Workspace, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the work file, for those who hold the writer's lock."""
    connection = _open(workspace, settings)
    try:
        yield connection
    finally:
        connection.close()


def _open(workspace: Workspace, settings: Settings) -> duckdb.DuckDBPyConnection:
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.build_memory_limit,
        "temp_directory": str(workspace.work / "spill"),
        # Order is asked for where it matters; keeping it elsewhere holds whole tables in memory.
        "preserve_insertion_order": False,
        # Nothing is fetched at run time, and no name in SQL may turn into a Python variable.
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    try:
        return duckdb.connect(str(workspace.work_file), config=options)
    except duckdb.IOException as error:
        if "lock" not in str(error):
            raise
        raise WarehouseLocked(f"{workspace.work_file} is open elsewhere: {error}; close it there and run again") from error
