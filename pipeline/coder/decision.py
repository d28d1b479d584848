"""Rule and model together: which type stands, and how sure both are of it.

Rules propose: they know the construction, and fill the roles. The model judges the pair. Where both name one type, it stands.
Where they differ the rule's stands, unless the model finds another one likelier by more than `TRUST`: the better the rule knew
the two roles, the more it takes to overrule it. Of a pair that no rule tells of, the model must be `SURE`.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span

from pipeline.coder.classifier import NONE, Classifier, Judgement
from pipeline.coder.confidence import Evidence
from pipeline.coder.events.extraction import Extracted, distinct
from pipeline.coder.records import ActorMention

# How far (difference of logarithms) another type must be likelier to stand instead of the rule's; measured on the tuning half of the
# yardstick, by how the rule came to the pair: it has both as its roles, one of them, or is merely the nearest trigger. Of
# open roles and of what was not done (denied, planned, conditional) the model learnt too little to overrule anything.
TRUST = {"out of reach": 99.0, "both": 4.0, "one": 1.0, "near": 0.7}
# The chance that the model must give a type for a pair of which no rule tells anything.
SURE = 0.8
# The chance of nothing between the two at which an event by rule is dropped.
NOTHING = 0.5
_LEAST = 1e-9  # so that what the model rules out has a logarithm


@dataclass(frozen=True)
class Decision:
    event_type: str
    mode: str | None
    model: float  # the probability that the model gives this type
    certainty: float  # that of the type, given that something holds between the two; 0 to 1
    overruled: bool = False  # whether the model's type stands instead of the rule's


def decide(proposed: tuple[str, str | None] | None, found_by: str, judgement: Judgement) -> Decision:
    """The type that stands. proposed: type and mode by rule, if any; found_by: a key of TRUST."""
    scores = {kind: math.log(max(chance, _LEAST)) for kind, chance in judgement.types.items() if kind != NONE}
    if proposed:
        scores[proposed[0]] += TRUST[found_by]
    best = max(scores, key=lambda kind: scores[kind])
    mode = proposed[1] if proposed and proposed[0] == best else judgement.modes[best]
    certainty = 1 / sum(math.exp(score - scores[best]) for score in scores.values())
    return Decision(best, mode, judgement.types[best], certainty, overruled=proposed is not None and proposed[0] != best)


def settle(
    sentence: Span,
    told: Sequence[Extracted],
    proposed: Sequence[Extracted],
    classifier: Classifier,
    confidence: Callable[[Evidence], float],
) -> list[Extracted]:
    """The events of a sentence with the type that stands, the model's mark, and how likely they are right.

    told: by rules; proposed: pairs without a type, of which those stay that the model is sure of and that tell something new.
    """
    events = [*told, *proposed]
    judgements = classifier.judge(sentence.text, [(_within(event.source, sentence), _within(event.target, sentence)) for event in events])
    judged = list(zip(events, judgements, strict=True))
    by_rule, by_model = judged[: len(told)], judged[len(told) :]
    stands = {event.anchor.i for event, judgement in by_rule if not _is_nothing(event, judgement)}  # a list stands or falls together
    settled = [_settled(event, judgement, confidence) for event, judgement in by_rule if event.anchor.i in stands]
    known = {key for event in settled for key in _keys(event, event.composed.event_type)}
    settled += [
        _settled(event, judgement, confidence)
        for event, judgement in by_model
        if judgement.types[judgement.event_type] >= SURE and known.isdisjoint(_keys(event, judgement.event_type))
    ]
    return distinct(settled)


def _is_judged(event: Extracted) -> bool:
    """Whether the model may contradict a rule on it: of roles that it does not see, and of what was not done, it learnt too little."""
    sentence = event.anchor.sent
    return event.composed.status == "actual" and None not in (_within(event.source, sentence), _within(event.target, sentence))


def _is_nothing(event: Extracted, judgement: Judgement) -> bool:
    """Whether the model sees nothing between two roles that a rule found; one of a pair that meets it may not see."""
    return _is_judged(event) and not event.row.reciprocal and judgement.none > NOTHING


def _keys(event: Extracted, event_type: str) -> Iterator[tuple[str, str, int]]:
    """Who does, and who suffers, a type of event: what rules told of them already the model would but repeat."""
    for side, role in (("source", event.source), ("target", event.target)):
        if role is not None:
            yield event_type, side, role.start


def _within(mention: ActorMention | None, sentence: Span) -> tuple[int, int] | None:
    """A role's characters in its sentence; None where another sentence names it."""
    if mention is None or not sentence.start_char <= mention.start < sentence.end_char:
        return None
    return mention.start - sentence.start_char, mention.end - sentence.start_char


def _settled(event: Extracted, judgement: Judgement, confidence: Callable[[Evidence], float]) -> Extracted:
    composed = event.composed
    by_rule = composed.event_type != NONE
    proposed = (composed.event_type, composed.mode) if by_rule else None
    decision = decide(proposed, "both" if _is_judged(event) else "out of reach", judgement)
    evidence = Evidence(
        rule=event.confidence,
        something=1 - judgement.none,
        kind=decision.model / max(1 - judgement.none, _LEAST),
        open_role=event.source is None or event.target is None,
        nominal=event.anchor.pos_ == "NOUN",
        proposed=not by_rule,
    )
    named = decision.overruled or not by_rule
    return replace(
        event,
        composed=replace(composed, event_type=decision.event_type, mode=decision.mode),
        confidence=confidence(evidence),
        model=f"model:{decision.event_type}:{decision.model:.2f}" if named else f"model:{decision.model:.2f}",
    )
