"""`nlp.add_pipe("event_coder")`: the same events as the library gives, in spaCy's own ways."""

import tomllib
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.coder.document import MODEL, load_language
from pipeline.coder.records import Event
from pipeline.coder.spacy_component import make_event_coder
from pipeline.errors import InputError

TEXTS = [
    "Norway recalled its ambassador from Chad on Monday.",
    "Gunmen killed at least two dozen villagers in northern Nigeria, police said.",
    "Japan gave Kenya $2.5 billion. The foreign ministers of Zambia and Angola met in Lusaka.",
    "Nothing happened.",
]


@pytest.fixture(scope="module")
def pipeline() -> Language:
    nlp = load_language()
    nlp.add_pipe("event_coder")
    return nlp


def test_events_are_those_of_the_library(pipeline, coder):
    for text in TEXTS:
        assert pipeline(text)._.events == coder.code(text).events
    assert [type(event) for event in pipeline(TEXTS[0])._.events] == [Event]


def test_many_texts_through_pipe(pipeline, coder):
    assert [doc._.events for doc in pipeline.pipe(TEXTS, batch_size=2)] == [coder.code(text).events for text in TEXTS]


def test_published_anchors_the_date(pipeline):
    doc = pipeline.make_doc(TEXTS[0])
    doc._.published = date(2009, 6, 10)
    (event,) = pipeline(doc)._.events
    assert event.date.first_day == date(2009, 6, 8)
    assert pipeline(TEXTS[0])._.events[0].date is None


def test_offsets_count_characters_of_the_doc(pipeline):
    doc = pipeline("  Talks failed.\n\n" + TEXTS[0])
    (event,) = [event for event in doc._.events if event.event_type == "SANCTION"]
    assert doc.text[event.trigger.start : event.trigger.end] == "recalled"
    assert doc.char_span(event.source.start, event.source.end).text == "Norway"


def test_a_doc_that_another_pipeline_parsed():
    other = spacy.load(MODEL)
    other.add_pipe("merge_entities")  # other tokens than ours
    doc = make_event_coder(other, "event_coder")(other(TEXTS[1]))
    assert [(event.event_type, event.magnitude["killed"].best) for event in doc._.events] == [("ASSAULT", 24)]


def test_a_pipeline_with_events_is_saved_and_loaded(pipeline, tmp_path):
    pipeline.to_disk(tmp_path / "english")
    loaded = spacy.load(tmp_path / "english")
    assert loaded(TEXTS[0])._.events == pipeline(TEXTS[0])._.events


@pytest.mark.filterwarnings("ignore:.*W108")  # the lemmatizer misses the tagger, too
@pytest.mark.parametrize("without", ["parser", "ner", "tagger"])
def test_a_doc_without_what_events_are_read_from_is_refused(pipeline, without):
    with pipeline.select_pipes(disable=[without]), pytest.raises(InputError, match=without):
        pipeline(TEXTS[0])


def test_an_empty_doc_has_no_events(pipeline):
    assert pipeline("")._.events == ()
    assert Doc(pipeline.vocab)._.events == ()


def test_spacy_finds_the_factory_without_an_import():
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]["entry-points"]["spacy_factories"]
    assert declared == {"event_coder": f"{make_event_coder.__module__}:{make_event_coder.__name__}"}
    installed = {point.name: point.value for point in entry_points(group="spacy_factories")}
    assert installed.get("event_coder") == declared["event_coder"], "install the project anew: its entry points have changed"
