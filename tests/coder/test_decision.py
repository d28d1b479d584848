"""Rule and model: which type stands where they differ."""

import pytest

from pipeline.coder import Coder
from pipeline.coder.classifier import Judgement
from pipeline.coder.confidence import Confidence, Evidence
from pipeline.coder.decision import decide

KINDS = ("ACCUSE", "THREATEN", "REQUEST", "NONE")


def judged(**chances):
    return Judgement({kind: chances.get(kind, 0.0) for kind in KINDS}, dict.fromkeys(KINDS) | {"ACCUSE": "disapprove"})


@pytest.mark.parametrize(
    ("proposed", "found_by", "chances", "stands"),
    [
        # both say the same
        (("ACCUSE", "allege"), "both", {"ACCUSE": 0.9, "REQUEST": 0.1}, ("ACCUSE", "allege")),
        # the model prefers another type, but the rule knows both roles
        (("ACCUSE", "allege"), "both", {"ACCUSE": 0.05, "REQUEST": 0.95}, ("ACCUSE", "allege")),
        # … or rules the rule's type out
        (("REQUEST", None), "both", {"ACCUSE": 0.99, "REQUEST": 0.000001}, ("ACCUSE", "disapprove")),
        # a rule that merely stands near gives way sooner
        (("REQUEST", None), "near", {"ACCUSE": 0.8, "REQUEST": 0.2}, ("ACCUSE", "disapprove")),
        (("REQUEST", None), "near", {"ACCUSE": 0.55, "REQUEST": 0.45}, ("REQUEST", None)),
        # no rule proposes anything
        (None, "near", {"THREATEN": 0.4, "NONE": 0.6}, ("THREATEN", None)),
    ],
)
def test_which_type_stands(proposed, found_by, chances, stands):
    decision = decide(proposed, found_by, judged(**chances))
    assert (decision.event_type, decision.mode) == stands
    assert decision.overruled == (proposed is not None and stands[0] != proposed[0])
    assert 0 < decision.certainty <= 1


def test_agreement_makes_it_surer():
    agreed = decide(("ACCUSE", None), "one", judged(ACCUSE=0.9, REQUEST=0.1))
    apart = decide(("REQUEST", None), "one", judged(ACCUSE=0.9, REQUEST=0.1))
    assert agreed.certainty > apart.certainty


def test_confidence_grows_with_the_evidence():
    confidence = Confidence({"constant": -1, "rule": 1, "something": 0.5, "kind": 0.5, "open role": -0.5, "nominal": 0, "proposed": 0})
    weak = Evidence(rule=0.5, something=0.3, kind=0.2, open_role=True, nominal=False)
    strong = Evidence(rule=0.85, something=1.0, kind=0.99, open_role=False, nominal=False)
    assert 0 < confidence(weak) < 0.5 < confidence(strong) < 1


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # both agree
        ("Police in Harare arrested two opposition lawmakers on Friday.", [("Police", "COERCE", "two opposition lawmakers")]),
        # the model sees nothing between an envoy and where he lives, whatever the verb
        ("The French consul lives opposite the Belgian embassy.", []),
        # what was not done is left to the rules
        ("Peru denied that its troops had attacked Ecuador.", [("its troops", "ASSAULT", "Ecuador")]),
        # a question tells nothing, whatever stands in it
        ("Will Angola hand the rebels over to Zambia?", []),
    ],
)
def test_rule_and_model_together(coder, sentence, expected):
    events = coder.code(sentence).events
    assert [(event.source.text, event.event_type, event.target.text) for event in events] == expected


def test_the_model_tells_what_the_rules_have_no_words_for(coder):
    sentence = "On Tuesday the Kenyan coast guard winched eleven Somali fishermen off their sinking boat."
    (event,) = coder.code(sentence).events
    assert (event.event_type, event.made_by.partition(":")[0]) == ("AID", "model")
    assert Coder(model=False).code(sentence).events == ()
