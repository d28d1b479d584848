"""The last steps of the spine: validate, publish, report. A batch is built aside, audited, and only then swapped in.

*A held batch stays held*, and what comes after it waits: the work file holds them all, and a release takes everything with it. A held
batch goes out once it was mended and passes, or when a person releases it and says why.
*Nothing new, nothing to judge*: what was found of a batch stands until a table changes, or what it was judged with.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from pipeline.articles import Ingested
from pipeline.coder.version import coder_version
from pipeline.config import Settings, Workspace
from pipeline.errors import InputError, ValidationFailed
from pipeline.overruling import Overruling
from pipeline.partitions import atomic_writer
from pipeline.site import write_explorer
from pipeline.warehouse import Release, audit_stands, held_batches, note_audit, overrule, overruling_of, publish_release
from pipeline.warehouse.reading import query

if TYPE_CHECKING:  # Great Expectations takes seconds to import
    from pipeline.quality import Validation


Days = tuple[date, date]
"""The first and the last of some days."""


def validate(batch: Ingested, workspace: Workspace, settings: Settings, days: Days | None = None) -> "Validation":
    """Checks the built tables against contracts and expectations, and keeps what was found; publish judges by it.

    days: what was published on them is judged, not what the batch brought.
    Batches before it that are held are audited again: they may have been mended. Where they have not, this one waits for them.
    """
    before = [batch_id for batch_id in held_batches(workspace, settings) if batch_id != batch.batch_id]
    if not before and not days and (found := _standing(batch.batch_id, workspace, settings)):
        return _keep(found, workspace, settings)
    still_held = tuple(batch_id for batch_id in before if _audit(batch_id, workspace, settings).stops_release)
    return _audit(batch.batch_id, workspace, settings, still_held, days)


def read_validation(batch: Ingested, workspace: Workspace) -> "Validation":
    """What validate found for a batch, in whichever process it ran."""
    return _read(batch.batch_id, workspace)


def publish(batch: Ingested, validation: "Validation", workspace: Workspace) -> Release:
    """Swaps the new tables in. ValidationFailed where a critical expectation failed or a batch before is held, and the old ones stay."""
    if validation.outcome == "failed":
        raise ValidationFailed(f"nothing was published: {_failure(validation)}; {_remedy(batch.batch_id, validation)}")
    return _publish(batch.batch_id, validation, workspace)


def release_by_hand(batch_id: str, reason: str, decided_by: str, workspace: Workspace, settings: Settings) -> tuple[Release, Path]:
    """Publishes a held batch in spite of its figures, with the reason kept in `releases`; gives the release and its report.

    InputError where the batch is not held. ValidationFailed where it breaks a contract, which no reason mends; or where other batches
    are held too: then the decision stands, and it goes out with them.
    """
    held = held_batches(workspace, settings) if workspace.work_file.exists() else []
    if batch_id not in held:
        raise InputError(f"no batch {batch_id!r} is held; held are: {', '.join(held) or 'none'}")
    found = _audit(batch_id, workspace, settings, tuple(other for other in held if other != batch_id))
    if found.outcome == "failed":
        overruling = _overruling(found, reason, decided_by)
        overrule(overruling, workspace, settings)
        found = _keep(replace(found, overruling=overruling), workspace, settings)
    try:
        release = _publish(batch_id, found, workspace)
    except ValidationFailed:
        report(found, None, workspace, settings, {})
        raise
    return release, report(found, release, workspace, settings, {})


def report(
    validation: "Validation", release: Release | None, workspace: Workspace, settings: Settings, step_seconds: dict[str, float]
) -> Path:
    """Writes the validation report and gives its page; one of its own where release is None, as nothing was published.

    Before it the explorer of what is published, to which the report points.
    """
    for held in validation.waits_for:  # audited again, or for the first time where it was cut off
        _report(_read(held, workspace), None, workspace, settings, {})
    return _report(validation, release, workspace, settings, step_seconds)


def _report(
    validation: "Validation", release: Release | None, workspace: Workspace, settings: Settings, step_seconds: dict[str, float]
) -> Path:
    from pipeline.quality import BatchSummary, write_report

    started = perf_counter()
    if workspace.warehouse.exists():
        write_explorer(workspace, settings)
    is_new = release is not None and release.is_new
    summary = BatchSummary(
        published=is_new,
        release_number=release.number if release else _published_number(workspace, settings),
        changes={"added": release.added, "changed": release.changed, "withdrawn": release.withdrawn} if release and is_new else {},
        by_hand=f"{release.released_by}: {release.reason}" if release and is_new and release.reason else None,
        step_seconds=step_seconds | {"explorer": perf_counter() - started},
        versions={"dragoman": version("dragoman"), "coder": coder_version()},
    )
    return write_report(validation, summary, workspace)


def _audit(
    batch_id: str, workspace: Workspace, settings: Settings, waits_for: tuple[str, ...] = (), days: Days | None = None
) -> "Validation":
    from pipeline.quality import validate_warehouse

    found = validate_warehouse(workspace.work_file, batch_id, settings, days)
    return _keep(replace(found, waits_for=waits_for, overruling=overruling_of(batch_id, workspace, settings)), workspace, settings)


def _standing(batch_id: str, workspace: Workspace, settings: Settings) -> "Validation | None":
    """What was found of a batch that could go out, where it would be found again."""
    from pipeline.quality import judged_with

    if not _path(batch_id, workspace).exists() or not audit_stands(batch_id, workspace, settings):
        return None
    found = _read(batch_id, workspace)
    return None if found.stops_release or found.judged_with != judged_with() else found


def _keep(found: "Validation", workspace: Workspace, settings: Settings) -> "Validation":
    with atomic_writer(_path(found.batch_id, workspace)) as file:
        file.write(found.to_json().encode())
    note_audit(found.batch_id, found.outcome, workspace, settings)
    return found


def _read(batch_id: str, workspace: Workspace) -> "Validation":
    from pipeline.quality import Validation

    return Validation.load(_path(batch_id, workspace))


def _path(batch_id: str, workspace: Workspace) -> Path:
    return workspace.work / "validations" / f"{batch_id}.json"


def _publish(batch_id: str, validation: "Validation", workspace: Workspace) -> Release:
    return publish_release(batch_id, validation.outcome, workspace, coder_version(), datetime.now(UTC))


def _overruling(found: "Validation", reason: str, decided_by: str) -> Overruling:
    if final := [check.name for check in found.failed_critical if not check.can_be_overruled]:
        raise ValidationFailed(
            f"nothing was published: {', '.join(final[:5])} cannot be overruled, as the tables would contradict themselves; "
            "mend the cause and run the batch again"
        )
    return Overruling(found.batch_id, tuple(check.name for check in found.failed_critical), decided_by, reason, datetime.now(UTC))


def _failure(validation: "Validation") -> str:
    failed = [check.name for check in validation.failed_critical]
    return f"{len(failed)} critical checks failed ({', '.join(failed[:5])}), `dragoman report` shows them"


def _remedy(batch_id: str, validation: "Validation") -> str:
    by_hand = (
        f", or `dragoman release {batch_id} --reason …`" if all(check.can_be_overruled for check in validation.failed_critical) else ""
    )
    return f"mend the cause and run the batch again{by_hand}"


def _published_number(workspace: Workspace, settings: Settings) -> int | None:
    """The number of the release that readers see; None before the first."""
    if not workspace.warehouse.exists():
        return None
    number: int | None = query("select max(release_number) as number from releases", workspace.warehouse, settings).item()
    return number
