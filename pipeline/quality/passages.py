"""Where failing rows come from: for a row with a known key its article and, where there is one, its sentence."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import duckdb

from pipeline.quality.checks import Check, Passage, Row
from pipeline.quality.display import shown

TABLES = frozenset({"event_mentions", "actor_mentions", "articles", "records"})
"""Read here: passages are looked up only where these are as declared."""

_MENTION = "event_id, mention_id, article_id, sentence_text, sentence_start"
_NO_MENTION = "null as event_id, null as mention_id, article_id, null as sentence_text, null as sentence_start"
# By the column that tells a row, the most telling first. An event is shown by its first report, a span of an actor by a mention around it.
_BY_KEY = {
    "mention_id": f"select mention_id as row_key, {_MENTION} from event_mentions",
    "actor_mention_id": """
        select actor_mention_id as row_key, event_id, mention_id, spans.article_id, sentence_text, sentence_start
        from (from actor_mentions where actor_mention_id in (select unnest($keys))) as spans left join event_mentions as around
            on around.article_id = spans.article_id and mention_start >= sentence_start and mention_start < sentence_end
    """,
    "event_id": f"select event_id as row_key, {_MENTION} from event_mentions",
    "article_id": f"select article_id as row_key, {_NO_MENTION} from articles",
    "record_id": f"select record_id as row_key, {_NO_MENTION} from records where article_id is not null",
}
_FIRST = """
    select distinct on (row_key) row_key, article_id, title, mention_id, event_id, sentence_text,
    from ({by_key}) left join articles using (article_id)
    where row_key in (select unnest($keys))
    order by row_key, published_at, article_id, sentence_start
"""


def with_passages(checks: Iterable[Check], warehouse: duckdb.DuckDBPyConnection) -> list[Check]:
    """Failed checks with the passages of their rows; one query a kind of key, however many checks failed."""
    checks = list(checks)
    rows = [row for check in checks for row in check.rows]
    found = {column: _passages(column, [row[column] for row in rows if _key(row) == column], warehouse) for column in _BY_KEY}
    return [_told(check, found) for check in checks]


def _told(check: Check, found: dict[str, dict[Any, Passage]]) -> Check:
    passages = tuple(found[column].get(row[column]) if (column := _key(row)) else None for row in check.rows)
    return replace(check, passages=passages if any(passages) else ())


def _key(row: Row) -> str | None:
    return next((column for column in _BY_KEY if isinstance(row.get(column), str)), None)


def _passages(column: str, keys: list[Any], warehouse: duckdb.DuckDBPyConnection) -> dict[Any, Passage]:
    if not keys:
        return {}
    answer = warehouse.execute(_FIRST.format(by_key=_BY_KEY[column]), {"keys": keys}).fetchall()
    return {
        key: Passage(article_id, _text(title), mention_id, event_id, _text(sentence_text))
        for key, article_id, title, mention_id, event_id, sentence_text in answer
    }


def _text(value: str | None) -> str | None:
    return None if value is None else str(shown(value))
