"""What an export declares of its files: the tables in them and, for the formats of others, where each column comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from pipeline.contracts import Column, Table


class Form(StrEnum):
    """How a file holds its rows."""

    csv = "csv"
    tsv = "tsv"
    parquet = "parquet"
    geojson = "geojson"
    graphml = "graphml"


MEDIA_TYPES = {
    Form.csv: "text/csv",
    Form.tsv: "text/tab-separated-values",
    Form.parquet: "application/vnd.apache.parquet",
    Form.geojson: "application/geo+json",
    Form.graphml: "application/graphml+xml",
}


@dataclass(frozen=True)
class Mapped:
    """A column of a foreign format, and the DuckDB expression over our tables that fills it."""

    column: Column
    sql: str


def mapped(name: str, kind: str, sql: str, description: str, **rest: object) -> Mapped:
    """A column that may be empty, as nearly all of the foreign formats are. kind: a DuckDB type. rest: as in contracts.Column."""
    return Mapped(Column(name, kind, description, **({"nullable": True} | rest)), sql)  # type: ignore[arg-type]


def foreign_table(name: str, grain: str, key: tuple[str, ...], columns: Iterable[Mapped]) -> Table:
    """The table that a foreign format's columns make, in their order."""
    return Table(name, grain, key, tuple(one.column for one in columns))


@dataclass(frozen=True)
class Resource:
    """Files of an export that together hold one table (or, for a network, one graph)."""

    name: str
    form: Form
    grain: str
    files: tuple[str, ...]  # below the export's folder, in order
    table: Table | None = None
    has_header: bool = True
    pattern: str = ""  # a glob that fits exactly these files, where they may be many
