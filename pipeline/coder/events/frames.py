"""What stands in the slots of a trigger: the heads of the phrases there, and their words.

Slots beyond those of `arguments`:

iobj     to whom something is given
clause   who acts in a clause under a verb; `if`: in a conditional clause
within   any noun inside the complements of a verb, in order: "agreed to set up a field hospital in Louisiana"
"""

from collections.abc import Callable, Iterator
from functools import cached_property

from spacy.tokens import Token

from pipeline.coder.events.arguments import listed, objects, prepositional, slot, subjects, surface_own, surface_subjects

WITHIN = "within"
_REACH = 30  # tokens of a complement that are searched for an actor
_MODIFIERS = {"amod", "compound", "nmod", "nummod"}
_OWN = {"subj", "obj", "poss", "amod", "of"}  # slots of a noun that no verb above lends it
# "a number of troops", "tons of food": what counts is behind "of".
_MEASURES = {
    "all", "amount", "barrage", "batch", "billions", "consignment", "convoy", "dozens", "group", "groups", "half", "hundreds", "kind",
    "load", "loads", "lot", "lots", "many", "members", "millions", "most", "number", "numbers", "package", "pair", "part", "parts",
    "percent", "quantity", "range", "remainder", "rest", "round", "rounds", "scores", "series", "shipment", "shipments", "some", "spate",
    "string", "supplies", "supply", "team", "tens", "thousands", "tonnes", "tons", "truckloads", "wave", "waves", "worth",
}  # fmt: skip

Words = tuple[set[str], set[str]]  # of phrases with the nouns before their heads, of their heads alone


def lemma_of(token: Token) -> str:
    """The lemma of a word in lower case, whole where the tokeniser cut it: "cease-fire", "build-up"."""
    lemma: str = token.lemma_.lower()
    if token.i > 1 and token.nbor(-1).text == "-":
        before = token.nbor(-2)
        if before.head == token:
            return f"{before.lower_}-{lemma}"
    return lemma


class Frame:
    """A trigger and the words in its slots, each slot looked up once."""

    def __init__(self, anchor: Token) -> None:
        self._anchor = anchor
        self._seen: dict[str, Words] = {}

    def words(self, name: str) -> Words:
        """The lemmas in a slot, and labels of entities there: of whole phrases, and of their heads alone."""
        found = self._seen.get(name)
        if found is None:
            found = self._seen[name] = self._look_up(name)
        return found

    def _look_up(self, name: str) -> Words:
        if name in _OF_CHILDREN:
            found = _OF_CHILDREN[name](self._anchor)
            return found, found
        if name in ("amod", "compound"):
            found = {child.lemma_.lower() for head in (self._anchor, *self._objects) for child in head.children if child.dep_ in _MODIFIERS}
            return found, found
        if name == "obj" and self._is_verb:
            heads = [*self._objects, *(child for child in self._anchor.children if child.dep_ in ("dobj", "oprd"))]
        else:
            heads = fillers(self._anchor, name)
        items = [item for head in heads for item in listed(head)]
        alone = {word for item in items for word in _told_by(item)}
        return alone | {child.lemma_.lower() for item in items for child in item.children if child.dep_ == "compound"}, alone

    @cached_property
    def _is_verb(self) -> bool:
        return self._anchor.pos_ in ("VERB", "AUX")

    @cached_property
    def _objects(self) -> list[Token]:
        return objects(self._anchor) if self._is_verb else []


def fillers(anchor: Token, name: str) -> list[Token]:
    """The heads of the phrases in a slot, without the others of a list."""
    if name == "iobj":
        return [child for child in anchor.children if child.dep_ == "dative"]
    if name == "if":
        clauses = [child for child in anchor.children if child.dep_ == "advcl" and any(mark.lower_ == "if" for mark in child.children)]
        return [found for clause in clauses if surface_own(clause) for found in surface_subjects(clause)]
    if name == "clause":
        clauses = [child for child in anchor.children if child.dep_ in ("ccomp", "xcomp") and surface_own(child)]
        return [found for clause in clauses for found in subjects(clause)]
    return _within(anchor) if name == WITHIN else _filled(anchor, name)


def _within(anchor: Token) -> list[Token]:
    complements = [child for child in anchor.children if child.dep_ in ("xcomp", "ccomp", "dobj", "prep", "dative") and child.i > anchor.i]
    return [token for child in complements for token in list(child.subtree)[:_REACH] if token.dep_ in ("dobj", "pobj", "nsubj", "poss")]


def _filled(anchor: Token, name: str) -> list[Token]:
    found = slot(anchor, name)
    if not found and name not in _OWN and anchor.pos_ == "NOUN" and anchor.dep_ in ("dobj", "nsubjpass", "pobj"):
        # "held talks on Monday with Iran": the phrase hangs on the light verb
        governor = anchor.head if anchor.dep_ != "pobj" else anchor.head.head
        found = [filler for filler in prepositional(governor, name) if filler != anchor] if governor.pos_ == "VERB" else []
    return found


def _told_by(head: Token) -> Iterator[str]:
    yield lemma_of(head)
    if head.ent_type:
        yield head.ent_type_
    if head.lower_ in _MEASURES:
        yield from (pobj.lemma_.lower() for pobj in prepositional(head, "of"))


def _particles(anchor: Token) -> set[str]:
    return {
        child.lower_ for child in anchor.children if child.dep_ in ("prt", "advmod") or child.dep_ == "prep" and not any(child.children)
    }


def _clause_auxiliaries(anchor: Token) -> set[str]:
    clauses = (child for child in anchor.children if child.dep_ == "ccomp")
    return {auxiliary.lower_ for clause in clauses for auxiliary in clause.children if auxiliary.dep_ == "aux"}


def _complement_marks(anchor: Token) -> set[str]:
    """ "whether", "to", "that": what opens the clause under a verb."""
    clauses = (child for child in anchor.children if child.dep_ in ("ccomp", "xcomp", "advcl", "acl"))
    return {
        mark.lower_
        for clause in clauses
        for mark in clause.children
        if mark.i < clause.i and mark.dep_ in ("mark", "aux", "advmod", "dobj")
    }


def _clause_predicates(anchor: Token) -> set[str]:
    """What a clause under a verb calls its subject: "said that the raid was illegal"."""
    clauses = [child for child in anchor.children if child.dep_ == "ccomp" and not any(word.dep_ == "neg" for word in child.children)]
    return {word.lemma_.lower() for clause in clauses for word in clause.children if word.dep_ in ("acomp", "attr", "oprd")}


def _purposes(anchor: Token) -> set[str]:
    clauses = (child for child in anchor.children if child.dep_ == "xcomp" or child.dep_ in ("advcl", "ccomp") and _is_infinitive(child))
    return {word for clause in clauses for word in (clause.lemma_.lower(), *(inner.lemma_.lower() for inner in clause.children))}


def _is_infinitive(verb: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _predicates(dependency: str) -> Callable[[Token], set[str]]:
    """The lemmas of the children with a dependency and of what hangs on them: "called him a brutal dictator"."""

    def words(anchor: Token) -> set[str]:
        found = (child for child in anchor.children if child.dep_ == dependency)
        return {word for child in found for word in (child.lemma_.lower(), *(inner.lemma_.lower() for inner in child.children))}

    return words


_OF_CHILDREN: dict[str, Callable[[Token], set[str]]] = {
    **{dependency: _predicates(dependency) for dependency in ("acomp", "oprd", "advmod", "attr")},
    "xcomp": _purposes,
    "prt": _particles,
    "clause aux": _clause_auxiliaries,
    "clause attr": _clause_predicates,
    "clause": lambda anchor: {child.lemma_.lower() for child in anchor.children if child.dep_ in ("ccomp", "xcomp")},
    "mark": _complement_marks,
    "aux": lambda anchor: {child.lower_ for child in anchor.children if child.dep_ == "aux"},
    "neg": lambda anchor: {child.lower_ for child in anchor.children if child.dep_ == "neg"},
    "if": lambda anchor: {token.lower_ for token in fillers(anchor, "if")},
    "entity": lambda anchor: {anchor.ent_type_} if anchor.ent_type else set(),
}
