"""The order of the SQL files, read from the SQL itself, and how each is kept up to date.

A file is a table: sql/staging/x.sql makes staging.x, sql/scope/x.sql makes scope.x; those of sql/warehouse and sql/marts make public
tables, named without a schema. What a file reads is what it names behind `from` and `join`, as DuckDB's own parser sees it;
before.x and after.x are the rows of x that a build took out and put in. The third line of a file says how it is made:

    -- made: view                                    reads through
    -- made: whole                                   all its rows, each time
    -- made: by article_id of scope.articles         only the rows whose article_id is in scope.articles
    -- made: view, by article_id of scope.articles   reads through; only those rows are checked and published anew
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import ContractError

_PUBLIC_FOLDERS = ("warehouse", "marts")
_SCHEMAS = {"staging": "staging.", "scope": "scope.", "warehouse": "", "marts": ""}
_CHANGED = ("before.", "after.")
_MADE = re.compile(r"^-- made: (?P<view>view)?(?:, )?(?:whole|by (?P<columns>[\w, ]+) of (?P<scope>scope\.\w+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Node:
    """A table that is built, the tables that it reads, and how it is kept up to date."""

    name: str
    path: Path | None
    """None where Python computes it."""
    sql: str
    reads: frozenset[str]
    is_view: bool = False
    by: tuple[str, ...] = ()
    """Columns by which it is made anew; none where it is made whole."""
    scope: str | None = None
    """The table that holds their values."""

    @property
    def stem(self) -> str:
        return self.name.rpartition(".")[2]

    @property
    def is_public(self) -> bool:
        return "." not in self.name

    @property
    def is_scope(self) -> bool:
        return self.name.startswith("scope.")


def read_folder(folder: Path) -> list[Node]:
    """The tables of sql/staging, sql/scope, sql/warehouse and sql/marts. ContractError names a file that is no SELECT."""
    return [_read_node(path) for path in sorted(folder.glob("*/*.sql")) if path.parent.name in _SCHEMAS]


def _read_node(path: Path) -> Node:
    sql = path.read_text(encoding="utf-8")
    name = _SCHEMAS[path.parent.name] + path.stem
    node = Node(name, path, sql, tables_read(sql, str(path)))
    if node.is_scope:
        return node
    made = _MADE.search(sql)
    if not made:
        raise ContractError(f"{path}: has no line '-- made: view', '-- made: whole' or '-- made: by COLUMNS of scope.NAME'")
    columns = tuple(column.strip() for column in (made["columns"] or "").split(",") if column.strip())
    scope = frozenset({made["scope"]}) if made["scope"] else frozenset()
    return replace(node, reads=node.reads | scope, is_view=bool(made["view"]), by=columns, scope=made["scope"])


def in_order(nodes: Iterable[Node], given: Iterable[str] = ()) -> list[Node]:
    """Nodes, each behind all that it reads; equal nodes give the same order.

    given: tables that exist before. ContractError names a table that nothing makes, or two files of one name, or a cycle.
    """
    by_name: dict[str, Node] = {}
    for node in sorted(nodes, key=lambda node: (node.name, str(node.path))):
        if node.name in by_name:
            raise ContractError(f"{node.path} and {by_name[node.name].path} both make {node.name}; rename one")
        by_name[node.name] = node
    by_stem = {node.stem: node.name for node in by_name.values() if not node.is_scope}
    reads = {name: {_named(read, by_stem) for read in node.reads} for name, node in by_name.items()}
    _refuse_unknown(by_name, reads, set(given))
    sorter = TopologicalSorter({name: sorted(read & by_name.keys()) for name, read in reads.items()})
    try:
        return [by_name[name] for name in sorter.static_order()]
    except CycleError as error:
        raise ContractError(f"sql/: tables read each other in a circle: {' <- '.join(error.args[1])}; break it") from error


def tables_read(sql: str, where: str) -> frozenset[str]:
    """Tables that a single SELECT reads, as written ('raw.records', 'events'), without its own common table expressions."""
    statement = _parse(sql, where)
    own = set(_names_of_expressions(statement))
    named = {
        f"{node['schema_name']}.{node['table_name']}" if node["schema_name"] else node["table_name"]
        for node in walk(statement)
        if node.get("type") == "BASE_TABLE"
    }
    return frozenset(named - own)


def walk(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of a JSON tree."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _named(read: str, by_stem: Mapping[str, str]) -> str:
    """The table itself, where its changed rows are read."""
    schema, dot, stem = read.partition(".")
    return by_stem.get(stem, read) if schema + dot in _CHANGED else read


def _refuse_unknown(nodes: Mapping[str, Node], reads: Mapping[str, set[str]], given: set[str]) -> None:
    for node in nodes.values():
        if unknown := sorted(reads[node.name] - nodes.keys() - given):
            raise ContractError(
                f"{node.path}: reads {unknown[0]}, which no file in sql/ makes and no load; known are {', '.join(sorted(nodes))}"
            )


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """A database of its own: the parser knows no tables, so that it cannot resolve any."""
    return duckdb.connect()


def _parse(sql: str, where: str) -> Mapping[str, Any]:
    row = _parser().execute("select json_serialize_sql(?)", [sql]).fetchone()
    tree = json.loads(row[0]) if row else {}
    if tree.get("error", True) or len(tree["statements"]) != 1:
        raise ContractError(f"{where}: not a single SELECT: {tree.get('error_message', 'several statements')}; a file is a table")
    return dict(tree["statements"][0])


def _names_of_expressions(statement: Mapping[str, Any]) -> Iterator[str]:
    for node in walk(statement):
        if "cte_map" in node:
            yield from (entry["key"] for entry in node["cte_map"]["map"])
