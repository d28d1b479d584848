"""Who fills which slot of a verb or noun, by dependency paths.

A slot is a name: subj, obj, poss, amod (nationality or compound before a noun), or a preposition (with, on, by, …).
Voice, control, coordination, relative and reduced clauses are undone here, so that trigger rows need not know them:
`subj` is always who acts and `obj` who is acted upon.
"""

from collections.abc import Iterator

from spacy.tokens import Token

_SUBJECTS = {"nsubj", "csubj", "expl"}
_PASSIVE_SUBJECTS = {"nsubjpass", "csubjpass"}
_RELATIVE = {"who", "which", "that", "whom"}
# Verbs whose object, not subject, does what the infinitive says: "asked Russia to withdraw".
_OBJECT_CONTROL = {
    "allow", "ask", "authorise", "authorize", "beg", "call", "challenge", "command", "compel", "convince", "direct", "enable", "encourage",
    "expect", "forbid", "force", "help", "instruct", "invite", "lead", "let", "make", "oblige", "order", "permit", "persuade", "press",
    "pressure", "prompt", "push", "recommend", "request", "see", "send", "summon", "teach", "tell", "urge", "want", "warn",
}  # fmt: skip
_SPEECH = {"say", "report", "tell", "add", "announce", "state", "confirm", "claim"}
_DOCUMENTS = {"resolution", "statement", "letter", "declaration", "motion", "communique", "message", "speech", "note", "tweet"}
_NOMINAL_MODIFIERS = {"amod", "compound", "nmod"}
_VERBAL = {"VERB", "AUX"}
_REACH = 40  # tokens of an object searched for a stray preposition
_DEPTH = 6  # clauses climbed in search of a subject


def is_passive(verb: Token) -> bool:
    """Whether the surface subject is acted upon: with an auxiliary, or as a bare participle behind a noun or beside such a verb."""
    dependencies = {child.dep_ for child in verb.children}
    if dependencies & {"auxpass", "nsubjpass"}:
        return True
    if verb.tag_ != "VBN" or "aux" in dependencies or "nsubj" in dependencies or "dobj" in dependencies:
        return False
    if verb.dep_ in ("acl", "advcl", "amod", "relcl"):
        return True
    return verb.dep_ == "conj" and verb.head.pos_ in _VERBAL and is_passive(verb.head)


def surface_subjects(verb: Token, depth: int = 0) -> list[Token]:
    """The tokens that stand as grammatical subject of a verb, its own or one that it shares."""
    own = [child for child in verb.children if child.dep_ in _SUBJECTS | _PASSIVE_SUBJECTS]
    own = [child for child in own if child.pos_ not in _VERBAL or child.dep_ == "nsubj"]
    if own:
        nearest = own[-1]  # of two, as in "on whose border Russia massed troops", the one by the verb
        return _antecedents(verb) if nearest.lower_ in _RELATIVE and verb.dep_ == "relcl" else [nearest]
    return [] if depth > _DEPTH else _shared_subjects(verb, depth + 1)


def _antecedents(verb: Token) -> list[Token]:
    """What a relative clause speaks of: its noun, and with a list before it ("A and B, who met") the others."""
    noun = verb.head
    others = [token for token in noun.ancestors if token.dep_ != "conj" or token.pos_ not in _VERBAL]
    return [*others[:1], noun] if noun.dep_ == "conj" and noun.pos_ == "PROPN" else [noun]


def _shared_subjects(verb: Token, depth: int) -> list[Token]:
    head = verb.head
    if verb.dep_ == "conj" and head.pos_ in _VERBAL:
        return surface_subjects(head, depth)
    if verb.dep_ == "amod" and verb.tag_ == "VBG":  # "striking workers"
        return [head]
    if verb.dep_ in ("acl", "relcl"):
        return _subjects_of_modified(verb, depth)
    if verb.dep_ in ("xcomp", "ccomp", "advcl", "acomp", "conj", "dep") and head.pos_ in _VERBAL:
        return _controller(head, verb, depth)
    if verb.dep_ in ("xcomp", "advcl") and head.pos_ == "ADJ" and head.head.pos_ in _VERBAL:  # "is ready to meet"
        return surface_subjects(head.head, depth)
    if verb.dep_ == "pcomp" and head.head != head:
        governor = head.head
        if governor.pos_ in _VERBAL:
            return (
                _controller(governor, verb, depth)
                if verb.tag_ == "VBG" and head.lower_ in ("into", "from", "of")
                else surface_subjects(governor, depth)
            )
        return _possessors(governor) or _subjects_above(governor, depth)
    return []


def _controller(head: Token, verb: Token, depth: int) -> list[Token]:
    """Who does what the complement says: the object of "urged", else the subject."""
    if verb.dep_ in ("xcomp", "ccomp", "pcomp") and head.lemma_ in _OBJECT_CONTROL and not is_passive(head):
        controlled = [child for child in head.children if child.dep_ in ("dobj", "dative") and child.i < verb.i]
        controlled += [
            pobj
            for child in head.children
            if child.dep_ == "prep" and child.lower_ in ("on", "upon", "for", "to") and child.i < verb.i
            for pobj in child.children
            if pobj.dep_ == "pobj"
        ]
        if controlled:
            return controlled
    if verb.dep_ == "advcl" and (told := _told_before(head)) is not None:
        return surface_subjects(told, depth)
    return surface_subjects(head, depth)


def _told_before(speech: Token) -> Token | None:
    """In "rebels took the base, officials said, killing ten" the rebels killed: what is said stands before who says it."""
    if speech.lemma_ not in _SPEECH:
        return None
    return next((child for child in speech.children if child.dep_ == "ccomp" and child.i < speech.i), None)


def _subjects_of_modified(verb: Token, depth: int) -> list[Token]:
    """For a clause behind a noun: the noun, or for "the decision to attack" whoever decided."""
    noun = verb.head
    if any(child.dep_ == "aux" and child.lower_ == "to" for child in verb.children):
        if noun.dep_ == "attr":  # "was the first country to recognise"
            return surface_subjects(noun.head, depth)
        if verb.dep_ == "acl":
            return _possessors(noun) or _subjects_above(noun, depth)
    if verb.tag_ == "VBG" and noun.lemma_ in _DOCUMENTS:  # "adopted a resolution condemning Iran"
        return _possessors(noun) or _subjects_above(noun, depth)
    if verb.dep_ == "relcl" and any(child.dep_ in _SUBJECTS | _PASSIVE_SUBJECTS for child in verb.children):
        return []
    return [noun]


def _subjects_above(noun: Token, depth: int) -> list[Token]:
    """The subject of the verb that governs a noun."""
    token = noun
    for _ in range(_DEPTH):
        if token.head == token:
            return []
        token = token.head
        if token.pos_ in _VERBAL:
            return surface_subjects(token, depth)
    return []


def _possessors(noun: Token) -> list[Token]:
    return [child for child in noun.children if child.dep_ == "poss"]


def subjects(verb: Token) -> list[Token]:
    """Who acts: the subject, or in the passive the agent behind "by"."""
    if not is_passive(verb):
        return surface_subjects(verb)
    agents = [
        pobj
        for child in verb.children
        if child.dep_ in ("agent", "prep") and child.lower_ == "by"
        for pobj in child.children
        if pobj.dep_ == "pobj"
    ]
    # "signed by A, the minister, and B": the parser hangs what follows an apposition on the verb
    return agents and agents + [child for child in verb.children if child.dep_ == "conj" and child.pos_ == "PROPN"]


def objects(verb: Token) -> list[Token]:
    """Who or what is acted upon: the object, or in the passive the subject."""
    if is_passive(verb):
        return surface_subjects(verb)
    found = [child for child in verb.children if child.dep_ in ("dobj", "dative") and child.pos_ != "ADP"]
    if len(found) > 1:  # "called him a liar": whom first, what second
        found = found[:1]
    found = [verb.head if child.lower_ in _RELATIVE and verb.dep_ == "relcl" else child for child in found]
    if not found:  # "arrested and deported activists": the last of joined verbs holds the object of all
        joined = [child for child in verb.children if child.dep_ == "conj" and child.pos_ in _VERBAL]
        found = [child for other in joined for child in other.children if child.dep_ == "dobj" and not surface_own(other)]
    if not found and verb.dep_ == "relcl" and surface_own(verb) and not any(child.lower_ in _RELATIVE for child in verb.children):
        found = [verb.head]  # "the ship it seized"
    return found


def surface_own(verb: Token) -> bool:
    """Whether a verb has a subject of its own."""
    return any(child.dep_ in _SUBJECTS | _PASSIVE_SUBJECTS for child in verb.children)


def prepositional(token: Token, preposition: str) -> Iterator[Token]:
    """Objects of a preposition that hangs on a token: its noun, or each of "out of"'s words joined by a space."""
    for child in token.children:
        if child.dep_ not in ("prep", "agent", "dative", "prt") or child.pos_ not in ("ADP", "SCONJ", "PART", "ADV", "VERB"):
            continue
        if child.lower_ == preposition:
            yield from (_antecedent(token, pobj) for pobj in child.children if pobj.dep_ in ("pobj", "pcomp"))
        for inner in child.children:
            if inner.dep_ == "prep" and f"{child.lower_} {inner.lower_}" == preposition:
                yield from (pobj for pobj in inner.children if pobj.dep_ == "pobj")


def _antecedent(verb: Token, word: Token) -> Token:
    """What "from which" or "from where" in a relative clause stands for; any other word for itself."""
    return verb.head if verb.dep_ == "relcl" and word.lower_ in _RELATIVE | {"where"} else word


def slot(token: Token, name: str) -> list[Token]:
    """The tokens that fill a slot of a trigger, heads of their phrases, without the others of a list."""
    if token.pos_ in _VERBAL:
        if name == "subj":
            return subjects(token)
        if name == "obj":
            return objects(token)
        near = [*prepositional(token, name), *_fronted(token, name)]
        held = [
            *objects(token),
            *(pobj for child in token.children if child.dep_ == "prep" for pobj in child.children if pobj.dep_ == "pobj"),
        ]
        return near + [pobj for thing in held if thing.pos_ == "NOUN" for pobj in prepositional(thing, name)]
    if name == "poss":
        return _possessors(token)
    if name == "amod":
        return [child for child in token.children if child.dep_ in _NOMINAL_MODIFIERS]
    if name in ("subj", "obj"):
        return _slot_of_support(token, name)
    found = list(prepositional(token, name))
    if not found and name == "by":  # "the expulsion of diplomats by Poland" may be parsed as diplomats by Poland
        behind = (pobj for child in token.children if child.dep_ == "prep" for pobj in child.children if pobj.dep_ == "pobj")
        found = [pobj for thing in behind for pobj in prepositional(thing, name)]
    if not found and name == "of":  # "the arrest and conviction of X": the last of joined nouns holds the phrase of all
        found = [pobj for other in listed(token) if other is not token for pobj in prepositional(other, name)]
    return found


def stray(verb: Token, preposition: str) -> list[Token]:
    """Objects of a preposition that the parser hung on some word inside of the verb's object: "returned a bust of Zeus to Italy"."""
    inside = (token for child in verb.children if child.dep_ == "dobj" for token in list(child.subtree)[:_REACH])
    return [
        pobj
        for token in inside
        if token.lower_ == preposition and token.dep_ in ("prep", "agent") and token.head.dep_ != "relcl"
        for pobj in token.children
        if pobj.dep_ == "pobj"
    ]


def _fronted(verb: Token, preposition: str) -> list[Token]:
    """What stands before "on whose border Russia massed troops" (the parser takes the border for a subject) or "from where"."""
    if verb.dep_ != "pcomp" or verb.head.lower_ != preposition:
        return []
    if verb.head.i + 1 < len(verb.doc) and verb.head.nbor().lower_ == "where":
        before = [token for token in verb.doc[max(verb.sent.start, verb.head.i - 2) : verb.head.i] if not token.is_punct]
        return before[-1:]
    return [child for child in verb.children if child.dep_ == "nsubj"][:-1]


# Verbs that lend a noun their subject as the one who acts: "launched an attack", "held talks", "voiced criticism".
SUPPORT = {
    "announce", "begin", "bring", "carry", "commit", "conduct", "continue", "declare", "deliver", "direct", "do", "end", "engage",
    "express", "extend", "finish", "give", "have", "hold", "impose", "initiate", "intensify", "issue", "join", "launch", "lead",
    "level", "lodge", "make", "mount", "offer", "open", "orchestrate", "order", "organise", "organize", "participate", "pay",
    "perform", "place", "pledge", "provide", "pursue", "put", "renew", "repeat", "resume", "send", "sign", "stage", "start", "step",
    "submit", "take", "undertake", "unleash", "voice", "wage",
}  # fmt: skip
# Verbs whose subject the noun is done to: "faces criticism from", "came under attack by".
UNDERGO = {
    "attract", "await", "come", "draw", "encounter", "endure", "escape", "face", "get", "meet", "receive", "suffer", "survive", "sustain",
    "undergo", "win", "withstand",
}  # fmt: skip


def _slot_of_support(noun: Token, name: str) -> list[Token]:
    verb = support_verb(noun)
    if verb is None:
        return _occupied_with(noun) if name == "subj" else []
    undergone = verb.lemma_ in UNDERGO or noun.head.lower_ == "under"
    return subjects(verb) if undergone == (name == "obj") else []


_OUTINGS = {"visit", "trip", "tour", "mission", "strike", "hunger-strike", "patrol"}


def _occupied_with(noun: Token) -> list[Token]:
    """Who is on a visit: "the minister, on a visit to Chad", "is on a visit"."""
    if noun.dep_ != "pobj" or noun.head.lower_ != "on" or noun.lemma_ not in _OUTINGS:
        return []
    governor = noun.head.head
    return surface_subjects(governor) if governor.pos_ in _VERBAL else [governor]


_ROUNDS = {"campaign", "day", "form", "kind", "number", "pair", "round", "series", "set", "spate", "string", "wave", "week"}


def support_verb(noun: Token) -> Token | None:
    """The light verb that a nominal event is the object, passive subject, or prepositional object of."""
    head = noun.head
    if noun.dep_ == "conj" and head.pos_ == "NOUN":
        return support_verb(head)
    if noun.dep_ == "pobj" and head.lower_ == "of" and head.head.lemma_ in _ROUNDS:  # "began a new round of talks"
        return support_verb(head.head)
    if noun.dep_ == "pobj" and head.head.pos_ in _VERBAL and head.lower_ == "under":  # "came under attack", "is under investigation"
        return head.head
    if noun.dep_ == "pobj" and head.head.pos_ == "VERB" and head.lower_ in ("in", "out", "into", "on", "to"):
        head = head.head
    elif noun.dep_ not in ("dobj", "nsubjpass"):
        return None
    return head if head.pos_ == "VERB" and head.lemma_ in SUPPORT | UNDERGO else None


def listed(token: Token) -> Iterator[Token]:
    """A token and the others of its list: "A, B and C"."""
    waiting = [token]  # no recursion: a hostile list may be thousands long
    while waiting:
        item = waiting.pop()
        yield item
        waiting += reversed([child for child in item.children if child.dep_ == "conj" and child.pos_ not in _VERBAL])
