"""Tables in DuckDB as contracts.py declares them: DDL, comments, and the comparison of what was built with what was declared."""

from collections.abc import Iterator

import duckdb

from pipeline.contracts import Column, Table
from pipeline.errors import ContractError

_EXAMPLES = 5


def quoted(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def ddl(table: Table, name: str) -> str:
    """`create table` with types and nullability. Keys are checked, not declared: an index on hashes costs more than it gives."""
    columns = ", ".join(f"{column.name} {column.type}{'' if column.nullable else ' not null'}" for column in table)
    return f"create table if not exists {name} ({columns})"


def comments(table: Table, name: str) -> Iterator[str]:
    """`comment on` statements: the grain of the table, the meaning of each column."""
    yield f"comment on table {name} is {quoted(f'One row: {table.grain}')}"
    for column in table:
        yield f"comment on column {name}.{column.name} is {quoted(column.description)}"


def check_columns(connection: duckdb.DuckDBPyConnection, table: Table, name: str, remedy: str) -> None:
    """ContractError where columns, their order or their types differ from the declaration."""
    built = [(row[0], row[1]) for row in connection.execute(f"describe {name}").fetchall()]
    declared = [(column.name, column.type) for column in table]
    if built == declared:
        return
    differences = [f"expected {want}, found {have}" for want, have in _pairs(declared, built) if want != have]
    raise ContractError(f"{name}: columns differ from contracts.py: {'; '.join(differences[:_EXAMPLES])}. {remedy}")


def check_rows(connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> None:
    """ContractError where a key repeats, or a column holds a null, value or reference that it must not."""
    keys = ", ".join(table.key)
    _refuse(connection, f"select {keys} from {name} group by {keys} having count(*) > 1", f"{name}: key ({keys}) is not unique")
    faults = [(column, fault, condition) for column in table for fault, condition in _faults(column)]
    # One scan tells which rules are broken; only those are looked at again, for examples.
    counts = connection.execute(f"select {', '.join(f'count_if({condition})' for _, _, condition in faults)} from {name}").fetchone()
    broken = [fault for fault, count in zip(faults, counts or (), strict=True) if count]
    for column, fault, condition in (*broken, *_references(table)):
        shown = ", ".join(dict.fromkeys((*table.key, column.name)))
        _refuse(connection, f"select {shown} from {name} where {condition}", f"{name}.{column.name}: {fault}")


def _faults(column: Column) -> Iterator[tuple[str, str]]:
    """What may be wrong with a column, and the condition of the rows where it is."""
    name = column.name
    if not column.nullable:
        yield "is null", f"{name} is null"
    if column.allowed:
        yield f"is none of {', '.join(column.allowed)}", f"{name} not in ({', '.join(map(quoted, column.allowed))})"
    if column.minimum is not None:
        yield f"is below {column.minimum:g}", f"{name} < {column.minimum}"
    if column.maximum is not None:
        yield f"is above {column.maximum:g}", f"{name} > {column.maximum}"


def _references(table: Table) -> Iterator[tuple[Column, str, str]]:
    for column in table:
        if column.refers:
            referred, _, key = column.refers.partition(".")
            yield column, f"is not in {column.refers}", f"{column.name} is not null and {column.name} not in (select {key} from {referred})"


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
