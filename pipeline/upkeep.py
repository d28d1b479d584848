"""What a warehouse needs from day to day: texts that expire, space that is won back, exports, and a look at what came in.

*Nothing that counts*: what upkeep removes can be made again, or has passed its retention; events and mentions stay.
*Once a day, or once a month*: each step does what has become due since it was last done, and may be cut off anywhere.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import polars as pl
from upath import UPath

from pipeline import flow
from pipeline.articles import expire_texts
from pipeline.coder.version import coder_version
from pipeline.config import Settings, Workspace
from pipeline.contracts import ACTOR_MENTIONS, CODED_ARTICLES, CODED_MENTIONS
from pipeline.errors import CoverageAlarm, InputError
from pipeline.partitions import atomic_writer
from pipeline.recoding import ASIDE
from pipeline.warehouse import (
    FORMATS,
    compact,
    empty_texts,
    free_share,
    publish_afresh,
    published_free_share,
    refuse_unpublished,
    run_saved_query,
    superseded_codings,
    writer,
)

_BLOATED = 0.3  # copying a warehouse of a million mentions takes a minute; a third of free space is worth it
_DAYS_ASIDE = 14  # for which a recoding that failed its audit can be looked at
ALARMS = "coverage_alarms.json"


def upkeep(workspace: Workspace, settings: Settings, today: date, progress: flow.Progress, show: Callable[[pl.DataFrame], None]) -> None:
    """All steps, the look at what came in first, since no other step may hide it. CoverageAlarm at the end where there are alarms.

    show: prints the alarms.
    """
    alarms = coverage_alarms(workspace, settings, today)
    progress("alarms", str(alarms.height))
    if alarms.height:
        show(alarms)
    progress("expire", f"{expire(workspace, settings, today)} texts taken out")
    progress("remove", f"{remove_superseded(workspace, settings, today)} files and folders removed")
    progress("compact", f"{compact_bloated(workspace, settings) / 2**20:,.0f} MiB won")
    progress("export", f"{len(write_exports(workspace, settings))} files written")
    refuse_alarms(alarms, workspace)


def coverage_alarms(workspace: Workspace, settings: Settings, today: date) -> pl.DataFrame:
    """Rows of sql/queries/coverage_alarms.sql up to yesterday, since today is not over; written beside the report, too."""
    until = today - timedelta(days=1)
    alarms = run_saved_query("coverage_alarms", {"until": str(until)}, workspace.warehouse, settings)
    with atomic_writer(workspace.site / ALARMS) as file:
        file.write(json.dumps({"until": str(until), "alarms": alarms.rows(named=True)}, indent=1, default=str).encode())
    return alarms


def refuse_alarms(alarms: pl.DataFrame, workspace: Workspace) -> None:
    """CoverageAlarm where there are any."""
    if alarms.height:
        kinds = ", ".join(alarms["alarm"].unique().sort())
        raise CoverageAlarm(f"{alarms.height} coverage alarms ({kinds}); see {workspace.site / ALARMS}")


def expire(workspace: Workspace, settings: Settings, today: date) -> int:
    """Takes texts whose retention has passed out of lake, work file and published file, and gives how many.

    Sentences of mentions stay. ValidationFailed where the tables no longer pass their audit; WarehouseLocked while another process
    writes, or a batch waits for its publication.
    """
    if not settings.text_retention_days:
        return 0
    # As long as it stands, an older text may be left in the free space of some file, and what is not published yet is upkeep's own.
    unfinished = workspace.work / "expiring"
    was_cut_off = unfinished.exists()
    if not was_cut_off:
        with writer(workspace, settings) as connection:
            refuse_unpublished(connection, workspace)
    unfinished.touch()
    before = datetime(today.year, today.month, today.day) - timedelta(days=settings.text_retention_days)
    count = empty_texts(expire_texts(before, workspace), workspace, settings)
    if count or was_cut_off:
        expired = (before - timedelta(days=1)).date()
        flow.republish(f"upkeep-{today}", workspace, settings, (expired, expired))
        compact(workspace, settings)
    unfinished.unlink()
    return count


def remove_superseded(workspace: Workspace, settings: Settings, today: date) -> int:
    """Removes codings of old coder versions that the work file no longer holds, the oldest reports, and what lies about too long."""
    gone: list[Path | UPath] = [
        *_old_codings(workspace, settings),
        *_old_reports(workspace, settings),
        *_left_lying(workspace, settings, today),
    ]
    for path in gone:
        shutil.rmtree(path) if isinstance(path, Path) and path.is_dir() else path.unlink()
    return len(gone)


def _old_codings(workspace: Workspace, settings: Settings) -> Iterator[UPath]:
    for version, shard in superseded_codings(coder_version(), workspace, settings):
        # The first one tells that a partition is coded, so it goes first.
        for table in (CODED_ARTICLES, CODED_MENTIONS, ACTOR_MENTIONS):
            yield workspace.lake / table.name / version / f"{shard}.parquet"


def _old_reports(workspace: Workspace, settings: Settings) -> Iterator[Path]:
    for folder in (workspace.work / "validations", workspace.site / "history"):
        newest_first = sorted(folder.glob("*.json"), key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
        yield from newest_first[settings.kept_reports :]


def _left_lying(workspace: Workspace, settings: Settings, today: date) -> Iterator[Path]:
    yield from (path for path in workspace.work.glob(f"{ASIDE}.duckdb*") if _age(path, today) > _DAYS_ASIDE)
    if settings.stale_export_days:
        others = (path for path in workspace.exports.glob("*") if path.is_dir() and path.name not in _formats(settings))
        yield from (path for path in others if _age(path, today) > settings.stale_export_days)


def _age(path: Path, today: date) -> int:
    """Days since a file, or the entries of a folder, changed."""
    return (today - datetime.fromtimestamp(path.stat().st_mtime, UTC).date()).days


def compact_bloated(workspace: Workspace, settings: Settings) -> int:
    """Writes work file and published file anew where much of them is free space; gives the bytes that this won."""
    won = compact(workspace, settings) if free_share(workspace, settings) > _BLOATED else 0
    if published_free_share(workspace.warehouse) > _BLOATED:
        before = workspace.warehouse.stat().st_size
        publish_afresh(workspace, settings)
        won += before - workspace.warehouse.stat().st_size
    return won


def write_exports(workspace: Workspace, settings: Settings) -> list[Path]:
    """Writes the configured exports anew. InputError names the formats there are where one is unknown."""
    formats = _formats(settings)
    if unknown := sorted(formats - FORMATS.keys()):
        raise InputError(f"DRAGOMAN_EXPORTS: no format {unknown[0]!r}; there are {', '.join(FORMATS)}")
    return [path for name in sorted(formats) for path in FORMATS[name](workspace, workspace.exports / name)]


def _formats(settings: Settings) -> set[str]:
    return {name.strip() for name in settings.exports.split(",") if name.strip()}
