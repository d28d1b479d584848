"""The validation report: one self-contained HTML page that says whether the batch is good, and why not.

*Nothing runs*: a content security policy allows one style sheet, by its hash, and nothing else: no script, no image, no
request. *One escaping path*: every value passes display.finalize and then Jinja's autoescaping; none becomes a link.
"""

import base64
import hashlib
from collections.abc import Iterable
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
_VERDICTS = {"passed": "Passed", "warned": "Passed with warnings", "failed": "Failed"}
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
    step_seconds: dict[str, float]
    """Seconds of each step, in order."""
    versions: dict[str, str]
    """Of dragoman, the coder, and what else made the batch."""


def write_report(validation: Validation, summary: BatchSummary, workspace: Workspace) -> Path:
    """Writes site/index.html, beside it validation.json, and history/<batch_id>.json for later reports. Gives the page."""
    site = workspace.site
    _write(site / "validation.json", validation.to_json())
    _write(site / "history" / f"{validation.batch_id}.json", validation.history_json())
    return _write(site / "index.html", render(validation, summary))


def render(validation: Validation, summary: BatchSummary) -> str:
    """The page as text."""
    style, policy = _style()
    parts = flow_parts(validation.facts.flow) if validation.facts.flow else []
    strips = strip_levels(validation.facts.publishers)
    return _template().render(
        validation=validation,
        facts=validation.facts,
        summary=summary,
        verdict=_VERDICTS[validation.outcome],
        findings=validation.failed[:_FINDINGS],
        rows_at_once=_ROWS_AT_ONCE,
        tally=tally(validation),
        consequence=consequence(validation, summary),
        parts=parts,
        publishers=list(zip(validation.facts.publishers, strips, strict=True)),
        tables=list(_by_table(validation.checks)),
        slowest=max(summary["step_seconds"].values(), default=0.0),
        style=style,
        policy=policy,
    )


def consequence(validation: Validation, summary: BatchSummary) -> str:
    """What the verdict means for readers of the warehouse, in one sentence."""
    number = summary["release_number"]
    stays = f"release {number} stays" if number is not None else "there is no earlier release"
    if validation.outcome == "failed":
        return f"Nothing was published; {stays}."
    return f"Release {number} is published." if summary["published"] else f"There was nothing new to publish; {stays}."


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
