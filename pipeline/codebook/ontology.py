"""PLOVER's event types, modes and contexts with their scores, and the crosswalk to CAMEO.

Facts come from the PLOVER and CAMEO tables (see NOTICE); definitions are ours.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipeline import resources
from pipeline.codebook.seed_files import read_seed
from pipeline.contracts import EVENT_TYPE_TABLE, EVENT_TYPES, QUAD_CLASSES
from pipeline.errors import SeedError


@dataclass(frozen=True)
class EventType:
    """An event type, or one mode of it. intensity: -10 (worst conflict) to 10."""

    event_type: str
    mode: str | None
    quad_class: str
    intensity: float
    definition: str


@dataclass(frozen=True)
class Cameo:
    cameo_code: str
    goldstein_score: float


class Ontology:
    """Looks up what a type and mode mean: quad class, intensity, CAMEO code, Goldstein score."""

    def __init__(
        self,
        types: Iterable[EventType],
        contexts: dict[str, str],
        goldstein: dict[str, float],
        crosswalk: Iterable[tuple[str, str | None, str | None, str]],
    ) -> None:
        self.types = {(kind.event_type, kind.mode): kind for kind in types}
        self.contexts = contexts
        self._goldstein = goldstein
        self._crosswalk: defaultdict[str, list[tuple[str | None, str | None, str]]] = defaultdict(list)
        for event_type, mode, context, code in crosswalk:
            self._crosswalk[event_type].append((mode, context, code))

    def event_type(self, event_type: str, mode: str | None) -> EventType:
        """The row of a type and mode; KeyError where the codebook has none."""
        return self.types[event_type, mode]

    def cameo(self, event_type: str, mode: str | None, contexts: Iterable[str]) -> Cameo:
        """The most specific CAMEO code that mode and contexts allow; ties go to the smallest code."""
        present = set(contexts)
        rows = self._crosswalk[event_type]
        fitting = [row for row in rows if row[0] in (mode, None) and (row[1] is None or row[1] in present)]
        # A type without a general row, such as ACCUSE, falls back on its modes' codes.
        best = min(fitting or rows, key=lambda row: (row[0] != mode, row[1] is None, -len(row[2]) if row[1] else len(row[2]), row[2]))
        return Cameo(best[2], self._goldstein[best[2]])

    def table(self) -> pl.DataFrame:
        """All types and modes, in the shape of contracts.EVENT_TYPE_TABLE."""
        rows = []
        for (event_type, mode), kind in sorted(self.types.items(), key=lambda item: (item[0][0], item[0][1] or "")):
            cameo = self.cameo(event_type, mode, ())
            rows.append(
                {
                    "event_type_id": f"{event_type}-{mode}" if mode else event_type,
                    "event_type": event_type,
                    "mode": mode,
                    "quad_class": kind.quad_class,
                    "intensity": kind.intensity,
                    "cameo_code": cameo.cameo_code,
                    "goldstein_score": cameo.goldstein_score,
                    "definition": kind.definition,
                }
            )
        return pl.DataFrame(rows, schema=EVENT_TYPE_TABLE.polars_schema)


def load_ontology(folder: Path = resources.SEEDS / "codebook") -> Ontology:
    """Reads event_types.csv, contexts.csv, cameo.csv and cameo_crosswalk.csv; SeedError where they do not fit together."""
    types = [
        _event_type(row.values)
        for row in read_seed(folder / "event_types.csv", ("event_type", "mode", "quad_class", "intensity", "definition"))
    ]
    contexts = {row["context"]: row["definition"] for row in read_seed(folder / "contexts.csv", ("context", "definition"))}
    goldstein = {
        row["cameo_code"]: float(row["goldstein_score"])
        for row in read_seed(folder / "cameo.csv", ("cameo_code", "name", "goldstein_score"))
    }
    known = {(kind.event_type, kind.mode) for kind in types}
    if missing := set(EVENT_TYPES) - {kind.event_type for kind in types}:
        raise SeedError(f"event_types.csv: no row for {sorted(missing)}")
    crosswalk = []
    for row in read_seed(folder / "cameo_crosswalk.csv", ("event_type", "mode", "context", "cameo_code")):
        if (row["event_type"], row["mode"] or None) not in known:
            raise row.error(f"event_types.csv has no {row['event_type']} {row['mode']}")
        if row["context"] and row["context"] not in contexts:
            raise row.error(f"contexts.csv has no context {row['context']!r}")
        if row["cameo_code"] not in goldstein:
            raise row.error(f"cameo.csv has no code {row['cameo_code']!r}")
        crosswalk.append((row["event_type"], row["mode"] or None, row["context"] or None, row["cameo_code"]))
    return Ontology(types, contexts, goldstein, crosswalk)


def _event_type(values: dict[str, str]) -> EventType:
    if values["quad_class"] not in QUAD_CLASSES:
        raise SeedError(f"event_types.csv: {values['event_type']}: unknown quad class {values['quad_class']!r}")
    return EventType(values["event_type"], values["mode"] or None, values["quad_class"], float(values["intensity"]), values["definition"])
