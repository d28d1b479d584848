"""Parquet partitions: how data travel between the steps.

*All-or-nothing*: a partition is written to a temporary name, synced and renamed, so that a file that exists is whole. An object
store has no renaming, and needs none: it shows an object once all of it has come.
*As declared*: its columns are exactly those of its table in contracts.py.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from typing import BinaryIO

import duckdb
import polars as pl
from upath import UPath

from pipeline.contracts import Table
from pipeline.errors import ContractError


@contextmanager
def atomic_writer(path: Path | UPath) -> Iterator[BinaryIO]:
    """A file that appears under path, synced, when the block ends well, and not at all otherwise."""
    with _renamed(path) if isinstance(path, Path) else _sent(path) as file:
        yield file


@contextmanager
def _renamed(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            flock(file, LOCK_EX)
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def clear_unfinished(path: Path | UPath) -> None:
    """Takes away what killed attempts to write a file left; one that is still at it holds a lock."""
    for left in path.parent.glob(f".{path.name}.*") if isinstance(path, Path) else ():
        with suppress(BlockingIOError, FileNotFoundError), left.open("rb") as file:
            flock(file, LOCK_EX | LOCK_NB)
            left.unlink()


@contextmanager
def _sent(path: UPath) -> Iterator[BinaryIO]:
    # Not written through fsspec's own file: that sends what it has also when the block fails.
    with tempfile.NamedTemporaryFile() as file:
        yield file  # type: ignore[misc]
        file.flush()
        path.fs.put_file(file.name, path.path)


def write_partition(rows: pl.DataFrame | Iterable[dict[str, object]], table: Table, path: UPath) -> UPath:
    """Writes rows of table, sorted by its key so that equal rows give equal bytes. Columns that differ from the contract raise."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows), schema=table.polars_schema)
    frame = frame.select(table.column_names).cast(table.polars_schema).sort(table.key)
    with atomic_writer(path) as file:
        frame.write_parquet(file, compression="zstd")
    return path


def read_partition(path: UPath, table: Table, names: Iterable[str] = ()) -> pl.DataFrame:
    """The rows of one partition, with some columns of its table or all of them; one that an older release did not know is null.

    ContractError where that column must not be null.
    """
    wanted = [column for column in table if not names or column.name in names]
    with path.open("rb") as file:
        held = pl.read_parquet_schema(file)
        if lacking := [column.name for column in wanted if column.name not in held and not column.nullable]:
            raise ContractError(
                f"{path}: lacks {', '.join(lacking)}: it was written by a release whose partitions cannot be read any longer; "
                "move the published file and its work folder aside, and read the articles anew"
            )
        known = [column.name for column in wanted if column.name in held]
        unknown = [pl.lit(None, column.polars).alias(column.name) for column in wanted if column.name not in known]
        file.seek(0)
        return pl.read_parquet(file, columns=known).with_columns(unknown).select(column.name for column in wanted)


def open_lake(connection: duckdb.DuckDBPyConnection, lake: UPath) -> None:
    """Lets DuckDB read partitions that lie in no folder of this machine."""
    if not isinstance(lake, Path):
        connection.register_filesystem(lake.fs)
        # A partition stays as it is while a step reads it; to ask every time costs dozens of requests.
        connection.execute("set validate_external_file_cache = 'no_validation'")


def quoted(text: str) -> str:
    """A string literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def rows_of(connection: duckdb.DuckDBPyConnection, paths: Iterable[str]) -> tuple[str, list[str]]:
    """What stands behind `from` for the rows of some partitions, at least one, and the columns that any of them has."""
    listed = ", ".join(map(quoted, paths))
    rows = f"read_parquet([{listed}], union_by_name = true)"
    # connection.read_parquet holds the interpreter while DuckDB's threads wait for it, to read from an object store: for ever.
    return rows, [name for name, *_ in connection.execute(f"describe from {rows}").fetchall()]


def sync_folder(folder: Path) -> None:
    """Makes a rename in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
