"""The events of one sentence: candidates composed with the words above them, roles filled, repetitions within the sentence dropped."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import PREPOSITIONS, TriggerBook, TriggerRow
from pipeline.coder.events.arguments import listed, objects, stray, subjects, support_verb, surface_own, surface_subjects
from pipeline.coder.events.candidates import Candidate, candidates
from pipeline.coder.events.composition import Composed, compose
from pipeline.coder.events.frames import WITHIN, fillers
from pipeline.coder.events.roles import Roles
from pipeline.coder.records import ActorMention

_MOST_PAIRS = 12  # events of one trigger: lists of ministers at a summit would square
# Types whose deed says itself without a target: a march, a test, a resignation.
# Types of speech that may be about a matter instead of somebody.
_VERBAL_ACTS = {"ACCUSE", "SUPPORT", "REQUEST", "REJECT", "AGREE", "THREATEN"}
_STANDS_ALONE = {"PROTEST", "MOBILIZE", "ASSAULT", "COERCE", "RETREAT", "SANCTION", "CONCEDE"}
# Types that tell something even where nobody says who did it: "the leader was arrested"; of nouns only what harms: "his arrest".
_SUFFERED = {"verb": {"COERCE", "ASSAULT", "SANCTION", "ACCUSE", "RETREAT"}, "noun": {"COERCE", "ASSAULT", "SANCTION"}}
_HARMED = {("ASSAULT", None), ("COERCE", "arrest"), ("COERCE", "deport")}  # verbs whose object is somebody, named or not
# Between firms these are business, not politics.
_PRIVATE = {"AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN", "SANCTION"}
_FIRM = re.compile(r"\b(?:Inc|Corp|Co|Ltd|Plc|PLC|Cos|Bancorp|Holdings|Group|Industries|Partners|Bankshares|AG|SA|NV|GmbH)\b\.?")
_LEAST_CERTAIN = 0.4  # below it both roles are pronouns that nobody could link
_STRAYING = {"to", "on", "against", "from", "with", "for", "by", "in"}  # prepositions that are looked for inside the object, too
# A row that names words for so many slots spells out a phrase ("called for consultations with its ambassador"): it is not taken apart.
_IDIOM = 2


@dataclass(frozen=True)
class Extracted:
    """An event of one sentence before date, place, contexts and scores."""

    anchor: Token
    row: TriggerRow
    composed: Composed
    source: ActorMention | None
    target: ActorMention | None
    confidence: float

    @property
    def made_by(self) -> str:
        return "+".join((f"rule:{self.row.trigger_id}", *self.composed.operators))


def extract(sentence: Span, roles: Roles, book: TriggerBook) -> list[Extracted]:
    """The events that a sentence tells, in the order of their triggers."""
    proposed = list(candidates(sentence, book))
    idioms = {candidate.anchor.i for candidate in proposed if _spelt_out(candidate.row) >= _IDIOM}
    named: dict[int, set[int]] = {}  # objects that the row of a verb above asks for: "declared a ceasefire" is told by the verb
    for candidate in proposed:
        for thing in _named_objects(candidate):
            named.setdefault(thing, set()).add(candidate.anchor.i)
    found = [
        (candidate, composed)
        for candidate in proposed
        if (composed := compose(candidate.anchor, candidate.row.event_type, candidate.row.mode, book)) is not None
        and not composed.consumed & (idioms | named.get(candidate.anchor.i, set()))
    ]
    swallowed: set[int] = set()
    events: list[Extracted] = []
    # Deepest first: an event that its operators turned into a threat or promise stands for the operators' own events.
    # Verbs before nouns: "signed an agreement" is one event, the signing.
    for candidate, composed in sorted(found, key=lambda pair: (-len(pair[1].consumed), pair[0].anchor.pos_ == "NOUN")):
        if candidate.anchor.i in swallowed:
            continue
        made = list(_pairs(candidate, composed, roles))
        if made:
            swallowed |= composed.consumed | _light_verb(candidate) | _named_objects(candidate)
        events += made
    return _distinct(sorted(events, key=lambda event: event.anchor.i))


def _spelt_out(row: TriggerRow) -> int:
    return sum(not condition.forbidden and all(words for _, words in condition.options) for condition in row.conditions)


def _named_objects(candidate: Candidate) -> set[int]:
    """The objects, and nouns behind prepositions, that a verb's row asks for by name: they belong to its event."""
    named = [
        (slot, words)
        for condition in candidate.row.conditions
        if not condition.forbidden
        for slot, words in condition.options
        if words and (slot == "obj" or slot in PREPOSITIONS)
    ]
    return {thing.i for slot, words in named for thing in fillers(candidate.anchor, slot) if thing.lemma_.lower() in words}


def _light_verb(candidate: Candidate) -> set[int]:
    verb = support_verb(candidate.anchor) if candidate.anchor.pos_ == "NOUN" else None
    return {verb.i} if verb is not None else set()


def _pairs(candidate: Candidate, composed: Composed, roles: Roles) -> Iterator[Extracted]:
    if _of_another(candidate, composed, roles):
        return
    sources = _sources(candidate, composed, roles)
    targets = _targets(candidate, composed, roles, sources)
    if composed.asked:
        sources, targets = _asked(candidate, composed, roles, sources, targets)
    confidence = _confidence(candidate, composed)
    together = candidate.anchor.lemma_ == "agree" or "commit:agree" in composed.operators  # with each other, if with nobody else
    reciprocal = not composed.asked and (candidate.row.reciprocal or together and not targets)
    for source, target in islice(_combinations(sources, targets, reciprocal), _MOST_PAIRS):
        if target is not None and target.link_method == "place" and _same(source, target):  # "imposed a curfew in" its own capital
            target = None
        if not _is_event(candidate, composed, source, target):
            continue
        certainty = confidence * _certainty(source) * _certainty(target)
        if certainty >= _LEAST_CERTAIN:
            yield Extracted(candidate.anchor, candidate.row, composed, source, target, round(certainty, 3))


def _is_event(candidate: Candidate, composed: Composed, source: ActorMention | None, target: ActorMention | None) -> bool:
    """Whether the roles that were found are enough for an event of this type, and make a political one."""
    if source is None and target is None or _same(source, target):
        return False
    if source is None and composed.event_type not in _SUFFERED["noun" if candidate.anchor.pos_ == "NOUN" else "verb"]:
        return False
    if source is None and composed.mode == "access" or composed.event_type == "AID" and source is not None and _is_firm(source):
        return False  # somebody's gain in access, a bank's loans
    if target is None and not _stands_alone(candidate, composed) and not _is_verbal_act(candidate, composed, source):
        return False
    return composed.event_type not in _PRIVATE or not all(map(_is_firm, filter(None, (source, target))))


def _stands_alone(candidate: Candidate, composed: Composed) -> bool:
    """Whether a deed needs no target: its type, and its object if that is neither an actor nor what a condition asks for."""
    row, anchor = candidate.row, candidate.anchor
    if not {composed.event_type, row.event_type} & _STANDS_ALONE:
        return False
    if (row.event_type, row.mode) in _HARMED or row.event_type == "ASSAULT" or anchor.pos_ == "NOUN" or "obj" not in row.target:
        return True
    asked = any(name == "obj" and words and not condition.forbidden for condition in row.conditions for name, words in condition.options)
    return asked or not objects(anchor)


def _is_firm(mention: ActorMention) -> bool:
    if mention.sectors:
        return set(mention.sectors) <= {"BUS", "MNC"}
    return mention.link_method.startswith("discovered") and _FIRM.search(mention.text) is not None


def _of_another(candidate: Candidate, composed: Composed, roles: Roles) -> bool:
    """Whether somebody only speaks of what others will do: "Paris warned that Libya may attack" is no threat by Paris."""
    if not composed.operators or not composed.operators[-1].startswith("commit") or composed.speaker is None:
        return False
    if candidate.anchor.pos_ not in ("VERB", "AUX") or not surface_own(candidate.anchor):
        return False
    own = {mention.country or mention.actor_id for mention in _first(candidate, candidate.row.source, roles)} - {None}
    speaking = {mention.country or mention.actor_id for mention in roles.of(_speakers(composed.speaker))} - {None}
    return bool(own and speaking) and not own & speaking


def _is_verbal_act(candidate: Candidate, composed: Composed, source: ActorMention | None) -> bool:
    """Whether somebody of politics speaks on a matter that is no actor: "condemned the mutiny", "promised to send inspectors"."""
    if candidate.anchor.pos_ != "VERB" or source is None or not source.sectors or _is_firm(source):
        return False
    if composed.event_type == "CONSULT":  # "the Security Council met"
        return source.kind == "organization"
    if composed.event_type not in _VERBAL_ACTS or candidate.row.target == ("clause",):  # "said prices should rise" asks nobody
        return False
    if any(child.dep_ in ("xcomp", "ccomp") for child in candidate.anchor.children):
        return True
    about = [filler for name in candidate.row.target for filler in fillers(candidate.anchor, name) if filler.pos_ in ("NOUN", "PRON")]
    # "defend their own interests" is said of nobody else
    return bool(about) and not any(child.tag_ == "PRP$" for filler in about for child in filler.children)


def _sources(candidate: Candidate, composed: Composed, roles: Roles) -> list[ActorMention]:
    own = _first(candidate, candidate.row.source, roles)
    planned = candidate.anchor.pos_ == "NOUN" and composed.operators and composed.operators[-1].startswith(("intend", "commit"))
    if composed.speaker is None or composed.asked or own and planned:  # "expected a visit by the king": the king visits
        return own
    return roles.of(_speakers(composed.speaker))


def _targets(candidate: Candidate, composed: Composed, roles: Roles, sources: list[ActorMention]) -> list[ActorMention]:
    found = _first(candidate, candidate.row.target, roles) + _strays(candidate, roles)
    if composed.event_type == "REJECT" and candidate.anchor.pos_ == "NOUN" and candidate.row.event_type in ("REQUEST", "AGREE"):
        asking = _first(candidate, [name for name in candidate.row.source if name != "subj"], roles)  # who is turned down is who asked
        found = asking or found
    if not found and not candidate.row.reciprocal:  # talks are held in a country, not with it
        phrases = (filler for name in candidate.row.target for filler in fillers(candidate.anchor, name))
        found = roles.country_of(phrases)
    if not found and composed.speaker is not None:  # "proposed to him to meet"
        found = [mention for name in ("to", "with") for mention in roles.of(_plain(composed.speaker, name))]
    if not found and WITHIN in candidate.row.target:
        inside = roles.of(fillers(candidate.anchor, WITHIN))
        found = [mention for mention in inside if not any(_same(source, mention) or _is_own(mention, source) for source in sources)][:1]
    return found


def _is_own(mention: ActorMention, source: ActorMention) -> bool:
    """Whether a phrase speaks of what is the source's own: "its troops"."""
    own = mention.mention == "pronoun" or mention.text.lower().startswith(("its ", "their ", "his ", "her ", "our ", "my "))
    return own and mention.country in (source.country, None)


def _strays(candidate: Candidate, roles: Roles) -> list[ActorMention]:
    """Objects that loose word order left behind: the director in "exempted the firm from sanctions and its director"."""
    if "obj" not in candidate.row.target or candidate.anchor.pos_ != "VERB":
        return []
    holders = (candidate.anchor, *fillers(candidate.anchor, "obj"))
    behind = (
        pobj for holder in holders for child in holder.children if child.dep_ == "prep" for pobj in child.children if pobj.dep_ == "pobj"
    )
    return [mention for thing in behind if thing not in roles for other in listed(thing) if other in roles for mention in roles.of([other])]


def _asked(
    candidate: Candidate, composed: Composed, roles: Roles, sources: list[ActorMention], targets: list[ActorMention]
) -> tuple[list[ActorMention], list[ActorMention]]:
    """Of a request: who asks, and who is to act; whom the act would touch where nobody is named to do it."""
    speaker = composed.speaker
    if speaker is None:
        return sources, targets
    asking = roles.of(_speakers(speaker))
    taken = {(mention.start, mention.end) for mention in asking}
    addressed = [mention for mention in sources if (mention.start, mention.end) not in taken]
    if not addressed:
        addressed = [mention for name in ("on", "upon", "to", "obj", "from") for mention in roles.of(_plain(speaker, name))]
        addressed = [mention for mention in addressed if (mention.start, mention.end) not in taken]
    return asking, addressed[:1] or targets


def _plain(token: Token, name: str) -> list[Token]:
    return fillers(token, name) if token.pos_ == "VERB" else []


def _speakers(operator: Token) -> list[Token]:
    """Who speaks or decides: the subject of a verb, of the verb under an adjective, the possessor of a noun."""
    if operator.pos_ in ("VERB", "AUX"):
        return subjects(operator) or surface_subjects(operator)  # "was expected to", "was asked to"
    if operator.pos_ == "ADJ":
        return surface_subjects(operator.head) if operator.head.pos_ in ("VERB", "AUX") else []
    own = [child for child in operator.children if child.dep_ == "poss"]
    return own or fillers(operator, "subj")


def _first(candidate: Candidate, slots: Sequence[str], roles: Roles) -> list[ActorMention]:
    """The actors of the first slot that holds any; for "@slot" the country of a place inside of the slot's phrase."""
    for name in slots:
        phrases = fillers(candidate.anchor, name.removeprefix("@")) if name != WITHIN else []
        if found := roles.country_of(phrases) if name.startswith("@") else roles.of(phrases):
            return found
    if candidate.anchor.pos_ == "VERB":
        return next((found for name in slots if name in _STRAYING and (found := roles.of(stray(candidate.anchor, name)))), [])
    return []


def _combinations(
    sources: list[ActorMention], targets: list[ActorMention], reciprocal: bool
) -> Iterator[tuple[ActorMention | None, ActorMention | None]]:
    if not reciprocal:
        yield from product(_or_open(sources), _or_open(targets))
        return
    spans = {(mention.start, mention.end, mention.actor_id) for mention in sources}
    others = [mention for mention in targets if (mention.start, mention.end, mention.actor_id) not in spans]
    if not others and len(sources) == 1:  # "the Council met"
        yield sources[0], None
    if not others:  # "A and B met"
        yield from ((one, other) for one in sources for other in sources if one is not other)
        return
    for source in _or_open(sources):
        for target in others:
            yield source, target
            if source is not None:
                yield target, source


def _or_open(mentions: list[ActorMention]) -> list[ActorMention | None]:
    return [*mentions] or [None]


def _same(source: ActorMention | None, target: ActorMention | None) -> bool:
    if source is None or target is None:
        return False
    overlap = source.start < target.end and target.start < source.end
    return (
        overlap
        and source.actor_id == target.actor_id
        or source.actor_id is not None
        and source.actor_id == target.actor_id
        and source.kind != "role"
    )


def _certainty(mention: ActorMention | None) -> float:
    """A role left open is no doubt; a doubtful link is."""
    return 1.0 if mention is None else 0.5 + 0.5 * mention.link_score


def _confidence(candidate: Candidate, composed: Composed) -> float:
    """How sure a rule is before the actors are looked at: constructions that were spelt out beat bare words, verbs beat nouns."""
    confidence = 0.85 if candidate.row.conditions else 0.75
    if candidate.anchor.pos_ == "NOUN":
        confidence -= 0.1
    return confidence - 0.05 * len(composed.operators)


def _distinct(events: list[Extracted]) -> list[Extracted]:
    """One event a dyad, type, mode and status: the surest of those that say the same."""
    kept: dict[tuple[object, ...], Extracted] = {}
    for event in events:
        source, target = event.source, event.target
        key = (
            (source.start, source.end, source.actor_id) if source else None,
            (target.start, target.end, target.actor_id) if target else None,
            event.composed.event_type,
            event.composed.mode,
            event.composed.status,
        )
        if key not in kept or _rank(event) > _rank(kept[key]):
            kept[key] = event
    return sorted(kept.values(), key=lambda event: event.anchor.i)


def _rank(event: Extracted) -> tuple[float, bool]:
    """The surer telling; of equals the verb, which has a time and place of its own."""
    return event.confidence, event.anchor.pos_ == "VERB"
