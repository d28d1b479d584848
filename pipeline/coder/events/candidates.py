"""Words that may tell an event: tokens on which a row of the trigger book fits."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import NO_EVENT, Condition, TriggerBook, TriggerRow
from pipeline.coder.events.arguments import listed, objects, prepositional, slot, subjects, surface_own, surface_subjects

_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective"}
_MODIFIERS = {"amod", "compound", "nmod", "nummod"}
WITHIN = "within"
_REACH = 30  # tokens of a complement that are searched for an actor


@dataclass(frozen=True)
class Candidate:
    anchor: Token
    row: TriggerRow


def candidates(sentence: Span, book: TriggerBook) -> Iterator[Candidate]:
    """For each token the row that fits it and asks for most; tokens whose best row says NONE give nothing."""
    for token in sentence:
        part = _POS.get(token.pos_)
        if part is None:
            continue
        rows = book.by_lemma.get((token.lemma_.lower(), part))
        if rows and (row := _best(token, rows)) is not None and row.event_type != NO_EVENT:
            yield Candidate(token, row)


def _best(token: Token, rows: list[TriggerRow]) -> TriggerRow | None:
    """The first row, by weight, whose conditions all hold; what stands in a slot is looked up once for all rows."""
    seen: dict[str, set[str]] = {}
    return next((row for row in rows if all(_holds(token, condition, seen) for condition in row.conditions)), None)


def fillers(anchor: Token, name: str) -> list[Token]:
    """The heads of the phrases in a slot. Beyond arguments.slot:

    iobj    to whom something is given
    clause  who acts in a clause under a verb; `if`: in a conditional clause
    within  any noun inside the complements of a verb, in order: "agreed to set up a field hospital in Louisiana"
    """
    if name == "iobj":
        return [child for child in anchor.children if child.dep_ == "dative"]
    if name == "if":
        clauses = [child for child in anchor.children if child.dep_ == "advcl" and any(mark.lower_ == "if" for mark in child.children)]
        return [found for clause in clauses for found in surface_subjects(clause)]
    if name == "clause":
        clauses = [child for child in anchor.children if child.dep_ in ("ccomp", "xcomp") and surface_own(child)]
        return [found for clause in clauses for found in subjects(clause)]
    return _within(anchor) if name == WITHIN else slot(anchor, name)


def _within(anchor: Token) -> list[Token]:
    complements = [child for child in anchor.children if child.dep_ in ("xcomp", "ccomp", "dobj", "prep", "dative") and child.i > anchor.i]
    return [token for child in complements for token in list(child.subtree)[:_REACH] if token.dep_ in ("dobj", "pobj", "nsubj", "poss")]


def _holds(anchor: Token, condition: Condition, seen: dict[str, set[str]]) -> bool:
    for name, asked in condition.options:
        if name not in seen:
            seen[name] = _words(anchor, name)
        words = seen[name]
        if not words.isdisjoint(asked) if asked else words:
            return not condition.forbidden
    return condition.forbidden


def _words(anchor: Token, name: str) -> set[str]:
    """The lemmas that stand in a slot: of a phrase its head, the nouns before it and the head's entity label."""
    if name in _CHILDREN:
        return _CHILDREN[name](anchor)
    if name in ("acomp", "oprd", "advmod", "attr", "xcomp"):
        return {
            word
            for child in anchor.children
            if child.dep_ == name
            for word in (child.lemma_.lower(), *(inner.lemma_.lower() for inner in child.children))
        }
    if name in ("amod", "compound"):
        heads = [anchor, *(objects(anchor) if anchor.pos_ == "VERB" else ())]
        return {child.lemma_.lower() for head in heads for child in head.children if child.dep_ in _MODIFIERS}
    heads = subjects(anchor) if name == "subj" and anchor.pos_ == "VERB" else _filled(anchor, name)
    if name == "obj":
        heads = [*heads, *(child for child in anchor.children if child.dep_ in ("dobj", "oprd"))]
    return {word for head in heads for item in listed(head) for word in _told_by(item)}


def _told_by(head: Token) -> Iterator[str]:
    yield head.lemma_.lower()
    if head.ent_type:
        yield head.ent_type_
    for child in head.children:
        if child.dep_ == "compound":
            yield child.lemma_.lower()
        elif child.dep_ == "prep" and child.lower_ == "of" and head.lower_ in _MEASURES:
            yield from (pobj.lemma_.lower() for pobj in child.children if pobj.dep_ == "pobj")


# "a number of troops", "tons of food": what counts is behind "of".
_MEASURES = {
    "number", "numbers", "thousands", "hundreds", "dozens", "scores", "tens", "tons", "tonnes", "lot", "lots", "group", "groups",
    "series", "wave", "waves", "string", "round", "rounds", "shipment", "shipments", "batch", "kind", "pair", "some", "all", "most",
    "many", "part", "parts", "half", "millions", "billions", "load", "loads", "truckloads", "supply", "supplies", "members", "team",
    "barrage", "spate",
}  # fmt: skip


def _particles(anchor: Token) -> set[str]:
    return {
        child.lower_ for child in anchor.children if child.dep_ in ("prt", "advmod") or child.dep_ == "prep" and not any(child.children)
    }


def _clause_auxiliaries(anchor: Token) -> set[str]:
    clauses = (child for child in anchor.children if child.dep_ == "ccomp")
    return {auxiliary.lower_ for clause in clauses for auxiliary in clause.children if auxiliary.dep_ == "aux"}


def _complements(anchor: Token) -> set[str]:
    return {child.lemma_.lower() for child in anchor.children if child.dep_ in ("ccomp", "xcomp")}


def _complement_marks(anchor: Token) -> set[str]:
    """ "whether", "to", "that": what opens the clause under a verb."""
    clauses = (child for child in anchor.children if child.dep_ in ("ccomp", "xcomp", "advcl", "acl"))
    return {
        mark.lower_
        for clause in clauses
        for mark in clause.children
        if mark.i < clause.i and mark.dep_ in ("mark", "aux", "advmod", "dobj")
    }


_CHILDREN: dict[str, Callable[[Token], set[str]]] = {
    "prt": _particles,
    "clause aux": _clause_auxiliaries,
    "clause": _complements,
    "mark": _complement_marks,
    "aux": lambda anchor: {child.lower_ for child in anchor.children if child.dep_ == "aux"},
    "neg": lambda anchor: {child.lower_ for child in anchor.children if child.dep_ == "neg"},
    "if": lambda anchor: {token.lower_ for token in fillers(anchor, "if")},
    "entity": lambda anchor: {anchor.ent_type_} if anchor.ent_type else set(),
}


def _filled(anchor: Token, name: str) -> list[Token]:
    found = slot(anchor, name)
    if not found and anchor.pos_ == "NOUN" and anchor.dep_ in ("dobj", "nsubjpass", "pobj"):
        # "held talks on Monday with Iran": the phrase hangs on the light verb
        governor = anchor.head if anchor.dep_ != "pobj" else anchor.head.head
        found = list(prepositional(governor, name)) if governor.pos_ == "VERB" else []
    return found
