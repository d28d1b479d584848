"""ICEWS coded events as Dataverse gives them: tab-separated with a header of 20 columns, a file a year or week, some zipped.

An event id is unique together with its date only.
"""

from pathlib import Path

import polars as pl

from pipeline.extracts.crosswalks import by_name, look_up, plover_types, quad_class_of_root
from pipeline.extracts.files import Table, positions, split, unpacked
from pipeline.extracts.table import Extract, coordinate, faults, gather, text

_COLUMNS = {
    "id": "Event ID", "day": "Event Date", "source": "Source Name", "source_place": "Source Country", "code": "CAMEO Code",
    "intensity": "Intensity", "target": "Target Name", "target_place": "Target Country", "city": "City", "district": "District",
    "province": "Province", "country": "Country", "latitude": "Latitude", "longitude": "Longitude",
}  # fmt: skip


def read_icews(path: Path) -> Extract:
    """Events of a file as Dataverse gives it, zipped or not. InputError where its header is another."""
    with unpacked(path) as tables:
        return gather(pl.concat([_rows(table) for table in tables]))


def _rows(table: Table) -> pl.LazyFrame:
    header = table.first_line().split("\t")
    cells = split(table, positions(table, header, _COLUMNS, "ICEWS"), len(header), has_header=True)
    code = _code()
    finest = pl.coalesce(text("city"), text("district"), text("province"))
    rows = cells.select(
        "origin", "fault",
        extract_event_id=text("id"),
        event_date=text("day").str.to_date("%Y-%m-%d", strict=False),
        source_country=_country("source_place"),
        target_country=_country("target_place"),
        source_name=text("source"),
        target_name=text("target"),
        event_type=look_up(code, plover_types()),
        quad_class=quad_class_of_root(code),
        cameo_code=code,
        goldstein_score=text("intensity").cast(pl.Float64, strict=False),
        place_name=pl.coalesce(finest, text("country")),
        place_country=_country("country"),
        latitude=pl.when(finest.is_not_null()).then(coordinate("latitude", 90)),
        longitude=pl.when(finest.is_not_null()).then(coordinate("longitude", 180)),
        mention_count=pl.lit(None, pl.Int64),
        fatalities=pl.lit(None, pl.Int64),
        source_url=pl.lit(None, pl.String),
    )  # fmt: skip
    return rows.with_columns(fault=pl.coalesce("fault", faults()))


def _code() -> pl.Expr:
    """The CAMEO code with the leading zero that spreadsheets take away: '42' can only have been '042'."""
    code = text("code")
    lost = ~code.is_in(list(plover_types())) & ("0" + code).is_in(list(plover_types()))
    return pl.when(lost).then("0" + code).otherwise(code)


def _country(name: str) -> pl.Expr:
    return look_up(text(name).str.to_lowercase(), by_name())
