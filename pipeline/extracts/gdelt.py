"""GDELT events, 1.0 and 2.0: tab-separated lines without a header; 57, 58 or 61 columns, by GDELT's own codebooks."""

from pathlib import Path

import polars as pl

from pipeline.contracts import QUAD_CLASSES
from pipeline.errors import InputError
from pipeline.extracts.crosswalks import by_cameo_country, by_fips, look_up, plover_types
from pipeline.extracts.files import Table, split, unpacked
from pipeline.extracts.table import Extract, coordinate, faults, gather, text, whole

_BOTH = {
    "GlobalEventID": 0, "Day": 1, "Actor1Name": 6, "Actor1CountryCode": 7, "Actor2Name": 16, "Actor2CountryCode": 17,
    "EventCode": 26, "QuadClass": 29, "GoldsteinScale": 30, "NumMentions": 31,
}  # fmt: skip
_ACTION_1 = {"Type": 49, "Fullname": 50, "CountryCode": 51, "Lat": 53, "Long": 54, "SOURCEURL": 57}
_ACTION_2 = {"Type": 51, "Fullname": 52, "CountryCode": 53, "Lat": 56, "Long": 57, "SOURCEURL": 60}
# 57: the backfile until March 2013, without the address; 58: 1.0 since then; 61: 2.0, with a second division of places.
_LAYOUTS = {57: _BOTH | _ACTION_1, 58: _BOTH | _ACTION_1, 61: _BOTH | _ACTION_2}
_OTHERS = {16: "the Mentions table", 27: "the knowledge graph"}
_COUNTRY_POINT = "1"  # ActionGeo_Type of a whole country, whose point is only its middle


def read_gdelt(path: Path) -> Extract:
    """Events of a file as GDELT gives it, zipped or not. InputError where it is another table of GDELT, or none."""
    with unpacked(path) as tables:
        return gather(pl.concat([_rows(table) for table in tables]))


def _rows(table: Table) -> pl.LazyFrame:
    width = len(table.first_line().split("\t"))
    if width not in _LAYOUTS:
        found = f" ({_OTHERS[width]})" if width in _OTHERS else ""
        raise InputError(f"{table.name}: GDELT events have 57, 58 or 61 tab-separated columns, its first line has {width}{found}")
    cells = split(table, _LAYOUTS[width], width, has_header=False)
    is_point = pl.col("Type") != _COUNTRY_POINT
    rows = cells.select(
        "origin", "fault",
        extract_event_id=pl.when(text("GlobalEventID").str.contains(r"^\d+$")).then(text("GlobalEventID")),
        event_date=text("Day").str.to_date("%Y%m%d", strict=False),
        source_country=look_up(text("Actor1CountryCode"), by_cameo_country()),
        target_country=look_up(text("Actor2CountryCode"), by_cameo_country()),
        source_name=text("Actor1Name"),
        target_name=text("Actor2Name"),
        event_type=look_up(text("EventCode"), plover_types()),
        quad_class=look_up(text("QuadClass"), _QUADS),
        cameo_code=text("EventCode"),
        goldstein_score=text("GoldsteinScale").cast(pl.Float64, strict=False),
        place_name=text("Fullname"),
        place_country=look_up(text("CountryCode"), by_fips()),
        latitude=pl.when(is_point).then(coordinate("Lat", 90)),
        longitude=pl.when(is_point).then(coordinate("Long", 180)),
        mention_count=whole("NumMentions"),
        fatalities=pl.lit(None, pl.Int64),
        source_url=text("SOURCEURL"),
    )  # fmt: skip
    return rows.with_columns(fault=pl.coalesce("fault", faults()))


_QUADS = {str(number): name for number, name in enumerate(QUAD_CLASSES, start=1)}
