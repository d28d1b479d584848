"""The event type that holds between two given spans, provided that some event does."""

from collections.abc import Mapping, Sequence

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import TriggerBook
from pipeline.coder.classifier import Classifier
from pipeline.coder.decision import decide
from pipeline.coder.document import Document
from pipeline.coder.events.candidates import candidates
from pipeline.coder.events.composition import Composed, compose
from pipeline.coder.events.extraction import Extracted, extract
from pipeline.coder.events.roles import Roles
from pipeline.coder.records import ActorMention, Relation

CharSpan = tuple[int, int] | None

# Rules alone, where no word between two actors is known: blame is as likely as anything.
_UNKNOWN = ("ACCUSE", None)
_BY_RULE_ALONE = {"both": 0.85, "one": 0.7, "near": 0.4, "nothing": 0.1}
_FOUND_BY = {2: "both", 1: "one"}  # roles of an event that are the given ones


def relate(document: Document, source: CharSpan, target: CharSpan, book: TriggerBook | None, classifier: Classifier | None) -> Relation:
    """The relation of a dyad: by rule that of an event with the two as its roles, else of the trigger nearest to them; and by model."""
    spans = {name: found for name, span in (("source", source), ("target", target)) if span and (found := _tokens(document, span))}
    sentences = [document.spans[number] for number in sorted({document.sentence_index[span.root.i] for span in spans.values()} - {-1})]
    proposed, found_by = _by_rule(document, spans, sentences, book) if book else (None, "near")
    if classifier is None:
        return Relation(source, target, *(proposed or _UNKNOWN), confidence=_BY_RULE_ALONE[found_by if proposed else "nothing"])
    told = document.doc[sentences[0].start : sentences[-1].end] if sentences else document.doc[:]
    judged = classifier.judge(told.text, [(_within(source, told.start_char), _within(target, told.start_char))])[0]
    decision = decide(proposed, found_by, judged)
    return Relation(source, target, decision.event_type, decision.mode, round(decision.certainty, 2))


def _within(span: CharSpan, start: int) -> CharSpan:
    return (span[0] - start, span[1] - start) if span else None


def _by_rule(
    document: Document, spans: Mapping[str, Span], sentences: Sequence[Span], book: TriggerBook
) -> tuple[tuple[str, str | None] | None, str]:
    """Type and mode that the rules propose, if any, and how they came to them: a key of decision.TRUST."""
    roles = Roles(document, [_mention(name, span) for name, span in spans.items()])
    events = [event for sentence in sentences for event in extract(sentence, roles, book)]
    if events and _fit(best := max(events, key=lambda event: (_fit(event), event.confidence))):
        return (best.composed.event_type, best.composed.mode), _FOUND_BY[_fit(best)]
    nearest = _nearest(sentences, [span.root for span in spans.values()], book)
    return (nearest.event_type, nearest.mode) if nearest else None, "near"


def _tokens(document: Document, span: tuple[int, int]) -> Span | None:
    found: Span | None = document.doc.char_span(*span, alignment_mode="expand")
    return found if found is not None and not found.root.is_space else None


def _mention(name: str, span: Span) -> ActorMention:
    """A given span as a role: what it stands for is not asked."""
    return ActorMention(span.start_char, span.end_char, span.text, span.root.i, "name", name, None, None, None, (), "given", 1.0)


def _fit(event: Extracted) -> int:
    """How many of the roles are the given ones; 0 where they stand the other way round."""
    given = (event.source and event.source.actor_id, event.target and event.target.actor_id)
    if given[0] == "target" or given[1] == "source":
        return 0
    return sum(role is not None for role in given)


def _nearest(sentences: Sequence[Span], heads: list[Token], book: TriggerBook) -> Composed | None:
    best: tuple[int, int] | None = None
    chosen: Composed | None = None
    for candidate in (found for sentence in sentences for found in candidates(sentence, book)):
        composed = compose(candidate.anchor, candidate.row.event_type, candidate.row.mode, book)
        distance = (sum(_steps(candidate.anchor, head) for head in heads), candidate.anchor.i)
        if composed is not None and (best is None or distance < best):
            best, chosen = distance, composed
    return chosen


def _steps(one: Token, other: Token) -> int:
    """Edges between two tokens in the dependency tree; those of another sentence are far."""
    above_one = {one.i: 0} | {token.i: steps for steps, token in enumerate(one.ancestors, start=1)}
    for steps, token in enumerate((other, *other.ancestors)):
        if token.i in above_one:
            return steps + above_one[token.i]
    return len(one.doc)
