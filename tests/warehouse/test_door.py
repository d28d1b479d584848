"""What the door refuses, each of it shown on a plain read-only connection first, which lets it through."""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.config import Settings
from pipeline.contracts import PUBLIC
from pipeline.errors import QueryRefused
from pipeline.warehouse import door
from pipeline.warehouse.macros import create_macros
from pipeline.warehouse.reading import query
from pipeline.warehouse.tables import ddl

pytestmark = pytest.mark.slow  # many files opened, and a process a query

SECRET = "hush"


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published file in a folder of its own: all tables, macros and views, and one release."""
    path = tmp_path_factory.mktemp("warehouse") / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        for table in PUBLIC:
            connection.execute(ddl(table, table.name))
        connection.execute("insert into releases values ('r1', 1, '2021-06-01', 'b1', 'test-1', 0, 0, 0, 0, 'passed', null, null)")
        create_macros(connection)
    return path


@pytest.fixture
def folder(warehouse: Path, tmp_path: Path) -> Iterator[Path]:
    """A folder with what must not be read, and a copy of the warehouse for the plain connection."""
    (tmp_path / "secret.txt").write_text(f"{SECRET}\n")
    (tmp_path / "secret.csv").write_text(f"name,word\nme,{SECRET}\n")
    (tmp_path / "secret.json").write_text(f'{{"word": "{SECRET}"}}\n')
    pl.DataFrame({"word": [SECRET]}).write_parquet(tmp_path / "secret.parquet")
    with duckdb.connect(str(tmp_path / "other.duckdb")) as other:
        other.execute(f"create table words as select '{SECRET}' as word")
    shutil.copyfile(warehouse, tmp_path / "copy.duckdb")
    yield tmp_path


READING = [
    "select * from read_text('{folder}/secret.txt')",
    "select * from read_blob('{folder}/secret.txt')",
    "select * from read_csv('{folder}/secret.csv')",
    "select * from read_csv_auto('{folder}/secret.csv')",
    "select * from read_json('{folder}/secret.json')",
    "select * from read_json_objects('{folder}/secret.json')",
    "select * from read_ndjson('{folder}/secret.json')",
    "select * from read_parquet('{folder}/secret.parquet')",
    "select * from parquet_scan(['{folder}/secret.parquet'])",
    "select * from read_duckdb('{folder}/other.duckdb', table_name := 'words')",
    # a file in place of a table
    "from '{folder}/secret.csv'",
    'from "{folder}/secret.parquet"',
    "from '{folder}/*.parquet'",
    "from '{folder}/other.duckdb'",
    "summarize '{folder}/secret.csv'",
    # hidden in a larger query
    "select (select content from read_text('{folder}/secret.txt'))",
    "with words as (from read_text('{folder}/secret.txt')) select * from words",
    "from releases, lateral (from read_text('{folder}/secret.txt'))",
    "select content from releases cross join (select * from (from read_text('{folder}/secret.txt')))",
    "pivot (from read_csv('{folder}/secret.csv')) on name in ('me') using first(word)",
    "unpivot (from read_csv('{folder}/secret.csv')) on word",
    "from releases select (from read_text('{folder}/secret.txt') select content) union all select 'x'",
    # hidden from a reader
    "from/* no file */read_text('{folder}/secret.txt')",
    "from -- events\n read_text('{folder}/secret.txt')",
    "from system.main.read_text('{folder}/secret.txt')",
    "from \"READ_TEXT\"('{folder}/secret.txt')",
    # SQL in a string
    "from query('from read_text(''{folder}/secret.txt'')')",
    "from query_table('{folder}/secret.csv')",
    "from json_execute_serialized_sql(json_serialize_sql('from read_text(''{folder}/secret.txt'')'))",
    # one statement behind another
    "select 1; from read_text('{folder}/secret.txt')",
    "prepare p as from read_text('{folder}/secret.txt'); execute p",
    "attach '{folder}/other.duckdb' as other; from other.words",
    "create temp table stolen as from read_text('{folder}/secret.txt'); from stolen",
    "create temp macro steal(file) as table from read_text(file); from steal('{folder}/secret.txt')",
    "set file_search_path = '{folder}'; from read_text('secret.txt')",
    # a variable of the program that asks
    "from words_of_python",
]

WRITING = [
    "copy releases to '{folder}/new/out.csv'",
    "copy (select 1) to '{folder}/new/out.parquet' (format parquet)",
    "explain analyze copy (select 1) to '{folder}/new/out.csv'",
    "/* select 1 */ copy (select 1) to '{folder}/new/out.csv'",
    "select 1; copy (select 1) to '{folder}/new/out.csv'",
    "export database '{folder}/new/exported'",
    "set secret_directory = '{folder}/new'; create persistent secret s (type http, bearer_token 'x')",
    "from enable_logging(storage := 'file', storage_path := '{folder}/new/logs'); select 1",
    "pragma enable_profiling = 'json'; set profiling_output = '{folder}/new/profile.json'; select 1",
    "copy (select 1) to '/dev/stdout'",
]

CHANGING = [
    "set memory_limit = '3GB'",
    "set threads = 64",
    "set home_directory = '{folder}'",
    "set temp_directory = '{folder}/temp'",
    "set global lock_configuration = false",
    "reset memory_limit",
    "pragma memory_limit = '2GB'",
    "pragma enable_profiling",
    "call enable_logging()",
    "from enable_profiling()",
    "create secret (type http, bearer_token 'x')",
    "load json",
    "use main",
    "attach '{folder}/other.duckdb' as other",
    "detach database if exists other",
    "create temp table t as select 1",
    "create temp view events as select 1",
    "create temp macro country_name(x) as x",
    "checkpoint",
    "force checkpoint",
    "from checkpoint()",
    "begin",
    "vacuum",
    "prepare p as select 1",
    "select write_log('x')",
]

TELLING = [
    "from glob('{folder}/*')",
    "from sniff_csv('{folder}/secret.csv')",
    "from parquet_schema('{folder}/secret.parquet')",
    "from parquet_metadata('{folder}/secret.parquet')",
    "describe from '{folder}/secret.csv'",
    "explain analyze from read_text('{folder}/secret.txt')",
    "pragma database_list",
    "from pragma_database_list",
    "from duckdb_databases()",
    "from system.main.duckdb_databases",
    "summarize duckdb_databases",
    "from duckdb_settings()",
    "from pg_settings",
    "from pg_catalog.pg_settings",
    "from duckdb_secrets()",
    "from duckdb_extensions()",
    "from duckdb_temporary_files()",
    "select current_setting('secret_directory')",
    "from pragma_platform()",
    "call pragma_version()",
    "from query_table('releases')",
]


def plainly(folder: Path, sql: str) -> str:
    """What a plain read-only connection answers, as text."""
    words_of_python = pl.DataFrame({"word": [SECRET]})
    with duckdb.connect(str(folder / "copy.duckdb"), read_only=True) as connection:
        found = connection.execute(sql).fetchall()
    assert words_of_python.height == 1
    return str(found)


def refuse(warehouse: Path, sql: str) -> None:
    """The door refuses, and DuckDB refuses behind it, should the door's own look be deceived one day."""
    words_of_python = pl.DataFrame({"word": [SECRET]})
    before = warehouse.read_bytes()
    with door.open_door(str(warehouse), "200MB") as connection, pytest.raises((door.Refused, duckdb.Error)):
        door.check(connection, sql)
        door.answer(connection, sql, {}, 2**20)
    assert warehouse.read_bytes() == before
    assert [path.name for path in warehouse.parent.iterdir()] == [warehouse.name]
    assert words_of_python.height == 1


@pytest.mark.parametrize("sql", READING)
def test_nothing_but_the_tables_is_read(warehouse: Path, folder: Path, sql: str) -> None:
    sql = sql.replace("{folder}", str(folder))
    assert SECRET in plainly(folder, sql)
    refuse(warehouse, sql)


@pytest.mark.parametrize("sql", READING)
def test_duckdb_refuses_behind_the_door(warehouse: Path, folder: Path, sql: str) -> None:
    with door.open_door(str(warehouse), "200MB") as connection, pytest.raises(duckdb.Error):
        for statement in connection.extract_statements(sql.replace("{folder}", str(folder))):
            connection.execute(statement).fetchall()


@pytest.mark.parametrize("sql", WRITING)
def test_nothing_is_written(warehouse: Path, folder: Path, sql: str) -> None:
    new = folder / "new"
    new.mkdir()
    sql = sql.replace("{folder}", str(folder))
    plainly(folder, sql)
    assert "/dev/" in sql or list(new.iterdir())
    shutil.rmtree(new)
    new.mkdir()
    refuse(warehouse, sql)
    assert list(new.iterdir()) == []


@pytest.mark.parametrize("sql", CHANGING)
def test_nothing_is_changed(warehouse: Path, folder: Path, sql: str) -> None:
    sql = sql.replace("{folder}", str(folder))
    plainly(folder, sql)
    refuse(warehouse, sql)


@pytest.mark.parametrize("sql", TELLING)
def test_nothing_is_told_about_the_machine(warehouse: Path, folder: Path, sql: str) -> None:
    sql = sql.replace("{folder}", str(folder))
    plainly(folder, sql)
    refuse(warehouse, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "insert into events from events",
        "delete from events",
        "drop table events",
        "begin; drop table events; commit",
        "alter table events rename to other",
        "install httpfs",
        "from read_csv('https://127.0.0.1:1/x.csv')",
        "from 's3://bucket/x.parquet'",
        "import database '/nowhere'",
        "from 'md:'",
        "execute p",
        "select getenv('HOME')",
        "",
        "-- only a comment",
        "selekt 1",
        "select '" + "x" * 200_000 + "'",
        "select 1" + "+1" * 900,
        "select " + "(" * 20_000 + "1" + ")" * 20_000,
    ],
    ids=lambda sql: sql[:30],
)
def test_what_plain_connections_refuse_or_cannot_do_here_is_refused_too(warehouse: Path, sql: str) -> None:
    refuse(warehouse, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "from events",
        "from dyad('USA', 'RUS')",
        "select country_name('USA'), prio_grid(1, 2)",
        "from events_readable",
        "describe events",
        "summarize events",
        "show tables",
        "show all tables",
        "explain select * from events",
        "explain analyze select * from events",
        "select unnest(range(3))",
        "pivot releases on validation in ('passed') using count(*)",
        "select 1 as a, 2 as a",
        "values (1), (2)",
        "select * from duckdb_columns() -- ; a comment",
        "from information_schema.tables",
        "select 1 /* ; */;",
        "select 'read_text(''/etc/passwd'')', '; drop table events'",
        "with pg_setting as (select 1) from pg_setting",
    ],
)
def test_ways_of_reading(warehouse: Path, sql: str) -> None:
    with door.open_door(str(warehouse), "200MB") as connection:
        door.check(connection, sql)
        door.answer(connection, sql, {}, 2**20)


# ---------------------------------------------------------------- a published file that somebody else made


@pytest.mark.parametrize(
    "sql", ["from leak", "from leaks('{folder}/secret.txt')", "select leaked('{folder}/secret.txt')", "from described"]
)
def test_macros_and_views_of_the_file_are_no_way_out(folder: Path, sql: str) -> None:
    sql = sql.replace("{folder}", str(folder))
    with duckdb.connect(str(folder / "copy.duckdb")) as connection:
        connection.execute(f"create view leak as from read_text('{folder}/secret.txt')")
        connection.execute("create macro leaks(file) as table from read_text(file)")
        connection.execute("create macro leaked(file) as (select content from read_text(file))")
        connection.execute(f"create view described as from query('from read_text(''{folder}/secret.txt'')')")
    assert SECRET in plainly(folder, sql)
    refuse_file = shutil.copyfile(folder / "copy.duckdb", folder / "made_elsewhere.duckdb")
    with (
        door.open_door(str(refuse_file), "200MB") as connection,
        pytest.raises((door.Refused, duckdb.Error), match=r"Permission|read_text"),
    ):
        door.check(connection, sql)
        door.answer(connection, sql, {}, 2**20)


# ---------------------------------------------------------------- time, memory, size; each in a process of its own

SETTINGS = Settings(sql_timeout_seconds=120)

ENDLESS = [
    "select count(*) from range(1000000000000)",
    "with recursive r as (select 1 as n union all select n + 1 from r) select count(*) from r",
    "select count(*) from range(100000) a, range(100000) b, range(100000) c where a.range + b.range + c.range = -1",
]


@pytest.mark.parametrize("sql", ENDLESS)
def test_time_is_bounded(warehouse: Path, folder: Path, sql: str) -> None:
    with duckdb.connect(str(folder / "copy.duckdb"), read_only=True, config={"threads": 1}) as connection:
        timer = threading.Timer(1, connection.interrupt)
        timer.start()
        with pytest.raises(duckdb.InterruptException):
            connection.execute(sql).fetchall()
    started = time.monotonic()
    with pytest.raises(QueryRefused, match="took longer than 2 seconds"):
        query(sql, warehouse, replace(SETTINGS, sql_timeout_seconds=2))
    assert time.monotonic() - started < 10


def test_what_duckdb_cannot_interrupt_ends_with_its_process(warehouse: Path) -> None:
    started = time.monotonic()
    with pytest.raises(QueryRefused, match="took (longer than 3 seconds|more memory)"):
        query("select length(lpad('x', 2000000000, 'y'))", warehouse, replace(SETTINGS, sql_timeout_seconds=3))
    assert time.monotonic() - started < 20


BOMBS = [
    ("select length(list(i)) from range(20000000) as numbers(i)", "Out of Memory"),
    ("select length(string_agg(i::varchar)) from range(20000000) as numbers(i)", "Out of Memory"),
    ("select count(*) from (select distinct md5(i::varchar) from range(5000000) as numbers(i))", "Out of Memory"),
    ("select repeat('x', 1000) from range(20000)", "larger than 8 MB"),
    ("select * from range(2000000)", "larger than 8 MB"),
    ("select range(2000000)", "larger than 8 MB"),
]


@pytest.mark.parametrize(("sql", "reason"), BOMBS)
def test_memory_is_bounded(warehouse: Path, folder: Path, sql: str, reason: str) -> None:
    assert plainly(folder, f"select count(*) from ({sql})")
    with pytest.raises(QueryRefused, match=reason):
        query(sql, warehouse, replace(SETTINGS, sql_memory_limit="100MB", sql_result_bytes=8 * 2**20))
    assert [path.name for path in warehouse.parent.iterdir()] == [warehouse.name]  # nothing was spilled beside it


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select * from read_text('/etc/passwd')", "function read_text reaches beyond the tables"),
        ("copy events to '/nowhere/x.csv'", "only SELECT is read here, not COPY"),
        ("select 1; select 2", "expected one statement, found 2"),
        ("from pg_settings", "pg_settings tells about this machine"),
        ("selekt 1", "syntax error"),
        ("select '\ud800'", "surrogates"),
        ("select 1" + "+1" * 900, "nested too deeply"),
    ],
    ids=lambda text: text[:20].encode("ascii", "replace").decode(),
)
def test_a_refusal_says_why(warehouse: Path, sql: str, reason: str) -> None:
    with pytest.raises(QueryRefused, match=reason) as refused:
        query(sql, warehouse, SETTINGS)
    assert "Traceback" not in str(refused.value)
