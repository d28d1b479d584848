"""The daily round: texts whose retention has passed, space, exports, and alarms for publishers and days that fell silent.

A red `alarms` task says that something is unusual in what came in; its log lists it, and so does coverage_alarms.json beside the
report. Reads DRAGOMAN_TEXT_RETENTION_DAYS, DRAGOMAN_EXPORTS, DRAGOMAN_STALE_EXPORT_DAYS and DRAGOMAN_KEPT_REPORTS.
`dragoman upkeep` does the same.
"""

from datetime import UTC, datetime, timedelta

from airflow.sdk import CronTriggerTimetable, dag, task

from pipeline.scheduling import TASK_DEFAULTS, WORKSPACE, WRITER_POOL, due_within, settings, warehouse


@dag(
    schedule=CronTriggerTimetable("20 3 * * *", timezone="UTC"),
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    deadline=due_within(timedelta(hours=6)),
    doc_md=__doc__,
    tags=["dragoman"],
)
def upkeep() -> None:
    """The steps of pipeline/upkeep.py, of which those that write take turns with the other DAGs."""

    @task.short_circuit(doc_md="Skips the round as long as nothing is published.")
    def is_published() -> bool:
        return WORKSPACE.warehouse.exists()

    @task(pool=WRITER_POOL, doc_md="Takes texts whose retention has passed out of lake, work file and published file.")
    def expire() -> int:
        from pipeline import upkeep

        return upkeep.expire(WORKSPACE, settings(), datetime.now(UTC).date())

    @task(pool=WRITER_POOL, doc_md="Removes codings that nothing holds any more, the oldest reports, and what lies about too long.")
    def remove() -> int:
        from pipeline import upkeep

        return upkeep.remove_superseded(WORKSPACE, settings(), datetime.now(UTC).date())

    @task(pool=WRITER_POOL, doc_md="Writes work file and published file anew where much of them is free space; gives the bytes won.")
    def compact() -> int:
        from pipeline import upkeep

        return upkeep.compact_bloated(WORKSPACE, settings())

    @task(inlets=[warehouse], doc_md="Writes the configured exports anew.")
    def export() -> int:
        from pipeline import upkeep

        return len(upkeep.write_exports(WORKSPACE, settings()))

    @task(inlets=[warehouse], doc_md="Fails where a publisher or a day fell silent, or far fewer or more articles came than usual.")
    def alarms() -> None:
        from pipeline import upkeep
        from pipeline.console import print_table

        found = upkeep.coverage_alarms(WORKSPACE, settings(), datetime.now(UTC).date())
        print_table(found)
        upkeep.refuse_alarms(found, WORKSPACE)

    published, expired = is_published(), expire()
    published >> [expired, alarms()]
    expired >> remove() >> compact()
    expired >> export()


upkeep()
