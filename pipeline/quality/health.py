"""Health expectations: what a schema cannot know, read from expectations/<table>.toml and bound against the contracts.

Three kinds of entries, each an array of tables in the file of the table that it is about:
- [[never]]    `where`: no row may be like this.
- [[share]]    `where`, optionally `of`: the share of the rows `of` for which `where` holds lies within minimum and maximum.
- [[measure]]  `value`: an aggregate over the rows lies within minimum and maximum. The rows are named t.
Each has `name`, `severity`, `meaning`, `action`; optionally `column`, to blame, `columns`, to show beside the key, and
`scope`: "batch" (the rows that the batch brought; the default where a table can tell) or "warehouse".
A share or measure may name `least`: with fewer rows it is not judged, since one article more would tip it.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import PUBLIC, Table
from pipeline.errors import SeedError
from pipeline.quality.checks import SEVERITIES, Expectation
from pipeline.quality.structure import BATCH
from pipeline.resources import EXPECTATIONS

_ARTICLES_OF_BATCH = "article_id in (select article_id from records where {brought})"
# How a table tells the rows that a batch brought; the others describe the whole warehouse.
_OF_BATCH = {
    "records": "{brought}",
    "rejects": "{brought}",
    "articles": _ARTICLES_OF_BATCH,
    "event_mentions": _ARTICLES_OF_BATCH,
    "actor_mentions": _ARTICLES_OF_BATCH,
    "events": f"event_id in (select event_id from event_mentions where {_ARTICLES_OF_BATCH})",
}
_TEXTS = {"name", "severity", "meaning", "action"}
_OPTIONAL = {"column", "columns", "scope"}
_LIMITS = {"minimum", "maximum", "least"}
_KINDS = {
    "never": (_TEXTS | {"where"}, _OPTIONAL),
    "share": (_TEXTS | {"where"}, _OPTIONAL | _LIMITS | {"of"}),
    "measure": (_TEXTS | {"value"}, _OPTIONAL - {"columns"} | _LIMITS),
}


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
    def scope(self) -> str:
        return str(self.fields.get("scope", "batch" if self.table.name in _OF_BATCH else "warehouse"))

    def fault(self, message: str) -> SeedError:
        label = self.fields.get("name", "without a name")
        return SeedError(f"{self.path.parent.name}/{self.path.name}:{self.line}: [[{self.kind}]] {label}: {message}")


def health_expectations(batch_id: str, folder: Path = EXPECTATIONS, days: tuple[date, date] | None = None) -> list[Expectation]:
    """The expectations of a folder's files, for one batch, or for what was published on some days, first and last included.

    SeedError names file, line and entry of what cannot hold.
    """
    files = [read_entries(path) for path in sorted(folder.glob("*.toml"))]
    expectations = [expectation for entries in files for expectation in _expectations(entries, _brought(batch_id, days))]
    _bind(files, expectations)
    return expectations


def read_entries(path: Path) -> list[Entry]:
    """The entries of one file, checked by themselves."""
    table = next((table for table in PUBLIC if table.name == path.stem), None)
    if table is None:
        raise SeedError(f"{path.parent.name}/{path.name}: no public table is called {path.stem!r}; name the file after one in contracts.py")
    text = path.read_text(encoding="utf-8")
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeedError(f"{path.parent.name}/{path.name}: not TOML: {error}") from None
    entries = [entry for kind, listed in content.items() for entry in _entries(path, text, table, kind, listed)]
    names: set[str] = set()
    for entry in entries:
        _check(entry)
        if entry.name in names:
            raise entry.fault("another entry of the file has this name; history is kept by name, so give it its own")
        names.add(entry.name)
    return entries


def _entries(path: Path, text: str, table: Table, kind: str, listed: Any) -> Iterator[Entry]:
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{kind}]]"]
    if kind not in _KINDS or not (isinstance(listed, list) and all(isinstance(fields, dict) for fields in listed)):
        line = re.search(rf"^\[*{re.escape(kind)}\b", text, re.MULTILINE)
        number = text[: line.start()].count("\n") + 1 if line else 1
        raise SeedError(f"{path.parent.name}/{path.name}:{number}: {kind!r} is not one of {', '.join(f'[[{name}]]' for name in _KINDS)}")
    for number, fields in enumerate(listed):
        yield Entry(path, lines[number] if number < len(lines) else 1, kind, table, fields)


def _check(entry: Entry) -> None:
    """What can be wrong with an entry before any SQL is looked at."""
    fields, (needed, optional) = entry.fields, _KINDS[entry.kind]
    if missing := sorted(needed - fields.keys()):
        raise entry.fault(f"lacks {', '.join(missing)}")
    if unknown := sorted(fields.keys() - needed - optional):
        raise entry.fault(f"knows nothing of {', '.join(unknown)}; it may have {', '.join(sorted(needed | optional))}")
    if fields["severity"] not in SEVERITIES:
        raise entry.fault(f"severity {fields['severity']!r} is not one of {', '.join(SEVERITIES)}")
    if entry.scope not in ("batch", "warehouse") or (entry.scope == "batch" and entry.table.name not in _OF_BATCH):
        raise entry.fault(f"scope {entry.scope!r} is not one that {entry.table.name} has: batch or warehouse")
    for column in [fields.get("column"), *fields.get("columns", ())]:
        if column is not None and column not in entry.table.column_names:
            raise entry.fault(f"{entry.table.name} has no column {column!r}; see contracts.py")
    _check_limits(entry)


def _check_limits(entry: Entry) -> None:
    minimum, maximum = entry.fields.get("minimum"), entry.fields.get("maximum")
    if entry.kind == "never":
        return
    if minimum is None and maximum is None:
        raise entry.fault("needs a minimum or a maximum, else it can never fail")
    if not all(isinstance(limit, int | float | None) for limit in (minimum, maximum)):
        raise entry.fault(f"minimum {minimum!r} or maximum {maximum!r} is not a number")
    if minimum is not None and maximum is not None and minimum > maximum:
        raise entry.fault(f"minimum {minimum} is above maximum {maximum}")
    if entry.kind == "share" and not all(limit is None or 0 <= limit <= 1 for limit in (minimum, maximum)):
        raise entry.fault("a share lies between 0 and 1; write 20 % as 0.2")


def _expectations(entries: list[Entry], brought: str) -> Iterator[Expectation]:
    for scope in ("batch", "warehouse"):
        here = [entry for entry in entries if entry.scope == scope]
        figures = [entry for entry in here if entry.kind != "never"]
        for entry in here:
            yield _never(entry, brought) if entry.kind == "never" else _figure(entry, figures, brought)


def _never(entry: Entry, brought: str) -> Expectation:
    condition = f"({_scope(entry, brought)}) and ({entry.fields['where']})".replace("{", "{{").replace("}", "}}")
    query = f"select {_shown(entry)} from {BATCH} where {condition}"
    return _expectation(
        entry, "no such row", judged_by="UnexpectedRowsExpectation", arguments={"unexpected_rows_query": query},
    )  # fmt: skip


def _figure(entry: Entry, figures: list[Entry], brought: str) -> Expectation:
    """All figures of a table and scope are columns of one row, so that DuckDB reads the table once for all of them."""
    columns = ", ".join(f'{_value(each)} as "{each.name}"' for each in figures)
    rows = f"select * from {entry.table.name} where {_scope(entry, brought)}"
    minimum, maximum = entry.fields.get("minimum"), entry.fields.get("maximum")
    return _expectation(
        entry, limits_in_words(minimum, maximum, entry.kind),
        judged_by="ExpectColumnMaxToBeBetween", arguments={"column": entry.name, "min_value": minimum, "max_value": maximum},
        query=f"select * from (with t as ({rows}) select {columns} from t) as figures",
        unit="share" if entry.kind == "share" else "number", minimum=minimum, maximum=maximum,
        examples=_examples(entry, brought) if entry.kind == "share" else None,
    )  # fmt: skip


def _expectation(entry: Entry, expected: str, **judging: Any) -> Expectation:
    fields = entry.fields
    return Expectation(
        name=f"{entry.table.name}.{entry.name}", table=entry.table.name, column=fields.get("column"), severity=fields["severity"],
        expected=expected, meaning=fields["meaning"], action=fields["action"], **judging,
    )  # fmt: skip


def _value(entry: Entry) -> str:
    least = entry.fields.get("least", 1)
    if entry.kind == "measure":
        return f"case when count(*) >= {least} then ({entry.fields['value']})::double end"
    of = entry.fields.get("of", "true")
    share = f"avg(case when {entry.fields['where']} then 1.0 else 0.0 end) filter ({of})"
    return f"case when count(*) filter ({of}) >= {least} then ({share})::double end"


def _examples(entry: Entry, brought: str) -> tuple[str, str]:
    """Queries of the rows that a share is too low without, and of those that push it too high."""
    rows = f"select {_shown(entry)} from {entry.table.name} as t where ({_scope(entry, brought)}) and ({entry.fields.get('of', 'true')})"
    condition = f"coalesce({entry.fields['where']}, false)"
    return f"{rows} and not {condition}", f"{rows} and {condition}"


def _shown(entry: Entry) -> str:
    """The key, the blamed column, and the columns that the entry asks for."""
    blamed = [entry.fields["column"]] if "column" in entry.fields else []
    return ", ".join(dict.fromkeys([*entry.table.key, *blamed, *entry.fields.get("columns", [])]))


def _scope(entry: Entry, brought: str) -> str:
    return _OF_BATCH[entry.table.name].format(brought=brought) if entry.scope == "batch" else "true"


def _brought(batch_id: str, days: tuple[date, date] | None) -> str:
    """The condition of the records that are judged."""
    if days:
        return f"published_at::date between date '{days[0]}' and date '{days[1]}'"
    quoted = "'" + batch_id.replace("'", "''") + "'"
    return f"batch_id = {quoted}"


def limits_in_words(minimum: float | None, maximum: float | None, kind: str) -> str:
    """'at most 20 %', '0.5 to 3'."""
    low, high = (None if limit is None else f"{limit * 100:g} %" if kind == "share" else f"{limit:,g}" for limit in (minimum, maximum))
    if low is None or high is None:
        return f"at least {low}" if high is None else f"at most {high}"
    return low if low == high else f"{low} to {high}"


def _bind(files: list[list[Entry]], expectations: list[Expectation]) -> None:
    """Lets DuckDB resolve every name of every entry against empty tables as declared."""
    entries = {f"{entry.table.name}.{entry.name}": entry for entries in files for entry in entries}
    with duckdb.connect() as empty:
        for table in PUBLIC:
            empty.execute(f"create table {table.name} ({', '.join(f'{column.name} {column.type}' for column in table)})")
        for entry in entries.values():
            condition = entry.fields.get("where") or entry.fields["value"]
            of = entry.fields.get("of", "true")
            asked = f"select {condition} from t" if entry.kind == "measure" else f"select 1 from t where ({of}) and ({condition})"
            try:
                empty.execute(f"explain with t as (select * from {entry.table.name}) {asked}")
            except duckdb.Error as error:
                raise entry.fault(f"DuckDB cannot read it: {str(error).splitlines()[0]}") from None
