"""An article that breaks the coder is set aside alone, whatever it does: it raises, hangs, takes all memory, or crashes the process."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipeline import coding
from pipeline.cli import app
from pipeline.coding import code_shards, supervisor
from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLE_RECORDS
from pipeline.errors import CodingFailed
from pipeline.partitions import write_partition

pytestmark = pytest.mark.slow  # starts processes that code

# Runs in the coder's process before all else: words in an article then do what a fault in a library would.
_FAULTS = """
import ctypes, os, sys, time
if "pipeline.coding.worker" in sys.orig_argv:
    from pipeline.coder import coder

    def find_dates(document, find_dates=coder.find_dates):
        if "poisonously" in document.text:
            raise RecursionError("too deep")
        if "endlessly" in document.text:
            time.sleep(1000)
        if "greedily" in document.text:
            [bytearray(2**20) for _ in range(2000)]
        if "violently" in document.text:
            ctypes.string_at(0)
        if "mortally" in document.text:
            os.kill(os.getpid(), 9)
        return find_dates(document)

    coder.find_dates = find_dates
"""
ARTICLE = "Zambia released forty fishermen from Angola {} on Friday, a spokesman said in the capital."
EXPECTED = {
    "poisonously": "RecursionError: too deep",
    "endlessly": "took longer than ",
    "greedily": "MemoryError",
    "violently": "the coder's process crashed: SIGSEGV",
    "mortally": "the coder's process crashed: SIGKILL",
}


@pytest.fixture
def faulty_coder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(_FAULTS)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'site'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


def shard_of(workspace: Workspace, *adverbs: str) -> str:
    """A partition with an article for each adverb."""
    rows = [
        {"article_id": adverb, "content_hash": adverb, "language": "en", "text": ARTICLE.format(adverb), "text_length": 90,
         "band_hashes": [], "signature": []}
        for adverb in adverbs
    ]  # fmt: skip
    frame = pl.DataFrame(
        [{name: row.get(name) for name in ARTICLE_RECORDS.column_names} for row in rows], schema=ARTICLE_RECORDS.polars_schema
    )
    write_partition(frame, ARTICLE_RECORDS, workspace.lake / "article_records" / "shard.parquet")
    return "shard"


def coded(workspace: Workspace, shard: str) -> dict[str, str | None]:
    """Failure by article."""
    with duckdb.connect() as connection:
        rows = connection.execute(f"select article_id, failure from '{coding.coded_path(shard, workspace)}'").fetchall()
    return dict(rows)


def test_poison_of_every_kind_is_set_aside_alone_and_told_as_rejects(
    tmp_path: Path, faulty_coder: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DRAGOMAN_ARTICLE_SECONDS", "10")
    (tmp_path / "inbox").mkdir()
    for adverb in ("safely", *EXPECTED):
        (tmp_path / "inbox" / f"{adverb}.txt").write_text(f"Date: 2022-03-04\n\n{ARTICLE.format(adverb)}")
    warehouse = tmp_path / "warehouse.duckdb"
    done = CliRunner().invoke(app, ["run", str(tmp_path / "inbox"), "--warehouse", str(warehouse), "--workers", "2"])
    assert done.exit_code == 4, done.output
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        told = connection.execute("select locator, evidence from rejects where reason_code = 'coder_failed'").fetchall()
        assert {name: evidence.startswith(EXPECTED[name.removesuffix(".txt")]) for name, evidence in told} == {
            f"{adverb}.txt": True for adverb in EXPECTED
        }
        assert connection.execute("select sum(records_in), sum(coded), sum(rejected) from coverage").fetchall() == [(6, 1, 5)]


def test_a_worker_killed_once_from_outside_blames_nobody(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w.duckdb")
    shard = shard_of(workspace, *(f"adverb{number}" for number in range(60)))
    started: list[subprocess.Popen[bytes]] = []

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *arguments: object, **rest: object) -> None:
            super().__init__(*arguments, **rest)  # type: ignore[call-overload]
            started.append(self)

    def kill_the_first() -> None:
        while not started:
            time.sleep(0.01)
        time.sleep(0.5)
        started[0].send_signal(signal.SIGKILL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(supervisor.subprocess, "Popen", Watched)
        killer = threading.Thread(target=kill_the_first)
        killer.start()
        try:
            code_shards([shard], workspace, Settings(), 1)
        except CodingFailed as error:  # killed while it was loading
            assert "does not start" in str(error)
            code_shards([shard], workspace, Settings(), 1)
        killer.join()
    assert set(coded(workspace, shard).values()) == {None}


# Speaks as the coder's process does, and is killed from outside with article a in hand until it is told to leave that one out.
_KILLED = """
import json, os, sys
print(json.dumps({"ready": True}), flush=True)
job = json.loads(sys.stdin.readline())
with open(sys.argv[1], "a") as told:
    print(json.dumps(job["failures"]), file=told)
if "a" in job["failures"]:
    print(json.dumps({"coded": "shard"}), flush=True)
else:
    print(json.dumps({"taken": "a"}), flush=True)
    os.kill(os.getpid(), 9)
"""


def test_an_article_is_blamed_when_its_process_is_killed_a_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_COMMAND", (sys.executable, "-c", _KILLED, str(tmp_path / "told")))
    code_shards(["shard"], Workspace(tmp_path / "w.duckdb"), Settings(), 1)
    told = [json.loads(line) for line in (tmp_path / "told").read_text().splitlines()]
    assert told == [{}, {}, {"a": "the coder's process crashed: SIGKILL"}]


def test_a_coder_that_does_not_start_is_told_and_blames_no_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "_COMMAND", (sys.executable, "-c", "raise SystemExit(3)"))
    workspace = Workspace(tmp_path / "w.duckdb")
    with pytest.raises(CodingFailed, match="does not start .*ended with 3"):
        code_shards([shard_of(workspace, "safely")], workspace, Settings(), 1)


def test_a_damaged_partition_is_no_fault_of_an_article(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "w.duckdb")
    shard = shard_of(workspace, "safely")
    (workspace.lake / "article_records" / "shard.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(CodingFailed, match="shard: "):
        code_shards([shard], workspace, Settings(), 1)
    assert not coding.is_coded(shard, workspace)


def test_what_was_refused_is_tried_again(tmp_path: Path, faulty_coder: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A larger limit lets a record in, and a mended coder codes the article that it broke on."""
    warehouse, inbox = tmp_path / "warehouse.duckdb", tmp_path / "inbox"
    inbox.mkdir()
    for name, text in (("poison", ARTICLE.format("poisonously")), ("long", f"{ARTICLE.format('safely')} {'It rained. ' * 50}")):
        (inbox / f"{name}.txt").write_text(f"Date: 2022-03-04\n\n{text}")

    def told(*arguments: object) -> tuple[int, list[tuple[str, str]]]:
        done = CliRunner().invoke(app, [str(argument) for argument in (*arguments, "--warehouse", warehouse, "--workers", 1)])
        with duckdb.connect(str(warehouse), read_only=True) as connection:
            return done.exit_code, connection.execute("select locator, reason_code from rejects order by all").fetchall()

    with monkeypatch.context() as limited:
        limited.setenv("DRAGOMAN_MAX_ARTICLE_CHARACTERS", "300")
        assert told("run", inbox) == (4, [("long.txt", "too_many_characters"), ("poison.txt", "coder_failed")])
    monkeypatch.delenv("PYTHONPATH")
    assert told("rejects", "retry", inbox) == (0, [])
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute("select outcome, count(*) from articles group by all").fetchall() == [("coded", 2)]
        assert connection.execute("select sum(records_in), sum(coded), sum(rejected) from coverage").fetchall() == [(2, 2, 0)]
