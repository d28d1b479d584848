"""Article files of the inbox, coded and published: every quarter of an hour, and as soon as files have come.

A run reads the whole inbox, whatever its date; what was read before costs next to nothing. So a run that was missed need not be
made up for, and runs may come in any order. `{"inbox": "/archive/2019"}` as configuration of a run reads another inbox.

Reads the environment: DRAGOMAN_INBOX and DRAGOMAN_WAREHOUSE (defaults data/inbox and data/warehouse.duckdb in the checkout),
DRAGOMAN_CODE_QUEUE, DRAGOMAN_DEADLINE_MINUTES, and the DRAGOMAN_* settings of pipeline/config.py.
"""

import os
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import Asset, AssetOrTimeSchedule, CronTriggerTimetable, Param, dag, task

from pipeline.masking import bare
from pipeline.scheduling import (
    CODE_QUEUE,
    TASK_DEFAULTS,
    WORKSPACE,
    WRITER_POOL,
    ReportLink,
    due_within,
    inbox,
    inbox_of,
    ingested,
    report,
    settings,
    warehouse,
)

_EVERY = timedelta(minutes=15)
_DEADLINE = timedelta(minutes=float(os.environ.get("DRAGOMAN_DEADLINE_MINUTES", "60")))

articles = Asset("dragoman_articles", uri=bare(WORKSPACE.lake.absolute().as_uri()))


@dag(
    schedule=AssetOrTimeSchedule(timetable=CronTriggerTimetable("*/15 * * * *", timezone="UTC", interval=_EVERY), assets=[inbox]),
    # Airflow runs no task before the start date, in a backfill either.
    start_date=datetime(1900, 1, 1),
    catchup=False,
    # Two batches at once would only wait for each other at the writer.
    max_active_runs=1,
    params={"inbox": Param(None, type=["null", "string"], description="Folder or URL to read instead of the inbox")},
    default_args=TASK_DEFAULTS,
    deadline=due_within(_DEADLINE),
    doc_md=__doc__,
    tags=["dragoman"],
)
def news_events() -> None:
    """The five steps of pipeline/flow.py, one task each; coding is mapped over shards of about 200 articles."""

    @task(inlets=[inbox], outlets=[articles], doc_md="Reads article files into partitions; sets aside what cannot be used.")
    def ingest(params: Any = None, data_interval_start: Any = None, outlet_events: Any = None) -> dict[str, Any]:
        from pipeline import flow

        batch = asdict(flow.ingest([inbox_of(params["inbox"], data_interval_start)], WORKSPACE, settings()))
        outlet_events[articles].extra = {name: value for name, value in batch.items() if isinstance(value, int)}
        return batch

    @task(doc_md="Names the partitions that `code` is mapped over.")
    def shards(batch: dict[str, Any]) -> list[str]:
        return list(batch["shards"])

    @task(queue=CODE_QUEUE, doc_md="Finds actors, dates, places and events in one partition; one that is coded already is kept.")
    def code(shard: str) -> None:
        from pipeline import flow

        flow.code(shard, WORKSPACE, settings())

    # Without a new article there is nothing to map over and `code` is skipped; the ledger still has to be loaded.
    @task(pool=WRITER_POOL, trigger_rule="none_failed", doc_md="Loads the batch into the work file and brings all tables up to date.")
    def load(batch: dict[str, Any]) -> None:
        from pipeline import flow

        flow.load(ingested(batch), WORKSPACE, settings())

    @task(pool=WRITER_POOL, doc_md="Audits the tables. A critical check that fails stops the run here: readers keep the last release.")
    def validate(batch: dict[str, Any]) -> str:
        from pipeline import flow
        from pipeline.errors import ValidationFailed

        found = flow.validate(ingested(batch), WORKSPACE, settings())
        if found.stops_release:
            page = flow.report(found, None, WORKSPACE, settings(), {})
            raise ValidationFailed(f"nothing is published, as the batch failed its audit or waits behind one that did: {page}")
        return found.outcome

    @task(pool=WRITER_POOL, inlets=[articles], outlets=[warehouse, report], doc_md="Swaps the new release in and writes the report.")
    def publish(batch: dict[str, Any], outlet_events: Any = None) -> None:
        from pipeline import flow

        read = ingested(batch)
        found = flow.read_validation(read, WORKSPACE)
        release = flow.publish(read, found, WORKSPACE)
        flow.report(found, release, WORKSPACE, settings(), {})
        outlet_events[warehouse].extra = {"release": release.number, "is_new": release.is_new, "rows": found.facts.table_rows}
        outlet_events[report].extra = {"outcome": found.outcome, **found.counts}

    batch = ingest()
    judged, published = validate(batch), publish(batch)
    code.expand(shard=shards(batch)) >> load(batch) >> judged >> published
    for told in (judged, published):
        told.operator.operator_extra_links = (ReportLink(),)


news_events()
