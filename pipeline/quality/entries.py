"""The files of expectations/: their entries, read and checked before any of their SQL is run.

A file is named after the table that its entries are about; drift.toml holds those that compare with earlier batches, whatever their
table. What each kind of entry means: health.py and drift.py. An optional table [defaults] holds fields that entries share.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import PUBLIC, Table
from pipeline.errors import SeedError
from pipeline.quality.checks import SEVERITIES

_ARTICLES_OF_BATCH = "article_id in (select article_id from records where {brought})"
OF_BATCH = {
    "records": "{brought}",
    "rejects": "{brought}",
    "articles": _ARTICLES_OF_BATCH,
    "event_mentions": _ARTICLES_OF_BATCH,
    "actor_mentions": _ARTICLES_OF_BATCH,
    "events": f"event_id in (select event_id from event_mentions where {_ARTICLES_OF_BATCH})",
}
"""How a table tells the rows that a batch brought; the others describe the whole warehouse."""
DRIFT = "drift"
_TABLES = {table.name: table for table in PUBLIC}
_TEXTS = {"name", "severity", "meaning", "action"}
_OPTIONAL = {"column", "columns", "scope"}
_LIMITS = {"minimum", "maximum", "least"}
_KINDS = {
    "never": (_TEXTS | {"where"}, _OPTIONAL),
    "share": (_TEXTS | {"where"}, _OPTIONAL | _LIMITS | {"of"}),
    "measure": (_TEXTS | {"value"}, _OPTIONAL - {"columns"} | _LIMITS),
    DRIFT: (_TEXTS | {"table", "window", "history", "least", "spread"}, {"column", "of", "value", "mix", "minimum", "maximum"}),
}
_NUMBERS = ("minimum", "maximum", "least", "window", "history", "spread")


@dataclass(frozen=True)
class Entry:
    """One entry of an expectation file, and where it stands."""

    path: Path
    line: int
    kind: str
    table: Table
    fields: dict[str, Any]

    @property
    def name(self) -> str:
        return str(self.fields["name"])

    @property
    def of(self) -> str:
        """The rows that the entry is about."""
        return str(self.fields.get("of", "true"))

    @property
    def scope(self) -> str:
        return str(self.fields.get("scope", "batch" if self.table.name in OF_BATCH else "warehouse"))

    @property
    def limits(self) -> tuple[float | None, float | None]:
        return self.fields.get("minimum"), self.fields.get("maximum")

    def fault(self, message: str) -> SeedError:
        return _fault(self.path, self.line, self.kind, self.fields, message)


def read_entries(path: Path) -> list[Entry]:
    """The entries of one file, checked by themselves. SeedError names file, line and entry of what cannot hold."""
    if path.stem != DRIFT and path.stem not in _TABLES:
        raise SeedError(f"{_place(path)}: no public table is called {path.stem!r}; name the file after one in contracts.py")
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{_place(path)}: not TOML: {error}") from None
    defaults = content.pop("defaults", {})
    entries = [entry for kind, listed in content.items() for entry in _entries(path, text, kind, listed, defaults)]
    names: set[tuple[str, str]] = set()
    for entry in entries:
        _check(entry)
        if (entry.table.name, entry.name) in names:
            raise entry.fault("another entry of the file has this name; history is kept by name, so give it its own")
        names.add((entry.table.name, entry.name))
    return entries


def bind(entries: Iterable[Entry]) -> None:
    """Lets DuckDB resolve every name of every entry against empty tables as declared."""
    with duckdb.connect() as empty:
        for table in PUBLIC:
            empty.execute(f"create table {table.name} ({', '.join(f'{column.name} {column.type}' for column in table)})")
        for entry in entries:
            try:
                empty.execute(f"explain with t as (select * from {entry.table.name}) {_asked(entry)}")
            except duckdb.Error as error:
                raise entry.fault(f"DuckDB cannot read it: {str(error).splitlines()[0]}") from None


def limits_in_words(minimum: float | None, maximum: float | None, kind: str) -> str:
    """'at most 20 %', '0.5 to 3'."""
    low, high = (None if limit is None else f"{limit * 100:g} %" if kind == "share" else f"{limit:,g}" for limit in (minimum, maximum))
    if low is None or high is None:
        return f"at least {low}" if high is None else f"at most {high}"
    return low if low == high else f"{low} to {high}"


def _asked(entry: Entry) -> str:
    fields = entry.fields
    if "value" in fields:
        return f"select ({fields['value']})::double from t where ({entry.of})"
    return f"select 1 from t where ({entry.of}) and ({fields['where'] if 'where' in fields else fields['mix'] + ' is null'})"


def _entries(path: Path, text: str, kind: str, listed: Any, defaults: dict[str, Any]) -> Iterator[Entry]:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{kind}]]"]
    known = [name for name in _KINDS if (name == DRIFT) == (path.stem == DRIFT)]
    if kind not in known or not (isinstance(listed, list) and all(isinstance(fields, dict) for fields in listed)):
        line = re.search(rf"^\[*{re.escape(kind)}\b", text, re.MULTILINE)
        number = text[: line.start()].count("\n") + 1 if line else 1
        raise SeedError(f"{_place(path)}:{number}: {kind!r} is not one of {', '.join(f'[[{name}]]' for name in known)}")
    for number, given in enumerate(listed):
        line_number, fields = lines[number] if number < len(lines) else 1, defaults | given
        about = fields.get("table") if kind == DRIFT else path.stem
        if about not in _TABLES or (kind == DRIFT and about not in OF_BATCH):
            raise _fault(path, line_number, kind, fields, f"table {about!r} is not one that can tell batches: {', '.join(OF_BATCH)}")
        yield Entry(path, line_number, kind, _TABLES[about], fields)


def _check(entry: Entry) -> None:
    """What can be wrong with an entry before any SQL is looked at."""
    fields, (needed, optional) = entry.fields, _KINDS[entry.kind]
    if missing := sorted(needed - fields.keys()):
        raise entry.fault(f"lacks {', '.join(missing)}")
    if unknown := sorted(fields.keys() - needed - optional):
        raise entry.fault(f"knows nothing of {', '.join(unknown)}; it may have {', '.join(sorted(needed | optional))}")
    if fields["severity"] not in SEVERITIES:
        raise entry.fault(f"severity {fields['severity']!r} is not one of {', '.join(SEVERITIES)}")
    if entry.scope not in ("batch", "warehouse") or (entry.scope == "batch" and entry.table.name not in OF_BATCH):
        raise entry.fault(f"scope {entry.scope!r} is not one that {entry.table.name} has: batch or warehouse")
    for column in [fields.get("column"), *fields.get("columns", ())]:
        if column is not None and column not in entry.table.column_names:
            raise entry.fault(f"{entry.table.name} has no column {column!r}; see contracts.py")
    if entry.kind == DRIFT and ("value" in fields) == ("mix" in fields):
        raise entry.fault("needs a value or a mix, and not both")
    _check_limits(entry)


def _check_limits(entry: Entry) -> None:
    minimum, maximum = entry.limits
    if entry.kind == "never":
        return
    if minimum is None and maximum is None:
        raise entry.fault("needs a minimum or a maximum, else it can never fail")
    for name in _NUMBERS:
        if not isinstance(number := entry.fields.get(name), int | float | None):
            raise entry.fault(f"{name} {number!r} is not a number")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise entry.fault(f"minimum {minimum} is above maximum {maximum}")
    if entry.kind == "share" and not all(limit is None or 0 <= limit <= 1 for limit in (minimum, maximum)):
        raise entry.fault("a share lies between 0 and 1; write 20 % as 0.2")


def _fault(path: Path, line: int, kind: str, fields: dict[str, Any], message: str) -> SeedError:
    return SeedError(f"{_place(path)}:{line}: [[{kind}]] {fields.get('name', 'without a name')}: {message}")


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"
