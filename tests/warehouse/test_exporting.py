"""Exports: equal content, equal bytes; nothing that a spreadsheet would run."""

import csv
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline.config import Workspace
from pipeline.contracts import PUBLIC
from pipeline.errors import InputError
from pipeline.warehouse import publish_release
from pipeline.warehouse.exporting import FORMATS, export_canonical, export_csv, export_parquet
from tests.warehouse.factory import NOW, VERSION, Bench, a, bench, m, rejected

pytestmark = pytest.mark.slow  # whole builds

TEXTS = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "plain", 'a "quoted", one\nof two lines']


def publish(warehouse: Bench, batch_id: str, days: int = 0) -> Workspace:
    publish_release(batch_id, "passed", warehouse.workspace, VERSION, NOW + timedelta(days=days))
    return warehouse.workspace


def contents(files: list[Path]) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in files}


def test_canonical_exports_are_equal_whatever_the_run(tmp_path: Path) -> None:
    x = a("x", m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik", confidence=0.71))
    y = a("y", m("USA", "CONSULT", "RUS", on="2021-05", confidence=0.33), publisher="Post")
    z = a("z", duplicate_of="x")
    one = bench(tmp_path / "one").build(x, y, z, batch_id="all")
    two = bench(tmp_path / "two")
    two.load(y, batch_id="b1")
    publish(two.build(x, batch_id="b2"), "b2")
    two.build(z, batch_id="b3")
    exported = export_canonical(publish(one, "all"), tmp_path / "first")
    again = export_canonical(publish(two, "b3", days=9), tmp_path / "second")
    assert contents(exported) == contents(again)
    assert {path.stem for path in exported} == {table.name for table in PUBLIC} - {"releases", "changes"}
    assert b"batch_id" not in (tmp_path / "first" / "records.csv").read_bytes()


@pytest.mark.parametrize("export", [export_canonical, export_csv])
def test_no_cell_is_a_formula(warehouse: Bench, tmp_path: Path, export: object) -> None:
    articles = [a(f"x{number}", title=title) for number, title in enumerate(TEXTS)]
    refused, reject = rejected("x.bin", "b1")
    workspace = publish(warehouse.build(*articles, records=[refused], rejects=[reject]), "b1")
    export(workspace, tmp_path / "out")  # type: ignore[operator]
    with (tmp_path / "out" / "articles.csv").open(newline="") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    assert titles == [f"'{title}" for title in TEXTS[:6]] + TEXTS[6:]
    with (tmp_path / "out" / "rejects.csv").open(newline="") as file:
        assert [row["evidence"][0] for row in csv.DictReader(file)] == ["'"]


def test_numbers_stay_numbers(warehouse: Bench, tmp_path: Path) -> None:
    export_csv(publish(warehouse.build(a("x", m("USA", "ACCUSE", "RUS", on="2021-05-19"))), "b1"), tmp_path)
    assert pl.read_csv(tmp_path / "events.csv")["intensity"].to_list() == [-3.0]


def test_parquet_holds_the_values_as_they_are(warehouse: Bench, tmp_path: Path) -> None:
    workspace = publish(warehouse.build(*(a(f"x{number}", title=title) for number, title in enumerate(TEXTS))), "b1")
    files = export_parquet(workspace, tmp_path)
    assert [path.suffix for path in files] == [".parquet"] * len(PUBLIC)
    assert pl.read_parquet(tmp_path / "articles.parquet")["title"].to_list() == TEXTS
    for table in PUBLIC:
        assert pl.read_parquet_schema(tmp_path / f"{table.name}.parquet") == table.polars_schema


def test_nothing_published(tmp_path: Path) -> None:
    for export in FORMATS.values():
        with pytest.raises(InputError, match="no warehouse is published here"):
            export(Workspace(tmp_path / "none.duckdb"), tmp_path / "out")
