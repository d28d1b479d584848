"""How likely an event is right, in type and roles: what rule and model know, weighed by a logistic regression.

The weights stand in confidence.json. `make confidence` fits them anew on the tuning half of the gold standard (seeds/gold);
docs/ACCURACY.md shows how well they hold on the other half.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = Path(__file__).with_name("confidence.json")
_BOUND = 7.0  # of logarithms of odds, so that no single term decides everything
_LEAST, _MOST = 0.01, 0.99


@dataclass(frozen=True)
class Evidence:
    """What is known of an event before anybody has checked it. Chances are 0 to 1."""

    rule: float  # how sure the rule is of construction and roles
    something: float  # the model's chance that anything holds between the two
    kind: float  # the chance of the type, given that something does
    open_role: bool
    nominal: bool  # told by a noun
    proposed: bool = False  # by no rule: the model found it

    def terms(self) -> dict[str, float]:
        return {
            "constant": 1.0,
            "rule": log_odds(self.rule),
            "something": log_odds(self.something),
            "kind": log_odds(self.kind),
            "open role": float(self.open_role),
            "nominal": float(self.nominal),
            "proposed": float(self.proposed),
        }


class Confidence:
    """Weights for the terms of Evidence."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._weights = weights

    def __call__(self, evidence: Evidence) -> float:
        """The chance that the event is right, to two places."""
        sum_of_terms = sum(self._weights[name] * value for name, value in evidence.terms().items())
        return round(min(max(1 / (1 + math.exp(-sum_of_terms)), _LEAST), _MOST), 2)


def load_confidence(path: Path = WEIGHTS) -> Confidence:
    return Confidence(json.loads(path.read_text(encoding="utf-8")))


def log_odds(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return min(max(math.log(chance / (1 - chance)), -_BOUND), _BOUND)
