"""Publishing: releases, their changes, and the swap."""

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.contracts import PUBLIC
from pipeline.errors import InputError
from pipeline.warehouse import Release, build_tables, publish_release, publishing
from pipeline.warehouse.load import load_batch
from tests.warehouse.factory import NOW, VERSION, Bench, a, code, m, reference, rejected, write_batch

pytestmark = pytest.mark.slow  # whole builds

MEETING = m("USA", "CONSULT", "RUS", on="2021-05-19")
AID = m("USA", "AID", "UKR", on="2021-05-10")


def publish(warehouse: Bench, batch_id: str = "b1", days: int = 0) -> Release:
    return publish_release(batch_id, "passed", warehouse.workspace, VERSION, NOW + timedelta(days=days))


def published(warehouse: Bench, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse.workspace.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def test_the_published_file_holds_the_public_tables_only(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING)))
    tables = published(warehouse, "select schema_name, table_name from duckdb_tables() order by all")
    assert tables == sorted(("main", table.name) for table in PUBLIC)
    assert published(warehouse, "select count(*) from duckdb_columns() where not internal and comment is null") == [(0,)]
    assert published(warehouse, "select comment from duckdb_tables() where table_name = 'events'") == [
        ("One row: a distinct event: date, source, target, type, place",)
    ]
    assert not [path.name for path in warehouse.workspace.warehouse.parent.iterdir() if "publishing" in path.name]


def test_releases_tell_what_they_changed(warehouse: Bench) -> None:
    first = publish(warehouse.build(a("x", MEETING), a("y", AID)))
    assert (first.number, first.is_new, first.added, first.changed, first.withdrawn) == (1, True, 2, 0, 0)
    second = publish(warehouse.build(a("z", MEETING), batch_id="b2"), "b2", days=1)
    assert (second.number, second.is_new, second.added, second.changed, second.withdrawn) == (2, True, 0, 1, 0)
    code(warehouse.workspace, "b1-0", [a("x", MEETING), a("y")], version="test-2")
    load_batch("b1", ["b1-0"], warehouse.workspace, reference(), "test-2")
    third = publish(warehouse.build(), days=2)
    assert (third.number, third.added, third.changed, third.withdrawn) == (3, 0, 1, 1)  # the meeting's coder version changed
    assert published(warehouse, "select release_number, batch_id, events_count, validation from releases order by 1") == [
        (1, "b1", 2, "passed"),
        (2, "b2", 2, "passed"),
        (3, "b1", 1, "passed"),
    ]
    last_changes = "select change, content_hash is null from changes join releases using (release_id) where release_number = 3 order by all"
    assert published(warehouse, last_changes) == [("changed", False), ("withdrawn", True)]


def test_equal_content_is_no_new_release(warehouse: Bench) -> None:
    first = publish(warehouse.build(a("x", MEETING)))
    inode = warehouse.workspace.warehouse.stat().st_ino
    again = publish(warehouse.build(a("x", MEETING)), days=1)
    assert again == replace(first, is_new=False)
    assert warehouse.workspace.warehouse.stat().st_ino == inode


def test_content_that_returns_is_a_release_of_its_own(warehouse: Bench) -> None:
    shards = write_batch(warehouse.workspace, "b1", [a("x", MEETING)])
    ids = []
    for version, mentions in (("test-1", [MEETING]), ("test-2", []), ("test-1", [MEETING])):
        code(warehouse.workspace, shards[0], [a("x", *mentions)], version)
        load_batch("b1", shards, warehouse.workspace, reference(), version)
        build_tables(warehouse.workspace)
        ids.append(publish(warehouse).release_id)
    assert len(set(ids)) == 3


def test_a_kill_between_record_and_swap_is_made_good(warehouse: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(warehouse.build(a("x", MEETING)))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "_swap", killed)
        with pytest.raises(KeyboardInterrupt):
            publish(warehouse.build(a("y", AID), batch_id="b2"), "b2")
    assert published(warehouse, "select count(*) from events") == [(1,)]
    made_good = publish(warehouse, "b2")
    assert (made_good.number, made_good.is_new) == (2, False)
    assert published(warehouse, "select count(*) from events") == [(2,)]


def test_a_damaged_published_file_is_replaced(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING)))
    warehouse.workspace.warehouse.write_bytes(b"no database")
    publish(warehouse)
    assert published(warehouse, "select count(*) from events") == [(1,)]


def test_remains_of_a_killed_publication_are_removed(warehouse: Bench) -> None:
    remains = warehouse.workspace.warehouse.parent / f".{warehouse.workspace.warehouse.name}.k1ll3d.publishing"
    remains.mkdir()
    (remains / "warehouse.duckdb").write_bytes(b"half")
    publish(warehouse.build(a("x", MEETING)))
    assert not remains.exists()


def test_nothing_is_published_before_it_is_built(warehouse: Bench) -> None:
    with pytest.raises(InputError, match="has no table events; build the tables"):
        publish(warehouse)


def test_a_release_brings_the_spare_file_up_to_date(warehouse: Bench) -> None:
    """What is swapped in holds the same rows, whichever way it was made."""
    told = {"x": [MEETING], "y": [AID], "z": [MEETING, AID], "w": [m("RUS", "ACCUSE", "USA", on="2021-06-02")], "v": []}
    inodes = []
    for number, (name, mentions) in enumerate(told.items()):
        publish(warehouse.build(a(name, *mentions, published=f"2021-0{number + 1}-20"), batch_id=name), name)
        inodes.append(warehouse.workspace.warehouse.stat().st_ino)
    assert inodes[2] == inodes[0] or inodes[3] == inodes[1]  # the first ones are written anew: little stood there before
    brought = contents(warehouse)
    (warehouse.workspace.work / "spare.duckdb").unlink()
    warehouse.workspace.warehouse.unlink()
    publish(warehouse)
    assert contents(warehouse) == brought


def contents(warehouse: Bench) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: sorted(published(warehouse, f"from {table.name}"), key=repr) for table in PUBLIC}


PATIENT_READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
print("open", flush=True)
sys.stdin.read()
print(connection.sql("select event_type from events").fetchall())
"""


def test_a_spare_that_is_still_read_is_left_alone(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING)))
    command = [sys.executable, "-c", PATIENT_READER, str(warehouse.workspace.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None and reader.stdout is not None
        reader.stdout.readline()
        for number in range(2, 5):
            publish(warehouse.build(a(f"y{number}", AID, published=f"2021-05-{number:02}"), batch_id=f"b{number}"), f"b{number}")
        assert published(warehouse, "select count(*) from articles") == [(4,)]
        reader.stdin.close()
        assert reader.stdout.read().count("CONSULT") == 1


def test_events_as_they_were(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING), a("y", AID)))
    publish(warehouse.build(a("z", MEETING), batch_id="b2"), "b2")
    code(warehouse.workspace, "b1-0", [a("x", MEETING), a("y")], version=VERSION + "+")
    load_batch("b1", ["b1-0"], warehouse.workspace, reference(), VERSION + "+")
    publish(warehouse.build())
    as_of = (
        "select event_type, article_count, valid_to_release from events where valid_from_release <= {0} union all select event_type, "
        "article_count, valid_to_release from event_versions where valid_from_release <= {0} and valid_to_release > {0} order by 1"
    )
    assert published(warehouse, as_of.format(1)) == [("AID", 1, 3), ("CONSULT", 1, 2)]
    assert published(warehouse, as_of.format(2)) == [("AID", 1, 3), ("CONSULT", 2, 3)]
    assert published(warehouse, as_of.format(3)) == [("CONSULT", 2, None)]


def test_an_event_that_comes_back_before_anyone_saw_it_gone_never_changed(warehouse: Bench) -> None:
    first = publish(warehouse.build(a("x", MEETING), a("y", AID)))
    shards = ["b1-0"]
    for mentions in ([], [MEETING]):
        code(warehouse.workspace, shards[0], [a("x", *mentions), a("y", AID)], VERSION)
        with duckdb.connect(str(warehouse.workspace.work_file)) as connection:
            connection.execute("delete from raw.coded_articles where article_id = 'x'")  # as if it had been coded by another version
        load_batch("b1", shards, warehouse.workspace, reference(), VERSION)
        build_tables(warehouse.workspace)
    second = publish(warehouse)
    assert (first.number, second.added, second.changed, second.withdrawn) == (1, 0, 0, 0)
    assert published(warehouse, "select distinct valid_from_release from events") == [(1,)]


READER = """
import sys, duckdb
connection = duckdb.connect(sys.argv[1], read_only=True)
for line in sys.stdin:
    if line.startswith("again"):
        connection.close()
        connection = duckdb.connect(sys.argv[1], read_only=True)
    counts = "select max(release_number), (select count(*) from events), (select count(*) from articles) from releases"
    print(connection.execute(counts).fetchone(), flush=True)
"""


def test_an_open_reader_keeps_its_release_until_it_opens_again(warehouse: Bench, tmp_path: Path) -> None:
    publish(warehouse.build(a("x", MEETING)))
    script = tmp_path / "reader.py"
    script.write_text(READER)
    command = [sys.executable, str(script), str(warehouse.workspace.warehouse)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as reader:
        assert reader.stdin is not None and reader.stdout is not None

        def ask(what: str) -> str:
            reader.stdin.write(f"{what}\n")
            reader.stdin.flush()
            return str(reader.stdout.readline()).strip()

        assert ask("now") == "(1, 1, 1)"
        publish(warehouse.build(a("y", AID), batch_id="b2"), "b2")
        assert ask("now") == "(1, 1, 1)"
        assert ask("again") == "(2, 2, 2)"
        reader.stdin.close()


def test_who_has_the_old_file_open_reads_it_to_its_end(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING)))
    file = warehouse.workspace.warehouse
    before = file.read_bytes()
    with file.open("rb") as reader:
        publish(warehouse.build(a("y", AID), batch_id="b2"), "b2")
        assert reader.read() == before != file.read_bytes()


def test_a_correction_withdraws_what_it_no_longer_says_and_a_notice_the_rest(warehouse: Bench) -> None:
    address = {"url": "wire.example/talks", "publisher": "Wire"}
    publish(warehouse.build(a("old", MEETING, AID, **address), a("other", MEETING, publisher="Post", published="2021-05-19")))
    second = publish(warehouse.build(a("new", MEETING, published="2021-05-21", **address), batch_id="b2"), "b2", days=1)
    assert (second.added, second.changed, second.withdrawn) == (0, 0, 1)  # the meeting is told as before
    told = "select article_id, outcome, replaced_by, event_count from articles order by all"
    assert published(warehouse, told) == [("new", "coded", None, 1), ("old", "duplicate", "new", 0), ("other", "coded", None, 1)]
    assert published(warehouse, "select mention_count, article_count, publisher_count from events") == [(2, 2, 2)]

    refused, notice = rejected("kill.json", "b3", reason="retracted")
    about = {"canonical_url": address["url"], "published_at": NOW}
    third = publish(warehouse.build(batch_id="b3", records=[refused], rejects=[notice | about]), "b3", days=2)
    assert (third.added, third.changed, third.withdrawn) == (0, 1, 0)
    assert published(warehouse, told)[0] == ("new", "rejected", None, 0)
    assert published(warehouse, "select mention_count, article_count from events") == [(1, 1)]
    assert published(warehouse, "select reason_code, locator from rejects order by all") == [
        ("retracted", "Wire/new.txt"),
        ("retracted", "kill.json"),
    ]
    balance = "select sum(records_in) = sum(coded + without_event + duplicate + rejected), sum(rejected) from coverage"
    assert published(warehouse, balance) == [(True, 2)]
