"""The shipped model: who does what to whom, in one direction and not the other, whatever else is asked with it."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.codebook.ontology import load_ontology
from pipeline.coder.classifier import NONE, Classifier
from pipeline.coder.classifier.model import MODEL, token_mask


@cache
def _shipped():
    return Classifier()


@pytest.fixture
def classifier():
    return _shipped()


def spans(sentence, source, target):
    return tuple((sentence.index(words), sentence.index(words) + len(words)) if words else None for words in (source, target))


@pytest.mark.parametrize(
    ("sentence", "source", "target", "event_type"),
    [
        ("Riot police arrested forty demonstrators outside the town hall of Sfax.", "Riot police", "forty demonstrators", "COERCE"),
        ("Peru's foreign minister met his Chilean counterpart in Arica.", "Peru's foreign minister", "his Chilean counterpart", "CONSULT"),
        ("Shells fired by the army killed nine villagers near the dam.", "the army", "nine villagers", "ASSAULT"),
        ("Malawi's parliament turned down the president's request for a loan.", "Malawi's parliament", "the president", "REJECT"),
        ("Japan sent Laos two hundred tonnes of rice after the floods.", "Japan", "Laos", "AID"),
        ("Bolivia threatened to cut off gas to Brazil within a week.", "Bolivia", "Brazil", "THREATEN"),
    ],
)  # fmt: skip
def test_types_of_marked_pairs(classifier, sentence, source, target, event_type):
    (judgement,) = classifier.judge(sentence, [spans(sentence, source, target)])
    assert judgement.event_type == event_type


@pytest.mark.parametrize(
    ("sentence", "source", "target"),
    [
        ("Riot police arrested forty demonstrators outside the town hall of Sfax.", "Riot police", "forty demonstrators"),
        ("Nine villagers were killed by the army near the dam.", "the army", "Nine villagers"),
        ("Denmark accused Cyprus of hiding the ship.", "Denmark", "Cyprus"),
    ],
)
def test_the_wrong_way_round_is_likelier_to_be_nothing(classifier, sentence, source, target):
    there, back = classifier.judge(sentence, [spans(sentence, source, target), spans(sentence, target, source)])
    assert there.none < back.none


def test_what_is_asked_together_is_judged_apart(classifier):
    sentence = "Chad's president received the Libyan envoy, and his army shelled rebels near Faya."
    dyads = [spans(sentence, *pair) for pair in pairwise(("Chad's president", "the Libyan envoy", "his army", "rebels"))]
    together = classifier.judge(sentence, dyads)
    alone = [classifier.judge(sentence, [dyad])[0] for dyad in dyads]
    assert [judged.event_type for judged in together] == [judged.event_type for judged in alone]
    for one, other in zip(together, alone, strict=True):
        assert one.types == pytest.approx(other.types, abs=1e-3)


def test_a_role_may_be_open(classifier):
    sentence = "Teachers marched through Lusaka."
    (judgement,) = classifier.judge(sentence, [spans(sentence, "Teachers", None)])
    assert judgement.event_type == "PROTEST"


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
@settings(deadline=None, max_examples=50)
def test_any_text_and_span_gets_probabilities(sentence, start, end):
    (judgement,) = _shipped().judge(sentence, [((start, end), None)])
    assert sum(judgement.types.values()) == pytest.approx(1, abs=1e-4)
    assert judgement.modes.keys() == judgement.types.keys()


def test_no_dyads_no_judgements(classifier):
    assert classifier.judge("Kuwait and Iraq signed a border treaty.", []) == []


def test_its_labels_are_those_of_the_codebook(classifier):
    ontology = load_ontology()
    (judgement,) = classifier.judge("Kuwait and Iraq signed a border treaty.", [((0, 6), (11, 15))])
    for kind, mode in judgement.modes.items():
        assert kind == NONE or ontology.event_type(kind, mode)
    assert len(judgement.types) == 17


def test_it_is_small_enough_to_ship():
    assert MODEL.stat().st_size < 30_000_000


def test_tokens_belong_to_a_span_that_they_overlap():
    offsets = [(0, 0), (0, 4), (4, 6), (7, 12), (0, 0)]  # the first and last are the encoder's own
    assert token_mask(offsets, (2, 7)).tolist() == [0, 1, 1, 0, 0]
    assert token_mask(offsets, None).tolist() == [0, 0, 0, 0, 0]
