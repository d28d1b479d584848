"""Words that may tell an event: tokens on which a row of the trigger book fits.

Most tokens are no trigger, and most rows ask for words that their sentence lacks. Both are found out by spaCy's numbers of
strings, before any slot is looked at.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from spacy.attrs import ENT_TYPE, LEMMA, LOWER, POS
from spacy.strings import get_string_id
from spacy.tokens import Doc, Span, Token

from pipeline.codebook.triggers import NO_EVENT, PREPOSITIONS, Condition, TriggerBook, TriggerRow
from pipeline.coder.events.frames import Frame, lemma_of

_PARTS = {"VERB": "verb", "AUX": "verb", "NOUN": "noun", "ADJ": "adjective"}
_LIKE_PREPOSITIONS = {"barring", "pending"}
_AUXILIARIES = {"aux", "auxpass"}

_Row = tuple[TriggerRow, list[frozenset[int]]]  # with what its sentence needs to have


@dataclass(frozen=True)
class Candidate:
    anchor: Token
    row: TriggerRow


def candidates(sentence: Span, book: TriggerBook) -> list[Candidate]:
    """For each token the row that fits it and asks for most; tokens whose best row says NONE give nothing."""
    return [reading for reading in readings(sentence, book) if reading.row.event_type != NO_EVENT]


@lru_cache(maxsize=1)
def readings(sentence: Span, book: TriggerBook) -> tuple[Candidate, ...]:
    """As candidates, with those tokens too of which the book says that they tell no event."""
    return tuple(_readings(sentence, book))


def _readings(sentence: Span, book: TriggerBook) -> Iterator[Candidate]:
    numbers, rows_of = _numbers(book), _rows(book)
    tokens = _tokens(sentence.doc)[sentence.start : sentence.end]
    present: set[int] = set()
    for offset, (part, lemma, _, _) in enumerate(tokens):
        if (part, lemma) not in numbers:
            continue
        token = sentence[offset]
        kind = _PARTS[token.pos_]
        rows = rows_of.get((lemma_of(token), kind)) or rows_of.get((token.lemma_.lower(), kind))
        if rows and token.dep_ not in _AUXILIARIES and token.lower_ not in _LIKE_PREPOSITIONS:
            present = present or {number for four in tokens for number in four}
            row = _best(Frame(token), rows, present)
            if row is not None:
                yield Candidate(token, row)


def _best(frame: Frame, rows: list[_Row], present: set[int]) -> TriggerRow | None:
    """The first row, by weight, whose conditions all hold. What excludes goes by heads: "met the budget director" meets no budget."""
    for row, needs in rows:
        for needed in needs:
            if present.isdisjoint(needed):
                break
        else:
            excludes = row.event_type == NO_EVENT
            if all(_holds(frame, condition, excludes or condition.forbidden) for condition in row.conditions):
                return row
    return None


def _holds(frame: Frame, condition: Condition, heads_alone: bool) -> bool:
    for name, asked in condition.options:
        words = frame.words(name)[heads_alone]
        if not words.isdisjoint(asked) if asked else words:
            return not condition.forbidden
    return condition.forbidden


@lru_cache(maxsize=2)
def _numbers(book: TriggerBook) -> set[tuple[int, int]]:
    """The numbers of part of speech and lemma of all triggers, and of the last parts of hyphenated ones."""
    parts = {part: [get_string_id(name) for name, other in _PARTS.items() if other == part] for part in _PARTS.values()}
    return {
        (number, get_string_id(word))
        for lemma, part in book.by_lemma
        for number in parts[part]
        for word in (lemma, lemma.rpartition("-")[2])
    }


@lru_cache(maxsize=2)
def _rows(book: TriggerBook) -> dict[tuple[str, str], list[_Row]]:
    return {key: [(row, _needs(row)) for row in rows] for key, rows in book.by_lemma.items()}


def _needs(row: TriggerRow) -> list[frozenset[int]]:
    return [needed for condition in row.conditions if (needed := _needed(condition))]


@lru_cache(maxsize=10_000)  # rows share their conditions
def _needed(condition: Condition) -> frozenset[int] | None:
    """The numbers of the words that a condition asks for, or of its preposition: one of them must be in the sentence."""
    if condition.forbidden or not all(asked or name in PREPOSITIONS for name, asked in condition.options):
        return None
    words = {word for name, asked in condition.options for word in asked or {name}}
    return frozenset(get_string_id(part) for word in words for part in (word, word.rpartition("-")[2]))


@lru_cache(maxsize=1)
def _tokens(doc: Doc) -> list[tuple[int, int, int, int]]:
    """spaCy's numbers of part of speech, lemma, form and entity label of each token."""
    return [(part, lemma, form, label) for part, lemma, form, label in doc.to_array([POS, LEMMA, LOWER, ENT_TYPE]).tolist()]
