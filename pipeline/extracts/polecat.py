"""POLECAT events as Dataverse gives them: tab-separated with a header of 40 columns; some files have columns or tabs too many.

What is unknown is the word None there.
"""

from pathlib import Path

import polars as pl

from pipeline.contracts import EVENT_TYPES
from pipeline.extracts.crosswalks import by_name, look_up, quad_class_of_type
from pipeline.extracts.files import Table, positions, split, unpacked
from pipeline.extracts.table import Extract, coordinate, faults, gather, text

_COLUMNS = {
    "id": "Event ID", "day": "Event Date", "type": "Event Type", "source": "Actor Name", "source_place": "Actor Country",
    "target": "Recipient Name", "target_place": "Recipient Country", "placename": "Placename", "city": "City", "district": "District",
    "province": "Province", "country": "Country", "latitude": "Latitude", "longitude": "Longitude",
}  # fmt: skip
_NOT_IN_THE_ROWS = ("Headline",)  # in the headers of some files, though their rows do not have it


def read_polecat(path: Path) -> Extract:
    """Events of a file as Dataverse gives it, zipped or not. InputError where its header is another."""
    with unpacked(path) as tables:
        return gather(pl.concat([_rows(table) for table in tables]))


def _rows(table: Table) -> pl.LazyFrame:
    header = [name for name in table.first_line().rstrip("\t").split("\t") if name.strip() not in _NOT_IN_THE_ROWS]
    cells = split(table, positions(table, header, _COLUMNS, "POLECAT"), len(header), has_header=True)
    cells = cells.with_columns(pl.when(pl.col(name) != "None").then(pl.col(name)).alias(name) for name in _COLUMNS)
    kind = text("type").str.to_uppercase()
    event_type = pl.when(kind.is_in(EVENT_TYPES)).then(kind)
    finest = pl.coalesce(text("placename"), text("city"), text("district"), text("province"))
    is_point = pl.coalesce(text("city"), text("district"), text("province")).is_not_null()
    rows = cells.select(
        "origin", "fault",
        extract_event_id=text("id"),
        event_date=text("day").str.to_date("%Y-%m-%d", strict=False),
        source_country=_country("source_place"),
        target_country=_country("target_place"),
        source_name=text("source"),
        target_name=text("target"),
        event_type=event_type,
        quad_class=quad_class_of_type(event_type),
        cameo_code=pl.lit(None, pl.String),
        goldstein_score=pl.lit(None, pl.Float64),
        place_name=pl.coalesce(finest, text("country")),
        place_country=_country("country"),
        latitude=pl.when(is_point).then(coordinate("latitude", 90)),
        longitude=pl.when(is_point).then(coordinate("longitude", 180)),
        mention_count=pl.lit(None, pl.Int64),
        fatalities=pl.lit(None, pl.Int64),
        source_url=pl.lit(None, pl.String),
    )  # fmt: skip
    return rows.with_columns(fault=pl.coalesce("fault", faults()))


def _country(name: str) -> pl.Expr:
    """An actor of several countries has them all in one cell; the first stands."""
    return look_up(text(name).str.split(";").list.first().str.strip_chars().str.to_lowercase(), by_name())
