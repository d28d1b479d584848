"""Builds the staging and public tables of the work file from the SQL in sql/.

*As declared*: a public table that differs from contracts.py stops the build.
*Whole*: one transaction; a build that fails or is killed leaves the tables of the last one.
"""

from collections.abc import Iterator

import duckdb
import polars as pl

from pipeline import resources
from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.errors import ContractError
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.graph import Node, in_order, read_folder
from pipeline.warehouse.identity import MentionKey, assign_events
from pipeline.warehouse.load import create_raw
from pipeline.warehouse.release import create_history
from pipeline.warehouse.tables import check_columns, check_rows

# The one table that no SELECT can make: each mention is compared with the events found before it.
MENTION_EVENTS = Node("staging.mention_events", None, "", frozenset({"staging.mention_keys"}))
_MENTIONS_AT_ONCE = 50_000  # about 100 MB of Python objects; blocks are never torn apart

_DECLARED = {table.name: table for table in PUBLIC}
_REMEDY = "Mend the SQL, or the declaration."


def build_tables(workspace: Workspace, settings: Settings | None = None) -> None:
    """Builds every table anew. ContractError where one differs from contracts.py, with evidence; WarehouseLocked while another writes."""
    with writer(workspace, settings or Settings.from_environment()) as connection:
        create_raw(connection)
        create_history(connection)
        with transaction(connection):
            connection.execute("drop schema if exists staging cascade")
            connection.execute("create schema staging")
            nodes = ordered_nodes(connection)
            for node in nodes:
                build_node(connection, node)
            # In the order of building, so that a fault is told of the table where it arose.
            for node in nodes:
                if node.is_public:
                    check_rows(connection, _DECLARED[node.name], node.name)
        connection.execute("checkpoint")


def ordered_nodes(connection: duckdb.DuckDBPyConnection) -> list[Node]:
    """The tables to build, each behind what it reads. ContractError where a public table has no SQL file."""
    nodes = [*read_folder(resources.SQL), MENTION_EVENTS]
    public = {node.name for node in nodes if node.is_public}
    if public != _DECLARED.keys():
        raise ContractError(f"sql/warehouse, sql/marts and contracts.PUBLIC differ: {', '.join(sorted(public ^ _DECLARED.keys()))}")
    raw = connection.execute("select table_name from duckdb_tables() where schema_name = 'raw'").fetchall()
    return in_order(nodes, (f"raw.{row[0]}" for row in raw))


def build_node(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """Makes one table: staging files as views, public ones as tables."""
    if node == MENTION_EVENTS:
        _assign_events(connection)
        return
    try:
        connection.execute(f"create or replace {'table' if node.is_public else 'view'} {node.name} as {node.sql}")
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise ContractError(f"{node.path}: {error}. {_REMEDY}") from error
    if node.is_public:
        check_columns(connection, _DECLARED[node.name], node.name, f"{_REMEDY} ({node.path})")


def _assign_events(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(f"create or replace table {MENTION_EVENTS.name} (mention_id varchar not null, event_id varchar not null)")
    connection.execute("create or replace temp table mention_keys as select * from staging.mention_keys")
    counted = connection.execute("select count(*) from mention_keys").fetchone()
    buckets = 1 + (counted[0] if counted else 0) // _MENTIONS_AT_ONCE
    for bucket in range(buckets):
        found = connection.execute(
            f"select * exclude (block_hash) from mention_keys where block_hash % {buckets} = {bucket}"
        ).to_arrow_table()
        pairs = pl.DataFrame(list(assign_events(_keys(found.to_pydict()))), schema=["mention_id", "event_id"], orient="row")
        connection.register("pairs", pairs.cast(pl.String).to_arrow())
        connection.execute(f"insert into {MENTION_EVENTS.name} select mention_id, event_id from pairs")
        connection.unregister("pairs")
    connection.execute("drop table mention_keys")


def _keys(columns: dict[str, list[object]]) -> Iterator[MentionKey]:
    paths = ("source", "target", "place", "deed")
    for name in paths:
        columns[name] = [tuple(path) for path in columns[name]]  # type: ignore[arg-type]
    fields = [columns[name] for name in MentionKey.__dataclass_fields__]
    return (MentionKey(*row) for row in zip(*fields, strict=True))
