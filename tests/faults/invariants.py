"""What holds of every published warehouse, whatever it lived through: each invariant is a query that finds nothing.

INVARIANTS  over the tables of a published file
SINCE       over these and, in schema `before`, the tables of the file that was published before it
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import ACTOR_MONTH, COUNTRY_MONTH, DYAD_MONTH, EVENT_TYPES, EVENTS, PUBLIC, QUAD_CLASSES, Table


def broken(warehouse: Path, before: Path | None = None) -> dict[str, list[Any]]:
    """The invariants that do not hold, by name, with some rows that break them."""
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse}' as published (read_only); use published")
        asked = INVARIANTS
        if before:
            connection.execute(f"attach '{before}' as before (read_only)")
            asked = asked | SINCE
        found = {name: connection.execute(sql).fetchmany(5) for name, sql in asked.items()}
    return {name: rows for name, rows in found.items() if rows}


def _differ(one: str, other: str) -> str:
    """Rows that only one of two queries gives."""
    return f"(({one}) except all ({other})) union all (({other}) except all ({one}))"


def _declared(table: Table) -> Iterator[tuple[str, str]]:
    keys = ", ".join(table.key)
    yield f"{table.name}: a key is there once", f"select {keys} from {table.name} group by all having count(*) > 1"
    faults = [f"{column.name} is null" for column in table if not column.nullable]
    faults += [f"{column.name} not in {column.allowed}" for column in table if column.allowed]
    faults += [f"{column.name} < {column.minimum}" for column in table if column.minimum is not None]
    faults += [f"{column.name} > {column.maximum}" for column in table if column.maximum is not None]
    yield f"{table.name}: values are as declared", f"from {table.name} where {' or '.join(faults)}"
    for column in (column for column in table if column.refers):
        other, key = column.refers.split(".")
        yield (
            f"{table.name}: {column.name} is found in {column.refers}",
            f"select {column.name} from {table.name} where {column.name} is not null except select {key} from {other}",
        )


_RECORDS = {
    "records: each gave an article or was refused": "from records where (article_id is null) = (reject_id is null)",
    "records: their articles are there": """
        select article_id from records where article_id is not null except select article_id from articles
    """,
    "records: of those of an article all but one are repeats": """
        select article_id from articles left join records using (article_id)
        group by article_id having count(*) filter (not is_repeat) <> 1
    """,
    "rejects: each is a record, or an article that was taken back": _differ(
        "select reject_id from rejects",
        """
        select reject_id from records where reject_id is not null
        union all
        select if(coder_version is null, 'retracted-', 'coder-') || record_id
        from records join articles using (article_id) where outcome = 'rejected' and not is_repeat
        """,
    ),
    "coverage: in = coded + without event + duplicate + rejected": (
        "from coverage where records_in <> coded + without_event + duplicate + rejected"
    ),
    "coverage: counts every record under what became of it": _differ(
        "select publisher_name, published_date, coded, without_event, duplicate, rejected from coverage",
        """
        select
            records.publisher_name, records.published_at::date, count(*) filter (became = 'coded'),
            count(*) filter (became = 'without_event'), count(*) filter (became = 'duplicate'), count(*) filter (became = 'rejected'),
        from (select *, if(is_repeat, 'duplicate', coalesce(outcome, 'rejected')) as became
              from records left join (select article_id, outcome from articles) using (article_id)) as records
        group by all
        """,
    ),
}

_ARTICLES = {
    "articles: none is lost on the coder": "from rejects where reason_code = 'coder_failed'",
    "articles: a duplicate repeats another or was replaced": (
        "from articles where (outcome = 'duplicate') <> (coalesce(duplicate_of, replaced_by) is not null)"
    ),
    "articles: those with events are coded": "from articles where (outcome = 'coded') <> (event_count > 0)",
    "articles: their mentions are counted": _differ(
        "select article_id, event_count from articles where event_count > 0",
        "select article_id, count(*) from event_mentions group by all",
    ),
    "articles: what one repeats speaks for itself": """
        from articles join articles as first on first.article_id = articles.duplicate_of
        where first.outcome = 'duplicate' or (first.outcome = 'rejected' and first.coder_version is null)
    """,
    "articles: the earliest report stands for those that repeat it": """
        from articles join articles as first on first.article_id = articles.duplicate_of
        where (coalesce(first.published_at, 'infinity'), first.article_id)
            > (coalesce(articles.published_at, 'infinity'), articles.article_id)
    """,
    "articles: a last version replaces, and no teaser does": """
        from articles join articles as last on last.article_id = articles.replaced_by
        where last.replaced_by is not null or last.text_length * 2 < articles.text_length
    """,
    "publishers: their articles are counted": _differ(
        "select publisher_id, article_count, first_published_at, last_published_at from publishers",
        """
        select publisher_id, count(*), min(published_at), max(published_at) from articles where publisher_id is not null group by all
        """,
    ),
}


def _words(table: str, role: str, words: str) -> tuple[str, str]:
    sql = f"""
        from {table} join articles using (article_id)
        where text is not null and substr(text, {role}_start + 1, {role}_end - {role}_start) is distinct from {words}
    """
    return f"{table}: {words} stands in the text where it is said to", sql


_MENTIONS = {
    "event_mentions: only articles that speak for themselves have any": """
        from event_mentions left join articles using (article_id) where outcome is distinct from 'coded'
    """,
    "actor_mentions: only articles that speak for themselves have any": """
        from actor_mentions left join articles using (article_id) where coalesce(outcome, '') not in ('coded', 'without_event')
    """,
    **dict(_words("event_mentions", role, f"{role}_text") for role in ("source", "target", "trigger", "date", "place", "sentence")),
    **dict([_words("actor_mentions", "mention", "mention_text")]),
    "event_mentions: the trigger stands in its sentence": """
        from event_mentions
        where substr(sentence_text, trigger_start - sentence_start + 1, trigger_end - trigger_start) is distinct from trigger_text
    """,
}

_TOLD_TOGETHER = {
    "event_type": ("event_type", "mode", "quad_class", "intensity", "cameo_code", "goldstein_score"),
    "event_date": ("event_date", "event_date_end", "date_precision"),
    "source_name": ("source_actor_id", "source_name", "source_country", "source_sector"),
    "target_name": ("target_actor_id", "target_name", "target_country", "target_sector"),
    "place_id": ("place_id", "place_name", "admin1", "place_country", "latitude", "longitude", "place_precision"),
}

_EVENTS = {
    "events: their mentions are counted": _differ(
        "select event_id, mention_count from events", "select event_id, count(*) from event_mentions group by all"
    ),
    "events: their reports are counted, reprints too": _differ(
        "select event_id, article_count, publisher_count, first_reported_at from events",
        """
        select event_id, count(*), count(distinct publisher_id), min(published_at)
        from articles join (select distinct event_id, article_id from event_mentions) as told
            on told.article_id = coalesce(duplicate_of, articles.article_id)
        group by all
        """,
    ),
    **{
        f"events: some mention tells {' '.join(columns)}": (
            f"select event_id, {', '.join(columns)} from events where {first} is not null "
            f"except select event_id, {', '.join(columns)} from event_mentions"
        )
        for first, columns in _TOLD_TOGETHER.items()
    },
    "events: what may happen is no report of what happened": """
        from events join event_mentions as mentions using (event_id)
        where mentions.event_type <> events.event_type
            or if(mentions.status = 'historical', 'actual', mentions.status) <> if(events.status = 'historical', 'actual', events.status)
    """,
    "places: those that mentions name": _differ(
        "select place_id from places", "select distinct place_id from event_mentions where place_id is not null"
    ),
    "actors: a discovered one is named somewhere": """
        select actor_id from actors where is_discovered
        except select actor_id from actor_mentions
        except select source_actor_id from event_mentions
        except select target_actor_id from event_mentions
    """,
}

_MONTHS = """
    days as (select distinct published_date as day from coverage where coded + without_event + duplicate > 0 and day is not null),
    spine as (select unnest(generate_series(date_trunc('month', min(day)), max(day), interval 1 month))::date as month from days),
    months as (
        select month, count(day) as covered_days from spine left join days on date_trunc('month', day) = month group by month
    )
"""
_COUNTED = """
    date_trunc('month', event_date)::date as month, event_type, quad_class, mention_count, intensity, goldstein_score
    from events where status = 'actual' and date_trunc('month', event_date) = date_trunc('month', event_date_end)
"""


def _panel(table: Table, is_whole: bool, *readings: str) -> tuple[str, str]:
    """readings: the values of the panel's keys for an event. is_whole: subjects are followed through all months, not from first to last."""
    keys = ", ".join(key for key in table.key if key != "month")
    kinds = {name.replace(" ", "_"): f"quad_class = '{name}'" for name in QUAD_CLASSES}
    kinds |= {name.lower(): f"event_type = '{name}'" for name in EVENT_TYPES}
    counts = {"event_count": "count(*)", "mention_count": "sum(mention_count)"}
    for name, condition in kinds.items():
        counts[f"{name}_events"] = f"count(*) filter ({condition})"
        counts[f"{name}_mentions"] = f"sum(mention_count) filter ({condition})"
    counts |= {"intensity_sum": "round(sum(intensity), 2)", "goldstein_sum": "round(sum(goldstein_score), 2)"}
    counted = " union all ".join(f"select {reading}, {_COUNTED}" for reading in readings)
    held = ", ".join(f"round({name}, 2)" if name.endswith("_sum") else name for name in counts)
    expected = ", ".join(f"if(covered_days > 0, coalesce({name}, 0), null)" for name in counts)
    known = " and ".join(f"{key} is not null" for key in keys.split(", "))
    within = "true" if is_whole else "month between first_month and last_month"
    sql = f"""
        with {_MONTHS},
        counted as (select * from ({counted}) semi join months using (month) where {known}),
        subjects as (select {keys}, min(month) as first_month, max(month) as last_month from counted group by all),
        counts as (select {keys}, month, {", ".join(f"{sql} as {name}" for name, sql in counts.items())} from counted group by all),
        expected as (
            select {keys}, month, covered_days, {expected}
            from subjects cross join months left join counts using ({keys}, month) where {within}
        )
        {_differ("from expected", f"select {keys}, month, covered_days, {held} from {table.name}")}
    """
    return f"{table.name}: sums of events, 0 where covered, null where not", sql


_PANELS = dict(
    [
        _panel(DYAD_MONTH, True, "source_country, target_country"),
        _panel(COUNTRY_MONTH, True, "source_country as country, 'source' as reading", "target_country, 'target'", "place_country, 'place'"),
        _panel(ACTOR_MONTH, False, "source_actor_id as actor_id, 'source' as reading", "target_actor_id, 'target'"),
    ]
)

_CONTENT = ", ".join(column.name for column in EVENTS if not column.is_of_release)
_PACKED = ", ".join(f"{name}: {name}" for name in _CONTENT.split(", "))
_VERSIONS = "versions as (select * from events union all by name select * from event_versions)"

_HISTORY = {
    "releases: numbered without gaps": (
        "select release_number from releases qualify release_number <> row_number() over (order by release_number)"
    ),
    "releases: one after the other": (
        "select release_number from releases qualify published_at < lag(published_at) over (order by release_number)"
    ),
    "releases: the last one counts what is there": """
        select articles_count, events_count, event_mentions_count, rejects_count
        from releases where release_number = (select max(release_number) from releases)
        except select (select count(*) from articles), (select count(*) from events), (select count(*) from event_mentions),
            (select count(*) from rejects)
    """,
    "events: none has ended": "from events where valid_to_release is not null",
    "event_versions: an event has one version at a time": f"""
        with {_VERSIONS}
        select event_id, valid_from_release, valid_to_release from versions
        qualify valid_from_release < lag(coalesce(valid_to_release, 1e9), 1, 0) over (partition by event_id order by valid_from_release)
            or valid_to_release <= valid_from_release
    """,
    "changes: as the versions of events tell them": f"""
        with {_VERSIONS},
        told as (
            select
                release_id, event_id,
                case when begins is null then 'withdrawn' when ends is null then 'added' else 'changed' end as change,
            from (select event_id, valid_from_release as release_number, true as begins from versions)
            full join (select event_id, valid_to_release as release_number, true as ends from event_versions)
                using (event_id, release_number)
            left join releases using (release_number)
        )
        {_differ("from told", "select release_id, event_id, change from changes")}
    """,
    "changes: each hash is that of the event as the release had it": f"""
        with {_VERSIONS},
        hashed as (
            select event_id, valid_from_release as release_number, md5({{{_PACKED}}}::varchar) as content_hash from versions
        )
        {
        _differ(
            "select release_id, event_id, content_hash from hashed join releases using (release_number)",
            "select release_id, event_id, content_hash from changes where change <> 'withdrawn'",
        )
    }
    """,
    "changes: a changed event is not as it was": f"""
        select {_CONTENT}, valid_to_release from event_versions
        intersect select {_CONTENT}, valid_from_release from (from events union all by name from event_versions)
    """,
}

INVARIANTS: dict[str, str] = {
    **dict(each for table in PUBLIC for each in _declared(table)),
    **_RECORDS,
    **_ARTICLES,
    **_MENTIONS,
    **_EVENTS,
    **_PANELS,
    **_HISTORY,
}

SINCE: dict[str, str] = {
    **{
        f"{table}: nothing of it goes": f"from before.{table} except all from {table}"
        for table in ("releases", "changes", "event_versions")
    },
    "records: none is forgotten": "select record_id from before.records except select record_id from records",
    "articles: none is forgotten, and each keeps its text or loses it": """
        select article_id from before.articles as former left join articles as now using (article_id)
        where now.content_hash is distinct from former.content_hash or now.text is not null and now.text is distinct from former.text
    """,
    "events: what was published stands, or stands among the versions": """
        select * exclude (valid_to_release) from before.events
        except select * exclude (valid_to_release) from (from events union all by name from event_versions)
    """,
    "events: what a release before is said to have held was published in it": """
        select * exclude (valid_to_release) from events
        where valid_from_release <= (select max(release_number) from before.releases)
        except select * exclude (valid_to_release) from before.events
    """,
}
