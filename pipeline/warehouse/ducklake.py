"""The DuckLake that every release also goes to, where DRAGOMAN_DUCKLAKE names one: the public tables for readers on many machines.

*One snapshot a release*: a release is one transaction, so that readers see the one before or this one; older snapshots stay readable.
*As the file*: the statements that bring the published file up to date (publishing.py) bring the lake up to date.
Views and macros are in the published file alone: the DuckLake of DuckDB 1.5.5 cannot read a catalogue again that holds macros.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.errors import DragomanError, InputError
from pipeline.partitions import quoted
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.publishing import apply_changes, is_of_this_warehouse, write_all
from pipeline.warehouse.tables import count_rows

_POSTGRES = "postgres:"
_S3 = "s3://"


def publish_snapshot(connection: duckdb.DuckDBPyConnection, number: int, settings: Settings) -> None:
    """Brings the DuckLake from whatever release it holds to release `number`, which the work file holds; nothing where it is there."""
    with _attached(connection, settings):
        since = _held_release(connection)
        if since == number:
            return
        with transaction(connection):
            if since is not None and is_of_this_warehouse(connection, since):
                apply_changes(connection, since)
            else:
                _write_anew(connection)
            _look(connection)
            connection.execute("call published.set_commit_message('dragoman', $1)", [f"release {number}"])


def write_afresh(number: int, workspace: Workspace, settings: Settings) -> None:
    """Makes the lake anew as release `number`, and removes all older snapshots and their files: what was forgotten is in none."""
    with writer(workspace, settings) as connection, _attached(connection, settings):
        with transaction(connection):
            _write_anew(connection)
            connection.execute("call published.set_commit_message('dragoman', $1)", [f"release {number}, afresh"])
        connection.execute("call ducklake_expire_snapshots('published', older_than => now())")
        connection.execute("call ducklake_cleanup_old_files('published', cleanup_all => true)")


@contextmanager
def read_ducklake(settings: Settings, options: Mapping[str, str | bool | int | float | list[str]]) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection with these options in which the public tables of the DuckLake can be read, and not written, under their names."""
    with duckdb.connect(config=dict(options)) as connection, _attached(connection, settings, "read_only"):
        connection.execute("use published")
        yield connection
        connection.execute("use memory")


@contextmanager
def _attached(connection: duckdb.DuckDBPyConnection, settings: Settings, *options: str) -> Iterator[None]:
    _load(connection, "ducklake")
    if settings.ducklake.startswith(_POSTGRES):
        _load(connection, "postgres_scanner")
    if settings.ducklake_data.startswith(_S3):
        _load(connection, "httpfs")
        connection.execute(_secret(os.environ))
    data = (f"data_path {quoted(settings.ducklake_data)}",) if settings.ducklake_data else ()
    told = f" ({', '.join((*data, *options))})" if data or options else ""
    try:
        connection.execute(f"attach {quoted(f'ducklake:{settings.ducklake}')} as published{told}")
    except duckdb.Error as error:  # names the catalogue with its password
        raise DragomanError(f"the DuckLake of DRAGOMAN_DUCKLAKE cannot be opened: {error}") from None
    try:
        yield
    finally:
        connection.execute("detach published")


def _load(connection: duckdb.DuckDBPyConnection, extension: str) -> None:
    """Loads an extension of DuckDB's from its Python package: nothing is fetched at run time."""
    try:
        package = import_module(f"duckdb_extension_{extension}")
    except ModuleNotFoundError:
        raise InputError(
            f"DRAGOMAN_DUCKLAKE needs the package duckdb-extension-{extension.replace('_', '-')}=={duckdb.__version__}"
        ) from None
    file = Path(package.__path__[0]) / "extensions" / f"v{duckdb.__version__}" / f"{extension}.duckdb_extension"
    connection.load_extension(str(file))


def _secret(environment: Mapping[str, str]) -> str:
    """`create secret` from the AWS_… variables, by which fsspec reaches the lake too."""
    told = {
        "key_id": "AWS_ACCESS_KEY_ID",
        "secret": "AWS_SECRET_ACCESS_KEY",
        "session_token": "AWS_SESSION_TOKEN",
        "region": "AWS_DEFAULT_REGION",
    }  # noqa: S105
    options = {option: environment[name] for option, name in told.items() if environment.get(name)}
    if address := environment.get("AWS_ENDPOINT_URL"):
        endpoint = urlsplit(address)
        options |= {"endpoint": endpoint.netloc, "use_ssl": str(endpoint.scheme == "https").lower(), "url_style": "path"}
    return f"create or replace secret (type s3, {', '.join(f'{option} {quoted(value)}' for option, value in options.items())})"


def _held_release(connection: duckdb.DuckDBPyConnection) -> int | None:
    if "releases" not in _tables(connection):
        return None
    row = connection.execute("select max(release_number) from published.main.releases").fetchone()
    return row[0] if row else None


def _tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in connection.execute("select table_name from duckdb_tables() where database_name = 'published'").fetchall()}


def _write_anew(connection: duckdb.DuckDBPyConnection) -> None:
    """All public tables from the work file; tables of an older form, or of another warehouse, go."""
    for table in {table.name for table in PUBLIC} & _tables(connection):
        connection.execute(f"drop table published.main.{table}")
    write_all(connection)


def _look(connection: duckdb.DuckDBPyConnection) -> None:
    """DragomanError where a table has lost rows; the snapshot is not made then."""
    for table in PUBLIC:
        written, built = count_rows(connection, f"published.main.{table.name}"), count_rows(connection, table.name)
        if written != built:
            raise DragomanError(f"DuckLake: {table.name} has {written} rows, {built} were built; the last snapshot stays as it is")
