"""The DAG on real Airflow, in a home of its own, offline: run whole by `dag.test()`, as a user's inbox would be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

DAGS = Path(__file__).resolve().parents[2] / "dags"

ARTICLE = """Title: Border reopens
Date: 2022-03-04
Publisher: Lake Courier

LUSAKA, March 4 - The foreign ministers of Zambia and Angola met in Lusaka on Friday. Zambia released forty Angolan
fishermen who had been detained in January for fishing without a licence on the lake. The two countries agreed to
reopen the border before the end of the month, a spokesman said.
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """An Airflow home with its database and the writer's pool."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "inbox").mkdir()
    for command in ("db migrate", "pools set warehouse 1 writer"):
        _airflow(home, "-m", "airflow", *command.split())
    return home


def _airflow(home: Path, *arguments: str) -> str:
    variables = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "DRAGOMAN_INBOX": str(home / "inbox"),
        "DRAGOMAN_WAREHOUSE": str(home / "out" / "warehouse.duckdb"),
    }
    done = subprocess.run([sys.executable, *arguments], env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def _listed(home: Path, what: str) -> list[dict[str, str]]:
    """What `airflow dags` lists; Airflow prints its warnings on the same stream."""
    lines = _airflow(home, "-m", "airflow", "dags", what, "-o", "json").splitlines()
    return json.loads(next((line for line in lines if line.startswith("[")), "[]"))


_RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from news_events import news_events
run = news_events().test()
print("STATES " + json.dumps({"run": str(run.state), **{ti.task_id: str(ti.state) for ti in run.get_task_instances()}}))
"""


def _run(home: Path) -> dict[str, str]:
    line = next(line for line in _airflow(home, "-c", _RUN, str(DAGS)).splitlines() if line.startswith("STATES "))
    return json.loads(line.removeprefix("STATES "))


@pytest.mark.slow
def test_a_file_in_the_inbox_is_published(home):
    (home / "inbox" / "border.txt").write_text(ARTICLE)

    assert set(_run(home).values()) == {"success"}

    with duckdb.connect(str(home / "out" / "warehouse.duckdb"), read_only=True) as warehouse:
        met = "select count(*) from events where event_type = 'CONSULT' and (source_country, target_country) = ('ZMB', 'AGO')"
        assert warehouse.execute(met).fetchone() == (1,)
    assert (home / "out" / "site" / "warehouse" / "index.html").exists()


@pytest.mark.slow
def test_an_inbox_with_nothing_new_changes_nothing(home):
    before = _run(home)
    states = _run(home)
    assert states["run"] == before["run"] == "success"
    with duckdb.connect(str(home / "out" / "warehouse.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select max(release_number) from releases").fetchone() == (1,)


@pytest.mark.slow
def test_the_scheduler_finds_the_dag_without_errors(home):
    _airflow(home, "-m", "airflow", "dags", "reserialize")
    assert [dag["dag_id"] for dag in _listed(home, "list")] == ["news_events"]
    assert _listed(home, "list-import-errors") == []
