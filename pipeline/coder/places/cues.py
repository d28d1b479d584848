"""Whether a word that may name a place does: cues and their points.

A toponym's points are the sum of its cues'. They were fitted on half of the LGL corpus (local news in which every toponym
is marked) by logistic regression, and rounded; LGL has too few datelines and sites to tell theirs, which are set by hand.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator

from spacy.attrs import IDX
from spacy.tokens import Span

from pipeline.codebook.places import ADMIN1, ADMIN2, COUNTRY, REGION, SITE, Gazetteer
from pipeline.coder.document import Document
from pipeline.coder.places.lexicon import BY, COMMON, DIRECTIONS, ENDINGS, FROM, IN, INSTITUTIONS, PEOPLE, SAYING, STREETS, TITLES
from pipeline.coder.places.toponyms import Toponym, Word

_LARGE = 200_000  # people of a town that readers anywhere know
_MIDDLING = 30_000
_ACRONYM = 5  # letters of the longest usual acronyms
_SMALL = 5_000

_OF_CAPITALS = frozenset({"acronym", "capital after", "capital before", "capitals", "capitals and dash"})
_DASH = re.compile(r"(?:, [A-Z][\w.]+)?(?: \([\w ]{2,12}\))? ?(?:--|—|–) ")

_VOTE = 1.0  # points from which a name's other uses count as for it, or against
CUES = {  # fmt: skip
    "abbreviation": 0.5,
    "acronym": -2.0,
    "another for": 1.5,
    "begins sentence": 0.5,
    "bias": -1.5,
    "capital after": -1.0,
    "capital before": -1.5,
    "capitals": 2.0,
    "capitals and dash": 2.5,
    "caseless": -0.5,
    "comma after": 1.0,
    "common name": -3.0,
    "common word": -1.5,
    "country": 2.5,
    "dateline": 3.0,
    "demonym": 1.5,
    "direction before": 0.5,
    "division": 3.0,
    "division of country": 1.5,
    "facility": 1.0,
    "from": 0.5,
    "gpe": 2.0,
    "group": 0.5,
    "hyphen after": 0.5,
    "in": 1.5,
    "inside": 2.0,
    "institution after": 0.5,
    "large": 2.0,
    "loc": 1.5,
    "middling": 0.5,
    "number before": -0.5,
    "of": 0.5,
    "opens facility": -0.5,
    "opens gpe": -1.0,
    "opens loc": -1.5,
    "opens person": -2.5,
    "organization": 0.5,
    "others against": -0.5,
    "others even": 1.0,
    "others for": 0.5,
    "outside": 2.0,
    "people after": 1.0,
    "place ending": 1.0,
    "possessive after": -1.0,
    "saying after": -0.5,
    "several words": 0.5,
    "site": 2.0,
    "small": -0.5,
    "stop word": -5.0,
    "street after": -2.0,
    "surname": -3.0,
    "the": 1.0,
    "title before": -2.5,
    "within facility": -0.5,
    "within gpe": 0.5,
    "within group": -0.5,
    "within loc": 0.5,
    "within organization": -0.5,
    "within person": -0.5,
}


def weigh(document: Document, words: list[Word], toponyms: list[Toponym], gazetteer: Gazetteer, caseless: bool = False) -> None:
    """Gives every toponym its cues and points. In a caseless text capitals tell nothing."""
    starts = document.doc.to_array(IDX).tolist()
    entities = sorted(document.doc.ents, key=lambda entity: int(entity.start_char))
    dateline = document.dateline
    entity_starts = [entity.start_char for entity in entities]
    surnames = _surnames(entities)
    for toponym in toponyms:
        near = bisect_right(entity_starts, toponym.end - 1) - 1
        entity = entities[near] if near >= 0 and entities[near].end_char > toponym.start else None
        toponym.cues.append(_entity_cue(toponym, entity))
        toponym.cues += _kind_cues(toponym, gazetteer)
        first = bisect_right(starts, toponym.start) - 1
        last = bisect_right(starts, toponym.end - 1) - 1
        toponym.cues += _left_cues(document, words, toponym, first)
        toponym.cues += _right_cues(document, words, toponym, last)
        if caseless:
            toponym.cues = ["caseless", *(cue for cue in toponym.cues if cue not in _OF_CAPITALS)]
        if toponym.key in surnames:
            toponym.cues.append("surname")
        if dateline and dateline.start <= toponym.start < dateline.end:
            toponym.cues.append("dateline")
        toponym.points = _points(toponym)
    _vote(toponyms)


def _points(toponym: Toponym) -> float:
    return CUES["bias"] + sum(CUES.get(cue, 0.0) for cue in toponym.cues)


def _vote(toponyms: list[Toponym]) -> None:
    """One label a name: what the document's other uses of a name say counts for each of them."""
    by_name: defaultdict[str, list[Toponym]] = defaultdict(list)
    for toponym in toponyms:
        by_name[toponym.key].append(toponym)
    for same in by_name.values():
        if len(same) < 2:
            continue
        total = sum(toponym.points for toponym in same)
        for toponym in same:
            mean = (total - toponym.points) / (len(same) - 1)
            if any(other.points > _VOTE for other in same if other is not toponym):
                toponym.cues.append("another for")
            toponym.cues.append("others for" if mean > _VOTE else "others against" if mean < -_VOTE else "others even")
        for toponym in same:
            toponym.points = _points(toponym)


def _surnames(entities: list[Span]) -> set[str]:
    """The last words of people's full names."""
    return {entity.text.split()[-1].lower() for entity in entities if entity.label_ == "PERSON" and " " in entity.text.strip()}


_LABELS = {"GPE": "gpe", "LOC": "loc", "FAC": "facility", "ORG": "organization", "NORP": "group", "PERSON": "person"}


def _entity_cue(toponym: Toponym, entity: Span | None) -> str:
    if entity is None:
        return "no entity"
    label = _LABELS.get(entity.label_, "other entity")
    begins = entity.start_char + (4 if entity.text[:4] in ("the ", "The ") else 0) >= toponym.start
    if begins and entity.end_char <= toponym.end + 2:  # "Georgia's" is labelled with its ending
        return label
    return f"{'opens' if begins else 'within'} {label}"


def _kind_cues(toponym: Toponym, gazetteer: Gazetteer) -> Iterator[str]:
    kinds = {int(gazetteer.kinds[row]) for row in toponym.rows}
    people = max(int(gazetteer.population[row]) for row in toponym.rows)
    if toponym.is_demonym:
        yield "demonym"
    elif COUNTRY in kinds:
        yield "country"
    elif ADMIN1 in kinds or REGION in kinds:
        yield "division of country"
    elif SITE in kinds:
        yield "site"
    elif people > _LARGE:
        yield "large"
    elif people > _MIDDLING:
        yield "middling"
    elif ADMIN2 not in kinds and people < _SMALL:
        yield "small"
    if toponym.last > toponym.first:
        yield "several words"
    if toponym.key.endswith((" county", " parish")):
        yield "division"
    elif toponym.first == toponym.last:
        if toponym.key in COMMON:
            yield "common name"
        elif toponym.key.endswith(ENDINGS):
            yield "place ending"
    if toponym.text.isupper() and "abbreviation" not in toponym.cues:
        yield "acronym" if len(toponym.text) <= _ACRONYM and toponym.first == toponym.last else "capitals"


def _left_cues(document: Document, words: list[Word], toponym: Toponym, first: int) -> Iterator[str]:
    before = document.lowers[first - 1] if first > 0 else ""
    if toponym.text.isupper() and _DASH.match(document.text, toponym.end):
        yield "capitals and dash"
    if before in IN:
        yield "in"
    elif before in FROM:
        yield "from"
    elif before == "of":
        yield "of"
    elif before in BY:
        yield "by"
    elif before == "the":
        yield "the"
    elif before.isdigit():
        yield "number before"
    token = document.doc[first]
    if token.is_stop and toponym.first == toponym.last and "abbreviation" not in toponym.cues:
        yield "stop word"
    if token.pos_ not in ("PROPN", "ADJ"):
        yield "common word"
    if token.is_sent_start and toponym.first == toponym.last:
        yield "begins sentence"
    left = words[toponym.first - 1] if toponym.first else None
    if left and document.text[left.end : toponym.start] in (" ", ". ", "-"):
        name = left.text.lower()
        if name in TITLES:
            yield "title before"
        elif name in DIRECTIONS:
            yield "direction before"
        elif document.text[left.end : toponym.start] == " " and not document.doc[first - 1].is_stop:
            yield "capital before"
    elif before in DIRECTIONS:
        yield "direction before"


def _right_cues(document: Document, words: list[Word], toponym: Toponym, last: int) -> Iterator[str]:
    after = document.lowers[last + 1] if last + 1 < len(document.lowers) else ""
    right = words[toponym.last + 1] if toponym.last + 1 < len(words) else None
    if right and document.text[toponym.end : right.start] == " ":
        name = right.text.lower()
        if name in STREETS:
            yield "street after"
        elif name in INSTITUTIONS:
            yield "institution after"
        else:
            yield "capital after"
    elif after in PEOPLE:
        yield "people after"
    elif after in SAYING:
        yield "saying after"
    elif after in ("'s", "’s", "'"):
        yield "possessive after"
    elif after == "-":
        yield "hyphen after"
    elif after == ",":
        yield "comma after"
