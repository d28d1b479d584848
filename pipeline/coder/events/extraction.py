"""The events of one sentence: candidates composed with the words above them, roles filled, repetitions within the sentence dropped."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import PREPOSITIONS, TriggerBook, TriggerRow
from pipeline.coder.events.arguments import support_verb
from pipeline.coder.events.candidates import Candidate, candidates
from pipeline.coder.events.composition import Composed, compose
from pipeline.coder.events.frames import fillers
from pipeline.coder.events.participants import dyads
from pipeline.coder.events.roles import Roles
from pipeline.coder.events.screening import Screen, is_of_another
from pipeline.coder.records import ActorMention

_CLOSING = " \n\"'”’)"
# Below it a role is a pronoun that nobody could link, and the other one is, too, or is open.
_LEAST_CERTAIN = 0.3
_LEAST_CERTAIN_ALONE = 0.4
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
    model: str | None = None  # what the classifier said of it

    @property
    def made_by(self) -> str:
        by_rule = (f"rule:{self.row.trigger_id}", *self.composed.operators) if self.row.trigger_id else ()
        return "+".join(filter(None, (*by_rule, self.model)))


def extract(sentence: Span, roles: Roles, book: TriggerBook) -> list[Extracted]:
    """The events that a sentence tells, in the order of their triggers; a question tells none."""
    proposed = candidates(sentence, book)
    if not proposed or is_question(sentence):
        return []
    screen = Screen(book, {candidate.anchor.i for candidate in proposed})
    swallowed: set[int] = set()
    events: list[Extracted] = []
    # Deepest first: an event that its operators turned into a threat or promise stands for the operators' own events.
    # Verbs before nouns: "signed an agreement" is one event, the signing.
    for candidate, composed in sorted(_composed(proposed, book), key=lambda pair: (-len(pair[1].consumed), pair[0].anchor.pos_ == "NOUN")):
        if candidate.anchor.i in swallowed:
            continue
        made = list(_pairs(candidate, composed, roles, screen))
        if made:
            swallowed |= composed.consumed | _light_verb(candidate) | _named_objects(candidate)
        events += made
    return distinct(sorted(events, key=lambda event: event.anchor.i))


def is_question(sentence: Span) -> bool:
    text: str = sentence.text
    return text.rstrip(_CLOSING).endswith("?")


def _composed(proposed: list[Candidate], book: TriggerBook) -> Iterator[tuple[Candidate, Composed]]:
    """The candidates with what the words above make of them, without those whose words above tell an event that names them."""
    idioms = {candidate.anchor.i for candidate in proposed if _spelt_out(candidate.row) >= _IDIOM}
    named: dict[int, set[int]] = {}  # objects that the row of a verb above asks for: "declared a ceasefire" is told by the verb
    for candidate in proposed:
        for thing in _named_objects(candidate):
            named.setdefault(thing, set()).add(candidate.anchor.i)
    for candidate in proposed:
        composed = compose(candidate.anchor, candidate.row.event_type, candidate.row.mode, book)
        if composed is not None and not composed.consumed & (idioms | named.get(candidate.anchor.i, set())):
            yield candidate, composed


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


def _pairs(candidate: Candidate, composed: Composed, roles: Roles, screen: Screen) -> Iterator[Extracted]:
    if is_of_another(candidate, composed, roles):
        return
    confidence = _confidence(candidate, composed)
    for source, target in dyads(candidate, composed, roles):
        certainty = confidence * _certainty(source) * _certainty(target)
        if certainty >= (_LEAST_CERTAIN if source and target else _LEAST_CERTAIN_ALONE) and screen.keeps(
            candidate, composed, source, target
        ):
            yield Extracted(candidate.anchor, candidate.row, composed, source, target, round(certainty, 3))


def _certainty(mention: ActorMention | None) -> float:
    """A role left open is no doubt; a doubtful link is."""
    return 1.0 if mention is None else 0.5 + 0.5 * mention.link_score


def _confidence(candidate: Candidate, composed: Composed) -> float:
    """How sure a rule is before the actors are looked at: constructions that were spelt out beat bare words, verbs beat nouns."""
    confidence = 0.85 if candidate.row.conditions else 0.75
    if candidate.anchor.pos_ == "NOUN":
        confidence -= 0.1
    return confidence - 0.05 * len(composed.operators)


def distinct(events: list[Extracted]) -> list[Extracted]:
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
