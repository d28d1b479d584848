"""Queries over the published file: anybody's SQL in a process of its own, and the saved queries of sql/queries.

*Bound*: arguments of a saved query are bound as values; none ever becomes part of the SQL.
*Said*: an argument that could match nothing (`country=Russia`, `event_type=WAR`) is an error, not an empty answer.
"""

import io
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path

import polars as pl

from pipeline import resources
from pipeline.config import Settings
from pipeline.contracts import EVENT_TYPES, QUAD_CLASSES, STATUSES
from pipeline.errors import InputError, QueryRefused, SeedError
from pipeline.warehouse import door

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_PROCESS_BYTES = 2**30
"""Memory of the query's process beyond DuckDB's limit: Python, pyarrow, threads and what scalar functions allocate."""

_EXTRACT = "extract"
"""The table of a foreign extract, and what a query that reads it says that it needs."""

_NUMBERS: dict[str, tuple[Callable[[str], object], str]] = {
    "integer": (int, "of type integer"),
    "number": (float, "of type number"),
    "date": (date.fromisoformat, "a date such as 2021-05-19"),
}
_CHOICES = {"event_type": EVENT_TYPES, "quad_class": QUAD_CLASSES, "status": (*STATUSES, "any")}
_TYPES = ("text", "country", *_NUMBERS, *_CHOICES)
_COUNTRY = re.compile(r"[A-Z]{3}")
_PARAMETER = re.compile(r"-- parameter: (?P<name>\w+) (?P<type>[\w|]+)(?: default (?P<default>.*?))? -- (?P<meaning>.+)")


def query(sql: str, warehouse: Path, settings: Settings, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """The result of one SELECT, in the order that it gives.

    parameters: values for `$name`, as JSON knows them. InputError where there is no published file; QueryRefused where the query is
    no SELECT, fails, reaches for anything but the tables, or takes more time or memory than the settings give it.
    """
    request = {
        "warehouse": str(_existing(warehouse)),
        "sql": sql,
        "parameters": dict(parameters or {}),
        "memory_limit": settings.sql_memory_limit,
        "process_bytes": _bytes(settings.sql_memory_limit) + settings.sql_result_bytes * 2 + _PROCESS_BYTES,
        "result_bytes": settings.sql_result_bytes,
        "seconds": settings.sql_timeout_seconds,
    }
    # -I: no module of the current folder, no environment variable can take part.
    command = [sys.executable, "-I", door.__file__]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and script; the query travels on stdin
            command, input=json.dumps(request).encode(), capture_output=True, timeout=settings.sql_timeout_seconds, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        raise QueryRefused(
            f"the query took longer than {settings.sql_timeout_seconds} seconds; narrow it, or raise DRAGOMAN_SQL_TIMEOUT_SECONDS"
        ) from None
    if done.returncode == 1:
        raise QueryRefused(done.stderr.decode(errors="replace").strip())
    if done.returncode != 0:
        raise QueryRefused(f"the query took more memory than its process may have (exit {done.returncode}); narrow it, or add a limit")
    return _frame(pl.read_ipc_stream(io.BytesIO(done.stdout)))


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    """text, integer, number, date, country, event_type, quad_class, status, or the words that it may be: day|month."""
    default: str | None
    """As text; None where the parameter must be given; 'null' = not given."""
    meaning: str

    def value(self, given: str | None) -> object:
        """The value to bind; InputError where the text is not of the type."""
        text = self.default if given is None else given
        if text is None or (given is None and text == "null"):
            return None
        try:
            return self._read(text)
        except ValueError as error:
            raise InputError(f"parameter {self.name}={text!r} is not {error}") from None

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be; none where it is free."""
        return tuple(self.type.split("|")) if "|" in self.type else _CHOICES.get(self.type, ())

    @property
    def expected(self) -> str:
        """Its type and default."""
        return (
            self.type
            if self.default is None
            else f"{self.type}, optional"
            if self.default == "null"
            else f"{self.type}, default {self.default}"
        )

    def _read(self, text: str) -> object:
        """The value; ValueError says what it must be."""
        if self.type in _NUMBERS:
            read, wanted = _NUMBERS[self.type]
            try:
                return read(text)
            except ValueError:
                raise ValueError(wanted) from None
        if self.type == "country" and not _COUNTRY.fullmatch(text):
            raise ValueError("an ISO 3166-1 alpha-3 code such as UKR")
        if self.choices and text not in self.choices:
            raise ValueError(f"one of {', '.join(self.choices)}")
        return text


@dataclass(frozen=True)
class SavedQuery:
    """A file of sql/queries: what a row is, why one asks, its parameters, and its SELECT."""

    name: str
    grain: str
    why: str
    parameters: tuple[Parameter, ...]
    sql: str
    needs_extract: bool = False
    """Whether it compares the events with a foreign extract, as its line '-- needs: extract' says."""

    def bind(self, arguments: Mapping[str, str]) -> dict[str, object]:
        """Values for all parameters; InputError lists them where one is unknown or missing."""
        known = {parameter.name: parameter for parameter in self.parameters}
        unknown = sorted(arguments.keys() - known)
        missing = [name for name, parameter in known.items() if parameter.default is None and name not in arguments]
        if unknown or missing:
            fault = f"has no parameter {unknown[0]!r}" if unknown else f"needs {missing[0]}=…"
            raise InputError(f"query {self.name} {fault}; its parameters are: {self.usage()}")
        return {name: parameter.value(arguments.get(name)) for name, parameter in known.items()}

    def usage(self) -> str:
        """Parameters with their meaning in one line."""
        return "; ".join(f"{p.name} ({p.expected}: {p.meaning})" for p in self.parameters) or "none"

    def signature(self) -> str:
        """Names of the parameters; those in brackets may be left out."""
        return " ".join(f"{p.name}=…" if p.default is None else f"[{p.name}]" for p in self.parameters) or "none"


def saved_queries() -> dict[str, SavedQuery]:
    """The queries of sql/queries by name."""
    return {path.stem: _read_query(path) for path in sorted((resources.SQL / "queries").glob("*.sql"))}


def run_saved_query(
    name: str, arguments: Mapping[str, str], warehouse: Path, settings: Settings, extract: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The result of a saved query. InputError names what there is where the query or a parameter is unknown.

    extract: events of another data set, in the shape of pipeline.extracts.EXTRACT, which the query reads as table `extract`.
    """
    saved = _saved_query(name, extract is not None)
    values = saved.bind(arguments)
    connection = door.open_door(str(_existing(warehouse)), settings.sql_memory_limit)
    timer = threading.Timer(settings.sql_timeout_seconds, connection.interrupt)
    timer.start()
    try:
        if extract is not None:
            connection.register(_EXTRACT, extract)
        return _frame(pl.from_arrow(door.answer(connection, saved.sql, values, settings.sql_result_bytes)))
    except door.Refused as error:
        raise QueryRefused(f"query {name}: {error}") from error
    finally:
        timer.cancel()
        connection.close()


def _saved_query(name: str, has_extract: bool) -> SavedQuery:
    """The query of that name; InputError where there is none, or where it needs an extract and there is none, or the reverse."""
    fitting = {name: saved for name, saved in saved_queries().items() if saved.needs_extract or not has_extract}
    if name not in fitting:
        reads = " that reads an extract" if has_extract else ""
        raise InputError(f"no saved query {name!r}{reads}; there are {', '.join(fitting)}")
    if fitting[name].needs_extract and not has_extract:
        raise InputError(
            f"query {name} compares with a foreign extract; run `dragoman compare gdelt|icews|polecat|acled FILE --query {name}`"
        )
    return fitting[name]


def _read_query(path: Path) -> SavedQuery:
    sql = path.read_text(encoding="utf-8")
    header = list(takewhile(lambda line: line.startswith("-- "), sql.splitlines()))
    told = dict(line.removeprefix("-- ").split(": ", 1) for line in header[:2])
    if told.keys() != {"grain", "why"}:
        raise SeedError(f"{path}: the first two lines must be '-- grain: …' and '-- why: …'")
    needs = f"-- needs: {_EXTRACT}"
    parameters = tuple(_read_parameter(path, line) for line in header[2:] if line != needs)
    return SavedQuery(path.stem, told["grain"], told["why"], parameters, sql, needs in header)


def _read_parameter(path: Path, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if not match or not (match["type"] in _TYPES or "|" in match["type"]):
        raise SeedError(f"{path}: {line!r} is not '-- parameter: name {'|'.join(_TYPES)} [default value] -- meaning'")
    return Parameter(**match.groupdict())


def _existing(warehouse: Path) -> Path:
    if not warehouse.is_file():
        raise InputError(f"{warehouse}: no warehouse is published here; run `dragoman run INBOX --warehouse {warehouse}` first")
    return warehouse.absolute()


def _frame(result: pl.DataFrame | pl.Series) -> pl.DataFrame:
    return result if isinstance(result, pl.DataFrame) else result.to_frame()


def _bytes(size: str) -> int:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]i?B)\s*", size, re.IGNORECASE)
    if not match:
        raise InputError(f"DRAGOMAN_SQL_MEMORY_LIMIT={size!r} is no size; give one such as 1GB")
    return int(float(match[1]) * _UNITS[match[2].upper()])
