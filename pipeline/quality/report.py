"""The validation report: one self-contained HTML page that says whether the batch is good, and why not.

Only keys become links, and only to the explorer that lies beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from pipeline.config import Workspace
from pipeline.contracts import PUBLIC
from pipeline.quality.accuracy import read_accuracy
from pipeline.quality.checks import Check, Validation
from pipeline.quality.history import Run, keep_run, row_changes, runs_before, write_history
from pipeline.quality.page import rendered, write_text
from pipeline.quality.pictures import flow_parts, strip_levels
from pipeline.quality.trends import trends
from pipeline.quality.wording import VERDICTS, tally

_FINDINGS = 40  # told in full; a batch with more is broken in one place, and the page stays readable
_ROWS_AT_ONCE = 5
_ICONS = {"passed": "passed", "warned": "warned", "overruled": "warned", "failed": "failed", "waits": "warned"}


class BatchSummary(TypedDict):
    """What a run knows beside its validation."""

    published: bool
    """Whether this run swapped a new release in; False where validation failed or nothing had changed."""
    release_number: int | None
    """The release that readers see now; None before the first."""
    changes: dict[str, int]
    """Events added, changed and withdrawn by the release; empty where nothing was published."""
    by_hand: str | None
    """Who let the release pass in spite of its figures, and why; None where nobody had to."""
    step_seconds: dict[str, float]
    """Seconds of each step, in order."""
    versions: dict[str, str]
    """Of dragoman, the coder, and what else made the batch."""


def write_report(validation: Validation, summary: BatchSummary, workspace: Workspace) -> Path:
    """Writes the page of a batch, its data beside it, and what the history of all runs needs; gives the page.

    What was published is told on site/index.html. A batch that was not has its page in site/held/, and leaves the published one's as it is;
    with the next publication, which takes every batch with it, the pages of site/held/ move to site/settled/.
    """
    site = workspace.site
    is_held = validation.stops_release
    page = held_page(workspace, validation.batch_id) if is_held else site / "index.html"
    write_text(page.parent / _data(validation), validation.to_json())
    if is_held or summary["published"]:  # else it found nothing new, as every quarter of an hour
        keep_run(validation, workspace)
    write_text(page, render(validation, summary, runs_before(validation, workspace)))
    if not is_held:
        _settle(site)
    write_history(workspace)
    return page


def held_page(workspace: Workspace, batch_id: str) -> Path:
    """Where the report of a batch lies as long as it is held."""
    return workspace.site / "held" / f"{batch_id}.html"


def _data(validation: Validation) -> str:
    """The file beside the page that holds all of it."""
    return f"{validation.batch_id}.json" if validation.stops_release else "validation.json"


def _settle(site: Path) -> None:
    for file in sorted(site.glob("held/*")):
        (site / "settled").mkdir(exist_ok=True)
        file.replace(site / "settled" / file.name)


def render(validation: Validation, summary: BatchSummary, runs: Sequence[Run] = ()) -> str:
    """The page as text; runs: those before, the newest first, as history/ has them."""
    parts = flow_parts(validation.facts.flow) if validation.facts.flow else []
    strips = strip_levels(validation.facts.publishers)
    return rendered(
        "report.html",
        validation=validation,
        facts=validation.facts,
        summary=summary,
        data=_data(validation),
        top="../" if validation.stops_release else "",
        runs=runs,
        accuracy=read_accuracy(),
        trends=trends(validation, runs),
        row_changes=row_changes(validation.facts.table_rows, runs),
        verdict=VERDICTS[_state(validation)],
        icon_of=_ICONS[_state(validation)],
        findings=validation.failed[:_FINDINGS],
        rows_at_once=_ROWS_AT_ONCE,
        tally=tally(validation),
        consequence=consequence(validation, summary),
        way_out=way_out(validation),
        parts=parts,
        publishers=list(zip(validation.facts.publishers, strips, strict=True)),
        tables=list(_by_table(validation.checks)),
        slowest=max(summary["step_seconds"].values(), default=0.0),
    )


def _state(validation: Validation) -> str:
    """The outcome, or 'waits' where nothing but batches before it holds it."""
    return "waits" if validation.waits_for and validation.outcome != "failed" else validation.outcome


def consequence(validation: Validation, summary: BatchSummary) -> str:
    """What the verdict means for readers of the warehouse, in one sentence."""
    number = summary["release_number"]
    stays = f"release {number} stays" if number is not None else "there is no earlier release"
    if validation.outcome == "failed":
        return f"Nothing was published; {stays}."
    if validation.waits_for:
        return f"Nothing was published; {stays}. This batch goes out once {', '.join(validation.waits_for)} can."
    return f"Release {number} is published." if summary["published"] else f"There was nothing new to publish; {stays}."


def way_out(validation: Validation) -> str | None:
    """What a person can do about a batch that failed."""
    if validation.outcome != "failed":
        return None
    mend = "Mend the cause and run the batch again; what comes after it waits."
    if all(check.can_be_overruled for check in validation.failed_critical):
        return f"{mend} If the figures are unusual but right: dragoman release {validation.batch_id} --reason …"
    return f"{mend} It cannot be released by hand, as its tables would contradict themselves."


@dataclass(frozen=True)
class TableChecks:
    """The checks of one table, as the report folds them."""

    name: str
    grain: str
    checks: tuple[Check, ...]

    @property
    def failed(self) -> int:
        return sum(check.passed is False for check in self.checks)

    @property
    def holding(self) -> int:
        return sum(check.passed is True for check in self.checks)

    @property
    def not_judged(self) -> int:
        return sum(check.passed is None for check in self.checks)


def _by_table(checks: Iterable[Check]) -> Iterable[TableChecks]:
    checks = list(checks)
    for table in PUBLIC:
        own = tuple(check for check in checks if check.table == table.name)
        # Failures first, then health: it differs from batch to batch, the structure of columns hardly ever does.
        in_order = sorted(own, key=lambda check: (check.passed is not False, check.name.count(".")))
        yield TableChecks(table.name, table.grain, tuple(in_order))
