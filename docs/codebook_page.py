"""The generated parts of docs/CODEBOOK.md, from seeds/codebook."""

from collections.abc import Iterable, Iterator

from pipeline import resources
from pipeline.codebook.examples import Example, load_examples
from pipeline.codebook.ontology import EventType, Ontology, load_ontology
from pipeline.codebook.seed_files import read_seed
from pipeline.contracts import EVENT_TYPES, STATUSES

_SEEDS = resources.SEEDS / "codebook"
_CUES = 5  # of a context that are shown


def parts() -> dict[str, list[str]]:
    """The lines of each generated part, by the name of its marker."""
    ontology = load_ontology()
    examples = load_examples(ontology)
    return {
        "overview": _overview(ontology),
        "types": [line for kind in EVENT_TYPES for line in _type(kind, ontology, examples)],
        "statuses": _statuses(examples),
        "contexts": _contexts(ontology, examples),
        "missed": _missed(examples),
    }


def _table(*columns: str) -> list[str]:
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in cells)} |"


def _overview(ontology: Ontology) -> list[str]:
    kinds = (ontology.event_type(kind, None) for kind in EVENT_TYPES)
    rows = [
        _row(f"[{kind.event_type}](#{kind.event_type.lower()})", kind.quad_class, _score(kind.intensity), kind.definition) for kind in kinds
    ]
    return [*_table("type", "quad class", "intensity", "what it is"), *rows]


def _score(value: float) -> str:
    return f"{value:g}"


def _type(name: str, ontology: Ontology, examples: list[Example]) -> Iterator[str]:
    kinds = [kind for kind in ontology.types.values() if kind.event_type == name]
    yield from ("", f"### {name}", "", f"{kinds[0].definition} {kinds[0].quad_class.capitalize()}.", "")
    yield from _table("mode", "intensity", "CAMEO", "Goldstein", "what belongs here")
    yield from (_mode(kind, ontology) for kind in kinds)
    yield from ("", *_table("example", "event"))
    yield from (_row(example.sentence, _event(example)) for example in _shown(examples, name))


def _mode(kind: EventType, ontology: Ontology) -> str:
    cameo = ontology.cameo(kind.event_type, kind.mode, ())
    own: dict[str, list[str]] = {}
    for context in ontology.contexts:
        other = ontology.cameo(kind.event_type, kind.mode, (context,)).cameo_code
        if other != cameo.cameo_code:
            own.setdefault(other, []).append(context)
    codes = "; ".join([cameo.cameo_code, *(f"{code} in {', '.join(contexts)}" for code, contexts in sorted(own.items()))])
    modeless = sum(other.event_type == kind.event_type for other in ontology.types.values()) == 1
    definition = kind.definition if kind.mode else "all; the type has no modes" if modeless else "where no mode applies"
    return _row(kind.mode or "(none)", _score(kind.intensity), codes, _score(cameo.goldstein_score), definition)


def _shown(examples: Iterable[Example], kind: str) -> list[Example]:
    return [example for example in examples if example.event_type == kind and example.is_coded]


def _event(example: Example) -> str:
    """ "Norway > SANCTION-withdraw > Chad"; the status where it is not actual."""
    kind = "-".join(filter(None, (example.event_type, example.mode)))
    told = f"{example.source or '?'} > {kind} > {example.target or '(none)'}"
    return told if example.status == "actual" else f"{told} ({example.status})"


def _statuses(examples: list[Example]) -> list[str]:
    rows = []
    for status in STATUSES:
        example = next(example for example in examples if example.status == status and example.is_coded)
        rows.append(_row(status, example.sentence, _event(example)))
    return [*_table("status", "example", "event"), *rows]


def _contexts(ontology: Ontology, examples: list[Example]) -> list[str]:
    cues: dict[str, list[str]] = {}
    for row in read_seed(_SEEDS / "context_cues.csv", ("context", "cue")):
        cues.setdefault(row["context"], []).append(row["cue"])
    rows = []
    for context, definition in ontology.contexts.items():
        example = next(example for example in examples if example.context == context and example.is_coded)
        rows.append(_row(context, definition, ", ".join(cues.get(context, [])[:_CUES]), example.sentence))
    return [*_table("context", "what it is", "cues, such as", "example"), *rows]


def _missed(examples: list[Example]) -> list[str]:
    rows = [_row(example.sentence, _event(example)) for example in examples if not example.is_coded]
    return [*_table("sentence", "event that should be coded"), *rows] if rows else ["None that we know of."]
