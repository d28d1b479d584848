"""The published tables as files.

*Canonical*: equal content gives equal bytes, whatever the run, the order or the batches it came in; so what depends on them is left out.
*Formula-safe*: a cell of a CSV that a spreadsheet would run begins with an apostrophe. Parquet holds the values as they are.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import duckdb

from pipeline.config import Workspace
from pipeline.contracts import CHANGES, PUBLIC, RELEASES, Column, Table
from pipeline.errors import InputError
from pipeline.partitions import sync_folder
from pipeline.warehouse.tables import quoted

_OF_THE_RUN = frozenset({"batch_id"})
# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, with their full-width forms.
_FORMULA = r"^[=+\-@\t\r\n＝＋－＠]"


def export_canonical(workspace: Workspace, folder: Path) -> list[Path]:
    """One CSV a public table without releases, changes and batch ids, rows in order of their key. Gives the files."""
    tables = (table for table in PUBLIC if table not in (RELEASES, CHANGES))
    return _export(workspace, folder, tables, "csv", lambda column: column.name not in _OF_THE_RUN)


def export_csv(workspace: Workspace, folder: Path) -> list[Path]:
    """One CSV a public table, rows in order of their key."""
    return _export(workspace, folder, PUBLIC, "csv", lambda column: True)


def export_parquet(workspace: Workspace, folder: Path) -> list[Path]:
    """One Parquet file a public table, rows in order of their key."""
    return _export(workspace, folder, PUBLIC, "parquet", lambda column: True)


FORMATS: dict[str, Callable[[Workspace, Path], list[Path]]] = {
    "canonical": export_canonical,
    "csv": export_csv,
    "parquet": export_parquet,
}

_OPTIONS = {"csv": "format csv, header, delimiter ','", "parquet": "format parquet, compression zstd"}


def _export(workspace: Workspace, folder: Path, tables: Iterable[Table], suffix: str, keep: Callable[[Column], bool]) -> list[Path]:
    if not workspace.warehouse.is_file():
        raise InputError(f"{workspace.warehouse}: no warehouse is published here; run a batch first")
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        files = [_write(connection, table, folder / f"{table.name}.{suffix}", keep) for table in tables]
    sync_folder(folder)
    return files


def _write(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, keep: Callable[[Column], bool]) -> Path:
    """Writes beside, then renames: whoever reads the folder sees whole files only."""
    columns = ", ".join(_cell(column, path.suffix) for column in table if keep(column))
    order = ", ".join(f"{table.name}.{key} nulls first" for key in table.key)
    partial = path.with_name(f".{path.name}.partial")
    connection.execute(
        f"copy (select {columns} from {table.name} order by {order}) to {quoted(str(partial))} ({_OPTIONS[path.suffix[1:]]})"
    )
    return partial.replace(path)


def _cell(column: Column, suffix: str) -> str:
    if suffix != ".csv" or column.type != "VARCHAR":
        return column.name
    return f"if(regexp_matches({column.name}, {quoted(_FORMULA)}), '''' || {column.name}, {column.name}) as {column.name}"
