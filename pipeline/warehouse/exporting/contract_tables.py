"""Our own tables, as contracts.py declares them: canonical and ordinary CSV, and Parquet by month."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb

from pipeline.contracts import PUBLIC, Column, Table
from pipeline.partitions import quoted
from pipeline.warehouse.exporting.cells import csv_cell
from pipeline.warehouse.exporting.declared import Form, Resource

# What depends on the run, the order or the batches: equal content must give equal bytes.
_TABLES_OF_THE_RUN = frozenset({"releases", "changes", "event_versions"})
_COLUMNS_OF_THE_RUN = frozenset({"batch_id", "valid_from_release", "valid_to_release"})

# Tables that grow with every batch, and the column that puts a row into a month.
MONTHS_BY = {"events": "event_date", "event_mentions": "event_date", "articles": "published_at"}


def write_canonical(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Resource]:
    """One CSV a table without what depends on the run, formula-safe, rows in order of their key."""
    for table in PUBLIC:
        if table.name not in _TABLES_OF_THE_RUN:
            kept = tuple(column for column in table if column.name not in _COLUMNS_OF_THE_RUN)
            yield _write_csv(connection, replace(table, columns=kept), folder, raw=False)


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path, raw: bool) -> Iterator[Resource]:
    """One CSV a table, rows in order of their key."""
    for table in PUBLIC:
        yield _write_csv(connection, table, folder, raw)


def _write_csv(connection: duckdb.DuckDBPyConnection, table: Table, folder: Path, raw: bool) -> Resource:
    cells = ", ".join(f"{_csv_cell(column, raw)} as {column.name}" for column in table)
    file = f"{table.name}.csv"
    query = f"select {cells} from {table.name} as rows order by {_key_order(table)}"
    connection.execute(f"copy ({query}) to {quoted(str(folder / file))} (format csv, header, delimiter ',')")
    return Resource(table.name, Form.csv, table.grain, (file,), table)


def _csv_cell(column: Column, raw: bool) -> str:
    # Frictionless and most readers want a T in times; without a zone, as all our times are UTC.
    if column.type == "TIMESTAMP":
        return f"replace(rows.{column.name}::varchar, ' ', 'T')"
    return csv_cell(column, f"rows.{column.name}", raw)


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Resource]:
    """Parquet, zstd, values as they are; tables that grow in folders by month, the others one file each; rows in order of their key."""
    for table in PUBLIC:
        by = MONTHS_BY.get(table.name)
        if by is None:
            file = f"{table.name}.parquet"
            _copy_parquet(connection, table, "true", folder / file)
            yield Resource(table.name, Form.parquet, table.grain, (file,), table)
        else:
            files = tuple(_write_months(connection, table, by, folder))
            yield Resource(table.name, Form.parquet, table.grain, files, table, pattern=f"{table.name}/*/*.parquet")


def _write_months(connection: duckdb.DuckDBPyConnection, table: Table, by: str, folder: Path) -> Iterator[str]:
    """A file a month that has rows. An empty table gets one file too, so that readers find its columns."""
    query = f"select distinct date_trunc('month', {by})::date as month from {table.name} order by month nulls last"
    months = [row[0] for row in connection.execute(query).fetchall()]
    for month in months or [None]:
        label = "unknown" if month is None else f"{month:%Y-%m}"
        file = f"{table.name}/month={label}/part-0.parquet"
        (folder / file).parent.mkdir(parents=True)
        # Bounds rather than a function of the column, so that DuckDB skips the blocks of other months.
        within = f"{by} is null" if month is None else f"{by} >= date '{month}' and {by} < date '{month}' + interval 1 month"
        _copy_parquet(connection, table, within, folder / file)
        yield file


def _copy_parquet(connection: duckdb.DuckDBPyConnection, table: Table, condition: str, path: Path) -> None:
    names = ", ".join(f"rows.{name}" for name in table.column_names)
    query = f"select {names} from {table.name} as rows where {condition} order by {_key_order(table)}"
    connection.execute(f"copy ({query}) to {quoted(str(path))} (format parquet, compression zstd)")


def _key_order(table: Table) -> str:
    return ", ".join(f"rows.{key} nulls first" for key in table.key)
