"""Ingestion as a whole: the ledger, re-runs, growth, kills, and that every record is accounted for."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.articles import Ingested, ingest, ingest_articles, ledger, reading, sources, stored_shards
from pipeline.articles.records import Article, Reject
from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLE_RECORDS, DUPLICATES, FILES, RECORDS, REJECTS
from pipeline.errors import WarehouseLocked
from tests.articles.article_samples import prose, put

pytestmark = pytest.mark.slow  # whole ingestions

SETTINGS = Settings(shard_articles=4)
STORIES = Path(__file__).parents[2] / "../shared/data/stories"


def lines(*numbers: int) -> str:
    return "".join(json.dumps({"id": n, "text": prose(n), "date": "2021-05-20", "source": "Wire"}) + "\n" for n in numbers)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def lake(workspace: Workspace, table: str) -> pl.DataFrame:
    paths = sorted((workspace.lake / table).glob("*.parquet"))
    schema = {name.name: name.polars_schema for name in (ARTICLE_RECORDS, RECORDS, REJECTS, DUPLICATES, FILES)}[table]
    return pl.concat([pl.DataFrame(schema=schema), *map(pl.read_parquet, paths)])


def balance(batch: Ingested) -> bool:
    return batch.records == batch.new_articles + batch.known + batch.duplicates + batch.rejected


def test_partitions_are_as_declared_and_shards_are_even(inbox: Path, workspace: Workspace) -> None:
    put(inbox, {"a.jsonl": lines(*range(10)) + "{broken\n", "2021-05-20/b.txt": prose(1), "c.gz": b"\x1f\x8b broken"})
    batch = ingest_articles([str(inbox)], workspace, SETTINGS)
    assert (batch.records, batch.new_articles, batch.known, batch.duplicates, batch.rejected) == (13, 10, 0, 1, 2)
    for table in (ARTICLE_RECORDS, RECORDS, REJECTS, DUPLICATES, FILES):
        for path in (workspace.lake / table.name).glob("*.parquet"):
            frame = pl.read_parquet(path)
            assert frame.schema == table.polars_schema
            assert frame.equals(frame.sort(table.key))
    heights = [pl.read_parquet(workspace.lake / "article_records" / f"{shard}.parquet").height for shard in batch.shards]
    assert sorted(heights) == [2, 2, 3, 3]
    rejects = lake(workspace, "rejects").sort("locator")
    assert list(rejects["locator"]) == ["a.jsonl", "c.gz"]
    assert list(rejects["record_number"]) == [10, None]
    assert rejects["content_hash"].null_count() == 0
    ledger_rows = lake(workspace, "records")
    assert ledger_rows["record_id"].n_unique() == 13
    assert set(ledger_rows["batch_id"]) == {batch.batch_id}


def test_the_very_same_article_again_is_one_article_and_another_record(inbox: Path, workspace: Workspace) -> None:
    put(inbox, {"a.jsonl": lines(1) * 2, "b.jsonl": lines(1)})
    batch = ingest_articles([str(inbox)], workspace, SETTINGS)
    assert (batch.records, batch.new_articles, batch.known) == (3, 1, 2)
    rows = lake(workspace, "records").sort("locator", "record_number")
    assert list(rows["is_repeat"]) == [False, True, True]
    assert rows["article_id"].n_unique() == 1


def test_the_same_input_again_is_the_same_batch_and_reads_nothing(
    inbox: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(inbox, {"a.jsonl": lines(*range(9)), "b.txt": ""})
    first = ingest_articles([str(inbox)], workspace, SETTINGS)
    before = files(workspace.work)
    monkeypatch.setattr(ingest, "read_file", None)
    assert ingest_articles([str(inbox)], workspace, SETTINGS) == first
    assert files(workspace.work) == before


def test_equal_input_gives_equal_files_in_another_workspace_and_under_another_path(tmp_path: Path) -> None:
    made = []
    for place in ("one", "two/deeper"):
        put(tmp_path / place / "inbox", {"a.jsonl": lines(*range(9)), "sub/b.jsonl": lines(*range(5, 14)), "c.txt": "Kort."})
        workspace = Workspace(tmp_path / place / "w.duckdb")
        made.append((ingest_articles([str(tmp_path / place / "inbox")], workspace, SETTINGS), files(workspace.work)))
    assert made[0] == made[1]


def test_a_growing_inbox_is_read_once(inbox: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(inbox, {"a.jsonl": lines(*range(5)) + "{broken\n"})
    first = ingest_articles([str(inbox)], workspace, SETTINGS)
    put(inbox, {"b.jsonl": lines(5, 6, 0)})
    read: list[str] = []
    monkeypatch.setattr(ingest, "read_file", lambda file, limits: read.append(file.locator) or reading.read_file(file, limits))
    second = ingest_articles([str(inbox)], workspace, SETTINGS)
    assert read == ["b.jsonl"]
    assert second.batch_id != first.batch_id
    assert (second.records, second.new_articles, second.known, second.rejected) == (9, 2, 6, 1)
    assert balance(second)
    assert set(first.shards) < set(second.shards)  # were the first run killed before coding, nothing would stay uncoded
    assert sorted(stored_shards(workspace)) == sorted(second.shards)
    assert lake(workspace, "records")["record_id"].n_unique() == lake(workspace, "records").height == 9
    assert lake(workspace, "article_records")["article_id"].n_unique() == lake(workspace, "article_records").height == 7


def test_a_file_that_was_appended_to_doubles_nothing(inbox: Path, workspace: Workspace) -> None:
    put(inbox, {"a.jsonl": lines(*range(5)) + "{broken\n"})
    ingest_articles([str(inbox)], workspace, SETTINGS)
    put(inbox, {"a.jsonl": lines(*range(5)) + "{broken\n" + lines(7)})
    second = ingest_articles([str(inbox)], workspace, SETTINGS)
    assert (second.records, second.new_articles, second.known, second.rejected) == (7, 1, 5, 1)
    assert lake(workspace, "records")["record_id"].n_unique() == lake(workspace, "records").height == 7
    assert lake(workspace, "rejects").height == 1


def test_other_limits_read_the_files_again(inbox: Path, workspace: Workspace) -> None:
    put(inbox, {"a.jsonl": lines(1)})
    assert ingest_articles([str(inbox)], workspace, Settings(max_article_characters=100)).rejected == 1
    assert ingest_articles([str(inbox)], workspace, Settings()).new_articles == 1


def refused(_: str) -> None:
    raise PermissionError(13, "Permission denied")


def test_an_unreadable_file_is_tried_again(inbox: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    put(inbox, {"a.jsonl": lines(1)})
    with monkeypatch.context() as patched:
        patched.setattr(sources, "_open", refused)
        assert ingest_articles([str(inbox)], workspace, SETTINGS).rejected == 1
    assert lake(workspace, "rejects")["reason_code"][0] == "unreadable"
    assert ingest_articles([str(inbox)], workspace, SETTINGS).new_articles == 1


def test_an_empty_inbox_is_a_batch_of_nothing(inbox: Path, workspace: Workspace) -> None:
    batch = ingest_articles([str(inbox)], workspace, SETTINGS)
    assert (batch.records, batch.shards) == (0, ())
    assert lake(workspace, "records").schema == RECORDS.polars_schema


def test_two_runs_at_once(inbox: Path, workspace: Workspace) -> None:
    with ledger.only_ingestion(workspace), pytest.raises(WarehouseLocked, match="another run"):
        ingest_articles([str(inbox)], workspace, SETTINGS)


class Killed(BaseException):
    """Stands for a kill: no cleaning-up code may rely on it being handled."""


POINTS = [
    "write_partition",
    "note_stored",
    "_write_ledger",
    "write 0",
    "write 1",
    "write 2",
    "write 3",
    "_summary",
    "complete",
    "remove",
    "judge",
    "read",
]


def kill_at(point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise Killed

    if point.startswith("write "):
        original, left = ingest.Stage.write, [int(point[-1])]

        def write(*arguments: object) -> None:
            if not left[0]:
                raise Killed
            left[0] -= 1
            original(*arguments)  # type: ignore[arg-type]

        monkeypatch.setattr(ingest.Stage, "write", write)
        return
    owner = {"complete": ledger, "remove": ledger.Staging, "judge": ingest.Stage, "read": ingest.Stage, "note_stored": ingest.Stage}.get(
        point, ingest
    )
    monkeypatch.setattr(owner, point, killed)


@pytest.mark.parametrize("changed", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["same input", "changed input"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_then_run_again_is_never_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str, changed: bool) -> None:
    inbox = tmp_path / "inbox"
    killed, undisturbed = (Workspace(tmp_path / name / "w.duckdb") for name in ("killed", "undisturbed"))
    put(inbox, {"a.jsonl": lines(1, 2)})
    for workspace in (killed, undisturbed):
        ingest_articles([str(inbox)], workspace, SETTINGS)
    put(inbox, {"b.jsonl": lines(*range(12), 3) + "{broken\n", "c.txt": prose(5)})
    with monkeypatch.context() as patched, pytest.raises(Killed):
        kill_at(point, patched)
        ingest_articles([str(inbox)], killed, SETTINGS)
    if changed:
        put(inbox, {"b.jsonl": lines(*range(5, 14))})
        if point == "remove":  # the attempt had completed, so its batch stands
            return
    again, once = (ingest_articles([str(inbox)], workspace, SETTINGS) for workspace in (killed, undisturbed))
    assert again == once
    assert balance(again)
    assert files(killed.work) == files(undisturbed.work)


@pytest.mark.slow
def test_killed_for_real(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    put(inbox, {"a.jsonl": lines(*range(10))})
    workspace = Workspace(tmp_path / "w" / "w.duckdb")
    script = (
        "import os, sys; from pathlib import Path; from pipeline.articles import ingest; from pipeline.config import Settings, Workspace\n"
        "ingest._write_ledger = lambda *_: os.kill(os.getpid(), 9)\n"
        f"ingest.ingest_articles([{str(inbox)!r}], Workspace(Path({str(workspace.warehouse)!r})), Settings(shard_articles=4))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False, cwd=Path(__file__).parents[2]).returncode == -9
    assert list((workspace.lake / "article_records").glob("*.parquet"))
    assert not ledger.completed_batches(workspace)
    batch = ingest_articles([str(inbox)], workspace, SETTINGS)
    assert batch.new_articles == 10
    assert sorted(path.stem for path in (workspace.lake / "article_records").glob("*")) == sorted(batch.stored)


ONE = st.sampled_from(["article", "other", "broken", "spanish", "empty", "untitled"])


def written(kind: str, number: int) -> str:
    return {
        "article": json.dumps({"text": prose(number % 4), "title": "T"}),
        "other": json.dumps({"text": prose(number), "date": "2021-05-20"}),
        "broken": '{"text": ',
        "spanish": json.dumps({"text": "El presidente del gobierno viajó ayer a la capital para reunirse con los ministros europeos."}),
        "empty": json.dumps({"text": "  "}),
        "untitled": json.dumps({"headline": "no text"}),
    }[kind]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(st.lists(ONE, min_size=1, max_size=8), min_size=1, max_size=3), min_size=1, max_size=3))
def test_every_record_in_is_an_article_a_repeat_or_a_reject(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[list[str]]]
) -> None:
    folder = tmp_path_factory.mktemp("run")
    workspace = Workspace(folder / "w.duckdb")
    total = 0
    for number, batch_files in enumerate(batches):
        put(
            folder / "inbox",
            {f"{number}-{n}.jsonl": "\n".join(written(kind, total + n) for kind in kinds) + "\n" for n, kinds in enumerate(batch_files)},
        )
        total += sum(map(len, batch_files))
        batch = ingest_articles([str(folder / "inbox")], workspace, SETTINGS)
        assert balance(batch)
        assert batch.records == total
    rows, articles = lake(workspace, "records"), lake(workspace, "article_records")
    assert rows.height == rows["record_id"].n_unique() == total
    firsts = rows.filter(pl.col("article_id").is_not_null() & ~pl.col("is_repeat"))
    assert sorted(firsts["article_id"]) == sorted(articles["article_id"])
    assert rows["reject_id"].drop_nulls().n_unique() == lake(workspace, "rejects").height
    assert (rows["article_id"].is_null() != rows["reject_id"].is_null()).all()
    duplicates = lake(workspace, "duplicates")
    assert set(duplicates["article_id"]) <= set(articles["article_id"])
    assert set(duplicates["duplicate_of"]) <= set(articles["article_id"])


@pytest.mark.slow
@pytest.mark.skipif(not STORIES.is_dir(), reason="the Reuters and India stories are not here")
def test_all_stories_are_accounted_for() -> None:
    counted: dict[str, int] = {"article": 0}
    for found in reading.read_articles([str(STORIES)], Settings()):
        if isinstance(found, Reject):
            counted[found.reason] = counted.get(found.reason, 0) + 1
        else:
            assert isinstance(found, Article)
            assert "â€œ" not in found.text
            counted["article"] += 1
    assert counted == {"article": 20_299}
