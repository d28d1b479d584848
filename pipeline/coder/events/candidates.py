"""Words that may tell an event: tokens on which a row of the trigger book fits."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import NO_EVENT, Condition, TriggerBook, TriggerRow
from pipeline.coder.events.arguments import listed, objects, prepositional, slot, subjects, surface_own, surface_subjects

_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective"}


@dataclass(frozen=True)
class Candidate:
    anchor: Token
    row: TriggerRow


def candidates(sentence: Span, book: TriggerBook) -> Iterator[Candidate]:
    """For each token the row that fits it with the most conditions; tokens whose best row says NONE give nothing."""
    for token in sentence:
        part = _POS.get(token.pos_)
        if part is None or token.lemma_.lower() not in book.lemmas:
            continue
        for row in book.by_lemma.get((token.lemma_.lower(), part), ()):
            if all(_holds(token, condition) for condition in row.conditions):
                if row.event_type != NO_EVENT:
                    yield Candidate(token, row)
                break


def fillers(anchor: Token, name: str) -> list[Token]:
    """The heads of the phrases in a slot. Beyond arguments.slot: `clause` and `if` are the subjects of such a clause under a verb."""
    if name == "iobj":
        return [child for child in anchor.children if child.dep_ == "dative"]
    if name == "if":
        clauses = [child for child in anchor.children if child.dep_ == "advcl" and any(mark.lower_ == "if" for mark in child.children)]
        return [found for clause in clauses for found in surface_subjects(clause)]
    if name != "clause":
        return slot(anchor, name)
    return [
        found for child in anchor.children if child.dep_ in ("ccomp", "xcomp") and surface_own(child) for found in surface_subjects(child)
    ]


def _holds(anchor: Token, condition: Condition) -> bool:
    words = _words(anchor, condition.slot)
    if condition.forbidden:
        return not words & condition.words
    return bool(words & condition.words) if condition.words else bool(words)


def _words(anchor: Token, name: str) -> set[str]:
    """The lemmas that stand in a slot; of a phrase its head and the nouns before it."""
    if name == "prt":
        return {
            child.lower_ for child in anchor.children if child.dep_ in ("prt", "advmod") or child.dep_ == "prep" and not any(child.children)
        }
    if name in ("xcomp", "acomp", "oprd", "advmod", "attr"):
        return {
            word
            for child in anchor.children
            if child.dep_ == name
            for word in (child.lemma_.lower(), *(inner.lemma_.lower() for inner in child.children))
        }
    if name == "clause aux":
        clauses = (child for child in anchor.children if child.dep_ == "ccomp")
        return {auxiliary.lower_ for clause in clauses for auxiliary in clause.children if auxiliary.dep_ == "aux"}
    if name == "clause":
        return {child.lemma_.lower() for child in anchor.children if child.dep_ in ("ccomp", "xcomp")}
    if name == "aux":
        return {child.lower_ for child in anchor.children if child.dep_ == "aux"}
    if name == "if":
        return {token.lower_ for token in fillers(anchor, name)}
    if name in ("amod", "compound"):
        heads = [anchor, *(objects(anchor) if anchor.pos_ == "VERB" else ())]
        return {child.lemma_.lower() for head in heads for child in head.children if child.dep_ in ("amod", "compound", "nmod")}
    heads = subjects(anchor) if name == "subj" and anchor.pos_ == "VERB" else _filled(anchor, name)
    if name == "obj":
        heads = [*heads, *(child for child in anchor.children if child.dep_ in ("dobj", "oprd"))]
    return {
        word.lemma_.lower()
        for head in heads
        for item in listed(head)
        for word in (item, *(child for child in item.children if child.dep_ == "compound"))
    }


def _filled(anchor: Token, name: str) -> list[Token]:
    found = slot(anchor, name)
    if not found and anchor.pos_ == "NOUN" and anchor.dep_ in ("dobj", "nsubjpass", "pobj"):
        # "held talks on Monday with Iran": the phrase hangs on the light verb
        governor = anchor.head if anchor.dep_ != "pobj" else anchor.head.head
        found = list(prepositional(governor, name)) if governor.pos_ == "VERB" else []
    return found
