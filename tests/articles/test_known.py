"""The copy of what earlier batches brought: an ingestion finds in it what it would find in all partitions, whatever befell it."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.articles import ingest_articles, known, ledger
from pipeline.articles.tombstones import bury, name_hash, tombstone
from pipeline.config import Settings, Workspace
from pipeline.contracts import FORGOTTEN
from tests.articles.article_samples import prose, put

pytestmark = pytest.mark.slow  # whole ingestions

SETTINGS = Settings(shard_articles=4)


def story(number: int, day: int, **more: str) -> str:
    return json.dumps({"text": prose(number), "date": f"2021-05-{day}", "source": "Wire", "id": str(number), **more}) + "\n"


BATCHES = [
    "".join(story(number, 20) for number in range(6)) + "{broken\n",
    story(2, 19) + story(6, 21) + story(7, 21, url="https://wire.example/7"),  # 2 was told earlier than the first batch knew
    story(3, 22) + json.dumps({"url": "https://wire.example/7", "pubstatus": "canceled", "date": "2021-05-23", "source": "Wire"}) + "\n",
]
NEXT = story(2, 18) + story(7, 24) + story(8, 24)


def ingest(name: str, content: str, workspace: Workspace) -> None:
    inbox = workspace.work.parent / "inbox"
    put(inbox, {name: content})
    ingest_articles([str(inbox / name)], workspace, SETTINGS)


def contents(workspace: Workspace) -> dict[str, list[tuple[object, ...]]]:
    """Rows of all tables of the copy, in an order."""
    with duckdb.connect(str(known.caught_up(workspace)), read_only=True) as connection:
        tables = [name for (name,) in connection.execute("show tables").fetchall()]
        return {table: connection.execute(f"from {table} order by all").fetchall() for table in tables}


def lake(workspace: Workspace) -> dict[str, bytes]:
    return {str(path.relative_to(workspace.lake)): path.read_bytes() for path in sorted(workspace.lake.rglob("*.parquet"))}


@pytest.fixture(scope="module")
def three_batches(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("known")
    for number, batch in enumerate(BATCHES):
        ingest(f"{number}.jsonl", batch, Workspace(folder / "w.duckdb"))
    return folder


@pytest.fixture
def workspace(three_batches: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(three_batches, tmp_path / "copy")
    return Workspace(tmp_path / "copy" / "w.duckdb")


def test_grown_batch_by_batch_it_holds_what_it_holds_made_anew(workspace: Workspace) -> None:
    grown = contents(workspace)
    known.drop(workspace)
    assert contents(workspace) == grown
    assert {table: len(rows) for table, rows in grown.items()} == {
        "batches": 3, "article_records": 10, "records": 12, "rejects": 2, "duplicates": 2, "files": 3,
    }  # fmt: skip


def damaged_at(share: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        content = bytearray(path.read_bytes())
        start = int(share * len(content))
        content[start : start + 4096] = bytes(255 - byte for byte in content[start : start + 4096])
        path.write_bytes(content)

    return damage


def of_another_lake(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        connection.execute("insert into batches values ('elsewhere')")
        connection.execute("delete from article_records")


def of_another_form(path: Path) -> None:
    path.rename(path.with_name("known-0123abcd.duckdb"))


FATES = {
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "no database": lambda path: path.write_bytes(b"news " * 1000),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    **{f"damaged at {share:.0%}": damaged_at(share) for share in (0, 0.25, 0.5, 0.75, 0.9)},
    "damaged log": lambda path: path.with_name(f"{path.name}.wal").write_bytes(b"news " * 1000),
    "of another lake": of_another_lake,
    "of another form": of_another_form,
}


@pytest.mark.parametrize("fate", FATES)
def test_whatever_befalls_it_the_next_batch_is_the_same(fate: str, workspace: Workspace, tmp_path: Path) -> None:
    shutil.copytree(workspace.work.parent.parent, tmp_path / "undisturbed")
    undisturbed = Workspace(tmp_path / "undisturbed" / "w.duckdb")
    FATES[fate](known.caught_up(workspace))
    for one in (workspace, undisturbed):
        ingest("next.jsonl", NEXT, one)
    assert lake(workspace) == lake(undisturbed)
    assert contents(workspace) == contents(undisturbed)
    assert len(list(workspace.work.glob("known-*.duckdb"))) == 1


def test_an_earlier_partition_is_opened_only_for_what_repeats_it(workspace: Workspace) -> None:
    known.caught_up(workspace)
    holding = {
        path for path in (workspace.lake / "article_records").glob("*") if pl.read_parquet(str(path))["external_id"].is_in(["2", "8"]).any()
    }
    for path in workspace.lake.rglob("*.parquet"):
        if path not in holding:
            path.write_bytes(b"")
    ingest("next.jsonl", story(2, 18) + story(8, 24), workspace)
    assert len(ledger.completed_ids(workspace)) == 4


def test_what_was_forgotten_does_not_come_in(workspace: Workspace) -> None:
    now = datetime(2026, 1, 1)
    bury(pl.DataFrame([tombstone(name_hash(["okpodu", "marjolein"]), 2, "asked", now)], schema=FORGOTTEN.polars_schema), workspace)
    ingest("okpodu.jsonl", story(9, 25, url="https://wire.example/okpodu-marjolein"), workspace)
    assert not any("okpodu" in str(row) for rows in contents(workspace).values() for row in rows)
    assert b"okpodu" not in known.caught_up(workspace).read_bytes()
