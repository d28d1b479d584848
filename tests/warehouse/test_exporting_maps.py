"""Maps: what GeoJSON and GeoParquet readers make of them."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline.warehouse.exporting import FORMATS
from tests.warehouse.published import event, publish_rows, sample

pytestmark = pytest.mark.slow  # writes and reads back whole exports

HOSTILE = '</script>"\\\n\x1b[31m\u2028=1+1 \U0001f30d'


def geojson(folder: Path, **more: Any) -> dict[str, Any]:
    FORMATS["geojson"](sample(folder, **more), folder / "out")
    return json.loads((folder / "out" / "events.geojson").read_text(encoding="utf-8"))


def test_a_feature(tmp_path: Path) -> None:
    collection = geojson(tmp_path)
    assert set(collection) == {"type", "features"}  # RFC 7946 knows no "crs"
    (feature,) = collection["features"]
    assert (feature["type"], feature["id"]) == ("Feature", "e1")
    assert feature["geometry"] == {"type": "Point", "coordinates": [-21.89541, 64.13548]}
    properties = feature["properties"]
    assert (properties["event_date"], properties["first_reported_at"]) == ("2021-05-19", "2021-05-20T06:30:00Z")
    assert (properties["contexts"], properties["killed"]) == (["diplomatic", "environment"], None)
    assert not {"latitude", "longitude"} & set(properties)


def test_only_what_has_coordinates_is_on_the_map(tmp_path: Path) -> None:
    collection = geojson(tmp_path, events=[event("e2", latitude=None, longitude=None, place_precision="country")])
    assert [feature["id"] for feature in collection["features"]] == ["e1"]


def test_hostile_text_comes_back_as_it_was(tmp_path: Path) -> None:
    collection = geojson(tmp_path, events=[event("e2", source_name=HOSTILE)])
    assert collection["features"][1]["properties"]["source_name"] == HOSTILE


def test_geopandas_reads_geojson(tmp_path: Path) -> None:
    import geopandas

    geojson(tmp_path, events=[event("e2", latitude=-90.0, longitude=180.0)])
    frame = geopandas.read_file(tmp_path / "out" / "events.geojson")
    assert [(point.x, point.y) for point in frame.geometry] == [(-21.89541, 64.13548), (180.0, -90.0)]
    assert frame.crs.to_epsg() == 4326
    assert list(frame["source_name"]) == ["Antony Blinken"] * 2


@pytest.mark.parametrize("form", ["geojson", "geoparquet"])
def test_an_empty_map(form: str, tmp_path: Path) -> None:
    import geopandas

    (path, *_) = FORMATS[form](publish_rows(tmp_path, {}), tmp_path / "out")
    frame = geopandas.read_file(path) if form == "geojson" else geopandas.read_parquet(path)
    assert len(frame) == 0


def test_geopandas_reads_geoparquet(tmp_path: Path) -> None:
    import geopandas

    FORMATS["geoparquet"](sample(tmp_path, events=[event("e2", latitude=-90.0, longitude=180.0)]), tmp_path / "out")
    frame = geopandas.read_parquet(tmp_path / "out" / "events.parquet")
    assert [(point.x, point.y) for point in frame.geometry] == [(-21.89541, 64.13548), (180.0, -90.0)]
    assert frame.crs.to_string() == "OGC:CRS84"
    assert frame["event_id"].to_list() == ["e1", "e2"]


def test_geoparquet_metadata(tmp_path: Path) -> None:
    FORMATS["geoparquet"](sample(tmp_path, events=[event("e2", latitude=10.0, longitude=20.0)]), tmp_path / "out")
    metadata = json.loads(pq.read_schema(tmp_path / "out" / "events.parquet").metadata[b"geo"])
    assert metadata == {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Point"], "bbox": [-21.89541, 10.0, 20.0, 64.13548]}},
    }


def test_other_readers_see_the_columns_of_events(tmp_path: Path) -> None:
    FORMATS["geoparquet"](sample(tmp_path), tmp_path / "out")
    frame = pl.read_parquet(tmp_path / "out" / "events.parquet")
    assert frame["contexts"].to_list() == [["diplomatic", "environment"]]
    assert frame["geometry"].item()[:5] == b"\x01\x01\0\0\0"
