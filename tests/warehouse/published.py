"""A published file of given rows, without the builds before it: what is not given takes the plainest value that its column allows."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.config import Workspace
from pipeline.contracts import PUBLIC, Column
from pipeline.warehouse.tables import ddl

PUBLISHED_AT = datetime(2021, 6, 1, 12)
_PLAIN = {
    "VARCHAR": "x", "DATE": date(2021, 5, 19), "TIMESTAMP": PUBLISHED_AT, "INTEGER": 1, "BIGINT": 1, "DOUBLE": 0.5, "BOOLEAN": False,
}  # fmt: skip

Row = dict[str, Any]


def plain(column: Column) -> Any:
    if column.nullable:
        return None
    if column.type.endswith("[]"):
        return []
    return column.allowed[0] if column.allowed else _PLAIN[column.type]


def publish_rows(folder: Path, rows: Mapping[str, list[Row]], release_number: int = 1) -> Workspace:
    """rows: table -> rows, each with some of its columns. A release is always there."""
    workspace = Workspace(folder / "warehouse.duckdb")
    folder.mkdir(parents=True, exist_ok=True)
    workspace.warehouse.unlink(missing_ok=True)
    release = {"release_id": f"release {release_number}", "release_number": release_number, "published_at": PUBLISHED_AT}
    with duckdb.connect(str(workspace.warehouse)) as connection:
        for table in PUBLIC:
            connection.execute(ddl(table, table.name))
            for row in {"releases": [release], **rows}.get(table.name, []):
                assert set(row) <= set(table.column_names), f"{table.name} has no {set(row) - set(table.column_names)}"
                values = [row.get(column.name, plain(column)) for column in table]
                connection.execute(f"insert into {table.name} values ({', '.join('?' for _ in values)})", values)
    return workspace


def event(event_id: str = "e1", **rest: Any) -> Row:
    """Blinken met Lavrov in Reykjavik on 19 May 2021."""
    return {
        "event_id": event_id, "event_date": date(2021, 5, 19), "event_date_end": date(2021, 5, 19), "date_precision": "day",
        "event_type": "CONSULT", "mode": "meet", "contexts": ["diplomatic", "environment"], "quad_class": "verbal cooperation",
        "intensity": 2.5, "cameo_code": "042", "goldstein_score": 1.9, "status": "actual",
        "source_actor_id": "blinken", "source_name": "Antony Blinken", "source_country": "USA", "source_sector": "GOV",
        "target_actor_id": "lavrov", "target_name": "Sergei Lavrov", "target_country": "RUS", "target_sector": "GOV",
        "place_id": "geonames:3413829", "place_name": "Reykjavik", "admin1": "Capital Region", "place_country": "ISL",
        "latitude": 64.13548, "longitude": -21.89541, "place_precision": "city",
        "mention_count": 2, "article_count": 1, "publisher_count": 1, "first_reported_at": datetime(2021, 5, 20, 6, 30), "confidence": 0.9,
    } | rest  # fmt: skip


def mention(mention_id: str = "m1", event_id: str = "e1", article_id: str = "a1", **rest: Any) -> Row:
    kept = {key: value for key, value in event(event_id).items() if not key.endswith("_count") and key != "first_reported_at"}
    return kept | {
        "mention_id": mention_id, "article_id": article_id, "source_sectors": ["GOV"], "target_sectors": ["GOV", "ELI"],
        "source_text": "Mr Blinken", "source_start": 40, "source_end": 50, "target_text": "Mr Lavrov", "target_start": 55, "target_end": 64,
        "trigger_text": "met", "trigger_start": 51, "trigger_end": 54, "place_text": "the Icelandic capital", "sentence_start": 40,
        "sentence_end": 90, "confidence": 0.87,
    } | rest  # fmt: skip


def article(article_id: str = "a1", **rest: Any) -> Row:
    text = "A first paragraph, of some length, stands here. Mr Blinken met Mr Lavrov.\n\nA second one."
    return {
        "article_id": article_id, "url": f"https://wire.example.org/{article_id}", "publisher_id": "p1", "title": "They met",
        "published_at": datetime(2021, 5, 20, 6, 30), "language": "en", "text": text, "text_length": len(text), "outcome": "coded",
    } | rest  # fmt: skip


def actor(actor_id: str, name: str, **rest: Any) -> Row:
    return {"actor_role_id": f"{actor_id} {rest.get('role_name', '')}", "actor_id": actor_id, "actor_name": name, "kind": "person"} | rest


def sample(folder: Path, release_number: int = 1, **more: list[Row]) -> Workspace:
    """One event in two sentences of one article, with all that it refers to; more: further rows by table."""
    rows: dict[str, list[Row]] = {
        "events": [event()],
        "event_mentions": [mention(), mention("m2", sentence_start=80, source_start=None, source_end=None)],
        "articles": [article()],
        "publishers": [{"publisher_id": "p1", "publisher_name": "Wire"}],
        "places": [{"place_id": "geonames:3413829", "place_name": "Reykjavik", "geonames_id": 3413829, "place_precision": "city"}],
        "actors": [
            actor("blinken", "Antony Blinken", country="USA", role_name="Secretary of State", valid_from=date(2021, 1, 26)),
            actor("lavrov", "Sergei Lavrov", country="RUS", role_name="Foreign Minister", valid_from=date(2004, 3, 9)),
        ],
        "actor_mentions": [
            {"actor_mention_id": "x1", "article_id": "a1", "actor_id": "blinken", "actor_name": "Antony Blinken", "kind": "person"},
            {"actor_mention_id": "x2", "article_id": "a1", "actor_id": "lavrov", "actor_name": "Sergei Lavrov", "kind": "person"},
            {"actor_mention_id": "x3", "article_id": "a1", "actor_name": "Arctic Council", "kind": "organization"},
        ],
    }  # fmt: skip
    return publish_rows(folder, rows | {table: rows.get(table, []) + added for table, added in more.items()}, release_number)
