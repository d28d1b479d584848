"""GDELT 2.0: Events (61 columns) and Mentions (16), tab-separated, without header, a file a day.

Columns, their order and their meaning are those of the GDELT Event Codebook 2.0 and of CAMEO; docs/EXPORTS.md says what is put where.
Only actual events. What GDELT knows and we do not (tone, translation, where an actor was) is empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.contracts import QUAD_CLASSES, Table
from pipeline.errors import InputError
from pipeline.partitions import quoted
from pipeline.warehouse.exporting.declared import Form, Mapped, Resource, foreign_table, mapped
from pipeline.warehouse.exporting.lines import tsv_line, write_lines
from pipeline.warehouse.exporting.reports import create_country_codes, create_first_reports, create_us_states

# PLOVER sectors that CAMEO's list of types has too. Parties, religions and movements have no type there.
_TYPES = tuple("AGR BUS COP CRM CVL DEV EDU ELI ENV GOV HLH HRI IGO JUD LAB LEG MED MIL MNC NGO OPP REB REF SET SPY UAF".split())

# 63 bits: a positive integer wherever 64-bit integers are signed. Two of ten million events share one with a chance of 1 in 200,000.
_GLOBAL_ID = "(md5_number_lower(rows.event_id) & 9223372036854775807)::bigint"
_STAMP = "'%Y%m%d%H%M%S'"
# GDELT's own formula: every month has 30 days and the year 365.
_FRACTION = "printf('%.4f', year(event_date) + ((month(event_date) - 1) * 30 + day(event_date)) / 365)"
_QUAD = f"list_position([{', '.join(quoted(quad) for quad in QUAD_CLASSES)}], quad_class)"


def _actor(number: int, role: str) -> Iterator[Mapped]:
    who, actor = f"Actor{number}", f"actor {number}"
    # The country itself is RUS, its government RUSGOV; our country actors carry the sector of their government.
    sector = f"if({role}_sector in {_TYPES} and {role}_actor_id is distinct from {role}_country, {role}_sector, null)"
    country = f"coalesce({role}_codes.cameo_code, {role}_country)"
    group = f"{role}_group.cameo_code"
    yield mapped(
        f"{who}Code", "VARCHAR", f"nullif(concat({country}, {sector}, {group}), '')", f"CAMEO code of {actor}: country, type, group"
    )
    yield mapped(f"{who}Name", "VARCHAR", f"upper({role}_name)", f"Name of {actor}, in capitals")
    yield mapped(f"{who}CountryCode", "VARCHAR", country, f"CAMEO country of {actor}")
    yield mapped(f"{who}KnownGroupCode", "VARCHAR", group, f"CAMEO known group of {actor}")
    for empty in ("EthnicCode", "Religion1Code", "Religion2Code"):
        yield _empty(f"{who}{empty}", "VARCHAR")
    yield mapped(f"{who}Type1Code", "VARCHAR", sector, f"CAMEO type of {actor}")
    yield _empty(f"{who}Type2Code", "VARCHAR")
    yield _empty(f"{who}Type3Code", "VARCHAR")


def _empty(name: str, kind: str) -> Mapped:
    return mapped(name, kind, "null", "Not known to us; empty")


def _no_geography(number: int) -> Iterator[Mapped]:
    for name, kind in _GEOGRAPHY:
        yield _empty(f"Actor{number}Geo_{name}", kind)


_GEOGRAPHY = (
    ("Type", "INTEGER"), ("FullName", "VARCHAR"), ("CountryCode", "VARCHAR"), ("ADM1Code", "VARCHAR"), ("ADM2Code", "VARCHAR"),
    ("Lat", "DOUBLE"), ("Long", "DOUBLE"), ("FeatureID", "VARCHAR"),
)  # fmt: skip

# A county is no landmark: it is put with the divisions, so that no place looks finer than it is.
_GEO_TYPE = """
    case
        when place_country is null then null
        when place_precision in ('country', 'region') then 1
        when place_precision in ('admin1', 'admin2') then if(place_country = 'USA', 2, 5)
        when place_precision in ('city', 'site') then if(place_country = 'USA', 3, 4)
    end
"""
_ADM1 = (
    "case when place_precision in ('country', 'region') then place_codes.fips_code when place_country = 'USA' then 'US' || state_code end"
)
_ACTION_GEOGRAPHY = (
    mapped("ActionGeo_Type", "INTEGER", _GEO_TYPE, "1 country, 2 US state, 3 US city, 4 city, 5 division", minimum=1, maximum=5),
    mapped(
        "ActionGeo_FullName", "VARCHAR",
        "nullif(concat_ws(', ', place_name, nullif(admin1, place_name), nullif(place_codes.country_name, place_name)), '')",
        "Place, first-level division, country",
    ),
    mapped("ActionGeo_CountryCode", "VARCHAR", "place_codes.fips_code", "FIPS 10-4 country of the place"),
    mapped("ActionGeo_ADM1Code", "VARCHAR", _ADM1, "FIPS country alone for a country; US and the letters of the state; else empty"),
    _empty("ActionGeo_ADM2Code", "VARCHAR"),
    mapped("ActionGeo_Lat", "DOUBLE", "latitude", "Latitude of the place", minimum=-90, maximum=90),
    mapped("ActionGeo_Long", "DOUBLE", "longitude", "Longitude of the place", minimum=-180, maximum=180),
    mapped(
        "ActionGeo_FeatureID", "VARCHAR",
        f"if(place_precision in ('country', 'region', 'admin1'), {_ADM1}, null)",
        "Code of the country or US state; empty for cities, whose GNS and GNIS numbers we do not have",
    ),
)  # fmt: skip

EVENT_COLUMNS = (
    mapped("GLOBALEVENTID", "BIGINT", _GLOBAL_ID, "Integer of 63 bits from the MD5 of event_id: stable", nullable=False, minimum=0),
    mapped("SQLDATE", "INTEGER", "strftime(event_date, '%Y%m%d')", "First day of the event, YYYYMMDD"),
    mapped("MonthYear", "INTEGER", "strftime(event_date, '%Y%m')", "Its month, YYYYMM"),
    mapped("Year", "INTEGER", "year(event_date)", "Its year"),
    mapped("FractionDate", "DOUBLE", _FRACTION, "Year and the part of it gone by, by GDELT's formula"),
    *_actor(1, "source"),
    *_actor(2, "target"),
    mapped("IsRootEvent", "INTEGER", "is_in_lead", "1 where some report stands in its article's first paragraph", minimum=0, maximum=1),
    mapped("EventCode", "VARCHAR", "rows.cameo_code", "CAMEO code; a string: 042 keeps its zero", nullable=False),
    mapped("EventBaseCode", "VARCHAR", "left(rows.cameo_code, 3)", "Its first three digits", nullable=False),
    mapped("EventRootCode", "VARCHAR", "left(rows.cameo_code, 2)", "Its first two digits", nullable=False),
    mapped(
        "QuadClass", "INTEGER", _QUAD,
        "1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict", nullable=False, minimum=1, maximum=4,
    ),
    mapped("GoldsteinScale", "DOUBLE", "goldstein_score", "Goldstein score of the code", minimum=-10, maximum=10),
    mapped("NumMentions", "INTEGER", "mention_count", "Sentences that report the event", minimum=1),
    mapped("NumSources", "INTEGER", "nullif(publisher_count, 0)", "Outlets that report it; empty where none is named", minimum=1),
    mapped("NumArticles", "INTEGER", "article_count", "Articles that report it", minimum=1),
    _empty("AvgTone", "DOUBLE"),
    *_no_geography(1),
    *_no_geography(2),
    *_ACTION_GEOGRAPHY,
    mapped("DATEADDED", "BIGINT", f"strftime(added_at, {_STAMP})", "First report, YYYYMMDDHHMMSS; the release where its time is unknown"),
    mapped("SOURCEURL", "VARCHAR", "citation", "URL, or citation, of the first report"),
)  # fmt: skip

MENTION_COLUMNS = (
    mapped("GLOBALEVENTID", "BIGINT", _GLOBAL_ID, "The event; as in Events", nullable=False, minimum=0),
    mapped("EventTimeDate", "BIGINT", f"strftime(added_at, {_STAMP})", "DATEADDED of the event"),
    mapped("MentionTimeDate", "BIGINT", f"strftime(told_at, {_STAMP})", "Publication; the release, where its time is unknown"),
    mapped("MentionType", "INTEGER", "if(is_web, 1, 2)", "1 a web address, 2 a citation", nullable=False, minimum=1, maximum=2),
    mapped("MentionSourceName", "VARCHAR", "publisher_name", "Outlet"),
    mapped("MentionIdentifier", "VARCHAR", "citation", "Web address, or outlet, title and day", nullable=False),
    _empty("SentenceID", "INTEGER"),
    mapped("Actor1CharOffset", "INTEGER", "source_start", "First character of the source in the text, from 0", minimum=0),
    mapped("Actor2CharOffset", "INTEGER", "target_start", "First character of the target", minimum=0),
    mapped("ActionCharOffset", "INTEGER", "trigger_start", "First character of the words that tell the event", minimum=0),
    mapped("InRawText", "INTEGER", "1", "1: every event is read from the text as it stands", nullable=False),
    mapped("Confidence", "INTEGER", "round(confidence * 100)::integer", "How certain the coder is, per cent", minimum=0, maximum=100),
    mapped("MentionDocLen", "INTEGER", "text_length", "Characters of the text", minimum=0),
    _empty("MentionDocTone", "DOUBLE"),
    _empty("MentionDocTranslationInfo", "VARCHAR"),
    _empty("Extras", "VARCHAR"),
)  # fmt: skip

EVENTS = foreign_table("gdelt_events", "an actual event", ("GLOBALEVENTID",), EVENT_COLUMNS)
# GDELT has no key here: one article may tell an event in several sentences.
MENTIONS = foreign_table("gdelt_mentions", "a sentence that reports an actual event", (), MENTION_COLUMNS)

# Two large tables a statement: see reports.py.
_TOLD = (
    """
    create temp table sources as
    select
        article_id, url, published_at, text_length, publisher_name,
        coalesce(regexp_matches(url, '^(?i)https?://'), false) as is_web,
        coalesce(url, nullif(concat_ws(', ', publisher_name, title, published_at::date), ''), article_id) as citation,
    from articles
    left join publishers using (publisher_id)
    """,
    """
    create temp table told_events as
    select event_id, is_in_lead, citation,
    from first_reports
    join sources using (article_id)
    """,
    """
    create temp table told_mentions as
    select
        mention_id, event_id, article_id, source_start, target_start, trigger_start, mentions.confidence, first_reported_at,
    from event_mentions as mentions
    join (select event_id, first_reported_at from events where status = 'actual') using (event_id)
    """,
)
_EVENT_ROWS = """
    (
        select events.*, is_in_lead, citation, coalesce(first_reported_at, {release}) as added_at,
        from events
        left join told_events using (event_id)
        where status = 'actual'
    ) as rows
    left join country_codes as source_codes on source_codes.country = source_country
    left join country_codes as target_codes on target_codes.country = target_country
    left join country_codes as place_codes on place_codes.country = place_country
    left join cameo_groups as source_group on source_group.actor_id = source_actor_id
    left join cameo_groups as target_group on target_group.actor_id = target_actor_id
    left join us_states on place_country = 'USA' and state_name = admin1
"""
_MENTION_ROWS = """
    (
        select
            told_mentions.*, url, citation, is_web, publisher_name, text_length,
            coalesce(first_reported_at, {release}) as added_at, coalesce(published_at, {release}) as told_at,
        from told_mentions
        join sources using (article_id)
    ) as rows
"""


def write_gdelt(connection: duckdb.DuckDBPyConnection, folder: Path, raw: bool) -> Iterator[Resource]:
    """A file a day of first report for events, a file a day of publication for mentions."""
    create_first_reports(connection)
    create_country_codes(connection)
    create_us_states(connection)
    released = _released_at(connection)
    for statement in _TOLD:
        connection.execute(statement)
    for files in (
        _Files("export", EVENTS, EVENT_COLUMNS, _EVENT_ROWS, "added_at", "event_id"),
        _Files("mentions", MENTIONS, MENTION_COLUMNS, _MENTION_ROWS, "told_at", "mention_id"),
    ):
        yield _write(connection, folder, files, released, raw)


@dataclass(frozen=True)
class _Files:
    """How one of the two tables is spread over files."""

    kind: str  # the middle of GDELT's file names
    table: Table
    columns: tuple[Mapped, ...]
    rows: str  # what the columns are taken from
    at: str  # the time that puts a row into its file
    key: str


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, files: _Files, released: datetime, raw: bool) -> Resource:
    suffix = f"000000.{files.kind}.CSV"
    rows = files.rows.format(release=f"timestamp '{released}'")
    query = (
        f"select strftime({files.at}, '%Y%m%d') || '{suffix}' as file, null as day, rows.{files.key} as id, "
        f"{tsv_line(files.columns, raw)} as line from {rows}"
    )
    written = write_lines(connection, query, folder, (f"{released:%Y%m%d}{suffix}", ""))
    return Resource(files.table.name, Form.tsv, files.table.grain, written, files.table, has_header=False, pattern=f"*.{files.kind}.CSV")


def _released_at(connection: duckdb.DuckDBPyConnection) -> datetime:
    row = connection.execute("select max(published_at) from releases").fetchone()
    if row is None or row[0] is None:
        raise InputError("the published file tells no release; publish it again")
    return row[0]  # type: ignore[no-any-return]
