"""The articles published from one day to another, coded again with the present coder and codebook: started by hand.

The old coding stays in the published file and in the work file until the new one has passed its audit. One that fails is kept
beside the work file, as recoding.duckdb, and nothing else has changed. `dragoman recode --since … --until …` does the same.
"""

from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from airflow.sdk import Param, dag, task

from pipeline.scheduling import (
    CODE_QUEUE,
    TASK_DEFAULTS,
    WORKSPACE,
    WRITER_POOL,
    ReportLink,
    due_within,
    ingested,
    report,
    settings,
    warehouse,
)


def _day(what: str) -> Param:
    return Param(None, type="string", format="date", description=f"{what} day of publication")


@dag(
    schedule=None,
    start_date=datetime(2026, 1, 1),
    max_active_runs=1,
    params={"since": _day("First"), "until": _day("Last")},
    default_args=TASK_DEFAULTS,
    deadline=due_within(timedelta(days=1)),
    doc_md=__doc__,
    tags=["dragoman"],
)
def recode() -> None:
    """The steps of pipeline/recoding.py."""

    @task(doc_md="Finds the partitions with articles of the interval.")
    def plan(params: Any = None) -> dict[str, Any]:
        from pipeline import recoding

        return asdict(recoding.plan(date.fromisoformat(params["since"]), date.fromisoformat(params["until"]), WORKSPACE))

    @task(doc_md="Names the partitions that `code` is mapped over.")
    def shards(batch: dict[str, Any]) -> list[str]:
        return list(batch["shards"])

    @task(queue=CODE_QUEUE, doc_md="Codes one partition with the present coder; the older coding stays beside it.")
    def code(shard: str) -> None:
        from pipeline import flow

        flow.code(shard, WORKSPACE, settings())

    # One task, so that no other writer comes between the audit and the publication.
    @task(
        pool=WRITER_POOL,
        outlets=[warehouse, report],
        doc_md="Loads the new coding into a copy of the work file, audits it there, and publishes it if it passed.",
    )
    def replace(batch: dict[str, Any], params: Any = None, outlet_events: Any = None) -> None:
        from pipeline import recoding

        days = date.fromisoformat(params["since"]), date.fromisoformat(params["until"])
        release = recoding.replace_coding(ingested(batch), *days, WORKSPACE, settings()).release
        outlet_events[warehouse].extra = {
            "release": release.number,
            "is_new": release.is_new,
            "events": {"added": release.added, "changed": release.changed, "withdrawn": release.withdrawn},
        }

    batch = plan()
    replaced = replace(batch)
    code.expand(shard=shards(batch)) >> replaced
    replaced.operator.operator_extra_links = (ReportLink(),)


recode()
