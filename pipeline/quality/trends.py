"""What earlier batches gave for a check, beside what this one gives: in a picture and in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.quality.checks import Check, Validation
from pipeline.quality.history import Run
from pipeline.quality.pictures import Sparkline, sparkline
from pipeline.quality.wording import figure, observed


@dataclass(frozen=True)
class Trend:
    """The figures of a check over batches, this one the last."""

    line: Sparkline
    words: str


def trends(validation: Validation, runs: Sequence[Run]) -> dict[str, Trend]:
    """By name of the check, wherever there are two figures; rows that never failed a check have none.

    runs: those before, the newest first. A batch that was audited several times counts once, as it was audited last.
    """
    batches = {run["batch_id"]: run for run in reversed(runs) if run["batch_id"] != validation.batch_id}
    found = {check.name: _trend(check, [*batches.values()]) for check in validation.checks}
    return {name: trend for name, trend in found.items() if trend}


def _trend(check: Check, runs: Sequence[Run]) -> Trend | None:
    past = [figure for run in runs if (figure := _figure_of(check, run)) is not None]
    if not past or check.observed is None or (check.unit == "rows" and not any((*past, check.observed))):
        return None
    return Trend(sparkline([*past, check.observed], check.minimum, check.maximum), _in_words(check, past))


def _figure_of(check: Check, run: Run) -> float | None:
    held = {"observed": 0 if check.unit == "rows" else None}  # history names the rules about rows that failed
    found: float | None = run["checks"].get(check.name, held)["observed"]
    return found


def _in_words(check: Check, past: Sequence[float]) -> str:
    """'last 12 batches: 31.0 % to 42.0 %, now 12.0 %'."""
    batches = "last batch" if len(past) == 1 else f"last {len(past)} batches"
    low, high = (figure(value, check.unit) for value in (min(past), max(past)))
    return f"{batches}: {low if low == high else f'{low} to {high}'}, now {observed(check)}"
