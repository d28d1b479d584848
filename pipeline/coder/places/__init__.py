"""Places of a text, and of events.

toponyms       names of the gazetteer in the text, with all the places that they may mean
lexicon, cues  whether such a name is a place here
resolution     which place each name means, for the document as a whole
finding        find_places: all of it over a document
attachment     how a place hangs in its sentence
event_places   place_event: which of them is where an event happened
"""

from pipeline.coder.places.event_places import place_event
from pipeline.coder.places.finding import find_places

__all__ = ["find_places", "place_event"]
