"""The places that a text names."""

import re
from dataclasses import replace

from pipeline.codebook.places import Gazetteer, Rows
from pipeline.coder.document import Document
from pipeline.coder.places.cues import weigh
from pipeline.coder.places.resolution import Sense, resolve
from pipeline.coder.places.toponyms import Toponym, is_caseless, match_toponyms, read_words
from pipeline.coder.records import PlaceMention

_PLACE = 1.5  # points from which a name is a place: where precision and recall are about even on LGL
_CAPITAL = re.compile(r"\s+capital\b")
# Words of local administration: who reads of a sheriff or a township council knows which Lancaster is meant.
_LOCAL = re.compile(
    r"\b(?:count(?:y|ies)|townships?|boroughs?|(?:city|town|borough|parish|village) council(?:lor|man|woman|or)?s?"
    r"|school (?:board|district)s?|sheriff|fire department|zip code|downtown)\b",
    re.IGNORECASE,
)
_CANDIDATE = -4.0  # points below which a name has no say in where the document is


def find_places(document: Document, gazetteer: Gazetteer, home: str | None = None) -> list[PlaceMention]:
    """The toponyms of a text, as written and in order, each with the place that it stands for in this document.

    `home` names the place where the outlet sits ("Alexandria, Louisiana"); without it the document must tell by itself.
    Names of nations' people and things ("Georgian") are there, too, marked as demonyms.
    """
    caseless = is_caseless(document.text)
    words = read_words(document.text, caseless)
    toponyms = match_toponyms(document.text, words, gazetteer)
    weigh(document, words, toponyms, gazetteer, caseless)
    likely = [toponym for toponym in toponyms if toponym.points > _CANDIDATE]
    mentions = [
        _capital(document.text, toponym, sense, gazetteer) or _mention(toponym, sense.row, sense.belief, gazetteer)
        for sense in resolve(likely, gazetteer, _home_rows(home, gazetteer) if home else (), bool(_LOCAL.search(document.text)))
        for toponym in sense.toponyms
        if toponym.points + sense.support > _PLACE
    ]
    return sorted(mentions, key=lambda mention: mention.start)


def _home_rows(home: str, gazetteer: Gazetteer) -> Rows:
    """The rows that the name of the outlet's home may mean; none where the gazetteer does not know it."""
    named = match_toponyms(home, read_words(home), gazetteer)
    return named[0].rows if named else ()


def _capital(text: str, toponym: Toponym, sense: Sense, gazetteer: Gazetteer) -> PlaceMention | None:
    """The capital that "the Icelandic capital" means; None where nothing of the kind is said."""
    after = _CAPITAL.match(text, toponym.end) if toponym.is_demonym else None
    row = gazetteer.capital_of(sense.row) if after else None
    if after is None or row is None:
        return None
    capital = replace(toponym, end=after.end(), text=text[toponym.start : after.end()], is_demonym=False)
    return _mention(capital, row, sense.belief, gazetteer)


def _mention(toponym: Toponym, row: int, belief: float, gazetteer: Gazetteer) -> PlaceMention:
    place = gazetteer.place(row)
    return PlaceMention(
        start=toponym.start,
        end=toponym.end,
        text=toponym.text,
        place_id=place.place_id,
        name=place.name,
        country=place.country,
        admin1=place.admin1,
        latitude=place.latitude,
        longitude=place.longitude,
        precision=place.precision,
        score=round(belief, 3),
        is_demonym=toponym.is_demonym,
    )
