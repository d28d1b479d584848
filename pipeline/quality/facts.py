"""What the report tells about a batch beside its checks: the flow of its records, who published them when, row counts.

Read from the built warehouse itself, so that the report shows what is there and not what a step believed it did.
*Bounded*: at most 40 publishers and 20 reasons, whatever the batch; the totals beside them say how many there are.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipeline.contracts import PUBLIC

MAX_PUBLISHERS = 40
MAX_REASONS = 20
MAX_BINS = 60  # as many cells as a strip of 360 pixels can show
_BIN_DAYS = (1, 7, 30, 91, 365, 3650)

# An article of the batch is the one its record gave; a record whose article came before repeats it.
_RECORDS = """
    select
        records.publisher_name,
        records.published_at::date as day,
        case
            when records.reject_id is not null then 'rejected'
            when articles.article_id is null then 'unaccounted'
            when records.is_repeat or articles.outcome = 'duplicate' then 'duplicate'
            else articles.outcome
        end as outcome,
        records.reject_id,
    from records left join articles using (article_id)
    where records.batch_id = $batch_id or records.published_at::date between $first_day and $last_day
"""
_COUNTS = """
    count(*) as records,
    count(*) filter (outcome = 'coded') as coded,
    count(*) filter (outcome = 'without_event') as without_event,
    count(*) filter (outcome = 'duplicate') as duplicate,
    count(*) filter (outcome = 'rejected') as rejected,
    count(*) filter (outcome = 'unaccounted') as unaccounted,
"""
_PUBLISHERS = f"""
    select publisher_name, {_COUNTS} min(day)::varchar as first_day, max(day)::varchar as last_day, count(distinct day) as days,
    from ({_RECORDS}) group by publisher_name order by records desc, publisher_name limit {MAX_PUBLISHERS}
"""
_BINS = f"""
    with batch as ({_RECORDS}),
    span as (
        select
            min(day) as first_day,
            (select min(days) from (select unnest({list(_BIN_DAYS)}) as days) where (max(day) - min(day)) // days < {MAX_BINS}) as width,
        from batch
    )
    select publisher_name, (day - first_day) // width as bin, count(*) as records, any_value(width) as width,
    from batch cross join span where day is not null group by publisher_name, bin
"""
_REASONS = f"""
    select reason_code, count(*) as records, from ({_RECORDS}) join rejects using (reject_id)
    group by reason_code order by records desc, reason_code limit {MAX_REASONS}
"""


@dataclass(frozen=True)
class Flow:
    """Records of the batch by what became of them; unaccounted is 0 where promise 2 holds."""

    records: int = 0
    coded: int = 0
    without_event: int = 0
    duplicate: int = 0
    rejected: int = 0
    unaccounted: int = 0


@dataclass(frozen=True)
class Publisher:
    """What the batch holds of one outlet. Days are ISO dates; bins count records along the days of the batch."""

    name: str | None
    flow: Flow
    first_day: str | None
    last_day: str | None
    days: int
    bins: tuple[int, ...]


@dataclass(frozen=True)
class Facts:
    """The batch and the warehouse in figures; empty with a `problem` where the tables could not be read."""

    flow: Flow | None = None
    reject_reasons: tuple[tuple[str, int], ...] = ()
    publishers: tuple[Publisher, ...] = ()
    publisher_count: int = 0
    first_day: str | None = None
    last_day: str | None = None
    bin_days: int = 1
    """Days that one bin covers."""
    table_rows: dict[str, int] = field(default_factory=dict)
    problem: str | None = None

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "Facts":
        """From what dataclasses.asdict gave, by way of JSON."""
        publishers = tuple(
            Publisher(**{**each, "flow": Flow(**each["flow"]), "bins": tuple(each["bins"])}) for each in fields["publishers"]
        )
        reasons = tuple((code, count) for code, count in fields["reject_reasons"])
        flow = None if fields["flow"] is None else Flow(**fields["flow"])
        return cls(**{**fields, "flow": flow, "publishers": publishers, "reject_reasons": reasons})


def read_facts(warehouse: duckdb.DuckDBPyConnection, batch_id: str, days: tuple[date, date] | None = None) -> Facts:
    """The facts of a batch, or of what was published on some days, read from an open warehouse.

    A warehouse that differs from its contract gives a `problem`.
    """
    try:
        return _read(warehouse, batch_id, days or (None, None))
    except duckdb.Error as error:
        return Facts(problem=str(error).splitlines()[0])


def columns_built(warehouse: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Table -> column -> type, in order, as they really are."""
    rows = warehouse.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where database_name = current_database() and schema_name = 'main' order by table_name, column_index"
    ).fetchall()
    tables: dict[str, dict[str, str]] = {}
    for table, column, data_type in rows:
        tables.setdefault(table, {})[column] = data_type
    return tables


def open_read_only(work_file: Path, memory_limit: str) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(work_file), read_only=True, config={"memory_limit": memory_limit})


def _read(warehouse: duckdb.DuckDBPyConnection, batch_id: str, days: tuple[date | None, date | None]) -> Facts:
    def ask(query: str) -> list[dict[str, Any]]:
        answer = warehouse.execute(query, {"batch_id": batch_id, "first_day": days[0], "last_day": days[1]})
        names = [column[0] for column in answer.description]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]

    [total] = ask(f"select {_COUNTS} min(day)::varchar as first_day, max(day)::varchar as last_day, "
                  f"count(distinct coalesce(publisher_name, '')) as publishers, from ({_RECORDS})")  # fmt: skip
    bins = ask(_BINS)
    return Facts(
        flow=_flow(total),
        reject_reasons=tuple((row["reason_code"], row["records"]) for row in ask(_REASONS)),
        publishers=tuple(_publisher(row, bins) for row in ask(_PUBLISHERS)),
        publisher_count=total["publishers"],
        first_day=total["first_day"],
        last_day=total["last_day"],
        bin_days=bins[0]["width"] if bins else 1,
        table_rows={table.name: warehouse.execute(f"select count(*) from {table.name}").fetchall()[0][0] for table in PUBLIC},
    )


def _flow(row: dict[str, Any]) -> Flow:
    return Flow(**{outcome: row[outcome] for outcome in Flow.__dataclass_fields__})


def _publisher(row: dict[str, Any], bins: list[dict[str, Any]]) -> Publisher:
    counts = {each["bin"]: each["records"] for each in bins if each["publisher_name"] == row["publisher_name"]}
    length = 1 + max((each["bin"] for each in bins), default=-1)
    strip = tuple(counts.get(number, 0) for number in range(length))
    return Publisher(row["publisher_name"], _flow(row), row["first_day"], row["last_day"], row["days"], strip)
