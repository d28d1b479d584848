"""Article files of the inbox, coded and published: every quarter of an hour, and as soon as files have come.

Reads the environment: DRAGOMAN_INBOX and DRAGOMAN_WAREHOUSE (defaults data/inbox and data/warehouse.duckdb in the checkout),
DRAGOMAN_CODE_QUEUE and the DRAGOMAN_* settings of pipeline/config.py.
"""

import os
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.configuration import conf
from airflow.sdk import Asset, AssetOrTimeSchedule, AssetWatcher, CronTriggerTimetable, Metadata, dag, task

from pipeline.inbox import InboxTrigger

HOME = Path(__file__).resolve().parents[1] / "data"
INBOX = os.environ.get("DRAGOMAN_INBOX", str(HOME / "inbox"))
WAREHOUSE = Path(os.environ.get("DRAGOMAN_WAREHOUSE", HOME / "warehouse.duckdb"))
# Workers on other machines may serve a queue of their own; what they need is the lake (docs/SCALE.md).
CODE_QUEUE = os.environ.get("DRAGOMAN_CODE_QUEUE") or conf.get("operators", "default_queue")
# One slot: the work file has a single writer.
WRITER_POOL = "warehouse"

inbox = Asset("dragoman_inbox", watchers=[AssetWatcher(name="files_arrived", trigger=InboxTrigger(INBOX))])
warehouse = Asset("dragoman_warehouse", uri=WAREHOUSE.as_uri())


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/15 * * * *", timezone="UTC"), assets=[inbox]),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    # Two batches at once would only wait for each other at the writer.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(seconds=30)},
    doc_md=__doc__,
    tags=["dragoman"],
)
def news_events() -> None:
    """The five steps of pipeline/flow.py, one task each; coding is mapped over shards of about 200 articles."""

    @task
    def ingest() -> dict[str, Any]:
        from pipeline import flow

        return asdict(flow.ingest([INBOX], workspace(), settings()))

    @task
    def shards(batch: dict[str, Any]) -> list[str]:
        return list(batch["shards"])

    @task(queue=CODE_QUEUE)
    def code(shard: str) -> None:
        from pipeline import flow

        flow.code(shard, workspace(), settings())

    # Without a new article there is nothing to map over and `code` is skipped; the ledger still has to be loaded.
    @task(pool=WRITER_POOL, trigger_rule="none_failed")
    def load(batch: dict[str, Any]) -> None:
        from pipeline import flow

        flow.load(ingested(batch), workspace(), settings())

    @task(pool=WRITER_POOL)
    def validate(batch: dict[str, Any]) -> str:
        from airflow.sdk.exceptions import AirflowFailException

        from pipeline import flow

        found = flow.validate(ingested(batch), workspace(), settings())
        if found.outcome == "failed":
            page = flow.report(found, None, workspace(), settings(), {})
            raise AirflowFailException(f"critical checks failed, nothing is published: {page}")  # trying again would find the same
        return found.outcome

    @task(pool=WRITER_POOL, outlets=[warehouse])
    def publish(batch: dict[str, Any]) -> Any:
        from pipeline import flow

        read = ingested(batch)
        found = flow.read_validation(read, workspace())
        release = flow.publish(read, found, workspace())
        page = flow.report(found, release, workspace(), settings(), {})
        yield Metadata(warehouse, {"release": release.number, "is_new": release.is_new, "events_added": release.added, "report": str(page)})

    batch = ingest()
    code.expand(shard=shards(batch)) >> load(batch) >> validate(batch) >> publish(batch)


def workspace() -> Any:
    from pipeline.config import Workspace

    return Workspace(WAREHOUSE)


def settings() -> Any:
    from pipeline.config import Settings

    return Settings.from_environment()


def ingested(batch: dict[str, Any]) -> Any:
    """What ingest returned, after its way through XCom."""
    from pipeline.articles import Ingested

    return Ingested(**{**batch, "shards": tuple(batch["shards"]), "stored": tuple(batch["stored"])})


news_events()
