"""`dragoman sql` without a query: on a terminal, and with statements on standard input."""

import os
import pty
import re
import select
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput
from typer.testing import CliRunner

from pipeline import prompt
from pipeline.cli import app
from pipeline.completion import Names
from pipeline.config import Settings
from pipeline.contracts import PUBLIC
from pipeline.errors import InputError
from pipeline.warehouse.macros import create_macros
from pipeline.warehouse.tables import ddl

pytestmark = pytest.mark.slow  # many files opened, and a process a query


def publish(path: Path, release: int) -> None:
    """A file with all tables, macros and views, swapped in as the pipeline does."""
    candidate = path.with_name(f"candidate-{release}.duckdb")
    with duckdb.connect(str(candidate)) as connection:
        for table in PUBLIC:
            connection.execute(ddl(table, table.name))
        told = f"'r{release}', {release}, '2021-06-01', 'b1', 'test-1', 0, 0, 0, 0, 'passed', null, null"
        connection.execute(f"insert into releases values ({told})")
        connection.execute("insert into publishers select 'p' || i, 'Wire \x1b[31m' || i, 1, null, null from range(300) as numbers(i)")
        create_macros(connection)
    candidate.replace(path)


@pytest.fixture
def warehouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    publish(tmp_path / "warehouse.duckdb", 1)
    return tmp_path / "warehouse.duckdb"


@pytest.fixture
def keyboard() -> Iterator[PipeInput]:
    with create_pipe_input() as keys, create_app_session(input=keys, output=DummyOutput()):
        yield keys


def shown(capsys: pytest.CaptureFixture[str], keyboard: PipeInput, warehouse: Path, *typed: str, form: str = "table") -> str:
    """What the prompt prints, each line of it bare of blanks at its end."""
    for text in typed:
        keyboard.send_text(text)
    keyboard.send_text("\x04")  # Ctrl-D
    prompt.converse(warehouse, Settings(), form)
    captured = capsys.readouterr()
    return captured.out + captured.err


# ---------------------------------------------------------------- what a statement is


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("select 1;", ["select 1"]),
        ("select 1; select 2;\nselect 3", ["select 1", "select 2", "select 3"]),
        ("select ';' as a, \"b;\" from t -- not; here\n;", ["select ';' as a, \"b;\" from t -- not; here"]),
        ("select /* ; */ 'it''s; so'; select $$;$$, $tag$ ; $tag$;", ["select /* ; */ 'it''s; so'", "select $$;$$, $tag$ ; $tag$"]),
        ("select 5 - 3 / 2, $name;", ["select 5 - 3 / 2, $name"]),
        (".tables\nselect\n1;\n.quit\n", [".tables", "select\n1", ".quit"]),
        ("select\n.5;", ["select\n.5"]),
        (";;\n-- nothing\n;", []),
        ("select 'open;", ["select 'open;"]),
    ],
)
def test_statements(text: str, found: list[str]) -> None:
    assert list(prompt.statements(text.splitlines(keepends=True))) == found


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("select 1;", True),
        ("select 1", False),
        ("select ';", False),
        ("select 1; -- done", True),
        (".tables", True),
        ("", True),
        ("a; b", False),
    ],
)
def test_enter_sends_what_is_complete(text: str, complete: bool) -> None:
    assert prompt.is_complete(text) is complete


# ---------------------------------------------------------------- on a terminal


def test_statements_over_several_lines(capsys, keyboard, warehouse) -> None:
    assert "answer\n━━━━━━\n    42\n" in shown(capsys, keyboard, warehouse, "select\n", "  6 * 7 as answer\n", ";\n")


def test_errors_do_not_end_the_prompt(capsys, keyboard, warehouse) -> None:
    said = shown(capsys, keyboard, warehouse, "select nope;\n", "copy events to 'x.csv';\n", ".nothing\n", "select 'still here';\n")
    assert 'Referenced column "nope" was not found' in said
    assert "only SELECT is read here, not COPY" in said
    assert "no command '.nothing'; there are .tables" in said
    assert "still here" in said


def test_ctrl_c_throws_a_line_away(capsys, keyboard, warehouse) -> None:
    assert "kept" in shown(capsys, keyboard, warehouse, "select 'lost'\n", "\x03", "select 'kept';\n")


def test_commands(capsys, keyboard, warehouse) -> None:
    said = shown(capsys, keyboard, warehouse, ".tables\n", ".schema dyad_month\n", ".schema prio_grid\n", ".queries\n", ".help\n")
    for words in (
        "event_mentions",
        "events_readable",
        "a distinct event, with the names",
        "covered_days",
        "latitude, longitude",
        "drill_down",
        "Ctrl-D",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (".schema", ".schema TABLE: its columns"),
        (".schema nothing", "no table, view or macro 'nothing'; .tables lists them"),
        (".format xml", ".format table|csv|json: how"),
        (".run drill_down", "query drill_down needs event_id=…"),
        (".run drill_down 5", "'5' is not name=value"),
        (".run drill_down 'event_id=5", "No closing quotation"),
    ],
)
def test_wrong_commands_say_how(capsys, keyboard, warehouse, typed: str, said: str) -> None:
    assert said in shown(capsys, keyboard, warehouse, f"{typed}\n")


def test_quit_ends(capsys, keyboard, warehouse) -> None:
    assert "unheard" not in shown(capsys, keyboard, warehouse, ".quit\n", "select 'unheard';\n")


def test_formats(capsys, keyboard, warehouse) -> None:
    said = shown(capsys, keyboard, warehouse, ".format csv\n", "select 1 as a, 'x' as b;\n", ".format json\n", "select 1 as a;\n")
    assert "a,b\n1,x\n" in said
    assert '{"a": 1}\n' in said


def test_long_tables_are_cut_and_say_so(capsys, keyboard, warehouse) -> None:
    said = shown(capsys, keyboard, warehouse, "from publishers;\n")
    assert "-- 200 of 300 rows" in said
    assert "\x1b[31m" not in said
    assert "\\u001b[31m" in said


def test_hostile_values_in_errors_are_shown_not_sent(capsys, keyboard, warehouse) -> None:
    said = shown(capsys, keyboard, warehouse, "select publisher_name::integer from publishers;\n")
    assert "Could not convert string 'Wire \\u001b[31m" in said


def test_a_new_release_is_seen_at_once_and_told(capsys, keyboard, warehouse, monkeypatch) -> None:
    monkeypatch.setattr(prompt, "query", _publishing_after(prompt.query, warehouse))
    said = shown(capsys, keyboard, warehouse, "select 'first' as a;\n", "select release_number + 100 as a from releases;\n")
    assert "-- release 2 was published; before, this was release 1" in said
    assert "\n102\n" in said


def _publishing_after(query, warehouse):
    """A query behind which a release is published, as long as the file is not held open."""

    def then_publish(*arguments):
        answered = query(*arguments)
        publish(warehouse, 2)
        return answered

    return then_publish


def test_between_queries_the_file_is_not_held(keyboard, warehouse) -> None:
    session = prompt.Session(warehouse, Settings())
    session.answer("select 1")
    with duckdb.connect(str(warehouse)) as writer:  # would fail, were it open anywhere
        writer.execute("create table written (a integer)")


def test_the_history_is_for_the_user_alone(capsys, keyboard, warehouse, tmp_path) -> None:
    shown(capsys, keyboard, warehouse, "select 'remember me';\n")
    (history,) = (tmp_path / "state").rglob("sql_history")
    assert "remember me" in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_without_a_state_folder_there_is_no_history(capsys, keyboard, warehouse, tmp_path) -> None:
    (tmp_path / "state").write_text("a file, not a folder")
    assert "fine" in shown(capsys, keyboard, warehouse, "select 'fine';\n")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("select * from dyad", {"dyad_month", "dyad_month_named", "dyad(", "dyad_both(", "dyad_months("}),
        ("from events_as", {"events_as_of("}),
        ("select cou", {"count(*)", "country", "countries", "country_name", "country_month", "country_name(", "country_month_named"}),
        (
            "from countries select cou",
            {"country", "countries", "country_name", "country_month", "country_name(", "country_month_named", "count(*)"},
        ),
        ("select releases.rel", {"release_id", "release_number", "released_by"}),
        ("sel", {"select"}),
        (".sch", {".schema"}),
        (".schema releas", {"releases"}),
        (".format j", {"json"}),
        (".run drill", {"drill_down"}),
        (".run drill_down ev", {"event_id="}),
    ],
)
def test_completion(warehouse: Path, text: str, offered: set[str]) -> None:
    names = Names(prompt.Session(warehouse, Settings()).catalogue, [".schema", ".tables"], prompt.FORMATS)
    assert {found.text for found in names.get_completions(Document(text), CompleteEvent())} == offered


def test_no_warehouse_no_prompt(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no warehouse is published here"):
        prompt.converse(tmp_path / "none.duckdb", Settings())


# ---------------------------------------------------------------- statements on standard input

RUNNER = CliRunner()


def test_a_script_is_answered_statement_by_statement(warehouse: Path) -> None:
    done = RUNNER.invoke(app, ["sql", "-w", str(warehouse), "-f", "csv"], input="select 1 as a;\n-- so far\nselect 2 as b\n")
    assert (done.exit_code, done.stdout) == (0, "a\n1\nb\n2\n")


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("select 1 as a;\nselect nope;\nselect 'never';", 1, 'Referenced column "nope"'),
        ("select 1 as a;\n.run nothing\n", 2, "no saved query 'nothing'"),
        ("select 1 as a;\ndrop table events;", 1, "only SELECT is read here, not DROP"),
    ],
)
def test_a_script_ends_with_its_first_error(warehouse: Path, script: str, code: int, said: str) -> None:
    done = RUNNER.invoke(app, ["sql", "-w", str(warehouse), "-f", "csv"], input=script)
    assert (done.exit_code, done.stdout) == (code, "a\n1\n")
    assert said in done.stderr


def test_nothing_on_standard_input_is_wrong_usage(warehouse: Path) -> None:
    done = RUNNER.invoke(app, ["sql", "-w", str(warehouse)], input="-- nothing\n")
    assert done.exit_code == 2
    assert "no statement came on standard input" in done.stderr


# ---------------------------------------------------------------- a real terminal


def test_on_a_real_terminal(warehouse: Path, tmp_path: Path) -> None:
    main, terminal = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "XDG_STATE_HOME": str(tmp_path / "state")}
    command = [sys.executable, "-m", "pipeline.cli", "sql", "-w", str(warehouse)]
    with subprocess.Popen(command, stdin=terminal, stdout=terminal, stderr=terminal, env=environment, start_new_session=True) as process:
        os.close(terminal)
        try:
            for typed, answered in (
                ("", "release 1.*dragoman>"),
                ("select release_num\t", "release_num.*ber"),  # Tab completes columns, and tables behind from; in parts, at times
                (" + 41 as answer\r", r"\.\.\."),
                ("from rele\t", "rele.*ases"),
                (";\r", r"answer.*42.*dragoman>"),
                ("select nope;\r", "was not found.*dragoman>"),
            ):
                os.write(main, typed.encode())
                _until(main, answered)
            os.write(main, b".quit\r")
            assert process.wait(20) == 0
        finally:
            process.kill()
            os.close(main)


def _until(terminal: int, pattern: str, seconds: float = 30) -> None:
    """Reads what the terminal shows until the pattern appears."""
    seen, end = "", time.monotonic() + seconds
    while not re.search(pattern, seen, re.DOTALL):
        assert time.monotonic() < end, f"{pattern!r} did not appear in {seen!r}"
        if select.select([terminal], [], [], 0.2)[0]:
            seen += os.read(terminal, 4096).decode(errors="replace")
            if "\x1b[6n" in seen:  # the prompt asks where the cursor is
                seen = seen.replace("\x1b[6n", "")
                os.write(terminal, b"\x1b[1;1R")
