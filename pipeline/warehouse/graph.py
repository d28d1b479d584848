"""The order of the SQL files, read from the SQL itself.

A file is a table: sql/staging/x.sql makes staging.x; those of sql/warehouse and sql/marts make public tables, named without a
schema. What a file reads is what it names behind `from` and `join`, as DuckDB's own parser sees it.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipeline.errors import ContractError

_PUBLIC_FOLDERS = ("warehouse", "marts")


@dataclass(frozen=True)
class Node:
    """A table that is built, and the tables that it reads."""

    name: str
    path: Path | None
    """None where Python computes it."""
    sql: str
    reads: frozenset[str]

    @property
    def is_public(self) -> bool:
        return "." not in self.name


def read_folder(folder: Path) -> list[Node]:
    """The tables of sql/staging, sql/warehouse and sql/marts. ContractError names a file that is no SELECT."""
    nodes = []
    for path in sorted(folder.glob("*/*.sql")):
        if path.parent.name == "staging" or path.parent.name in _PUBLIC_FOLDERS:
            name = path.stem if path.parent.name in _PUBLIC_FOLDERS else f"staging.{path.stem}"
            sql = path.read_text(encoding="utf-8")
            nodes.append(Node(name, path, sql, tables_read(sql, str(path))))
    return nodes


def in_order(nodes: Iterable[Node], given: Iterable[str] = ()) -> list[Node]:
    """Nodes, each behind all that it reads; equal nodes give the same order.

    given: tables that exist before. ContractError names a table that nothing makes, or two files of one name, or a cycle.
    """
    by_name: dict[str, Node] = {}
    for node in sorted(nodes, key=lambda node: (node.name, str(node.path))):
        if node.name in by_name:
            raise ContractError(f"{node.path} and {by_name[node.name].path} both make {node.name}; rename one")
        by_name[node.name] = node
    _refuse_unknown(by_name, set(given))
    sorter = TopologicalSorter({name: sorted(node.reads & by_name.keys()) for name, node in by_name.items()})
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


def _refuse_unknown(nodes: Mapping[str, Node], given: set[str]) -> None:
    for node in nodes.values():
        if unknown := sorted(node.reads - nodes.keys() - given):
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
