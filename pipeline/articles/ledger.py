"""What earlier batches left in the lake, and how a batch becomes part of it.

*Completed or nothing*: a batch exists once its manifest does, which is written last. Partitions that no manifest names
are never looked at, so articles of a killed attempt are not "known" and cannot be skipped; the next ingestion removes them
by the list that the attempt kept of what it was about to write.
*One at a time*: ingestion holds a lock, so that two runs cannot miss each other's articles.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from upath import UPath

from pipeline.config import Workspace
from pipeline.errors import WarehouseLocked
from pipeline.partitions import atomic_writer, clear_unfinished

DUPLICATE_SHARD = "duplicates-"
"""Begins the names of partitions of article_records whose articles repeat others, or were replaced or retracted, and are not coded;
of one in which an article wakes, since what it repeated was retracted, all are."""

TABLES = ("article_records", "records", "rejects", "duplicates", "files")


@dataclass(frozen=True)
class Ingested:
    """What an ingestion read. records = new_articles + known + duplicates + rejected."""

    batch_id: str
    """Hash of the files and of the limits under which they were read: equal input, equal batch."""
    shards: tuple[str, ...]
    """Partitions below lake/article_records with articles to code, in order: those that this batch stored, and those of
    earlier batches that hold articles of this input. Coding what is coded already can be skipped."""
    records: int
    new_articles: int
    """Articles stored to be coded."""
    known: int
    """Records whose article was known: from an earlier batch, or from an earlier record of this one."""
    duplicates: int
    """New articles that repeat another, or that a later version replaces: stored, not coded."""
    rejected: int
    stored: tuple[str, ...] = field(default=())
    """All partitions below lake/article_records that this batch wrote, duplicates too."""


def stored_shards(workspace: Workspace) -> list[str]:
    """Partitions of article_records, of all completed ingestions, whose articles are to be coded."""
    return [name for batch in completed_batches(workspace) for name in batch.stored if not name.startswith(DUPLICATE_SHARD)]


def completed_ids(workspace: Workspace) -> list[str]:
    """The ids of the batches that were ingested to their end, in order."""
    return sorted(path.stem for path in _manifests(workspace).glob("*.json"))


def completed_batches(workspace: Workspace, but: Collection[str] = ()) -> list[Ingested]:
    """The batches that were ingested to their end, by batch_id, without some."""
    return [_load(_manifest(workspace, batch_id)) for batch_id in completed_ids(workspace) if batch_id not in but]


def completed_at(workspace: Workspace, batch: Ingested) -> datetime:
    """When a batch became part of the lake: UTC, without a zone."""
    changed = _manifest(workspace, batch.batch_id).stat().st_mtime
    return datetime.fromtimestamp(changed, UTC).replace(tzinfo=None)


def load(workspace: Workspace, batch_id: str) -> Ingested | None:
    path = _manifest(workspace, batch_id)
    return _load(path) if path.exists() else None


def complete(workspace: Workspace, batch: Ingested) -> Ingested:
    """Makes the batch part of the lake."""
    with atomic_writer(_manifest(workspace, batch.batch_id)) as file:
        file.write(json.dumps(asdict(batch), indent=1, sort_keys=True).encode())
    return batch


def partition_paths(workspace: Workspace, batches: list[Ingested], table: str) -> list[UPath]:
    """The files that completed batches wrote of a table."""
    if table == "article_records":
        return [article_path(workspace, name) for batch in batches for name in batch.stored]
    paths = [workspace.lake / table / f"{batch.batch_id}.parquet" for batch in batches]
    return [path for path in paths if path.exists()]


def article_path(workspace: Workspace, name: str) -> UPath:
    return workspace.lake / "article_records" / f"{name}.parquet"


@contextmanager
def only_ingestion(workspace: Workspace) -> Iterator[None]:
    """Holds the lock of ingestion, and clears away what a killed attempt left. WarehouseLocked if another run holds it."""
    workspace.work.mkdir(parents=True, exist_ok=True)
    with (workspace.work / "ingest.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WarehouseLocked(f"{workspace.work}: another run is reading articles into this warehouse; wait for it to end") from None
        undo_killed(workspace)
        yield


class Staging:
    """The private folder of one attempt, and its list of the partitions that it is about to write."""

    def __init__(self, workspace: Workspace, batch_id: str) -> None:
        self._lake = workspace.lake
        self.folder = _stagings(workspace) / batch_id
        self.folder.mkdir(parents=True)
        self._intents = self.folder / "intents"

    def announce(self, path: UPath) -> UPath:
        """Notes a partition before it is written, by its name below the lake, so that a killed attempt can be undone."""
        with self._intents.open("a") as file:
            file.write(str(path).removeprefix(f"{self._lake}/") + "\n")
            file.flush()
            os.fsync(file.fileno())
        return path

    def remove(self) -> None:
        shutil.rmtree(self.folder)


def undo_killed(workspace: Workspace) -> None:
    """Clears away what attempts left that did not come to their end; for those who hold the lock."""
    for manifest in _manifests(workspace).glob(".*"):
        manifest.unlink()
    stagings = sorted(_stagings(workspace).glob("*"))
    if not stagings:
        return
    batches = completed_batches(workspace)
    kept = {path for table in TABLES for path in partition_paths(workspace, batches, table)}
    for staging in stagings:
        intents = staging / "intents"
        for line in intents.read_text().splitlines() if intents.exists() else ():
            path = workspace.lake / line
            clear_unfinished(path)
            if path not in kept:
                path.unlink(missing_ok=True)
        shutil.rmtree(staging)


def _manifests(workspace: Workspace) -> Path:
    return workspace.work / "ingested"


def _manifest(workspace: Workspace, batch_id: str) -> Path:
    return _manifests(workspace) / f"{batch_id}.json"


def _stagings(workspace: Workspace) -> Path:
    return workspace.work / "ingesting"


def _load(path: Path) -> Ingested:
    fields = json.loads(path.read_text())
    return Ingested(**{**fields, "shards": tuple(fields["shards"]), "stored": tuple(fields["stored"])})
