"""The audit of a built, not yet published warehouse: structure, health, and the facts of the batch."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import duckdb

from pipeline import contracts
from pipeline.config import Settings
from pipeline.contracts import PUBLIC
from pipeline.errors import InputError
from pipeline.memory import collector_off
from pipeline.quality.checks import MAX_EXAMPLES, Check, Expectation, Row, Validation
from pipeline.quality.display import shown
from pipeline.quality.facts import Facts, columns_built, open_read_only, read_facts
from pipeline.quality.health import health_expectations
from pipeline.quality.passages import TABLES, with_passages
from pipeline.quality.structure import CATALOGUE, structural_expectations
from pipeline.resources import EXPECTATIONS

_BATCH_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


def validate_warehouse(work_file: Path, batch_id: str, settings: Settings, days: tuple[date, date] | None = None) -> Validation:
    """Judges every expectation on the work file, which is opened for reading only and closed again.

    days: judges what was published on them, first and last included, instead of what the batch brought.

    Expectations on a table whose columns differ from its contract are not judged: the columns check has failed already.
    Raises SeedError for a faulty file in expectations/, InputError for a missing work file.
    """
    if not _BATCH_ID.fullmatch(batch_id):
        raise InputError(f"batch id {batch_id!r} is not made of letters, digits, - and _: it names a file of the report's history")
    if not work_file.is_file():
        raise InputError(f"{work_file}: no such work file; load a batch first")
    started_at = datetime.now(UTC)
    with collector_off():
        from pipeline.quality.judge import judge  # takes seconds to import

    expectations = [*structural_expectations(), *health_expectations(batch_id, days=days)]
    facts, broken = _look(work_file, batch_id, days, settings.validation_memory_limit)
    unjudged = {each.name for each in expectations if each.table in broken and each.query != CATALOGUE}
    judged = judge(work_file, [each for each in expectations if each.name not in unjudged], settings.validation_memory_limit)
    checks = {check.name: check for check in chain(judged, (Check.of(each, None) for each in expectations if each.name in unjudged))}
    _add_examples(checks, expectations, work_file, settings.validation_memory_limit)
    if not broken & TABLES:
        _add_passages(checks, work_file, settings.validation_memory_limit)
    in_order = tuple(checks[each.name] for each in expectations)
    return Validation(batch_id, started_at, datetime.now(UTC), in_order, facts, judged_with=judged_with())


def judged_with() -> str:
    """Hash of all that decides what is found in the same tables: expectations, contracts, this code and what it judges with."""
    sources = [*sorted(EXPECTATIONS.glob("*.toml")), Path(contracts.__file__), *sorted(Path(__file__).parent.glob("*.py"))]
    versions = (f"{name} {version(name)}".encode() for name in ("great-expectations", "duckdb"))
    return hashlib.sha256(b"\x1f".join((*versions, *(path.read_bytes() for path in sources)))).hexdigest()


def _look(work_file: Path, batch_id: str, days: tuple[date, date] | None, memory_limit: str) -> tuple[Facts, set[str]]:
    """The facts of the batch, and the tables whose columns are not as declared."""
    with open_read_only(work_file, memory_limit) as warehouse:
        built = columns_built(warehouse)
        broken = {table.name for table in PUBLIC if list(built.get(table.name, {}).items()) != [(c.name, c.type) for c in table]}
        return read_facts(warehouse, batch_id, days), broken


def _add_examples(checks: dict[str, Check], expectations: list[Expectation], work_file: Path, memory_limit: str) -> None:
    """Gives failed shares the rows behind them. Great Expectations judged the figure alone, which has none."""
    with open_read_only(work_file, memory_limit) as warehouse:
        for expectation in expectations:
            check = checks[expectation.name]
            if check.passed is False and check.observed is not None and expectation.examples:
                too_low = check.minimum is not None and check.observed < check.minimum
                query = expectation.examples[0] if too_low else expectation.examples[1]
                count = warehouse.execute(f"select count(*) from ({query})").fetchall()[0][0]
                checks[check.name] = replace(check, unexpected_count=count, rows=tuple(_rows(warehouse, query)))


def _add_passages(checks: dict[str, Check], work_file: Path, memory_limit: str) -> None:
    with open_read_only(work_file, memory_limit) as warehouse:
        for check in with_passages([check for check in checks.values() if check.rows], warehouse):
            checks[check.name] = check


def _rows(warehouse: duckdb.DuckDBPyConnection, query: str) -> Iterator[Row]:
    answer = warehouse.execute(f"{query} limit {MAX_EXAMPLES}")
    names = [column[0] for column in answer.description]
    for row in answer.fetchall():
        yield {name: shown(value) for name, value in zip(names, row, strict=True)}
