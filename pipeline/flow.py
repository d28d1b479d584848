"""The spine: ingest, code, load, validate, publish. A step is one function here, one Airflow task and one line of progress.

Between the steps travel only what was ingested and names; the data lie in Parquet partitions of the workspace. Each step may be
run again after it was cut off: it writes the same files, or finds them and leaves them. The last three stand in audit.py.
"""

import multiprocessing
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from pipeline.articles import Ingested, ingest_articles
from pipeline.audit import publish, read_validation, report, validate
from pipeline.codebook.actors import load_actor_book
from pipeline.codebook.ontology import load_ontology
from pipeline.coder.coder import Coder, Dyad, coder_version
from pipeline.coder.records import Coded
from pipeline.coder.rows import Row, actor_mention_rows, coded_article_row, failed_article_row, mention_rows
from pipeline.config import Settings, Workspace
from pipeline.contracts import ACTOR_MENTIONS, ARTICLE_RECORDS, CODED_ARTICLES, CODED_MENTIONS
from pipeline.errors import ValidationFailed
from pipeline.partitions import read_partition, write_partition
from pipeline.warehouse import Reference, Release, build_tables, load_batch

if TYPE_CHECKING:
    from pipeline.quality import Validation

__all__ = ["Run", "code", "code_all", "ingest", "load", "publish", "read_validation", "report", "run", "validate"]


@dataclass(frozen=True)
class Run:
    """What a run did."""

    batch: Ingested
    failed_articles: int
    """Articles on which the coder failed: among the rejects, like refused files."""
    release: Release
    validation: "Validation"
    report: Path
    step_seconds: dict[str, float]


def ingest(inboxes: Sequence[str], workspace: Workspace, settings: Settings) -> Ingested:
    """Reads article files into partitions of articles, records, rejects and duplicates."""
    return ingest_articles(inboxes, workspace, settings)


def code(shard: str, workspace: Workspace) -> int:
    """Codes one partition of articles into partitions of mentions, and gives how many articles failed; a coded one is kept."""
    if _is_coded(shard, workspace):
        return _failed(shard, workspace)
    coder, coded_by = _coder(), coder_version()
    articles = read_partition(workspace.lake / ARTICLE_RECORDS.name / f"{shard}.parquet", ARTICLE_RECORDS)
    summaries: list[Row] = []
    mentions: list[Row] = []
    actors: list[Row] = []
    for article_id, text, found in _coded(coder, articles.select("article_id", "text", "published_at").rows()):
        if isinstance(found, str):
            summaries.append(failed_article_row(article_id, found, coded_by))
            continue
        summaries.append(coded_article_row(article_id, found, coded_by))
        mentions.extend(mention_rows(article_id, text, found, coded_by))
        actors.extend(actor_mention_rows(article_id, found, coded_by))
    for table, made in ((CODED_MENTIONS, mentions), (ACTOR_MENTIONS, actors), (CODED_ARTICLES, summaries)):  # the last one means: done
        write_partition(made, table, workspace.lake / table.name / coded_by / f"{shard}.parquet")
    return _failed(shard, workspace)


def _coded(coder: Coder, rows: list[tuple[str, str, datetime | None]]) -> Iterator[tuple[str, str, Coded | str]]:
    """Each article with what was found in it; where the coder fails, the failure in words, and all others as usual."""
    questions = [(text, published.date() if published else None, ()) for _, text, published in rows]
    try:
        answers: list[Coded | str] = list(coder.code_all(questions))
    except Exception:  # noqa: BLE001  one of them is poison, of whatever kind: find it
        answers = [_coded_alone(coder, question) for question in questions]
    for (article_id, text, _), answer in zip(rows, answers, strict=True):
        yield article_id, text, answer


def _coded_alone(coder: Coder, question: tuple[str, date | None, Sequence[Dyad]]) -> Coded | str:
    try:
        return coder.code(*question)
    except Exception as error:  # noqa: BLE001  set aside with its reason, so that it cannot stop the batch
        at = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} ({Path(at.filename).name}:{at.lineno})"[:500]


def _coded_path(shard: str, workspace: Workspace) -> Path:
    return workspace.lake / CODED_ARTICLES.name / coder_version() / f"{shard}.parquet"


def _is_coded(shard: str, workspace: Workspace) -> bool:
    return _coded_path(shard, workspace).exists()


def _failed(shard: str, workspace: Workspace) -> int:
    return read_partition(_coded_path(shard, workspace), CODED_ARTICLES)["failure"].count()


@cache
def _coder() -> Coder:
    """One coder a process: its dictionaries take a second to load."""
    return Coder()


def code_all(shards: Sequence[str], workspace: Workspace, workers: int) -> int:
    """Codes partitions, in as many processes as asked; gives how many articles the coder failed on."""
    pending = [shard for shard in shards if not _is_coded(shard, workspace)]
    if workers > 1 and len(pending) > 1:
        # spawn, not fork: Arrow and DuckDB hold threads that a fork would lose.
        with ProcessPoolExecutor(min(workers, len(pending)), mp_context=multiprocessing.get_context("spawn")) as pool:
            list(pool.map(code, pending, [workspace] * len(pending)))
    return sum(code(shard, workspace) for shard in shards)


def load(batch: Ingested, workspace: Workspace, settings: Settings) -> None:
    """Loads the batch's partitions into the work file and builds all tables there."""
    reference = Reference(actors=load_actor_book().table(), event_types=load_ontology().table())
    load_batch(batch.batch_id, sorted({*batch.shards, *batch.stored}), workspace, reference, coder_version(), settings)
    build_tables(workspace, settings)


Progress = Callable[[str, str], None]
"""Told the name of a step and what it did."""


def run(inboxes: Sequence[str], workspace: Workspace, settings: Settings, workers: int, progress: Progress) -> Run:
    """The five steps over article files. Writes the report also when validation failed, and then raises ValidationFailed."""
    clock = _Clock(progress)
    batch = clock("ingest", lambda: ingest(inboxes, workspace, settings), _told_of_batch)
    failed = clock("code", lambda: code_all(batch.shards, workspace, workers), lambda failed: _told_of_coding(batch, failed))
    clock("load", lambda: load(batch, workspace, settings), lambda _: "tables built")
    validation = clock("validate", lambda: validate(batch, workspace, settings), lambda found: found.outcome)
    try:
        release = clock("publish", lambda: publish(batch, validation, workspace), _told_of_release)
    except ValidationFailed:
        report(validation, None, workspace, settings, clock.seconds)
        raise
    return Run(batch, failed, release, validation, report(validation, release, workspace, settings, clock.seconds), clock.seconds)


def _told_of_coding(batch: Ingested, failed: int) -> str:
    return f"{batch.new_articles} new articles" + (f", the coder failed on {failed}" if failed else "")


def _told_of_release(release: Release) -> str:
    if not release.is_new:
        return f"nothing new, release {release.number} stays"
    return f"release {release.number}: {release.added} events added, {release.changed} changed, {release.withdrawn} withdrawn"


def _told_of_batch(batch: Ingested) -> str:
    return (
        f"{batch.records} records: {batch.new_articles} new, {batch.duplicates} duplicates, {batch.known} known, {batch.rejected} rejected"
    )


T = TypeVar("T")


class _Clock:
    """Runs steps, tells progress, keeps how long each took."""

    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self._progress = progress

    def __call__(self, step: str, work: Callable[[], T], tell: Callable[[T], str]) -> T:
        started = perf_counter()
        done = work()
        self.seconds[step] = round(perf_counter() - started, 2)
        self._progress(step, f"{tell(done)} ({self.seconds[step]:.1f} s)")
        return done
