"""Airflow as it runs on several machines: CeleryExecutor, two workers for coding and one for all else, each with a disk of its own."""

import os
import secrets
import subprocess
import sys
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.scale.servers import BUCKET, START_SECONDS, Servers, answers, free_port, running, wait_for

CHECKOUT = Path(__file__).resolve().parents[2]
CODERS = ("coder-1", "coder-2")
_AIRFLOW = (sys.executable, "-m", "airflow")


def environment(folder: Path, at: Servers, inbox: Path, disk: str) -> dict[str, str]:
    """Variables of a process of the cluster. disk: the folder that is its own; all else that it shares with others is a server's."""
    database = f"postgresql+psycopg2://postgres@127.0.0.1:{at.postgres}/airflow"
    return {
        **os.environ,
        **at.environment,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(CHECKOUT),
        "AIRFLOW_HOME": str(folder / disk / "airflow"),
        "AIRFLOW__CORE__DAGS_FOLDER": str(CHECKOUT / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__CORE__MP_START_METHOD": "spawn",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
        "AIRFLOW__CELERY__BROKER_URL": f"redis://127.0.0.1:{at.redis}/0",
        "AIRFLOW__CELERY__RESULT_BACKEND": f"db+{database}",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__WORKERS__EXECUTION_API_TIMEOUT": "60",  # a busy machine may take longer than the five seconds of the default
        "C_FORCE_ROOT": "1",
        "DRAGOMAN_INBOX": str(inbox),
        "DRAGOMAN_WAREHOUSE": str(folder / disk / "warehouse.duckdb"),
        "DRAGOMAN_CODE_QUEUE": "nlp",
        "DRAGOMAN_SHARD_ARTICLES": "20",
        "DRAGOMAN_LAKE": f"s3://{BUCKET}/lake",
        "DRAGOMAN_DUCKLAKE": f"postgres:host=127.0.0.1 port={at.postgres} user=postgres dbname=ducklake",
        "DRAGOMAN_DUCKLAKE_DATA": f"s3://{BUCKET}/ducklake",
    }


@contextmanager
def cluster(folder: Path, at: Servers, inbox: Path) -> Iterator[None]:
    """API server, scheduler, DAG processor and three workers, with the DAG `news_events` read and unpaused."""
    port = free_port()
    shared = {
        "AIRFLOW__CORE__FERNET_KEY": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "AIRFLOW__API_AUTH__JWT_SECRET": secrets.token_urlsafe(48),
        "AIRFLOW__API__SECRET_KEY": secrets.token_urlsafe(48),
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
    }
    variables = {disk: environment(folder, at, inbox, disk) | shared for disk in ("writer", *CODERS)}
    for disk in variables:
        (folder / disk).mkdir()
    _airflow(variables["writer"], "db", "migrate")
    _airflow(variables["writer"], "pools", "set", "warehouse", "1", "One slot: the work file has a single writer")
    parts = {name: ("writer", [name]) for name in ("api-server", "scheduler", "dag-processor")}
    for disk, queue, count in (("writer", "default", 2), *((coder, "nlp", 1) for coder in CODERS)):
        told = ["celery", "worker", "--skip-serve-logs", "--queues", queue, "--concurrency", str(count), "--celery-hostname", disk]
        parts[f"worker {disk}"] = (disk, told)
    with ExitStack() as stack:
        for name, (disk, command) in parts.items():
            stack.enter_context(running([*_AIRFLOW, *command], folder / f"{name}.log", variables[disk]))
        wait_for("Airflow's API", lambda: answers(f"http://127.0.0.1:{port}/execution/health"), START_SECONDS)
        wait_for("the DAG", lambda: at.sql("airflow", "select 1 from dag where dag_id = 'news_events'"), START_SECONDS)
        _airflow(variables["writer"], "dags", "unpause", "news_events", "--yes")
        yield


def trigger(folder: Path, at: Servers, inbox: Path, run_id: str, seconds: float) -> str:
    """Starts a run of `news_events`, and gives its state once it has ended."""
    _airflow(environment(folder, at, inbox, "writer"), "dags", "trigger", "news_events", "--run-id", run_id)
    state = f"select state from dag_run where run_id = '{run_id}' and state in ('success', 'failed')"
    wait_for(f"run {run_id}", lambda: at.sql("airflow", state), seconds)
    return str(at.sql("airflow", state)[0][0])


def _airflow(variables: dict[str, str], *arguments: str) -> None:
    done = subprocess.run([*_AIRFLOW, *arguments], env=variables, capture_output=True, text=True, timeout=START_SECONDS)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
