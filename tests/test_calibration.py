"""Confidence means what it says: of events at 70 in a hundred, about 70 in a hundred are right."""

import random

from pipeline.calibration import Judged, expected_calibration_error, fit
from pipeline.coder.confidence import Confidence, Evidence


def sample(seed, size=2000):
    """Events that are right as often as the model says: with the odds of `something` and the type."""
    chance = random.Random(seed)
    evidence = [Evidence(chance.uniform(0.5, 0.9), chance.uniform(0.1, 0.99), 0.5, chance.random() < 0.3, False) for _ in range(size)]
    return Judged(tuple(evidence), tuple(chance.random() < each.something for each in evidence))


def test_what_is_fitted_on_one_half_holds_on_the_other():
    confidence = Confidence(fit(sample(1)))
    assert expected_calibration_error(sample(2).reliability(confidence)) < 4


def test_boasting_is_found_out():
    boastful = Confidence({"constant": 4, "rule": 0, "something": 0, "kind": 0, "open role": 0, "nominal": 0, "proposed": 0})
    assert expected_calibration_error(sample(3).reliability(boastful)) > 30


def test_the_parts_hold_every_event():
    table = sample(4).reliability(Confidence(fit(sample(1))))
    assert table["events"].sum() == 2000
    assert table["part"].is_unique().all()
