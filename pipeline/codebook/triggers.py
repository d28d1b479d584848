"""Triggers: which words tell which event, and from which slots its roles are read.

A row of triggers.csv is one word in one construction. `conditions` are words that must stand in slots of the trigger:
`obj:@sanctions on:*` asks for an object of the class "sanctions" and anything behind "on"; `on:*|against:*` for either;
`obj:!@goals` forbids words, `obj:!*` any object. Words in capitals are labels of entities: `obj:PERSON`. Of the rows that
fit, the one that asks for most wins, so that special senses are further rows and not exceptions in code. The type NONE
marks constructions that look like events and are none ("met the criteria").

A row of operators.csv is a word, or a verb with its particle, that changes the event in its complement: "refused to",
"threatened to", "called off".
"""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from pipeline import resources
from pipeline.codebook.ontology import Ontology
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.errors import SeedError

PARTS_OF_SPEECH = {"verb", "noun", "adjective"}
EFFECTS = ("commit", "announce", "decide", "intend", "refuse", "request", "wish", "stop", "start", "fail", "allege")
COMPLEMENTS = ("clause", "infinitive", "noun")
NO_EVENT = "NONE"
SLOTS = {
    "subj", "obj", "iobj", "poss", "amod", "compound", "prt", "xcomp", "acomp", "oprd", "advmod", "attr", "aux", "neg",
    "clause", "clause_aux", "clause_attr", "mark", "if", "within", "entity",
}  # fmt: skip
PREPOSITIONS = set(
    "about across after against ahead along alongside amid among around as aside at away back before behind beside between by down"
    " during following for from in inside into near of off on onto out outside over past regarding through throughout to toward"
    " towards under until upon with within without".split()
)


@dataclass(frozen=True)
class Condition:
    """Words that one of the slots must hold (or that none may). Empty words: anything."""

    options: tuple[tuple[str, frozenset[str]], ...]
    forbidden: bool

    @property
    def weight(self) -> int:
        """How much it asks for: certain words more than anything, and either more than the absence of some."""
        if self.forbidden:
            return 1
        return 3 if all(words for _, words in self.options) else 2


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

    @property
    def weight(self) -> int:
        return sum(condition.weight for condition in self.conditions)


@dataclass(frozen=True)
class Operator:
    """A word that changes the event of its complement."""

    lemma: str
    part_of_speech: str
    complement: str  # clause, infinitive (a clause that names a deed to do) or noun
    effect: str


class TriggerBook:
    """All triggers by lemma and part of speech, and all operators by lemma, part of speech and complement."""

    def __init__(self, rows: list[TriggerRow], operators: list[Operator], word_classes: dict[str, set[str]]) -> None:
        self.rows = rows
        self.word_classes = word_classes
        self.by_lemma: defaultdict[tuple[str, str], list[TriggerRow]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: (-row.weight, row.trigger_id)):
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
    _check_operators(operators)
    return TriggerBook(rows, operators, dict(classes))


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
        source=_slots(row, "source"),
        target=_slots(row, "target"),
        event_type=kind,
        mode=mode,
        reciprocal=row["reciprocal"] == "yes",
    )


def _condition(row: SeedRow, text: str, classes: dict[str, set[str]]) -> Condition:
    slot, colon, words = text.partition(":")
    if not colon or not words:
        raise row.error(f"condition {text!r} is not slot:words")
    forbidden, words = words.startswith("!"), words.removeprefix("!")
    options: dict[str, set[str]] = {}
    for word in words.split("|"):
        before, colon, after = word.rpartition(":")
        slot, word = (before, after) if colon else (slot, word)
        options.setdefault(_slot(row, slot), set()).update(_lemmas(row, word, classes))
    return Condition(tuple((name, frozenset(lemmas)) for name, lemmas in options.items()), forbidden)


def _lemmas(row: SeedRow, word: str, classes: dict[str, set[str]]) -> set[str]:
    """The words that a word of a condition stands for: a class's, none for "*"."""
    if not word.startswith("@"):
        return {word} - {"*"}
    if word[1:] not in classes:
        raise row.error(f"word_classes.csv has no class {word[1:]!r}")
    return classes[word[1:]]


def _slots(row: SeedRow, column: str) -> tuple[str, ...]:
    return tuple(("@" if name.startswith("@") else "") + _slot(row, name.removeprefix("@")) for name in row[column].split("|") if name)


def _slot(row: SeedRow, name: str) -> str:
    """A slot's name; prepositions of two words are joined by "_" in the file."""
    words = name.replace("_", " ")
    if name not in SLOTS and not all(word in PREPOSITIONS for word in words.split()):
        raise row.error(f"slot {name!r} is neither one of {sorted(SLOTS)} nor a preposition")
    return words


def _operator(row: SeedRow) -> Operator:
    if row["effect"] not in EFFECTS or row["complement"] not in COMPLEMENTS:
        raise row.error(f"effect {row['effect']!r} is none of {list(EFFECTS)}, or complement {row['complement']!r} of {list(COMPLEMENTS)}")
    return Operator(row["lemma"], row["part_of_speech"], row["complement"], row["effect"])


def _check_clashes(rows: list[TriggerRow]) -> None:
    seen: dict[str, TriggerRow] = {}
    for row in rows:
        other = seen.setdefault(row.trigger_id, row)
        if other is not row:
            raise SeedError(f"triggers.csv: {row.trigger_id} stands twice, as {other.event_type} and as {row.event_type}; keep one")


def _check_operators(operators: list[Operator]) -> None:
    seen: dict[tuple[str, str, str], str] = {}
    for operator in operators:
        key = (operator.lemma, operator.part_of_speech, operator.complement)
        if key in seen:
            raise SeedError(f"operators.csv: {' '.join(key)} stands twice, as {seen[key]} and as {operator.effect}; keep one")
        seen[key] = operator.effect
