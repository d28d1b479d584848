"""Great Expectations over the tables of a built warehouse: declared expectations in, judged checks out.

Importing this module imports Great Expectations, which takes 5 s of processor time (scipy, pandas, altair): import it
inside the step. How it is run, and why (great-expectations 1.24.1, duckdb-sqlalchemy 1.5.6.5, measured on 2 cores):
- Over SQLAlchemy, so that DuckDB counts and only counts come back: 522 expectations take 2 s over a few articles. Asked singly, 348
  took 7 s over five tables of a million rows (peak 830 MB), a minute over two of ten million (1.1 GB; DuckDB spills beside the
  file). As pandas frames the tables themselves would have to fit.
- From the whole to the single. A table is asked first whether any row breaks any rule of its columns: nearly never. Only then
  are its rules asked one by one, for yes or no, and of those that are broken the rows. An expectation costs Great Expectations
  8 ms of its own work, and there are 388 such rules; asking each for its rows would cost two queries too.
- Figures of a table (shares, measures) are the columns of one row, judged by their maximum.
- It stays silent and at home: an ephemeral context writes no folder, draws no progress bar, and sends nothing.
"""

import logging
from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import Path
from typing import Any, ClassVar

import great_expectations as gx
from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults, ProgressBarsConfig
from great_expectations.expectations.core.unexpected_rows_expectation import UnexpectedRowsExpectation
from sqlalchemy.dialects import registry

from pipeline.contracts import PUBLIC
from pipeline.quality.checks import MAX_EXAMPLES, Check, Expectation, Row
from pipeline.quality.display import MAX_VALUE, shown
from pipeline.quality.structure import BATCH

_KEYS = {table.name: list(table.key) for table in PUBLIC}
_LOG = logging.getLogger(__name__)

registry.register("duckdb.buffered", "pipeline.quality.duckdb_dialect", "BufferedDuckDB")


class NoSuchRows(UnexpectedRowsExpectation):
    """No row comes back from the query; `observed_value` is how many do.

    The parent runs its query twice, to count the rows and to fetch some. Nearly all checks find none, and finding none a
    second time costs a second pass, so rows are fetched by the parent only where the count is not zero.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = ("unexpected_rows_query.row_count",)

    def _validate(self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None) -> dict[str, Any]:
        count = metrics["unexpected_rows_query.row_count"]
        return {"success": count == 0, "result": {"observed_value": count}}


def judge(work_file: Path, expectations: Iterable[Expectation], memory_limit: str) -> list[Check]:
    """Judges expectations on the tables of a DuckDB file, which is only read. Checks come in the order of expectations."""
    source = _context().data_sources.add_sql(
        "warehouse",
        connection_string="duckdb+buffered:///",
        create_temp_table=False,  # else it copies every table
        kwargs={"connect_args": {"database": str(work_file), "read_only": True, "config": {"memory_limit": memory_limit}}},
    )
    expectations = list(expectations)
    try:
        checks = {check.name: check for batch, group in _batches(source, expectations) for check in _judge_batch(batch, group)}
    finally:
        source.get_execution_engine().close()
        source.get_engine().dispose()
    return [checks[expectation.name] for expectation in expectations]


def _context() -> Any:
    """A context in memory: no folder of its own, no site, no analytics, no progress bars."""
    config = DataContextConfig(
        store_backend_defaults=InMemoryStoreBackendDefaults(init_temp_docs_sites=False),
        analytics_enabled=False,
        progress_bars=ProgressBarsConfig(globally=False),
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _batches(source: Any, expectations: list[Expectation]) -> Iterator[tuple[Any, list[Expectation]]]:
    """One batch for each table and each query that expectations are about."""
    groups: dict[tuple[str, bool], list[Expectation]] = {}
    for expectation in expectations:
        of_table = expectation.query is None
        groups.setdefault((expectation.query or expectation.table, of_table), []).append(expectation)
    for number, ((subject, of_table), group) in enumerate(groups.items()):
        add = source.add_table_asset if of_table else source.add_query_asset
        asset = add(f"{group[0].table} {number}", **{"table_name" if of_table else "query": subject})
        yield asset.get_batch(asset.build_batch_request()), group


def _judge_batch(batch: Any, expectations: list[Expectation]) -> Iterator[Check]:
    rules = [expectation for expectation in expectations if expectation.broken_where]
    if rules and _no_row_breaks(batch, rules):
        yield from (Check.of(rule, True, observed=0, unexpected_count=0) for rule in rules)
        expectations = [expectation for expectation in expectations if not expectation.broken_where]
    by_name = {expectation.name: expectation for expectation in expectations}
    suite = gx.ExpectationSuite(name="suite", expectations=[_first_pass(expectation) for expectation in expectations])
    # Only figures need the observed value, and their batch is a single row.
    wanted = "BOOLEAN_ONLY" if all(expectation.unit == "rows" for expectation in expectations) else "BASIC"
    for result in batch.validate(suite, result_format={"result_format": wanted}).results:
        yield _check(batch, by_name[result.expectation_config.meta["name"]], result)


def _no_row_breaks(batch: Any, rules: list[Expectation]) -> bool:
    """Whether all rows keep all rules; not so either where that cannot be told."""
    broken = " or ".join(f"({rule.broken_where})" for rule in rules)
    return bool(batch.validate(NoSuchRows(unexpected_rows_query=f"select * from {BATCH} where {broken}")).success)


def _first_pass(expectation: Expectation) -> Any:
    judged_by: Any = getattr(gx.expectations, expectation.judged_by)
    if judged_by is UnexpectedRowsExpectation:
        judged_by = NoSuchRows
    return judged_by(**expectation.arguments, severity=expectation.severity, meta={"name": expectation.name})


def _check(batch: Any, expectation: Expectation, result: Any) -> Check:
    if error := _error(result):
        _LOG.error("%s could not be judged: %s", expectation.name, error)
        return Check.of(expectation, False, error=error)
    if expectation.unit != "rows":
        observed = result.result["observed_value"]
        if observed is not None and not isfinite(observed):
            return Check.of(expectation, False, error=f"the figure is {observed}: some value is not a number")
        return Check.of(expectation, None if observed is None else bool(result.success), observed=observed)
    if result.success:
        return Check.of(expectation, True, observed=0, unexpected_count=0)
    count, rows = _second_pass(batch, expectation)
    return Check.of(expectation, False, observed=count, unexpected_count=count, rows=rows)


def _second_pass(batch: Any, expectation: Expectation) -> tuple[int, tuple[Row, ...]]:
    """How many rows are unexpected, and some of them with their keys."""
    again = getattr(gx.expectations, expectation.judged_by)(**expectation.arguments)
    if expectation.judged_by == "UnexpectedRowsExpectation":
        result = batch.validate(again, result_format={"result_format": "COMPLETE"}).result
        count, rows = result["observed_value"], result["details"]["unexpected_rows"]
    else:
        some = {"partial_unexpected_count": MAX_EXAMPLES, "unexpected_index_column_names": _KEYS[expectation.table]}
        result = batch.validate(again, result_format={"result_format": "SUMMARY", **some}).result
        count, rows = result["unexpected_count"], result["partial_unexpected_index_list"]
    return count, tuple({str(name): shown(value) for name, value in row.items()} for row in rows[:MAX_EXAMPLES])


def _error(result: Any) -> str | None:
    """What Great Expectations met instead of a result: one exception, or one for each measure that it tried."""
    info = result.exception_info
    raised = [info] if "raised_exception" in info else list(info.values())
    messages = [str(each["exception_message"]) for each in raised if each["raised_exception"]]
    return messages[0].splitlines()[0][:MAX_VALUE] if messages else None
