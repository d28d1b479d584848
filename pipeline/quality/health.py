"""Health expectations: what a schema cannot know, read from expectations/ and bound against the contracts.

Three kinds of entries, each an array of tables in the file of the table that it is about; drift.py has the fourth:
- [[never]]    `where`: no row may be like this.
- [[share]]    `where`, optionally `of`: the share of the rows `of` for which `where` holds lies within minimum and maximum.
- [[measure]]  `value`: an aggregate over the rows lies within minimum and maximum. The rows are named t.
Each has `name`, `severity`, `meaning`, `action`; optionally `column`, to blame, `columns`, to show beside the key, and
`scope`: "batch" (the rows that the batch brought; the default where a table can tell) or "warehouse".
A share or measure may name `least`: with fewer rows it is not judged, since one article more would tip it.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.quality.checks import Expectation
from pipeline.quality.drift import drift_expectations
from pipeline.quality.entries import DRIFT, OF_BATCH, Entry, bind, limits_in_words, read_entries
from pipeline.quality.structure import BATCH
from pipeline.resources import EXPECTATIONS


def health_expectations(batch_id: str, folder: Path = EXPECTATIONS, days: tuple[date, date] | None = None) -> list[Expectation]:
    """The expectations of a folder's files, for one batch, or for what was published on some days, first and last included.

    SeedError names file, line and entry of what cannot hold. Days are not a batch, and are measured by no batches before them.
    """
    files = [read_entries(path) for path in sorted(folder.glob("*.toml"))]
    bind(entry for entries in files for entry in entries)
    drift = [entry for entries in files for entry in entries if entry.kind == DRIFT and not days]
    return [*drift_expectations(drift, batch_id), *(each for entries in files for each in _expectations(entries, _brought(batch_id, days)))]


def _expectations(entries: list[Entry], brought: str) -> Iterator[Expectation]:
    for scope in ("batch", "warehouse"):
        here = [entry for entry in entries if entry.scope == scope and entry.kind != DRIFT]
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
    minimum, maximum = entry.limits
    return _expectation(
        entry, limits_in_words(minimum, maximum, entry.kind),
        judged_by="ExpectColumnMaxToBeBetween", arguments={"column": entry.name, "min_value": minimum, "max_value": maximum},
        query=f"select * from (with t as ({rows}) select {columns} from t) as figures",
        unit="share" if entry.kind == "share" else "number", minimum=minimum, maximum=maximum,
        examples=_examples(entry, brought) if entry.kind == "share" else None,
        can_be_overruled=entry.scope == "batch",  # the figures of the whole warehouse are sums that must add up
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
    share = f"avg(case when {entry.fields['where']} then 1.0 else 0.0 end) filter ({entry.of})"
    return f"case when count(*) filter ({entry.of}) >= {least} then ({share})::double end"


def _examples(entry: Entry, brought: str) -> tuple[str, str]:
    """Queries of the rows that a share is too low without, and of those that push it too high."""
    rows = f"select {_shown(entry)} from {entry.table.name} as t where ({_scope(entry, brought)}) and ({entry.of})"
    condition = f"coalesce({entry.fields['where']}, false)"
    return f"{rows} and not {condition}", f"{rows} and {condition}"


def _shown(entry: Entry) -> str:
    """The key, the blamed column, and the columns that the entry asks for."""
    blamed = [entry.fields["column"]] if "column" in entry.fields else []
    return ", ".join(dict.fromkeys([*entry.table.key, *blamed, *entry.fields.get("columns", [])]))


def _scope(entry: Entry, brought: str) -> str:
    return OF_BATCH[entry.table.name].format(brought=brought) if entry.scope == "batch" else "true"


def _brought(batch_id: str, days: tuple[date, date] | None) -> str:
    """The condition of the records that are judged."""
    if days:
        return f"published_at::date between date '{days[0]}' and date '{days[1]}'"
    quoted = "'" + batch_id.replace("'", "''") + "'"
    return f"batch_id = {quoted}"
