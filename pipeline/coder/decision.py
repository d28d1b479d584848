"""Rule and model together: which type stands, and how sure both are of it.

Rules propose: they know the construction, and fill the roles. The model judges the pair. Where both name one type, it stands.
Where they differ the rule's stands, unless the model finds another one likelier by more than `TRUST`: the better the rule knew
the two roles, the more it takes to overrule it. Where no rule proposes anything, the model decides.
"""

import math
from dataclasses import dataclass

from pipeline.coder.classifier import NONE, Judgement

# How far (difference of logarithms) another type must be likelier to stand instead of the rule's; measured on the tuning half of the
# yardstick, by how the rule came to the pair: it has both as its roles, one of them, or is merely the nearest trigger.
TRUST = {"both": 9.0, "one": 2.0, "near": 0.7}
_LEAST = 1e-9  # so that what the model rules out has a logarithm


@dataclass(frozen=True)
class Decision:
    event_type: str
    mode: str | None
    model: float  # the probability that the model gives this type
    certainty: float  # that of the type, given that something holds between the two; 0 to 1
    overruled: bool = False  # whether the model's type stands instead of the rule's


def decide(proposed: tuple[str, str | None] | None, found_by: str, judgement: Judgement) -> Decision:
    """The type that stands. proposed: type and mode by rule, if any; found_by: a key of TRUST."""
    scores = {kind: math.log(max(chance, _LEAST)) for kind, chance in judgement.types.items() if kind != NONE}
    if proposed:
        scores[proposed[0]] += TRUST[found_by]
    best = max(scores, key=lambda kind: scores[kind])
    mode = proposed[1] if proposed and proposed[0] == best else judgement.modes[best]
    certainty = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
    return Decision(best, mode, judgement.types[best], certainty, overruled=proposed is not None and proposed[0] != best)
