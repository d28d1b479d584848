"""The data beside the explorer's pages are the published tables, and only what changed is written anew."""

import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.config import Settings, Workspace
from pipeline.contracts import EVENT_TYPES, STATUSES
from pipeline.site import explorer, release, write_explorer
from pipeline.warehouse import publish_release
from tests.site.data_files import rows_of, unpacked
from tests.warehouse.factory import NOW, VERSION, a, bench, m
from tests.warehouse.published import article, event, mention, publish_rows, sample

pytestmark = pytest.mark.slow  # warehouses are published, explorers written


def written(workspace: Workspace) -> Path:
    return write_explorer(workspace, Settings()).parent


def test_the_bundle_is_that_of_its_sources():
    app = Path(explorer.__file__).parent / "app"
    sources = [app / "package-lock.json", *sorted((app / "src").iterdir())]
    told = (app.parent / "bundle" / "explorer.js").read_text(encoding="utf-8").partition("\n")[0]
    assert hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest() in told, "run `make explorer`"
    assert "resolved" not in sources[0].read_text() and "://" not in sources[0].read_text()


def files(site: Path) -> dict[str, int]:
    """Data files, and when they were written."""
    return {path.relative_to(site / "data").as_posix(): path.stat().st_mtime_ns for path in (site / "data").rglob("*.js")}


def test_an_event_is_told_with_its_sentences_and_their_articles(tmp_path):
    site = written(sample(tmp_path))
    told = unpacked(site / "data" / "events" / "e.js")
    assert [(row["event_id"], row["event_date"], row["contexts"]) for row in told["events"]] == [
        ("e1", "2021-05-19", "diplomatic, environment")
    ]
    assert [(row["mention_id"], row["source_text"], row["publisher_name"], row["title"]) for row in told["reports"]] == [
        ("m1", "Mr Blinken", "Wire", "They met"), ("m2", "Mr Blinken", "Wire", "They met"),
    ]  # fmt: skip


def test_an_article_is_told_with_what_its_text_says(tmp_path):
    site = written(sample(tmp_path))
    told = unpacked(site / "data" / "articles" / "a.js")
    assert [row["text"][40:50] for row in told["articles"]] == ["s here. Mr"]
    assert [(row["event_id"], row["trigger_start"]) for row in told["mentions"]] == [("e1", 51), ("e1", 51)]


def test_columns_hold_no_nulls_and_ids_lie_in_their_order(tmp_path):
    unknown = dict.fromkeys(("source_actor_id", "source_name", "source_country", "place_id", "place_name", "latitude", "mode"))
    rows = [
        event("e2"),
        event("e1", event_date=None, event_date_end=None),
        event("e3", **unknown),
        event("e4", event_date=date(1945, 5, 8)),
    ]
    site = written(publish_rows(tmp_path, {"events": rows}))
    year = unpacked(site / "data" / "columns" / "2021.js")["events"]
    assert unpacked(site / "data" / "ids" / "2021.js")["ids"] == "e2\ne3"
    assert [(row["event_date"], row["source_name"], row["place_name"], row["mode"]) for row in year] == [
        (18766, "Antony Blinken", "Reykjavik", "meet"), (18766, "", "", ""),
    ]  # fmt: skip
    assert year[1]["latitude"] != year[1]["latitude"]  # NaN
    assert unpacked(site / "data" / "columns" / "undated.js")["events"][0]["event_date"] == -(2**31)
    assert unpacked(site / "data" / "columns" / "earlier.js")["events"][0]["event_date"] < 0


def test_an_event_has_every_publisher_that_tells_its_text(tmp_path):
    world = bench(tmp_path).build(
        a("a1", m("blinken", "CONSULT", "lavrov", on="2021-05-19"), publisher="Wire"),
        a("a2", publisher="Herald", duplicate_of="a1"),
        a("a3", publisher="Post"),
    )
    publish_release("b1", "passed", world.workspace, VERSION, NOW)
    site = written(world.workspace)
    names = {row["publisher_id"]: row["publisher_name"] for row in unpacked(site / "data" / "release.js")["release"]["publishers"]}
    assert sorted(names[row["publisher_id"]] for row in rows_of(site, "columns", "publishers")) == ["Herald", "Wire"]


def random_events(count: int, source: random.Random) -> list[dict]:
    rows = []
    for _ in range(count):
        day = date(2019, 1, 1) + timedelta(days=source.randrange(900))
        drawn = {
            "event_type": source.choice(EVENT_TYPES),
            "status": source.choice(STATUSES),
            "source_country": source.choice(["USA", "RUS", None]),
        }
        rows.append(event(f"{source.getrandbits(80):020x}", event_date=day, event_date_end=day, **drawn))
    return rows


def test_every_event_lies_in_one_file_of_each_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(release, "_MOST_ROWS", 4)
    monkeypatch.setattr(explorer, "_ROWS_AT_ONCE", 7)
    rows = random_events(300, random.Random(1))
    mentions = [mention(f"m{number}", row["event_id"]) for number, row in enumerate(rows)]
    site = written(publish_rows(tmp_path, {"events": rows, "event_mentions": mentions, "articles": [article()]}))
    ids = sorted(row["event_id"] for row in rows)
    told = unpacked(site / "data" / "release.js")["release"]
    assert sorted(row["event_id"] for row in rows_of(site, "events", "events")) == ids
    assert sorted(row["event_id"] for row in rows_of(site, "events", "reports")) == ids
    assert sorted(one for path in (site / "data" / "ids").iterdir() for one in unpacked(path)["ids"].split()) == ids
    assert {row["year"]: row["events"] for row in told["years"]} == {
        path.stem: len(unpacked(path)["events"]) for path in (site / "data" / "columns").iterdir()
    }
    named = {path.stem for path in (site / "data" / "events").iterdir()}
    assert named == {one[: told["depths"]["events"]] for one in ids} and told["depths"]["events"] == 2


def test_only_what_changed_is_written_anew(tmp_path):
    rows = random_events(40, random.Random(2))
    former = files(written(publish_rows(tmp_path, {"events": rows})))
    assert files(written(Workspace(tmp_path / "warehouse.duckdb"))) == former
    changed = rows[7]
    changed["confidence"] = 0.11
    site = written(publish_rows(tmp_path, {"events": rows}, release_number=2))
    now = files(site)
    of_year = f"{changed['event_date'].year}.js"
    assert {name for name in now if now[name] != former[name]} == {
        f"columns/{of_year}",
        f"events/{changed['event_id'][0]}.js",
        "release.js",
    }
    assert 0.11 in [row["confidence"] for row in rows_of(site, "events", "events")]


def test_of_too_many_events_there_are_no_files(tmp_path):
    workspace = publish_rows(tmp_path, {"events": random_events(5, random.Random(5))})
    site = written(workspace)
    write_explorer(workspace, Settings(explorer_events=4))
    assert unpacked(site / "data" / "release.js")["release"]["is_left_out"] and list(files(site)) == ["release.js"]
    write_explorer(workspace, Settings(explorer_events=5))
    assert len(rows_of(site, "columns", "events")) == 5


def test_what_was_withdrawn_has_no_file(tmp_path):
    written(publish_rows(tmp_path, {"events": [event("a1"), event("b1", event_date=date(2011, 1, 1))]}))
    site = written(publish_rows(tmp_path, {"events": [event("a1")]}, release_number=2))
    assert sorted(files(site)) == ["columns/2021.js", "events/a.js", "ids/2021.js", "release.js"]


def test_writing_that_was_cut_off_is_made_up_for(tmp_path, monkeypatch):
    rows = random_events(40, random.Random(3))
    with monkeypatch.context() as cut:
        cut.setattr(explorer, "_remove_others", lambda *_: (_ for _ in ()).throw(OSError("no space")))
        with pytest.raises(OSError, match="no space"):
            written(publish_rows(tmp_path / "cut", {"events": rows}))
    resumed, whole = written(publish_rows(tmp_path / "cut", {"events": rows})), written(publish_rows(tmp_path / "whole", {"events": rows}))
    for name in files(whole):
        assert (resumed / "data" / name).read_bytes() == (whole / "data" / name).read_bytes()


def test_the_data_fit_what_sql_says(tmp_path):
    workspace = publish_rows(tmp_path, {"events": random_events(100, random.Random(4))})
    told = rows_of(written(workspace), "columns", "events")
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        for column in ("event_type", "status", "source_country"):
            counted = f"select coalesce({column}, ''), count(*) from events group by 1"
            assert dict(connection.execute(counted).fetchall()) == {
                value: sum(row[column] == value for row in told) for value in {row[column] for row in told}
            }
