"""Whether an event happened: actual, future, conditional, negated; and the words that say so.

"historical" depends on the event's date and is settled in coder.py, once that is known.
"""

from dataclasses import dataclass

from spacy.tokens import Token

_FUTURE = {"will", "shall", "'ll", "wo"}
_CONDITIONAL = {"would", "could", "might", "may", "'d"}
_OBLIGATION = {"should", "must", "ought"}
_NEGATIVE = {"not", "n't", "never", "no", "hardly", "neither", "nor", "without"}
_COMING = {"next", "tomorrow", "forthcoming", "upcoming", "coming"}
_UNTIL = {"when", "before", "until", "till", "after", "once"}
_CONTRARY = {"would", "could", "'d"}
_ALMOST = {"almost", "nearly"}
_NONE = {"no", "neither", "none"}
_IF = {"if", "unless", "should", "provided", "lest", "whether"}


@dataclass(frozen=True)
class Cues:
    """What the words directly on a verb or noun say; each is the word, or empty."""

    negation: str = ""
    future: str = ""
    condition: str = ""
    obligation: str = ""


def cues(token: Token) -> Cues:
    """Negation, tense, mood and condition on one verb or noun."""
    negation = future = condition = obligation = ""
    verb_group = [
        token,
        *(child for child in token.children if child.dep_ in ("aux", "auxpass", "neg", "det", "mark", "preconj", "advmod", "prt")),
    ]
    for child in verb_group[1:]:
        word = child.lower_
        if child.dep_ == "neg" or word in _NEGATIVE and child.dep_ in ("det", "advmod", "preconj"):
            negation = child.text
        elif child.dep_ == "aux" and word in _FUTURE:
            future = child.text
        elif child.dep_ == "aux" and word in _CONDITIONAL:
            condition = child.text
        elif child.dep_ == "aux" and word in _OBLIGATION:
            obligation = child.text
        elif child.dep_ in ("mark", "advmod") and word in _IF:
            condition = child.text
    if not future and _is_going_to(token):
        future = "going to"
    if not future and not condition:
        future = _ahead(token)
    if not condition:
        condition = if_clause(token)
    perfect = any(child.dep_ == "aux" and child.lower_ == "have" for child in token.children)
    if perfect and condition.lower() in _CONTRARY:  # "would have attacked": did not
        negation, condition = condition, ""
    return Cues(negation or _negation_around(token), future, condition, obligation)


def _negation_around(token: Token) -> str:
    """Negation beside a verb: "without attacking", "no longer supports", "no soldiers were killed", "has yet to return", "nearly hit"."""
    if token.dep_ == "pcomp" and token.head.lower_ == "without":
        return token.head.text
    if token.dep_ == "xcomp" and any(child.lower_ == "yet" for child in token.head.children) and token.head.lemma_ in ("have", "be"):
        return "yet"
    for child in token.children:
        if child.dep_ == "advmod" and (child.lower_ in _ALMOST or any(word.lower_ == "no" for word in child.children)):
            return child.text
        if child.dep_ in ("nsubj", "nsubjpass", "dobj") and (none := [word.text for word in child.children if word.lower_ in _NONE]):
            return none[0]
    return ""


def _is_going_to(verb: Token) -> bool:
    """ "is going to visit", "is to visit", "is about to visit"."""
    has_to = any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children)
    head = verb.head
    return has_to and verb.dep_ == "xcomp" and (head.lower_ == "going" or head.lemma_ == "be")


def _ahead(token: Token) -> str:
    """What puts a verb in the present, or a noun, ahead of now: "his visit next week", "when the minister visits"."""
    if token.tag_ not in ("VBZ", "VBP", "NN", "NNS"):
        return ""
    for child in token.children:
        if child.dep_ in ("npadvmod", "advmod", "amod", "prep", "pobj") and child.lower_ in _COMING:
            return child.text
        if child.dep_ in ("npadvmod", "prep") and (word := next((word for word in child.subtree if word.lower_ in _COMING), None)):
            return word.text
        if token.tag_ in ("VBZ", "VBP") and token.dep_ == "advcl" and child.lower_ in _UNTIL and child.i < token.i:
            return child.text
    return ""


def if_clause(verb: Token) -> str:
    """The word that opens a condition on a verb: if, unless, provided, or "should" before its subject; empty where there is none."""
    for child in verb.children:
        if child.dep_ not in ("advcl", "ccomp"):
            continue
        for mark in child.children:
            if child.dep_ == "advcl" and mark.dep_ in ("mark", "advmod") and mark.lower_ in ("if", "unless", "provided"):
                return mark.text
            if mark.dep_ == "aux" and mark.lower_ == "should" and child.i > verb.i and mark.i == child.left_edge.i:
                return mark.text
    return ""
