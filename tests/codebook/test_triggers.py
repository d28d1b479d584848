"""The trigger book: what a row means, which of several wins, and what the loader refuses."""

import csv

import pytest

from pipeline import resources
from pipeline.codebook.ontology import load_ontology
from pipeline.codebook.triggers import NO_EVENT, load_triggers
from pipeline.errors import SeedError

TRIGGERS = "lemma,part_of_speech,conditions,source,target,event_type,mode,reciprocal\n"
OPERATORS = "lemma,part_of_speech,complement,effect\n"
CLASSES = "word_class,lemma\narms,gun\narms,rifle\n"


@pytest.fixture(scope="module")
def ontology():
    return load_ontology()


@pytest.fixture(scope="module")
def book(ontology):
    return load_triggers(ontology)


@pytest.fixture
def load(ontology, tmp_path):
    """load(trigger rows, operator rows) -> TriggerBook of these alone."""

    def load_rows(triggers="", operators=""):
        (tmp_path / "triggers.csv").write_text(TRIGGERS + triggers)
        (tmp_path / "operators.csv").write_text(OPERATORS + operators)
        (tmp_path / "word_classes.csv").write_text(CLASSES)
        return load_triggers(ontology, tmp_path)

    return load_rows


def test_the_row_that_asks_for_most_leads(load):
    # Certain words ask for more than anything, and anything for more than the absence of some.
    rows = load(
        "meet,verb,,subj,obj,CONSULT,,yes\nmeet,verb,obj:!gun,subj,obj,CONSULT,,\nmeet,verb,with:*,subj,with,CONSULT,,\nmeet,verb,obj:goal,,,NONE,,\n"
    )
    assert [row.trigger_id for row in rows.by_lemma["meet", "verb"]] == [
        "meet.verb+obj:goal",
        "meet.verb+with:*",
        "meet.verb+obj:!gun",
        "meet.verb",
    ]


def test_a_class_stands_for_its_words(load):
    (row,) = load("lay,verb,obj:@arms|sword,subj,to,RETREAT,disarm,\n").rows
    assert row.conditions[0].options == (("obj", frozenset({"gun", "rifle", "sword"})),)


def test_a_condition_may_name_two_slots(load):
    (row,) = load("clash,verb,with:*|against:*,subj,with|against,ASSAULT,,yes\n").rows
    assert row.conditions[0].options == (("with", frozenset()), ("against", frozenset()))


@pytest.mark.parametrize(
    ("triggers", "operators", "complaint"),
    [
        ("attack,verb,,subj,obj,ASSAULT,,\nattack,verb,,subj,obj,ACCUSE,,\n", "", "attack.verb stands twice"),
        ("attack,verb,,subj,obj,ASSAULT,kindly,\n", "", "has no ASSAULT kindly"),
        ("attack,adverb,,subj,obj,ASSAULT,,\n", "", "part of speech 'adverb'"),
        ("attack,verb,obj:@swords,subj,obj,ASSAULT,,\n", "", "no class 'swords'"),
        ("attack,verb,objekt:gun,subj,obj,ASSAULT,,\n", "", "slot 'objekt'"),
        ("attack,verb,gun,subj,obj,ASSAULT,,\n", "", "'gun' is not slot:words"),
        ("", "refuse,verb,clause,refuse\nrefuse,verb,clause,fail\n", "refuse verb clause stands twice"),
        ("", "refuse,verb,clause,forget\n", "effect 'forget'"),
    ],
)
def test_faulty_rows_are_refused(load, triggers, operators, complaint):
    with pytest.raises(SeedError, match=complaint):
        load(triggers, operators)


def test_the_book_covers_all_types_and_modes(book, ontology):
    assert len(book.rows) >= 1_600
    told = {(row.event_type, row.mode) for row in book.rows}
    assert {event_type for event_type, _ in ontology.types} <= {event_type for event_type, _ in told}
    assert {(event_type, mode) for event_type, mode in ontology.types if mode} <= told
    assert any(row.event_type == NO_EVENT for row in book.rows)


@pytest.mark.parametrize("name", ["triggers.csv", "operators.csv", "word_classes.csv"])
def test_files_are_sorted_and_have_no_line_twice(name):
    with (resources.SEEDS / "codebook" / name).open(encoding="utf-8", newline="") as file:
        rows = [tuple(row) for row in csv.reader(file)][1:]
    assert rows == sorted(set(rows))
