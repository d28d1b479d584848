"""How good the coder is: the figures that `make bench` measured, in words."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FIGURES = Path(__file__).parent / "accuracy.json"
_TOLD = (
    ("Type of an event", "F1, mean of the types; source and target given", "events", "relation_root_macro_f1"),
    ("Quad class", "F1, mean of the classes; source and target given", "events", "relation_quad_macro_f1"),
    ("Dyads found", "recall of source and target, whatever the type", "events", "dyad_recall"),
    ("Events, end to end", "precision in plain text: a lower bound, as one event a sentence is marked", "events", "end2end_precision"),
    ("Events, end to end", "F1 in plain text", "events", "end2end_f1"),
    ("Dates, TimeBank", "F1 of expressions found, with the right value", "timebank", "value_f1"),
    ("Dates, AQUAINT", "F1 of expressions found, with the right value", "aquaint", "value_f1"),
    ("Places", "share of all place names put within 161 km of where they are", "places", "acc161_of_all"),
)


@dataclass(frozen=True)
class Figure:
    """A measure, in percent, on all of a yardstick and on the half on which no rule was tuned."""

    name: str
    meaning: str
    of_all: float
    kept_aside: float


@dataclass(frozen=True)
class Accuracy:
    """The main figures, and the coder that they were measured with."""

    coder_version: str
    commit: str
    figures: tuple[Figure, ...]


@cache
def read_accuracy() -> Accuracy:
    """What accuracy.json holds, which docs/accuracy_page.py makes from docs/ACCURACY.md."""
    measured: dict[str, Any] = json.loads(_FIGURES.read_text(encoding="utf-8"))
    rows = [(name, meaning, measured["tables"][table][measure]) for name, meaning, table, measure in _TOLD]
    figures = tuple(Figure(name, meaning, row["all"], row["kept aside"]) for name, meaning, row in rows)
    return Accuracy(measured["coder_version"], measured["commit"], figures)
