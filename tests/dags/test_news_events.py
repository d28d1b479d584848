"""The DAGs on real Airflow, in a home of its own, offline: run whole by `dag.test()`, as a user's inbox would be."""

import filecmp
import json
import sqlite3
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from tests.dags.airflow_process import ARTICLE, DAGS, RUN, airflow, listed, make_home, python, run_dag

pytestmark = pytest.mark.slow  # Airflow takes seconds to start, and to run a task


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return make_home(tmp_path_factory.mktemp("airflow"))


def published(home: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(home / "out" / "warehouse.duckdb"), read_only=True) as warehouse:
        return warehouse.execute(sql).fetchall()


def test_a_file_in_the_inbox_is_published(home):
    (home / "inbox" / "border.txt").write_text(ARTICLE)

    assert set(run_dag(home, "news_events").values()) == {"success"}

    met = "select count(*) from events where event_type = 'CONSULT' and (source_country, target_country) = ('ZMB', 'AGO')"
    assert published(home, met) == [(1,)]
    assert (home / "out" / "site" / "warehouse" / "index.html").exists()


def test_an_inbox_with_nothing_new_changes_nothing(home):
    assert run_dag(home, "news_events")["run"] == "success"
    assert published(home, "select max(release_number) from releases") == [(1,)]


def test_the_events_of_the_assets_tell_rows(home):
    first = "select name, event.extra, min(event.id) from asset_event as event join asset on asset.id = asset_id group by name"
    with sqlite3.connect(home / "airflow.db") as database:
        extra = {name: json.loads(told) for name, told, _ in database.execute(first)}
    assert extra["dragoman_articles"] == {"records": 1, "new_articles": 1, "known": 0, "duplicates": 0, "rejected": 0}
    assert extra["dragoman_warehouse"]["release"] == 1
    assert extra["dragoman_warehouse"]["rows"]["articles"] == 1
    assert extra["dragoman_report"]["outcome"] in ("passed", "warned")


def test_an_interval_is_coded_again_and_the_daily_round_is_made(home):
    assert set(run_dag(home, "recode", conf={"since": "2022-03-01", "until": "2022-03-31"}).values()) == {"success"}
    assert published(home, "select max(release_number) from releases") == [(1,)]  # by the same coder: the same events
    expired = {"DRAGOMAN_TEXT_RETENTION_DAYS": "30", "DRAGOMAN_EXPORTS": "edges"}
    assert set(run_dag(home, "upkeep", **expired).values()) == {"success"}
    assert published(home, "select count(*), count(text) from articles") == [(1, 0)]
    assert (home / "out" / "exports" / "warehouse" / "edges" / "datapackage.json").exists()


def test_the_scheduler_finds_the_dags_without_errors(home):
    airflow(home, "dags", "reserialize")
    assert sorted(dag["dag_id"] for dag in listed(home, "dags", "list")) == ["news_events", "recode", "upkeep"]
    assert listed(home, "dags", "list-import-errors") == []


def test_no_credential_is_in_what_airflow_keeps(home):
    """A run that fails at an inbox with a password, and DAGs whose lake has one: output, database, logs."""
    given = {
        "DRAGOMAN_INBOX": "ftp://me:c4n4ry-ftp@127.0.0.1:9/news",
        "DRAGOMAN_REPORT_URL": "https://me:c4n4ry-report@reports.org",
        "AWS_SECRET_ACCESS_KEY": "c4n4ry-aws",
    }
    said = python(home, "-c", RUN, str(DAGS), "news_events", "{}", **given)
    assert '"ingest": "failed"' in said and "ftp://***@127.0.0.1:9/news" in said
    assert [line for line in said.splitlines() if "c4n4ry" in line] == []
    airflow(home, "dags", "reserialize", **given, DRAGOMAN_LAKE="s3://AKIA:c4n4ry/lake@news/lake")
    with sqlite3.connect(home / "airflow.db") as database:
        assert ("s3://news/lake/warehouse",) in database.execute("select uri from asset").fetchall()
    assert [path for path in home.rglob("*") if path.is_file() and b"c4n4ry" in path.read_bytes()] == []


def test_a_backfill_in_any_order_gives_the_same_warehouse(tmp_path):
    """Two slices of a quarter of an hour, the later one first, beside one run over the files in order."""
    home = make_home(tmp_path)
    slices = []
    for quarter, place in (("0000", "Lusaka"), ("0015", "Luanda")):
        folder = home / "inbox" / "2022-03-04" / quarter
        folder.mkdir(parents=True)
        (folder / "border.txt").write_text(ARTICLE.replace("in Lusaka", f"in {place}").replace("forty", f"some in {place}, forty"))
        slices.append(folder)
    sliced = {"DRAGOMAN_INBOX": str(home / "inbox" / "%Y-%m-%d" / "%H%M")}
    for end in ("00:30", "00:15"):
        assert run_dag(home, "news_events", at=f"2022-03-04T{end}:00+00:00", **sliced)["run"] == "success"

    undisturbed = home / "undisturbed" / "warehouse.duckdb"
    for arguments in (
        ["run", *map(str, slices), "--warehouse", str(undisturbed), "--workers", "1"],
        ["export", "canonical", "--warehouse", str(undisturbed), "--output", str(home / "one")],
        ["export", "canonical", "--warehouse", str(home / "out" / "warehouse.duckdb"), "--output", str(home / "two")],
    ):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (home / "one").iterdir())
    assert "events.csv" in names
    assert filecmp.cmpfiles(home / "one", home / "two", names, shallow=False) == (names, [], [])
