"""What whole runs cost: processor seconds over a bare spaCy pass of the same stories, with one worker and with two, the same run
again, and a run of one article. `make bench` writes it into docs/SPEED.md; alone: python -m tests.bench_runs. Twelve minutes.

The stories lie outside of the project, in ../shared.
"""

import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from pipeline.cli import DONE_WITH_REJECTS
from pipeline.resources import SEEDS
from tests.bench_warehouse import PAGE, filled

STORIES = Path(__file__).resolve().parents[2] / "shared" / "data" / "stories" / "reuters21578.jsonl.gz"
_COUNT = 5000
_ONE = SEEDS / "articles" / "northern-wire" / "2021" / "2021-05-19_blinken-lavrov.txt"
_SPACY = """
import json, sys
from pipeline.coder.document import load_language
for _ in load_language().pipe(json.loads(line)["text"] for line in open(sys.argv[1])):
    pass
"""
_STEP = re.compile(r"^(\w+) .*\(([\d.]+) s\)$", re.MULTILINE)


@dataclass
class Cost:
    """Of one command with all its processes."""

    processor: float
    wall: float
    megabytes: float
    """Of its largest process."""
    steps: dict[str, float] = field(default_factory=dict)
    """Wall seconds of the steps that it told."""


def cost(*arguments: object) -> Cost:
    """Runs Python with some arguments, to its end."""
    started = perf_counter()
    with tempfile.TemporaryFile("w+") as told:
        process = subprocess.Popen([sys.executable, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=told)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        told.seek(0)
        log = told.read()
    if process.returncode not in (0, DONE_WITH_REJECTS):
        raise RuntimeError(log)
    steps = {name: float(seconds) for name, seconds in _STEP.findall(log)}
    found = Cost(used.ru_utime + used.ru_stime, perf_counter() - started, used.ru_maxrss / 1024, steps)
    print(found, flush=True)
    return found


def run(inbox: Path, warehouse: Path, workers: int) -> Cost:
    return cost("-m", "pipeline.cli", "run", inbox, "--warehouse", warehouse, "--workers", workers)


def tables() -> dict[str, str]:
    """The table of SPEED.md; nothing without the stories."""
    if not STORIES.exists():
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        stories = folder / "stories.jsonl"
        with gzip.open(STORIES, "rt") as lines:
            stories.write_text("".join(list(lines)[8000 : 8000 + _COUNT]))
        spacy = cost("-c", _SPACY, stories)
        one, two = run(stories, folder / "one.duckdb", 1), run(stories, folder / "two.duckdb", 2)
        again = run(stories, folder / "one.duckdb", 1)
        small = _least(3, lambda number: run(_ONE, folder / f"small{number}.duckdb", 1))
        tiny = _least(3, lambda _: run(_ONE, folder / "small0.duckdb", 1))
    faster, coding_faster = one.wall / two.wall, one.steps["code"] / two.steps["code"]
    rows = [
        ("bare spaCy", spacy, ""),
        ("a run, one worker", one, f"{one.processor / spacy.processor:.2f} times bare spaCy"),
        ("a run, two workers", two, f"{faster:.2f} times as fast, the coding alone {coding_faster:.2f} times"),
        ("the same run again, nothing new", again, f"{100 * again.processor / one.processor:.1f} %"),
        ("a run of one article", small, ""),
        ("the same again", tiny, ""),
    ]
    head = "| | processor s | wall s | |\n|---|---:|---:|---|\n"
    body = "".join(f"| {name} | {found.processor:.1f} | {found.wall:.1f} | {told} |\n" for name, found, told in rows)
    return {
        "runs": f"{head}{body}\nSeconds of the steps, {_steps('one worker', one)}; {_steps('two', two)}. "
        f"No process held more than {max(one.megabytes, two.megabytes):.0f} MB.\n"
    }


def _least(times: int, measure: Callable[[int], Cost]) -> Cost:
    return min((measure(number) for number in range(times)), key=lambda found: found.processor)


def _steps(workers: str, found: Cost) -> str:
    return f"{workers}: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in found.steps.items())


if __name__ == "__main__":
    made = tables()
    print(*made.values())
    PAGE.write_text(filled(PAGE.read_text(), made))
