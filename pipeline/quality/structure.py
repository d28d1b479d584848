"""Structural expectations, derived from contracts.py: what every row of every public table must satisfy.

All of them are critical: a table that breaks its contract would give wrong answers. Column rules are Great
Expectations' own, which counts them together in one pass over the table; keys, references and the columns themselves
are queries, because nulls in keys, other tables and types are things that its column rules do not see on DuckDB.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from pipeline.contracts import PUBLIC, Column, Table
from pipeline.quality.checks import Expectation

CATALOGUE = (
    "select table_name, column_name, data_type, column_index as position from duckdb_columns() "
    "where database_name = current_database() and schema_name = 'main'"
)
BATCH = "(select * from {batch}) as t"
"""Great Expectations puts the batch in place of {batch}, with or without an alias of its own."""

_FIX = "Mend what builds {table} (sql/, pipeline/warehouse) or the coder that gave it these rows, and run the batch again."


def structural_expectations(tables: Iterable[Table] = PUBLIC) -> Iterator[Expectation]:
    """For each table: its columns, its key, and for each column nulls, allowed values, range and reference."""
    for table in tables:
        yield columns_as_declared(table)
        yield unique_key(table)
        for column in table:
            if not column.is_of_release:  # set once validation has passed
                yield from _column_rules(table, column)


def columns_as_declared(table: Table) -> Expectation:
    """The table is there, with exactly the declared columns, in order and of their types."""
    declared = ", ".join(f"('{column.name}', '{column.type}', {number})" for number, column in enumerate(table, 1))
    query = (
        "select coalesce(declared.column_name, built.column_name) as column_name, "
        "declared.data_type as declared_type, built.data_type as built_type, "
        "declared.position as declared_position, built.position as built_position "
        f"from (values {declared}) as declared(column_name, data_type, position) "
        f"full join (select * from {BATCH} where table_name = '{table.name}') as built using (column_name) "
        "where declared.data_type is distinct from built.data_type or declared.position is distinct from built.position "
        "order by coalesce(declared.position, built.position)"
    )
    return _rows(
        table, "columns", query, f"{len(table.columns)} columns as declared",
        f"{table.name} has the columns that contracts.py declares, in that order and of those types.", CATALOGUE,
    )  # fmt: skip


def unique_key(table: Table) -> Expectation:
    key = ", ".join(table.key)
    query = f"select {key}, count(*) as row_count from {BATCH} group by {key} having count(*) > 1 order by {key}"
    return _rows(
        table, "unique_key", query, f"one row for each {' and '.join(table.key)}",
        f"A row of {table.name} is {table.grain}. Two rows with one key would be counted twice.",
    )  # fmt: skip


def _column_rules(table: Table, column: Column) -> Iterator[Expectation]:
    about = f"{column.description}."
    if not column.nullable:
        yield _native(table, column, "not_null", "never null", "ExpectColumnValuesToNotBeNull", {}, about)
    if column.allowed:
        expected = "one of " + (", ".join(column.allowed) if len(column.allowed) <= 6 else f"{len(column.allowed)} values")
        yield _native(table, column, "allowed", expected, "ExpectColumnValuesToBeInSet", {"value_set": list(column.allowed)}, about)
    if column.minimum is not None or column.maximum is not None:
        limits = {"min_value": column.minimum, "max_value": column.maximum}
        yield _native(table, column, "range", column.range_in_words, "ExpectColumnValuesToBeBetween", limits, about)
    if column.refers:
        yield _reference(table, column, about)


def _reference(table: Table, column: Column, about: str) -> Expectation:
    other_table, other_column = column.refers.split(".")
    shown = ", ".join(f"t.{name}" for name in dict.fromkeys((*table.key, column.name)))
    query = (
        f"select {shown} from {BATCH} where t.{column.name} is not null "
        f"and not exists (select 1 from {other_table} as other where other.{other_column} = t.{column.name})"
    )
    return _rows(table, "reference", query, f"found in {column.refers}", about, column=column)


def _native(table: Table, column: Column, kind: str, expected: str, judged_by: str, limits: dict[str, Any], about: str) -> Expectation:
    return Expectation(
        name=f"{table.name}.{column.name}.{kind}", table=table.name, column=column.name, severity="critical",
        expected=expected, meaning=about, action=_FIX.format(table=table.name),
        judged_by=judged_by, arguments={"column": column.name, **limits}, broken_where=column.rules[kind],
    )  # fmt: skip


def _rows(
    table: Table, kind: str, query: str, expected: str, meaning: str, batch: str | None = None, column: Column | None = None
) -> Expectation:
    subject = f"{table.name}.{column.name}" if column else table.name
    return Expectation(
        name=f"{subject}.{kind}", table=table.name, column=column.name if column else None, severity="critical",
        expected=expected, meaning=meaning, action=_FIX.format(table=table.name),
        judged_by="UnexpectedRowsExpectation", arguments={"unexpected_rows_query": query}, query=batch,
    )  # fmt: skip
