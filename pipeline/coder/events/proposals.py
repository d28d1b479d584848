"""Pairs of actors that the rules have no words for, offered to the model.

Whoever stands in the slots of a verb, or of a noun under a light verb, of which no row of the trigger book told an event; both of
public life, as the model knows little of business and daily life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import NO_EVENT, TriggerBook, TriggerRow
from pipeline.coder.events.arguments import support_verb
from pipeline.coder.events.candidates import Candidate, readings
from pipeline.coder.events.composition import Composed, compose
from pipeline.coder.events.extraction import Extracted, is_question
from pipeline.coder.events.participants import dyads, own_subjects
from pipeline.coder.events.roles import Roles, is_same
from pipeline.coder.events.screening import Screen, is_public
from pipeline.coder.records import ActorMention

# Without "in" and "at": where something happens is no party to it.
_TARGETS = ("obj", "iobj", "with", "against", "to", "on", "from", "for", "over", "of", "into", "towards")
_FRAMES = {
    "VERB": TriggerRow("", "", "verb", (), ("subj",), _TARGETS, NO_EVENT, None, reciprocal=False),
    "NOUN": TriggerRow("", "", "noun", (), ("subj", "poss", "amod"), _TARGETS[2:], NO_EVENT, None, reciprocal=False),
}
_DOUBT = 0.5  # no rule speaks for a proposal, and none against it


def propose(sentence: Span, roles: Roles, book: TriggerBook, told: Sequence[Extracted]) -> Iterator[Extracted]:
    """Possible events of the type NONE, for the model to name or to drop; of what `told` tells, in either direction, none."""
    # Most sentences of news stop here: asking who stands where costs more than asking who is there.
    parties = {(mention.start, mention.end) for mention in roles.inside(sentence) if _is_party(mention) and is_public(mention)}
    if len(parties) < 2 or is_question(sentence):
        return
    known = {reading.anchor.i: reading for reading in readings(sentence, book)}
    screen = Screen(book, set(known))
    taken = {_pair(event.source, event.target) for event in told}
    telling = {token.i for event in told for token in (event.anchor, support_verb(event.anchor)) if token is not None}
    for token in sentence:
        if token.i in telling or not _may_tell(token):
            continue
        for event in _of(token, roles, book, known.get(token.i), screen):
            pair = _pair(event.source, event.target)
            if pair not in taken:
                taken.add(pair)
                yield event


def _may_tell(token: Token) -> bool:
    """Whether a word is a verb of its own, or a noun that a light verb lends its subject."""
    return token.pos_ == "VERB" and token.dep_ not in ("aux", "auxpass") or token.pos_ == "NOUN" and support_verb(token) is not None


def _of(token: Token, roles: Roles, book: TriggerBook, reading: Candidate | None, screen: Screen) -> Iterator[Extracted]:
    candidate = Candidate(token, _FRAMES[token.pos_])
    if not any(map(is_public, own_subjects(candidate, roles))):
        return
    composed = compose(token, NO_EVENT, None, book)
    if composed is None or reading is not None and reading.row.event_type == NO_EVENT:  # "met the criteria"
        return
    for source, target in dyads(candidate, composed, roles):
        if source is None or target is None or is_same(source, target) or not (_is_party(source) and _is_party(target)):
            continue
        as_known = reading is None or screen.is_political(reading, Composed(reading.row.event_type, reading.row.mode), source, target)
        if as_known and is_public(source) and is_public(target):
            yield Extracted(token, candidate.row, replace(composed, event_type=NO_EVENT, mode=None), source, target, _DOUBT)


def _is_party(mention: ActorMention) -> bool:
    """Whether somebody is meant that is known: no place, and no pronoun that nobody could link."""
    return mention.link_method != "place" and (mention.mention != "pronoun" or mention.actor_id is not None)


def _pair(one: ActorMention | None, other: ActorMention | None) -> frozenset[tuple[int, int] | None]:
    return frozenset((role.start, role.end) if role else None for role in (one, other))
