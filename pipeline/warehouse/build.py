"""Brings the staging and public tables of the work file up to date, from the SQL in sql/.

*As declared*: a public table that differs from contracts.py stops the build.
*Whole or not at all*: one transaction; a build that fails or is killed leaves the tables of the last one. Only where everything is
made anew there is none around it: cut off there, the next build starts anew.
*Only what changed*: what a load touched is followed from table to table: sql/scope says which rows of a table are made anew, and
schemas before and after hold those that really differ. The first build takes the same way, with everything in scope.
"""

import hashlib
from pathlib import Path

import duckdb

from pipeline import contracts, resources
from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.errors import ContractError
from pipeline.warehouse import identity
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.graph import Node, in_order, read_folder
from pipeline.warehouse.load import create_raw, forget_touched, touch_everything
from pipeline.warehouse.release import HISTORY, compare_with_former, create_history, keep_former_events, note_changes
from pipeline.warehouse.renewing import create_table, full_name, parts_of_scope, renew
from pipeline.warehouse.resolving import ANCHORS, resolve
from pipeline.warehouse.tables import check_columns, check_rows, count_rows, drop_any, same_row

_DECIDING = ("scope", "staging", "identity", "warehouse", "marts", "pipeline")  # folders of what makes the tables
_PASSING = ("scope", "before", "after")  # schemas of one build

_DECLARED = {table.name: table for table in PUBLIC}
_REMEDY = "Mend the SQL, or the declaration."


def build_tables(workspace: Workspace, settings: Settings | None = None) -> None:
    """Brings every table up to date. ContractError where one differs from contracts.py; WarehouseLocked while another writes."""
    with writer(workspace, settings or Settings.from_environment()) as connection:
        create_raw(connection)
        create_history(connection)
        _drop_passing(connection)  # of a build that was killed
        made_with = _fingerprint()
        if (made_with,) in connection.execute("from raw.made_with").fetchall():
            connection.execute("set checkpoint_threshold = '4GB'")  # one checkpoint, at the end
            with transaction(connection):
                _note(connection, _make(connection))
        else:
            # Without one transaction around it, tables are read by several threads and in a good order.
            with transaction(connection):
                _start_anew(connection)
            nodes = _make(connection)
            with transaction(connection):
                compare_with_former(connection)
                _note(connection, nodes)
                connection.execute("insert into raw.made_with values ($1)", [made_with])
        _drop_passing(connection)
        connection.execute("checkpoint")


def _make(connection: duckdb.DuckDBPyConnection) -> list[Node]:
    """Makes and checks the tables, and gives those that are public."""
    for schema in _PASSING:
        connection.execute(f"create schema {schema}")
    nodes = ordered_nodes(connection)
    for node in nodes:
        build_node(connection, node)
    # In the order of building, so that a fault is told of the table where it arose.
    public = [node for node in nodes if node.is_public]
    for node in public:
        _check(connection, node)
    return public


def _note(connection: duckdb.DuckDBPyConnection, public: list[Node]) -> None:
    note_changes(connection, public)
    forget_touched(connection)


def _start_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes room for everything to be made anew. The events are kept beside, so that the release tells what became of each."""
    keep_former_events(connection)
    connection.execute("drop schema if exists staging cascade")
    connection.execute("create schema staging")
    for table in PUBLIC:
        if table not in HISTORY:
            drop_any(connection, table.name)
    touch_everything(connection)
    connection.execute("delete from raw.made_with")


def _fingerprint() -> str:
    """Hash of all that decides what the tables hold, given what was loaded."""
    sources = [*sorted(resources.SQL.glob("*/*.sql")), Path(contracts.__file__), Path(identity.__file__)]
    parts = (duckdb.__version__.encode(), *(path.name.encode() + path.read_bytes() for path in sources if path.parent.name in _DECIDING))
    return hashlib.sha256(b"\x1f".join(parts)).hexdigest()


def _drop_passing(connection: duckdb.DuckDBPyConnection) -> None:
    for schema in _PASSING:
        connection.execute(f"drop schema if exists {schema} cascade")


def ordered_nodes(connection: duckdb.DuckDBPyConnection) -> list[Node]:
    """The tables to build, each behind what it reads. ContractError where a public table has no SQL file."""
    nodes = [*read_folder(resources.SQL), ANCHORS]
    public = {node.name for node in nodes if node.is_public}
    if public != (made := _DECLARED.keys() - {table.name for table in HISTORY}):
        raise ContractError(f"sql/warehouse, sql/marts and contracts.PUBLIC differ: {', '.join(sorted(public ^ made))}")
    raw = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
    return in_order(nodes, ("scope.resolved", *(f"raw.{row[0]}" for row in raw)))


def build_node(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """Makes a scope or view, or brings a table up to date."""
    if node == ANCHORS:
        resolve(connection)
        return
    try:
        if node.is_scope:
            connection.execute(f"create table {node.name} as {node.sql}")
        elif node.is_view:
            connection.execute(f"create or replace view {node.name} as {node.sql}")
        else:
            create_table(connection, node)
            for _ in parts_of_scope(connection, node):
                connection.execute(f"create or replace temp table made as {node.sql}")
                renew(connection, node)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise ContractError(f"{node.path}: {error}. {_REMEDY}") from error


def _check(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """The rows of a public table that a build changed, against the declaration."""
    table = _DECLARED[node.name]
    if node.is_view:
        check_columns(connection, table, node.name, f"{_REMEDY} ({node.path})")
        is_most = count_rows(connection, str(node.scope)) * 2 > count_rows(connection, node.name)
        in_scope = "" if is_most else f"where exists (from {node.scope} as keys where {same_row(node.by, 'keys', 'rows')})"
        connection.execute(f"create {'view' if is_most else 'table'} after.{node.stem} as from {full_name(node)} as rows {in_scope}")
    check_rows(connection, table, f"after.{node.stem}", node.name)
