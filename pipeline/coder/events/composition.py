"""What the words above an event make of it.

"Threatened to expel" is a threat, "refused to withdraw" a refusal, "halted aid" the reverse of aid: the reversal of a
class is another class. The codebook's operators say which words do so; here is what each effect does, by PLOVER's
conventions: talk of future cooperation is AGREE, talk of future conflict THREATEN.
"""

from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from pipeline.codebook.triggers import TriggerBook
from pipeline.coder.events.arguments import SUPPORT, UNDERGO, surface_own
from pipeline.coder.events.status import Cues, cues, if_clause

_COOPERATION = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"}
_TALK = {"AGREE", "THREATEN", "REQUEST", "REJECT"}
# Types that are done by saying so: whoever decides to expel an envoy has expelled him; whoever decides to attack has not yet.
_SPOKEN = {"SUPPORT", "ACCUSE", "REJECT", "REQUEST", "THREATEN"}
_PERFORMED = {
    "announce": _SPOKEN | {"SANCTION", "COERCE", "PROTEST", "ASSAULT", "MOBILIZE"},
    "decide": _SPOKEN | {"SANCTION", "COERCE", "CONCEDE", "RETREAT"},
}
_ENDED = {"end", "finish", "wind", "ending"}
_PUT_OFF = {"cancel", "call", "scrap", "postpone", "delay", "put", "shelve", "defer", "drop", "cancellation", "postponement", "adjourn"}
_MENACES = {"threaten", "warn", "threat", "warning"}
_CONSENTS = {"agree", "consent", "offer", "propose"}
# Nouns that pass on what the verb above them says of the event inside: "condemned the wave of arrests", "ended the policy of deporting".
_TRANSPARENT = {
    "act", "action", "attempt", "bid", "campaign", "case", "continuation", "course", "day", "effort", "form", "idea", "kind", "lot",
    "method", "month", "move", "number", "one", "option", "order", "pair", "part", "policy", "possibility", "practice", "process",
    "programme", "program", "prospect", "report", "round", "series", "set", "spate", "step", "string", "strategy", "use", "wave", "way",
    "week", "year",
}  # fmt: skip
_DONE_BY_DEED = {"AID", "SUPPORT"}
_FIRSTS = {"first", "second", "third", "fourth", "last", "latest", "next", "only"}
_CLIMB = 5
_CLOSE = 2  # tokens: a verb, its particle, and the participle that is its object
_VERBAL = {"VERB", "AUX"}
_POS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective", "PROPN": "noun"}

_ASKED = {
    "CONSULT": "meet",
    "RETREAT": "yield",
    "CONCEDE": "yield",
    "AID": "assist",
    "COOPERATE": "assist",
    "SUPPORT": "assist",
    "AGREE": "assist",
}
_THREATENED = {
    ("ASSAULT", None): "violence", ("COERCE", "arrest"): "arrest", ("COERCE", "ban"): "ban", ("COERCE", "seize"): "territory",
    ("COERCE", "censor"): "rights", ("COERCE", None): "restrict", ("SANCTION", "expel"): "expel", ("SANCTION", None): "relations",
    ("PROTEST", None): "restrict", ("MOBILIZE", None): "violence",
}  # fmt: skip


@dataclass(frozen=True)
class Composed:
    """An event type after the words above it have spoken."""

    event_type: str
    mode: str | None
    status: str = "actual"
    cue: str | None = None
    speaker: Token | None = None  # the operator whose subject is the source, if not the event's own
    asked: bool = False  # the embedded subject, or else object, is the target
    consumed: frozenset[int] = field(default_factory=frozenset)  # operators that are triggers too: their own events are this one
    operators: tuple[str, ...] = ()


def compose(anchor: Token, event_type: str, mode: str | None, book: TriggerBook) -> Composed | None:
    """Climbs from the trigger to the clauses above it; None where the event is only alleged or denied by them."""
    if _is_questioned(anchor):
        return None
    event = _by_cues(Composed(event_type, mode), _cues_of_group(anchor), anchor)
    if event is not None and event.event_type in _TALK and event.status == "actual" and (condition := _condition_within(anchor)):
        event = replace(event, status="conditional", cue=condition)
    node = anchor
    for _ in range(_CLIMB):
        if event is None:
            return None
        if node.pos_ == "NOUN":
            event = _by_adjectives(event, node, book)
        step = _governor(node)
        if step is None:
            return None if _is_mere_purpose(event, node) else event
        governor, complement = step
        effect = _effect(governor, node, complement, book)
        if not effect and node.dep_ == "acl" and _is_mere_purpose(event, node):
            return None
        if effect:
            if effect == "wish":  # "wants to leave" is an intention, "wants Russia to leave" and "seeks talks" are requests
                effect = "request" if complement == "noun" or surface_own(node) else "intend"
            event = _apply(event, effect, governor, complement)
        if event and governor.pos_ in _VERBAL:
            if effect or complement == "clause" or _lends_tense(node, governor):
                event = _by_cues(event, cues(governor), governor)
            elif complement == "noun" and cues(governor).negation:  # "did not confirm talks with": nothing is said of the talks
                return None
        if not effect and (governor.pos_ in _VERBAL and complement == "speech" or _opaque(governor)):
            return event
        node = governor
    return event


def _is_mere_purpose(event: Composed, verb: Token) -> bool:
    """Whether a verb only says what for: "sent officers to investigate", "orders to shoot".

    Help and praise are given by what is done for them: "gave food to help the refugees".
    """
    if event.operators or not _is_infinitive(verb):
        return False
    if verb.dep_ in ("acl", "relcl"):  # "the first to recognise" has recognised
        return not any(word.lower_ in _FIRSTS for word in (verb.head, *verb.head.children))
    if verb.dep_ != "advcl":
        return False
    found = cues(verb.head)
    return event.event_type not in _DONE_BY_DEED or bool(found.negation or found.future or found.condition or found.obligation)


def _is_infinitive(verb: Token) -> bool:
    return verb.pos_ in _VERBAL and any(child.lower_ == "to" and child.dep_ == "aux" for child in verb.children)


def _condition_within(verb: Token) -> str:
    """The condition on what is promised or threatened: "warned that it would attack if provoked"."""
    return next((word for child in verb.children if child.dep_ in ("ccomp", "xcomp") and (word := if_clause(child))), "")


def _is_questioned(verb: Token) -> bool:
    """Whether nobody says that it is so: "asked whether Iran had agreed"."""
    return any(child.dep_ == "mark" and child.lower_ == "whether" for child in verb.children)


def _cues_of_group(verb: Token) -> Cues:
    """The cues on a verb; in "will arrest, jail and deport them" the first verb holds the auxiliaries of all."""
    own = cues(verb)
    first = verb
    while first.dep_ == "conj" and first.head.pos_ == "VERB" and not _has_own_group(first):
        first = first.head
    if first is verb or verb.tag_ != first.tag_:
        return own
    shared = cues(first)
    return Cues(own.negation or shared.negation, shared.future, shared.condition, shared.obligation)


def _has_own_group(verb: Token) -> bool:
    """Whether a verb has a subject or auxiliary of its own."""
    return verb.pos_ != "VERB" or surface_own(verb) or any(child.dep_ in ("aux", "auxpass") for child in verb.children)


def _opaque(governor: Token) -> bool:
    """A noun that stands between an event and the verb above: "lifted limits on visits" does not lift the visits."""
    return governor.pos_ == "NOUN" and governor.lemma_ not in _TRANSPARENT


def _effect(governor: Token, node: Token, complement: str, book: TriggerBook) -> str | None:
    """The operator's effect, for verbs with a particle or preposition ("call for", "call off") that of the two together."""
    lemma, part = governor.lemma_.lower(), _POS.get(governor.pos_, "")
    kinds = (complement, "infinitive") if complement == "clause" and _is_wanted(node) else (complement,)
    words = [f"{lemma} {child.lower_}" for child in governor.children if child.dep_ in ("prep", "prt", "advmod") and child.i < node.i]
    keys = ((word, part, kind) for word in (*words, lemma) for kind in kinds)
    return next((effect for key in keys if (effect := book.operators.get(key))), None)


def _is_wanted(clause: Token) -> bool:
    """Whether a clause names a deed to do, not a fact: an infinitive, a subjunctive ("that he resign"), or with "should"."""
    marks = {child.lower_ for child in clause.children if child.dep_ in ("aux", "mark")}
    return (
        bool(marks & {"to", "should", "must"}) or clause.tag_ == "VB" and not marks & {"will", "would", "do", "does", "did", "can", "could"}
    )


def _governor(node: Token) -> tuple[Token, str] | None:
    """The word that an event is a complement of, and whether as clause, noun or mere speech."""
    head = node.head
    if head == node:
        return None
    if node.pos_ in _VERBAL:
        if (adjective := _adjective_before(node)) is not None:
            return adjective, "clause"
        if node.dep_ in ("xcomp", "acl", "acomp") or node.dep_ == "advcl" and head.pos_ == "ADJ":
            return head, "clause"
        if node.dep_ == "ccomp":
            return head, "clause" if head.pos_ in _VERBAL | {"ADJ", "NOUN"} else "speech"
        if node.dep_ == "pcomp" and head.lower_ in ("of", "from", "to", "for", "with", "on", "against", "about", "in"):
            governor = head.head
            return (governor.head if governor.pos_ == "ADV" else governor), "clause"  # "stopped short of"
        if node.dep_ == "advcl" and node.tag_ == "VBG" and head.pos_ in _VERBAL and 0 < node.i - head.i <= _CLOSE:  # "ruled out sending"
            return head, "clause"
        if node.dep_ == "conj" and head.pos_ in _VERBAL and not any(child.dep_ in ("nsubj", "nsubjpass") for child in node.children):
            return _governor(head) if head.dep_ in ("xcomp", "ccomp", "pcomp", "acl") else None
        return None
    if node.pos_ == "ADJ":
        return (head, "clause") if node.dep_ == "acomp" and head.pos_ in _VERBAL else None
    if node.dep_ in ("dobj", "nsubjpass", "attr") and head.pos_ in _VERBAL:
        return head, "noun"
    if node.dep_ == "conj" and head.pos_ == "NOUN":
        return _governor(head)
    if node.dep_ == "pobj" and head.head.pos_ in _VERBAL | {"NOUN"} and head.lower_ in ("for", "of", "to", "from", "on"):
        return head.head, "noun"
    return None


def _adjective_before(verb: Token) -> Token | None:
    """In "showed himself open to talk" the parser hangs the infinitive on the verb; it belongs to the adjective before it."""
    if verb.dep_ not in ("advcl", "xcomp"):
        return None
    to = next((child for child in verb.children if child.dep_ == "aux" and child.lower_ == "to"), None)
    before = to.nbor(-1) if to is not None and to.i > 0 else None
    return before if before is not None and before.pos_ == "ADJ" and before.i > verb.head.i else None


def _lends_tense(node: Token, governor: Token) -> bool:
    """A noun takes the tense of the verb that holds it: "will hold talks", "would be the first meeting"."""
    return node.dep_ == "attr" or node.pos_ == "NOUN" and governor.lemma_ in SUPPORT | UNDERGO


def _by_adjectives(event: Composed, noun: Token, book: TriggerBook) -> Composed:
    for child in noun.children:
        if child.dep_ == "amod" and book.operators.get((child.lemma_.lower(), "adjective", "noun")) == "intend":
            return _talked_of(event, "future", child.text)
    return event


def _by_cues(event: Composed, found: Cues, token: Token) -> Composed | None:
    if found.condition == "would" and _is_reported(token):  # "said it would leave" on its day was "will leave"
        found = replace(found, future="would", condition="")
    if found.negation and event.operators and event.operators[-1].startswith("intend"):  # "is not ready to free", "does not plan to"
        return replace(event, event_type="REJECT", mode=_refused_talk(event), status="actual", cue=found.negation)
    if found.negation and found.future:  # "will not accept"
        return replace(event, event_type="REJECT", mode=_refused(event), status="actual", cue=f"{found.future} {found.negation}")
    if found.negation:
        return replace(event, status="negated", cue=found.negation)
    if event.status == "negated":
        return event
    if found.obligation and token.dep_ != "ccomp":  # what should be done was not done, and nobody is said to ask for it
        return None
    if found.obligation:  # "said that Qatar must mediate"
        return replace(
            event, event_type="REQUEST", mode=_ASKED.get(event.event_type, "change"), asked=True, speaker=token.head, cue=found.obligation
        )
    if found.future:
        return _talked_of(event, "conditional" if found.condition else "future", " ".join(filter(None, (found.future, found.condition))))
    if found.condition:
        return _talked_of(event, "conditional", found.condition)
    return event


def _is_reported(token: Token) -> bool:
    return token.dep_ == "ccomp" and token.head.tag_ in ("VBD", "VBN") and not if_clause(token)


def _talked_of(event: Composed, status: str, cue: str) -> Composed:
    """An event that lies ahead is a promise or a threat of it."""
    if event.event_type in _TALK:
        return replace(event, status=status, cue=event.cue or cue)
    if event.event_type in _COOPERATION:
        return replace(event, event_type="AGREE", mode=None, status=status, cue=cue)
    return replace(event, event_type="THREATEN", mode=_threatened(event), status=status, cue=cue)


def _threatened(event: Composed) -> str | None:
    return _THREATENED.get((event.event_type, event.mode)) or _THREATENED.get((event.event_type, None))


def _refused(event: Composed) -> str | None:
    return event.mode if event.event_type == "REQUEST" else _ASKED.get(event.event_type, "change")


def _refused_talk(event: Composed) -> str:
    """What is refused by an intention that is denied."""
    return "assist" if event.event_type == "AGREE" else "change"


def _apply(event: Composed, effect: str, operator: Token, complement: str) -> Composed | None:
    word = operator.lemma_.lower()
    above = replace(event, speaker=operator, consumed=event.consumed | {operator.i}, operators=(*event.operators, f"{effect}:{word}"))
    if effect == "allege":
        return None
    if effect == "start" or effect in ("announce", "decide") and event.event_type in _PERFORMED[effect]:
        return replace(above, speaker=event.speaker)
    if effect == "fail":
        if event.event_type == "AGREE" and event.status == "actual":  # "failed to reach a deal"
            return replace(event, event_type="REJECT", mode="meet", consumed=above.consumed, operators=above.operators, cue=operator.text)
        return replace(above, status="negated", cue=operator.text, speaker=event.speaker)
    if effect == "commit" and complement == "noun" and event.event_type in _SPOKEN:  # "offered scathing criticism" is criticism
        return replace(above, speaker=event.speaker)
    if effect in ("commit", "announce"):
        return _committed(above, word)
    if effect in ("intend", "decide"):
        return replace(_talked_of(above, "future", operator.text), speaker=operator)
    if effect == "refuse":
        return replace(above, event_type="REJECT", mode=_refused(event), status="actual", cue=operator.text)
    if effect == "request":
        return replace(
            above, event_type="REQUEST", mode=_ASKED.get(event.event_type, "change"), status="actual", cue=operator.text, asked=True
        )
    if effect == "stop":
        return _reversed(above, word)
    return event


def _committed(event: Composed, word: str) -> Composed:
    """A promise or a threat, by what is promised: nobody threatens by agreeing, nor promises by warning."""
    threat = word in _MENACES or word not in _CONSENTS and event.event_type not in _COOPERATION | {"REQUEST", "REJECT"}
    kind = "THREATEN" if threat else "AGREE"
    status = "conditional" if event.status == "conditional" else "actual"
    return replace(
        event, event_type=kind, mode=_threatened(event) if threat else None, status=status, cue=event.operators[-1].split(":")[1]
    )


def _reversed(event: Composed, word: str) -> Composed:
    """The reversal of a class is another class."""
    kind = event.event_type
    if kind == "CONSULT" and word in _ENDED:  # a visit that ends has taken place
        return event
    if kind == "CONSULT" and word in _PUT_OFF:
        return replace(event, event_type="REJECT", mode="meet")
    if kind == "PROTEST" and word in ("stop", "halt", "ban"):  # that is what others do to protests
        return replace(event, event_type="COERCE", mode="restrict")
    if kind in ("ASSAULT", "MOBILIZE"):
        return replace(event, event_type="RETREAT", mode="ceasefire" if kind == "ASSAULT" else "withdraw")
    if kind in ("COERCE", "SANCTION", "PROTEST", "THREATEN"):
        return replace(event, event_type="CONCEDE", mode=None)
    if kind in ("AID", "COOPERATE", "CONSULT", "SUPPORT", "AGREE"):
        return replace(event, event_type="SANCTION", mode="discontinue")
    if kind in ("RETREAT", "CONCEDE") and word not in _ENDED:
        return replace(event, event_type="REJECT", mode="yield")
    return event
