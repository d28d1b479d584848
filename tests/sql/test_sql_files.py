"""Every SQL file keeps the house style, and every saved query runs on a warehouse without a single row."""

import re
from pathlib import Path

import polars as pl
import pytest

from pipeline import resources
from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.extracts import EXTRACT
from pipeline.warehouse import publish_release, run_saved_query, saved_queries
from pipeline.warehouse.graph import read_folder, tables_read
from pipeline.warehouse.release import HISTORY
from tests.warehouse.factory import NOW, VERSION, bench

FILES = sorted(resources.SQL.glob("*/*.sql"))
KEYWORDS = re.compile(r"\b(?:SELECT|FROM|WHERE|JOIN|GROUP|ORDER|BY|AS|WITH|UNION|CASE|WHEN|AND|OR|NOT|NULL|ON|USING)\b")
ARGUMENTS = {"text": "x", "integer": "3", "number": "0.5", "date": "2021-05-19", "country": "UKR"}


def code(path: Path) -> str:
    """The SQL without its comments and strings."""
    return re.sub(r"--.*|'(?:[^']|'')*'", "", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"-- grain: .+\n-- why: .+\n", text)
    assert not KEYWORDS.search(code(path))
    assert "\t" not in text and text.endswith("\n") and all(len(line) <= 140 for line in text.splitlines())


def test_every_public_table_has_its_file() -> None:
    assert {node.name for node in read_folder(resources.SQL) if node.is_public} == {table.name for table in PUBLIC if table not in HISTORY}


@pytest.mark.parametrize("path", sorted((resources.SQL / "queries").glob("*.sql")), ids=lambda path: path.stem)
def test_queries_read_public_tables_only(path: Path) -> None:
    allowed = {table.name for table in PUBLIC} | ({EXTRACT.name} if saved_queries()[path.stem].needs_extract else set())
    assert tables_read(path.read_text(encoding="utf-8"), str(path)) <= allowed


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    warehouse = bench(tmp_path_factory.mktemp("empty")).build()
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    return warehouse.workspace


@pytest.mark.slow
@pytest.mark.parametrize("name", saved_queries())
def test_queries_run_on_an_empty_warehouse(empty: Workspace, name: str) -> None:
    saved = saved_queries()[name]
    required = {parameter.name: ARGUMENTS[parameter.type] for parameter in saved.parameters if parameter.default is None}
    extract = pl.DataFrame(schema=EXTRACT.polars_schema) if saved.needs_extract else None
    assert run_saved_query(name, required, empty.warehouse, Settings(), extract).height == 0
