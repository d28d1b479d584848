"""What the DAGs share: where they work, their assets, how they try again, when they are late, and the way to the report.

Light on purpose: every parse of dags/ imports it, so nothing here loads polars, spaCy or DuckDB.
"""

import json
import logging
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import Asset, AssetWatcher, BaseOperatorLink, Context, RetryDecision, RetryPolicy
from airflow.sdk.configuration import conf
from airflow.sdk.definitions.callback import AsyncCallback
from airflow.sdk.definitions.deadline import DeadlineAlert, DeadlineReference
from airflow.sdk.log import mask_secret

from pipeline.config import Settings, Workspace
from pipeline.errors import ContractError, CoverageAlarm, InputError, SeedError, ValidationFailed, WarehouseLocked
from pipeline.inbox import InboxTrigger
from pipeline.masking import bare, learn_environment

_DATA = Path(__file__).resolve().parents[1] / "data"
INBOX = os.environ.get("DRAGOMAN_INBOX", str(_DATA / "inbox"))
"""A folder or fsspec URL; with %Y, %m, %d, %H or %M in it, each run reads the slice that its data interval begins with."""
WAREHOUSE = Path(os.environ.get("DRAGOMAN_WAREHOUSE", _DATA / "warehouse.duckdb"))
WORKSPACE = Workspace(WAREHOUSE)
CODE_QUEUE = os.environ.get("DRAGOMAN_CODE_QUEUE") or conf.get("operators", "default_queue")
"""The queue of the tasks that code articles: with CeleryExecutor, workers of their own."""
WRITER_POOL = "warehouse"
"""One slot: the work file has a single writer."""
REPORT_PATH = "/dragoman/report/"
"""Where pipeline/airflow_plugins serves the report and the explorer in Airflow's own web server."""

# `%d8` is a byte of a password, `%d/` a day.
_OF_A_SLICE = re.compile(r"%[YmHM]|%d(?![0-9A-Fa-f])")
_IS_SLICED = bool(_OF_A_SLICE.search(INBOX))
# Slices come with the clock, and an object store is not watched.
_WATCHERS = [] if _IS_SLICED or "://" in INBOX else [AssetWatcher(name="files_arrived", trigger=InboxTrigger(INBOX))]
inbox = Asset("dragoman_inbox", watchers=_WATCHERS)
warehouse = Asset("dragoman_warehouse", uri=WAREHOUSE.absolute().as_uri())
report = Asset("dragoman_report", uri=(WORKSPACE.site / "index.html").absolute().as_uri())

_HOPELESS = (ValidationFailed, InputError, ContractError, SeedError, CoverageAlarm)
_TRIES = 3


class ByKindOfError(RetryPolicy):
    """Fails at once where trying again would find the same, waits half an hour for another writer, and tries all else twice more."""

    def evaluate(self, exception: BaseException, try_number: int, max_tries: int, context: Context | None = None) -> RetryDecision:
        if isinstance(exception, _HOPELESS):
            return RetryDecision.fail("trying again would find the same")
        if isinstance(exception, WarehouseLocked):
            return RetryDecision.retry(timedelta(minutes=3), "another writer holds the warehouse")
        return RetryDecision.retry() if try_number < _TRIES else RetryDecision.fail(f"failed {_TRIES} times")


def hide_credentials(_: Context) -> None:
    """Tells Airflow which words its logs of a task must not hold. Called as the task begins."""
    for secret in learn_environment():
        mask_secret(secret)


TASK_DEFAULTS: dict[str, Any] = {
    "retries": 10,
    "retry_delay": timedelta(seconds=30),
    "retry_policy": ByKindOfError(),
    "on_execute_callback": hide_credentials,
}
"""A policy can end the tries, not add to them; hence ten, of which an ordinary error uses two."""


class ReportLink(BaseOperatorLink):
    """A button of the task, and the page that it opens: DRAGOMAN_REPORT_URL, or the report as Airflow's web server shows it."""

    name = "Validation report"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        base = conf.get("api", "base_url", fallback="").rstrip("/")
        return bare(os.environ.get("DRAGOMAN_REPORT_URL", "")) or f"{base}{REPORT_PATH}"


def due_within(limit: timedelta) -> DeadlineAlert:
    """An alert for runs that are not done so long after they were queued."""
    return DeadlineAlert(
        reference=DeadlineReference.DAGRUN_QUEUED_AT,
        interval=limit,
        callback=AsyncCallback(note_missed_deadline, {"file": str(WORKSPACE.site / "missed_deadlines.jsonl")}),
        name=f"done within {limit}",
    )


async def note_missed_deadline(file: str, context: dict[str, Any]) -> None:
    """Logs a run that is late, and adds it to a file beside the report. It is called by Airflow's triggerer."""
    run = context["dag_run"]
    told = {"dag_id": run["dag_id"], "run_id": run["dag_run_id"], "deadline": str(context["deadline"]["deadline_time"])}
    logging.getLogger(__name__).error("missed deadline: %s", told)
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({**told, "noted_at": datetime.now(UTC).isoformat(timespec="seconds")}) + "\n")


def inbox_of(given: str | None, interval_start: datetime | None) -> str:
    """The inbox that a run reads: the one it was given, or the configured one; the slice of its interval where it is sliced."""
    folder = given or INBOX
    if not _OF_A_SLICE.search(folder):
        return folder
    if interval_start is None:
        raise InputError(f"{folder}: a run without a data interval reads no slice; give it an inbox without %")
    start = interval_start.astimezone(UTC)
    return _OF_A_SLICE.sub(lambda code: start.strftime(code[0]), folder)


def settings() -> Settings:
    """The DRAGOMAN_* settings of the process that runs a task."""
    return Settings.from_environment()


def ingested(batch: dict[str, Any]) -> Any:
    """What ingest returned, after its way through XCom."""
    from pipeline.articles import Ingested

    return Ingested(**{**batch, "shards": tuple(batch["shards"]), "stored": tuple(batch["stored"])})
