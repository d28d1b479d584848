"""Credentials stay where they were given. Canaries stand wherever one may be given, and must be nowhere that a run writes to."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.articles import read_articles
from pipeline.articles.rejects import printable
from pipeline.config import Settings, Workspace
from pipeline.errors import InputError
from pipeline.masking import bare, masked
from tests.dags.airflow_process import ARTICLE, ROOT

CANARY = "c4n4ry"


# Each with what a log may tell of it.
@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("'https://user:c4n4ry@news.org/a.txt' is gone", "'https://***@news.org/a.txt' is gone"),
        ("https://c4n4ry@news.org/a.txt", "https://***@news.org/a.txt"),
        # AWS makes keys with '/' and '+' in them.
        ("s3://AKIA:c4n4ry/c4+n4@ry@news/2022", "s3://***@news/2022"),
        ("https://news.org/a.jsonl?day=4&token=c4n4ry&page=2", "https://news.org/a.jsonl?day=4&token=***&page=2"),
        (
            "https://s3.org/a?X-Amz-Credential=c4n4ry&X-Amz-Expires=60&X-Amz-Signature=c4n4ry",
            "https://s3.org/a?X-Amz-Credential=***&X-Amz-Expires=60&X-Amz-Signature=***",
        ),
        ('Unable to connect at "host=db password=c4n4ry user=me"', 'Unable to connect at "host=db password=*** user=me"'),
        (r"password='c4n4ry\'s nest' user=me", "password=*** user=me"),
        ("AccountName=news;AccountKey=c4n4ry==", "AccountName=news;AccountKey=***"),
        ("""{'password': 'c4n4ry', "Authorization": "Basic c4n4ry"}""", """{'password': ***, "Authorization": "Basic ***"}"""),
        # What is none.
        ("http://news.org:8080/2022/@editor/a.txt?page=3", "http://news.org:8080/2022/@editor/a.txt?page=3"),
        ("abfs://container@account.dfs.org/news", "abfs://container@account.dfs.org/news"),
        ("The password: a token of friendship, he said.", "The password: a token of friendship, he said."),
    ],
)
def test_credentials_have_forms(text, told):
    assert masked(text) == told
    assert masked(told) == told


# Files as they are addressed, and their names: the same whoever reads them, and whenever they were signed.
@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://user:c4n4ry@news.org/a.jsonl", "https://news.org/a.jsonl"),
        ("a.jsonl?token=c4n4ry", "a.jsonl"),
        ("a.php?id=3&access_token=c4n4ry&page=2", "a.php?id=3&page=2"),
        ("a.jsonl?X-Amz-Date=20220304&X-Amz-Signature=c4n4ry", "a.jsonl"),
        ("a.jsonl?sv=2022&se=2023&sig=c4n4ry", "a.jsonl"),
        ("a.php?id=3", "a.php?id=3"),
        ("s3://news/%Y/%m", "s3://news/%Y/%m"),
    ],
)
def test_a_name_has_no_credentials(address, name):
    assert bare(address) == name


def test_what_an_address_held_is_known_by_value(tmp_path):
    with pytest.raises(InputError):
        list(read_articles(["absent://me:c4n4ry-by-value@news.org/2022"], Settings()))
    assert str(InputError("no bucket me:c4n4ry-by-value")) == "no bucket me:***"
    assert printable("wrong key c4n4ry-by-value\n") == "wrong key ***"


def test_settings_are_shown_without_addresses():
    shown = f"{Settings(ducklake='postgres:password=c4n4ry', ducklake_data='s3://c4n4ry@a')} {Workspace(Path('w'), 's3://me:c4n4ry@lake')}"
    assert CANARY not in shown


_LOGS = """
import logging
from pipeline.logs import progress
say = progress()
say("ingest", "web://me:c4n4ry@news.org/a?token=c4n4ry")
try:
    raise OSError("web://me:c4n4ry@news.org")
except OSError:
    logging.getLogger("pipeline").warning("%s is gone", "web://me:c4n4ry@news.org", exc_info=True)
"""


@pytest.mark.parametrize("form", ["text", "json"])
def test_logs(form):
    done = subprocess.run([sys.executable, "-c", _LOGS], env={**os.environ, "DRAGOMAN_LOG": form}, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert CANARY not in done.stderr
    assert "web://***@news.org/a?token=***" in done.stderr and "OSError: web://***@news.org" in done.stderr
    if form == "json":
        assert [json.loads(line)["level"] for line in done.stderr.splitlines()] == ["info", "warning"]


# One process for all commands, each with variables of its own: the libraries take seconds to load.
_COMMANDS = """
import fsspec, json, os, sys
fsspec.register_implementation("web", "tests.web_store.WebStore")
from pipeline.cli import app
for variables, arguments in json.load(sys.stdin):
    before = dict(os.environ)
    os.environ.update(variables)
    print("EXIT", arguments[0], app(arguments, standalone_mode=False) or 0, flush=True)
    os.environ.clear()
    os.environ.update(before)
"""
_SECRETS = {
    "AWS_ACCESS_KEY_ID": "AKIAc4n4ry",
    "AWS_SECRET_ACCESS_KEY": "c4n4ry/aws+secret",
    "AWS_SESSION_TOKEN": "c4n4ry-session",
    "PGPASSWORD": "c4n4ry-postgres",
    "AIRFLOW_CONN_NEWS": "https://me:c4n4ry-uri@news.org",
    "AIRFLOW_CONN_STORE": '{"conn_type": "aws", "password": "c4n4ry-json"}',
    "DRAGOMAN_LOG": "json",
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory) -> Iterator[tuple[Path, list[str], str]]:
    """A folder in which commands worked and failed, how each ended, and all that they said."""
    folder = tmp_path_factory.mktemp("secrets")
    store = tmp_path_factory.mktemp("store")
    for name in ("border.txt", "gone.txt"):
        (store / name).write_text(ARTICLE)
    news = [f"web://me:c4n4ry-web@news.org/{name}?token=c4n4ry-token" for name in ("border.txt", "gone.txt")]
    at = ["--warehouse", str(folder / "w.duckdb")]
    commands = [
        ({}, ["run", *news, *at, "--workers", "1"]),
        # None of these has what it needs.
        ({}, ["run", "web://me:c4n4ry-web@news.org/absent.txt", *at]),
        ({}, ["run", "ftp://me:c4n4ry-ftp@127.0.0.1:9/news", *at]),
        ({}, ["run", "absent://me:c4n4ry/absent@news.org", *at]),
        ({"DRAGOMAN_LAKE": "web://me:c4n4ry-lake@lake.org"}, ["run", *news, "--warehouse", str(folder / "elsewhere.duckdb")]),
        ({"DRAGOMAN_DUCKLAKE": f"{folder}/absent/password=c4n4ry-catalogue"}, ["run", *news, *at]),
        ({"DRAGOMAN_DUCKLAKE": "postgres:host=127.0.0.1 port=9 password=c4n4ry-lake"}, ["run", *news, *at]),
        ({}, ["sql", "select token from absent where token = 'c4n4ry'", *at]),
        ({}, ["doctor", *at]),
        ({}, ["metrics", *at]),
        ({}, ["rejects", *at]),
        ({}, ["report", *at]),
        *(({}, ["export", form, *at]) for form in ("canonical", "csv", "parquet", "geojson")),
    ]
    done = subprocess.run(
        [sys.executable, "-c", _COMMANDS], input=json.dumps(commands), cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, **_SECRETS, "WEB_STORE": str(store), "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    yield folder, [line for line in done.stdout.splitlines() if line.startswith("EXIT ")], done.stdout + done.stderr


@pytest.mark.slow
def test_commands_end_as_planned(ran):
    assert [line.removeprefix("EXIT ") for line in ran[1]] == [
        "run 4", "run 2", "run 2", "run 2", "run 1", "run 1", "run 2", "sql 1", "doctor 0", "metrics 0", "rejects 0", "report 0",
        "export 0", "export 0", "export 0", "export 0",
    ]  # fmt: skip


@pytest.mark.slow
def test_no_credential_is_said(ran):
    said = ran[2]
    assert "web://***@news.org/absent.txt" in said and "ftp://***@127.0.0.1:9/news" in said
    assert [line for line in said.splitlines() if CANARY in line] == []


@pytest.mark.slow
def test_no_credential_is_written(ran):
    """In no name and in no bytes below the workspace; DuckDB and Parquet pack text, so that their rows are read."""
    files = [path for path in ran[0].rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".csv", ".duckdb", ".html", ".json", ".parquet"}
    assert [path for path in files if CANARY in str(path) or CANARY.encode() in path.read_bytes()] == []
    assert [path for path in files if CANARY in _rows(path)] == []


@pytest.mark.slow
def test_a_file_is_named_without_them(ran):
    with duckdb.connect(str(ran[0] / "w.duckdb"), read_only=True) as warehouse:
        assert warehouse.execute("select distinct locator from records order by all").fetchall() == [("border.txt",), ("gone.txt",)]
        evidence = "select reason_code, evidence from rejects"
        assert warehouse.execute(evidence).fetchall() == [("unreadable", "web://***@news.org/gone.txt?token=***")]


def _rows(path: Path) -> str:
    if path.suffix == ".parquet":
        return str(pl.read_parquet(path).rows())
    if path.suffix != ".duckdb":
        return ""
    with duckdb.connect(str(path), read_only=True) as database:
        named = database.execute("select '\"' || schema_name || '\".\"' || table_name || '\"' from duckdb_tables()").fetchall()
        return str([database.execute(f"from {name}").fetchall() for (name,) in named])
