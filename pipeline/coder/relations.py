"""The event type that holds between two given spans, provided that some event does."""

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import TriggerBook
from pipeline.coder.document import Document
from pipeline.coder.events.candidates import candidates
from pipeline.coder.events.composition import Composed, compose
from pipeline.coder.events.extraction import Extracted, extract
from pipeline.coder.events.roles import Roles
from pipeline.coder.records import ActorMention, Relation

CharSpan = tuple[int, int] | None

_NEAREST = 0.4  # confidence where only the distance to a trigger tells
# Between two actors of whom the text tells nothing that the codebook knows, blame is as likely as anything; the confidence says so.
_UNKNOWN = ("ACCUSE", None, 0.1)


def relate(document: Document, source: CharSpan, target: CharSpan, book: TriggerBook) -> Relation:
    """The relation of a dyad: that of an event with the two as its roles, else of the trigger nearest to them, else a guess."""
    spans = {name: found for name, span in (("source", source), ("target", target)) if span and (found := _tokens(document, span))}
    sentences = {document.sentence_index[span.root.i] for span in spans.values()} - {-1}
    roles = Roles(document, [_mention(name, span) for name, span in spans.items()])
    events = [event for number in sorted(sentences) for event in extract(document.spans[number], roles, book)]
    if events and (best := max(events, key=lambda event: (_fit(event), event.confidence))) and _fit(best):
        return Relation(source, target, best.composed.event_type, best.composed.mode, best.confidence)
    if nearest := _nearest(document, sorted(sentences), [span.root for span in spans.values()], book):
        return Relation(source, target, nearest.event_type, nearest.mode, _NEAREST)
    kind, mode, confidence = _UNKNOWN
    return Relation(source, target, kind, mode, confidence)


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


def _nearest(document: Document, sentences: list[int], heads: list[Token], book: TriggerBook) -> Composed | None:
    best: tuple[int, int] | None = None
    chosen: Composed | None = None
    for candidate in (found for number in sentences for found in candidates(document.spans[number], book)):
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
