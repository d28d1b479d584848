"""An interval coded again with the present coder and codebook; the old coding stands until the new one has passed its audit.

*Aside*: the new coding is loaded into a copy of the work file and audited there. A copy that passed takes the work file's place and
is published; one that failed stays beside it, as work/…/recoding.duckdb, and nothing else has changed.
*Of the interval alone*: partitions are coded whole, but only articles published in the interval are loaded anew.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import flow
from pipeline.articles import Ingested, shards_between
from pipeline.coder.version import coder_version
from pipeline.config import Settings, Workspace
from pipeline.errors import InputError, ValidationFailed
from pipeline.warehouse import Release, copied_aside, put_in_place, writing_alone

ASIDE = "recoding"


@dataclass(frozen=True)
class Recoding:
    """What became of an interval that passed its audit."""

    release: Release
    report: Path


def plan(since: date, until: date, workspace: Workspace) -> Ingested:
    """The partitions to code, as a batch that reads no file. InputError where no text of the interval is stored."""
    shards = shards_between(since, until, workspace) if since <= until else ()
    if not shards:
        raise InputError(
            f"no article of {workspace.lake} was published from {since} to {until}, or none whose text is kept; nothing to code again"
        )
    batch_id = f"recode-{since}-{until}-{coder_version().rpartition('+')[2]}"
    return Ingested(batch_id, shards, records=0, new_articles=0, known=0, duplicates=0, rejected=0)


def replace_coding(batch: Ingested, since: date, until: date, workspace: Workspace, settings: Settings) -> Recoding:
    """Loads what was coded, audits it, and publishes it; the report tells either way.

    ValidationFailed where the audit failed; WarehouseLocked while another process writes, or a batch waits for its publication;
    WorkFileUnusable where the work file must be made anew first, which the next run does.
    """
    days = (since, until)
    with writing_alone(workspace):
        copy = copied_aside(ASIDE, workspace, settings)
        flow.load(batch, copy, settings, days)
        found = flow.validate(batch, copy, settings, days)
        if found.outcome == "failed":
            page = flow.report(found, None, workspace, settings, {})
            raise ValidationFailed(f"the new coding replaces nothing, as it failed its audit: {page} tells why, {copy.work_file} holds it")
        put_in_place(copy, workspace)
    release = flow.publish(batch, found, workspace)
    return Recoding(release, flow.report(found, release, workspace, settings, {}))


def recode(since: date, until: date, workspace: Workspace, settings: Settings, workers: int, progress: flow.Progress) -> Recoding:
    """Codes the articles published from one day to another again, and publishes what changed."""
    batch = plan(since, until, workspace)
    progress("plan", f"{len(batch.shards)} partitions")
    failed = flow.code_all(batch.shards, workspace, settings, workers)
    progress("code", f"the coder failed on {failed} articles" if failed else "done")
    done = replace_coding(batch, since, until, workspace, settings)
    progress("publish", flow.told_of_release(done.release))
    return done
