"""What the warehouse costs as it grows: loading, a day's news on top, publishing, and every saved query.

`python -m tests.bench_warehouse [MENTIONS…]`, by default 100,000, 1 million and 10 million, writes docs/SPEED.md; `make bench` does too.
Each size in a process of its own, so that its peak memory is its own; wall time on this machine, best of three for queries.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import duckdb
from playwright.sync_api import sync_playwright

from pipeline.config import Settings, Workspace
from pipeline.extracts.table import EXTRACT
from pipeline.site import write_explorer
from pipeline.warehouse import build_tables, load_batch, publish_release, run_saved_query, saved_queries
from tests import generated_warehouse as generated
from tests.site.pictures import CHROMIUM, SWITCHES

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "SPEED.md"
SIZES = (100_000, 1_000_000, 10_000_000)
A_DAY = 5_000
_SMALL, _LARGE = "1500MB", "5GB"  # of DuckDB while it builds; beyond a million mentions there is no promise
_ARGUMENTS = {"source": "USA", "since": "2023-01-01", "until": "2023-12-31", "release": "1"}
"""Of parameters that must be given; all others have their defaults."""
_PANELS = {"dyad_month_by_quad", "intensity_by_dyad_month"}
"""Asked for the months of one dyad: without one, they give the whole panel, millions of rows, which is what exports are for."""
_ROUNDS = 3

Figures = dict[str, float]


def measure(size: int, folder: Path) -> Figures:
    """Seconds and megabytes of one size."""
    workspace = Workspace(folder / "warehouse.duckdb")
    settings = Settings(build_memory_limit=_SMALL if size <= 1_000_000 else _LARGE)
    reference = generated.reference()

    def load(batch: str, shards: list[str]) -> None:
        load_batch(batch, shards, workspace, reference, generated.VERSION, settings)
        build_tables(workspace, settings)

    def publish(batch: str, day: int) -> None:
        publish_release(batch, "passed", workspace, generated.VERSION, datetime(2026, 1, day), settings)

    figures: Figures = {"mentions": size}
    shards = generated.write_lake(workspace, "base", 0, size)
    figures["load, s"] = seconds(partial(load, "base", shards))
    figures["load, peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["first publication, s"] = seconds(partial(publish, "base", 1))
    explorer = partial(write_explorer, workspace, settings)
    figures["first explorer, s"] = seconds(explorer)
    for day in (1, 2, 3):  # the third is measured: the first two copy the file, and find no spare
        shards = generated.write_lake(workspace, f"day{day}", size + (day - 1) * A_DAY, A_DAY, generated.day_after(day), 1)
        figures["a day of 5,000, s"] = seconds(partial(load, f"day{day}", shards))
        figures["its publication, s"] = seconds(partial(publish, f"day{day}", day + 1))
        figures["its explorer, s"] = seconds(explorer)
    figures["published file, MB"] = workspace.warehouse.stat().st_size / 1e6
    figures["work file, MB"] = workspace.work_file.stat().st_size / 1e6
    figures["explorer, MB"] = sum(path.stat().st_size for path in workspace.site.rglob("*.js")) / 1e6
    figures["explorer opens, s"] = min(opening(explorer()) for _ in range(_ROUNDS)) if CHROMIUM else float("nan")
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        for table in ("events", "articles", "dyad_month"):
            figures[table] = connection.execute(f"select count(*) from {table}").fetchall()[0][0]
    return figures | {f"query {name}": took for name, took in queries(workspace)}


def opening(page: Path) -> float:
    """Seconds until all events are loaded and drawn in a new browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        started = perf_counter()
        opened = browser.new_page()
        opened.goto(page.resolve().as_uri())
        opened.wait_for_selector(".count:not(:has(progress))", timeout=120_000)
        return perf_counter() - started


def queries(workspace: Workspace) -> Iterator[tuple[str, float]]:
    """Seconds of each saved query, in process, the file opened anew."""
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        told = connection.execute("select event_id from events order by mention_count desc, event_id limit 1").fetchall()
        extract = connection.execute(_AS_EXTRACT).pl()
    arguments = _ARGUMENTS | {"event_id": told[0][0]}
    for name, saved in saved_queries().items():
        given = {each.name: arguments[each.name] for each in saved.parameters if each.default is None}
        given |= {"source": "USA", "target": "RUS"} if name in _PANELS else {}
        beside = extract if saved.needs_extract else None
        ask = partial(run_saved_query, name, given, workspace.warehouse, Settings(), extract=beside)
        yield name, min(seconds(ask) for _ in range(_ROUNDS))


_HELD = {
    "extract_event_id": "event_id",
    **{name: name for name in ("event_date", "source_country", "target_country", "event_type", "quad_class")},
}
_AS_EXTRACT = "select {} from events where event_date >= date '2023-01-01' limit 100000".format(
    ", ".join(f"({_HELD.get(column.name, 'null')})::{column.type} as {column.name}" for column in EXTRACT)
)
"""Our own events, as if another data set had coded them."""


def seconds(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return perf_counter() - started


def in_own_process(size: int) -> Figures:
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        command = [sys.executable, "-m", "tests.bench_warehouse", "--one", str(size), folder]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


def tables(sizes: tuple[int, ...] = SIZES) -> dict[str, str]:
    """The parts of docs/SPEED.md by name."""
    found = [in_own_process(size) for size in sizes]
    rows = [(name, *(each[name] for each in found)) for name in found[0]]
    costs = [row for row in rows if not row[0].startswith("query ") and row[0] != "mentions"]
    asked = sorted(((row[0].removeprefix("query "), *row[1:]) for row in rows if row[0].startswith("query ")), key=lambda row: -row[-1])
    head = ("mentions", *(f"{size:,}" for size in sizes))
    return {"growth": _markdown(head, costs, "{:,.1f}"), "queries": _markdown(head, asked, "{:.3f}")}


def filled(page: str, made: dict[str, str]) -> str:
    """The page with what was made between `<!-- name -->` and `<!-- end -->`."""
    for name, text in made.items():
        before, opening, rest = page.partition(f"<!-- {name} -->\n")
        if opening:
            page = before + opening + text + "<!-- end -->" + rest.partition("<!-- end -->")[2]
    return page


def _markdown(head: tuple[str, ...], rows: list[tuple[str, *tuple[float, ...]]], form: str) -> str:
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    lines += [f"| {name} | {' | '.join(form.format(value) for value in values)} |" for name, *values in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(int(sys.argv[2]), Path(sys.argv[3]))))
    else:
        PAGE.write_text(filled(PAGE.read_text(), tables(tuple(map(int, sys.argv[1:])) or SIZES)))
