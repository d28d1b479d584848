"""The events of a year in columns, as Arrow: numbers, and texts that repeat by their number."""

import io
from collections.abc import Mapping

import polars as pl
import pyarrow as pa

Tables = Mapping[str, pl.DataFrame]

_SMALL = {"confidence": pl.Float32, "intensity": pl.Float32, "goldstein_score": pl.Float32, "latitude": pl.Float32, "longitude": pl.Float32}
UNKNOWN_DAY = -(2**31)
"""Where a date is not known; days count from 1970-01-01."""


def pack_columns(tables: Tables) -> dict[str, bytes]:
    """Arrow streams of sql/site/event_columns.sql, without ids, and of event_publishers.sql, with the event's row for its id.

    No column holds a null: a text is '' then, a number NaN, a day UNKNOWN_DAY. Browsers read such columns without copying them.
    """
    events = tables["events"]
    days = {name: pl.col(name).cast(pl.Int32).fill_null(UNKNOWN_DAY) for name in ("event_date", "event_date_end")}
    figures = {name: pl.col(name).cast(kind).fill_null(float("nan")) for name, kind in _SMALL.items()}
    rows = events.select("event_id").with_row_index("row")
    publishers = tables["publishers"] if "publishers" in tables else pl.DataFrame(schema={"event_id": pl.String, "publisher_id": pl.String})
    return {
        "events": _stream(events.drop("event_id").with_columns(pl.col(pl.String).fill_null(""), **days, **figures)),
        "publishers": _stream(rows.join(publishers, on="event_id", maintain_order="left").drop("event_id")),
    }


def pack_ids(tables: Tables) -> dict[str, bytes]:
    return {"ids": "\n".join(tables["ids"]["event_id"]).encode()}


def _stream(frame: pl.DataFrame) -> bytes:
    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    columns = [column.dictionary_encode() if pa.types.is_large_string(column.type) else column for column in table.columns]
    target = io.BytesIO()
    encoded = pa.table(dict(zip(table.column_names, columns, strict=True))).combine_chunks()
    with pa.ipc.new_stream(target, encoded.schema) as stream:
        stream.write_table(encoded)
    return target.getvalue()
