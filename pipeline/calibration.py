"""Fits and checks the confidence of events against articles coded by hand (seeds/gold): `make confidence`.

An event is right where the gold standard has one of its type and roles in the same sentence. The weights are fitted on the
articles that rules were tuned on (the second, fourth … by name); how well they hold is told on the others.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from pipeline import resources
from pipeline.coder.coder import Coder
from pipeline.coder.confidence import WEIGHTS, Confidence, Evidence
from pipeline.scoring import GOLD, GoldArticle, read_gold, right_events

_RIDGE = 0.5  # pull of the weights towards nothing, in events: the tuning half holds a few hundred
_STEPS = 50
BINS = 5


@dataclass(frozen=True)
class Judged:
    """Events of one or more articles: the evidence for each, and whether it was right."""

    evidence: tuple[Evidence, ...]
    right: tuple[bool, ...]

    def reliability(self, confidence: Confidence, bins: int = BINS) -> pl.DataFrame:
        """Events by confidence, in as many equal parts: how many, how sure the coder was, how many in a hundred were right."""
        frame = pl.DataFrame({"confidence": [confidence(evidence) for evidence in self.evidence], "right": list(self.right)})
        part = (pl.col("confidence") * bins).floor().clip(0, bins - 1).cast(pl.Int64).alias("part")
        return (
            frame.group_by(part)
            .agg(events=pl.len(), confidence=(100 * pl.col("confidence").mean()).round(1), right=(100 * pl.col("right").mean()).round(1))
            .sort("part")
            .with_columns(part=pl.format("{} to {}", pl.col("part") * 100 // bins, (pl.col("part") + 1) * 100 // bins))
        )


def expected_calibration_error(reliability: pl.DataFrame) -> float:
    """How far confidence and truth lie apart, in points of a hundred, parts weighed by their events."""
    parts = reliability.select("events", "confidence", "right").rows()
    return float(sum(events * abs(sure - right) for events, sure, right in parts) / max(1, sum(events for events, _, _ in parts)))


def judge(articles: Sequence[GoldArticle], coder: Coder) -> Judged:
    """Codes the articles and keeps the evidence behind each event."""
    seen: list[Evidence] = []

    def number(evidence: Evidence) -> float:
        seen.append(evidence)
        return float(len(seen) - 1)

    coder.confidence = number  # so that each event's confidence tells which evidence it had
    judged: list[tuple[Evidence, bool]] = []
    for article in articles:
        events = coder.code(article.text, article.published).events
        right = right_events(article.events, events)
        judged += [(seen[int(event.confidence)], any(event is other for other in right)) for event in events]
    return Judged(tuple(evidence for evidence, _ in judged), tuple(is_right for _, is_right in judged))


def fit(judged: Judged) -> dict[str, float]:
    """The weights of a logistic regression with a ridge, by Newton's method."""
    terms = np.array([list(evidence.terms().values()) for evidence in judged.evidence])
    right = np.array(judged.right, dtype=float)
    weights: npt.NDArray[np.float64] = np.zeros(terms.shape[1])
    ridge = _RIDGE * np.eye(len(weights))
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-terms @ weights))
        slope = terms.T @ (right - chance) - ridge @ weights
        bend = (terms * (chance * (1 - chance))[:, None]).T @ terms + ridge
        weights = weights + np.linalg.solve(bend, slope)
    return {name: round(float(weight), 4) for name, weight in zip(judged.evidence[0].terms(), weights, strict=True)}


def main() -> None:
    golds = list(read_gold(GOLD, resources.SEEDS / "articles"))
    coder = Coder()
    tuned, aside = judge(golds[1::2], coder), judge(golds[0::2], coder)
    weights = fit(tuned)
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    for name, judged in (("tuned", tuned), ("kept aside", aside)):
        table = judged.reliability(Confidence(weights))
        print(f"{name}: expected calibration error {expected_calibration_error(table):.1f} points\n{table}", file=sys.stderr)


if __name__ == "__main__":
    main()
