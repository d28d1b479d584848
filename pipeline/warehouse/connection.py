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
from pipeline.errors import DragomanError, WarehouseLocked, WorkFileUnusable

# As DuckDB 1.5 words it, of the file and of its log alike.
_DAMAGE = ("Corrupt", "not a valid DuckDB database file", "Could not read enough bytes", "Failure while replaying WAL", "deserialize")


@contextmanager
def writer(workspace: Workspace, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to the work file, made if there is none yet. WarehouseLocked where another process holds it."""
    with writing_alone(workspace), opened(workspace, settings) as connection:
        yield connection


@contextmanager
def _damage_told(workspace: Workspace) -> Iterator[None]:
    """WorkFileUnusable where DuckDB finds the work file damaged; any other fault of disk or memory in words for the person who runs it."""
    try:
        yield
    except (duckdb.IOException, duckdb.SerializationException, duckdb.OutOfMemoryException) as error:
        if any(words in str(error) for words in _DAMAGE):
            raise WorkFileUnusable(f"{workspace.work_file} is damaged: {error}") from error
        raise DragomanError(
            f"{workspace.work_file}: {error}; what is published stays as it is, and the run may be started again"
        ) from error


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
    """A connection to the work file, for those who hold the writer's lock.

    WorkFileUnusable where it is damaged, or gone although something was published.
    """
    if workspace.warehouse.exists() and not workspace.work_file.exists():
        raise WorkFileUnusable(f"{workspace.work_file} is gone")
    with _damage_told(workspace):
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
        if "Could not set lock" not in str(error):
            raise
        raise WarehouseLocked(f"{workspace.work_file} is open elsewhere: {error}; close it there and run again") from error
