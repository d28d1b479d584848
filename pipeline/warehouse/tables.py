"""Tables in DuckDB as contracts.py declares them: DDL, comments, and the comparison of what was built with what was declared."""

from collections.abc import Iterable, Iterator

import duckdb

from pipeline.contracts import Column, Table
from pipeline.errors import ContractError, WorkFileUnusable
from pipeline.partitions import quoted

_EXAMPLES = 5


def ddl(table: Table, name: str) -> str:
    """`create table` with types and nullability. Keys are checked, not declared: an index on hashes costs more than it gives."""
    columns = ", ".join(f"{column.name} {column.type}{'' if column.nullable else ' not null'}" for column in table)
    return f"create table if not exists {name} ({columns})"


def create_held(connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> None:
    """A table that outlives builds, as declared; WorkFileUnusable where an older release made it otherwise than by lacking a column."""
    connection.execute(ddl(table, name))
    for column in table:
        if column.nullable:
            connection.execute(f"alter table {name} add column if not exists {column.name} {column.type}")
    try:
        check_columns(connection, table, name, "An older release made this work file.")
    except ContractError as error:
        raise WorkFileUnusable(str(error)) from error


def comments(table: Table, name: str) -> Iterator[str]:
    """`comment on` statements: the grain of the table, the meaning of each column."""
    yield f"comment on table {name} is {quoted(f'One row: {table.grain}')}"
    for column in table:
        yield f"comment on column {name}.{column.name} is {quoted(column.description)}"


def drop_any(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Drops a table or view of schema main, whichever there is."""
    kinds = connection.execute(
        "select table_type from information_schema.tables "
        "where table_schema = 'main' and table_name = $1 and table_catalog = current_catalog()",
        [name],
    ).fetchall()
    for (kind,) in kinds:
        connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} {name}")


def count_rows(connection: duckdb.DuckDBPyConnection, rows: str) -> int:
    """Rows of a table, or of whatever else may stand behind `from`."""
    row = connection.execute(f"select count(*) from {rows}").fetchone()
    return int(row[0]) if row else 0


def memory_limit(connection: duckdb.DuckDBPyConnection) -> int:
    """Bytes that DuckDB may use."""
    row = connection.execute("select parse_formatted_bytes(current_setting('memory_limit'))").fetchone()
    return int(row[0]) if row else 0


def same_row(columns: Iterable[str], one: str, other: str) -> str:
    """The condition that two rows are equal in some columns, nulls being values."""
    return " and ".join(f"{one}.{column} is not distinct from {other}.{column}" for column in columns)


def check_columns(connection: duckdb.DuckDBPyConnection, table: Table, name: str, remedy: str, shown: str | None = None) -> None:
    """ContractError where columns, their order or their types differ from the declaration. shown: the name to tell, if another."""
    built = [(row[0], row[1]) for row in connection.execute(f"describe {name}").fetchall()]
    declared = [(column.name, column.type) for column in table]
    if built == declared:
        return
    differences = [f"expected {want}, found {have}" for want, have in _pairs(declared, built) if want != have]
    raise ContractError(f"{shown or name}: columns differ from contracts.py: {'; '.join(differences[:_EXAMPLES])}. {remedy}")


def check_rows(connection: duckdb.DuckDBPyConnection, table: Table, rows: str, name: str) -> None:
    """ContractError where a key repeats, or a column holds a null, value or reference that it must not. rows: a table; name: to tell."""
    keys = ", ".join(table.key)
    _refuse(connection, f"select {keys} from {rows} group by {keys} having count(*) > 1", f"{name}: key ({keys}) is not unique")
    faults = [(column, rule, condition) for column in table if not column.is_of_release for rule, condition in column.rules.items()]
    # One scan tells which rules are broken; only those are looked at again, for examples.
    counts = connection.execute(f"select {', '.join(f'count_if({condition})' for _, _, condition in faults)} from {rows}").fetchone()
    broken = [fault for fault, count in zip(faults, counts or (), strict=True) if count]
    for column, rule, condition in broken:
        shown = ", ".join(dict.fromkeys((*table.key, column.name)))
        _refuse(connection, f"select {shown} from {rows} where {condition}", f"{name}.{column.name}: {_fault(column, rule)}")
    for column in table:
        if column.refers:
            referred, _, key = column.refers.partition(".")
            shown = ", ".join(dict.fromkeys((*table.key, column.name)))
            missing = f"select {shown} from {rows} as rows anti join {referred} as referred on referred.{key} = rows.{column.name}"
            _refuse(connection, f"{missing} where {column.name} is not null", f"{name}.{column.name}: is not in {column.refers}")


def _fault(column: Column, rule: str) -> str:
    """'is null'."""
    if rule == "not_null":
        return "is null"
    return f"is none of {', '.join(column.allowed)}" if rule == "allowed" else f"is not {column.range_in_words}"


def _refuse(connection: duckdb.DuckDBPyConnection, faulty: str, message: str) -> None:
    examples = connection.execute(f"{faulty} limit {_EXAMPLES}").fetchall()
    if not examples:
        return
    found = connection.execute(f"select count(*) from ({faulty})").fetchone()
    shown = "; ".join(", ".join("null" if value is None else repr(value) for value in row) for row in examples)
    raise ContractError(
        f"{message} in {found[0] if found else '?'} rows, such as {shown}. "
        "Mend the SQL that builds it, or the coder or reader that gave these rows; what is published stays as it is."
    )


def _pairs(left: list[tuple[str, str]], right: list[tuple[str, str]]) -> Iterator[tuple[object, object]]:
    for number in range(max(len(left), len(right))):
        yield left[number] if number < len(left) else "nothing", right[number] if number < len(right) else "nothing"
