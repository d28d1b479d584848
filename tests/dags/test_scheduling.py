"""What the DAGs share, and what a parse of them costs."""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from airflow.sdk.log import redact

from pipeline import airflow_home, scheduling
from pipeline.errors import CodingFailed, ContractError, CoverageAlarm, InputError, SeedError, ValidationFailed, WarehouseLocked
from pipeline.scheduling import ByKindOfError, hide_credentials, inbox_of, note_missed_deadline
from tests.dags.airflow_process import DAGS, variables

QUARTER = datetime(2022, 3, 4, 0, 15, tzinfo=UTC)


def decision(error: Exception, try_number: int) -> str:
    return ByKindOfError().evaluate(error, try_number, max_tries=10).action.value


@pytest.mark.parametrize("kind", [ValidationFailed, InputError, ContractError, SeedError, CoverageAlarm])
def test_what_trying_again_cannot_mend_fails_at_once(kind):
    assert decision(kind("as before"), 1) == "fail"


def test_another_writer_is_waited_for():
    assert [decision(WarehouseLocked("busy"), number) for number in (1, 5, 10)] == ["retry"] * 3
    assert ByKindOfError().evaluate(WarehouseLocked("busy"), 1, 10).retry_delay == timedelta(minutes=3)


@pytest.mark.parametrize("error", [CodingFailed("no space"), OSError("no space"), MemoryError()])
def test_all_else_is_tried_twice_more(error):
    assert [decision(error, number) for number in (1, 2, 3)] == ["retry", "retry", "fail"]


def test_a_run_reads_the_inbox_it_is_given_and_of_a_sliced_one_its_slice():
    assert inbox_of(None, None) == scheduling.INBOX
    assert inbox_of("/archive/2019", QUARTER) == "/archive/2019"
    assert inbox_of("s3://news/%Y/%m/%d/%H%M", QUARTER) == "s3://news/2022/03/04/0015"
    assert inbox_of("https://news.example/a%20b%d8", QUARTER) == "https://news.example/a%20b%d8"
    with pytest.raises(InputError, match="without a data interval"):
        inbox_of("s3://news/%Y", None)


def test_a_task_tells_airflow_what_its_logs_must_not_hold(monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "c4n4ry-token")
    monkeypatch.setenv("DRAGOMAN_DUCKLAKE", "postgres:host=db password=c4n4ry-catalogue")
    assert scheduling.TASK_DEFAULTS["on_execute_callback"] is hide_credentials
    hide_credentials({})
    assert redact("OSError: c4n4ry-token, c4n4ry-catalogue of db") == "OSError: ***, *** of db"


def test_a_missed_deadline_is_added_to_a_file(tmp_path):
    context = {
        "dag_run": {"dag_id": "news_events", "dag_run_id": "scheduled__1", "conf": {"secret": "x"}},
        "deadline": {"id": "1", "deadline_time": "2022-03-04T01:15:00+00:00"},
    }
    file = tmp_path / "site" / "missed_deadlines.jsonl"
    for _ in range(2):
        asyncio.run(note_missed_deadline(str(file), context))
    told = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(each["dag_id"], each["run_id"], each["deadline"]) for each in told] == [
        ("news_events", "scheduled__1", "2022-03-04T01:15:00+00:00")
    ] * 2
    assert "secret" not in file.read_text()


_PARSE = """
import json, sys, time
import airflow.sdk, airflow.triggers.base  # what any DAG file costs
sys.path.insert(0, sys.argv[1])
seconds = {}
for name in ("news_events", "recode", "upkeep"):
    before = time.process_time()
    __import__(name)
    seconds[name] = time.process_time() - before
code = sys.modules["news_events"].news_events().get_task("code")
heavy = [name for name in ("duckdb", "great_expectations", "onnxruntime", "polars", "pyarrow", "spacy") if name in sys.modules]
print("PARSED " + json.dumps({"seconds": seconds, "heavy": heavy, "queue": code.queue}))
"""


@pytest.mark.slow
def test_a_parse_is_quick_and_loads_nothing_heavy(tmp_path):
    environment = variables(tmp_path, DRAGOMAN_CODE_QUEUE="nlp")
    done = subprocess.run([sys.executable, "-c", _PARSE, str(DAGS)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    parsed = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("PARSED ")).removeprefix("PARSED "))
    assert parsed["heavy"] == []
    assert all(seconds < 2 for seconds in parsed["seconds"].values()), parsed
    assert parsed["queue"] == "nlp"


def test_lineage_is_asked_for_by_name_and_never_left_out_in_silence(tmp_path, monkeypatch):
    monkeypatch.delenv("DRAGOMAN_LINEAGE", raising=False)
    assert "AIRFLOW__OPENLINEAGE__TRANSPORT" not in airflow_home.environment(tmp_path, DAGS, 8080)
    monkeypatch.setenv("DRAGOMAN_LINEAGE", str(tmp_path / "lineage.jsonl"))
    monkeypatch.setattr(airflow_home, "find_spec", lambda name: object())
    transport = json.loads(airflow_home.environment(tmp_path, DAGS, 8080)["AIRFLOW__OPENLINEAGE__TRANSPORT"])
    assert transport == {"type": "file", "log_file_path": str(tmp_path / "lineage.jsonl"), "append": True}
    monkeypatch.setattr(airflow_home, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="apache-airflow-providers-openlineage"):
        airflow_home.environment(tmp_path, DAGS, 8080)
