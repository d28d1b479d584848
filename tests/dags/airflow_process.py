"""Airflow in a home of its own, with the project's DAGs, for tests: its commands, and whole runs by `dag.test()`."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "dags"

ARTICLE = """Title: Border reopens
Date: 2022-03-04
Publisher: Lake Courier

LUSAKA, March 4 - The foreign ministers of Zambia and Angola met in Lusaka on Friday. Zambia released forty Angolan
fishermen who had been detained in January for fishing without a licence on the lake. The two countries agreed to
reopen the border before the end of the month, a spokesman said.
"""

OTHER = """Title: Ambassador recalled
Date: 2022-03-05
Publisher: Fjord Bulletin

OSLO, March 5 - Norway recalled its ambassador from Chad on Saturday after a row about a fishing fleet. The foreign
ministry in Oslo said that it would also suspend the aid of ten million dollars that it had promised in the autumn.
"""

# A deadline makes dag.test() crash at its end, in Airflow 3.3: what it should prune is not in the database.
RUN = """
import json, sys
sys.path.insert(0, sys.argv[1])
from importlib import import_module
from airflow.sdk import timezone
dag = getattr(import_module(sys.argv[2]), sys.argv[2])()
dag.deadline = None
given = json.loads(sys.argv[3])
if "at" in given:
    run = dag.test(logical_date=timezone.parse(given["at"]), run_conf=given.get("conf"))
else:
    run = dag.test(run_conf=given.get("conf"))
print("STATES " + json.dumps({"run": str(run.state), **{ti.task_id: str(ti.state) for ti in run.get_task_instances()}}))
"""


def variables(home: Path, **more: str) -> dict[str, str]:
    """The environment of Airflow's processes: home holds the inbox and, below out/, the warehouse."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "DRAGOMAN_INBOX": str(home / "inbox"),
        "DRAGOMAN_WAREHOUSE": str(home / "out" / "warehouse.duckdb"),
    } | more


def make_home(home: Path) -> Path:
    """Database and the writer's pool."""
    (home / "inbox").mkdir()
    for command in ("db migrate", "pools set warehouse 1 writer"):
        airflow(home, *command.split())
    return home


def python(home: Path, *arguments: str, **more: str) -> str:
    done = subprocess.run([sys.executable, *arguments], env=variables(home, **more), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def airflow(home: Path, *arguments: str, **more: str) -> str:
    return python(home, "-m", "airflow", *arguments, **more)


def listed(home: Path, *command: str) -> list[dict[str, str]]:
    """What a listing command of Airflow lists; it prints its warnings on the same stream."""
    lines = airflow(home, *command, "-o", "json").splitlines()
    return json.loads(next((line for line in lines if line.startswith("[")), "[]"))


def run_dag(home: Path, dag_id: str, *, at: str | None = None, conf: dict[str, str] | None = None, **more: str) -> dict[str, str]:
    """Runs a DAG whole and gives the state of the run and of each task. at: the logical date; conf: its configuration."""
    given = ({"at": at} if at else {}) | ({"conf": conf} if conf else {})
    out = python(home, "-c", RUN, str(DAGS), dag_id, json.dumps(given), **more)
    return json.loads(next(line for line in out.splitlines() if line.startswith("STATES ")).removeprefix("STATES "))
