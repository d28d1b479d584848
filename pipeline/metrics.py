"""The state of a warehouse as Prometheus metrics, for its node exporter's textfile collector or any scraper of text.

Read from the published file and the last validation; a warehouse that was never published has only its disk to tell of.
"""

import json
import shutil
from datetime import UTC
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from pipeline.config import Settings, Workspace
from pipeline.warehouse.reading import query

_LAST_RELEASE = "select * from releases order by release_number desc limit 1"
_RECORDS = "select sum({0})::bigint as records from coverage"
_LAST_DAY = "select epoch(max(published_date)::timestamp) as day from coverage where records_in > rejected"
_OUTCOMES = ("coded", "without_event", "duplicate", "rejected")
_VALIDATIONS = ("passed", "warned", "overruled", "failed")


def metrics(workspace: Workspace, settings: Settings) -> str:
    """Text in Prometheus' exposition format; names begin with dragoman_, times are seconds since 1970."""
    registry = CollectorRegistry()
    folder = next(parent for parent in workspace.warehouse.absolute().parents if parent.exists())
    _gauge(registry, "free_disk_bytes", "Space left where the warehouse lies").set(shutil.disk_usage(folder).free)
    if workspace.warehouse.exists():
        _tell_release(registry, workspace.warehouse, settings)
    _gauge(registry, "held_batches", "Batches that failed their audit or wait behind one that did").set(len(workspace.held))
    if last := workspace.last_validation:
        _tell_validation(registry, json.loads(last.read_text(encoding="utf-8")))
    return generate_latest(registry).decode()


def _tell_release(registry: CollectorRegistry, warehouse: Path, settings: Settings) -> None:
    last = query(_LAST_RELEASE, warehouse, settings).row(0, named=True)
    _gauge(registry, "release_number", "The release that readers see").set(last["release_number"])
    _gauge(registry, "release_timestamp_seconds", "When it was published").set(last["published_at"].replace(tzinfo=UTC).timestamp())
    rows = _gauge(registry, "rows", "Rows of a table", "table")
    for table in ("articles", "events", "event_mentions", "rejects"):
        rows.labels(table).set(last[f"{table}_count"])
    records = _gauge(registry, "records", "Records read, by what became of them", "outcome")
    for outcome in _OUTCOMES:
        records.labels(outcome).set(query(_RECORDS.format(outcome), warehouse, settings).item() or 0)
    if day := query(_LAST_DAY, warehouse, settings).item():
        _gauge(registry, "last_covered_day_timestamp_seconds", "The latest day of publication of a record that was used").set(day)
    _gauge(registry, "warehouse_bytes", "Size of the published file").set(warehouse.stat().st_size)


def _tell_validation(registry: CollectorRegistry, validation: dict[str, Any]) -> None:
    outcomes = _gauge(registry, "validation", "1 for the outcome of the last validation", "outcome")
    for outcome in _VALIDATIONS:
        outcomes.labels(outcome).set(validation["outcome"] == outcome)
    failed = _gauge(registry, "failed_checks", "Failed checks of the last validation", "severity")
    for severity in ("critical", "warning", "info"):
        failed.labels(severity).set(validation["counts"][severity])


def _gauge(registry: CollectorRegistry, name: str, meaning: str, *labels: str) -> Gauge:
    return Gauge(f"dragoman_{name}", meaning, labels, registry=registry)
