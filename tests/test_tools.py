"""docs/TOOLS.md and docs/notebook.py do what they say, on a small warehouse."""

import importlib
import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

from pipeline.warehouse import publish_release
from pipeline.warehouse.exporting import FORMATS
from pipeline.warehouse.macros import create_macros
from tests.warehouse.factory import NOW, VERSION, a, bench, m

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "docs" / "TOOLS.md").read_text()

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which data/warehouse.duckdb and its Parquet export lie: two meetings, an accusation, and nothing in April."""
    folder = tmp_path_factory.mktemp("home")
    warehouse = bench(folder / "data")
    warehouse.build(
        a("w", m("USA", "ACCUSE", "RUS", on="2021-03-02"), published="2021-03-03"),
        a("x", m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik"), m("RUS", "CONSULT", "USA", on="2021-05-19")),
        a("y", m("RUS", "ASSAULT", "UKR", on="2021-05-20")),
    )
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    with duckdb.connect(str(warehouse.workspace.warehouse)) as connection:
        create_macros(connection)
    FORMATS["parquet"](warehouse.workspace, warehouse.workspace.exports / "parquet")
    return folder


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_every_block_is_of_a_kind_that_is_tested() -> None:
    assert set(re.findall(r"^```(\w+)", TEXT, re.MULTILINE)) == {"python", "sql", "sh", "r"}


@pytest.mark.parametrize("program", blocks("python"))
def test_python(home: Path, program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], cwd=home, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Reykjavik" in done.stdout or "RUS" in done.stdout


@pytest.mark.parametrize("lines", blocks("sh"))
def test_the_duckdb_cli(home: Path, lines: str) -> None:
    with_cli = os.environ | {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-euc", lines], cwd=home, capture_output=True, text=True, check=True, env=with_cli)
    assert "Antony Blinken" in done.stdout
    assert "2021-05-01,1,2.5" in done.stdout


@pytest.mark.parametrize("sql", blocks("sql"))
def test_sql(home: Path, sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    attached = "attach" in sql
    with duckdb.connect() if attached else duckdb.connect("data/warehouse.duckdb", read_only=True) as connection:
        assert connection.execute(sql).fetchall()


@pytest.mark.parametrize("program", blocks("r"))
def test_what_r_asks_for_is_there(home: Path, program: str) -> None:
    with duckdb.connect(str(home / "data" / "warehouse.duckdb"), read_only=True) as connection:
        for sql in re.findall(r'dbGetQuery\(con, "(.+?)"\)', program):
            assert connection.execute(sql).fetchall()
        ((view, columns),) = re.findall(r'tbl\(con, "(\w+)"\).*?select\(([\w, ]+)\)', program, re.DOTALL)
        assert connection.execute(f"select {columns} from {view} where source_country = 'USA' and target_country = 'RUS'").fetchall()


def test_an_open_reader_keeps_its_release(home: Path, tmp_path: Path) -> None:
    warehouse = Path(shutil.copyfile(home / "data" / "warehouse.duckdb", tmp_path / "warehouse.duckdb"))
    newer = Path(shutil.copyfile(warehouse, tmp_path / "newer.duckdb"))
    with duckdb.connect(str(newer)) as writer:
        writer.execute("update releases set release_number = 2")
    last = "select max(release_number) from releases"
    with duckdb.connect(str(warehouse), read_only=True) as reader:
        newer.replace(warehouse)
        assert reader.execute(last).fetchone() == (1,)
    with duckdb.connect(str(warehouse), read_only=True) as reader:
        assert reader.execute(last).fetchone() == (2,)


def test_the_notebook_shows_the_dyad_with_most_events(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_WAREHOUSE", str(home / "data" / "warehouse.duckdb"))
    _, shown = importlib.import_module("docs.notebook").app.run()
    assert shown["top_dyads"].select("one", "other", "events", "conflict").row(0) == ("RUS", "USA", 3, 1)
    assert (shown["one"].value, shown["other"].value) == ("RUS", "USA")
    assert shown["balance"].select("month", "cooperation", "conflict", "balance").rows() == [
        (date(2021, 3, 1), 0, 1, -1),
        (date(2021, 4, 1), None, None, None),
        (date(2021, 5, 1), 2, 0, 2),
    ]
    assert shown["told"].select("source_name", "event_type", "sentence").sort("source_name").rows() == [
        ("Antony Blinken", "CONSULT", "They did it."),
        ("Russia", "CONSULT", "They did it."),
        ("United States", "ACCUSE", "They did it."),
    ]
    assert shown["coverage"].select("month", "covered_days").rows() == [(date(2021, 3, 1), 1), (date(2021, 4, 1), 0), (date(2021, 5, 1), 1)]
