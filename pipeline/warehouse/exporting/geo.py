"""Events on the map: GeoJSON (RFC 7946) and GeoParquet 1.1. Events whose place has coordinates, of every status; points in WGS 84."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contracts import EVENTS, Column, Table
from pipeline.partitions import quoted
from pipeline.warehouse.exporting.declared import Form, Resource
from pipeline.warehouse.exporting.lines import write_lines

GEOJSON = "events.geojson"
GEOPARQUET = "events.parquet"
_LOCATED = "from events as rows where latitude is not null and longitude is not null"
_GRAIN = "an event whose place has coordinates"
# Rows of a row group: some tens of megabytes before compression.
_BATCH_ROWS = 50_000

_PROPERTIES = tuple(column for column in EVENTS if column.name not in ("latitude", "longitude"))
FEATURES = Table("events", _GRAIN, EVENTS.key, _PROPERTIES)
GEOMETRY = Column("geometry", "BLOB", "Point, well-known binary, longitude and latitude")
POINTS = Table("events", _GRAIN, EVENTS.key, (*EVENTS.columns, GEOMETRY))


def write_geojson(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Resource]:
    """One FeatureCollection, a feature a line; the id of a feature is the event's."""
    properties = ", ".join(f"{quoted(column.name)}: {_json_value(column)}" for column in _PROPERTIES)
    feature = (
        "to_json({'type': 'Feature', 'id': rows.event_id, "
        f"'geometry': {{'type': 'Point', 'coordinates': [longitude, latitude]}}, 'properties': {{{properties}}}}})::varchar"
    )
    query = f"select {quoted(GEOJSON)} as file, null as day, rows.event_id as id, {feature} as line {_LOCATED}"
    head, tail = '{"type": "FeatureCollection", "features": [\n', "\n]}\n"
    files = write_lines(connection, query, folder, (GEOJSON, head + tail), head=head, between=",\n", tail=tail)
    yield Resource("events", Form.geojson, _GRAIN, files, FEATURES)


def _json_value(column: Column) -> str:
    name = f"rows.{column.name}"
    return f"replace({name}::varchar, ' ', 'T') || 'Z'" if column.type == "TIMESTAMP" else name


def write_geoparquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Resource]:
    """The columns of events, and their geometry."""
    names = ", ".join(f"rows.{name}" for name in EVENTS.column_names)
    bounds = connection.execute(f"select min(longitude), min(latitude), max(longitude), max(latitude) {_LOCATED}").fetchone()
    reader = connection.execute(f"select {names} {_LOCATED} order by rows.event_id").to_arrow_reader(_BATCH_ROWS)
    schema = reader.schema.append(pa.field("geometry", pa.binary())).with_metadata({"geo": json.dumps(_geo_metadata(bounds))})
    with pq.ParquetWriter(folder / GEOPARQUET, schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(pa.record_batch([*batch.columns, _points(batch)], schema=schema))
    yield Resource("events", Form.parquet, _GRAIN, (GEOPARQUET,), POINTS)


def _geo_metadata(bounds: tuple[float | None, ...] | None) -> dict[str, Any]:
    """The value of the key 'geo'. Without "crs", a reader takes OGC:CRS84: longitude and latitude on WGS 84."""
    geometry: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
    if bounds and bounds[0] is not None:
        geometry["bbox"] = list(bounds)
    return {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}


# A point in well-known binary: byte order (1 = little-endian), type (1 = point), longitude, latitude.
_WKB = np.dtype([("order", "u1"), ("type", "<u4"), ("longitude", "<f8"), ("latitude", "<f8")])


def _points(batch: pa.RecordBatch) -> pa.Array:
    points = np.zeros(batch.num_rows, dtype=_WKB)
    points["order"] = points["type"] = 1
    for axis in ("longitude", "latitude"):
        points[axis] = batch.column(axis).to_numpy()
    offsets = np.arange(batch.num_rows + 1, dtype=np.int32) * _WKB.itemsize
    return pa.Array.from_buffers(pa.binary(), batch.num_rows, [None, pa.py_buffer(offsets), pa.py_buffer(points)])
