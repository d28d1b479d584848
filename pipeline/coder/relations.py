"""The event type that holds between two given spans, provided that some event does."""

from collections.abc import Sequence

from spacy.tokens import Span, Token

from pipeline.codebook.triggers import TriggerBook
from pipeline.coder.document import Document
from pipeline.coder.events.candidates import candidates
from pipeline.coder.events.composition import Composed, compose
from pipeline.coder.records import ActorMention, Event, Relation

CharSpan = tuple[int, int] | None

# Between two actors of whom the text tells nothing that the codebook knows, talk is likeliest; the confidence says so.
_UNKNOWN = ("CONSULT", None, 0.1)


def relate(document: Document, events: Sequence[Event], source: CharSpan, target: CharSpan, book: TriggerBook) -> Relation:
    """The relation of a dyad: that of an event found between its spans, else of the trigger nearest to them, else a guess of low confidence."""
    if found := _of_events(events, source, target):
        return Relation(source, target, found.event_type, found.mode, found.confidence)
    if nearest := _nearest(document, source, target, book):
        return Relation(source, target, nearest.event_type, nearest.mode, 0.4)
    kind, mode, confidence = _UNKNOWN
    return Relation(source, target, kind, mode, confidence)


def _of_events(events: Sequence[Event], source: CharSpan, target: CharSpan) -> Event | None:
    fitting = [event for event in events if _overlaps(event.source, source) and _overlaps(event.target, target)]
    fitting = fitting or [event for event in events if _overlaps(event.source, source)]
    return max(fitting, key=lambda event: (_overlaps(event.target, target), event.confidence), default=None)


def _overlaps(role: ActorMention | None, span: CharSpan) -> bool:
    if span is None:
        return True
    return role is not None and role.start < span[1] and span[0] < role.end


def _nearest(document: Document, source: CharSpan, target: CharSpan, book: TriggerBook) -> Composed | None:
    heads = [head for span in (source, target) if span and (head := _head(document, span)) is not None]
    if not heads:
        return None
    sentence = document.sentence_of(heads[0])
    best: tuple[int, int] | None = None
    chosen: Composed | None = None
    for candidate in candidates(sentence, book):
        composed = compose(candidate.anchor, candidate.row.event_type, candidate.row.mode, book)
        distance = (sum(_steps(candidate.anchor, head) for head in heads), candidate.anchor.i)
        if composed is not None and (best is None or distance < best):
            best, chosen = distance, composed
    return chosen


def _head(document: Document, span: tuple[int, int]) -> Token | None:
    found: Span | None = document.doc.char_span(*span, alignment_mode="expand")
    return found.root if found is not None and not found.root.is_space else None


def _steps(one: Token, other: Token) -> int:
    """Edges between two tokens of a sentence in its dependency tree."""
    above_one = {one.i: 0} | {token.i: steps for steps, token in enumerate(one.ancestors, start=1)}
    for steps, token in enumerate((other, *other.ancestors)):
        if token.i in above_one:
            return steps + above_one[token.i]
    return len(above_one) + steps
