"""`made_by` in words."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.codebook.ontology import load_ontology
from pipeline.codebook.triggers import TriggerRow, load_triggers
from pipeline.provenance import makers

RECALL = TriggerRow(
    "recall.verb+obj:@diplomat|consul+from:*", "recall", "verb", (), ("subj",), ("from", "on", "@of", "obj"), "SANCTION", "withdraw", False
)
MEET = TriggerRow("meet.verb", "meet", "verb", (), ("subj",), ("obj", "with"), "CONSULT", None, True)
ROWS = {row.trigger_id: row for row in (RECALL, MEET)}


def told(made_by: str) -> dict[str, str]:
    return {maker.kind: maker.words for maker in makers(made_by, ROWS)}


def test_a_rule_with_conditions_and_its_frame():
    assert told("rule:recall.verb+obj:@diplomat|consul+from:*") == {
        "rule": 'the verb "recall" with object (class diplomat, consul) and any phrase behind "from"',
        "frame": 'tells SANCTION-withdraw; source: subject; target: behind "from", "on", "of" (its country), else object',
    }


def test_what_changed_the_event_and_the_model():
    assert told("rule:meet.verb+refuse:refuse+model:0.91") == {
        "rule": 'the verb "meet"',
        "frame": 'tells CONSULT; source: subject; target: object, else behind "with"; both directions',
        "changed": 'refused, by "refuse"',
        "model": "0.91 for this type",
    }


def test_what_the_model_named_itself():
    assert told("rule:meet.verb+model:ACCUSE:0.98")["model"] == "0.98 for ACCUSE, which it put in place of the rule’s"
    assert told("model:AID:0.93") == {"model": "0.93 for AID, of which no rule tells"}


def test_conditions_in_words():
    assert told("rule:agree.verb+with:*+obj:!*")["rule"] == 'the verb "agree" with any phrase behind "with" and no object'
    assert (
        told("rule:free.verb+obj:!@media|a|b|c|d|e|f")["rule"] == 'the verb "free" with object (not class media, a, b, c, d, e, … 7 in all)'
    )
    assert (
        told("rule:war.noun+of:*|against:*")["rule"]
        == 'the noun "war" with phrase behind "of" (anything, phrase behind "against": anything)'
    )


def test_a_rule_that_is_no_longer_there_is_named():
    assert told("rule:gone.verb+obj:x") == {
        "rule": 'the verb "gone" with object (x)',
        "frame": "the codebook of this installation holds no such row",
    }


def test_every_row_of_the_codebook_can_be_told():
    rows = {row.trigger_id: row for row in load_triggers(load_ontology()).rows}
    for name, row in rows.items():
        rule, frame = makers(f"rule:{name}", rows)
        assert rule.words.startswith(f'the {row.part_of_speech} "{row.lemma}"')
        assert frame.words.startswith("tells ")


@given(st.text())
def test_nothing_breaks_on_other_text(made_by):
    assert [maker.kind for maker in makers(made_by, {})][:2] == ["rule", "frame"]
