"""ACLED events as its export gives them: CSV with a header, in the columns of before and since March 2023.

ACLED has no countries of actors. Its names of state forces, protesters, rioters and civilians tell them by convention, as in
'Military Forces of Mali (2021-)' or 'Protesters (Peru)'; all others stay unknown.
"""

from pathlib import Path

import polars as pl

from pipeline.errors import InputError
from pipeline.extracts.crosswalks import by_name, by_number, look_up, quad_class_of_type
from pipeline.extracts.files import Table, positions, unpacked
from pipeline.extracts.table import Extract, coordinate, faults, gather, text, whole

_COLUMNS = {
    "day": "event_date", "type": "event_type", "actor1": "actor1", "actor2": "actor2", "country": "country",
    "location": "location", "latitude": "latitude", "longitude": "longitude", "fatalities": "fatalities",
}  # fmt: skip
_IDS = ("event_id_cnty", "data_id")
_OPTIONAL = {"sub_type": "sub_event_type", "iso": "iso"}
_DAYS = ("%Y-%m-%d", "%d %B %Y", "%d-%B-%Y", "%d/%m/%Y")

_TYPES = {
    "battles": "ASSAULT", "explosions/remote violence": "ASSAULT", "violence against civilians": "ASSAULT",
    "protests": "PROTEST", "riots": "PROTEST",
    # Names until 2018
    "battle-no change of territory": "ASSAULT", "battle-government regains territory": "ASSAULT",
    "battle-non-state actor overtakes territory": "ASSAULT", "remote violence": "ASSAULT", "riots/protests": "PROTEST",
    "headquarters or base established": "MOBILIZE",
}  # fmt: skip
# What PLOVER calls otherwise than the type above it. Other strategic developments are no events between two actors.
_SUB_TYPES = {
    "mob violence": "ASSAULT", "looting/property destruction": "ASSAULT", "agreement": "SUPPORT", "arrests": "COERCE",
    "headquarters or base established": "MOBILIZE",
}  # fmt: skip


def read_acled(path: Path) -> Extract:
    """Events of an export, zipped or not. InputError where its header is another."""
    with unpacked(path) as tables:
        return gather(pl.concat([_rows(table) for table in tables]))


def _rows(table: Table) -> pl.LazyFrame:
    cells = _cells(table)
    sub_type, kind = text("sub_type").str.to_lowercase(), text("type").str.to_lowercase()
    event_type = pl.coalesce(look_up(sub_type, _SUB_TYPES), look_up(kind, _TYPES))
    rows = cells.select(
        "origin",
        extract_event_id=text("id"),
        event_date=pl.coalesce(text("day").str.to_date(form, strict=False) for form in _DAYS),
        source_country=_country_of_actor("actor1"),
        target_country=_country_of_actor("actor2"),
        source_name=text("actor1"),
        target_name=text("actor2"),
        event_type=event_type,
        quad_class=quad_class_of_type(event_type),
        cameo_code=pl.lit(None, pl.String),
        goldstein_score=pl.lit(None, pl.Float64),
        place_name=text("location"),
        place_country=pl.coalesce(look_up(text("iso").str.zfill(3), by_number()), look_up(text("country").str.to_lowercase(), by_name())),
        latitude=coordinate("latitude", 90),
        longitude=coordinate("longitude", 180),
        mention_count=pl.lit(None, pl.Int64),
        fatalities=whole("fatalities"),
        source_url=pl.lit(None, pl.String),
    )  # fmt: skip
    return rows.with_columns(fault=faults())


def _cells(table: Table) -> pl.LazyFrame:
    """The cells that are read, by our names; a column that an export lacks is null."""
    line = table.first_line()
    separator = max(",;\t", key=line.count)
    header = [name.strip().strip('"').lower() for name in line.split(separator)]
    found = next((name for name in _IDS if name in header), None)
    if found is None:
        raise InputError(f"{table.name}: no ACLED export: its header lacks {' and '.join(_IDS)}; it begins with {line[:80]!r}")
    places = positions(table, header, _COLUMNS | {"id": found}, "ACLED")
    places |= {ours: header.index(theirs) for ours, theirs in _OPTIONAL.items() if theirs in header}
    names = [f"column {place}" for place in range(len(header))]
    scan = pl.scan_csv(
        table.path, has_header=False, skip_rows=1, separator=separator, encoding="utf8-lossy", truncate_ragged_lines=True,
        schema=dict.fromkeys(names, pl.String), row_index_name="number", row_index_offset=1, raise_if_empty=False,
        missing_columns="insert",
    )  # fmt: skip
    cells = scan.select(
        origin=pl.format("{} row {}", pl.lit(table.name), pl.col("number")), **{ours: names[place] for ours, place in places.items()}
    )
    return cells.with_columns(pl.lit(None, pl.String).alias(name) for name in _OPTIONAL if name not in places)


def _country_of_actor(name: str) -> pl.Expr:
    forces = pl.col(name).str.extract(r"^(?:Military|Police) Forces of (.+?)(?: \(|$)")
    others = pl.col(name).str.extract(r"^(?:Protesters|Rioters|Civilians|Unidentified [\w ]+) \((.+?)\)$")
    return look_up(pl.coalesce(forces, others).str.to_lowercase(), by_name())
