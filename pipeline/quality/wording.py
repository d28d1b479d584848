"""Checks and their figures in words."""

from pipeline.quality import display
from pipeline.quality.checks import Check, Validation

VERDICTS = {"passed": "Passed", "warned": "Passed with warnings", "overruled": "Released by hand", "failed": "Failed", "waits": "Waits"}
_STRUCTURE = {
    "columns": "The columns are not as declared",
    "unique_key": "Rows share a key",
    "not_null": "{column} is null",
    "allowed": "{column} holds values that are not allowed",
    "range": "{column} is out of range",
    "reference": "{column} points to nothing",
}


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
    return figure(check.observed, check.unit)


def figure(value: float, unit: str) -> str:
    """'37.5 %' of a share, '1,234' of anything else."""
    return display.percent(value) if unit == "share" else display.number(value)


def tally(validation: Validation) -> str:
    """'1 critical failure and 2 warnings'."""
    counts = validation.counts
    words = {"critical": ("critical failure", "critical failures"), "warning": ("warning", "warnings"), "info": ("remark", "remarks")}
    parts = [f"{counts[each]} {words[each][counts[each] != 1]}" for each in words if counts[each]]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
