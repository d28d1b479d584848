"""One partition of articles into partitions of mentions."""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from upath import UPath

from pipeline.coder.records import Coded
from pipeline.coder.rows import Row, actor_mention_rows, coded_article_row, failed_article_row, mention_rows
from pipeline.coder.version import coder_version
from pipeline.config import Workspace
from pipeline.contracts import ACTOR_MENTIONS, ARTICLE_RECORDS, CODED_ARTICLES, CODED_MENTIONS
from pipeline.partitions import clear_unfinished, read_partition, write_partition

if TYPE_CHECKING:
    from pipeline.coder import Coder

_log = logging.getLogger(__name__)

Tell = Callable[[str, bool], None]
"""Told an article's id when it is taken in hand by itself (False), and when it is done (True)."""
_Article = tuple[str, str, datetime | None]


def coded_path(shard: str, workspace: Workspace) -> UPath:
    """The partition that is written last: where it is, the shard is coded."""
    return workspace.lake / CODED_ARTICLES.name / coder_version() / f"{shard}.parquet"


def is_coded(shard: str, workspace: Workspace) -> bool:
    return coded_path(shard, workspace).exists()


def failed_articles(shard: str, workspace: Workspace) -> int:
    """How many articles of a coded shard the coder failed on."""
    return read_partition(coded_path(shard, workspace), CODED_ARTICLES)["failure"].count()


def forget_failures(shards: Iterable[str], workspace: Workspace) -> list[str]:
    """Lets those shards be coded again that hold an article on which the coder failed, and gives them."""
    failed = [shard for shard in shards if is_coded(shard, workspace) and failed_articles(shard, workspace)]
    for shard in failed:
        coded_path(shard, workspace).rename(_put_aside(shard, workspace))
    return failed


def _put_aside(shard: str, workspace: Workspace) -> UPath:
    """Where that partition is while its shard is coded again."""
    return coded_path(shard, workspace).with_suffix(".again")


def code_shard(shard: str, workspace: Workspace, coder: "Coder", failures: Mapping[str, str], one_by_one: bool, tell: Tell) -> None:
    """Writes what the coder finds in a shard; an article whose text has expired keeps its last coding.

    failures: articles not to be coded, with the reason, by id.
    """
    articles = read_partition(workspace.lake / ARTICLE_RECORDS.name / f"{shard}.parquet", ARTICLE_RECORDS)
    version = coder_version()
    kept = _last_coding(shard, set(articles.filter(text="")["article_id"]), workspace)
    summaries, mentions, actors = (kept[table.name] for table in (CODED_ARTICLES, CODED_MENTIONS, ACTOR_MENTIONS))
    coded = {row["article_id"] for row in summaries}
    rows: list[_Article] = [row for row in articles.select("article_id", "text", "published_at").rows() if row[0] not in coded]
    summaries.extend(failed_article_row(article_id, failures[article_id], version) for article_id, _, _ in rows if article_id in failures)
    for (article_id, text, _), found in _coded(coder, [row for row in rows if row[0] not in failures], one_by_one, tell):
        if isinstance(found, str):
            summaries.append(failed_article_row(article_id, found, version))
            continue
        summaries.append(coded_article_row(article_id, found, version))
        mentions.extend(mention_rows(article_id, text, found, version))
        actors.extend(actor_mention_rows(article_id, found, version))
    for table, made in ((CODED_MENTIONS, mentions), (ACTOR_MENTIONS, actors), (CODED_ARTICLES, summaries)):  # the last one means: done
        path = workspace.lake / table.name / version / f"{shard}.parquet"
        clear_unfinished(path)
        write_partition(made, table, path)
    _put_aside(shard, workspace).unlink(missing_ok=True)


def _last_coding(shard: str, article_ids: set[str], workspace: Workspace) -> dict[str, list[Row]]:
    """By table, what was found in some articles before, as the coding that was written last tells it."""
    coded = [*(workspace.lake / CODED_ARTICLES.name).glob(f"*/{shard}.parquet")]
    before = [path for path in (*coded, _put_aside(shard, workspace)) if path != coded_path(shard, workspace) and path.exists()]
    if not article_ids or not before:
        return {table.name: [] for table in (CODED_ARTICLES, CODED_MENTIONS, ACTOR_MENTIONS)}
    last = max(before, key=lambda path: path.stat().st_mtime_ns)
    paths = {table: workspace.lake / table.name / last.parent.name / f"{shard}.parquet" for table in (CODED_MENTIONS, ACTOR_MENTIONS)}
    return {
        table.name: read_partition(path, table).filter(pl.col("article_id").is_in(article_ids)).to_dicts()
        for table, path in {CODED_ARTICLES: last, **paths}.items()
    }


def _coded(coder: "Coder", rows: list[_Article], one_by_one: bool, tell: Tell) -> Iterator[tuple[_Article, Coded | str]]:
    """Each article with what was found in it; where the coder fails, the failure in words, and all others as usual."""
    done = 0
    try:
        answers = coder.code_all((text, _day(published), ()) for _, text, published in ([] if one_by_one else rows))
        for row, found in zip(rows, answers, strict=False):
            yield row, found
            done += 1
            tell(row[0], True)
    except Exception as error:  # noqa: BLE001  one of those that follow is poison, of whatever kind: find it
        _log.warning("%s: %s; coding one by one", type(error).__name__, error)
    for row in rows[done:]:
        tell(row[0], False)
        yield row, _coded_alone(coder, row)
        tell(row[0], True)


def _coded_alone(coder: "Coder", row: _Article) -> Coded | str:
    try:
        return coder.code(row[1], _day(row[2]))
    except Exception as error:  # noqa: BLE001  set aside with its reason, so that it cannot stop the batch
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"[:500]


def _day(published: datetime | None) -> date | None:
    return published.date() if published else None
