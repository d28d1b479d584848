"""The published file: made beside, then put in the place of the last one.

*N-or-N+1*: readers see the release before or the one after, never a mixture; whoever has the old file open keeps it.
*Two files in turn*: the file that a release replaces becomes the spare. The next release brings the spare up to date with what has
changed since, and swaps the two: a day's news costs seconds, whatever the size of the warehouse. A spare that is still open
somewhere, damaged, or made by an older Dragoman is not used: then the published file is copied, or everything is written anew.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipeline.contracts import CHANGES, EVENT_VERSIONS, PUBLIC, RELEASES, Table
from pipeline.errors import DragomanError
from pipeline.partitions import quoted, sync_folder
from pipeline.warehouse.connection import transaction
from pipeline.warehouse.macros import create_macros
from pipeline.warehouse.tables import comments, count_rows, ddl, same_row

_DAYS = ("event_date", "month", "published_date", "published_at")
_ROWS_AT_ONCE = 250_000
_SINCE = {
    RELEASES: "release_number > $since",
    CHANGES: "release_id in (select release_id from releases where release_number > $since)",
    EVENT_VERSIONS: "valid_to_release > $since",
}
"""Rows of the history that a file of release $since does not hold yet; they are only ever added to."""


def published_number(warehouse: Path) -> int | None:
    """The number of the release that a file holds; None where there is no file that can be read."""
    if not warehouse.exists():
        return None
    try:
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            row = connection.execute("select max(release_number) from releases").fetchone()
    except (duckdb.IOException, duckdb.CatalogException, duckdb.SerializationException):
        return None
    return row[0] if row else None


def published_free_share(warehouse: Path) -> float:
    """The share of the published file that deleted rows left free, 0 to 1."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        free, total = connection.execute("select free_blocks, total_blocks from pragma_database_size()").fetchall()[0]
    return float(free / total) if total else 0.0


def publish_file(connection: duckdb.DuckDBPyConnection, number: int, warehouse: Path, work: Path, *, afresh: bool = False) -> None:
    """Puts the public tables into a file of their own, looks at it, syncs it, and swaps it in as the published one.

    afresh: no older file is brought up to date for it, nor kept, so that nothing of what was deleted is left.
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    spare = work / "spare.duckdb"
    with tempfile.TemporaryDirectory(dir=warehouse.parent, prefix=f".{warehouse.name}.", suffix=".publishing") as folder:
        candidate = Path(folder) / warehouse.name
        if afresh or not (_take(connection, spare, candidate) or _copy(connection, warehouse, candidate)):
            with _attached(connection, candidate):
                write_all(connection)
        with duckdb.connect(str(candidate)) as published:
            create_macros(published)
        _look(connection, candidate)
        _swap(candidate, warehouse, spare)
        if afresh:
            spare.unlink(missing_ok=True)


def clear_unpublished(warehouse: Path) -> None:
    """Removes what a publication that was killed has left; for those who hold the writer's lock."""
    for stale in warehouse.parent.glob(f".{warehouse.name}.*.publishing*"):
        shutil.rmtree(stale)


def _take(connection: duckdb.DuckDBPyConnection, spare: Path, candidate: Path) -> bool:
    """Makes the spare the candidate, if it can be brought up to date."""
    since = published_number(spare)
    if since is None:
        return False
    # From here on the spare is this publication's: a kill leaves it to be removed, and the next one copies.
    spare.replace(candidate)
    return _bring_up_to_date(connection, candidate, since)


def _copy(connection: duckdb.DuckDBPyConnection, warehouse: Path, candidate: Path) -> bool:
    """Makes a copy of the published file the candidate, if it can be brought up to date."""
    since = published_number(warehouse)
    if since is None:
        return False
    shutil.copyfile(warehouse, candidate)
    return _bring_up_to_date(connection, candidate, since)


def _bring_up_to_date(connection: duckdb.DuckDBPyConnection, candidate: Path, since: int) -> bool:
    """Applies to a file what changed since its release; removes it and gives False where that cannot be."""
    try:
        with _attached(connection, candidate):
            is_of_this_form = is_of_this_warehouse(connection, since)
            if is_of_this_form:
                with transaction(connection):
                    apply_changes(connection, since)
    except duckdb.IOException:  # open in another process, or damaged
        is_of_this_form = False
    if not is_of_this_form:
        candidate.unlink(missing_ok=True)
    return is_of_this_form


def is_of_this_warehouse(connection: duckdb.DuckDBPyConnection, since: int) -> bool:
    """Whether what is attached as `published` has the tables as declared, and as its last release number `since` of this warehouse."""
    return all(_is_declared(connection, table) for table in PUBLIC) and _is_known(connection, since)


def apply_changes(connection: duckdb.DuckDBPyConnection, since: int) -> None:
    """Brings the tables attached as `published` from release `since` to the last one; in one transaction of the caller's."""
    for table in PUBLIC:
        _apply(connection, table, since)


def _is_declared(connection: duckdb.DuckDBPyConnection, table: Table) -> bool:
    held = connection.execute(
        "select column_name, data_type from duckdb_columns() where database_name = 'published' and table_name = $1 order by column_index",
        [table.name],
    ).fetchall()
    return held == [(column.name, column.type) for column in table]


def _is_known(connection: duckdb.DuckDBPyConnection, since: int) -> bool:
    """Whether the file's last release is one of this warehouse's."""
    last = "select release_id from {} where release_number = $1"
    ours = connection.execute(last.format("releases"), [since]).fetchone()
    return ours is not None and ours == connection.execute(last.format("published.main.releases"), [since]).fetchone()


def _apply(connection: duckdb.DuckDBPyConnection, table: Table, since: int) -> None:
    """Brings one table of the attached file up to date."""
    name, parameters = f"published.main.{table.name}", {"since": since}
    if table in _SINCE:
        connection.execute(f"insert into {name} from {table.name} where {_SINCE[table]}", parameters)
        return
    noted = connection.execute(
        "select bool_or(is_whole) from renewed.tables where table_name = $name and release_number > $since",
        parameters | {"name": table.name},
    ).fetchone()
    if noted is None or noted[0] is None:
        return
    if noted[0]:
        connection.execute(f"delete from {name}")
        _insert_all(connection, table, name)
        return
    log = f"renewed.{table.name}"
    by = [row[0] for row in connection.execute(f"describe {log}").fetchall() if row[0] != "release_number"]
    connection.execute(
        f"create or replace temp table changed as select distinct {', '.join(by)} from {log} where release_number > $since", parameters
    )
    changed = f"exists (from changed as keys where {same_row(by, 'keys', 'rows')})"
    connection.execute(f"delete from {name} as rows where {changed}")
    connection.execute(f"insert into {name} from {table.name} as rows where {changed} order by {_order(table)}")


def write_all(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the public tables anew in what is attached as `published`."""
    for table in PUBLIC:
        name = f"published.main.{table.name}"
        connection.execute(ddl(table, name))
        _insert_all(connection, table, name)
        connection.execute("; ".join(comments(table, name)))


def _insert_all(connection: duckdb.DuckDBPyConnection, table: Table, name: str) -> None:
    """Copies a table by day, so that a query of some months reads only their part of the file; in parts that fit into memory."""
    parts = count_rows(connection, table.name) // _ROWS_AT_ONCE
    day = next((column for column in _DAYS if column in table.column_names), None)
    if not parts or not day:
        connection.execute(f"insert into {name} from {table.name} {'' if parts else f'order by {_order(table)}'}")
        return
    shares = [number / (parts + 1) for number in range(1, parts + 1)]
    found = connection.execute(
        f"select distinct unnest(quantile_disc({day}, {shares})) as bound from {table.name} order by bound"
    ).fetchall()
    bounds = [row[0] for row in found]
    for above, upto in zip([None, *bounds], [*bounds, None], strict=True):
        within = " and ".join(f"{day} {sign} ?" for sign, bound in ((">", above), ("<=", upto)) if bound is not None)
        known = [bound for bound in (above, upto) if bound is not None]
        connection.execute(f"insert into {name} from {table.name} where {within} order by {_order(table)}", known)
    connection.execute(f"insert into {name} from {table.name} where {day} is null")


def _order(table: Table) -> str:
    """By day first, where there is one; then by key."""
    days = [name for name in _DAYS if name in table.column_names]
    return ", ".join(dict.fromkeys((*days[:1], *table.key)))


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, candidate: Path) -> Iterator[None]:
    connection.execute(f"attach {quoted(str(candidate))} as published")
    try:
        yield
        connection.execute("checkpoint published")
    finally:
        connection.execute("detach published")


def _look(connection: duckdb.DuckDBPyConnection, candidate: Path) -> None:
    """Opens the new file as a reader does; DragomanError where a table has lost rows."""
    with duckdb.connect(str(candidate), read_only=True) as reader:
        for table in PUBLIC:
            written, built = count_rows(reader, table.name), count_rows(connection, table.name)
            if written != built:
                raise DragomanError(f"{candidate}: {table.name} has {written} rows, {built} were built; the published file stays as it is")


def _swap(candidate: Path, warehouse: Path, spare: Path) -> None:
    with candidate.open("rb") as file:
        os.fsync(file.fileno())
    spare.unlink(missing_ok=True)
    if warehouse.exists():
        os.link(warehouse, spare)
    candidate.replace(warehouse)
    sync_folder(warehouse.parent)
