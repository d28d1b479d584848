"""Brings the staging and public tables of the work file up to date, from the SQL in sql/.

*As declared*: a public table that differs from contracts.py stops the build.
*Whole or not at all*: one transaction; a build that fails or is killed leaves the tables of the last one.
*Only what changed*: what a load touched is followed from table to table: sql/scope says which rows of a table are made anew, and
schemas before and after hold those that really differ. The first build takes the same way, with everything in scope.
"""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb
import polars as pl

from pipeline import contracts, resources
from pipeline.config import Settings, Workspace
from pipeline.contracts import EVENTS, PUBLIC
from pipeline.errors import ContractError
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse import identity
from pipeline.warehouse.graph import Node, in_order, read_folder
from pipeline.warehouse.identity import MentionKey, anchor_mentions
from pipeline.warehouse.load import create_raw, forget_touched, touch_everything
from pipeline.warehouse.release import HISTORY, create_history, note_changes
from pipeline.warehouse.tables import check_columns, check_rows, drop_any, same_row

# The one table that no SELECT can make: each mention is compared with the events found before it.
ANCHORS = Node(
    "staging.mention_anchors", None, "", frozenset({"staging.mention_keys", "staging.own_links"}), by=("mention_id",), scope="scope.resolved"
)  # fmt: skip
_MENTIONS_AT_ONCE = 50_000  # about 100 MB of Python objects; blocks are never torn apart
_KEYS_AT_ONCE = 250_000  # of a scope: bounds the memory of a step
_WHOLE = 5  # once a fifth of the mentions changed, it is quicker to resolve all than to find out which

_DECIDING = ("scope", "staging", "identity", "warehouse", "marts", "pipeline")  # folders of what makes the tables
_PASSING = ("scope", "before", "after")  # schemas of one build

_DECLARED = {table.name: table for table in PUBLIC}
_OF_RELEASE = [column.name for column in EVENTS if column.is_of_release]
_REMEDY = "Mend the SQL, or the declaration."


def build_tables(workspace: Workspace, settings: Settings | None = None) -> None:
    """Brings every table up to date. ContractError where one differs from contracts.py; WarehouseLocked while another writes."""
    with writer(workspace, settings or Settings.from_environment()) as connection:
        create_raw(connection)
        create_history(connection)
        _drop_passing(connection)  # of a build that was killed
        with transaction(connection):
            _start_anew_if_changed(connection)
            for schema in _PASSING:
                connection.execute(f"create schema {schema}")
            nodes = ordered_nodes(connection)
            for node in nodes:
                build_node(connection, node)
            # In the order of building, so that a fault is told of the table where it arose.
            for node in nodes:
                if node.is_public:
                    _check(connection, node)
            note_changes(connection, [node for node in nodes if node.is_public])
            forget_touched(connection)
        _drop_passing(connection)
        connection.execute("checkpoint")


def _start_anew_if_changed(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes everything anew where what makes it is not what made it. Events stay, so that the release tells what became of each."""
    if (made_with := _fingerprint()) in [row[0] for row in connection.execute("from raw.made_with").fetchall()]:
        return
    connection.execute("drop schema if exists staging cascade")
    for table in PUBLIC:
        if table not in (EVENTS, *HISTORY):
            drop_any(connection, table.name)
    connection.execute("create schema staging")
    touch_everything(connection)
    connection.execute("delete from raw.made_with")
    connection.execute("insert into raw.made_with values ($1)", [made_with])


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
        _resolve(connection)
        return
    try:
        if node.is_scope:
            connection.execute(f"create table {node.name} as {node.sql}")
        elif node.is_view:
            connection.execute(f"create or replace view {node.name} as {node.sql}")
        else:
            _create(connection, node)
            for _ in _chunks(connection, node):
                connection.execute(f"create or replace temp table made as {node.sql}")
                _renew(connection, node)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise ContractError(f"{node.path}: {error}. {_REMEDY}") from error


def _create(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """The table, if there is none yet, and the tables of its changed rows."""
    connection.execute(f"create or replace temp view shape as {node.sql}")
    if node.is_public:
        check_columns(connection, _DECLARED[node.name], "shape", f"{_REMEDY} ({node.path})", shown=node.name)
    connection.execute(f"create table if not exists {node.name} as from shape limit 0")
    connection.execute("drop view shape")
    for schema in ("before", "after"):
        connection.execute(f"create table {schema}.{node.stem} as from {node.name} limit 0")


def _chunks(connection: duckdb.DuckDBPyConnection, node: Node) -> Iterator[None]:
    """Once for each part of the scope, while the scope's table holds that part; once for a table that is made whole."""
    count = _count(connection, node.scope) if node.scope else 1
    if count <= _KEYS_AT_ONCE:
        if count:
            yield
        return
    parts = 1 + count // _KEYS_AT_ONCE
    stem = (node.scope or "").removeprefix("scope.")
    connection.execute(f"alter table {node.scope} rename to whole_{stem}")
    for part in range(parts):
        connection.execute(
            f"create or replace table {node.scope} as from scope.whole_{stem} where hash({', '.join(node.by)}) % {parts} = {part}"
        )
        yield
    connection.execute(f"drop table {node.scope}")
    connection.execute(f"alter table scope.whole_{stem} rename to {stem}")


def _renew(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """Puts the rows of `made` in the place of those in scope; where some of a key differ, its rows go to before and after."""
    before, after = f"before.{node.stem}", f"after.{node.stem}"
    if not _hold(connection, node):
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
        return _count(connection, "held")
    in_scope = f"exists (from {node.scope} as keys where {same_row(node.by, 'keys', 'held')})"
    connection.execute(f"create or replace temp table spots as select rowid as spot from {node.name} as held where {in_scope}")
    count = _count(connection, "spots")
    if count:
        connection.execute(
            f"create or replace temp table held as select held.*, spot from {node.name} as held join spots on spot = held.rowid"
        )
    return count


def _check(connection: duckdb.DuckDBPyConnection, node: Node) -> None:
    """The rows of a public table that a build changed, against the declaration."""
    table = _DECLARED[node.name]
    if node.is_view:
        check_columns(connection, table, node.name, f"{_REMEDY} ({node.path})")
        connection.execute(
            f"create or replace table after.{node.stem} as from {node.name} as rows "
            f"where exists (from {node.scope} as keys where {same_row(node.by, 'keys', 'rows')})"
        )
    check_rows(connection, table, f"after.{node.stem}", node.name)


def _resolve(connection: duckdb.DuckDBPyConnection) -> None:
    """Finds out anew which mentions report the same event, for those whose events may have changed."""
    made = "(mention_id varchar, anchor_id varchar)"
    connection.execute(f"create table if not exists {ANCHORS.name} {made}")
    for schema in ("before", "after"):
        connection.execute(f"create table {schema}.{ANCHORS.stem} {made}")
    _find_resolved(connection)
    connection.execute(f"create or replace temp table found {made}")
    connection.execute(
        "create or replace temp table keys as select mention_keys.*, via from staging.mention_keys "
        "semi join scope.considered using (mention_id) left join staging.own_links using (mention_id)"
    )
    for anchors in _anchors(connection):
        connection.register("anchors", anchors.to_arrow())
        connection.execute("insert into found from anchors")
        connection.unregister("anchors")
    connection.execute("create or replace temp table made as from found semi join scope.resolved using (mention_id)")
    _renew(connection, ANCHORS)
    connection.execute("drop table keys; drop table found")


def _find_resolved(connection: duckdb.DuckDBPyConnection) -> None:
    changed = _count(connection, "after.mention_keys") + _count(connection, "before.mention_keys")
    if changed * _WHOLE > _count(connection, "staging.mention_keys"):
        connection.execute("create table scope.considered as select mention_id from staging.mention_keys")
        connection.execute("create table scope.resolved as from scope.considered union select mention_id from before.mention_keys")
        return
    for name in ("cells", "resolved", "considered"):
        sql = (resources.SQL / "identity" / f"{name}.sql").read_text(encoding="utf-8")
        connection.execute(f"create table scope.{name} as {sql}")


def _anchors(connection: duckdb.DuckDBPyConnection) -> Iterator[pl.DataFrame]:
    """Mentions with their anchors, so many blocks at once as memory allows."""
    buckets = 1 + _count(connection, "keys") // _MENTIONS_AT_ONCE
    columns = ", ".join(MentionKey.__dataclass_fields__)
    for bucket in range(buckets):
        found = connection.execute(f"select {columns} from keys where block % {buckets} = {bucket}").to_arrow_table()
        pairs = list(anchor_mentions(_keys(found.to_pydict())))
        yield pl.DataFrame(pairs, schema={"mention_id": pl.String, "anchor_id": pl.String}, orient="row")


def _keys(columns: dict[str, list[object]]) -> Iterator[MentionKey]:
    for name in ("source", "target", "place", "deed"):
        columns[name] = [tuple(path) for path in columns[name]]  # type: ignore[arg-type]
    fields: Sequence[list[object]] = [columns[name] for name in MentionKey.__dataclass_fields__]
    return (MentionKey(*row) for row in zip(*fields, strict=True))  # type: ignore[arg-type]


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    row = connection.execute(f"select count(*) from {table}").fetchone()
    return int(row[0]) if row else 0
