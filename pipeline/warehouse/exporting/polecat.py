"""POLECAT: one tab-separated table of 40 columns, UTF-8, with header.

Columns and their order are those of the weekly files of POLECAT; docs/EXPORTS.md says what is put where. Only actual events.
A list in a cell is joined by "; ". What we do not know is empty, where POLECAT's own files write None.
"""

from collections.abc import Iterator
from pathlib import Path

import duckdb

from pipeline.contracts import EVENT_TYPES, QUAD_CLASSES
from pipeline.warehouse.exporting.declared import Form, Mapped, Resource, foreign_table, mapped
from pipeline.warehouse.exporting.lines import tsv_line, write_lines
from pipeline.warehouse.exporting.reports import create_country_codes, create_first_reports

FILE = "polecat.tsv"
_JOINED = "nullif(array_to_string({}, '; '), '')"


def _party(label: str, role: str) -> Iterator[Mapped]:
    yield mapped(f"{label} Name", "VARCHAR", f"{role}_name", f"Name of the {role}")
    yield mapped(f"{label} Country", "VARCHAR", f"{role}_country", "Its country, ISO 3166-1 alpha-3")
    yield mapped(f"{label} COW", "VARCHAR", f"{role}_codes.cow_code", "Its country, number of the Correlates of War")
    yield mapped(f"Primary {label} Sector", "VARCHAR", f"{role}_sector", "Its first PLOVER sector")
    yield mapped(f"{label} Sectors", "VARCHAR", _JOINED.format(f"{role}_sectors"), "All its sectors, as the first report tells them")
    yield mapped(f"{label} Title", "VARCHAR", f"{role}_title.title", "The office that it held on the day of the event")
    yield mapped(f"{label} Name Raw", "VARCHAR", f"{role}_text", "The words of the first report")
    yield mapped(f"Wikipedia {label} ID", "VARCHAR", "null", "Not known to us; empty")


COLUMNS = (
    mapped("Event ID", "VARCHAR", "rows.event_id", "Our event_id", nullable=False),
    mapped("Event Date", "DATE", "rows.event_date", "First day of the event"),
    mapped("Event Type", "VARCHAR", "rows.event_type", "PLOVER event type", nullable=False, allowed=EVENT_TYPES),
    mapped("Event Mode", "VARCHAR", "rows.mode", "PLOVER mode"),
    mapped("Intensity", "DOUBLE", "rows.intensity", "PLOVER intensity of type and mode", minimum=-10, maximum=10),
    mapped(
        "Quad Code", "VARCHAR", "upper(rows.quad_class)", "Verbal or material, cooperation or conflict",
        nullable=False, allowed=tuple(quad.upper() for quad in QUAD_CLASSES),
    ),
    mapped("Contexts", "VARCHAR", _JOINED.format("rows.contexts"), "PLOVER contexts"),
    *_party("Actor", "source"),
    *_party("Recipient", "target"),
    mapped("Placename", "VARCHAR", "rows.place_name", "Name of the place"),
    mapped("City", "VARCHAR", "if(rows.place_precision in ('city', 'site'), rows.place_name, null)", "The place, where a city or site"),
    mapped("District", "VARCHAR", "if(rows.place_precision = 'admin2', rows.place_name, null)", "The place, where a second-level division"),
    mapped("Province", "VARCHAR", "rows.admin1", "First-level division"),
    mapped("Country", "VARCHAR", "rows.place_country", "Country of the place, ISO 3166-1 alpha-3"),
    mapped("Latitude", "DOUBLE", "rows.latitude", "Degrees north", minimum=-90, maximum=90),
    mapped("Longitude", "DOUBLE", "rows.longitude", "Degrees east", minimum=-180, maximum=180),
    mapped("GeoNames ID", "BIGINT", "geonames_id", "GeoNames id of the place"),
    mapped("Raw Placename", "VARCHAR", "place_text", "The words of the first report"),
    mapped("Feature Type", "VARCHAR", "null", "Not known to us; empty"),
    mapped("Source", "VARCHAR", "publisher_name", "Outlet of the first report"),
    mapped("Publication Date", "DATE", "published_at::date", "Day of the first report"),
    mapped("Story People", "VARCHAR", _JOINED.format("people"), "People whom the article of the first report names"),
    mapped("Story Organizations", "VARCHAR", _JOINED.format("organizations"), "Organisations and groups that it names"),
    mapped("Story Locations", "VARCHAR", _JOINED.format("locations"), "Places of the events that it tells"),
    mapped("Language", "VARCHAR", "language", "Language of its text, ISO 639-1"),
    mapped("Version", "VARCHAR", "rows.coder_version", "Version of the coder", nullable=False),
)  # fmt: skip

EVENTS = foreign_table("polecat_events", "an actual event", ("Event ID",), COLUMNS)

# A title a holder and day rather than an event: days repeat. Where offices were held together, the first by name.
_TITLES = """
    create temp table titles as
    with days as (
        select distinct source_actor_id as actor_id, event_date from events
        union
        select distinct target_actor_id, event_date from events
    )
    select actor_id, event_date, min(role_name) as title,
    from days
    join actors using (actor_id)
    where event_date between coalesce(valid_from, date '0001-01-01') and coalesce(valid_to, date '9999-12-31') and role_name is not null
    group by all
"""

# Lists cannot be put aside on disk while they grow, so articles are taken in parts.
_PART_MENTIONS = 2_000_000
_STORIES = """
    insert into stories
    with named as (
        select article_id, kind, actor_name as name from actor_mentions
        where kind in ('person', 'organization', 'group') and actor_name is not null and hash(article_id) % {parts} = {part}
        union
        select article_id, 'place', place_name from event_mentions where place_name is not null and hash(article_id) % {parts} = {part}
    )
    select
        article_id,
        list(name order by name) filter (kind = 'person') as people,
        list_sort(list(distinct name) filter (kind in ('organization', 'group'))) as organizations,
        list(name order by name) filter (kind = 'place') as locations,
    from named
    where article_id in (select article_id from first_reports)
    group by article_id
"""

# What is known of an event's first report, gathered a large table at a time.
_TOLD = (
    """
    create temp table words as
    select
        first_reports.event_id, first_reports.article_id,
        source_sectors, target_sectors, source_text, target_text, place_text,
    from event_mentions
    join first_reports using (mention_id)
    """,
    """
    create temp table sources as
    select words.*, publisher_name, published_at, language,
    from words
    left join (select article_id, publisher_id, published_at, language from articles) using (article_id)
    left join publishers using (publisher_id)
    """,
    "drop table words",
    """
    create temp table told as
    select sources.*, people, organizations, locations,
    from sources
    left join stories using (article_id)
    """,
    "drop table sources",
)
_ROWS = """
    events as rows
    left join told using (event_id)
    left join (select place_id, geonames_id from places) as place on place.place_id = rows.place_id
    left join titles as source_title on source_title.actor_id = source_actor_id and source_title.event_date = rows.event_date
    left join titles as target_title on target_title.actor_id = target_actor_id and target_title.event_date = rows.event_date
    left join country_codes as source_codes on source_codes.country = source_country
    left join country_codes as target_codes on target_codes.country = target_country
    where status = 'actual'
"""


def write_polecat(connection: duckdb.DuckDBPyConnection, folder: Path, raw: bool) -> Iterator[Resource]:
    """One file, rows in order of date and id."""
    create_first_reports(connection)
    create_country_codes(connection)
    connection.execute(_TITLES)
    _create_stories(connection)
    for statement in _TOLD:
        connection.execute(statement)
    header = "\t".join(EVENTS.column_names) + "\n"
    query = f"select '{FILE}' as file, rows.event_date as day, rows.event_id as id, {tsv_line(COLUMNS, raw)} as line from {_ROWS}"
    files = write_lines(connection, query, folder, (FILE, header), head=header)
    yield Resource(EVENTS.name, Form.tsv, EVENTS.grain, files, EVENTS)


def _create_stories(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("create temp table stories (article_id varchar, people varchar[], organizations varchar[], locations varchar[])")
    row = connection.execute("select count(*) from actor_mentions").fetchone()
    parts = 1 + (row[0] if row else 0) // _PART_MENTIONS
    for part in range(parts):
        connection.execute(_STORIES.format(parts=parts, part=part))
