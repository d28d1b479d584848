"""A warehouse of a few hand-made articles, mentions and records, with short names."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

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
    REJECTS,
    Table,
)
from pipeline.partitions import write_partition
from pipeline.warehouse import Reference, build_tables, load_batch

NOW = datetime(2021, 6, 1, 12)
VERSION = "test-1"

Row = dict[str, Any]

QUADS = {
    "CONSULT": ("verbal cooperation", 2.5, "040", 1.0),
    "AGREE": ("verbal cooperation", 2.5, "057", 8.0),
    "ACCUSE": ("verbal conflict", -3.0, "112", -2.0),
    "ASSAULT": ("material conflict", -9.0, "190", -10.0),
    "PROTEST": ("material conflict", -6.0, "141", -6.5),
    "SANCTION": ("material conflict", -5.0, "163", -8.0),
    "AID": ("material cooperation", 10.0, "070", 7.0),
    "COERCE": ("material conflict", -7.0, "170", -7.0),
}
PLACES = {
    "Reykjavik": ("geonames:3413829", "Capital Region", "ISL", "city"),
    "Iceland": ("geonames:2629691", None, "ISL", "country"),
    "Geneva": ("geonames:2660646", "Geneva", "CHE", "city"),
    "Canton of Geneva": ("geonames:2660645", "Geneva", "CHE", "admin1"),
    "Moscow": ("geonames:524901", "Moscow", "RUS", "city"),
    "Washington": ("geonames:4140963", "D.C.", "USA", "city"),
    "Kabul": ("geonames:1138958", "Kabul", "AFG", "city"),
    "Kandahar": ("geonames:1138336", "Kandahar", "AFG", "city"),
    "Kharkiv": ("geonames:706483", "Kharkiv", "UKR", "city"),
}
# actor: name, kind, country, sectors, parent
REFERENCE_ACTORS = {
    "USA": ("United States", "country", "USA", ["GOV"], None),
    "RUS": ("Russia", "country", "RUS", ["GOV"], None),
    "UKR": ("Ukraine", "country", "UKR", ["GOV"], None),
    "AFG": ("Afghanistan", "country", "AFG", ["GOV"], None),
    "COD": ("Congo", "country", "COD", ["GOV"], None),
    "blinken": ("Antony Blinken", "person", "USA", ["GOV"], None),
    "biden": ("Joe Biden", "person", "USA", ["GOV"], None),
    "lavrov": ("Sergei Lavrov", "person", "RUS", ["GOV"], None),
    "putin": ("Vladimir Putin", "person", "RUS", ["GOV"], None),
    "state-department": ("Department of State", "organization", "USA", ["GOV"], "USA"),
    "UN": ("United Nations", "organization", None, ["IGO"], None),
    "UNSC": ("Security Council", "organization", None, ["IGO"], "UN"),
    "M23": ("March 23 Movement", "group", "COD", ["REB"], None),
    "ADF": ("Allied Democratic Forces", "group", "COD", ["REB"], None),
    "taliban": ("Taliban", "group", "AFG", ["REB"], None),
}


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def span(on: str | None) -> tuple[date | None, date | None, str | None]:
    """'2021-05-19', '2021-05' or '2021': first and last day, precision."""
    if on is None:
        return None, None, None
    if len(on) == 10:
        return day(on), day(on), "day"
    if len(on) == 4:
        return date(int(on), 1, 1), date(int(on), 12, 31), "year"
    first = date.fromisoformat(f"{on}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1), "month"


def actor(name: str | None) -> tuple[str | None, str | None, str | None, list[str]]:
    """Actor id, name, country, sectors: a reference actor, 'role:COD:REB', or anything else as a discovered one."""
    if name is None:
        return None, None, None, []
    if name in REFERENCE_ACTORS:
        full_name, _, country, sectors, _ = REFERENCE_ACTORS[name]
        return name, full_name, country, sectors
    if name.startswith("role:"):
        _, country, sector = name.split(":")
        return name, f"{country} ({sector})", country or None, [sector]
    return f"discovered:{name}", name.title(), None, []


def m(
    source: str | None, kind: str, target: str | None, *, on: str | None = None, at: str | None = None, published: str | None = None,
    status: str = "actual", place_basis: str = "sentence", confidence: float = 0.8, contexts: Iterable[str] = (), **rest: Any,
) -> Row:  # fmt: skip
    """A mention: who, CONSULT or CONSULT-phone, whom; `on` a day, month or year; `published` alone assumes that day."""
    event_type, _, mode = kind.partition("-")
    quad, intensity, cameo, goldstein = QUADS[event_type]
    first, last, precision = span(on)
    if on is None and published is not None:
        first, last, precision = day(published), day(published), "assumed"
    row: Row = {
        "event_type": event_type, "mode": mode or None, "contexts": sorted(contexts), "quad_class": quad, "intensity": intensity,
        "cameo_code": cameo, "goldstein_score": goldstein, "status": status,
        "event_date": first, "event_date_end": last, "date_precision": precision, "date_basis": None if first is None else "clause",
        "sentence_text": "They did it.", "sentence_start": 0, "sentence_end": 12, "confidence": confidence, "made_by": "rule",
        "trigger_text": "did", "trigger_start": 5, "trigger_end": 8,
    }  # fmt: skip
    for role, name in (("source", source), ("target", target)):
        actor_id, full_name, country, sectors = actor(name)
        row |= {
            f"{role}_actor_id": actor_id, f"{role}_name": full_name, f"{role}_country": country,
            f"{role}_sector": sectors[0] if sectors else None, f"{role}_sectors": sectors, f"{role}_text": full_name,
        }  # fmt: skip
    if at is not None:
        place_id, admin1, country, place_precision = PLACES[at]
        row |= {
            "place_id": place_id, "place_name": at, "admin1": admin1, "place_country": country, "place_precision": place_precision,
            "place_basis": place_basis,
        }  # fmt: skip
    return row | rest


@dataclass
class Article:
    article_id: str
    mentions: list[Row] = field(default_factory=list)
    published: str | None = "2021-05-20"
    publisher: str | None = "Wire"
    duplicate_of: str | None = None
    title: str | None = None
    url: str | None = None
    updated: str | None = None

    @property
    def published_at(self) -> datetime | None:
        return datetime.fromisoformat(self.published) if self.published else None

    def record(self) -> Row:
        return {
            "article_id": self.article_id, "content_hash": self.article_id, "publisher_name": self.publisher, "title": self.title,
            "published_at": self.published_at, "published_basis": "metadata", "language": "en", "text": f"Text of {self.article_id}.",
            "text_length": 100, "canonical_url": self.url,
            "updated_at": datetime.fromisoformat(self.updated) if self.updated else None,
            "band_hashes": [], "signature": [],
        }  # fmt: skip

    def coded_mentions(self, version: str) -> list[Row]:
        rows = []
        for number, row in enumerate(self.mentions):
            natural = f"{self.article_id} {number}"
            mention_id = hashlib.sha256(natural.encode()).hexdigest()[:16]
            rows.append({"mention_id": mention_id, "article_id": self.article_id, "coder_version": version} | row)
        return rows

    def actor_mentions(self, version: str) -> list[Row]:
        named = [(f"{number} {role}", role, row) for number, row in enumerate(self.mentions) for role in ("source", "target")]
        return [
            {
                "actor_mention_id": f"{self.article_id} {position}", "article_id": self.article_id, "coder_version": version,
                "mention_text": row[f"{role}_name"], "mention_start": 0, "mention_end": 5, "mention_type": "name",
                "actor_id": row[f"{role}_actor_id"], "actor_name": row[f"{role}_name"], "kind": "person",
                "country": row[f"{role}_country"], "sectors": row[f"{role}_sectors"], "link_method": "alias", "link_score": 1.0,
            }
            for position, role, row in named if row[f"{role}_actor_id"]
        ]  # fmt: skip


def a(article_id: str, *mentions: Row, **rest: Any) -> Article:
    return Article(article_id, list(mentions), **rest)


def reference() -> Reference:
    actors = [
        {
            "actor_role_id": f"role of {actor_id}", "actor_id": actor_id, "actor_name": name, "kind": kind, "country": country,
            "sectors": sectors, "parent_actor_id": parent, "is_discovered": False,
        }
        for actor_id, (name, kind, country, sectors, parent) in REFERENCE_ACTORS.items()
    ]  # fmt: skip
    types = [
        {
            "event_type_id": name, "event_type": name, "quad_class": quad, "intensity": intensity, "cameo_code": cameo,
            "goldstein_score": goldstein, "definition": "What belongs here.",
        }
        for name, (quad, intensity, cameo, goldstein) in QUADS.items()
    ]  # fmt: skip
    return Reference(frame(actors, ACTORS), frame(types, EVENT_TYPE_TABLE))


def frame(rows: Iterable[Mapping[str, Any]], table: Table) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in table.column_names} for row in rows], schema=table.polars_schema)


def write(workspace: Workspace, table: Table, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
    write_partition(frame(rows, table), table, workspace.lake / table.name / f"{name}.parquet")


def write_batch(
    workspace: Workspace, batch_id: str, articles: Iterable[Article], *, version: str = VERSION, records: Iterable[Row] | None = None,
    rejects: Iterable[Row] = (), re_pointed: Mapping[str, str] | None = None,
) -> list[str]:  # fmt: skip
    """Writes the partitions of a batch: representatives in one shard, repeats beside it. Gives the shards."""
    articles = list(articles)
    told = [article for article in articles if article.duplicate_of is None]
    repeats = [article for article in articles if article.duplicate_of is not None]
    shard = f"{batch_id}-0"
    write(workspace, ARTICLE_RECORDS, shard, (article.record() for article in told))
    repeating = f"duplicates-{batch_id}-0"
    write(workspace, ARTICLE_RECORDS, repeating, (article.record() for article in repeats))
    pointers = {article.article_id: article.duplicate_of for article in repeats} | dict(re_pointed or {})
    write(
        workspace, DUPLICATES, batch_id, ({"article_id": one, "duplicate_of": other, "similarity": 0.9} for one, other in pointers.items())
    )
    write(workspace, RECORDS, batch_id, [*(record(article, batch_id) for article in articles), *(records or ())])
    write(workspace, REJECTS, batch_id, rejects)
    code(workspace, shard, told, version)
    return [shard, repeating]


def code(workspace: Workspace, shard: str, articles: Iterable[Article], version: str = VERSION) -> None:
    articles = list(articles)
    counts = (
        {"article_id": x.article_id, "coder_version": version, "sentence_count": 5, "event_count": len(x.mentions), "failure": None}
        for x in articles
    )
    write(workspace, CODED_ARTICLES, f"{version}/{shard}", counts)
    write(workspace, CODED_MENTIONS, f"{version}/{shard}", (row for article in articles for row in article.coded_mentions(version)))
    write(workspace, ACTOR_MENTIONS, f"{version}/{shard}", (row for article in articles for row in article.actor_mentions(version)))


def record(article: Article, batch_id: str, *, locator: str | None = None, number: int = 0, is_repeat: bool = False) -> Row:
    file = locator or f"{article.publisher or 'unknown'}/{article.article_id}.txt"
    return {
        "record_id": f"{file} {number}", "batch_id": batch_id, "locator": file, "record_number": number,
        "publisher_name": article.publisher, "published_at": article.published_at, "article_id": article.article_id, "is_repeat": is_repeat,
    }  # fmt: skip


def rejected(locator: str, batch_id: str, *, reason: str = "not_english", publisher: str | None = None) -> tuple[Row, Row]:
    """A refused record, and its reject."""
    shared = {"batch_id": batch_id, "locator": locator, "record_number": 0, "publisher_name": publisher}
    reject_id = f"{locator} {reason}"
    return (
        shared | {"record_id": f"{locator} 0", "reject_id": reject_id, "is_repeat": False},
        shared | {"reject_id": reject_id, "reason_code": reason, "evidence": "=cmd()|' /C calc'!A0"},
    )


@dataclass(frozen=True)
class Bench:
    """A warehouse under test."""

    workspace: Workspace

    def load(self, *articles: Article, batch_id: str = "b1", version: str = VERSION, **rest: Any) -> Any:
        shards = write_batch(self.workspace, batch_id, articles, version=version, **rest)
        return load_batch(batch_id, shards, self.workspace, reference(), version)

    def build(self, *articles: Article, **rest: Any) -> "Bench":
        self.load(*articles, **rest)
        build_tables(self.workspace)
        return self

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.workspace.work_file), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def column(self, sql: str) -> list[Any]:
        return [row[0] for row in self.rows(sql)]


def bench(folder: Path) -> Bench:
    return Bench(Workspace(folder / "warehouse.duckdb"))
