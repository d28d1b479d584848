"""The tense of the clause that a word stands in: it tells whether "Friday" has been or is to come."""

from spacy.tokens import Token

_FUTURE_AUXILIARIES = {"will", "'ll", "wo", "shall", "would", "may", "might", "should", "must"}
_OPEN_AUXILIARIES = {"could", "can", "ca"}  # could not be found, or could come
# Verbs and adjectives whose complement lies ahead, whatever their own tense: "was scheduled to close Monday".
PROSPECTIVE = {
    "aim", "await", "declare", "due", "effective", "expect", "expire", "extend", "intend", "mature", "payable", "plan", "postpone",
    "schedule", "set", "slate",
}  # fmt: skip
# Verbs whose infinitive happened along with them: "failed to meet Monday".
IMPLICATIVE = {
    "appear", "begin", "come", "continue", "decline", "fail", "force", "go", "have", "help", "manage", "prove", "refuse", "seem", "start",
    "use", "happen", "turn", "rise", "fall", "allow", "close", "prompt", "lead",
}  # fmt: skip
_UNTIL = {"until", "till", "through", "by"}
_ATTRIBUTIVE = {"poss", "compound", "nmod", "amod"}  # "Tuesday's declaration": the event is the noun's, not the verb's
_CLIMB = 12  # heads followed in search of a verb; real parses need fewer


def tense_around(token: Token) -> str | None:
    """past, present, future, or None where no finite verb governs the token.

    Where the time may lie on either side: "open" below words like due and scheduled, "modal" below could, until and by.
    """
    if token.head.lower_ in _UNTIL:
        return "modal"
    found = _climbed(token)
    return None if found == "present" and token.dep_ in _ATTRIBUTIVE else found


def _climbed(node: Token) -> str | None:
    for _ in range(_CLIMB):
        found = _verb_tense(node) if node.pos_ in ("VERB", "AUX") else _prospective(node)
        # "met the officers who rule the country on Saturday": the main verb dates, unless it tells nothing.
        is_lasting = found == "present" and node.dep_ == "relcl" and node.tag_ in ("VBZ", "VBP")
        if (found is not None and not is_lasting) or node.head == node:
            return found
        node = node.head
    return None


def _prospective(node: Token) -> str | None:
    return "open" if node.lemma_.lower() in PROSPECTIVE else None


def _verb_tense(verb: Token) -> str | None:
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    words = {child.lower_ for child in auxiliaries}
    if words & _FUTURE_AUXILIARIES:
        return "past" if words & {"have", "'ve"} else "future"
    if words & _OPEN_AUXILIARIES:
        return "past" if words & {"have", "'ve"} else "modal"
    if any(child.tag_ == "TO" for child in auxiliaries):
        return _infinitive_tense(verb)
    if verb.lemma_.lower() in PROSPECTIVE and verb.tag_ in ("VBN", "VBD", "VBP", "VBZ", "VB"):
        return _prospective_tense(verb, words)
    return _finite_tense(verb, auxiliaries)


def _prospective_tense(verb: Token, auxiliaries: set[str]) -> str:
    """What expires or is scheduled now lies ahead; what was scheduled may have been since."""
    if auxiliaries & {"had", "'d"}:
        return "past"
    return "future" if verb.tag_ in ("VBZ", "VBP") or auxiliaries & {"is", "are", "'re"} else "open"


def _infinitive_tense(verb: Token) -> str | None:
    head = verb.head
    if head == verb or head.pos_ not in ("VERB", "AUX"):
        return "open"
    if head.lemma_.lower() in PROSPECTIVE and any(child.lower_ in ("had", "'d") for child in head.children):
        return "modal"  # "had been scheduled to close Friday": it may have, or not
    return tense_around(head) if head.lemma_.lower() in IMPLICATIVE and verb.dep_ == "xcomp" else "future"


def _finite_tense(verb: Token, auxiliaries: list[Token]) -> str | None:
    if any(child.tag_ == "VBD" for child in auxiliaries) or verb.tag_ == "VBD":
        return "past"
    if any(child.lemma_.lower() == "have" for child in auxiliaries):
        return "past"
    if verb.tag_ == "VBN":
        return "present" if auxiliaries else "past"
    if verb.tag_ == "VBG":
        return "future" if auxiliaries else None
    return "present" if verb.tag_ in ("VBZ", "VBP", "VB") else None
