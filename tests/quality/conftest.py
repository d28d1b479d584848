"""Work files made from the contracts: small, coherent and healthy, for tests to break one thing at a time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.contracts import EVENT_TYPES, PUBLIC, QUAD_CLASSES, Column, Table

BATCH = "b0001"
SENTENCE = "On Wednesday Antony Blinken met Sergey Lavrov in Reykjavik."
_SPANS = {"source": "Antony Blinken", "target": "Sergey Lavrov", "trigger": "met", "date": "Wednesday", "place": "Reykjavik"}

# Article i: every tenth repeats the one before, every tenth holds no event, the others hold one; every twentieth record is refused.
_OUTCOME = "case when i % 10 = 9 then 'duplicate' when i % 10 = 7 then 'without_event' else 'coded' end"
_DAY = "timestamp '2021-05-01 09:30:00' + interval (i % 28) day"
_EVENT = "range({n}) as r(i) where i % 10 not in (7, 9)"
_TYPE = f"list_extract({list(EVENT_TYPES)}, 1 + (i % 16)::int)"

_ACTOR = {
    "source_actor_id": "'USA-1'", "source_name": "'Antony Blinken'", "source_country": "'USA'", "source_sector": "'GOV'",
    "target_actor_id": "'RUS-1'", "target_name": "'Sergey Lavrov'", "target_country": "'RUS'", "target_sector": "'GOV'",
}  # fmt: skip
_KIND = {
    "event_type": _TYPE, "quad_class": f"list_extract({list(QUAD_CLASSES)}, 1 + (i % 4)::int)", "cameo_code": "'042'",
    "status": "case when i % 6 = 0 then 'future' else 'actual' end", "event_date": f"({_DAY})::date",
    "event_date_end": f"({_DAY})::date", "date_precision": "'day'", "place_id": "'geonames:3413829'", "place_name": "'Reykjavik'",
    "place_precision": "'city'", "latitude": "64.1", "longitude": "-21.9", "confidence": "0.8", "coder_version": "'1'",
}  # fmt: skip
_ROWS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "articles": [(
        "range({n}) as r(i)",
        {
            "article_id": "printf('a%06d', i)", "publisher_id": "printf('p%d', i % 3)", "url": "printf('https://news.example/%d', i)",
            "title": "printf('Talks in Reykjavik, part %d', i)", "published_at": _DAY, "language": "'en'", "text": f"'{SENTENCE}'",
            "text_length": "700", "outcome": _OUTCOME, "event_count": f"case when ({_OUTCOME}) = 'coded' then 1 else 0 end",
            "duplicate_of": "case when i % 10 = 9 then printf('a%06d', i - 1) end",
        },
    )],
    "records": [
        ("range({n}) as r(i)", {
            "record_id": "printf('r%06d', i)", "batch_id": f"'{BATCH}'", "locator": "printf('%d.txt', i)", "published_at": _DAY,
            "publisher_name": "printf('Outlet %d', i % 3)", "article_id": "printf('a%06d', i)", "is_repeat": "false",
        }),
        ("range({n} // 20) as r(i)", {
            "record_id": "printf('x%06d', i)", "batch_id": f"'{BATCH}'", "locator": "printf('%d.bin', i)", "is_repeat": "false",
            "reject_id": "printf('j%06d', i)",
        }),
    ],
    "rejects": [("range({n} // 20) as r(i)", {
        "reject_id": "printf('j%06d', i)", "batch_id": f"'{BATCH}'", "locator": "printf('%d.bin', i)",
        "reason_code": "case when i % 2 = 0 then 'not-english' else 'no-text' end", "evidence": "'nothing but noise'",
    })],
    "events": [(_EVENT, {"event_id": "printf('e%06d', i)", **_KIND, **_ACTOR, "first_reported_at": _DAY, "publisher_count": "1"})],
    "event_mentions": [(_EVENT, {
        "mention_id": "printf('m%06d', i)", "event_id": "printf('e%06d', i)", "article_id": "printf('a%06d', i)", **_KIND, **_ACTOR,
        "sentence_text": f"'{SENTENCE}'", "sentence_start": "0", "sentence_end": str(len(SENTENCE)),
        **{f"{role}_text": f"'{words}'" for role, words in _SPANS.items()},
        **{f"{role}_start": str(SENTENCE.index(words)) for role, words in _SPANS.items()},
        **{f"{role}_end": str(SENTENCE.index(words) + len(words)) for role, words in _SPANS.items()},
    })],
    "actor_mentions": [(_EVENT, {
        "actor_mention_id": "printf('am%06d', i)", "article_id": "printf('a%06d', i)", "mention_text": "'Antony Blinken'",
        "mention_start": "13", "mention_end": "27", "mention_type": "'name'", "actor_id": "'USA-1'",
    })],
    "actors": [("(values ('USA-1', 'Antony Blinken'), ('RUS-1', 'Sergey Lavrov')) as r(i, name)", {
        "actor_role_id": "i", "actor_id": "i", "actor_name": "name", "kind": "'person'", "is_discovered": "false",
    })],
    "places": [("range(1) as r(i)", {
        "place_id": "'geonames:3413829'", "place_name": "'Reykjavik'", "place_precision": "'city'",
        "latitude": "64.1", "longitude": "-21.9",
    })],
    "event_types": [("range(16) as r(i)", {"event_type_id": _TYPE, "event_type": _TYPE})],
    "publishers": [("range(3) as r(i)", {"publisher_id": "printf('p%d', i)", "publisher_name": "printf('Outlet %d', i)"})],
    # All events of the file are of one dyad and one month; some are still to come, which no panel counts.
    "dyad_month": [("range(1) as r(i)", {
        "source_country": "'USA'", "target_country": "'RUS'", "month": "date '2021-05-01'", "covered_days": "20",
        "event_count": f"(select count(*) from {_EVENT} and i % 6 <> 0)", "mention_count": "4",
        **{f"{quad.replace(' ', '_')}_events": f"(select count(*) from {_EVENT} and i % 6 <> 0 and i % 4 = {number})"
           for number, quad in enumerate(QUAD_CLASSES)},
    })],
}  # fmt: skip
_COVERAGE = """
    insert into coverage
    select records.publisher_name, records.published_at::date, null, count(*), count(*), count(*) filter (outcome = 'coded'),
        count(*) filter (outcome = 'without_event'), count(*) filter (outcome = 'duplicate'), count(reject_id),
    from records left join articles using (article_id) group by 1, 2
"""


def _default(column: Column) -> str:
    if column.nullable:
        return "null"
    if column.allowed:
        return f"'{column.allowed[0]}'"
    plain = {"VARCHAR": "'x'", "VARCHAR[]": "[]", "DATE": "date '2021-05-19'", "TIMESTAMP": "timestamp '2021-05-19'", "BOOLEAN": "false"}
    return plain.get(column.type) or f"{max(column.minimum or 0, 0):g}"


def _fill(warehouse: duckdb.DuckDBPyConnection, table: Table, articles: int) -> None:
    warehouse.execute(f"create table {table.name} ({', '.join(f'{column.name} {column.type}' for column in table)})")
    for source, given in _ROWS.get(table.name, []):
        values = ", ".join(given.get(column.name, _default(column)) for column in table)
        warehouse.execute(f"insert into {table.name} select {values} from {source}".replace("{n}", str(articles)))


def build(path: Path, articles: int = 60) -> Path:
    """A healthy work file of one batch."""
    with duckdb.connect(str(path)) as warehouse:
        for table in PUBLIC:
            _fill(warehouse, table, articles)
        warehouse.execute(_COVERAGE)
    return path


@pytest.fixture(scope="session")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("healthy") / "warehouse.duckdb")


@pytest.fixture
def broken(healthy: Path, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """A copy of the healthy work file after some statements."""

    def execute(*statements: str) -> Path:
        path = tmp_path / "warehouse.duckdb"
        path.write_bytes(healthy.read_bytes())
        with duckdb.connect(str(path)) as warehouse:
            for statement in statements:
                warehouse.execute(statement)
        return path

    return execute
