"""What the pages must know before they read any event."""

from typing import Any

import duckdb
import polars as pl

from pipeline import resources

_MOST_ROWS = 256  # of what a details file is about: some 100 kB packed
_YEAR_FILE = """
create temp macro year_file(day) as
    case when day is null then 'undated' when day < date '1970-01-01' then 'earlier' else year(day)::varchar end
"""
"""The file of an event in the groups that go by year; the SQL of sql/site names it too."""
_RELEASE = "select release_id, release_number, published_at::varchar as published_at from releases order by release_number desc limit 1"


def describe_release(connection: duckdb.DuckDBPyConnection, most_events: int) -> dict[str, Any]:
    """The last release of an open warehouse, its years, and its lists of codes. Makes the macro year_file.

    depths: how many letters of an id name the file that tells of it, by group of files. is_left_out: it has more than most_events.
    """
    connection.execute(_YEAR_FILE)
    (told,) = _rows(connection, _RELEASE)
    (counts,) = _rows(connection, "select (select count(*) from events) as events, (select count(*) from articles) as articles")
    countries = _rows(connection, f"from ({(resources.SQL / 'views' / 'countries.sql').read_text(encoding='utf-8')}) order by country")
    listed = pl.read_csv(resources.SEEDS / "actors" / "countries.csv", infer_schema=False)
    numeric = dict(listed.select("actor_id", "numeric").iter_rows())  # by which maps name countries
    return told | {
        "events_count": counts["events"],
        "is_left_out": counts["events"] > most_events,
        "depths": {name: _depth(count) for name, count in counts.items()},
        "years": _rows(connection, "select year_file(event_date) as year, count(*) as events from events group by year order by year"),
        "types": _rows(connection, "select event_type, mode, definition from event_types order by event_type, mode nulls first"),
        "countries": [row | {"numeric": numeric.get(row["country"])} for row in countries],
        "publishers": _rows(connection, "select publisher_id, publisher_name from publishers order by publisher_name, publisher_id"),
    }


def _depth(count: int) -> int:
    """How many letters of an id name its file, so that files hold few enough rows."""
    return next(letters for letters in range(1, 9) if count <= _MOST_ROWS * 16**letters)


def _rows(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    return connection.execute(sql).pl().to_dicts()
