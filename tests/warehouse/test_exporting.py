"""Exports of our own tables: equal content, equal bytes; nothing that a spreadsheet would run; nothing removed that is not ours."""

import csv
import json
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import EXPORT_FORMATS, app
from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.errors import InputError
from pipeline.warehouse import note_audit, publish_release
from pipeline.warehouse.exporting import FORMATS, export_canonical, export_csv, export_parquet, gdelt, polecat
from pipeline.warehouse.exporting.cells import as_written, guarded
from pipeline.warehouse.exporting.folder import written_before
from tests.warehouse.factory import NOW, VERSION, Bench, a, bench, m
from tests.warehouse.published import article, event, mention, publish_rows, sample

pytestmark = pytest.mark.slow  # writes and reads back whole exports

FORMULAS = ['=HYPERLINK("http://example.org")', "+1", "-1", "@SUM(A1)", "\t=1", "＝1", "'=1"]
TEXTS = [*FORMULAS, "plain", "'quoted'", 'a "quoted", one\nof two lines', "\x1b[31mred"]
OF_THE_RUN = {"releases", "changes", "event_versions"}


def publish(warehouse: Bench, batch_id: str, days: int = 0) -> Workspace:
    publish_release(batch_id, "passed", warehouse.workspace, VERSION, NOW + timedelta(days=days))
    return warehouse.workspace


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def titled(folder: Path) -> Workspace:
    return sample(folder, articles=[article(f"t{number:02}", title=title) for number, title in enumerate(TEXTS)])


def titles(path: Path) -> list[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return [row["title"] for row in csv.DictReader(file) if row["article_id"].startswith("t")]


@pytest.mark.slow
def test_canonical_exports_are_equal_whatever_the_run(tmp_path: Path) -> None:
    x = a("x", m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik", confidence=0.71))
    y = a("y", m("USA", "CONSULT", "RUS", on="2021-05", confidence=0.33), publisher="Post")
    z = a("z", duplicate_of="x")
    one = bench(tmp_path / "one").build(x, y, z, batch_id="all")
    two = bench(tmp_path / "two")
    two.load(y, batch_id="b1")
    note_audit("b1", "passed", two.workspace, Settings())
    publish(two.build(x, batch_id="b2"), "b2")
    two.build(z, batch_id="b3")
    export_canonical(publish(one, "all"), tmp_path / "first")
    export_canonical(publish(two, "b3", days=9), tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


def test_the_canonical_export_leaves_out_what_depends_on_the_run(tmp_path: Path) -> None:
    files = export_canonical(sample(tmp_path), tmp_path / "out")
    assert {path.stem for path in files if path.suffix == ".csv"} == {table.name for table in PUBLIC} - OF_THE_RUN
    export_canonical(sample(tmp_path, release_number=2), tmp_path / "again")
    assert contents(tmp_path / "out") == contents(tmp_path / "again")
    headers = {path.name: path.read_text().partition("\n")[0].split(",") for path in files if path.suffix == ".csv"}
    assert "batch_id" not in headers["records.csv"]
    assert not {"valid_from_release", "valid_to_release"} & set(headers["events.csv"])


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_the_same_release_gives_the_same_bytes(form: str, tmp_path: Path) -> None:
    workspace = titled(tmp_path)
    FORMATS[form](workspace, tmp_path / "first")
    FORMATS[form](workspace, tmp_path / "second")
    assert contents(tmp_path / "first") == contents(tmp_path / "second")


@pytest.mark.parametrize("form", ["canonical", "csv"])
def test_no_cell_is_a_formula(form: str, tmp_path: Path) -> None:
    FORMATS[form](titled(tmp_path), tmp_path / "out")
    read = titles(tmp_path / "out" / "articles.csv")
    assert read == [f"'{text}" for text in FORMULAS] + TEXTS[len(FORMULAS) :]
    assert [as_written(cell) for cell in read] == TEXTS


def test_raw_cells_are_as_they_are(tmp_path: Path) -> None:
    export_csv(titled(tmp_path), tmp_path / "out", raw=True)
    assert titles(tmp_path / "out" / "articles.csv") == TEXTS


def test_raw_is_refused_where_it_would_mean_nothing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="parquet has no raw form"):
        export_parquet(sample(tmp_path), tmp_path / "out", raw=True)


# NUL apart, which csv.reader refuses before Python 3.11.4. Half of the texts begin with what a spreadsheet may run.
ANY_TEXT = st.builds(
    str.__add__,
    st.sampled_from(["", "'", "=", "+", "-", "@", "\t", "\r", "\n", "＝", "'=", "''@"]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12),
)


@settings(deadline=None, max_examples=30)
@given(st.lists(ANY_TEXT, min_size=1, max_size=20))
def test_any_text_comes_back_from_csv(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        connection.execute("create table articles (number integer, title varchar)")
        connection.executemany("insert into articles values (?, ?)", list(enumerate(texts)))
        cell = guarded("title")
        connection.execute(f"copy (select {cell} as title from articles order by number) to '{folder}/any.csv' (format csv, header)")
        with Path(folder, "any.csv").open(newline="", encoding="utf-8") as file:
            # A row that is one empty cell is an empty line to csv.reader.
            read = [row[0] if row else "" for row in csv.reader(file)][1:]
    assert [as_written(cell) for cell in read] == texts
    assert not [cell for cell in read if cell[:1] in tuple("=+-@\t\r\n＝＋－＠")]


def test_polars_reads_the_csv_with_numbers_lists_and_nulls(tmp_path: Path) -> None:
    export_csv(sample(tmp_path, events=[event("e2", event_date=None, contexts=[], latitude=None)]), tmp_path / "out")
    frame = pl.read_csv(tmp_path / "out" / "events.csv", try_parse_dates=True, schema_overrides={"cameo_code": pl.String})
    assert frame.columns == next(table for table in PUBLIC if table.name == "events").column_names
    assert frame["intensity"].to_list() == [2.5, 2.5]
    assert frame["cameo_code"].to_list() == ["042", "042"]
    assert frame["event_date"].to_list() == [date(2021, 5, 19), None]
    assert [json.loads(cell) for cell in frame["contexts"]] == [["diplomatic", "environment"], []]


def test_parquet_lies_in_months_and_holds_the_values_as_they_are(tmp_path: Path) -> None:
    undated = event("e3", event_date=None, event_date_end=None, date_precision=None)
    workspace = sample(tmp_path, events=[event("e2", event_date=date(2020, 2, 29)), undated])
    export_parquet(workspace, tmp_path / "out")
    months = sorted(path.parent.name for path in (tmp_path / "out" / "events").rglob("*.parquet"))
    assert months == ["month=2020-02", "month=2021-05", "month=unknown"]
    assert pl.read_parquet(tmp_path / "out" / "events" / "month=2020-02" / "part-0.parquet")["event_id"].to_list() == ["e2"]
    events = pl.read_parquet(tmp_path / "out" / "events", hive_partitioning=True).sort("event_id")
    assert events.select("event_id", "month").rows() == [("e1", "2021-05"), ("e2", "2020-02"), ("e3", "unknown")]
    titles = pl.read_parquet(tmp_path / "out" / "articles", hive_partitioning=False)["title"].to_list()
    assert titles == ["They met"]


def test_parquet_has_the_declared_types(tmp_path: Path) -> None:
    files = export_parquet(sample(tmp_path), tmp_path / "out")
    found = {path.relative_to(tmp_path / "out").parts[0].removesuffix(".parquet"): path for path in files if path.suffix == ".parquet"}
    for table in PUBLIC:
        assert pl.read_parquet_schema(found[table.name]) == table.polars_schema, table.name


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_warehouse_can_be_exported(form: str, tmp_path: Path) -> None:
    assert all(path.is_file() for path in FORMATS[form](publish_rows(tmp_path, {}), tmp_path / "out"))


def test_a_newer_export_takes_the_place_of_an_older_one_and_of_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export_parquet(sample(tmp_path, events=[event("e2", event_date=date(2020, 2, 29))]), out)
    for note in ("notes.txt", "events/month=2020-02/mine.parquet", "events/month=2019-01/part-0.parquet"):
        (out / note).parent.mkdir(parents=True, exist_ok=True)
        (out / note).write_text("mine")
    export_parquet(sample(tmp_path, release_number=2), out)
    events = sorted(str(path.relative_to(out)) for path in (out / "events").rglob("*.parquet"))
    assert events == [
        "events/month=2019-01/part-0.parquet",  # never written by an export
        "events/month=2020-02/mine.parquet",  # lies beside a partition that went
        "events/month=2021-05/part-0.parquet",
    ]
    assert (out / "notes.txt").read_text() == "mine"
    assert not list(out.glob(".*"))


def test_emptied_months_leave_no_folders(tmp_path: Path) -> None:
    export_parquet(sample(tmp_path, events=[event("e2", event_date=date(2020, 2, 29))]), tmp_path / "out")
    export_parquet(sample(tmp_path), tmp_path / "out")
    assert [path.name for path in (tmp_path / "out" / "events").iterdir()] == ["month=2021-05"]


def test_an_edited_list_of_files_leads_nowhere_else(tmp_path: Path) -> None:
    outside, out = tmp_path / "outside.txt", tmp_path / "out"
    outside.write_text("mine")
    out.mkdir()
    (out / "kept.csv").write_text("old")
    (out / "link.csv").symlink_to(outside)
    paths = [str(outside), "../outside.txt", "link.csv", "", "kept.csv", 7, "a\0b", "missing.csv"]
    (out / "datapackage.json").write_text(json.dumps({"name": "dragoman-csv", "resources": [{"path": path} for path in paths]}))
    assert written_before(out) == {"kept.csv"}
    export_csv(sample(tmp_path), out)
    assert outside.read_text() == "mine"
    assert (out / "link.csv").is_symlink() and not (out / "kept.csv").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "theirs", "resources": [{"path": "kept.csv"}]}', '{"name": 1}'])
def test_a_list_of_files_that_is_not_ours_removes_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "kept.csv").write_text("theirs")
    (tmp_path / "datapackage.json").write_text(text)
    assert written_before(tmp_path) == set()


def test_an_export_that_fails_leaves_the_older_one(tmp_path: Path) -> None:
    workspace = sample(tmp_path)
    export_csv(workspace, tmp_path / "out")
    before = contents(tmp_path / "out")
    workspace.warehouse.write_bytes(b"no database")
    with pytest.raises(Exception, match="not a valid DuckDB"):
        export_csv(workspace, tmp_path / "out")
    assert contents(tmp_path / "out") == before


def test_two_exports_do_not_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace, refusals = sample(tmp_path), []

    def write_while_another_tries(*_: object) -> list[object]:
        with pytest.raises(InputError, match="another export writes here") as refused:
            export_parquet(workspace, tmp_path / "out")
        refusals.append(refused)
        return []

    # A frozen dataclass: the field is set below its guard.
    original = export_csv.write
    object.__setattr__(export_csv, "write", lambda connection, folder, raw: write_while_another_tries())
    try:
        export_csv(workspace, tmp_path / "out")
    finally:
        object.__setattr__(export_csv, "write", original)
    assert len(refusals) == 1


def test_nothing_published(tmp_path: Path) -> None:
    for export in FORMATS.values():
        with pytest.raises(InputError, match="no warehouse is published here"):
            export(Workspace(tmp_path / "none.duckdb"), tmp_path / "out")


def test_the_command(tmp_path: Path) -> None:
    workspace = sample(tmp_path)
    told = CliRunner().invoke(app, ["export", "csv", "-o", str(tmp_path / "out"), "--warehouse", str(workspace.warehouse)])
    assert told.exit_code == 0
    assert str(tmp_path / "out" / "events.csv") in told.stdout.splitlines()
    listed = CliRunner().invoke(app, ["export", "list"])
    assert [line.split()[0] for line in listed.stdout.splitlines()] == list(FORMATS)
    assert tuple(FORMATS) == EXPORT_FORMATS
    assert CliRunner().invoke(app, ["export", "docx", "--warehouse", str(workspace.warehouse)]).exit_code == 2


def test_the_page_for_users_tells_every_format_and_foreign_column() -> None:
    page = (Path(__file__).parents[2] / "docs" / "EXPORTS.md").read_text(encoding="utf-8").splitlines()
    rows = [f"| `{one.name}` | {one.description} |" for one in FORMATS.values()]
    for table in (gdelt.EVENTS, gdelt.MENTIONS, polecat.EVENTS):
        rows += [f"| {number} | {column.name} | {column.description} |" for number, column in enumerate(table, 1)]
    assert [row for row in rows if row not in page] == []


def test_the_way_back_that_the_page_shows_is_ours() -> None:
    page = (Path(__file__).parents[2] / "docs" / "EXPORTS.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r're\.sub\(r"(.*?)", "", cell\)', page)
    cells = ["'" * count + text for text in (*TEXTS, *FORMULAS) for count in range(3)]
    assert [re.sub(shown, "", cell) for cell in cells] == [as_written(cell) for cell in cells]


def test_terminal_codes_are_data_and_never_printed(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["export", "csv", "--warehouse", str(titled(tmp_path).warehouse)])
    assert "\x1b" not in told.output
    assert "\x1b[31mred" in titles(tmp_path / "exports" / "warehouse" / "csv" / "articles.csv")


def test_mentions_follow_their_own_month(tmp_path: Path) -> None:
    workspace = sample(tmp_path, event_mentions=[mention("m3", event_date=date(2021, 4, 1))])
    export_parquet(workspace, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out" / "event_mentions").iterdir()) == ["month=2021-04", "month=2021-05"]
