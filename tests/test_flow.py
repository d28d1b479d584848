"""The whole spine as a user runs it: `dragoman run` on files, then questions to the published warehouse."""

import filecmp
import json
import re
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline import flow
from pipeline.cli import app
from pipeline.config import Settings, Workspace
from pipeline.errors import ValidationFailed
from pipeline.resources import SEEDS
from tests.faults.invariants import broken

# Each test here runs the whole spine, or reads what one such run published.
pytestmark = pytest.mark.slow

SAMPLE = SEEDS / "articles"
# Several formats and outlets, three reports of one event, a broken line, an empty file: enough of everything, coded in seconds.
MEETING = "northern-wire/2021/2021-05-19_blinken-lavrov.txt"
FEW = ("feeds", "odd", "agencia-meridiana/2021-05-20_first-meeting-reykjavik.txt", "harbour-post/2021-05-26_geneva-summit.html", MEETING)


def run(*arguments) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def rows(warehouse: Path, sql: str) -> list[tuple]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def inbox(tmp_path_factory) -> Path:
    inbox = tmp_path_factory.mktemp("inbox")
    copy_few(inbox, FEW)
    return inbox


def copy_few(inbox: Path, few) -> None:
    for name in few:
        if (SAMPLE / name).is_dir():
            shutil.copytree(SAMPLE / name, inbox / name)
        else:
            (inbox / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SAMPLE / name, inbox / name)


@pytest.fixture(scope="module")
def warehouse(inbox, tmp_path_factory) -> Path:
    warehouse = tmp_path_factory.mktemp("first") / "warehouse.duckdb"
    code, output = run("run", inbox, "--warehouse", warehouse, "--workers", 1)
    assert code == 4, output  # done, with the rejects that the sample holds on purpose
    return warehouse


def test_every_record_is_accounted_for(warehouse):
    records, coded, without_event, duplicate, rejected = rows(
        warehouse, "select sum(records_in), sum(coded), sum(without_event), sum(duplicate), sum(rejected) from coverage"
    )[0]
    assert records == coded + without_event + duplicate + rejected == rows(warehouse, "select count(*) from records")[0][0]
    assert rejected == rows(warehouse, "select count(*) from rejects")[0][0] > 0


def test_every_invariant_holds(warehouse):
    assert broken(warehouse) == {}


def test_every_mention_points_into_its_article(warehouse):
    wrong = """
        select count(*) from event_mentions join articles using (article_id)
        where sentence_text != text[sentence_start + 1 : sentence_end]
           or trigger_text != text[trigger_start + 1 : trigger_end]
           or source_text != text[source_start + 1 : source_end]
           or target_text != text[target_start + 1 : target_end]
           or place_text != text[place_start + 1 : place_end]
           or date_text != text[date_start + 1 : date_end]
    """
    assert rows(warehouse, wrong) == [(0,)]
    assert rows(warehouse, "select count(*) from event_mentions")[0][0] > 100


def test_the_meeting_that_three_outlets_report_is_one_event_each_way(warehouse):
    meeting = """
        select source_country, target_country, count(*), any_value(place_name) from events
        where event_type = 'CONSULT' and event_date = '2021-05-19' and status = 'actual'
          and source_country in ('USA', 'RUS') and target_country in ('USA', 'RUS')
        group by all order by all
    """
    assert [(source, target, count) for source, target, count, _ in rows(warehouse, meeting)] == [("RUS", "USA", 1), ("USA", "RUS", 1)]


def test_other_order_and_more_workers_give_the_same_bytes(inbox, warehouse, tmp_path):
    other = tmp_path / "other" / "warehouse.duckdb"
    # Ledger paths begin below the inbox: the same files under another roof keep their names in any order.
    copy_few(tmp_path / "roof", reversed(FEW))
    code, output = run("run", tmp_path / "roof", "--warehouse", other, "--workers", 2)
    assert code == 4, output
    for name, at in (("one", warehouse), ("two", other)):
        run("export", "canonical", "--output", tmp_path / name, "--warehouse", at)
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert "events.csv" in names
    assert filecmp.cmpfiles(tmp_path / "one", tmp_path / "two", names, shallow=False) == (names, [], [])


def test_files_given_one_by_one_in_any_order_give_the_same_events(inbox, warehouse, tmp_path):
    other = tmp_path / "warehouse.duckdb"
    for name in reversed(FEW):
        run("run", inbox / name, "--warehouse", other, "--workers", 1)
    every = "select * exclude (valid_from_release) from events order by event_id"
    assert rows(other, every) == rows(warehouse, every)


def test_the_same_input_again_publishes_nothing_new(inbox, warehouse):
    before = warehouse.stat().st_mtime_ns
    code, output = run("run", inbox, "--warehouse", warehouse, "--workers", 1)
    assert code == 4
    assert "nothing new" in output
    assert warehouse.stat().st_mtime_ns == before


def test_a_failed_validation_publishes_nothing_and_says_why(inbox, warehouse, tmp_path, monkeypatch):
    candidate = tmp_path / "warehouse.duckdb"

    def load_and_spoil(batch, workspace, settings, load=flow.load):
        load(batch, workspace, settings)
        with duckdb.connect(str(workspace.work_file)) as connection:
            connection.execute("update events set event_type = 'INVADE' where event_id = (select min(event_id) from events)")

    monkeypatch.setattr(flow, "load", load_and_spoil)
    code, output = run("run", inbox / "odd", "--warehouse", candidate, "--workers", 1)
    assert code == 3, output
    assert "nothing was published" in output
    assert not candidate.exists()
    [page] = Workspace(candidate).site.glob("held/*.html")
    assert "INVADE" in page.read_text()


def test_publish_refuses_a_failed_validation(warehouse, tmp_path):
    class Failed:
        outcome = "failed"
        failed_critical = ()

    batch = flow.ingest([str(SAMPLE / "odd")], Workspace(tmp_path / "w.duckdb"), Settings())
    with pytest.raises(ValidationFailed, match="nothing was published"):
        flow.publish(batch, Failed(), Workspace(tmp_path / "w.duckdb"))


def test_an_inbox_that_is_not_there_is_a_usage_error(tmp_path):
    code, output = run("run", tmp_path / "nothing", "--warehouse", tmp_path / "w.duckdb")
    assert code == 2
    assert "nothing" in output


def test_sql_prints_tables_csv_and_json(warehouse):
    query = "select source_country, count(*) as events from events where source_country = 'RUS' group by all"
    assert "RUS" in run("sql", query, "--warehouse", warehouse)[1]
    assert run("sql", query, "--warehouse", warehouse, "--format", "csv")[1].startswith("source_country,events\nRUS,")
    assert json.loads(run("sql", query, "--warehouse", warehouse, "--format", "json")[1])["source_country"] == "RUS"


def test_sql_reads_nothing_but_the_warehouse(warehouse):
    code, output = run("sql", "select * from read_csv('/etc/hostname')", "--warehouse", warehouse)
    assert code == 1
    assert "dragoman:" in output


def test_saved_queries_take_named_parameters(warehouse):
    assert run("sql", "--query", "list")[0] == 0
    code, output = run("sql", "--query", "events_between", "since=2021-05-01", "until=2021-05-31", "--warehouse", warehouse)
    assert code == 0, output
    code, output = run("sql", "--query", "events_between", "nonsense", "--warehouse", warehouse)
    assert code == 2
    assert "name=value" in output


def test_why_shows_sentence_roles_and_rule(warehouse):
    event_id = rows(warehouse, "select event_id from events where event_type = 'CONSULT' and event_date = '2021-05-19' order by all")[0][0]
    code, output = run("why", event_id, "--warehouse", warehouse)
    assert code == 0, output
    assert "CONSULT" in output
    assert re.search(r'rule +the (verb|noun|adjective) "', output)
    assert run("why", "no-such-event", "--warehouse", warehouse)[0] == 2


def test_rejects_report_and_doctor_answer(warehouse):
    assert "not_english" in run("rejects", "--warehouse", warehouse)[1]
    assert [Path(line).name for line in run("report", "--warehouse", warehouse)[1].split()] == ["index.html", "explorer.html"]
    assert "release" in run("doctor", "--warehouse", warehouse)[1]


def test_a_corrected_article_and_then_its_retraction(tmp_path):
    """The outlet first names the wrong country, mends it, and takes the story back; another outlet printed the first version."""
    warehouse, inbox = tmp_path / "warehouse.duckdb", tmp_path / "inbox"
    inbox.mkdir()
    story = (
        "{} recalled its ambassador from Chad on Monday.\n\nThe foreign ministry gave no reason. Officials in the capital said that "
        "talks about the harbour would go on all the same, and that the embassy would stay open."
    )
    article = {"publisher": "Wire", "url": "https://wire.example/recall", "date": "2009-06-09T08:00:00Z", "text": story.format("Norway")}
    copied = article | {"publisher": "Post", "url": "https://post.example/1", "date": "2009-06-09T12:00:00Z"}
    mended = article | {"updated": "2009-06-10T08:00:00Z", "text": story.format("Kenya")}
    notice = {"publisher": "Wire", "url": "https://wire.example/recall", "pubstatus": "canceled", "date": "2009-06-11T08:00:00Z"}
    told = []
    for name, records in (("1", [article, copied]), ("2", [mended]), ("3", [notice])):
        (inbox / f"{name}.jsonl").write_text("\n".join(map(json.dumps, records)))
        code, output = run("run", inbox, "--warehouse", warehouse, "--workers", 1)
        assert code in (0, 4), output
        told.append(rows(warehouse, "select source_country, target_country, article_count from events where event_type = 'SANCTION'"))
    assert told == [[("NOR", "TCD", 2)], [("KEN", "TCD", 2)], [("NOR", "TCD", 1)]]
    assert rows(warehouse, "select change from changes where change = 'withdrawn'")
    at_once = tmp_path / "at once" / "warehouse.duckdb"
    assert run("run", inbox, "--warehouse", at_once, "--workers", 1)[0] == 4
    sql = "select * exclude (valid_from_release) from events order by event_id"
    assert rows(at_once, sql) == rows(warehouse, sql)
