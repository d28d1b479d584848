"""Macros and views of the published file, so that common questions need no joins.

sql/views/x.sql is the SELECT of view x; sql/macros/x.sql creates macro x. Their heads become comments in the file itself.
Both name tables without a database, since nobody knows under which name a reader attaches the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipeline import resources
from pipeline.contracts import PUBLIC
from pipeline.errors import ContractError, SeedError
from pipeline.partitions import quoted
from pipeline.warehouse.graph import Node, in_order, tables_read

_HEAD = re.compile(r"-- grain: (?P<grain>.+)\n-- why: (?P<why>.+)\n(?:-- use: (?P<use>.+)\n)?")
_MACRO = re.compile(r"^create or replace macro (?P<name>\w+)\((?P<parameters>.*)\) as(?P<table> table)?$", re.MULTILINE)

_READ = re.compile(r"\b(?:from|join) (\w+)")

_DECLARED = {table.name: table for table in PUBLIC}
_NAMES = {
    "country_name": "Name of the country in English",
    "source_country_name": "Name of the source's country in English",
    "target_country_name": "Name of the target's country in English",
    "place_country_name": "Name of the place's country in English",
    "month": "First day of the month",
    "covered_days": "Days of the month on which some article was published",
}


@dataclass(frozen=True)
class Macro:
    """A file of sql/macros."""

    name: str
    grain: str
    why: str
    use: str
    """A query that can be run as it stands."""
    parameters: str
    """As in the call: "source, target, statuses := ['actual']"."""
    is_table: bool
    sql: str


@dataclass(frozen=True)
class View:
    """A file of sql/views."""

    name: str
    grain: str
    why: str
    sql: str


def macros() -> list[Macro]:
    """The macros of sql/macros by name. SeedError names a file without its head."""
    return [_read_macro(path) for path in sorted((resources.SQL / "macros").glob("*.sql"))]


def views() -> list[View]:
    """The views of sql/views, each behind those that it reads. SeedError names a file without its head."""
    paths = {path.stem: path for path in (resources.SQL / "views").glob("*.sql")}
    nodes = [Node(name, path, sql := path.read_text(encoding="utf-8"), tables_read(sql, str(path))) for name, path in paths.items()]
    found = {node.name: _read_view(node) for node in in_order(nodes, (table.name for table in PUBLIC))}
    return list(found.values())


def create_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Creates all views and macros with their comments, and drops those that an older Dragoman left. All public tables must be there.

    ContractError names a file that does not fit the tables, or that would hide a function of DuckDB's own.
    """
    _drop_all(connection)
    both: list[Macro | View] = [*views(), *macros()]
    for made in both:
        try:
            connection.execute(_creating(made))
            for comment in _comments(connection, made):
                connection.execute(comment)
        except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
            folder = "views" if isinstance(made, View) else "macros"
            raise ContractError(
                f"sql/{folder}/{made.name}.sql: {error}. Mend it, or the declaration of the table in contracts.py."
            ) from error
    _refuse_hiding(connection)


def _creating(made: Macro | View) -> str:
    return f"create view {made.name} as {made.sql}" if isinstance(made, View) else made.sql


def _comments(connection: duckdb.DuckDBPyConnection, made: Macro | View) -> Iterator[str]:
    """`comment on` statements; DuckDB has none for the columns that a macro gives."""
    if isinstance(made, Macro):
        kind, gives = ("macro table", "One row: ") if made.is_table else ("macro", "")
        yield f"comment on {kind} {made.name} is {quoted(f'{gives}{made.grain}. Use: {made.use}')}"
        return
    meanings = _meanings(made)
    yield f"comment on view {made.name} is {quoted(f'One row: {made.grain}')}"
    for name, *_ in connection.execute(f"describe {made.name}").fetchall():
        if name not in meanings:
            raise ContractError(f"sql/views/{made.name}.sql: nothing says what column {name} means; name it as a table does")
        yield f"comment on column {made.name}.{name} is {quoted(meanings[name])}"


def _meanings(view: View) -> dict[str, str]:
    """What a column means: as in the first table behind `from` or `join` that has one of this name."""
    read = [_DECLARED[name] for name in _READ.findall(view.sql) if name in _DECLARED]
    return _NAMES | {column.name: column.description for table in reversed(read) for column in table}


def _drop_all(connection: duckdb.DuckDBPyConnection) -> None:
    own = "where not internal and database_name = current_database() and schema_name = 'main'"
    for name, kind in connection.execute(f"select function_name, function_type from duckdb_functions() {own}").fetchall():
        connection.execute(f"drop {'macro table' if kind == 'table_macro' else 'macro'} if exists {name}")
    for (name,) in connection.execute(f"select view_name from duckdb_views() {own}").fetchall():
        connection.execute(f"drop view {name}")


def _refuse_hiding(connection: duckdb.DuckDBPyConnection) -> None:
    """A macro of a function's name would change what other people's queries mean."""
    hidden = connection.execute(
        "select function_name from duckdb_functions() group by function_name having bool_or(internal) and not bool_and(internal)"
    ).fetchall()
    if hidden:
        raise ContractError(f"sql/macros/{hidden[0][0]}.sql: DuckDB has a function of that name; rename the macro")


def _read_macro(path: Path) -> Macro:
    sql = path.read_text(encoding="utf-8")
    head, made = _HEAD.match(sql), _MACRO.search(sql)
    if not head or not head["use"] or not made or made["name"] != path.stem:
        raise SeedError(
            f"{path}: must begin with the lines '-- grain: …', '-- why: …', '-- use: …' and 'create or replace macro {path.stem}(…) as'"
        )
    return Macro(path.stem, head["grain"], head["why"], head["use"], made["parameters"], bool(made["table"]), sql)


def _read_view(node: Node) -> View:
    head = _HEAD.match(node.sql)
    if not head:
        raise SeedError(f"{node.path}: the first two lines must be '-- grain: …' and '-- why: …'")
    return View(node.name, head["grain"], head["why"], node.sql)
