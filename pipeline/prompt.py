"""`dragoman sql` without a query: a prompt on a terminal, and statements from standard input elsewhere.

*The same door*: each statement goes through reading.query, as that of `dragoman sql "…"` does. The file is open only while a query
runs, so that the prompt never holds up a publication, and each query sees the newest release.
"""

import os
import re
import shlex
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
import polars as pl
from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory

from pipeline.completion import Catalogue, Names, read_catalogue
from pipeline.config import Settings
from pipeline.console import as_csv, as_json, plain, print_data, print_table, saved_query_table
from pipeline.errors import DragomanError, InputError
from pipeline.warehouse.reading import query, run_saved_query

SHOWN_ROWS = 200
"""Rows of a table at the prompt: what one still looks through. CSV and JSON are never cut."""

FORMATS = ("table", "csv", "json")
_COMMANDS = {
    ".tables": "the tables, views and macros, and what a row of each is",
    ".schema": "TABLE: its columns, their types and meanings; or the parameters of a macro",
    ".queries": "the saved queries with their parameters",
    ".run": "QUERY name=value …: the result of a saved query",
    ".format": f"{'|'.join(FORMATS)}: how results are printed",
    ".help": "this list",
    ".quit": "end; so does Ctrl-D",
}
# A statement ends at a semicolon outside strings, quoted names and comments.
_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?(?:\*/|\Z)|'(?:[^']|'')*(?:'|\Z)|"(?:[^"]|"")*(?:"|\Z)|\$(?P<tag>\w*)\$.*?(?:\$(?P=tag)\$|\Z)|;|[^;'"$/-]+|.""",
    re.DOTALL,
)


@dataclass
class Session:
    """A run of the prompt: where it asks, how it prints, and which release it saw last."""

    warehouse: Path
    settings: Settings
    form: str = "table"
    shown_rows: int | None = None
    """Rows of a table that are printed; None = all."""
    _release: int | None = field(default=None, init=False)
    _catalogue: Catalogue | None = field(default=None, init=False)
    _file: tuple[int, int] | None = field(default=None, init=False)

    def catalogue(self) -> Catalogue:
        """The names in the file as it is now; read again only where another file stands there. InputError where none is published."""
        try:
            found = self.warehouse.stat()
        except OSError:
            raise InputError(
                f"{self.warehouse}: no warehouse is published here; run `dragoman run INBOX --warehouse {self.warehouse}` first"
            ) from None
        if self._catalogue is None or self._file != (found.st_ino, found.st_mtime_ns):
            self._catalogue, self._file = read_catalogue(self.warehouse, self.settings), (found.st_ino, found.st_mtime_ns)
        return self._catalogue

    def answer(self, statement: str) -> bool:
        """Answers one statement or command; False where it was the wish to end. Errors are raised."""
        if statement.rstrip("; ") in (".quit", ".exit"):
            return False
        release = self.catalogue().release
        if self._release is not None and release != self._release:
            _say(f"-- release {release} was published; before, this was release {self._release}")
        self._release = release
        if statement.startswith("."):
            self._command(_words(statement))
        else:
            self._print(query(statement, self.warehouse, self.settings))
        return True

    def _command(self, words: list[str]) -> None:
        match words:
            case [".tables"]:
                self._print(query(_RELATIONS, self.warehouse, self.settings))
            case [".schema", name]:
                self._schema(name)
            case [".queries"]:
                self._print(saved_query_table())
            case [".run", name, *pairs]:
                self._run(name, pairs)
            case [".format", form] if form in FORMATS:
                self.form = form
            case [".help"]:
                self._help()
            case [known, *_] if known in _COMMANDS:
                raise InputError(f"{known} {_COMMANDS[known]}")
            case _:
                raise InputError(f"no command {words[0]!r}; there are {', '.join(_COMMANDS)}")

    def _schema(self, name: str) -> None:
        found = query(_COLUMNS_OF, self.warehouse, self.settings, {"name": name})
        if found.is_empty():
            found = query(_MACRO_OF, self.warehouse, self.settings, {"name": name})
        if found.is_empty():
            raise InputError(f"no table, view or macro {name!r}; .tables lists them")
        self._print(found)

    def _run(self, name: str, pairs: list[str]) -> None:
        if wrong := [pair for pair in pairs if "=" not in pair]:
            raise InputError(f"{wrong[0]!r} is not name=value")
        self._print(run_saved_query(name, dict(pair.split("=", 1) for pair in pairs), self.warehouse, self.settings))

    def _help(self) -> None:
        _say("A SELECT ends with a semicolon, and may go over several lines. Commands:")
        for command, meaning in _COMMANDS.items():
            _say(f"  {command:9} {meaning}")

    def _print(self, frame: pl.DataFrame) -> None:
        if self.form != "table":
            print_data(as_csv(frame) if self.form == "csv" else as_json(frame))
            return
        shown = frame if self.shown_rows is None else frame.head(self.shown_rows)
        print_table(shown)
        if shown.height < frame.height:
            _say(f"-- {shown.height} of {frame.height} rows; narrow the query, or see all with .format csv")


def _say(text: str) -> None:
    """What is no data goes to stderr, so that a script's output stays clean."""
    print(text, file=sys.stderr)


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command.rstrip("; "))
    except ValueError as error:
        raise InputError(f"{command}: {error}") from None


_RELATIONS = """
with relations as (
    select 1 as place, 'table' as kind, table_name as name, comment from duckdb_tables() where not internal
    union all
    select 2 as place, 'view' as kind, view_name as name, comment from duckdb_views() where not internal
    union all
    select 3 as place, 'macro' as kind, function_name as name, comment from duckdb_functions() where not internal
)
select kind, name, replace(comment, 'One row: ', '') as a_row_is from relations order by place, name
"""
_COLUMNS_OF = """
select column_name, data_type, is_nullable, comment as meaning from duckdb_columns()
where table_name = $name and not internal order by column_index
"""
_MACRO_OF = """
select function_name as macro, array_to_string(parameters, ', ') as parameters, comment as meaning
from duckdb_functions() where function_name = $name and not internal
"""


def converse(warehouse: Path, settings: Settings, form: str = "table") -> None:
    """Asks for statements on the terminal and answers them, until the user ends it. InputError where no warehouse is published."""
    session = Session(warehouse, settings, form, SHOWN_ROWS)
    release = session.catalogue().release
    _say(f"{warehouse}, release {release}. A statement ends with ;   .help tells more, Tab completes, Ctrl-D ends.")
    reader: PromptSession[str] = PromptSession(
        "dragoman> ",
        prompt_continuation="      ... ",
        multiline=Condition(lambda: not is_complete(get_app().current_buffer.text)),
        completer=Names(session.catalogue, _COMMANDS, FORMATS),
        complete_while_typing=False,
        history=_history(),
    )
    while _turn(reader, session):
        pass


def run_script(lines: Iterable[str], warehouse: Path, settings: Settings, form: str = "table") -> None:
    """Answers all statements of a text, and stops at the first that fails, by its error. InputError where there is none."""
    session = Session(warehouse, settings, form)
    number = 0
    for number, statement in enumerate(statements(lines), start=1):  # noqa: B007 - counted, to know whether there were any
        if not session.answer(statement):
            return
    if not number:
        raise InputError("no statement came on standard input; give one SELECT in quotes, or --query NAME name=value …")


def is_complete(text: str) -> bool:
    """Whether Enter sends the text: a command, nothing at all, or statements that all end with a semicolon."""
    return text.lstrip().startswith(".") or not _bare(_split(text)[1])


def statements(lines: Iterable[str]) -> Iterator[str]:
    """The statements of a text, without their semicolons, and the commands, each a line of its own. The last may lack its semicolon."""
    pending = ""
    for line in lines:
        if not _bare(pending) and line.lstrip().startswith("."):
            yield line.strip()
            pending = ""
            continue
        whole, pending = _split(pending + line)
        yield from whole
    if _bare(pending):
        yield pending.strip()


def _turn(reader: "PromptSession[str]", session: Session) -> bool:
    """Reads and answers once; False where the user ends it. Errors are told and end nothing."""
    try:
        text = reader.prompt()
    except KeyboardInterrupt:  # Ctrl-C throws away what was typed
        return True
    except EOFError:
        return False
    try:
        return all(map(session.answer, statements(text.splitlines(keepends=True))))
    except DragomanError as error:
        # DuckDB quotes values in its messages, and a value may be hostile.
        _say("\n".join(plain(line) for line in str(error).splitlines()))
    except KeyboardInterrupt:
        _say("stopped")
    return True


def _history() -> History:
    """What was typed before, in the user's own state folder, for the user's eyes only; kept in memory where that cannot be written."""
    try:
        folder = platformdirs.user_state_path("dragoman", appauthor=False)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / "sql_history"
        path.touch(mode=0o600)
        path.chmod(0o600)
    except OSError:
        return InMemoryHistory()
    return FileHistory(os.fspath(path))


def _split(text: str) -> tuple[list[str], str]:
    """Statements that end with a semicolon, and what is left behind the last one."""
    whole, current = [], ""
    for token in _TOKEN.finditer(text):
        if token[0] == ";":
            whole.append(current.strip())
            current = ""
        else:
            current += token[0]
    return [statement for statement in whole if _bare(statement)], current


def _bare(text: str) -> str:
    """The text without comments and blanks."""
    return "".join("" if token[0].startswith(("--", "/*")) else token[0] for token in _TOKEN.finditer(text)).strip()
