"""*Nothing in an article runs*: fifty strings in every field, in file names and in rejects, carried from the inbox to every way out."""

import csv
import json
import os
import pty
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import duckdb
import lxml.html
import pytest
from typer.testing import CliRunner

from pipeline import flow
from pipeline.articles.cleaning import clean_line
from pipeline.cli import app
from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.quality.display import visible
from tests.articles.article_samples import prose
from tests.faults.hostile import PWNED, STRINGS
from tests.quality.test_report import ADDRESS

pytestmark = pytest.mark.slow  # one run of the whole spine

# Folders may be called anything too.
FOLDER = "it's [a-z]* {{7*7}} %s; drop table"
FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")


def record(number: int, text: str) -> dict[str, str]:
    story = f"Norway recalled its ambassador from Chad on Monday. Russia accused {text} of spying. {text}\n\n{prose(number, 6)}"
    names = ("title", "publisher", "url", "id", "dateline", "language")
    return {"text": story, "date": "2009-06-10", **dict.fromkeys(names, text)}


def file_name(text: str) -> str:
    """As much of a text as a file may be called."""
    name = text.encode("utf-8", "replace").replace(b"/", b"_").replace(b"\0", b"")[:200].decode(errors="ignore")
    return f"n{name}" if name.startswith(".") else name


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Workspace:
    root = tmp_path_factory.mktemp("hostile") / FOLDER
    inbox = root / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "a.jsonl").write_text("".join(json.dumps(record(number, text)) + "\n" for number, text in enumerate(STRINGS)))
    (inbox / "broken.jsonl").write_bytes(b"".join(b'{"text": ' + text.encode("utf-8", "replace") + b"\n" for text in STRINGS))
    for number, text in enumerate(STRINGS):
        (inbox / f"{file_name(text)}.txt").write_text(prose(1000 + number, 6))
        (inbox / f"{file_name(text)}.pdf").write_bytes(b"%PDF" + text.encode("utf-8", "replace"))
    workspace = Workspace(root / "warehouse.duckdb")
    said: list[str] = []
    flow.run([str(inbox)], workspace, Settings(), 1, lambda step, what: said.append(f"{step} {what}"))
    assert_harmless("\n".join(said))
    return workspace


def assert_harmless(shown: str, allowed: str = "\n") -> None:
    """Nothing that a terminal would obey, and nothing that turns or hides what it shows."""
    strange = {character for character in shown if unicodedata.category(character) in ("Cc", "Cf", "Cs")} - set(allowed)
    assert not strange, strange


def rows(workspace: Workspace, sql: str) -> list[tuple]:
    with duckdb.connect(str(workspace.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def dragoman(workspace: Workspace, *arguments: str) -> str:
    done = CliRunner().invoke(app, [*arguments, "--warehouse", str(workspace.warehouse)])
    assert done.exit_code == 0, done.output
    return done.output


def test_texts_are_stored_as_they_are(published: Workspace):
    fields = ("publisher_name", "url", "external_id")
    stored = rows(published, f"select {', '.join(fields)} from articles left join publishers using (publisher_id) where url is not null")
    expected = {line for text in STRINGS if (line := clean_line(text))}
    assert all({row[number] for row in stored} == expected for number in range(len(fields)))
    untouched = {
        text for text in STRINGS if not re.search(r"[\x00-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\ud800-\udfff&＝]", text)
    }
    assert {text[:1000] for text in untouched} <= expected
    assert len(untouched) > 30


def test_every_record_is_there(published: Workspace):
    count = len(STRINGS)
    assert rows(published, "select count(*) from articles") == [(2 * count,)]
    assert rows(published, "select count(*) from rejects where locator like '%.pdf'") == [(count,)]
    assert (
        rows(published, "select count(*) from rejects where locator = 'broken.jsonl'")[0][0] >= count - 3
    )  # some are empty, or of two lines
    names = {locator for (locator,) in rows(published, "select locator from records")}
    assert {f"{file_name(text)}.txt" for text in STRINGS} <= names


def test_nothing_ran(published: Workspace):
    tables = {name for (name,) in rows(published, "select table_name from duckdb_tables() where schema_name = 'main'")}
    assert {table.name for table in PUBLIC} <= tables
    root = published.warehouse.parent
    assert {path.name for path in root.iterdir()} == {"inbox", "warehouse.duckdb", "work", "site"}
    assert [path for folder in (root.parent, Path.cwd(), Path.home()) for path in folder.glob(f"*{PWNED}*")] == []
    assert {path.name for path in root.parent.iterdir()} == {FOLDER}


def test_the_report_shows_them_as_text(published: Workspace):
    page = (published.site / "index.html").read_text(encoding="utf-8")
    tree = lxml.html.fromstring(page)
    assert not tree.xpath(
        "//script | //img | //iframe | //svg[@onload] | //object | //form | //base | //*[@src] | //@*[starts-with(name(), 'on')]"
    )
    assert all(ADDRESS.fullmatch(address) for address in tree.xpath("//@href"))
    assert_harmless(page)
    shown = tree.text_content()
    told = [text for text in STRINGS if len(text) < 60 and visible(clean_line(text) or "") in shown]
    assert len(told) > 5  # outlets, of which it names as many as fit


EVERYTHING = " union all by name ".join(f"select * exclude (batch_id) from {table}" for table in ("rejects", "records")) + "".join(
    f" union all by name from {table}" for table in ("articles", "publishers", "event_mentions", "coverage")
)


@pytest.mark.parametrize("arguments", [("rejects",), ("sql", EVERYTHING), ("sql", "--format", "json", EVERYTHING)])
def test_terminals_get_no_orders(published: Workspace, arguments):
    shown = dragoman(published, *arguments)
    assert_harmless(shown)
    assert len(shown.splitlines()) > len(STRINGS)


def test_why_shows_them_as_text(published: Workspace):
    ((event,),) = rows(
        published, "select event_id from events where event_type = 'SANCTION' or mode = 'withdraw' order by mention_count desc limit 1"
    )
    shown = dragoman(published, "why", event)
    assert_harmless(shown)
    assert "<script>alert(1)</script>" in shown
    assert "[bold red]x[/bold red]" in shown


def test_json_gives_back_what_is_stored(published: Workspace):
    shown = dragoman(published, "sql", "--format", "json", "select locator from records order by record_id")
    assert [json.loads(line)["locator"] for line in shown.splitlines()] == [
        name for (name,) in rows(published, "select locator from records order by record_id")
    ]


def test_csv_is_whole_in_a_pipe_and_harmless_on_a_terminal(published: Workspace):
    statement = "select locator from records order by record_id"
    piped = list(csv.reader(dragoman(published, "sql", "--format", "csv", statement).splitlines(keepends=True)))[1:]
    assert len(piped) == rows(published, "select count(*) from records")[0][0]
    assert not [cell for (cell,) in piped if FORMULA.match(cell)]
    command = [sys.executable, "-m", "pipeline.cli", "sql", "--format", "csv", statement, "--warehouse", str(published.warehouse)]
    assert_harmless(on_a_terminal(command), allowed="\r\n")


def on_a_terminal(command: list[str]) -> str:
    """What a program writes to a terminal."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL) as process:
        os.close(theirs)
        pieces = []
        try:
            while piece := os.read(ours, 65536):
                pieces.append(piece)
        except OSError:  # how Linux says that the other end has closed
            pass
    os.close(ours)
    assert process.returncode == 0
    return b"".join(pieces).decode()


@pytest.mark.parametrize("form", ["csv", "gdelt", "polecat", "edges"])
def test_exported_cells_are_no_formulas(published: Workspace, form: str, tmp_path: Path):
    dragoman(published, "export", form, "--output", str(tmp_path))
    for path in [*tmp_path.glob("*.csv"), *tmp_path.glob("*.tsv"), *tmp_path.glob("*.txt"), *tmp_path.glob("*.CSV")]:
        with path.open(encoding="utf-8", newline="") as file:
            cells = [cell for row in csv.reader(file, delimiter="," if path.suffix == ".csv" else "\t") for cell in row]
        assert cells
        assert not [cell for cell in cells if FORMULA.match(cell) and not re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell)]


def test_errors_quote_them_as_text(published: Workspace):
    for text in ("\x1b[31m", "moc\u202e", "\x9b31m"):
        done = CliRunner().invoke(app, ["sql", f"select '{text}' from nowhere{text}", "--warehouse", str(published.warehouse)])
        assert done.exit_code
        assert_harmless(done.output)
