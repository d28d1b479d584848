"""The coder as a spaCy component: `nlp.add_pipe("event_coder")`, then `doc._.events`.

It reads the parse of the pipeline that it stands in, which must have tagger, lemmatizer, parser and entity recogniser for
English. `Coder().code(text)` parses by itself, with its own layout of the text; `Document.of_doc` says how that differs.

    doc._.published   set before the component runs (a datetime.date): anchors "Monday" and dates of events
    doc._.events      the events, as records.Event; offsets count characters of doc.text
"""

from functools import cache

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.coder.coder import Coder
from pipeline.coder.document import Document
from pipeline.errors import InputError

_NEEDED = {"DEP": "parser", "TAG": "tagger", "LEMMA": "lemmatizer", "ENT_IOB": "ner"}

# spaCy refuses to set an extension twice, as a second import of the module would.
for _name, _default in (("events", ()), ("published", None)):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


@cache
def _coder() -> Coder:
    """One for all pipelines: it holds no state between texts, and takes seconds to load."""
    return Coder()


class EventCoder:
    """Puts the events of a parsed Doc into doc._.events; InputError where the Doc lacks what they are read from."""

    def __call__(self, doc: Doc) -> Doc:
        if missing := [f"{pipe} ({name})" for name, pipe in _NEEDED.items() if not doc.has_annotation(name)]:
            raise InputError(f"event_coder: the Doc has no annotation by {', '.join(missing)}; add event_coder behind these components")
        doc._.events = _coder().code_document(Document.of_doc(doc, doc._.published)).events
        return doc


@Language.factory("event_coder", assigns=["doc._.events"], requires=["doc.sents", "doc.ents", "token.dep", "token.tag", "token.lemma"])
def make_event_coder(nlp: Language, name: str) -> EventCoder:
    """spaCy's factory; loads the codebook, the actors and the gazetteer once, so that the first text is as fast as the others."""
    _coder()
    return EventCoder()
