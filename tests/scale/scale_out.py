"""The same news on one machine, and over several: Celery's queues, a lake on S3, a DuckLake on Postgres and S3. Equal exports.

`make scale-test` runs it; the ordinary tests do not, as it needs servers.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.contracts import PUBLIC
from pipeline.resources import SEEDS
from tests.scale.cluster import CODERS, cluster, environment, trigger
from tests.scale.servers import BUCKET, Servers, servers

NEWS = SEEDS / "articles"
RUN_SECONDS = 1800


@dataclass(frozen=True)
class Scaled:
    """What a run over several machines left."""

    at: Servers
    folder: Path
    inbox: Path
    state: str


@pytest.fixture(scope="module")
def scaled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scaled]:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, it still ends what it started
    folder = tmp_path_factory.mktemp("scale")
    for each in (folder, *folder.parents[:2]):  # Postgres runs as somebody else
        each.chmod(0o755)
    with servers(folder) as at, cluster(folder, at, NEWS):
        yield Scaled(at, folder, NEWS, trigger(folder, at, NEWS, "first", RUN_SECONDS))


def python(variables: dict[str, str], *arguments: str) -> None:
    done = subprocess.run([sys.executable, *arguments], env=variables, capture_output=True, text=True, timeout=RUN_SECONDS)
    assert done.returncode in (0, 4), done.stdout[-2000:] + done.stderr[-2000:]  # 4: done, with rejects


_EXPORT = """
import sys
from pathlib import Path
from pipeline.config import Workspace
from pipeline.warehouse import export_canonical
export_canonical(Workspace(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def canonical(variables: dict[str, str], warehouse: Path, folder: Path) -> dict[str, bytes]:
    python(variables, "-c", _EXPORT, str(warehouse), str(folder))
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def test_the_run_succeeds(scaled: Scaled) -> None:
    failed = "select task_id, map_index, state from task_instance where run_id = 'first' and state <> 'success'"
    assert scaled.state == "success", scaled.at.sql("airflow", failed)


def test_both_coders_took_part_and_nobody_else_coded(scaled: Scaled) -> None:
    queues = scaled.at.sql("airflow", "select task_id = 'code', queue from task_instance group by 1, 2 order by 1")
    assert queues == [(False, "default"), (True, "nlp")]
    for coder in CODERS:
        assert "succeeded" in (scaled.folder / f"worker {coder}.log").read_text(), coder


def test_data_travel_by_s3_alone(scaled: Scaled) -> None:
    """A coder's machine sees neither the writer's disk nor keeps data on its own."""
    for coder in CODERS:
        assert not list((scaled.folder / coder).rglob("*.parquet"))
        assert not (scaled.folder / coder / "work").exists()
    assert not (scaled.folder / "writer" / "work" / "warehouse" / "lake").exists()
    s3 = scaled.at.files()
    assert s3.glob(f"{BUCKET}/lake/warehouse/coded_mentions/*/*.parquet")
    assert s3.glob(f"{BUCKET}/ducklake/**/*.parquet")


def test_both_ways_give_the_same_export(scaled: Scaled, tmp_path: Path) -> None:
    plain, alone = {**os.environ}, tmp_path / "alone" / "warehouse.duckdb"
    python(plain, "-m", "pipeline.cli", "run", str(NEWS), "--warehouse", str(alone))
    expected = canonical(plain, alone, tmp_path / "expected")
    far = environment(scaled.folder, scaled.at, scaled.inbox, "writer")
    # A reader elsewhere has no file, only the DuckLake.
    assert canonical(far, tmp_path / "nowhere" / "warehouse.duckdb", tmp_path / "ducklake") == expected
    near = {name: value for name, value in far.items() if not name.startswith("DRAGOMAN_")}
    assert canonical(near, scaled.folder / "writer" / "warehouse.duckdb", tmp_path / "file") == expected
    assert {"events.csv", "event_mentions.csv", "articles.csv"} <= set(expected)
    assert len(expected) > len(PUBLIC) / 2


def test_a_run_with_nothing_new_makes_no_snapshot(scaled: Scaled) -> None:
    snapshots = "select count(*) from ducklake_snapshot"
    before = scaled.at.sql("ducklake", snapshots)
    assert trigger(scaled.folder, scaled.at, scaled.inbox, "second", RUN_SECONDS) == "success"
    assert scaled.at.sql("ducklake", snapshots) == before
