"""The validation report: one self-contained HTML page that says whether the batch is good, and why not.

*Nothing runs*: a content security policy allows one style sheet, by its hash, and nothing else: no script, no image, no
request. *One escaping path*: every value passes display.finalize and then Jinja's autoescaping; none becomes a link.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

import jinja2
from markupsafe import Markup

from pipeline.config import Workspace
from pipeline.contracts import PUBLIC
from pipeline.partitions import atomic_writer
from pipeline.quality import display
from pipeline.quality.checks import Check, Validation
from pipeline.quality.pictures import flow_parts, strip_levels

_TEMPLATES = Path(__file__).parent / "templates"
_FINDINGS = 40  # told in full; a batch with more is broken in one place, and the page stays readable
_ROWS_AT_ONCE = 5
_RUNS = 20
_VERDICTS = {"passed": "Passed", "warned": "Passed with warnings", "overruled": "Released by hand", "failed": "Failed", "waits": "Waits"}
_ICONS = {"passed": "passed", "warned": "warned", "overruled": "warned", "failed": "failed", "waits": "warned"}
_STRUCTURE = {
    "columns": "The columns are not as declared",
    "unique_key": "Rows share a key",
    "not_null": "{column} is null",
    "allowed": "{column} holds values that are not allowed",
    "range": "{column} is out of range",
    "reference": "{column} points to nothing",
}


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
    """Writes the page of a batch, its data beside it, and history/<time>-<batch_id>.json; gives the page.

    What was published is told on site/index.html. A batch that was not has its page in site/held/, and leaves the published one's as it is;
    with the next publication, which takes every batch with it, the pages of site/held/ move to site/settled/.
    """
    site = workspace.site
    is_held = validation.stops_release
    page, data = (
        (held_page(workspace, validation.batch_id), f"{validation.batch_id}.json") if is_held else (site / "index.html", "validation.json")
    )
    _write(page.parent / data, validation.to_json())
    if is_held or summary["published"]:  # else it found nothing new, as every quarter of an hour
        _write(site / "history" / f"{validation.started_at:%Y%m%dT%H%M%SZ}-{validation.batch_id}.json", validation.history_json())
    written = _write(page, render(validation, summary, data, runs_before(validation, workspace)))
    if not is_held:
        _settle(site)
    return written


def runs_before(validation: Validation, workspace: Workspace) -> list[dict[str, Any]]:
    """The last runs before this one as history/ has them, the newest first."""
    files = sorted((workspace.site / "history").glob("*.json"), reverse=True)
    told = [{"waits_for": []} | json.loads(file.read_text(encoding="utf-8")) for file in files[: _RUNS + 1]]  # older ones do not say
    return [run for run in told if run["started_at"] < str(validation.started_at)][:_RUNS]


def held_page(workspace: Workspace, batch_id: str) -> Path:
    """Where the report of a batch lies as long as it is held."""
    return workspace.site / "held" / f"{batch_id}.html"


def _settle(site: Path) -> None:
    for file in sorted(site.glob("held/*")):
        (site / "settled").mkdir(exist_ok=True)
        file.replace(site / "settled" / file.name)


def render(validation: Validation, summary: BatchSummary, data: str = "validation.json", runs: Sequence[dict[str, Any]] = ()) -> str:
    """The page as text; data: the file beside it that holds all of it; runs: those before, as history/ has them."""
    style, policy = _style()
    parts = flow_parts(validation.facts.flow) if validation.facts.flow else []
    strips = strip_levels(validation.facts.publishers)
    return _template().render(
        validation=validation,
        facts=validation.facts,
        summary=summary,
        data=data,
        runs=runs,
        verdicts=_VERDICTS,
        verdict=_VERDICTS[_state(validation)],
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
        style=style,
        policy=policy,
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


def tally(validation: Validation) -> str:
    """'1 critical failure and 2 warnings'."""
    counts = validation.counts
    words = {"critical": ("critical failure", "critical failures"), "warning": ("warning", "warnings"), "info": ("remark", "remarks")}
    parts = [f"{counts[each]} {words[each][counts[each] != 1]}" for each in words if counts[each]]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def title(check: Check) -> str:
    """What a check is about, in words: 'event_type holds values that are not allowed'."""
    kind = check.name.rsplit(".", 1)[-1]
    words = _STRUCTURE.get(kind, kind.replace("_", " ").capitalize())
    return words.format(column=check.column)


def observed(check: Check) -> str:
    """What was found, in words: '12 rows', '37.5 %'."""
    if check.error:
        return "could not be judged"
    if check.observed is None:
        return "not judged"
    if check.unit == "rows":
        return f"{display.number(check.observed)} row{'' if check.observed == 1 else 's'}" if check.observed else "none"
    return display.percent(check.observed) if check.unit == "share" else display.number(check.observed)


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


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=display.finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Any] = {
        "number": display.number, "percent": display.percent, "seconds": display.seconds, "title": title, "observed": observed,
    }  # fmt: skip
    environment.filters.update(filters)
    return environment.get_template("report.html")


@cache
def _style() -> tuple[Markup, str]:
    """The style sheet, and the policy that allows it alone."""
    style = (_TEMPLATES / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(style), f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"  # noqa: S704


def _write(path: Path, text: str) -> Path:
    with atomic_writer(path) as file:
        file.write(text.encode())
    return path
