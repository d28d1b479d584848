"""From text to actors, dates, places and events: a pure library, without clock, paths to write, database or scheduler.

    from pipeline.coder import Coder
    coded = Coder().code(text, published)        # records.Coded: events, actors, dates, places, sentences

coder         the front door, singly and in batches
document      a text as spaCy Doc: chunks, sentences, headings, offsets that hold; syntax gives it as plain lists
actors/, places/, dates/    who, where, when
events/       what happened; numbers: number words, for dates and magnitudes alike
classifier/   a trained model of what holds between two spans; decision: how rule and model settle it; confidence
relations     what holds between two given spans
version       of the coder, its codebook and its model
spacy_component    the same as a component of any English spaCy pipeline
records       the dataclasses that all of these give; json_forms and rows write them as JSON and as table rows
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.coder.coder import Coder

__all__ = ["Coder"]


def __getattr__(name: str) -> Any:
    """The coder is imported when it is asked for: spaCy takes seconds, and most who read a record or a version need none."""
    if name != "Coder":
        raise AttributeError(name)
    from pipeline.coder.coder import Coder

    return Coder
