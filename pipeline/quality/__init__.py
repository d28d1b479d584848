"""Whether a batch is good: expectations over the built warehouse, and the report that people read.

checks      what must hold and what was found; the validation of a batch and its JSON
structure   structural expectations, derived from contracts.py
health      expectations/<table>.toml: volumes, rates, rules across rows
judge       Great Expectations over DuckDB; duckdb_dialect makes the two meet
facts       flow, coverage and row counts of a batch, as the warehouse has them
passages    the article and the sentence that a failing row was made from
validate    all of it over one work file
report      the validation as a self-contained HTML page: page is its frame, display shows values, wording tells them, pictures draws them
history     what each run leaves behind, and the page of all runs; trends sets a check beside the batches before
accuracy    the figures of `make bench` that the report tells
addresses   where the explorer, a page beside the report, shows articles and events
"""

from pipeline.quality.checks import Check, Validation
from pipeline.quality.report import BatchSummary, write_report
from pipeline.quality.validate import judged_with, validate_warehouse

__all__ = ["BatchSummary", "Check", "Validation", "judged_with", "validate_warehouse", "write_report"]
