"""How one table of the work file is brought up to date: rows in scope are made anew, and what differs is kept apart.

before.x holds the rows that table x lost, after.x those that it gained; where all rows of a key are made anew, all of them where one
differs. A table that was empty has no rows before, and after.x reads it through.
"""

from collections.abc import Iterator, Sequence

import duckdb

from pipeline.contracts import EVENTS, PUBLIC
from pipeline.warehouse.graph import Node
from pipeline.warehouse.tables import check_columns, count_rows, memory_limit, same_row

_KEYS_AT_ONCE = 1_000_000
"""Of a scope: bounds the memory of a step."""
_BYTES_OF_EVENT = 5_500
"""What an event takes while it is made, as it gathers all its reports: so many are made at once as the memory limit allows."""
_DECLARED = {table.name: table for table in PUBLIC}
_OF_RELEASE = [column.name for column in EVENTS if column.is_of_release]


def create_table(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """The table, if there is none yet, and the tables of its changed rows."""
    connection.execute(f"create or replace temp view shape as {node.sql}")
    if node.is_public:
        check_columns(connection, _DECLARED[node.name], "shape", f"Mend {node.path}, or the declaration.", shown=node.name)
    connection.execute(f"create table if not exists {node.name} as from shape limit 0")
    connection.execute("drop view shape")
    create_changed(connection, node)


def create_changed(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """The tables of changed rows; where there were none before, all rows are."""
    connection.execute(f"create table before.{node.stem} as from {node.name} limit 0")
    is_new = not count_rows(connection, node.name)
    connection.execute(f"create {'view' if is_new else 'table'} after.{node.stem} as from {full_name(node)} {'' if is_new else 'limit 0'}")


def parts_of_scope(connection: duckdb.DuckDBPyConnection, node: Node) -> Iterator[None]:
    """Once for each part of the scope, while the scope's table holds that part; once for a table that is made whole."""
    count = count_rows(connection, node.scope) if node.scope else 1
    at_once = memory_limit(connection) // _BYTES_OF_EVENT if node.name == EVENTS.name else _KEYS_AT_ONCE
    if count <= at_once:
        if count:
            yield
        return
    parts = 1 + count // at_once
    stem = (node.scope or "").removeprefix("scope.")
    connection.execute(f"alter table {node.scope} rename to whole_{stem}")
    for part in range(parts):
        connection.execute(
            f"create or replace table {node.scope} as from scope.whole_{stem} where hash({', '.join(node.by)}) % {parts} = {part}"
        )
        yield
    connection.execute(f"drop table {node.scope}")
    connection.execute(f"alter table scope.whole_{stem} rename to {stem}")


def renew(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """Puts the rows of `made` in the place of those in scope; where some of a key differ, its rows go to before and after."""
    before, after = f"before.{node.stem}", f"after.{node.stem}"
    is_new = _is_view(connection, after)
    if is_new or not _hold(connection, node):
        if not is_new:
            connection.execute(f"insert into {after} from made")
        connection.execute(f"insert into {node.name} from made")
        return
    left_out = _OF_RELEASE if node.name == EVENTS.name else []
    compared, held = _all_but(left_out), _all_but([*left_out, "spot"] if node.by else left_out)
    differences = (
        f"(select {held} from held except all select {compared} from made)",
        f"(select {compared} from made except all select {held} from held)",
    )
    if not node.by:
        connection.execute(f"insert into {before} from {differences[0]}")
        connection.execute(f"insert into {after} from {differences[1]}")
        connection.execute(f"delete from {node.name}; insert into {node.name} from made")
        return
    keys = ", ".join(node.by)
    connection.execute(f"create or replace temp table differing as {' union '.join(f'select {keys} from {rows}' for rows in differences)}")
    differs = f"where exists (from differing as keys where {same_row(node.by, 'keys', 'rows')})"
    connection.execute(f"insert into {before} select * exclude (spot) from held as rows {differs}")
    connection.execute(f"insert into {after} from made as rows {differs}")
    connection.execute(f"delete from {node.name} where rowid in (select spot from held as rows {differs})")
    connection.execute(f"insert into {node.name} from made as rows {differs}")


def _all_but(columns: Sequence[str]) -> str:
    return f"* exclude ({', '.join(columns)})" if columns else "*"


def _hold(connection: duckdb.DuckDBPyConnection, node: Node) -> int:
    """Puts the rows in scope, as they were, into `held`, and gives how many there are. Keys are looked up before rows are read."""
    if not node.scope:
        connection.execute(f"create or replace temp table held as from {node.name}")
        return count_rows(connection, "held")
    in_scope = f"exists (from {node.scope} as keys where {same_row(node.by, 'keys', 'held')})"
    connection.execute(f"create or replace temp table spots as select rowid as spot from {node.name} as held where {in_scope}")
    count = count_rows(connection, "spots")
    if count:
        connection.execute(
            f"create or replace temp table held as select held.*, spot from {node.name} as held join spots on spot = held.rowid"
        )
    return count


def full_name(node: Node) -> str:
    """The name with its schema, which a view of the same name in another schema needs."""
    return f"main.{node.name}" if node.is_public else node.name


def _is_view(connection: duckdb.DuckDBPyConnection, name: str) -> bool:
    schema, _, table = name.partition(".")
    return bool(connection.execute("from duckdb_views() where schema_name = $1 and view_name = $2", [schema, table]).fetchall())
