"""What others do meanwhile, and what the clock says, changes nothing: readers, a second run, time zones, a clock that was set back."""

import os
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.config import Settings
from pipeline.errors import WarehouseLocked
from pipeline.warehouse import held_batches, note_audit, publish_afresh, publish_release
from tests.articles.article_samples import BODY
from tests.test_flow import SAMPLE
from tests.warehouse.factory import NOW, VERSION, Bench, a, bench, m

pytestmark = pytest.mark.slow  # many publications, whole runs

_CONSISTENT = """
select max(release_number), max_by(events_count, release_number) = (select count(*) from events),
    (select count(*) from event_mentions) = (select sum(mention_count) from events)
from releases
"""


def publish(warehouse: Bench, now=NOW) -> int:
    for batch_id in held_batches(warehouse.workspace, Settings()):
        note_audit(batch_id, "passed", warehouse.workspace, Settings())
    return publish_release("b1", "passed", warehouse.workspace, VERSION, now).number


def test_readers_see_one_release_or_the_next_while_files_are_swapped(tmp_path: Path, is_long: bool) -> None:
    """Six swaps a release: its own, and five of the file written afresh."""
    last = 10 if is_long else 3
    warehouse = bench(tmp_path)
    publish(warehouse.build(a("x0", m("USA", "CONSULT", "RUS", on="2021-05-01"))))
    seen: list[tuple[int, bool, bool]] = []
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            with duckdb.connect(str(warehouse.workspace.warehouse), read_only=True) as reader:
                seen.extend(reader.execute(_CONSISTENT).fetchall())
            is_over.wait(0.02)

    reading = threading.Thread(target=read)
    reading.start()
    for number in range(1, last + 1):
        publish(warehouse.build(a(f"x{number}", m("USA", "CONSULT", "RUS", on=f"2021-05-{number + 1:02}")), batch_id=f"b{number + 1}"))
        for _ in range(5):
            publish_afresh(warehouse.workspace, Settings())
    is_over.set()
    reading.join()
    assert len(seen) > 6 * last
    assert all(is_of_release and adds_up for _, is_of_release, adds_up in seen)
    numbers = [number for number, *_ in seen]
    assert numbers == sorted(numbers) and numbers[-1] >= last


def test_a_clock_that_was_set_back_disorders_no_release(tmp_path: Path) -> None:
    warehouse = bench(tmp_path)
    assert publish(warehouse.build(a("x", m("USA", "CONSULT", "RUS", on="2021-05-19")))) == 1
    assert publish(warehouse.build(a("y", m("USA", "AID", "UKR", on="2021-05-10")), batch_id="b2"), NOW - timedelta(days=400)) == 2
    assert warehouse.rows("select valid_from_release, count(*) from events group by all order by all") == [(1, 1), (2, 1)]


_INGESTED_AND_CODED = """
import sys
from pathlib import Path
from pipeline.articles import ingest_articles
from pipeline.coder import Coder
from pipeline.coding.shard import code_shard
from pipeline.config import Settings, Workspace
workspace = Workspace(Path(sys.argv[2]), "")
batch = ingest_articles([sys.argv[1]], workspace, Settings())
for shard in batch.shards:
    code_shard(shard, workspace, Coder(), {}, False, lambda *_: None)
"""


def test_the_time_zone_of_the_machine_does_not_matter(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "dated.txt").write_text(f"Title: Talks\nDate: 2021-05-19T23:30:00-05:00\n\n{BODY}")
    (inbox / "friday.txt").write_text("Title: Recall\nDate: 2022-03-05\n\nNorway recalled its ambassador from Chad on Friday.\n")
    lakes = []
    for zone in ("Pacific/Kiritimati", "America/Anchorage"):
        warehouse = tmp_path / zone / "warehouse.duckdb"
        done = subprocess.run(
            [sys.executable, "-c", _INGESTED_AND_CODED, str(inbox), str(warehouse)], env=os.environ | {"TZ": zone}, capture_output=True
        )
        assert done.returncode == 0, done.stderr
        lake = warehouse.parent / "work" / "warehouse" / "lake"
        lakes.append({str(path.relative_to(lake)): path.read_bytes() for path in lake.rglob("*.parquet")})
    assert len(lakes[0]) > 5
    assert lakes[0] == lakes[1]


def test_two_runs_at_once_are_one(tmp_path: Path) -> None:
    """Whoever comes second waits for nothing and says so; run again, it finds all done."""
    warehouse = tmp_path / "warehouse.duckdb"
    article = SAMPLE / "northern-wire/2021/2021-05-19_blinken-lavrov.txt"
    command = [sys.executable, "-m", "pipeline.cli", "run", str(article), "--warehouse", str(warehouse), "--workers", "1"]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert {code for _, code in ends} <= {0, WarehouseLocked.exit_code}, ends
    assert 0 in {code for _, code in ends} or not warehouse.exists()
    again = subprocess.run(command, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        assert connection.execute("select count(*) from articles").fetchall() == [(1,)]
        assert connection.execute("select max(release_number) from releases").fetchall() == [(1,)]
