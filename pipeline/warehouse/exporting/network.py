"""Who acts upon whom: edges between actors and between countries, by quad class; GraphML for actors, CSV for both. Only actual events."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import XMLGenerator

import duckdb

from pipeline.contracts import EVENTS, QUAD_CLASSES, Column, Table
from pipeline.partitions import quoted
from pipeline.warehouse.exporting.cells import csv_cell
from pipeline.warehouse.exporting.declared import Form, Resource

GRAPHML = "actors.graphml"
# Edges held at a time.
_BATCH_ROWS = 20_000

_MEASURES = (
    Column("quad_class", "VARCHAR", "Verbal or material, cooperation or conflict", allowed=QUAD_CLASSES),
    Column("event_count", "BIGINT", "Actual distinct events", minimum=1),
    Column("mention_count", "BIGINT", "Sentences that report them", minimum=1),
    Column("intensity_sum", "DOUBLE", "Sum of intensity over the events"),
    Column("goldstein_sum", "DOUBLE", "Sum of Goldstein scores over the events"),
    Column("first_date", "DATE", "First event; null where none has a date", nullable=True),
    Column("last_date", "DATE", "Last event; null where none has a date", nullable=True),
)
# Decimals add up alike in any order; doubles do not.
_SUMS = """
    quad_class, count(*) as event_count, sum(mention_count)::bigint as mention_count,
    sum(intensity::decimal(9, 4))::double as intensity_sum, sum(goldstein_score::decimal(9, 4))::double as goldstein_sum,
    min(event_date) as first_date, max(event_date) as last_date,
"""


def _edges(subject: str, *keys: str) -> tuple[Table, str]:
    """The table of edges, and the query that gives it. keys: columns of events, without source_ and target_."""
    names = [f"{role}_{key}" for role in ("source", "target") for key in keys]
    ends = (f"source_{keys[0]}", f"target_{keys[0]}")
    declared = {column.name: column for column in EVENTS}
    described = (Column(name, "VARCHAR", declared[name].description, nullable=name not in ends) for name in names)
    table = Table(f"{subject}_edges", f"source {subject} x target {subject} x quad class", (*ends, "quad_class"), (*described, *_MEASURES))
    chosen = ", ".join(name if name in ends else f"min({name}) as {name}" for name in names)
    query = (
        f"select {chosen}, {_SUMS} from events where status = 'actual' and {ends[0]} is not null and {ends[1]} is not null "
        f"group by {', '.join(table.key)}"
    )
    return table, query


ACTOR_EDGES, _ACTOR_QUERY = _edges("actor", "actor_id", "name")
COUNTRY_EDGES, _COUNTRY_QUERY = _edges("country", "country")


def write_edges(connection: duckdb.DuckDBPyConnection, folder: Path, raw: bool) -> Iterator[Resource]:
    """actor_edges.csv and country_edges.csv, rows in order of their key."""
    for table, query in ((ACTOR_EDGES, _ACTOR_QUERY), (COUNTRY_EDGES, _COUNTRY_QUERY)):
        cells = ", ".join(f"{csv_cell(column, f'edges.{column.name}', raw)} as {column.name}" for column in table)
        order = ", ".join(f"edges.{key}" for key in table.key)
        file = f"{table.name}.csv"
        connection.execute(
            f"copy (select {cells} from ({query}) as edges order by {order}) to {quoted(str(folder / file))} (format csv, header)"
        )
        yield Resource(table.name, Form.csv, table.grain, (file,), table)


_NODES = f"""
    select actor_id, min(actor_name) as name, min(kind) as kind, min(country) as country,
    from actors
    where actor_id in (select unnest([source_actor_id, target_actor_id]) from ({_ACTOR_QUERY}))
    group by actor_id
    order by actor_id
"""
_TYPES = {"VARCHAR": "string", "DATE": "string", "BIGINT": "long", "DOUBLE": "double"}
_NODE_KEYS = {"name": "string", "kind": "string", "country": "string"}
_EDGE_KEYS = {column.name: _TYPES[column.type] for column in _MEASURES}


def write_graphml(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Resource]:
    """A directed graph, written as a stream: actors, and an edge a pair and quad class. Node ids are actor ids."""
    with (folder / GRAPHML).open("w", encoding="utf-8", newline="") as file:
        xml = XMLGenerator(file, encoding="utf-8", short_empty_elements=True)
        xml.startDocument()
        with _element(xml, "graphml", {"xmlns": "http://graphml.graphdrawing.org/xmlns"}):
            _declare_keys(xml)
            with _element(xml, "graph", {"id": "actors", "edgedefault": "directed"}):
                for node in _rows(connection, _NODES):
                    with _element(xml, "node", {"id": node["actor_id"]}):
                        _write_data(xml, _NODE_KEYS, node)
                order = "order by source_actor_id, target_actor_id, quad_class"
                for number, edge in enumerate(_rows(connection, f"{_ACTOR_QUERY} {order}")):
                    ends = {"id": f"e{number}", "source": edge["source_actor_id"], "target": edge["target_actor_id"]}
                    with _element(xml, "edge", ends):
                        _write_data(xml, _EDGE_KEYS, edge)
        xml.endDocument()
    yield Resource("actors", Form.graphml, "an actor, or a pair of actors and a quad class", (GRAPHML,))


def _declare_keys(xml: XMLGenerator) -> None:
    for kind, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, type_name in keys.items():
            with _element(xml, "key", {"id": name, "for": kind, "attr.name": name, "attr.type": type_name}):
                pass


def _write_data(xml: XMLGenerator, keys: Mapping[str, str], row: Mapping[str, Any]) -> None:
    for name in keys:
        if row[name] is not None:
            with _element(xml, "data", {"key": name}):
                xml.characters(xml_text(str(row[name])))


@contextmanager
def _element(xml: XMLGenerator, name: str, attributes: dict[str, str]) -> Iterator[None]:
    if name != "data":
        xml.ignorableWhitespace("\n")
    xml.startElement(name, {key: xml_text(value) for key, value in attributes.items()})  # type: ignore[arg-type]
    yield
    xml.endElement(name)


# What XML 1.0 can hold; the rest, control characters above all, has no escape there.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """The text with U+FFFD for every character that XML cannot hold."""
    return _NOT_XML.sub("\ufffd", text)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> Iterator[dict[str, Any]]:
    for batch in connection.execute(query).to_arrow_reader(_BATCH_ROWS):
        yield from batch.to_pylist()
