"""The door for queries: one SELECT over one published file, and nothing else.

Run as a script in a process of its own, it reads a request from stdin and answers with an Arrow stream, so that a query which runs
for ever or eats all memory ends with its process. It imports nothing of the pipeline: that keeps the start short.

*Read-only* is not enough: DuckDB would still read any file of the machine. *No-way-out*: no file, network, extension, setting or
Python variable can be reached; the settings are locked; only functions on a list give tables. DuckDB itself enforces all of that;
reading the query beforehand says no sooner, in plainer words, and to what tells about the machine.
"""

import json
import re
import resource
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

MAX_CHARACTERS = 100_000
"""Characters of a query; the parser itself cannot be interrupted."""

_TABLE_FUNCTIONS = frozenset(
    {"range", "generate_series", "unnest", "json_each", "json_tree", "repeat", "summary", "pragma_table_info", "pragma_show"}
    | {f"duckdb_{name}" for name in ("tables", "columns", "views", "schemas", "functions", "types", "keywords", "constraints")}
)
# Of DuckDB's own views, those that tell about tables; others tell where files lie and how the machine is set up.
_CATALOGUE = frozenset(
    {"sqlite_master", "sqlite_schema"}
    | {f"duckdb_{name}" for name in ("tables", "columns", "views", "schemas", "types", "constraints", "indexes")}
)
_REFUSED_FUNCTIONS = frozenset({"current_setting", "write_log"})
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "temp_directory": "",  # nothing is written, not even to spill
}
_EXPLAIN = re.compile(r"\s*explain\s+(?:analyze\s+)?", re.IGNORECASE)


class Refused(Exception):
    """A query that is no SELECT, tries to leave the door, fails, or takes more than it may."""


def open_door(warehouse: str, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """A connection that can only read the tables of one file."""
    connection = duckdb.connect(warehouse, read_only=True, config=_LOCKED | {"memory_limit": memory_limit})
    connection.execute("set lock_configuration = true")
    return connection


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    """Refused where sql is not a single SELECT, or reads from a function that is not on the list, or what tells about the machine."""
    if any("\ud800" <= character <= "\udfff" for character in sql):
        raise Refused("the query holds surrogates, which are no characters; save it as UTF-8")
    if len(sql) > MAX_CHARACTERS:
        raise Refused(f"the query has {len(sql)} characters; at most {MAX_CHARACTERS} are read")
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused(f"expected one statement, found {len(statements)}; pivot needs 'on column in (…)' here")
    inner = _EXPLAIN.sub("", sql, count=1) if statements[0].type == duckdb.StatementType.EXPLAIN else sql
    tree = _parse(connection, inner)
    if tree["error"]:
        raise Refused(f"only SELECT is read here, not {statements[0].type.name}; exports write files, and the pipeline writes tables")
    allowed = _TABLE_FUNCTIONS | _macros(connection)
    if refused := sorted(set(_table_functions(tree)) - allowed):
        raise Refused(f"function {refused[0]} reaches beyond the tables; allowed in 'from' are {', '.join(sorted(allowed))}")
    if refused := sorted(_names(tree, "table_name") & _views_of_duckdb(connection) | _names(tree, "function_name") & _REFUSED_FUNCTIONS):
        raise Refused(
            f"{refused[0]} tells about this machine, not about the tables; 'show all tables' and duckdb_columns() tell about those"
        )


def _parse(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The query as DuckDB's parser sees it. Refused where it is nested deeper than can be looked through."""
    parsed = connection.execute("select json_serialize_sql(?)", [sql]).fetchone()
    try:
        return json.loads(parsed[0]) if parsed else {"error": True}
    except RecursionError as error:
        raise Refused("the query is nested too deeply; write long sums and conditions as lists: list_sum([…]), x in (…)") from error


def answer(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, Any], result_bytes: int) -> Any:
    """The result as a pyarrow Table. Refused where the query fails or its result is larger than result_bytes."""
    import pyarrow as pa  # half of the start-up time, which a refused query need not wait for

    try:
        reader = connection.execute(sql, dict(parameters) or None).to_arrow_reader(10_000)
        _refuse_types(reader.schema)
        batches, size = [], 0
        for batch in reader:
            size += batch.nbytes
            if size > result_bytes:
                raise Refused(f"the result is larger than {result_bytes >> 20} MB; narrow the query, add a limit, or export the tables")
            batches.append(batch)
    except duckdb.InterruptException as error:
        raise Refused("the query took too long and was stopped; narrow it, or raise DRAGOMAN_SQL_TIMEOUT_SECONDS") from error
    except (duckdb.Error, MemoryError) as error:
        raise Refused(str(error)) from error
    return pa.Table.from_batches(batches, schema=reader.schema).rename_columns(_distinct(reader.schema.names))


def _refuse_types(schema: Any) -> None:
    """Arrow has intervals and unions, but those who read the stream do not."""
    for field in schema:
        if re.search(r"interval|union", str(field.type)):
            raise Refused(f"column {field.name} is of type {field.type}, which cannot be shown; write ({field.name})::varchar")


def _distinct(names: list[str]) -> list[str]:
    """Names of columns, with a number behind repeated ones, as DuckDB names them in a table."""
    distinct: dict[str, None] = {}
    for name in names:
        candidate, number = name, 0
        while candidate in distinct:
            number += 1
            candidate = f"{name}_{number}"
        distinct[candidate] = None
    return list(distinct)


def _macros(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Table macros of the published file: they can only read what a query can."""
    found = connection.execute(
        "select function_name from duckdb_functions() where function_type = 'table_macro' and not internal"
    ).fetchall()
    return frozenset(row[0] for row in found)


def _views_of_duckdb(connection: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """DuckDB's own views that tell about more than tables."""
    found = connection.execute("select view_name from duckdb_views() where internal and schema_name <> 'information_schema'").fetchall()
    return frozenset(row[0] for row in found) - _CATALOGUE


def _table_functions(tree: Any) -> Iterator[str]:
    return (node["function"]["function_name"].lower() for node in _walk(tree) if node.get("type") == "TABLE_FUNCTION")


def _names(tree: Any, kind: str) -> frozenset[str]:
    return frozenset(node[kind].lower().strip('"') for node in _walk(tree) if isinstance(node.get(kind), str))


def _walk(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _limit_process(memory_bytes: int, seconds: int) -> None:
    """What a query cannot take, whatever DuckDB lets through: scalar functions allocate beyond its memory limit."""
    # CPU time is only for the case that the process which waits for this one is gone.
    for kind, most in ((resource.RLIMIT_DATA, memory_bytes), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CPU, seconds * 64)):
        _, allowed = resource.getrlimit(kind)
        limit = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (limit, limit))


def main() -> int:
    """Answers the request on stdin; on failure its reason goes to stderr, and 1 is returned."""
    request = json.load(sys.stdin)
    _limit_process(request["process_bytes"], request["seconds"])
    try:
        with open_door(request["warehouse"], request["memory_limit"]) as connection:
            check(connection, request["sql"])
            table = answer(connection, request["sql"], request["parameters"], request["result_bytes"])
    except (Refused, duckdb.Error) as error:
        print(error, file=sys.stderr)
        return 1
    import pyarrow as pa

    with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
        stream.write_table(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
