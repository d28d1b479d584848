"""`make airflow`: Airflow on this machine, in a home of its own inside the checkout, with the project's DAGs unpaused.

    python -m pipeline.airflow_home [--port 8080]

Everything lies below ./airflow (database, logs, passwords) and ./data (inbox, warehouse); nothing else is touched.
"""

import json
import os
import secrets
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import InputError
from pipeline.masking import masked

_POOL = ("warehouse", "1", "One slot: the work file has a single writer")


def environment(home: Path, dags: Path, port: int) -> dict[str, str]:
    """The variables that make Airflow use home, dags and port, and listen on this machine only."""
    return {
        **os.environ,
        # `airflow standalone` starts its parts by name.
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "30",
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(Path(__file__).parent / "airflow_plugins"),
        **_lineage(),
    }


def _lineage() -> dict[str, str]:
    """Variables that make Airflow's OpenLineage provider write its events, one a line, to the file that DRAGOMAN_LINEAGE names."""
    file = os.environ.get("DRAGOMAN_LINEAGE")
    if not file:
        return {}
    if find_spec("airflow.providers.openlineage") is None:
        raise InputError("DRAGOMAN_LINEAGE is set, but Airflow's provider is missing: pip install apache-airflow-providers-openlineage")
    path = Path(file).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    transport = {"type": "file", "log_file_path": str(path), "append": True}
    return {"AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(transport), "AIRFLOW__OPENLINEAGE__NAMESPACE": "dragoman"}


def prepare(home: Path, variables: dict[str, str]) -> str:
    """Database, pool and password of the user `admin`; gives the password. May be run again."""
    home.mkdir(parents=True, exist_ok=True)
    passwords = home / "simple_auth_manager_passwords.json.generated"
    if not passwords.exists():
        passwords.touch(mode=0o600)
        passwords.write_text(json.dumps({"admin": secrets.token_urlsafe(12)}) + "\n")
    for command in (["db", "migrate"], ["pools", "set", *_POOL]):
        subprocess.run([sys.executable, "-m", "airflow", *command], env=variables, check=True, stdout=subprocess.DEVNULL)
    password: str = json.loads(passwords.read_text())["admin"]
    return password


def main(port: Annotated[int, typer.Option(help="Port of the web page, on 127.0.0.1.")] = 8080) -> None:
    checkout = Path(__file__).resolve().parents[1]
    inbox = os.environ.get("DRAGOMAN_INBOX", str(checkout / "data" / "inbox"))
    if "://" not in inbox:
        Path(inbox).mkdir(parents=True, exist_ok=True)
    variables = environment(checkout / "airflow", checkout / "dags", port)
    password = prepare(checkout / "airflow", variables)
    typer.echo(f"Airflow:  http://127.0.0.1:{port}   user admin   password {password}")
    typer.echo(f"Inbox:    {masked(inbox)}   (a file dropped there is coded and published)")
    typer.echo("Starting; ready in about half a minute. Stop with Ctrl-C.")
    os.execve(sys.executable, [sys.executable, "-m", "airflow", "standalone"], variables)


if __name__ == "__main__":
    typer.run(main)
