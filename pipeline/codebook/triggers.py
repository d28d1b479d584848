"""Triggers: which words tell which event, and from which slots its roles are read.

A row of triggers.csv is one word in one construction. `conditions` are words that must stand in slots of the trigger:
`obj:@sanctions on:*` asks for an object of the class "sanctions" and anything behind "on"; `obj:!@goals` forbids. Of the
rows that fit, the one with the most conditions wins, so that special senses are further rows and not exceptions in code.
The type NONE marks constructions that look like events and are none ("met the criteria").

A row of operators.csv is a word that changes the event in its complement: "refused to", "threatened to", "halted".
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pipeline import resources
from pipeline.codebook.ontology import Ontology
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.errors import SeedError

PARTS_OF_SPEECH = {"verb", "noun", "adjective"}
EFFECTS = ("commit", "intend", "refuse", "request", "stop", "start", "fail", "allege", "oppose", "approve")
NO_EVENT = "NONE"


@dataclass(frozen=True)
class Condition:
    """Words that a slot must hold (or must not). Empty words: anything will do."""

    slot: str
    words: frozenset[str]
    forbidden: bool


@dataclass(frozen=True)
class TriggerRow:
    """A word in one construction, and the event that it tells."""

    trigger_id: str
    lemma: str
    part_of_speech: str
    conditions: tuple[Condition, ...]
    source: tuple[str, ...]
    target: tuple[str, ...]
    event_type: str
    mode: str | None
    reciprocal: bool


@dataclass(frozen=True)
class Operator:
    """A word that changes the event of its complement."""

    lemma: str
    part_of_speech: str
    complement: str  # clause or noun
    effect: str


class TriggerBook:
    """All triggers by lemma and part of speech, and all operators by lemma, part of speech and complement."""

    def __init__(self, rows: list[TriggerRow], operators: list[Operator]) -> None:
        self.rows = rows
        self.by_lemma: defaultdict[tuple[str, str], list[TriggerRow]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (-len(row.conditions), row.trigger_id)):
            self.by_lemma[row.lemma, row.part_of_speech].append(row)
        self.operators = {(operator.lemma, operator.part_of_speech, operator.complement): operator.effect for operator in operators}
        self.lemmas = {lemma for lemma, _ in self.by_lemma}


def load_triggers(ontology: Ontology, folder: Path = resources.SEEDS / "codebook") -> TriggerBook:
    """Reads triggers.csv, operators.csv and word_classes.csv; SeedError for clashes, unknown types, classes and slots."""
    classes: defaultdict[str, set[str]] = defaultdict(set)
    for row in read_seed(folder / "word_classes.csv", ("word_class", "lemma")):
        classes[row["word_class"]].add(row["lemma"])
    columns = ("lemma", "part_of_speech", "conditions", "source", "target", "event_type", "mode", "reciprocal")
    rows = [_trigger(row, classes, ontology) for row in read_seed(folder / "triggers.csv", columns)]
    _check_clashes(rows)
    operators = [_operator(row) for row in read_seed(folder / "operators.csv", ("lemma", "part_of_speech", "complement", "effect"))]
    return TriggerBook(rows, operators)


def _trigger(row: SeedRow, classes: dict[str, set[str]], ontology: Ontology) -> TriggerRow:
    if row["part_of_speech"] not in PARTS_OF_SPEECH:
        raise row.error(f"part of speech {row['part_of_speech']!r} is none of {sorted(PARTS_OF_SPEECH)}")
    kind, mode = row["event_type"], row["mode"] or None
    if kind != NO_EVENT and (kind, mode) not in ontology.types:
        raise row.error(f"event_types.csv has no {kind} {mode}")
    conditions = tuple(_condition(row, text, classes) for text in row["conditions"].split())
    name = "+".join([f"{row['lemma']}.{row['part_of_speech']}", *row["conditions"].split()])
    return TriggerRow(
        trigger_id=name,
        lemma=row["lemma"],
        part_of_speech=row["part_of_speech"],
        conditions=conditions,
        source=tuple(row["source"].split("|")) if row["source"] else (),
        target=tuple(row["target"].split("|")) if row["target"] else (),
        event_type=kind,
        mode=mode,
        reciprocal=row["reciprocal"] == "yes",
    )


def _condition(row: SeedRow, text: str, classes: dict[str, set[str]]) -> Condition:
    slot, colon, words = text.partition(":")
    if not colon or not words:
        raise row.error(f"condition {text!r} is not slot:words")
    forbidden, words = words.startswith("!"), words.removeprefix("!")
    lemmas: set[str] = set()
    for word in words.split("|"):
        if word.startswith("@"):
            if word[1:] not in classes:
                raise row.error(f"word_classes.csv has no class {word[1:]!r}")
            lemmas |= classes[word[1:]]
        elif word != "*":
            lemmas.add(word)
    return Condition(slot.replace("_", " "), frozenset(lemmas), forbidden)


def _operator(row: SeedRow) -> Operator:
    if row["effect"] not in EFFECTS or row["complement"] not in ("clause", "noun"):
        raise row.error(f"effect {row['effect']!r} is none of {list(EFFECTS)}, or complement is neither clause nor noun")
    return Operator(row["lemma"], row["part_of_speech"], row["complement"], row["effect"])


def _check_clashes(rows: list[TriggerRow]) -> None:
    seen: dict[str, TriggerRow] = {}
    for row in rows:
        other = seen.setdefault(row.trigger_id, row)
        if other is not row:
            raise SeedError(f"triggers.csv: {row.trigger_id} stands twice, as {other.event_type} and as {row.event_type}; keep one")
