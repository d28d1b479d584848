"""A whole Airflow at work: scheduler, dag processor, triggerer and web server, on loopback, in a home of its own.

Files are dropped, the scheduler is killed in the middle and started again, and the answer is that of an undisturbed run.
"""

import filecmp
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import psutil
import pytest
from typer.testing import CliRunner

from pipeline import airflow_home
from pipeline.cli import app
from tests.dags.airflow_process import ARTICLE, DAGS, OTHER, variables

pytestmark = pytest.mark.slow  # two minutes

PARTS = ("api-server", "dag-processor", "triggerer", "scheduler")
# So that a new scheduler takes over soon.
SOON = {
    "AIRFLOW__SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "6",
    "AIRFLOW__SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
    "AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "5",
    "AIRFLOW__SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "AIRFLOW__API__WORKERS": "1",
    "AIRFLOW__CORE__PARALLELISM": "2",
    "AIRFLOW__DAG_PROCESSOR__PARSING_PROCESSES": "1",
    "DRAGOMAN_DEADLINE_MINUTES": "0.05",
}


@dataclass
class Airflow:
    """A running Airflow."""

    home: Path
    port: int
    password: str
    environment: dict[str, str]
    processes: dict[str, subprocess.Popen] = field(default_factory=dict)
    groups: list[int] = field(default_factory=list)

    def start(self, part: str) -> None:
        with (self.home / f"{part}.log").open("ab") as log:
            self.processes[part] = subprocess.Popen(
                [sys.executable, "-m", "airflow", part], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self.groups.append(self.processes[part].pid)

    def kill(self, part: str) -> None:
        self.processes[part].send_signal(signal.SIGKILL)
        self.processes[part].wait(10)

    def end(self) -> None:
        """Ends whatever works in this home: a killed scheduler leaves workers behind, and some hide their environment."""
        for group in self.groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        mine = [process for process in psutil.process_iter() if self._is_mine(process)]
        for process in mine:
            process.kill()
        psutil.wait_procs(mine, timeout=10)

    def _is_mine(self, process: psutil.Process) -> bool:
        try:
            return process.pid != os.getpid() and process.environ().get("AIRFLOW_HOME") == str(self.home)
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def states(self) -> dict[str, str]:
        """The tasks of news_events, the latest run last, and their states."""
        query = "select task_id, state from task_instance where dag_id = 'news_events' order by start_date"
        with sqlite3.connect(f"file:{self.home / 'airflow.db'}?mode=ro", uri=True, timeout=20) as database:
            return dict(database.execute(query).fetchall())

    def get(self, path: str, token: str | None = None) -> str:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read().decode()

    def token(self) -> str:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/auth/token",
            data=json.dumps({"username": "admin", "password": self.password}).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)["access_token"]


def wait(what: str, until: Callable[[], bool], airflow: Airflow, seconds: float = 240) -> None:
    give_up = time.monotonic() + seconds
    while time.monotonic() < give_up:
        try:
            if until():
                return
        except (OSError, sqlite3.Error, duckdb.Error):  # not there yet
            pass
        time.sleep(0.5)
    logs = {part: (airflow.home / f"{part}.log").read_text()[-1500:] for part in PARTS}
    raise AssertionError(f"{what}: not within {seconds} seconds; {airflow.states()}; {logs}")


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


@pytest.fixture(scope="module")
def at_work(tmp_path_factory) -> Iterator[Airflow]:
    """An Airflow that published two files, although its scheduler was killed in the middle."""
    home = tmp_path_factory.mktemp("airflow")
    (home / "inbox").mkdir()
    port, logs, triggerer_logs = free_ports(3)
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables(home, **SOON).items():
            environment.setenv(name, value)
        environment.setenv("AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT", str(logs))
        environment.setenv("AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT", str(triggerer_logs))
        settings = airflow_home.environment(home, DAGS, port)
    airflow = Airflow(home, port, airflow_home.prepare(home, settings), settings)
    try:
        for part in PARTS:
            airflow.start(part)
        for name, text in (("border", ARTICLE), ("ambassador", OTHER)):
            (home / "inbox" / f"{name}.txt").write_text(text)
        wait("articles are read", lambda: airflow.states().get("ingest") == "success", airflow)
        airflow.kill("scheduler")
        assert airflow.states().get("publish") != "success"
        airflow.start("scheduler")
        wait("the files are published", lambda: airflow.states().get("publish") == "success", airflow)
        yield airflow
    finally:
        airflow.end()


def test_the_answer_is_that_of_an_undisturbed_run(at_work):
    undisturbed = at_work.home / "undisturbed" / "warehouse.duckdb"
    for arguments in (
        ["run", str(at_work.home / "inbox"), "--warehouse", str(undisturbed), "--workers", "1"],
        ["export", "canonical", "--warehouse", str(undisturbed), "--output", str(at_work.home / "one")],
        ["export", "canonical", "--warehouse", at_work.environment["DRAGOMAN_WAREHOUSE"], "--output", str(at_work.home / "two")],
    ):
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 0, done.output
    names = sorted(path.name for path in (at_work.home / "one").iterdir())
    assert "events.csv" in names
    assert filecmp.cmpfiles(at_work.home / "one", at_work.home / "two", names, shallow=False) == (names, [], [])


def test_report_and_explorer_are_one_click_from_a_task_for_who_is_logged_in(at_work):
    token = at_work.token()
    runs = json.loads(at_work.get("/api/v2/dags/news_events/dagRuns?state=success", token))["dag_runs"]
    task = f"/api/v2/dags/news_events/dagRuns/{runs[0]['dag_run_id']}/taskInstances/publish"
    link = json.loads(at_work.get(f"{task}/links", token))["extra_links"]["Validation report"]
    page = link.removeprefix(f"http://127.0.0.1:{at_work.port}")
    assert "Dragoman" in at_work.get(page, token)
    assert "app/explorer.js" in at_work.get(f"{page}explorer.html", token)
    assert at_work.get(f"{page}data/release.js", token).startswith("dragoman(")
    outside = at_work.home / "outside.json"
    outside.write_text("{}")
    for path in ("%2e%2e/%2e%2e/%2e%2e/outside.json", "../../../outside.json", outside, "%2e%2e/%2e%2e/warehouse.duckdb", "history"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            at_work.get(f"{page}{path}", token)
    for name in ("", "explorer.html", "data/release.js"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            at_work.get(f"{page}{name}")


def test_a_run_that_is_late_is_told(at_work):
    told = at_work.home / "out" / "site" / "warehouse" / "missed_deadlines.jsonl"
    wait("the deadline is told", told.exists, at_work, 60)
    assert json.loads(told.read_text().splitlines()[0])["dag_id"] == "news_events"


def test_the_dags_tell_what_they_are(at_work):
    token = at_work.token()
    for dag in json.loads(at_work.get("/api/v2/dags", token))["dags"]:
        assert [tag["name"] for tag in dag["tags"]] == ["dragoman"]
        assert json.loads(at_work.get(f"/api/v2/dags/{dag['dag_id']}/details", token))["doc_md"]
        tasks = json.loads(at_work.get(f"/api/v2/dags/{dag['dag_id']}/tasks", token))["tasks"]
        assert [task["task_id"] for task in tasks if not task["doc_md"]] == []
