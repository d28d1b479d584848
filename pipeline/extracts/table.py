"""The one shape that every foreign extract is read into, and what could not be read of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from pipeline.contracts import EVENT_TYPES, QUAD_CLASSES, Column, Table
from pipeline.errors import InputError

MAX_ROWS = 3_000_000
"""Events of all files together: about 1 GB of memory."""

_EXAMPLES = 5

EXTRACT = Table(
    "extract", "an event as another data set codes it", ("extract_event_id",),
    (
        Column("extract_event_id", "VARCHAR", "The data set's own id of the event"),
        Column("event_date", "DATE", "Day of the event"),
        Column("source_country", "VARCHAR", "Country of the source, ISO 3166-1 alpha-3; null where the data set names none", nullable=True),
        Column("target_country", "VARCHAR", "Country of the target, ISO 3166-1 alpha-3", nullable=True),
        Column("source_name", "VARCHAR", "Source, as the data set names it; ACLED does not say which of two actors began", nullable=True),
        Column("target_name", "VARCHAR", "Target, as the data set names it", nullable=True),
        Column("event_type", "VARCHAR", "PLOVER event type by crosswalk; null where none fits", nullable=True, allowed=EVENT_TYPES),
        Column("quad_class", "VARCHAR", "Quad class by the data set's own ontology", nullable=True, allowed=QUAD_CLASSES),
        Column("cameo_code", "VARCHAR", "CAMEO code, where the data set uses CAMEO", nullable=True),
        Column("goldstein_score", "DOUBLE", "Goldstein score, where the data set gives it", nullable=True),
        Column("place_name", "VARCHAR", "Finest place that the data set names", nullable=True),
        Column("place_country", "VARCHAR", "Country of the place, ISO 3166-1 alpha-3", nullable=True),
        Column("latitude", "DOUBLE", "Degrees north, WGS 84; null for a country", nullable=True),
        Column("longitude", "DOUBLE", "Degrees east, WGS 84; null for a country", nullable=True),
        Column("mention_count", "BIGINT", "Mentions, where the data set counts them", nullable=True),
        Column("fatalities", "BIGINT", "People killed, where the data set counts them", nullable=True),
        Column("source_url", "VARCHAR", "Address of a report, where the data set gives one; data, never opened", nullable=True),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Extract:
    """Events of another data set in the shape of EXTRACT, and the rows that are none."""

    events: pl.DataFrame
    bad_rows: int = 0
    examples: tuple[str, ...] = ()
    """At most five bad rows: file, line and fault."""


def gather(rows: pl.LazyFrame) -> Extract:
    """Reads the rows: those of EXTRACT's columns, with `origin` (file and line) and `fault` (why it is no event, else null).

    InputError where more rows are bad than good, since the file is then not what it was taken for, or where there are too many.
    """
    told = rows.filter(pl.col("fault").is_not_null()).select("origin", "fault")
    try:
        events = rows.filter(pl.col("fault").is_null()).select(_shaped()).head(MAX_ROWS + 1).collect(engine="streaming")
        bad_rows = told.select(pl.len()).collect(engine="streaming").item()
        examples = tuple(f"{origin}: {fault}" for origin, fault in told.head(_EXAMPLES).collect().iter_rows())
    except pl.exceptions.PolarsError as error:
        raise InputError(f"the rows are no events of this data set: {error}") from error
    _refuse_too_many(events.height)
    if bad_rows > events.height:
        raise InputError(f"{bad_rows} of {bad_rows + events.height} rows are no events of this data set: {'; '.join(examples)}")
    return Extract(events, bad_rows, examples)


def joined(extracts: Iterable[Extract]) -> Extract:
    """Several files as one extract."""
    parts = list(extracts)
    _refuse_too_many(sum(part.events.height for part in parts))
    examples = tuple(example for part in parts for example in part.examples)[:_EXAMPLES]
    events = pl.concat([part.events for part in parts]) if parts else pl.DataFrame(schema=EXTRACT.polars_schema)
    return Extract(events, sum(part.bad_rows for part in parts), examples)


def text(name: str) -> pl.Expr:
    """A cell's words: trimmed, null where nothing is left."""
    words = pl.col(name).str.strip_chars()
    return pl.when(words != "").then(words)


def coordinate(name: str, most: float) -> pl.Expr:
    """Degrees; null where they are none."""
    degrees = text(name).cast(pl.Float64, strict=False)
    return pl.when(degrees.abs() <= most).then(degrees)


def whole(name: str) -> pl.Expr:
    return text(name).cast(pl.Int64, strict=False)


def faults() -> pl.Expr:
    """Why a row is no event: what every event must have."""
    return (
        pl.when(pl.col("extract_event_id").is_null())
        .then(pl.lit("no event id"))
        .when(pl.col("event_date").is_null())
        .then(pl.lit("no readable date"))
    )


def _shaped() -> list[pl.Expr]:
    return [pl.col(column.name).cast(column.polars) for column in EXTRACT]


def _refuse_too_many(count: int) -> None:
    if count > MAX_ROWS:
        raise InputError(f"the files hold more than {MAX_ROWS:,} events; compare a shorter period")
