"""What the steps cost, in CPU seconds, for docs/SCALE.md: stories of a file of JSON lines, a first batch and a small one on top.

python -m tests.scale.costs STORIES.jsonl.gz [HOW_MANY]
"""

import gzip
import json
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import TypeVar

import duckdb

from pipeline import flow
from pipeline.config import Settings, Workspace

T = TypeVar("T")
_LATE = 100  # articles of the small batch


def cpu_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def measured(name: str, step: Callable[[], T]) -> T:
    cpu, wall = cpu_seconds(), perf_counter()
    done = step()
    print(f"| {name} | {cpu_seconds() - cpu:.1f} | {perf_counter() - wall:.1f} |", flush=True)
    return done


def run(name: str, lines: list[str], folder: Path, workspace: Workspace) -> None:
    """The five steps over a file of these stories."""
    inbox, settings = folder / f"{name}.jsonl", Settings.from_environment()
    inbox.write_text("".join(lines), encoding="utf-8")
    print(f"\n| {name}: {len(lines)} stories | CPU, s | elapsed, s |\n|---|---:|---:|")
    batch = measured("ingest", lambda: flow.ingest([str(inbox)], workspace, settings))
    measured("code", lambda: flow.code_all(batch.shards, workspace, settings, 1))
    measured("load", lambda: flow.load(batch, workspace, settings))
    found = measured("validate", lambda: flow.validate(batch, workspace, settings))
    measured("publish", lambda: flow.publish(batch, found, workspace))
    print(f"\n{batch.new_articles} articles coded, {batch.duplicates} duplicates, {batch.rejected} rejected, {len(batch.shards)} shards")


def sizes(workspace: Workspace) -> None:
    """Bytes on disk, rows, and memory at its highest."""
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        for table in ("articles", "events", "event_mentions", "actor_mentions"):
            print(table, connection.execute(f"select count(*) from {table}").fetchone())
        print("words", connection.execute("select sum(len(string_split(text, ' '))) from articles").fetchone())
    for table in sorted(workspace.lake.iterdir()) if not workspace.lake_url else ():
        print("lake", table.name, sum(path.stat().st_size for path in table.rglob("*.parquet")))
    for path in (workspace.work_file, workspace.warehouse):
        print(path.name, path.stat().st_size)
    own, others = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"peak memory: writer {own} MB, coder {others} MB")


def main(stories: Path, count: int = 1000) -> None:
    with gzip.open(stories, "rt", encoding="utf-8") as file:
        lines = [line for _, line in zip(range(count + _LATE), file, strict=False)]
    print("words", sum(len(json.loads(line)["text"].split()) for line in lines) / len(lines), "a story")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        workspace = Workspace(folder / "warehouse.duckdb")
        run("first", lines[:count], folder, workspace)
        run("late", lines[count:], folder, workspace)
        sizes(workspace)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
