"""What is told of so many people: the deed whose object, subject or complement a counted noun is.

Deeds have kinds: killed, injured, detained, displaced; participants for what people do together; forces for what is done
with troops and police.
"""

from collections.abc import Iterator
from itertools import takewhile

from spacy.tokens import Span, Token

from pipeline.coder.events.arguments import surface_own

_VERBS = {
    lemma: kind
    for kind, lemmas in {
        "killed": "kill murder slay massacre die perish execute behead drown assassinate hang",
        "injured": "wound injure hurt maim",
        "detained": "arrest detain jail imprison capture kidnap abduct apprehend intern",
        "displaced": "displace evict flee evacuate deport uproot",
    }.items()
    for lemma in lemmas.split()
}
_NOUNS = {
    lemma: kind
    for kind, lemmas in {
        "killed": "dead fatality death killing murder massacre execution assassination slaughter slaying",
        "injured": "wounded injured injury wounding",
        "detained": "arrest detention kidnapping abduction imprisonment capture detainee",
        "displaced": "displacement evacuation deportation eviction",
    }.items()
    for lemma in lemmas.split()
}
# Words behind a number that say what became of so many: "40 dead", "12 people were wounded".
_OUTCOMES = {"dead": "killed", "killed": "killed", "wounded": "injured", "injured": "injured", "hurt": "injured", "arrested": "detained",
             "detained": "detained", "jailed": "detained", "displaced": "displaced", "homeless": "displaced"}  # fmt: skip
_COUNTED_ITSELF = {"death", "fatality", "killing", "arrest", "injury", "detention", "dead", "wounded", "injured", "execution", "murder"}
_INTRANSITIVE = {"die", "perish", "flee", "drown"}
NO_PEOPLE = {
    "them", "whom", "which", "these",  # "12 men, three of them": counted already
    "family", "household", "home", "house", "village", "town", "city", "country", "state", "nation", "animal", "cow", "sheep", "horse",
    "job", "seat", "vote", "dollar", "ton", "tonne", "barrel", "case", "site", "place", "vehicle", "ship", "vessel", "boat", "aircraft",
    "plane", "tanker", "truck", "car", "building", "hour", "day", "week", "month", "year", "time", "bullet", "rocket", "attack", "raid",
}  # fmt: skip
_FORCES = {
    "troop", "troops", "soldier", "police", "officer", "policeman", "reservist", "peacekeeper", "personnel", "force", "marine", "fighter",
    "guard", "paratrooper", "trooper", "guardsman", "conscript", "militiaman", "serviceman", "observer", "monitor", "adviser", "advisor",
}  # fmt: skip
_GATHERED = {"crowd", "group", "gathering", "throng", "number", "total", "column", "contingent", "force", "unit", "team", "mob", "convoy"}

_VERBAL = {"VERB", "AUX"}


def counted_noun(number: Token, span: Span) -> Token:
    """The noun that is counted; the number itself where it stands alone or before "of"."""
    token = number
    while token.dep_ in ("nummod", "quantmod", "compound", "amod", "npadvmod", "advmod", "nmod", "predet") and token.head.i > span.start:
        if token.head.pos_ not in ("NOUN", "PROPN", "NUM", "ADJ"):
            break
        token = token.head
    return token


def _gathered(counted: Token) -> Token:
    """The crowd of "a crowd of 5,000", which does what they do; else the counted itself."""
    above = counted.head.head
    return above if counted.dep_ == "pobj" and counted.head.lower_ == "of" and above.lemma_ in _GATHERED else counted


def partitive(number: Token) -> Iterator[Token]:
    """What stands behind "of" in "hundreds of people"."""
    for child in number.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            yield from (pobj for pobj in child.children if pobj.dep_ == "pobj")


def deeds(counted: Token, span: Span) -> list[tuple[str, Token]]:
    """What is told of the counted, with the word that tells it."""
    if span.end < len(span.doc) and span.doc[span.end].text == "-" and span.doc[span.end + 1 : span.end + 2].text == "strong":
        return [("participants", counted), ("forces", counted)]
    if counted.dep_ == "pobj" and counted.head.lower_ == "of" and counted.head.head.pos_ == "NUM":
        return []  # "three of the 15 hostages": three are told of
    if counted.lemma_.lower() in _COUNTED_ITSELF and counted.lemma_.lower() in _NOUNS:
        return [(_NOUNS[counted.lemma_.lower()], counted)]
    first = _gathered(next(iter([*joined_to(counted)][-1:]), counted))
    found = _by_verb(first)
    if found is None:
        found = _by_outcome(counted, span) or _by_noun(first) or _by_word_before(span)
    forces = {word.lemma_.lower() for word in (counted, first, *partitive(counted))} & _FORCES
    if forces:
        return [*((kind, deed) for kind, deed in found if kind != "participants"), ("forces", first.head)]
    return found


def _by_verb(counted: Token) -> list[tuple[str, Token]] | None:
    """The verbs that the counted stands under, as what they are done to or who does them; None where it is neither."""
    verb = counted.head
    behind = [child for child in counted.children if child.dep_ == "acl" and child.tag_ == "VBN"]  # "12 people killed in the raid"
    if behind and (kind := _suffered(behind[0])):
        return [(kind, behind[0])]
    if verb.pos_ not in _VERBAL:
        return None
    bare = counted.dep_ == "nsubj" and verb.tag_ == "VBN" and all(child.dep_ != "aux" for child in verb.children)  # "and dozens wounded"
    if bare or counted.dep_ in ("dobj", "nsubjpass"):
        return _done_to(counted, verb)
    if counted.dep_ == "nsubj":
        done = [(_VERBS[other.lemma_], other) for other in _sharing(verb, counted) if other.lemma_ in _INTRANSITIVE]
        return done or [("participants", verb)]
    return None


def _done_to(counted: Token, verb: Token) -> list[tuple[str, Token]] | None:
    deeds = [(kind, other) for other in _sharing(verb, counted) if (kind := _suffered(other))]
    if len({kind for kind, _ in deeds}) > 1 and any(child.lower_ == "or" for _, other in deeds for child in other.children):
        return []  # "killed or wounded 40": how many of each is not told
    return deeds or None


def _suffered(verb: Token) -> str | None:
    """What a verb does to so many people: "shot 40 dead" kills."""
    if any(child.lower_ == "dead" for child in verb.children):
        return "killed"
    return _VERBS.get(verb.lemma_) if verb.lemma_ == "drown" or verb.lemma_ not in _INTRANSITIVE else None


def _sharing(verb: Token, counted: Token) -> list[Token]:
    """A verb and those that share what is counted: "arrested and deported 200"."""
    above = takewhile(lambda other: not any(child.dep_ == "dobj" for child in other.children), _verbs_above(verb))
    below = (child for child in verb.children if child.dep_ == "conj" and child.pos_ in _VERBAL and not surface_own(child))
    if counted.dep_ == "dobj":
        return [verb, *above]
    return [verb, *(other for other in below if not any(child.dep_ == "dobj" for child in other.children))]


def _verbs_above(verb: Token) -> Iterator[Token]:
    while verb.dep_ == "conj" and verb.head.pos_ in _VERBAL and verb.head != verb:
        verb = verb.head
        yield verb


def _by_outcome(counted: Token, span: Span) -> list[tuple[str, Token]]:
    """ "12 dead", "30 others were wounded": the next word that says what became of them, up to the next verb or number."""
    for token in span.doc[span.end : min(span.end + 6, counted.sent.end)]:
        if kind := _OUTCOMES.get(token.lower_):
            return [(kind, token)]
        if token.pos_ not in ("NOUN", "ADJ", "AUX", "ADV", "PROPN", "DET") or token.like_num:
            break
    return []


def _by_word_before(span: Span) -> list[tuple[str, Token]]:
    """ "displaced half a million people", where the parser takes the verb for an adjective."""
    if span.start == span.sent.start:
        return []
    before = span.doc[span.start - 1]
    kind = _suffered(before) if before.tag_ in ("VBD", "VBG", "VBN") else None
    return [(kind, before)] if kind else []


def _by_noun(counted: Token) -> list[tuple[str, Token]]:
    """ "the arrest of 40 students", "a march by 300 nurses"."""
    preposition = counted.head
    if counted.dep_ != "pobj" or preposition.lower_ not in ("of", "by", "with", "involving"):
        return []
    noun = preposition.head
    if preposition.lower_ == "of" and noun.lemma_ in _NOUNS:
        return [(_NOUNS[noun.lemma_], noun)]
    return [("participants", noun)]


def joined_to(token: Token) -> Iterator[Token]:
    """The words before a token in its list, the nearest first."""
    while token.dep_ == "conj" and token.head != token:
        token = token.head
        yield token
