"""Temporary tables that the formats of others join: each event's first report, and the codes used there for countries and groups.

*Bounded*: a statement joins two large tables at most, and groups keep numbers rather than texts, so that DuckDB can put aside on disk
what memory does not hold; of several large joins at once it holds all.
"""

import duckdb

from pipeline.partitions import quoted
from pipeline.resources import SEEDS

# The first report is that of the earliest article (unknown times last, then the smaller id), and in it the mention whose id has the
# smallest hash: any rule would do, as long as it does not depend on order. Both are packed into one number.
_FIRST_REPORTS = (
    """
    create temp table article_order as
    -- Before the window, which would carry whole texts otherwise.
    with leads as (
        select article_id, published_at, if(instr(text, chr(10)) > 0, instr(text, chr(10)), text_length) as lead_length,
        from articles
    )
    select article_id, lead_length, row_number() over (order by published_at nulls last, article_id) as article_rank,
    from leads
    """,
    """
    create temp table mention_order as
    select
        event_id, mention_id, article_id, (sentence_start < lead_length)::tinyint as is_in_lead,
        article_rank::hugeint * 18446744073709551616 + md5_number_lower(mention_id) as mention_rank,
    from event_mentions
    join article_order using (article_id)
    """,
    """
    create temp table firsts as
    select event_id, min(mention_rank) as mention_rank, max(is_in_lead) as is_in_lead,
    from mention_order
    group by event_id
    """,
    """
    create temp table first_reports as
    select event_id, mention_id, article_id, firsts.is_in_lead,
    from mention_order
    join firsts using (event_id, mention_rank)
    """,
    "drop table article_order",
    "drop table mention_order",
    "drop table firsts",
)


def create_first_reports(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table first_reports: event_id, mention_id and article_id of the first report, is_in_lead (1 where any report stands in
    the first paragraph of its article, null where no text is kept)."""
    for statement in _FIRST_REPORTS:
        connection.execute(statement)


def create_country_codes(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary tables country_codes (country, country_name, cow_code, fips_code, cameo_code) and cameo_groups (actor_id, cameo_code)."""
    connection.execute(f"""
        create temp table country_codes as
        select actor_id as country, names.name as country_name, names.cow_code, codes.fips_code, codes.cameo_code,
        from {_seed("actors/countries.csv")} as names
        left join {_seed("crosswalks/countries.csv")} as codes on codes.country = names.actor_id
    """)
    connection.execute(f"create temp table cameo_groups as select actor_id, cameo_code from {_seed('crosswalks/cameo_groups.csv')}")


def create_us_states(connection: duckdb.DuckDBPyConnection) -> None:
    """Temporary table us_states: the name of a state, and its two letters."""
    connection.execute(f"""
        create temp table us_states as
        select name as state_name, any_value(admin1_code) as state_code,
        from {_seed("places/admin1.csv")}
        where country = 'USA'
        group by name
    """)


def _seed(path: str) -> str:
    return f"read_csv({quoted(str(SEEDS / path))}, header = true, all_varchar = true, nullstr = '')"
