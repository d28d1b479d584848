"""A lake of any size, as ingest and coder would have written it: for measuring what the warehouse costs.

What decides the cost is kept as it is in news: a few dyads have most of the events (Zipf's law over countries), a few events most of the
reports; half of the clauses name a day, a third are undated, some say 'in May' or 'in 2018', some look back; one article in ten repeats
another. Texts are made up. Everything is drawn from hashes of row numbers: the same size gives the same lake.
"""

from datetime import date, timedelta
from pathlib import Path

import duckdb

from pipeline.codebook.actors import load_actor_book
from pipeline.codebook.ontology import load_ontology
from pipeline.config import Workspace
from pipeline.contracts import (
    ACTOR_MENTIONS,
    ACTORS,
    ARTICLE_RECORDS,
    CODED_ARTICLES,
    CODED_MENTIONS,
    DUPLICATES,
    EVENT_TYPE_TABLE,
    RECORDS,
    Table,
)
from pipeline.partitions import quoted
from pipeline.warehouse import Reference

VERSION = "generated"
MENTIONS_AN_ARTICLE = 5
FIRST_DAY, DAYS = date(2014, 1, 1), 3652
_SHARD = 500_000  # mentions

_WORDS = (
    "minister talks border army village president said after troops sanctions market court police protest capital north south river "
    "officials statement city road group leader fire attack aid ship gas pipeline vote party region bank school crowd week month"
)
_MACROS = f"""
create macro u(n, k) as (hash(n, k) % 1000003) / 1000003.0; -- the k-th number of n, evenly between 0 and 1
create macro zipf(x, count) as least(count - 1, floor(pow(count, x) - 1))::integer; -- of count ranks, the first ones most often
create macro words(n, count) as array_to_string(
    list_transform(range(count), lambda i: string_split('{_WORDS}', ' ')[1 + (hash(n, i) % 38)::integer]), ' ');
create macro id(kind, n) as substr(md5(kind || n), 1, 16);
"""

# A latent event has its day, kind, parties and place; a mention has how it is told and dated.
_LATENT = f"""
create or replace temp table told as
with mentions as (
    select
        n,
        n // {MENTIONS_AN_ARTICLE} as article,
        $first_day + floor(u(article, 1) * $days)::integer as published,
        published - if(u(n, 2) < 0.08, floor(u(n, 3) * 900)::integer, (hash(n, 4) % 3)::integer) as day,
        hash(day, if(u(n, 5) < 0.3, zipf(u(n, 6), 200), 200 + floor(u(n, 6) * $events_a_day)::integer)) as event,
        u(n, 7) as dated,
    from range($first, $first + $count) as rows(n)
),
events as (
    select *, zipf(u(event, 1), (select count(*) from kinds)) as kind, zipf(u(event, 2), 200) as source,
        if(u(event, 3) < 0.25, source, zipf(u(event, 4), 200)) as target,
        (hash(event, 5) % 60)::integer as source_person, (hash(event, 6) % 60)::integer as target_person,
        if(u(event, 7) < 0.6, target * 1000 + zipf(u(event, 8), 60), null) as place,
    from mentions
)
select events.*, date '1970-01-01' + published as publication, date '1970-01-01' + day as happened,
from events
"""
_OF_KIND = ("event_type", "mode", "quad_class", "intensity", "cameo_code", "goldstein_score")
_MENTION = {
    "mention_id": "id('m', n)", "article_id": "id('a', article)",
    "contexts": "if(u(event, 9) < 0.5, ['military'], []::varchar[])",
    **{name: f"kinds.{name}" for name in _OF_KIND},
    "status": "case when u(n, 10) < 0.88 then 'actual' when u(n, 10) < 0.94 then 'future' else 'historical' end",
    "event_date": "case when dated < 0.45 then happened when dated < 0.8 then publication "
    "when dated < 0.88 then date_trunc('month', happened) when dated < 0.92 then date_trunc('year', happened) end",
    "event_date_end": "case when dated < 0.45 then happened when dated < 0.8 then publication when dated < 0.88 then last_day(happened) "
    "when dated < 0.92 then last_day(date_trunc('year', happened)::date + interval 11 month) end",
    "date_precision": "case when dated < 0.45 then 'day' when dated < 0.8 then 'assumed' when dated < 0.88 then 'month' "
    "when dated < 0.92 then 'year' end",
    "date_basis": "if(dated < 0.92, 'clause', null)",
    **{
        f"{role}_{field}": expression
        for role in ("source", "target")
        for field, expression in {
            "actor_id": f"{role}s.actor_id", "name": f"{role}s.actor_name", "country": f"{role}s.country", "sector": "'GOV'",
            "sectors": "['GOV']", "text": f"{role}s.actor_name", "start": "0", "end": "10",
        }.items()
    },
    "trigger_text": "'attacked'", "trigger_start": "40", "trigger_end": "48",
    "place_id": "'dragoman:town ' || place", "place_name": "'Town ' || place", "admin1": "if(place is null, null, 'Region ' || place % 9)",
    "place_country": "if(place is null, null, targets.country)", "latitude": "(place * 37 % 1200) / 10 - 50",
    "longitude": "(place * 91 % 3500) / 10 - 175", "place_precision": "if(place is null, null, 'city')",
    "place_basis": "if(place is null, null, 'sentence')",
    "sentence_text": "sources.actor_name || ' ' || words(n, 14) || ' ' || targets.actor_name || ' ' || n % 1000",
    "sentence_start": f"n % {MENTIONS_AN_ARTICLE} * 110", "sentence_end": f"n % {MENTIONS_AN_ARTICLE} * 110 + 100",
    **dict.fromkeys(("killed", "killed_low", "killed_high"), "if(kinds.event_type = 'ASSAULT', hash(event) % 40, null)"),
    "confidence": "round(0.3 + u(n, 11) * 0.6, 2)", "made_by": "'rule:attack.verb'", "coder_version": f"'{VERSION}'",
}  # fmt: skip
_MENTIONS_FROM = (
    "from told join kinds on kinds.rank = kind "
    "join people as sources on sources.country_rank = source and sources.rank = source_person "
    "join people as targets on targets.country_rank = target and targets.rank = target_person"
)
_ARTICLE = {
    "article_id": "id('a', n)", "content_hash": "md5('text' || n)", "publisher_name": "'Outlet ' || zipf(u(n, 21), 120)",
    "url": "'https://news.example/' || n", "title": "words(n, 7)", "published_basis": "'metadata'", "language": "'en'",
    "published_at": "(date '1970-01-01' + $first_day + floor(u(n, 1) * $days)::integer)::timestamp + interval (n % 86400) second",
    "canonical_url": "'news.example/' || n", "text_length": "500", "text": "words(n, 90)", "band_hashes": "[]", "signature": "[]",
}  # fmt: skip
_RECORD = {
    "record_id": "id('r', n)", "batch_id": "$batch", "locator": "'feed/' || n // 5000 || '.jsonl'", "record_number": "n % 5000",
    "is_repeat": "false",
    "publisher_name": _ARTICLE["publisher_name"], "published_at": _ARTICLE["published_at"], "article_id": "id('a', n)",
}  # fmt: skip
_CODED = {
    "article_id": "id('a', n)", "coder_version": f"'{VERSION}'", "sentence_count": "12", "event_count": str(MENTIONS_AN_ARTICLE),
}  # fmt: skip
_NAMED = {
    "actor_mention_id": "id('n', n)", "article_id": "id('a', article)", "mention_text": "sources.actor_name", "mention_start": "0",
    "mention_end": "10", "mention_type": "'name'", "actor_id": "sources.actor_id", "actor_name": "sources.actor_name",
    "kind": "sources.kind", "country": "sources.country", "sectors": "['GOV']", "link_method": "'alias'", "link_score": "1.0",
    "coder_version": f"'{VERSION}'",
}  # fmt: skip


def reference() -> Reference:
    return Reference(actors=load_actor_book().table(), event_types=load_ontology().table())


def write_lake(workspace: Workspace, batch: str, first: int, count: int, first_day: date = FIRST_DAY, days: int = DAYS) -> list[str]:
    """Writes a batch of so many mentions, numbered from first, published within so many days. Gives its shards."""
    with duckdb.connect(config={"memory_limit": "2GB", "preserve_insertion_order": False}) as connection:
        _prepare(connection)
        epoch = (first_day - date(1970, 1, 1)).days
        shards = []
        for start in range(first, first + count, _SHARD):
            name = f"{batch}-{start}"
            size = min(_SHARD, first + count - start)
            drawn = {"first": start, "count": size, "first_day": epoch, "days": days, "events_a_day": max(1, count // days // 2)}
            connection.execute(_LATENT, drawn)
            articles = f"from range({start // MENTIONS_AN_ARTICLE}, {(start + size) // MENTIONS_AN_ARTICLE}) as rows(n)"
            lake = workspace.lake
            _write(connection, CODED_MENTIONS, _MENTION, _MENTIONS_FROM, lake / CODED_MENTIONS.name / VERSION / f"{name}.parquet")
            _write(connection, ACTOR_MENTIONS, _NAMED, _MENTIONS_FROM, lake / ACTOR_MENTIONS.name / VERSION / f"{name}.parquet")
            _write(connection, CODED_ARTICLES, _CODED, articles, lake / CODED_ARTICLES.name / VERSION / f"{name}.parquet")
            known = {"$first_day": str(epoch), "$days": str(days), "$batch": quoted(batch)}
            _write(connection, ARTICLE_RECORDS, _ARTICLE, articles, lake / ARTICLE_RECORDS.name / f"{name}.parquet", known)
            shards.append(name)
        articles = f"from range({first // MENTIONS_AN_ARTICLE}, {(first + count) // MENTIONS_AN_ARTICLE}) as rows(n)"
        _write(connection, RECORDS, _RECORD, articles, lake / RECORDS.name / f"{batch}.parquet", known)
        pairs = {"article_id": "id('a', n)", "duplicate_of": "id('a', n - 1)", "similarity": "0.9"}
        _write(connection, DUPLICATES, pairs, f"{articles} where n % 10 = 7", lake / DUPLICATES.name / f"{batch}.parquet", known)
    return shards


def day_after(number: int) -> date:
    return FIRST_DAY + timedelta(days=DAYS + number)


def _prepare(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(_MACROS)
    seeds = reference()
    connection.register("actors", seeds.actors.select(ACTORS.column_names).to_arrow())
    connection.register("types", seeds.event_types.select(EVENT_TYPE_TABLE.column_names).to_arrow())
    connection.execute(
        "create temp table kinds as select *, (row_number() over (order by hash(event_type_id)) - 1)::integer as rank from types"
    )
    # Of sixty names of a country, forty are the country itself, as in news; the others are its people.
    connection.execute(
        """
        create temp table people as
        with countries as (
            select *, (row_number() over (order by hash(actor_id)) - 1)::integer as country_rank
            from actors where kind = 'country' qualify country_rank < 200
        ),
        named as (
            select distinct on (country, actor_id) actor_id, actor_name, kind, country
            from actors where kind = 'person' and country is not null order by country, actor_id, actor_role_id
        ),
        ranked as (
            select *, (row_number() over (partition by country order by actor_id))::integer as number from named qualify number <= 20
        )
        select country_rank, r as rank, coalesce(ranked.actor_id, countries.actor_id) as actor_id,
            coalesce(ranked.actor_name, countries.actor_name) as actor_name, coalesce(ranked.kind, 'country') as kind, countries.country
        from countries cross join range(60) as ranks(r)
        left join ranked on ranked.country = countries.country and ranked.number = r + 1
        """
    )


def _write(
    connection: duckdb.DuckDBPyConnection,
    table: Table,
    values: dict[str, str],
    source: str,
    path: Path,
    known: dict[str, str] | None = None,
) -> None:
    """A partition with the columns as declared; those without a value are null."""
    columns = ", ".join(f"({values.get(column.name, 'null')})::{column.type} as {column.name}" for column in table)
    for name, value in (known or {}).items():
        columns = columns.replace(name, value)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.execute(f"copy (select {columns} {source}) to {quoted(str(path))} (format parquet)")
