"""A work file that is damaged, gone or of an older release is made anew: the answers are as before, and the history stays."""

import random
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.config import Workspace
from tests.test_flow import SAMPLE

pytestmark = pytest.mark.slow  # whole runs

FIRST, SECOND = "northern-wire/2021/2021-05-19_blinken-lavrov.txt", "harbour-post/2021-05-26_geneva-summit.html"
EARLIER = Path(__file__).parent / "earlier"
"""Warehouses of FIRST that earlier commits wrote, packed under the commit's name: the published file and its work folder."""

EVENTS = "select * exclude (valid_from_release) from events order by event_id"


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def rows(warehouse: Path, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of one release."""
    warehouse = tmp_path_factory.mktemp("published") / "warehouse.duckdb"
    run("run", SAMPLE / FIRST, "--warehouse", warehouse, "--workers", 1)
    return warehouse


@pytest.fixture(scope="module")
def expected(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same after a second batch."""
    warehouse = copied(published, tmp_path_factory.mktemp("expected"))
    run("run", SAMPLE / SECOND, "--warehouse", warehouse, "--workers", 1)
    return warehouse


def copied(warehouse: Path, folder: Path) -> Path:
    shutil.copytree(warehouse.parent, folder, dirs_exist_ok=True)
    return folder / warehouse.name


def cut(work_file: Path) -> None:
    work_file.write_bytes(work_file.read_bytes()[: work_file.stat().st_size // 2])


def emptied(work_file: Path) -> None:
    work_file.write_bytes(b"")


def flipped(work_file: Path) -> None:
    data, chance = bytearray(work_file.read_bytes()), random.Random(1)
    for _ in range(500):
        data[chance.randrange(len(data))] ^= 0xFF
    work_file.write_bytes(bytes(data))


def lost(work_file: Path) -> None:
    work_file.unlink()


def with_a_damaged_log(work_file: Path) -> None:
    work_file.with_name(f"{work_file.name}.wal").write_bytes(bytes(range(256)) * 40)


def of_an_older_release(work_file: Path) -> None:
    """As if the last release did not know when an article was updated, nor what replaced it."""
    with duckdb.connect(str(work_file)) as connection:
        connection.execute("alter table raw.article_records drop column updated_at")
    for partition in (work_file.parent / "lake" / "article_records").glob("*.parquet"):
        pl.read_parquet(partition).drop("updated_at").write_parquet(partition)
    warehouse = work_file.parents[2] / "warehouse.duckdb"
    with duckdb.connect(str(warehouse)) as connection:
        connection.execute("alter table articles drop column updated_at; alter table articles drop column replaced_by")


FAULTS = (cut, emptied, flipped, lost, with_a_damaged_log, of_an_older_release)


@pytest.mark.parametrize("harm", FAULTS, ids=lambda harm: harm.__name__)
def test_the_next_run_ends_as_if_nothing_had_been(tmp_path: Path, published: Path, expected: Path, harm: Callable[[Path], None]) -> None:
    warehouse = copied(published, tmp_path)
    harm(Workspace(warehouse).work_file)
    run("run", SAMPLE / SECOND, "--warehouse", warehouse, "--workers", 1)
    assert rows(warehouse, EVENTS) == rows(expected, EVENTS)
    assert rows(warehouse, "select event_id, valid_from_release from events order by all") == rows(
        expected, "select event_id, valid_from_release from events order by all"
    )
    assert rows(warehouse, "select release_number, events_count from releases order by all") == rows(
        expected, "select release_number, events_count from releases order by all"
    )


@pytest.mark.parametrize("packed", sorted(EARLIER.iterdir()), ids=lambda packed: packed.name.partition(".")[0])
def test_a_warehouse_that_an_earlier_commit_wrote_is_gone_on_with(tmp_path: Path, expected: Path, packed: Path) -> None:
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    warehouse = tmp_path / "warehouse.duckdb"
    before = rows(warehouse, "select event_id from events order by all")
    run("run", SAMPLE / FIRST, SAMPLE / SECOND, "--warehouse", warehouse, "--workers", 1)
    assert rows(warehouse, EVENTS) == rows(expected, EVENTS)
    assert rows(warehouse, "select event_id from events_as_of(1) order by all") == before
    assert rows(warehouse, "select list(release_number order by release_number) from releases") == [([1, 2],)]
