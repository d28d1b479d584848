"""Killed anywhere, or out of disk anywhere, then run again = never disturbed."""

import filecmp
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from pipeline.articles import Article, read_articles
from pipeline.coder import Coder
from pipeline.config import Settings, Workspace
from pipeline.warehouse import export_canonical
from tests.faults.attempts import Server, attempts
from tests.faults.stand_ins import remember
from tests.test_flow import SAMPLE

pytestmark = pytest.mark.slow  # many whole runs

BATCHES = (
    "northern-wire/2021/2021-05-19_blinken-lavrov.txt",
    "harbour-post/2021-05-26_geneva-summit.html",
    "agencia-meridiana/2021-05-20_first-meeting-reykjavik.txt",
)


@dataclass(frozen=True)
class Scene:
    """A warehouse of two releases, a third batch that comes in, and what an undisturbed run makes of it."""

    server: Server
    before: Path
    inbox: Path
    expected: Path
    places: list[str]

    def fresh(self, folder: Path) -> Path:
        """A copy of the warehouse before the third batch. What the coder finds in it is there, so that a run takes little time."""
        shutil.copytree(self.before.parent, folder, dirs_exist_ok=True)
        return folder / self.before.name

    def check(self, warehouse: Path) -> None:
        """An undisturbed run now ends as if nothing had been."""
        status, _ = self.server.run(self.inbox, warehouse)
        assert status == 0
        exports = warehouse.parent / "canonical"
        names = sorted(path.name for path in export_canonical(Workspace(warehouse), exports))
        assert filecmp.cmpfiles(exports, self.expected, names, shallow=False) == (names, [], [])
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            unaccounted = connection.execute("select sum(records_in) - sum(coded + without_event + duplicate + rejected) from coverage")
            assert unaccounted.fetchall() == [(0,)]
        assert left_over(warehouse.parent) == []


def left_over(folder: Path) -> list[str]:
    """What only a broken attempt leaves: hidden files among the data, and folders of a stage."""
    found = (path.relative_to(folder) for path in folder.rglob("*"))
    return [
        str(path)
        for path in found
        if (path.name.startswith(".") and "validations" not in path.parts and path.parts[0] != "site") or "ingesting" in path.parts[:-1]
    ]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory, coder: Coder, is_long: bool) -> Iterator[Scene]:
    """The quick set has stand-ins for coder and audit."""
    folder = tmp_path_factory.mktemp("scene")
    found = read_articles([str(SAMPLE / batch) for batch in BATCHES], Settings())
    texts = [(one.text, one.published_at and one.published_at.date()) for one in found if isinstance(one, Article)]
    remember(coder, texts, folder / "memory")
    before, after = folder / "before" / "warehouse.duckdb", folder / "after" / "warehouse.duckdb"
    with attempts(None if is_long else folder / "memory") as server:
        for batch in BATCHES[:2]:
            assert server.run(SAMPLE / batch, before)[0] == 0
        shutil.copytree(before.parent, after.parent)
        assert server.run(SAMPLE / BATCHES[2], after)[0] == 0
        export_canonical(Workspace(after), folder / "expected")
        for table in ("coded_mentions", "actor_mentions", "coded_articles"):
            shutil.copytree(Workspace(after).lake / table, Workspace(before).lake / table, dirs_exist_ok=True)
        shutil.copytree(before.parent, folder / "again")
        status, places = server.run(SAMPLE / BATCHES[2], folder / "again" / before.name)
        assert status == 0
        yield Scene(server, before, SAMPLE / BATCHES[2], folder / "expected", places)


def chosen(places: list[str], count: int | None, seed: int) -> list[str]:
    """Some of the places, in order; all where count is None."""
    picked = places if count is None else random.Random(seed).sample(places, count)
    return sorted(picked, key=places.index)


def test_killed_between_any_two_writes(scene: Scene, tmp_path: Path, is_long: bool) -> None:
    """Attempt after attempt is killed a little further on; the last one ends."""
    warehouse = scene.fresh(tmp_path / "warehouse")
    for number, place in enumerate(chosen(scene.places, None if is_long else 12, seed=1)):
        status, _ = scene.server.run(scene.inbox, warehouse, at=place)
        assert status in (-signal.SIGKILL, 0), place
        if status == 0:  # the attempts before had got beyond that place
            scene.check(warehouse)
            warehouse = scene.fresh(tmp_path / f"warehouse {number}")
            assert scene.server.run(scene.inbox, warehouse, at=place)[0] == -signal.SIGKILL
    scene.check(warehouse)


def test_killed_at_any_moment(scene: Scene, tmp_path: Path, is_long: bool) -> None:
    chance = random.Random(2)
    started = time.monotonic()
    scene.check(scene.fresh(tmp_path / "undisturbed"))
    longest = time.monotonic() - started
    for number in range(20 if is_long else 2):
        warehouse = scene.fresh(tmp_path / f"warehouse {number}")
        for _ in range(10):
            status, _ = scene.server.run(scene.inbox, warehouse, at=chance.uniform(0.05, longest))
            assert status in (-signal.SIGALRM, 0)
        scene.check(warehouse)
        shutil.rmtree(warehouse.parent)


def test_no_space_left_at_any_write(scene: Scene, tmp_path: Path, is_long: bool) -> None:
    """The run fails and says why; what is published stays readable; with space again, the next run ends."""
    warehouse = scene.fresh(tmp_path / "warehouse")
    published = warehouse.read_bytes()
    for number, place in enumerate(chosen(scene.places, None if is_long else 6, seed=3)):
        status, _ = scene.server.run(scene.inbox, warehouse, at=place, how="full")
        if status == 0:  # beyond that place already, or it may fail without harm
            scene.check(warehouse)
            warehouse = scene.fresh(tmp_path / f"warehouse {number}")
            continue
        assert status == 1, place  # a clear error, no traceback
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            assert connection.execute("select count(*) > 0 from events").fetchall() == [(True,)]
    assert scene.fresh(tmp_path / "last").read_bytes() == published
    scene.check(warehouse)


def test_killed_while_coding(tmp_path: Path) -> None:
    """The whole command, with its coder: nobody is blamed, and no process is left behind."""
    warehouse = tmp_path / "warehouse.duckdb"
    command = [sys.executable, "-m", "pipeline.cli", "run", str(SAMPLE / BATCHES[0]), "--warehouse", str(warehouse), "--workers", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("ingest")
        time.sleep(2)
        workers = children(process.pid)
        process.kill()
    deadline = time.monotonic() + 30
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "the coder outlives its supervisor"
        time.sleep(0.1)
    subprocess.run(command, check=True, capture_output=True)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute("select outcome, count(*) from articles group by all").fetchall() == [("coded", 1)]


def children(parent: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = status.read_text()
        except OSError:  # ended meanwhile
            continue
        if re.search(rf"^PPid:\s{parent}$", told, re.MULTILINE):
            found.append(int(status.parent.name))
    return found
