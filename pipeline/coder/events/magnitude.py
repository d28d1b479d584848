"""How many and how much: killed, injured, detained, displaced, taking part, and money; each with the event it is told of.

A quantity is told of a deed: the verb whose object it is ("killed 40"), the noun it stands behind ("the arrest of 40"), a
participle or adjective after it ("40 dead"). It belongs to the nearest event of a fitting type whose clause the deed stands
in; what lies behind "after", "since" or "for" is background and belongs to none.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from spacy.tokens import Span, Token

from pipeline.coder.events.deeds import NO_PEOPLE, counted_noun, deeds, joined_to, partitive
from pipeline.coder.events.quantities import Quantity, QuantityReader
from pipeline.coder.records import Magnitude

_HARMING = {"ASSAULT", "COERCE", "PROTEST"}
_DEPLOYING = {"MOBILIZE", "AID", "RETREAT", "COOPERATE"}
_FITTING: Mapping[str, set[str]] = {
    "killed": _HARMING,
    "injured": _HARMING,
    "detained": {"COERCE", "SANCTION", "ASSAULT", "PROTEST"},
    "displaced": {"ASSAULT", "COERCE"},
    "participants": {"PROTEST"},
    "forces": _DEPLOYING,
    "money": {"AID", "AGREE", "COOPERATE", "CONCEDE", "SANCTION", "REQUEST", "REJECT", "COERCE", "RETREAT", "SUPPORT", "THREATEN"},
}
_OF_ITSELF = {("detained", "ASSAULT"), ("detained", "SANCTION")}  # only of the deed itself: "abducted 12", "jailed 12"
_BACKGROUND = {"after", "following", "since", "despite", "because", "before", "as", "during"}
_REASONS = {"for", "over", "against", "about"}  # "jailed for killing 12"; but money is asked for
_CLAUSES = {"relcl", "ccomp", "parataxis", "csubj"}
_SPEECH = {"say", "report", "tell", "add", "announce", "state", "confirm", "claim"}
_FURTHEST = 4  # edges between a deed and its event
_MOST = 40  # quantities a sentence; one with more is a table
_NOT_COUNTS = {"DATE", "TIME", "PERCENT", "ORDINAL"}

_Kind = tuple[str, str | None]  # event type and mode


@dataclass(frozen=True)
class Telling:
    """An event as far as figures care: its trigger, its type and mode, and the characters of its target."""

    anchor: Token
    event_type: str
    mode: str | None = None
    target: tuple[int, int] | None = None

    def holds(self, token: Token) -> bool:
        """Whether a word stands in the target's phrase."""
        return self.target is not None and self.target[0] <= token.idx < self.target[1]


@dataclass(frozen=True)
class _Told:
    """A figure of people or money, and the deed that it is told of."""

    kind: str  # as in _FITTING
    deed: Token
    counted: Token
    magnitude: Magnitude


class MagnitudeFinder:
    """Finds the magnitudes of a sentence's events; currencies as codebook.currencies loads them."""

    def __init__(self, currencies: Mapping[str, str | None]) -> None:
        self._reader = QuantityReader(currencies)

    def of_events(self, sentence: Span, events: Sequence[Telling]) -> list[dict[str, Magnitude]]:
        """For each event what the sentence tells of it, by kind: the columns of contracts.py."""
        kinds: dict[Token, set[_Kind]] = {}
        for event in events:
            kinds.setdefault(event.anchor, set()).add((event.event_type, event.mode))
        tied: list[tuple[Token, _Told]] = []
        for quantity in islice(self._reader.read(sentence.text), _MOST):
            tied += [(anchor, told) for told in _told(sentence, quantity) for anchor in _nearest(told, kinds)]
        return [_of_event(event, [told for anchor, told in tied if anchor == event.anchor], events) for event in events]


def _of_event(event: Telling, figures: list[_Told], events: Sequence[Telling]) -> dict[str, Magnitude]:
    """The figures of one event: of a trigger with several targets each has its own, where they stand in the targets' words."""
    kinds: dict[str, list[_Told]] = {}
    others = [other for other in events if other.anchor == event.anchor and other.target != event.target]
    for told in figures:
        elsewhere = not event.holds(told.counted) and any(other.holds(told.counted) for other in others)
        if not elsewhere and _fits(told, event.anchor, (event.event_type, event.mode)):
            kinds.setdefault(_column(told.kind), []).append(told)
    return {kind: _together(told) for kind, told in kinds.items()}


def _column(kind: str) -> str:
    return "participants" if kind == "forces" else kind


def _together(figures: list[_Told]) -> Magnitude:
    """The figures of one kind as one: those of a list are added up, of others the largest stands."""
    first = figures[0]
    listed = [told for told in figures if told.deed == first.deed and first.counted in (told.counted, *joined_to(told.counted))]
    if len(listed) > 1 and first.kind != "money":
        parts = [told.magnitude for told in listed]
        text = " + ".join(part.text for part in parts)
        return Magnitude(sum(part.best for part in parts), sum(part.low for part in parts), sum(part.high for part in parts), text)
    return max((told.magnitude for told in figures), key=lambda magnitude: magnitude.best)


def _told(sentence: Span, quantity: Quantity) -> Iterator[_Told]:
    """The deeds that a quantity is told of; none for dates, shares and things."""
    offset = sentence.start_char
    span = sentence.doc.char_span(offset + quantity.start, offset + quantity.end, alignment_mode="expand")
    if span is None:
        return
    number = span.root
    if quantity.is_money:
        yield _Told("money", number, number, quantity.magnitude)
        return
    counted = counted_noun(number, span)
    if counted.ent_type_ in _NOT_COUNTS or _is_year(quantity.magnitude):
        return
    if not {word.lemma_.lower() for word in (counted, *partitive(number))} & NO_PEOPLE:
        for kind, deed in deeds(counted, span):
            yield _Told(kind, deed, counted, quantity.magnitude)


def _is_year(magnitude: Magnitude) -> bool:
    return magnitude.text.isdigit() and len(magnitude.text) == 4 and 1800 <= magnitude.best < 2100


def _nearest(told: _Told, kinds: Mapping[Token, set[_Kind]]) -> list[Token]:
    """The trigger nearest to a deed, of those whose type fits; none where only others stand in its clause."""
    fitting = [anchor for anchor, own in kinds.items() if any(_fits(told, anchor, kind) for kind in own)]
    others = {anchor.i for anchor in kinds}
    reached = [(steps, anchor.i, anchor) for anchor in fitting if (steps := _steps(told, anchor, others)) is not None]
    furthest = 1 if told.kind in ("participants", "forces") else _FURTHEST
    return [min(reached, key=lambda found: found[:2])[2]] if reached and min(reached)[0] <= furthest else []


def _fits(told: _Told, anchor: Token, kind: _Kind) -> bool:
    event_type, mode = kind
    if told.kind == "forces" and event_type == "RETREAT" and mode != "withdraw":  # freed soldiers take no part
        return False
    return event_type in _FITTING[told.kind] and ((told.kind, event_type) not in _OF_ITSELF or told.deed == anchor)


def _steps(told: _Told, anchor: Token, anchors: set[int]) -> int | None:
    """Edges between a deed and a trigger; None where another clause or event lies between."""
    above_deed = [told.deed, *told.deed.ancestors]
    above_anchor = [anchor, *anchor.ancestors]
    meeting = next((token for token in above_anchor if token in above_deed), None)
    if meeting is None:
        return None
    up, down = above_deed[: above_deed.index(meeting)], above_anchor[: above_anchor.index(meeting)]
    if any(token.i in anchors and token not in (told.deed, anchor) for token in (*up, *down, meeting)):
        return None
    if any(_leaves(token, told, anchor) for token in up) or any(_is_reported(token) for token in down):
        return None
    return len(up) + len(down)


def _leaves(token: Token, told: _Told, anchor: Token) -> bool:
    """Whether the edge above a token leads out of the clause that tells the deed."""
    if token.dep_ in _CLAUSES:
        return token.head != anchor
    if token.dep_ == "conj" and token.pos_ == "VERB" and told.kind != "money":
        own = [child for child in token.children if child.dep_ == "nsubj" and child != told.counted]
        return bool(own) and token not in (told.counted, *told.counted.ancestors) or any(child.i < told.counted.i for child in own)
    words = {token.lower_, *(child.lower_ for child in token.children if child.dep_ in ("mark", "prep") and child.i < token.i)}
    return token.dep_ in ("prep", "advcl", "pcomp") and bool(words & (_BACKGROUND if told.kind == "money" else _BACKGROUND | _REASONS))


def _is_reported(token: Token) -> bool:
    """Whether a trigger stands in a clause of its own below: "who had attacked", "that rebels attacked"."""
    return token.dep_ in ("relcl", "parataxis") or token.dep_ == "ccomp" and token.head.lemma_ not in _SPEECH
