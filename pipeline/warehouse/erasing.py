"""What was forgotten taken out of the work file: rows as loaded, and the events that readers could still see as they were.

*All at once*: one transaction. The build that follows makes all tables anew that were made from those rows.
"""

from collections.abc import Iterator
from itertools import product

import duckdb
import polars as pl

from pipeline.articles.tombstones import OF_CODING, Frames, Tombstones, scrubbed_articles, scrubbed_coding, without_names
from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLE_RECORDS, RECORDS, REJECTS, Table
from pipeline.warehouse.connection import transaction, writer
from pipeline.warehouse.load import create_raw, load_tombstones
from pipeline.warehouse.release import create_history

_ARTICLES_AT_ONCE = 20_000
_EVENTS = ("main.events", "main.event_versions", "renewed.superseded", "renewed.former_events")
_OF_ACTORS = """
select columns.schema_name || '.' || table_name from duckdb_columns() as columns join duckdb_tables() using (table_oid, table_name)
where columns.schema_name in ('renewed', 'staging') and column_name = 'actor_id'
"""
_ALIKE = """
with recursive
    edges as (
        select article_id as held, replaced_by as by_id from articles where replaced_by is not null
        union all select article_id, duplicate_of from articles where duplicate_of is not null
        union all select duplicate_of, article_id from articles where duplicate_of is not null
    ),
    alike as (
        select article_id from articles where article_id in (select unnest($1))
        union
        select held from edges join alike on alike.article_id = by_id
    )
select article_id from alike order by article_id
"""


def articles_alike(article_ids: list[str], workspace: Workspace, settings: Settings) -> list[str]:
    """Those of the articles that are stored, all that tell the same text, and all that any of them replaced."""
    with writer(workspace, settings) as connection:
        return [row[0] for row in connection.execute(_ALIKE, [article_ids]).fetchall()]


def erase(forgotten: Tombstones, workspace: Workspace, settings: Settings) -> list[str]:
    """Takes what was forgotten out of the work file, for the build that follows; gives the files that had brought it.

    WarehouseLocked where another process writes.
    """
    with writer(workspace, settings) as connection, transaction(connection):
        create_raw(connection)
        create_history(connection)
        _erase_events(connection, forgotten)
        sources = set[str]()
        for articles, coding in _articles(connection):
            clean = scrubbed_coding(coding, forgotten) | {ARTICLE_RECORDS: scrubbed_articles(articles, forgotten)}
            for table, held in {**coding, ARTICLE_RECORDS: articles}.items():
                gone = _replace(connection, table, held, clean[table])
                sources |= _locators(connection, gone["article_id"])
        for table in (RECORDS, REJECTS):
            held = connection.execute(f"from raw.{table.name}").pl()
            _replace(connection, table, held, without_names(table, held, forgotten))
        load_tombstones(connection, workspace)
        return sorted(sources)


def _locators(connection: duckdb.DuckDBPyConnection, article_ids: pl.Series) -> set[str]:
    found = connection.execute("select locator from raw.records where article_id in (select unnest($1))", [article_ids.to_list()])
    return {locator for (locator,) in found.fetchall()}


def erase_notes(forgotten: Tombstones, workspace: Workspace, settings: Settings) -> None:
    """Takes persons out of what builds note about actors, and of what changed since older releases; for after a publication afresh."""
    with writer(workspace, settings) as connection:
        for (table,) in connection.execute(_OF_ACTORS).fetchall():
            for actor_id in _naming(connection, table, "actor_id", forgotten):
                connection.execute(f"delete from {table} where actor_id = $1", [actor_id])


def _erase_events(connection: duckdb.DuckDBPyConnection, forgotten: Tombstones) -> None:
    """Names in events that readers see, or could see as they were; all names where no article is left that reports the event."""
    tables = connection.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    held = [name for name in _EVENTS if (name,) in tables]
    if "main.events" in held:
        connection.execute(
            "create or replace temp table lost as select event_id from event_mentions group by event_id "
            "having bool_and(article_id in (select unnest($1)))",
            [sorted(forgotten.articles)],
        )
    for name, role in product(held, ("source", "target")):
        nameless = f"update {name} set {role}_actor_id = null, {role}_name = null where"
        for column in (f"{role}_actor_id", f"{role}_name"):
            for value in _naming(connection, name, column, forgotten):
                connection.execute(f"{nameless} {column} = $1", [value])
        if "main.events" in held:
            connection.execute(f"{nameless} event_id in (select event_id from lost)")


def _naming(connection: duckdb.DuckDBPyConnection, table: str, column: str, forgotten: Tombstones) -> list[str]:
    values = connection.execute(f"select distinct {column} from {table} where {column} is not null").fetchall()
    return [value for (value,) in values if forgotten.names(value)]


def _articles(connection: duckdb.DuckDBPyConnection) -> Iterator[tuple[pl.DataFrame, Frames]]:
    """Articles and their coding, of so many at once as memory allows."""
    ids = [row[0] for row in connection.execute("select article_id from raw.article_records order by article_id").fetchall()]
    for start in range(0, len(ids), _ARTICLES_AT_ONCE):
        chosen = ids[start : start + _ARTICLES_AT_ONCE]
        articles, mentions, actors = (
            connection.execute(f"from raw.{table.name} where article_id between $1 and $2", [chosen[0], chosen[-1]]).pl()
            for table in (ARTICLE_RECORDS, *OF_CODING)
        )
        yield articles, dict(zip(OF_CODING, (mentions, actors), strict=True))


def _replace(connection: duckdb.DuckDBPyConnection, table: Table, held: pl.DataFrame, clean: pl.DataFrame) -> pl.DataFrame:
    """Puts the rows that changed in the place of those that were held, notes them as touched, and gives the latter."""
    gone, come = (
        held.join(clean, on=held.columns, how="anti", nulls_equal=True),
        clean.join(held, on=held.columns, how="anti", nulls_equal=True),
    )
    connection.register("gone", gone.to_arrow())
    connection.register("come", come.to_arrow())
    connection.execute(f"delete from raw.{table.name} where {table.key[0]} in (select {table.key[0]} from gone)")
    connection.execute(f"insert into raw.{table.name} by name from come")
    kind = "record" if table is RECORDS else "article"
    if table is not REJECTS:
        connection.execute(f"insert into raw.touched_{kind}s select distinct {kind}_id from gone")
    if table is ARTICLE_RECORDS:
        connection.execute("insert into raw.expired select article_id from come where text = '' and article_id not in (from raw.expired)")
    connection.unregister("gone")
    connection.unregister("come")
    return gone
