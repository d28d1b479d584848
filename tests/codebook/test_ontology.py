"""PLOVER's types with their scores, and the CAMEO codes that follow from them."""

import shutil

import pytest

from pipeline.codebook.ontology import load_ontology
from pipeline.contracts import EVENT_TYPES, QUAD_CLASSES
from pipeline.errors import SeedError
from pipeline.resources import SEEDS


@pytest.fixture(scope="module")
def ontology():
    return load_ontology()


@pytest.mark.parametrize(
    ("event_type", "mode", "contexts", "code"),
    [
        ("CONSULT", "phone", (), "041"),
        ("CONSULT", None, ("diplomatic",), "040"),  # mediation and negotiation are not told apart by contexts
        ("AID", None, ("military",), "072"),
        ("AID", None, ("military", "economic"), "071"),  # equal claims: the smaller code
        ("ASSAULT", None, ("military",), "190"),
        ("ASSAULT", None, (), "180"),
        ("COERCE", "arrest", ("economic",), "173"),  # the mode says more than a context
        ("REQUEST", None, (), "100"),
        ("MOBILIZE", "weapons", (), "152"),
    ],
)
def test_the_code_is_the_most_specific_that_mode_and_context_allow(ontology, event_type, mode, contexts, code):
    assert ontology.cameo(event_type, mode, contexts).cameo_code == code


def test_every_type_and_mode_has_a_code_a_score_and_a_definition(ontology):
    table = ontology.table()
    assert set(table["event_type"]) == set(EVENT_TYPES)
    assert set(table["quad_class"]) == set(QUAD_CLASSES)
    assert table["goldstein_score"].is_between(-10, 10).all()
    assert (table["definition"].str.len_chars() > 5).all()


def test_blame_is_conflict(ontology):
    """One of PLOVER's tables prints +3 for it."""
    assert ontology.event_type("ACCUSE", None).intensity == -3.0
    assert ontology.event_type("SANCTION", None).quad_class == "material conflict"


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("cameo_crosswalk.csv", "CONSULT,phone,,041", "CONSULT,phone,,999", "has no code '999'"),
        ("cameo_crosswalk.csv", "CONSULT,phone,,041", "CONSULT,pigeon,,041", "has no CONSULT pigeon"),
        ("event_types.csv", "AGREE,,verbal cooperation", "AGREE,,friendly talk", "unknown quad class 'friendly talk'"),
        ("event_types.csv", "definition", "meaning", "header is"),
    ],
)
def test_files_that_do_not_fit_together_are_refused(tmp_path, file, old, new, told):
    folder = tmp_path / "codebook"
    shutil.copytree(SEEDS / "codebook", folder)
    text = (folder / file).read_text()
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1))
    with pytest.raises(SeedError, match=told):
        load_ontology(folder)
