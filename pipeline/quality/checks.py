"""What must hold, and what was found: expectations, checks, and the validation of a batch.

An Expectation is declared (by structure.py from the contracts, by health.py from expectations/); a Check is an
Expectation judged. A Validation holds all checks of a batch and its outcome; it is kept as JSON, one file a batch.

*Severity decides*: only a failed critical check stops a release. A warning is told and published; info is only told.
*Figures may be overruled*: a person may release a batch with unusual figures, giving a reason; never one that breaks its contract.
*Nothing passes unjudged*: a check that could not be evaluated has failed; one that had too few rows says so.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.overruling import Overruling
from pipeline.quality.facts import Facts

SEVERITIES = ("critical", "warning", "info")
MAX_EXAMPLES = 20
"""Unexpected rows kept of a failed check."""

Value = str | int | float | bool | None
Row = dict[str, Value]


@dataclass(frozen=True)
class Expectation:
    """Something that must hold of a table: in words for people, and as a Great Expectations class with its arguments."""

    name: str
    """Unique: table.column.kind for structure, table.entry for health."""
    table: str
    column: str | None
    severity: str
    expected: str
    """In words: 'one of 16 values', '2 % to 98 %'."""
    meaning: str
    action: str
    judged_by: str
    """Class in great_expectations.expectations."""
    arguments: dict[str, Any]
    query: str | None = None
    """The query that gives the batch to judge; None for the table itself."""
    broken_where: str | None = None
    """Of a rule about each row by itself: the SQL condition of the rows that break it."""
    unit: str = "rows"
    """What `observed` counts: rows (unexpected ones), share (0 to 1), or number."""
    minimum: float | None = None
    maximum: float | None = None
    examples: tuple[str, str] | None = None
    """Queries of the rows to show when a figure is below its minimum, and above its maximum."""
    can_be_overruled: bool = False
    """Whether a person may release a batch that fails it: a figure may be unusual and right, a row that contradicts itself is wrong."""


@dataclass(frozen=True)
class Passage:
    """What in the news a row was made from: an article and, where the row has one, a sentence of it. Long texts are cut."""

    article_id: str
    title: str | None
    mention_id: str | None = None
    """The mention whose sentence it is."""
    event_id: str | None = None
    sentence_text: str | None = None


@dataclass(frozen=True)
class Check:
    """An expectation and what was found. `passed` is None where there was too little to judge."""

    name: str
    table: str
    column: str | None
    severity: str
    passed: bool | None
    observed: float | None
    unit: str
    expected: str
    minimum: float | None
    maximum: float | None
    unexpected_count: int | None
    rows: tuple[Row, ...]
    """At most 20 unexpected rows, with their keys; long values are cut."""
    meaning: str
    action: str
    error: str | None = None
    """Why it could not be judged, where that is so."""
    can_be_overruled: bool = False
    passages: tuple[Passage | None, ...] = ()
    """Of each row; none at all where no row has one."""

    @classmethod
    def of(cls, expectation: Expectation, passed: bool | None, **found: Any) -> "Check":
        declared = {
            name: getattr(expectation, name)
            for name in (
                "name",
                "table",
                "column",
                "severity",
                "unit",
                "expected",
                "minimum",
                "maximum",
                "meaning",
                "action",
                "can_be_overruled",
            )
        }
        return cls(**declared, passed=passed, **{"observed": None, "unexpected_count": None, "rows": (), **found})

    @classmethod
    def from_fields(cls, fields: dict[str, Any]) -> "Check":
        """From what dataclasses.asdict gave, by way of JSON."""
        passages = tuple(passage and Passage(**passage) for passage in fields.get("passages", ()))  # older ones have none
        return cls(**{**fields, "rows": tuple(fields["rows"]), "passages": passages})


@dataclass(frozen=True)
class Validation:
    """All checks of one batch over the built, not yet published warehouse."""

    batch_id: str
    started_at: datetime
    """UTC, like finished_at."""
    finished_at: datetime
    checks: tuple[Check, ...]
    facts: Facts = field(default_factory=Facts)
    waits_for: tuple[str, ...] = ()
    """Batches before it that are held, so that it cannot be published either."""
    overruling: Overruling | None = None
    judged_with: str = ""
    """Hash of all that decides what an audit finds in the same tables; empty where that is not told."""

    @property
    def outcome(self) -> str:
        """passed, warned, overruled (a person let it pass), or failed: the last stops the release."""
        if stopping := {check.name for check in self.failed_critical}:
            return "overruled" if self.overruling and stopping <= set(self.overruling.checks) else "failed"
        return "warned" if any(check.severity == "warning" for check in self.failed) else "passed"

    @property
    def stops_release(self) -> bool:
        return self.outcome == "failed" or bool(self.waits_for)

    @property
    def failed(self) -> tuple[Check, ...]:
        """Failed checks, the gravest first."""
        failed = (check for check in self.checks if check.passed is False)
        return tuple(sorted(failed, key=lambda check: SEVERITIES.index(check.severity)))

    @property
    def failed_critical(self) -> tuple[Check, ...]:
        return tuple(check for check in self.failed if check.severity == "critical")

    @property
    def counts(self) -> dict[str, int]:
        """Checks: all, passed, not_judged, and the failed ones by severity."""
        return {
            "checks": len(self.checks),
            "passed": sum(check.passed is True for check in self.checks),
            "not_judged": sum(check.passed is None for check in self.checks),
            **{severity: sum(check.severity == severity for check in self.failed) for severity in SEVERITIES},
        }

    def to_json(self) -> str:
        fields = {**asdict(self), "outcome": self.outcome, "counts": self.counts}
        return json.dumps(fields, indent=1, sort_keys=True, default=str, allow_nan=False)

    def history_json(self) -> str:
        """What is kept of every batch, a few kilobytes: outcome, flow, figures, and failed checks. A check not named has passed."""
        told = [check for check in self.checks if check.unit != "rows" or not check.passed]
        fields = {
            "batch_id": self.batch_id,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "outcome": self.outcome,
            "waits_for": self.waits_for,
            "overruling": asdict(self.overruling) if self.overruling else None,
            "counts": self.counts,
            "flow": asdict(self.facts.flow) if self.facts.flow else None,
            "table_rows": self.facts.table_rows,
            "checks": {check.name: {"passed": check.passed, "observed": check.observed} for check in told},
        }
        return json.dumps(fields, indent=1, sort_keys=True, default=str, allow_nan=False)

    @classmethod
    def load(cls, path: Path) -> "Validation":
        """The validation that was saved as JSON."""
        fields = json.loads(path.read_text(encoding="utf-8"))
        overruling = fields["overruling"]
        return cls(
            batch_id=fields["batch_id"],
            started_at=datetime.fromisoformat(fields["started_at"]),
            finished_at=datetime.fromisoformat(fields["finished_at"]),
            checks=tuple(Check.from_fields(check) for check in fields["checks"]),
            facts=Facts.from_fields(fields["facts"]),
            waits_for=tuple(fields["waits_for"]),
            overruling=overruling
            and Overruling(
                **{
                    **overruling,
                    "checks": tuple(overruling["checks"]),
                    "decided_at": datetime.fromisoformat(overruling["decided_at"]),
                }
            ),
            judged_with=fields.get("judged_with", ""),  # older ones do not say
        )
