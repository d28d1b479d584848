"""Where an event happened, and what told: its clause, the rest of its sentence, the dateline, or the document's focus.

A place counts by how it hangs on the event, not by standing near it: "talks in Geneva", "bombed Aleppo", "the Nairobi
attack", "on the border of Ukraine"; but not "the ambassador to Moscow", "migrants from Eritrea", "the Paris-based group",
nor Moscow that says something.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Token

from pipeline.coder.document import Document
from pipeline.coder.places.attachment import (
    DONE_TO_PLACES,
    GATHERINGS,
    GOING,
    LEAVING,
    LOCATIVE,
    ON_THE_SPOT,
    POSTS,
    SAYING,
    TOWARDS,
    Attachment,
    attach,
)
from pipeline.coder.records import EventPlace, PlaceMention
from pipeline.contracts import PLACE_PRECISIONS

_NOT_THERE = re.compile(r"-(?:based|backed|led|born|brokered|bound|made|trained|controlled|owned|run|style|registered|listed)\b", re.I)
_DAY = r"(?:\d{1,2} [A-Z][a-z]{2,8}\.?|[A-Z][a-z]{2,8}\.? \d{1,2})"
_AFTER_DATELINE = re.compile(rf"(?: \([\w ]+\))?(?:, {_DAY})?(?: \([\w ]+\))? ?(?:: |--? |[–—] |\.- ?|- )")
_CHAINED = frozenset({"conj", "advcl", "xcomp", "relcl", "acl", "dep", "parataxis"})
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "attr", "oprd"})
_AREAS = frozenset({"country", "region"})
_FINENESS = {precision: rank for rank, precision in enumerate(PLACE_PRECISIONS)}
_LEAD = 5  # sentences
_DOMINANT = 0.6  # share of a document's mentions of places that its focus has
_FEWEST = 3  # mentions that make a focus


@dataclass(frozen=True)
class _Found:
    """A place that may be the event's: rank 0 where the trigger itself is said to be there, 1 by its arguments."""

    rank: int
    token: Token
    mention: PlaceMention


def place_event(document: Document, trigger: Token, places: Sequence[PlaceMention]) -> EventPlace | None:
    """The place of the event that a trigger tells; None where nothing tells it.

    `basis` is clause, sentence, dateline or focus. The mention has no coordinates where it is a country or region.
    """
    sentence = document.sentence_of(trigger)
    inside = [mention for mention in places if sentence.start_char <= mention.start < sentence.end_char]
    attached = [
        (attach(span.root), mention)
        for mention in inside
        if _locates(document, mention) and (span := document.doc.char_span(mention.start, mention.end, alignment_mode="expand"))
    ]
    clause = _clause(trigger)
    said = (
        _finest(_of_clause(clause, attached), trigger, "clause")
        or _finest(_of_relative(document, trigger, inside), trigger, "clause")
        or _finest(_of_sentence(trigger, clause, attached), trigger, "sentence")
    )
    if said or trigger.lemma_.lower() not in ON_THE_SPOT or any(hung.relation in LOCATIVE for hung, _ in attached):
        return said
    countries = {mention.country for mention in inside if mention.country}
    if dateline := _dateline(document, places):
        return _of_dateline(dateline, countries) if _in_lead(document, trigger) else None
    return _of_focus(places, countries)


def _locates(document: Document, mention: PlaceMention) -> bool:
    return not mention.is_demonym and not _NOT_THERE.match(document.text, mention.end)


def _clause(trigger: Token) -> dict[int, Token]:
    """The tokens that tell of the event: the trigger, the verb that a noun is subject or object of, and verbs hung on it."""
    tokens = [trigger]
    if trigger.pos_ in ("NOUN", "PROPN"):
        if trigger.dep_ in _ARGUMENTS and trigger.head.pos_ in ("VERB", "AUX") and trigger.head.lemma_ not in SAYING:
            tokens.append(trigger.head)
        tokens += [child for child in trigger.children if child.dep_ in ("acl", "relcl") and child.lemma_ not in SAYING]
    return {token.i: token for token in tokens}


def _of_clause(clause: dict[int, Token], attached: Iterable[tuple[Attachment, PlaceMention]]) -> Iterator[_Found]:
    for hung, mention in attached:
        if (rank := _rank(clause, hung, mention)) is not None:
            yield _Found(rank, hung.token, mention)


def _rank(clause: dict[int, Token], hung: Attachment, mention: PlaceMention) -> int | None:
    """How firmly a place hangs on a clause; None where it does not say where."""
    governor, relation = hung.governor, hung.relation
    if governor.i not in clause:
        return 1 if relation in LOCATIVE and _is_argument(governor, clause) else None
    lemma = governor.lemma_.lower()
    if relation in LOCATIVE:
        return 0
    says_where = (
        (relation in TOWARDS and (lemma in DONE_TO_PLACES or lemma in GOING or hung.is_part))
        or (relation == "to" and lemma in GOING)
        or (relation == "from" and (lemma in LEAVING or (lemma not in GOING and governor.pos_ == "VERB" and mention.precision == "city")))
        or (relation in ("dobj", "nsubjpass") and (lemma in DONE_TO_PLACES or hung.is_part))
        or (relation == "of" and lemma in DONE_TO_PLACES)
        or (relation == "compound" and (lemma in DONE_TO_PLACES or (lemma in GATHERINGS and mention.precision not in _AREAS)))
    )
    return 1 if says_where else None


def _is_argument(noun: Token, clause: dict[int, Token]) -> bool:
    """Whether a noun is one that the event itself is done by or to: where they are, it is. Speakers may sit anywhere."""
    trigger = next(iter(clause.values()))
    if noun.dep_ not in _ARGUMENTS or noun.head.i != trigger.i or noun.lemma_.lower() in POSTS:
        return False
    return noun.dep_ != "nsubj" or trigger.lemma_.lower() in ON_THE_SPOT


def _of_relative(document: Document, trigger: Token, inside: Sequence[PlaceMention]) -> Iterator[_Found]:
    """'Ukraine, on whose border troops gathered', 'Geneva, where they met': the place right before the relative word."""
    for word in trigger.subtree:
        if word.lower_ not in ("where", "whose", "which") or word.i > trigger.i:
            continue
        phrase = word if word.lower_ == "where" else next((t for t in word.ancestors if t.dep_ == "prep"), None)
        if phrase is None or (phrase is not word and phrase.lower_ not in LOCATIVE | TOWARDS):
            continue
        before = document.text[: phrase.idx].rstrip(" ,")
        for mention in inside:
            if mention.end == len(before) and not mention.is_demonym:
                yield _Found(1, word, mention)


def _of_sentence(trigger: Token, clause: dict[int, Token], attached: Iterable[tuple[Attachment, PlaceMention]]) -> Iterator[_Found]:
    """Places where the clauses around the event's own say that they are; what somebody says, and where, is another event."""
    around = dict.fromkeys(clause, False)
    for token in clause.values():
        around.update(_clauses_above(token))
    for hung, mention in attached:
        if hung.relation not in LOCATIVE or hung.governor.lemma_.lower() in POSTS:
            continue
        verb = _verb_above(hung.governor, around)
        is_there = around[verb.i] is False or hung.token.i < verb.i if verb.i in around else _joins(verb, around)
        if is_there or _same_deed(verb, trigger):
            yield _Found(1, hung.token, mention)


def _clauses_above(token: Token) -> Iterator[tuple[int, bool]]:
    """The verbs that a verb hangs on, each with whether another subject acts there: then only what it opens with is shared."""
    is_other = False
    while token.dep_ in _CHAINED and token.head.lemma_ not in SAYING:
        is_other = is_other or any(child.dep_ in ("nsubj", "nsubjpass") for child in token.children)
        token = token.head
        yield token.i, is_other


def _verb_above(token: Token, around: dict[int, bool]) -> Token:
    """The verb whose subject or object a noun is, or the event's noun that it belongs to: "the murder of men in Srebrenica"."""
    while token.i not in around and token.pos_ in ("NOUN", "PROPN"):
        if token.dep_ == "nsubj" and token.head.lemma_.lower() not in ON_THE_SPOT:
            break
        if token.dep_ in _ARGUMENTS:
            token = token.head
        elif token.dep_ == "pobj" and token.head.head.i in around and token.head.head.pos_ == "NOUN":
            token = token.head.head
        else:
            break
    return token


def _joins(verb: Token, around: dict[int, bool]) -> bool:
    """Whether a verb is joined by "and" to one of the event's, with the same subject."""
    has_subject = any(child.dep_ in ("nsubj", "nsubjpass") for child in verb.children)
    return verb.dep_ == "conj" and verb.head.i in around and verb.lemma_ not in SAYING and not has_subject


def _same_deed(verb: Token, trigger: Token) -> bool:
    """Whether a verb tells again what a noun told: "a meeting of Blinken and Lavrov, who met in Reykjavik"."""
    stem = verb.lemma_.lower()
    return verb.pos_ == "VERB" and trigger.pos_ == "NOUN" and len(stem) > 3 and trigger.lower_.startswith(stem[:-1])


def _finest(found: Iterable[_Found], trigger: Token, basis: str) -> EventPlace | None:
    best = min(found, key=lambda f: (f.rank, _FINENESS[f.mention.precision], abs(f.token.i - trigger.i)), default=None)
    return _event_place(best.mention, basis) if best else None


def _in_lead(document: Document, trigger: Token) -> bool:
    """Whether an event stands among the first sentences of the body, of which a dateline tells."""
    before = document.spans[: document.sentence_index[trigger.i]]
    return sum(not document.headings[span.start] for span in before) < _LEAD


def _dateline(document: Document, places: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The places of the document's dateline; empty where it has none."""
    line = document.dateline
    named = [mention for mention in places if line and line.start <= mention.start < line.end and not mention.is_demonym]
    return named or [mention for mention in places if _opens(document.text, mention)]


def _of_dateline(named: list[PlaceMention], countries: set[str]) -> EventPlace | None:
    """The dateline's place, unless the sentence speaks of other countries: reporters sit in capitals."""
    if not countries <= {named[0].country}:
        return None
    return _event_place(min(named, key=lambda mention: _FINENESS[mention.precision]), "dateline")


def _opens(text: str, mention: PlaceMention) -> bool:
    """Whether a place opens a line as its dateline does: "gandhinagar: the state …", "MANSFIELD — The council …"."""
    starts_line = not text[max(0, text.rfind("\n", 0, mention.start)) : mention.start].strip()
    return starts_line and not mention.is_demonym and bool(_AFTER_DATELINE.match(text, mention.end))


def _of_focus(places: Sequence[PlaceMention], countries: set[str]) -> EventPlace | None:
    """The country of most mentions, or its one town, where it dominates and the sentence speaks of no other."""
    counted = Counter(mention.country for mention in places if mention.country)
    if not counted:
        return None
    country, count = counted.most_common(1)[0]
    if count < _FEWEST or count < _DOMINANT * counted.total() or not countries <= {country}:
        return None
    own = [mention for mention in places if mention.country == country and not mention.is_demonym]
    towns = Counter(mention.place_id for mention in own if _FINENESS[mention.precision] <= _FINENESS["city"])
    if towns and (top := towns.most_common(1)[0])[1] >= max(2, _DOMINANT * towns.total()):
        return _event_place(next(mention for mention in own if mention.place_id == top[0]), "focus")
    whole = next((mention for mention in own if mention.precision == "country"), None)
    return _event_place(whole, "focus") if whole else None


def _event_place(mention: PlaceMention, basis: str) -> EventPlace:
    if mention.precision in _AREAS:
        mention = replace(mention, latitude=None, longitude=None)
    return EventPlace(mention, basis)
