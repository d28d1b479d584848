"""Example sentences of the codebook, written for this project: what the coder should make of each. They are also tests."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline import resources
from pipeline.codebook.ontology import Ontology
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.contracts import STATUSES

PUBLISHED = date(2024, 3, 4)
"""The day on which the examples are taken to be published: it tells news from history."""

_COLUMNS = ("event_type", "mode", "sentence", "source", "target", "status", "context", "is_coded")


@dataclass(frozen=True)
class Example:
    """A sentence and an event in it; source and target are the words of their phrases, None where there is none."""

    event_type: str
    mode: str | None
    sentence: str
    source: str | None
    target: str | None
    status: str
    context: str | None  # one of the event's contexts, where the sentence is an example of it
    is_coded: bool  # whether the coder, as it is, finds the event


def load_examples(ontology: Ontology, folder: Path = resources.SEEDS / "codebook") -> list[Example]:
    """Reads examples.csv; SeedError for unknown types, modes, contexts and statuses, for roles that the sentence lacks, and repetitions."""
    examples: dict[tuple[str, str], Example] = {}
    for row in read_seed(folder / "examples.csv", _COLUMNS):
        example = _example(row, ontology)
        if examples.setdefault((example.sentence, example.event_type), example) is not example:
            raise row.error(f"{example.sentence!r} stands twice as {example.event_type}")
    return list(examples.values())


def _example(row: SeedRow, ontology: Ontology) -> Example:
    kind, mode, sentence, context = row["event_type"], row["mode"] or None, row["sentence"], row["context"] or None
    if (kind, mode) not in ontology.types:
        raise row.error(f"event_types.csv has no {kind} {mode}")
    if context is not None and context not in ontology.contexts:
        raise row.error(f"contexts.csv has no context {context!r}")
    if row["status"] not in STATUSES or row["is_coded"] not in ("yes", "no"):
        raise row.error(f"status {row['status']!r} is none of {', '.join(STATUSES)}, or is_coded {row['is_coded']!r} neither yes nor no")
    if missing := [role for role in ("source", "target") if row[role] not in sentence]:
        raise row.error(f"{missing[0]} {row[missing[0]]!r} does not stand in the sentence")
    return Example(kind, mode, sentence, row["source"] or None, row["target"] or None, row["status"], context, row["is_coded"] == "yes")
