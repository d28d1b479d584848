"""What `made_by` says, in words: the rule with its frame, the words above it that changed the event, the model.

`made_by` is "rule:" and the id of a row of seeds/codebook/triggers.csv, then what else took part, joined by "+":

    rule:recall.verb+obj:@diplomat+refuse:refuse+model:0.91
    rule:hit.verb+model:ACCUSE:0.98      the model put its own type in the place of the rule's
    model:AID:0.93                       no rule tells of it
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from pipeline.codebook.triggers import EFFECTS, TriggerRow

_SLOTS = {
    "subj": "subject", "obj": "object", "iobj": "indirect object", "poss": "possessor", "amod": "modifier", "compound": "modifier",
    "prt": "particle", "xcomp": "infinitive", "acomp": "adjective behind it", "oprd": "predicate", "advmod": "adverb",
    "attr": "predicate", "aux": "auxiliary", "neg": "negation", "clause": "clause below", "clause aux": "auxiliary of the clause below",
    "mark": "opening of the clause below", "if": "condition", "within": "noun further inside", "entity": "name of the kind",
}  # fmt: skip
_CHANGES = {
    "commit": "promised or threatened", "announce": "announced", "decide": "decided", "intend": "intended", "refuse": "refused",
    "request": "asked for", "wish": "wished", "stop": "stopped or reversed", "start": "begun", "fail": "failed", "allege": "alleged",
}  # fmt: skip
_MOST_WORDS = 6  # of a condition; the rest stands in the row


@dataclass(frozen=True)
class Maker:
    """One thing that took part in making a mention: "rule", "frame", "changed" or "model", and what it did."""

    kind: str
    words: str


def makers(made_by: str, rows: Mapping[str, TriggerRow]) -> Iterator[Maker]:
    """What made a mention; rows are those of the trigger book by id. A rule that the book no longer holds is named all the same."""
    parts = made_by.split("+")
    if not made_by.startswith("model:"):
        yield from _by_rule(parts, rows)
    for part in parts:
        if part.startswith("model:"):
            yield Maker("model", _judgement(part.removeprefix("model:"), alone=len(parts) == 1))


def _by_rule(parts: list[str], rows: Mapping[str, TriggerRow]) -> Iterator[Maker]:
    own = [part for part in parts[1:] if not _is_change(part) and not part.startswith("model:")]
    trigger_id = "+".join((parts[0].removeprefix("rule:"), *own))
    yield Maker("rule", _rule(parts[0].removeprefix("rule:"), own))
    row = rows.get(trigger_id)
    yield Maker("frame", _frame(row) if row else "the codebook of this installation holds no such row")
    for part in filter(_is_change, parts[1:]):
        effect, _, word = part.partition(":")
        yield Maker("changed", f'{_CHANGES[effect]}, by "{word}"')


def _judgement(told: str, *, alone: bool) -> str:
    """ "0.91" of a type that the rule named; "AID:0.91" of one that the model named itself."""
    event_type, _, chance = told.rpartition(":")
    if not event_type:
        return f"{chance} for this type"
    return f"{chance} for {event_type}, {'of which no rule tells' if alone else 'which it put in place of the rule’s'}"


def _is_change(part: str) -> bool:
    return part.partition(":")[0] in EFFECTS


def _rule(trigger: str, conditions: list[str]) -> str:
    lemma, dot, part_of_speech = trigger.rpartition(".")
    word = f'the {part_of_speech} "{lemma}"' if dot else f'"{trigger}"'
    return " with ".join(filter(None, (word, " and ".join(map(_condition, conditions)))))


def _condition(text: str) -> str:
    """ "obj:!@media|film" -> "object (not class media, film)"."""
    slot, _, words = text.partition(":")
    negated, words = words.startswith("!"), words.removeprefix("!")
    if words == "*":
        return f"{'no' if negated else 'any'} {_slot(slot)}"
    choices = [_choice(slot, word) for word in words.split("|")]
    more = [f"… {len(choices)} in all"] if len(choices) > _MOST_WORDS else []
    return f"{_slot(slot)} ({'not ' if negated else ''}{', '.join(choices[:_MOST_WORDS] + more)})"


def _choice(slot: str, word: str) -> str:
    other, colon, word = word.rpartition(":")
    plain = "anything" if word == "*" else f"class {word[1:]}" if word.startswith("@") else word
    return f"{_slot(other)}: {plain}" if colon and other != slot else plain


def _slot(name: str) -> str:
    name = name.replace("_", " ")
    return _SLOTS.get(name, f'phrase behind "{name}"')


def _frame(row: TriggerRow) -> str:
    told = "-".join(filter(None, (row.event_type, row.mode)))
    both = "; both directions" if row.reciprocal else ""
    return f"tells {told}; source: {_in_turn(row.source)}; target: {_in_turn(row.target)}{both}"


def _in_turn(slots: tuple[str, ...]) -> str:
    """Slots in the order in which they are looked at, neighbouring prepositions together."""
    told: list[str] = []
    for is_preposition, names in groupby(slots, key=lambda name: name.removeprefix("@") not in _SLOTS):
        if is_preposition:
            told.append("behind " + ", ".join(_country_of(name, f'"{name.removeprefix("@")}"') for name in names))
        else:
            told += [_country_of(name, _SLOTS[name.removeprefix("@")]) for name in names]
    return ", else ".join(told) or "nobody"


def _country_of(name: str, slot: str) -> str:
    return f"{slot} (its country)" if name.startswith("@") else slot
