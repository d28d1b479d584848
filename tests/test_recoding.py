"""An interval coded again: what is published stands until the new coding has passed its audit."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline import audit, flow, recoding
from pipeline.config import Settings, Workspace
from pipeline.errors import InputError, WorkFileUnusable
from tests.test_flow import rows, run

pytestmark = pytest.mark.slow  # each codes articles

STORY = """Title: {0}
Date: {1}
Publisher: Wire

{0} on Friday, a spokesman said. The two countries have had a dispute about the lake for years.
"""
STORIES = {
    "march": ("Zambia released forty fishermen from Angola", "2022-03-04"),
    "april": ("Kenya recalled its ambassador from Chad", "2022-04-08"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """March and April, published by the present coder."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "inbox").mkdir()
    for name, story in STORIES.items():
        (folder / "inbox" / f"{name}.txt").write_text(STORY.format(*story))
    assert run("run", folder / "inbox", "--warehouse", folder / "warehouse.duckdb", "--workers", 1)[0] == 0
    return folder


@pytest.fixture
def folder(published, tmp_path, monkeypatch) -> Path:
    """A copy of it, and a coder that has changed since: it no longer finds events."""
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    for module in (audit, flow, recoding):
        monkeypatch.setattr(module, "coder_version", lambda: "0.1.0+changed")
    code_with_the_changed_coder(monkeypatch)
    return tmp_path


def code_with_the_changed_coder(monkeypatch):
    from pipeline.contracts import ACTOR_MENTIONS, ARTICLE_RECORDS, CODED_ARTICLES, CODED_MENTIONS
    from pipeline.partitions import read_partition, write_partition

    def code_all(shards, workspace, settings, workers):
        for shard in shards:
            articles = read_partition(workspace.lake / ARTICLE_RECORDS.name / f"{shard}.parquet", ARTICLE_RECORDS)
            summaries = [
                {"article_id": article_id, "coder_version": "0.1.0+changed", "sentence_count": 2, "event_count": 0, "failure": None}
                for article_id in articles["article_id"]
            ]
            for table, made in ((CODED_MENTIONS, []), (ACTOR_MENTIONS, []), (CODED_ARTICLES, summaries)):
                write_partition(made, table, workspace.lake / table.name / "0.1.0+changed" / f"{shard}.parquet")
        return 0

    monkeypatch.setattr(flow, "code_all", code_all)


COUNTS = "select published_at::date::varchar, event_count from articles order by all"


def test_only_the_interval_is_coded_again_and_published(folder):
    warehouse = folder / "warehouse.duckdb"
    (march, had), (april, kept) = rows(warehouse, COUNTS)
    assert had and kept
    code, output = run("recode", "--since", "2022-03-01", "--until", "2022-03-31", "--warehouse", warehouse, "--workers", 1)
    assert code == 0, output
    assert "release 2" in output
    assert rows(warehouse, COUNTS) == [(march, 0), (april, kept)]
    assert rows(warehouse, "select distinct change from changes join releases using (release_id) where release_number = 2") == [
        ("withdrawn",)
    ]
    assert "0.1.0+changed" in rows(warehouse, "select coder_version from releases order by release_number")[1]


def test_a_failed_audit_replaces_nothing_and_the_work_goes_on(folder, monkeypatch):
    warehouse = folder / "warehouse.duckdb"
    workspace = Workspace(warehouse)
    before, published_at = rows(workspace.work_file, "from events order by event_id"), warehouse.stat().st_mtime_ns

    def load_and_spoil(batch, workspace, settings, days=None, load=flow.load):
        load(batch, workspace, settings, days)
        with duckdb.connect(str(workspace.work_file)) as connection:
            connection.execute("update events set event_type = 'INVADE' where event_id = (select min(event_id) from events)")

    with monkeypatch.context() as spoilt:
        spoilt.setattr(flow, "load", load_and_spoil)
        code, output = run("recode", "--since", "2022-03-01", "--until", "2022-03-31", "--warehouse", warehouse, "--workers", 1)
    assert code == 3, output
    assert warehouse.stat().st_mtime_ns == published_at
    assert rows(workspace.work_file, "from events order by event_id") == before
    assert rows(workspace.work / "recoding.duckdb", "select count(*) from events where event_type = 'INVADE'") == [(1,)]
    assert any("INVADE" in page.read_text() for page in workspace.site.rglob("*.html"))

    (folder / "more").mkdir()
    (folder / "more" / "may.txt").write_text(STORY.format("Norway and Sweden agreed to open the border", "2022-05-06"))
    assert run("run", folder / "more", "--warehouse", warehouse, "--workers", 1)[0] == 0
    told = rows(warehouse, COUNTS)
    assert [day for day, _ in told] == ["2022-03-04", "2022-04-08", "2022-05-06"]
    assert all(count for _, count in told[:2])


def test_a_work_file_of_an_older_release_is_not_replaced_by_an_interval(folder):
    workspace = Workspace(folder / "warehouse.duckdb")
    with duckdb.connect(str(workspace.work_file)) as connection:
        connection.execute("alter table raw.coded_articles drop column sentence_count")
    before = workspace.warehouse.read_bytes()
    batch = recoding.plan(date(2022, 3, 1), date(2022, 3, 31), workspace)
    flow.code_all(batch.shards, workspace, Settings(), 1)
    with pytest.raises(WorkFileUnusable):
        recoding.replace_coding(batch, date(2022, 3, 1), date(2022, 3, 31), workspace, Settings())
    assert workspace.warehouse.read_bytes() == before
    assert rows(workspace.work_file, "select count(*) from raw.article_records") == [(2,)]


def test_the_audit_looks_at_what_was_published_in_the_interval(folder):
    workspace = Workspace(folder / "warehouse.duckdb")
    batch = flow.Ingested("recode", (), 0, 0, 0, 0, 0)
    days = (date(2022, 3, 1), date(2022, 3, 31))
    facts = flow.validate(batch, workspace, Settings(), days).facts
    assert (facts.flow.records, facts.first_day) == (1, "2022-03-04")


@pytest.mark.parametrize(("since", "until"), [("2023-01-01", "2023-12-31"), ("2022-04-30", "2022-03-01")])
def test_an_interval_without_articles_is_a_usage_error(folder, since, until):
    with pytest.raises(InputError, match="nothing to code again"):
        recoding.plan(date.fromisoformat(since), date.fromisoformat(until), Workspace(folder / "warehouse.duckdb"))
