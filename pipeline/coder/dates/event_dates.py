"""The date of an event, and where it was read.

clause       a date modifies the trigger, or a verb that shares its time with it
sentence     a date modifies a verb above the trigger in the same sentence
speech       the date of the verb that reports it, where the report is in a simple tense
context      the date of the sentence before, in the same paragraph, told on in the simple past
publication  nothing told; precision is then "assumed"
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from spacy.tokens import Span, Token

from pipeline.coder.dates.tense import IMPLICATIVE, PROSPECTIVE, tense_around
from pipeline.coder.document import Document
from pipeline.coder.records import DateMention, EventDate

_SPEECH = {
    "accord", "acknowledge", "add", "admit", "affirm", "allege", "announce", "argue", "assert", "claim", "comment", "conclude", "confirm",
    "declare", "deny", "disclose", "explain", "indicate", "insist", "maintain", "mention", "note", "observe", "recall", "remark", "repeat",
    "reply", "report", "reveal", "say", "show", "state", "stress", "suggest", "tell", "warn", "write",
}  # fmt: skip
# Verbs whose infinitive is what they are about: who demands on Monday that somebody resign has made the demand on Monday.
_ACTS = {
    "agree", "appeal", "ask", "call", "decide", "decline", "demand", "offer", "order", "petition", "pledge", "press", "promise", "propose",
    "refuse", "request", "swear", "tell", "threaten", "undertake", "urge", "vow",
}  # fmt: skip
# Verbs that say only that the event their noun names took place.
_LIGHT = {
    "be", "begin", "carry", "conduct", "continue", "do", "end", "erupt", "follow", "give", "have", "happen", "hold", "keep", "launch",
    "lead", "make", "mount", "occur", "open", "organise", "organize", "pay", "perform", "reach", "resume", "sign", "stage", "start", "take",
    "undertake",
}  # fmt: skip
_ELSEWHEN = {"since", "until", "till", "before", "after", "than", "as", "like", "versus", "against"}  # the event is not on the date itself
_MEANWHILE = {"when", "as", "while"}
_ATTRIBUTIVE = {"poss", "compound", "nmod", "amod", "nummod"}
_SUBJECTS = {"nsubj", "nsubjpass", "csubj"}
_NOUNS = {"NOUN", "PROPN", "PRON"}
_VERBS = {"VERB", "AUX"}
_RANGE_START = re.compile(r"\b(?:from|between)\s+(?:the\s+)?$", re.IGNORECASE)
_RANGE_MIDDLE = re.compile(r"\s*(?:to|through|until|till|and)\s+(?:the\s+)?", re.IGNORECASE)
_CLIMB = 12


@dataclass(frozen=True)
class _Attached:
    """A date of the sentence and the words that it may modify, the closest first; the last is the verb of its clause."""

    mention: DateMention
    governors: tuple[Token, ...]

    @property
    def verb(self) -> Token | None:
        last = self.governors[-1] if self.governors else None
        return last if last is not None and last.pos_ in _VERBS else None


def date_event(document: Document, trigger: Token, dates: list[DateMention]) -> EventDate | None:
    """When the event that a trigger tells took place or will; None where neither the text nor the date of publication says.

    dates are those of the document, in order. Durations and sets date no event unless they reach to publication.
    """
    attached = _attached_in(document, document.sentence_of(trigger), dates)
    found = _from_clause(trigger, attached) or _from_sentence(document, trigger, attached) or _from_when(trigger, attached)
    if found is None and not attached:
        found = _from_context(document, trigger, dates)
    if found is not None:
        mention, basis = found
        last = _range_end(document, mention, dates)
        return EventDate(*_days(mention, last), basis, mention)
    if document.published is None:
        return None
    return EventDate(document.published, document.published, "assumed", "publication", None)


def _attached_in(document: Document, sentence: Span, dates: list[DateMention]) -> list[_Attached]:
    """The dates of a sentence that can date an event."""
    inside = [d for d in dates if sentence.start_char <= d.start < sentence.end_char and d.type != "SET" and d.first_day is not None]
    ends = {id(end) for mention in inside if (end := _range_end(document, mention, dates)) is not None}
    return [at for mention in inside if id(mention) not in ends and (at := _attach(document, mention)) is not None]


def _attach(document: Document, mention: DateMention) -> _Attached | None:
    """None for a date that the sentence measures from ("since 2018") or speaks about ("Friday was calm")."""
    span = document.doc.char_span(mention.start, mention.end, alignment_mode="expand")
    if span is None or len(span) == 0:
        return None
    node: Token = span.root
    if node.dep_ in _SUBJECTS:
        return None
    if adverb := _swallowed(span):
        node = adverb
    attributive = node.dep_ in _ATTRIBUTIVE
    governors: list[Token] = []
    for _ in range(_CLIMB):
        if node.head == node:
            break
        measures = node.dep_ == "npadvmod"  # "two days after the raid" is the day itself
        node = node.head
        if node.lower_ in _ELSEWHEN and not governors and not measures:
            return None
        if node in span or node.pos_ not in _NOUNS | _VERBS:
            continue
        if _is_lasting(node, mention):
            continue
        governors.append(node)
        if attributive or node.pos_ in _VERBS:
            break
    return _Attached(mention, tuple(governors)) if governors else None


def _swallowed(span: Span) -> Token | None:
    """The preposition of "On Sunday rebels shelled the town", where the parser takes the day for a part of the noun behind it."""
    before = span.doc[span.start - 1] if span.start else None
    noun = span.root.head
    if before is None or before.lower_ != "on" or span.root.dep_ not in _ATTRIBUTIVE or noun.i < span.end:
        return None
    return before if before.head.pos_ in _VERBS and before.head.i > noun.i else None


def _is_lasting(verb: Token, mention: DateMention) -> bool:
    """Whether a verb tells what somebody always does, and so no day: the "rule" of "met the officers who rule Mali on Saturday"."""
    return verb.dep_ == "relcl" and verb.tag_ in ("VBZ", "VBP") and mention.precision in ("day", "time") and len(list(verb.children)) > 1


def _from_clause(trigger: Token, attached: list[_Attached]) -> tuple[DateMention, str] | None:
    """The date closest to the trigger among those of the nearest word that shares its time."""
    for sharer in _sharers(trigger):
        near = [at for at in attached if sharer in at.governors]
        if near:
            return min(near, key=lambda at: (at.governors.index(sharer), abs(at.mention.start - trigger.idx))).mention, "clause"
    return None


def _sharers(trigger: Token) -> Iterator[Token]:
    """The trigger, then the words whose time is its own: outward, then the verbs coordinated with the last."""
    node = trigger
    yield node
    for _ in range(_CLIMB):
        head = node.head
        if head == node or not _shares_time(node, head):
            break
        if head.pos_ in _VERBS:
            yield head
        node = head
    yield from (child for child in node.children if child.dep_ == "conj" and node.pos_ in _VERBS and _same_form(node, child))


def _shares_time(word: Token, head: Token) -> bool:
    """Whether a word tells the same event as the one it hangs on: a noun and its light verb, a verb and "began to" before it."""
    lemma = head.lemma_.lower()
    if word.pos_ not in _VERBS:
        return head.pos_ not in _VERBS or lemma in _LIGHT
    if word.dep_ == "conj":
        return head.pos_ in _VERBS and _same_form(word, head)
    return word.dep_ in ("aux", "auxpass") or (word.dep_ in ("xcomp", "ccomp", "pcomp") and lemma in IMPLICATIVE | PROSPECTIVE)


def _same_form(verb: Token, other: Token) -> bool:
    """Whether two verbs stand in the same tense: "arrested and deported him on Friday"."""
    return tense_around(verb) == tense_around(other) and _is_perfect(verb) == _is_perfect(other)


def _is_perfect(verb: Token) -> bool:
    return any(child.dep_ == "aux" and child.lemma_.lower() == "have" for child in verb.children)


def _from_sentence(document: Document, trigger: Token, attached: list[_Attached]) -> tuple[DateMention, str] | None:
    """The date of the nearest verb above the trigger, if the trigger can have happened then."""
    tense = tense_around(trigger)
    node, reported = trigger, False
    for _ in range(_CLIMB):
        if node.head == node:
            return None
        reported = reported or (node.dep_ in ("ccomp", "parataxis") and node.head.lemma_.lower() in _SPEECH)
        node = node.head
        dates = [at.mention for at in attached if at.verb == node]
        if node.pos_ in _VERBS and dates:
            mention = min(dates, key=lambda at: abs(at.start - trigger.idx))
            is_act = node == trigger.head and node.lemma_.lower() in _ACTS and trigger.dep_ in ("xcomp", "ccomp", "advcl")
            allowed = is_act or (_can_report(trigger) if reported else _can_inherit(document, trigger, tense, mention))
            return (mention, "speech" if reported else "sentence") if allowed else None
    return None


def _from_when(trigger: Token, attached: list[_Attached]) -> tuple[DateMention, str] | None:
    """The date of a clause that tells when: "ten were killed when a bomb exploded Thursday"."""
    verb = _clause_verb(trigger)
    clauses = (child for child in verb.children if child.dep_ == "advcl" and {word.lower_ for word in child.children} & _MEANWHILE)
    return next(((at.mention, "sentence") for clause in clauses for at in attached if at.verb == clause), None)


def _clause_verb(token: Token) -> Token:
    """The verb of the clause that a token stands in."""
    node = token
    for _ in range(_CLIMB):
        if node.pos_ in _VERBS or node.head == node:
            return node
        node = node.head
    return node


def _can_report(trigger: Token) -> bool:
    """Whether the reported clause is in a simple tense: "said Monday that rebels seized the town".

    What was said to come has no day yet but that of the promise or threat.
    """
    verb = _clause_verb(trigger)
    return not _is_perfect(verb) and tense_around(verb) in ("past", "present", "future")


def _can_inherit(document: Document, trigger: Token, tense: str | None, mention: DateMention) -> bool:
    """A past date is none for what is to come, nor any date for what had happened before."""
    ahead = document.published is None or mention.last_day is None or mention.last_day >= document.published
    if tense in ("future", "open"):
        return ahead
    return not any(child.lower_ == "had" and child.dep_ == "aux" for child in _clause_verb(trigger).children)


def _from_context(document: Document, trigger: Token, dates: list[DateMention]) -> tuple[DateMention, str] | None:
    """The date of the sentence before, where both tell in the simple past and stand in one paragraph."""
    number = document.sentence_index[trigger.i]
    if number < 1:
        return None
    before, current = document.spans[number - 1], document.spans[number]
    if not (_narrates(before.root) and _narrates(current.root) and _narrates(_clause_verb(trigger))) or _broken(document, before, current):
        return None
    told = [at for at in _attached_in(document, before, dates) if at.verb == before.root and at.mention.precision in ("day", "time")]
    return (told[-1].mention, "context") if told else None


def _narrates(verb: Token) -> bool:
    """Whether a verb tells an event in the simple past, and not that somebody spoke."""
    past = verb.tag_ == "VBD" or (verb.tag_ == "VBN" and any(child.tag_ == "VBD" and child.dep_ == "auxpass" for child in verb.children))
    return past and not _is_perfect(verb) and verb.lemma_.lower() not in _SPEECH


def _broken(document: Document, before: Span, current: Span) -> bool:
    """Whether a paragraph or heading ends between two sentences."""
    return any(before.start_char < chunk.start <= current.start_char for chunk in document.chunks)


def _range_end(document: Document, mention: DateMention, dates: list[DateMention]) -> DateMention | None:
    """The later end of "from Monday to Wednesday", "between 1990 and 1995", where the mention is the first."""
    text = document.text
    if not _RANGE_START.search(text, max(0, mention.start - 16), mention.start):
        return None
    following = next((later for later in dates if later.start >= mention.end), None)
    if following is None or following.last_day is None or mention.first_day is None or following.last_day < mention.first_day:
        return None
    return following if _RANGE_MIDDLE.fullmatch(text, mention.end, following.start) else None


def _days(mention: DateMention, last: DateMention | None) -> tuple[date, date, str]:
    """First day, last day and precision of a date, or of the range that it begins."""
    end = last if last is not None else mention
    if mention.first_day is None or end.last_day is None or mention.precision is None:
        raise ValueError(f"{mention.text!r} covers no days and cannot date an event")
    return mention.first_day, end.last_day, "range" if last is not None else mention.precision
