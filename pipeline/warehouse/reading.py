"""Queries over the published file: anybody's SQL in a process of its own, and the saved queries of sql/queries.

*Bound*: arguments of a saved query are bound as values; none ever becomes part of the SQL.
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
from pathlib import Path

import polars as pl

from pipeline import resources
from pipeline.config import Settings
from pipeline.errors import InputError, QueryRefused, SeedError
from pipeline.warehouse import door

_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}
_PROCESS_BYTES = 2**30
"""Memory of the query's process beyond DuckDB's limit: Python, pyarrow, threads and what scalar functions allocate."""

_CONVERTERS: dict[str, Callable[[str], object]] = {"text": str, "integer": int, "number": float, "date": date.fromisoformat}
_PARAMETER = re.compile(r"-- parameter: (?P<name>\w+) (?P<type>\w+)(?: default (?P<default>.*?))? -- (?P<meaning>.+)")


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
    """text, integer, number or date."""
    default: str | None
    """As text; None where the parameter must be given; 'null' = not given."""
    meaning: str

    def value(self, given: str | None) -> object:
        """The value to bind; InputError where the text is not of the type."""
        text = self.default if given is None else given
        if text is None or (given is None and text == "null"):
            return None
        try:
            return _CONVERTERS[self.type](text)
        except ValueError:
            wanted = "a date such as 2021-05-19" if self.type == "date" else f"of type {self.type}"
            raise InputError(f"parameter {self.name}={text!r} is not {wanted}") from None


@dataclass(frozen=True)
class SavedQuery:
    """A file of sql/queries: what a row is, why one asks, its parameters, and its SELECT."""

    name: str
    grain: str
    why: str
    parameters: tuple[Parameter, ...]
    sql: str

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
        """Parameters in one line."""
        shown = (f"{p.name} ({p.type}{'' if p.default is None else f', default {p.default}'}: {p.meaning})" for p in self.parameters)
        return "; ".join(shown) or "none"


def saved_queries() -> dict[str, SavedQuery]:
    """The queries of sql/queries by name."""
    return {path.stem: _read_query(path) for path in sorted((resources.SQL / "queries").glob("*.sql"))}


def run_saved_query(name: str, arguments: Mapping[str, str], warehouse: Path, settings: Settings) -> pl.DataFrame:
    """The result of a saved query. InputError names what there is where the query or a parameter is unknown."""
    queries = saved_queries()
    if name not in queries:
        raise InputError(f"no saved query {name!r}; there are {', '.join(queries)}")
    saved = queries[name]
    values = saved.bind(arguments)
    connection = door.open_door(str(_existing(warehouse)), settings.sql_memory_limit)
    timer = threading.Timer(settings.sql_timeout_seconds, connection.interrupt)
    timer.start()
    try:
        return _frame(pl.from_arrow(door.answer(connection, saved.sql, values, settings.sql_result_bytes)))
    except door.Refused as error:
        raise QueryRefused(f"query {name}: {error}") from error
    finally:
        timer.cancel()
        connection.close()


def _read_query(path: Path) -> SavedQuery:
    sql = path.read_text(encoding="utf-8")
    header = [line for line in sql.splitlines() if line.startswith("-- ")]
    told = dict(line.removeprefix("-- ").split(": ", 1) for line in header[:2])
    if told.keys() != {"grain", "why"}:
        raise SeedError(f"{path}: the first two lines must be '-- grain: …' and '-- why: …'")
    return SavedQuery(path.stem, told["grain"], told["why"], tuple(_read_parameter(path, line) for line in header[2:]), sql)


def _read_parameter(path: Path, line: str) -> Parameter:
    match = _PARAMETER.fullmatch(line)
    if not match or match["type"] not in _CONVERTERS:
        raise SeedError(f"{path}: {line!r} is not '-- parameter: name {'|'.join(_CONVERTERS)} [default value] -- meaning'")
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
