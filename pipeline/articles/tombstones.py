"""What was forgotten on request, and what is taken out of rows for it.

*Nothing readable is kept*: a tombstone holds the id of an article, or the hash of the words of a person's name.
*An article* leaves its record with an id and an outlet, and nothing that was written or read. *A person* leaves no cell that names them:
an article that does loses its text, and of a sentence about them stays who else did what, without its words.
*Later ones too*: what comes in afterwards is scrubbed before it is loaded.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import unquote

import polars as pl
from upath import UPath

from pipeline.articles.ledger import Ingested, article_path
from pipeline.config import Workspace
from pipeline.contracts import (
    ACTOR_MENTIONS,
    ARTICLE_RECORDS,
    CODED_ARTICLES,
    CODED_MENTIONS,
    FILES,
    FORGOTTEN,
    MAGNITUDES,
    RECORDS,
    REJECTS,
    Table,
)
from pipeline.partitions import read_partition, write_partition

Frames = dict[Table, pl.DataFrame]
"""Rows of the coding of some articles, by table."""

OF_CODING = (CODED_MENTIONS, ACTOR_MENTIONS)
_LEFT_OF_AN_ARTICLE = {"article_id", "publisher_name", "published_at", "published_basis", "language"}
_WORDS_OF_A_MENTION = [
    "status_cue",
    *(f"{role}_{part}" for role in ("source", "target", "trigger", "date", "place") for part in ("text", "start", "end")),
    *(f"{name}_text" for name in MAGNITUDES),
]
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Tombstones:
    """All that was forgotten so far, as rows of FORGOTTEN."""

    rows: pl.DataFrame

    def __bool__(self) -> bool:
        return not self.rows.is_empty()

    @cached_property
    def articles(self) -> frozenset[str]:
        return frozenset(self.rows.filter(kind="article")["forgotten_id"])

    @cached_property
    def _names(self) -> dict[int, frozenset[str]]:
        """Hashes by the number of words."""
        persons = self.rows.filter(kind="person").select("word_count", "forgotten_id")
        return {count: frozenset(persons.filter(word_count=count)["forgotten_id"]) for count in set(persons["word_count"])}

    def names(self, text: str | None) -> bool:
        """Whether a text names a person who was forgotten."""
        said = words(text) if text and self._names else []
        return any(
            name_hash(said[start : start + count]) in hashes
            for count, hashes in self._names.items()
            for start in range(len(said) - count + 1)
        )


def words(text: str) -> list[str]:
    """Words as names are compared by: without case, accents and punctuation, and read as people do where an address has them encoded."""
    plain = unicodedata.normalize("NFKD", unquote(text).casefold())
    return _WORD.findall("".join(letter for letter in plain if not unicodedata.combining(letter)))


def name_hash(name: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(name).encode()).hexdigest()


def tombstones(workspace: Workspace) -> Tombstones:
    held = sorted(_folder(workspace).glob("*.parquet"))
    return Tombstones(pl.concat([pl.DataFrame(schema=FORGOTTEN.polars_schema), *(read_partition(path, FORGOTTEN) for path in held)]))


def bury(rows: pl.DataFrame, workspace: Workspace) -> None:
    """Adds tombstones; one that stands already keeps its reason and its date."""
    for row in rows.join(tombstones(workspace).rows, on="forgotten_id", how="anti").iter_rows(named=True):
        write_partition([row], FORGOTTEN, _folder(workspace) / f"{row['forgotten_id']}.parquet")


def tombstone(forgotten_id: str, word_count: int | None, reason: str, now: datetime) -> dict[str, object]:
    """A row of FORGOTTEN. word_count: of a person's name; None for an article."""
    kind = "person" if word_count else "article"
    return dict(zip(FORGOTTEN.column_names, (forgotten_id, kind, word_count, reason, now.replace(tzinfo=None)), strict=True))


def scrub_lake(batch: Ingested, forgotten: Tombstones, workspace: Workspace) -> None:
    """Takes what was forgotten out of the partitions of a batch; each may be done, or not, when this is cut off."""
    for shard in sorted({*batch.stored, *batch.shards}):
        _scrub_shard(shard, forgotten, workspace)
    for table in (RECORDS, REJECTS, FILES):
        path = workspace.lake / table.name / f"{batch.batch_id}.parquet"
        if path.exists():
            held = read_partition(path, table)
            _write_changed(table, held, without_names(table, held, forgotten), path)


def scrubbed_articles(articles: pl.DataFrame, forgotten: Tombstones) -> pl.DataFrame:
    """Rows of ARTICLE_RECORDS without what was forgotten."""
    return _emptied(without_names(ARTICLE_RECORDS, articles, forgotten), forgotten)


def scrubbed_coding(coding: Frames, forgotten: Tombstones) -> Frames:
    """CODED_MENTIONS and ACTOR_MENTIONS of the same articles without what was forgotten."""
    about = _about(coding[ACTOR_MENTIONS], forgotten)
    found = {
        CODED_MENTIONS: _silenced(coding[CODED_MENTIONS], about, forgotten),
        ACTOR_MENTIONS: coding[ACTOR_MENTIONS].join(about, on="actor_mention_id", how="anti"),
    }
    return {table: frame.filter(~pl.col("article_id").is_in(forgotten.articles)) for table, frame in found.items()}


def _scrub_shard(shard: str, forgotten: Tombstones, workspace: Workspace) -> None:
    for coded in (workspace.lake / CODED_ARTICLES.name).glob(f"*/{shard}.parquet"):
        paths = {table: workspace.lake / table.name / coded.parent.name / coded.name for table in OF_CODING}
        coding = {table: read_partition(path, table) for table, path in paths.items()}
        for table, clean in scrubbed_coding(coding, forgotten).items():
            _write_changed(table, coding[table], clean, paths[table])
    path = article_path(workspace, shard)
    articles = read_partition(path, ARTICLE_RECORDS)
    _write_changed(ARTICLE_RECORDS, articles, scrubbed_articles(articles, forgotten), path)


def _write_changed(table: Table, held: pl.DataFrame, clean: pl.DataFrame, path: UPath) -> None:
    if not clean.equals(held):
        write_partition(clean, table, path)


def without_names(table: Table, frame: pl.DataFrame, forgotten: Tombstones) -> pl.DataFrame:
    """Cells that name someone are null, or empty where null may not stand."""
    texts = [column for column in table if column.type == "VARCHAR" and column.name in frame.columns]
    return frame.with_columns(
        pl.when(_naming(column.name, forgotten)).then(None if column.nullable else pl.lit("")).otherwise(column.name).alias(column.name)
        for column in texts
    )


def _naming(column: str, forgotten: Tombstones) -> pl.Expr:
    return pl.col(column).map_elements(forgotten.names, return_dtype=pl.Boolean, skip_nulls=False)


def _emptied(articles: pl.DataFrame, forgotten: Tombstones) -> pl.DataFrame:
    """Of forgotten articles only what counts them is left."""
    is_forgotten = pl.col("article_id").is_in(forgotten.articles)
    left = {
        "text": pl.lit(""), "text_length": pl.lit(0), "content_hash": pl.lit(hashlib.sha256(b"").hexdigest()),
        "band_hashes": pl.lit([], pl.List(pl.UInt64)), "signature": pl.lit([], pl.List(pl.UInt64)),
    }  # fmt: skip
    gone = [name for name in articles.columns if name not in _LEFT_OF_AN_ARTICLE]
    return articles.with_columns(
        pl.when(is_forgotten).then(left.get(name, pl.lit(None))).otherwise(name).cast(articles.schema[name]).alias(name) for name in gone
    )


def _about(actors: pl.DataFrame, forgotten: Tombstones) -> pl.DataFrame:
    """The spans that refer to a person who was forgotten: by name, or by whatever else was linked to it."""
    is_meant = pl.any_horizontal(_naming(column, forgotten) for column in ("actor_id", "actor_name", "mention_text"))
    return actors.filter(is_meant).select("actor_mention_id", "article_id", "mention_start")


def _silenced(mentions: pl.DataFrame, about: pl.DataFrame, forgotten: Tombstones) -> pl.DataFrame:
    """Mentions without the names, and sentences about those who bore them without any words."""
    clean = mentions
    for role in ("source", "target"):
        is_meant = _naming(f"{role}_actor_id", forgotten) | _naming(f"{role}_name", forgotten)
        parts = [f"{role}_{part}" for part in ("actor_id", "name", "text", "start", "end")]
        clean = clean.with_columns(pl.when(~is_meant).then(part).alias(part) for part in parts)
    clean = without_names(CODED_MENTIONS, clean, forgotten)
    told = mentions.join(about, on="article_id").filter(pl.col("mention_start").is_between("sentence_start", "sentence_end"))
    texts = [column.name for column in CODED_MENTIONS if column.type == "VARCHAR"]
    changed = mentions.filter(pl.any_horizontal(mentions[name].ne_missing(clean[name]) for name in texts))
    is_about = pl.col("mention_id").is_in(pl.concat([told["mention_id"], changed["mention_id"]]).implode())
    return clean.with_columns(
        pl.when(is_about).then(pl.lit("")).otherwise("sentence_text").alias("sentence_text"),
        *(pl.when(~is_about).then(name).alias(name) for name in _WORDS_OF_A_MENTION),
    )


def _folder(workspace: Workspace) -> UPath:
    return workspace.lake / FORGOTTEN.name
