"""The codebook's examples are coded as they say."""

from collections import Counter

import pytest

from pipeline.codebook.examples import PUBLISHED, Example, load_examples
from pipeline.codebook.ontology import load_ontology
from pipeline.codebook.triggers import load_triggers
from pipeline.coder import Coder
from pipeline.coder.records import Event
from pipeline.contracts import STATUSES
from pipeline.errors import SeedError

ONTOLOGY = load_ontology()
EXAMPLES = load_examples(ONTOLOGY)
CODED = [example for example in EXAMPLES if example.is_coded]
MISSED = [example for example in EXAMPLES if not example.is_coded]


@pytest.fixture(scope="module")
def events(coder: Coder) -> dict[str, tuple[Event, ...]]:
    """The events of each example's sentence."""
    coded = coder.code_all([(example.sentence, PUBLISHED, ()) for example in EXAMPLES])
    return {example.sentence: found.events for example, found in zip(EXAMPLES, coded, strict=True)}


def said(event: Event, example: Example) -> Example:
    """The event, written as an example; of its contexts the one that is asked for."""
    roles = [role.text if role else None for role in (event.source, event.target)]
    context = example.context if example.context in event.contexts else None
    return Example(event.event_type, event.mode, example.sentence, *roles, event.status, context, example.is_coded)


@pytest.mark.slow
@pytest.mark.parametrize("example", CODED, ids=lambda example: example.sentence)
def test_an_example_is_coded_as_it_says(events, example):
    assert example in [said(event, example) for event in events[example.sentence]]


@pytest.mark.slow
def test_what_the_coder_finds_by_now_is_not_called_missed(events):
    found = [example.sentence for example in MISSED if example in [said(event, example) for event in events[example.sentence]]]
    assert found == [], "set is_coded to yes in seeds/codebook/examples.csv, then `make docs`"


def test_every_type_and_mode_that_triggers_tell_has_an_example():
    told = {(row.event_type, row.mode) for row in load_triggers(ONTOLOGY).rows} & ONTOLOGY.types.keys()
    assert told - {(example.event_type, example.mode) for example in CODED} == set()
    # Every accusation is of some mode, and so is every protest.
    assert ONTOLOGY.types.keys() - told <= {("ACCUSE", None), ("PROTEST", None)}


def test_every_type_has_several_examples():
    counts = Counter(example.event_type for example in CODED)
    assert [kind for kind, _ in ONTOLOGY.types if counts[kind] < 3] == []


def test_every_context_and_status_has_an_example():
    assert {example.context for example in CODED} >= set(ONTOLOGY.contexts)
    assert {example.status for example in CODED} == set(STATUSES)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("FLY,,A flew.,A,,actual,,yes", "no FLY"),
        ("AID,,A gave.,A,,actual,weather,yes", "no context"),
        ("AID,,A gave.,A,,perhaps,,yes", "status"),
        ("AID,,A gave.,A,,actual,,maybe", "is_coded"),
        ("AID,,A gave.,A,B,actual,,yes", "target 'B'"),
        ("AID,,A gave.,A,,actual,,yes\nAID,,A gave.,A,,actual,,yes", "twice"),
    ],
)
def test_a_wrong_example_is_named(tmp_path, row, complaint):
    (tmp_path / "examples.csv").write_text(f"event_type,mode,sentence,source,target,status,context,is_coded\n{row}\n")
    with pytest.raises(SeedError, match=complaint):
        load_examples(ONTOLOGY, tmp_path)
