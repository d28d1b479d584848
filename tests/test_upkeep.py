"""The daily round over a real warehouse: texts expire and their events stay, space is won back, alarms are told."""

import json
import os
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline import flow, upkeep
from pipeline.articles import expire_texts, ingest_articles, stored_shards
from pipeline.coder.version import coder_version
from pipeline.coding import shard
from pipeline.config import Settings, Workspace
from pipeline.contracts import CODED_ARTICLES
from pipeline.errors import CoverageAlarm, InputError, WarehouseLocked
from pipeline.partitions import read_partition, write_partition
from pipeline.warehouse import publish_release
from tests.articles.article_samples import BODY
from tests.sql.sample_warehouse import publish_sample
from tests.test_flow import rows, run
from tests.test_recoding import published as published
from tests.warehouse.factory import NOW, VERSION, a, bench, m

pytestmark = pytest.mark.slow  # articles are coded, warehouses built

DAY = 24 * 3600
TODAY = date(2022, 4, 10)  # the story of March is 37 days old, that of April two


@pytest.fixture
def workspace(published, tmp_path) -> Workspace:
    shutil.copytree(published, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path / "warehouse.duckdb")


def lake_texts(workspace: Workspace) -> list[str]:
    return pl.read_parquet(workspace.lake / "article_records" / "*.parquet").sort("published_at")["text"].to_list()


def test_texts_expire_everywhere_and_what_was_read_in_them_stays(workspace):
    mentions = "select mention_id, sentence_text, trigger_start from event_mentions order by all"
    before, settings = rows(workspace.warehouse, mentions), Settings(text_retention_days=30)
    assert upkeep.expire(workspace, settings, TODAY) == 1
    (march, april) = rows(workspace.warehouse, "select text, text_length from articles order by published_at")
    assert march[0] is None and march[1] > 100
    assert april[0].startswith("Kenya recalled")
    assert lake_texts(workspace) == ["", april[0]]
    assert rows(workspace.warehouse, mentions) == before
    assert not (workspace.work / "spare.duckdb").exists()
    assert upkeep.expire(workspace, settings, TODAY) == 0

    assert run("run", workspace.warehouse.parent / "inbox", "--warehouse", workspace.warehouse, "--workers", 1)[0] == 0
    assert rows(workspace.warehouse, "select count(text) from articles") == [(1,)]  # the file still lies there; its text stays away
    assert rows(workspace.warehouse, mentions) == before


def test_what_was_read_in_an_expired_text_outlives_the_work_file_and_the_coder(workspace, monkeypatch):
    mentions, settings = "select mention_id, coder_version from event_mentions order by all", Settings(text_retention_days=30)
    before = rows(workspace.warehouse, mentions)
    upkeep.expire(workspace, settings, date(2099, 1, 1))
    for module in (flow, shard):
        monkeypatch.setattr(module, "coder_version", lambda: "0.1.0+later")
    workspace.work_file.unlink()
    batch = flow.ingest([str(workspace.warehouse.parent / "inbox")], workspace, settings)
    for name in batch.shards:
        shard.code_shard(name, workspace, NeverAsked(), {}, one_by_one=False, tell=lambda *_: None)
    flow.load(batch, workspace, settings)
    assert rows(workspace.work_file, mentions) == before


def test_what_was_read_in_an_expired_text_outlives_a_retry(workspace):
    upkeep.expire(workspace, Settings(text_retention_days=30), date(2099, 1, 1))
    (name,) = stored_shards(workspace)
    mentions = workspace.lake / "coded_mentions" / coder_version() / f"{name}.parquet"
    before = mentions.read_bytes()
    coded = read_partition(shard.coded_path(name, workspace), CODED_ARTICLES)
    write_partition(coded.with_columns(failure=pl.lit("an error")), CODED_ARTICLES, shard.coded_path(name, workspace))

    assert shard.forget_failures([name], workspace) == [name]
    assert not shard.is_coded(name, workspace)
    shard.code_shard(name, workspace, NeverAsked(), {}, one_by_one=False, tell=lambda *_: None)
    assert mentions.read_bytes() == before


class NeverAsked:
    """A coder that no article may reach."""

    def code_all(self, questions):
        assert list(questions) == []
        return []


def test_a_text_without_a_date_expires_by_the_day_on_which_it_was_read(tmp_path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    (tmp_path / "undated.txt").write_text(BODY)
    ingest_articles([str(tmp_path / "undated.txt")], workspace, Settings())
    now = datetime.now(UTC).replace(tzinfo=None)
    assert expire_texts(now - timedelta(days=1), workspace).height == 0
    assert all(lake_texts(workspace))
    assert expire_texts(now + timedelta(days=1), workspace).height == 1
    assert lake_texts(workspace) == [""]


def test_an_expiry_that_was_cut_off_is_finished_by_the_next(workspace, monkeypatch):
    settings = Settings(text_retention_days=30)
    with monkeypatch.context() as cut:
        cut.setattr(flow, "publish_afresh", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            upkeep.expire(workspace, settings, TODAY)
    assert (workspace.work / "spare.duckdb").exists()  # where the text still stands
    assert upkeep.expire(workspace, settings, TODAY) == 0
    assert not (workspace.work / "spare.duckdb").exists()


def test_texts_are_kept_for_ever_unless_asked_otherwise(workspace):
    assert upkeep.expire(workspace, Settings(), date(2099, 1, 1)) == 0
    assert all(lake_texts(workspace))


def test_texts_of_a_batch_that_waits_do_not_expire_past_its_audit(tmp_path):
    waiting = bench(tmp_path).build(a("one", m("USA", "CONSULT", "RUS", on="2021-05-19")))
    with pytest.raises(WarehouseLocked, match="not published yet"):
        upkeep.expire(waiting.workspace, Settings(text_retention_days=1), TODAY)


def test_codings_reports_and_exports_that_nobody_needs_go(workspace):
    old = workspace.lake / "coded_articles" / "0.0.9+old"
    current = next(path for path in (workspace.lake / "coded_articles").glob("*/*.parquet"))
    for table in ("coded_articles", "coded_mentions", "actor_mentions"):
        (workspace.lake / table / old.name).mkdir()
        shutil.copy(workspace.lake / table / current.parent.name / current.name, workspace.lake / table / old.name)
    relabelled = pl.read_parquet(old / current.name).with_columns(coder_version=pl.lit(old.name))
    relabelled.write_parquet(old / current.name)
    for number in range(3):
        (workspace.site / "history" / f"{number}.json").write_text("{}")
    for name, age in (("parquet", 40), ("csv", 40), ("gdelt", 2)):
        (workspace.exports / name).mkdir(parents=True)
        aged(workspace.exports / name, age)

    upkeep.remove_superseded(workspace, Settings(exports="parquet", stale_export_days=30, kept_reports=2), TODAY)

    assert not list(old.glob("*")) and current.exists()
    assert len(list((workspace.site / "history").glob("*.json"))) == 2
    assert sorted(path.name for path in workspace.exports.iterdir()) == ["gdelt", "parquet"]


def aged(path: Path, days: int) -> None:
    at = (TODAY - date(1970, 1, 1)).days * DAY - days * DAY
    os.utime(path, (at, at))


def test_configured_exports_are_written(workspace):
    files = upkeep.write_exports(workspace, Settings(exports="edges, parquet"))
    assert {path.relative_to(workspace.exports).parts[0] for path in files} == {"edges", "parquet"}
    with pytest.raises(InputError, match="no format 'xls'"):
        upkeep.write_exports(workspace, Settings(exports="xls"))


def test_the_command_does_it_all(workspace, monkeypatch):
    monkeypatch.setenv("DRAGOMAN_TEXT_RETENTION_DAYS", "30")
    monkeypatch.setenv("DRAGOMAN_EXPORTS", "edges")
    code, output = run("upkeep", "--warehouse", workspace.warehouse)
    assert code == 0, output
    assert [line.split()[0] for line in output.splitlines()] == ["alarms", "expire", "remove", "compact", "export"]
    assert rows(workspace.warehouse, "select count(text) from articles") == [(0,)]


def test_alarms_are_shown_written_and_told_by_the_exit_code(tmp_path):
    workspace = publish_sample(tmp_path)
    shown, told = [], []
    with pytest.raises(CoverageAlarm, match="silent publisher") as alarm:
        upkeep.upkeep(workspace, Settings(), date(2020, 3, 16), lambda step, said: told.append(step), shown.append)
    assert alarm.value.exit_code == 6
    assert told[-1] == "export"  # an alarm keeps nothing else from being done
    written = json.loads((workspace.site / "coverage_alarms.json").read_text())
    assert written["until"] == "2020-03-15"
    assert [row["alarm"] for row in written["alarms"]] == shown[0]["alarm"].to_list()


def test_a_publication_after_the_round_goes_on_as_before(tmp_path):
    workspace = publish_sample(tmp_path)
    upkeep.compact_bloated(workspace, Settings())
    later = bench(tmp_path).build(a("news", m("USA", "ACCUSE", "RUS", on="2021-07-01"), published="2021-07-01"), batch_id="b3")
    assert publish_release("b3", "passed", later.workspace, VERSION, NOW).added == 1
