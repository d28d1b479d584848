"""The spine: ingest, code, load, validate, publish. A step is one function here, one Airflow task and one line of progress.

Between the steps travel only what was ingested and names; the data lie in Parquet partitions of the workspace. Each step may be
run again after it was cut off: it writes the same files, or finds them and leaves them. The last three stand in audit.py.
"""

import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from pipeline.articles import Ingested, completed_batches, ingest_articles
from pipeline.articles.tombstones import scrub_lake, tombstones
from pipeline.audit import Days, publish, read_validation, report, validate
from pipeline.codebook.actors import load_actor_book
from pipeline.codebook.ontology import load_ontology
from pipeline.coder.version import coder_version
from pipeline.coding import code_shards, failed_articles, forget_failures
from pipeline.config import Settings, Workspace
from pipeline.errors import ValidationFailed, WorkFileUnusable
from pipeline.warehouse import Reference, Release, begin_anew, build_tables, load_batch, loaded_batches, publish_afresh

if TYPE_CHECKING:
    from pipeline.quality import Validation

__all__ = [
    "Run", "code", "code_all", "ingest", "load", "publish", "read_validation", "report", "republish", "retry", "run",
    "told_of_release", "validate",
]  # fmt: skip
_log = logging.getLogger(__name__)


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


def code(shard: str, workspace: Workspace, settings: Settings) -> int:
    """Codes one partition of articles into partitions of mentions, and gives how many articles failed; a coded one is kept."""
    return code_all([shard], workspace, settings, workers=1)


def code_all(shards: Sequence[str], workspace: Workspace, settings: Settings, workers: int) -> int:
    """Codes partitions, in as many processes as asked; gives how many articles the coder failed on."""
    code_shards(shards, workspace, settings, workers)
    return sum(failed_articles(shard, workspace) for shard in shards)


def load(batch: Ingested, workspace: Workspace, settings: Settings, days: Days | None = None) -> None:
    """Loads the batch's partitions into the work file and builds all tables there. days: see load_batch.

    Batches that were read but never loaded, as a run was cut off, come first. A work file that cannot be used is made anew from the lake.
    Some days alone are loaded as they are into a work file that can be used: other batches have audits of their own.
    """
    try:
        _load(batch, workspace, settings, days)
    except WorkFileUnusable as error:
        if days:
            raise
        _log.warning("%s; what there is of it lies in %s, and it is made anew from the lake", error, begin_anew(workspace))
        _load(batch, workspace, settings, days)


def _load(batch: Ingested, workspace: Workspace, settings: Settings, days: Days | None) -> None:
    loaded = loaded_batches(workspace, settings) | {batch.batch_id}
    behind = [] if days else completed_batches(workspace, but=loaded)
    code_all(sorted({shard for one in behind for shard in one.shards}), workspace, settings, os.cpu_count() or 1)
    reference = Reference(actors=load_actor_book().table(), event_types=load_ontology().table())
    forgotten = tombstones(workspace)
    for one in (*behind, batch):
        if forgotten:
            scrub_lake(one, forgotten, workspace)
        shards = sorted({*one.shards, *one.stored})
        load_batch(one.batch_id, shards, workspace, reference, coder_version(), settings, days if one is batch else None)
    build_tables(workspace, settings)


Progress = Callable[[str, str], None]
"""Told the name of a step and what it did."""


def run(inboxes: Sequence[str], workspace: Workspace, settings: Settings, workers: int, progress: Progress) -> Run:
    """The five steps over article files. Writes the report also when validation failed, and then raises ValidationFailed."""
    clock = _Clock(progress)
    batch = clock("ingest", lambda: ingest(inboxes, workspace, settings), _told_of_batch)
    return _go_on(batch, workspace, settings, workers, clock)


def retry(inboxes: Sequence[str], workspace: Workspace, settings: Settings, workers: int, progress: Progress) -> Run:
    """As run, for what was refused: codes anew the articles on which the coder failed, and reads again the files of the inboxes of which
    something was refused."""
    clock = _Clock(progress)
    batch = clock("ingest", lambda: ingest_articles(inboxes, workspace, settings, again=True), _told_of_batch)
    failed = forget_failures({shard for one in completed_batches(workspace) for shard in one.shards}, workspace)
    return _go_on(replace(batch, shards=tuple(sorted({*batch.shards, *failed}))), workspace, settings, workers, clock)


def _go_on(batch: Ingested, workspace: Workspace, settings: Settings, workers: int, clock: "_Clock") -> Run:
    failed = clock("code", lambda: code_all(batch.shards, workspace, settings, workers), lambda failed: _told_of_coding(batch, failed))
    clock("load", lambda: load(batch, workspace, settings), lambda _: "tables built")
    validation = clock("validate", lambda: validate(batch, workspace, settings), lambda found: found.outcome)
    try:
        release = clock("publish", lambda: publish(batch, validation, workspace), told_of_release)
    except ValidationFailed:
        report(validation, None, workspace, settings, clock.seconds)
        raise
    return Run(batch, failed, release, validation, report(validation, release, workspace, settings, clock.seconds), clock.seconds)


def republish(batch_id: str, workspace: Workspace, settings: Settings, days: Days | None = None) -> Release:
    """Builds, audits and publishes what upkeep or forgetting took out of the work file; the report tells either way.

    The published file is written afresh, so that its free space holds nothing of it either.

    days: what was published on them is audited. ValidationFailed where the tables no longer pass.
    """
    batch = Ingested(batch_id, (), records=0, new_articles=0, known=0, duplicates=0, rejected=0)
    build_tables(workspace, settings)
    found = validate(batch, workspace, settings, days)
    try:
        release = publish(batch, found, workspace)
    except ValidationFailed:
        report(found, None, workspace, settings, {})
        raise
    publish_afresh(workspace, settings)
    report(found, release, workspace, settings, {})
    return release


def _told_of_coding(batch: Ingested, failed: int) -> str:
    return f"{batch.new_articles} new articles" + (f", the coder failed on {failed}" if failed else "")


def told_of_release(release: Release) -> str:
    """What a publication did, in words."""
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
