"""Parquet partitions: how data travel between the steps.

*All-or-nothing*: a partition is written to a temporary name, synced and renamed, so that a file that exists is whole.
*As declared*: its columns are exactly those of its table in contracts.py.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import polars as pl

from pipeline.contracts import Table


@contextmanager
def atomic_writer(path: Path) -> Iterator[BinaryIO]:
    """A file that appears under path, synced, when the block ends well, and not at all otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_partition(rows: pl.DataFrame | Iterable[dict[str, object]], table: Table, path: Path) -> Path:
    """Writes rows of table, sorted by its key so that equal rows give equal bytes. Columns that differ from the contract raise."""
    frame = rows if isinstance(rows, pl.DataFrame) else pl.DataFrame(list(rows), schema=table.polars_schema)
    frame = frame.select(table.column_names).cast(table.polars_schema).sort(table.key)
    with atomic_writer(path) as file:
        frame.write_parquet(file, compression="zstd")
    return path


def read_partition(path: Path, table: Table) -> pl.DataFrame:
    """The rows of one partition, with the columns of its table."""
    return pl.read_parquet(path, columns=table.column_names, glob=False)


def sync_folder(folder: Path) -> None:
    """Makes a rename in the folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
