"""A coder that remembers, and an audit that lets everything pass: with them a run takes a second, and all else in it is real."""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from pipeline import flow, quality
from pipeline.codebook.actors import load_actor_book
from pipeline.codebook.ontology import load_ontology
from pipeline.coder.coder import Coder
from pipeline.coder.records import Coded
from pipeline.coding.shard import code_shard, failed_articles, is_coded
from pipeline.config import Settings, Workspace

Question = tuple[str, date | None]


def remember(coder: Coder, questions: Iterable[Question], memory: Path) -> None:
    """Adds what the coder finds in texts of certain days of publication, to a file of what it found before."""
    known = _known(memory)
    new = sorted({(text, published) for text, published in questions} - known.keys(), key=str)
    found = coder.code_all((text, published, ()) for text, published in new)
    memory.write_bytes(pickle.dumps(known | dict(zip(new, found, strict=True))))


def _known(memory: Path) -> dict[Question, Coded]:
    return pickle.loads(memory.read_bytes()) if memory.exists() else {}


class Remembering:
    """Answers what was asked before as the coder did, and fails on any other text."""

    def __init__(self, memory: Path) -> None:
        self._known = _known(memory)

    def code_all(self, questions: Iterable[tuple[str, date | None, object]]) -> Iterator[Coded]:
        return (self.code(text, published) for text, published, _ in questions)

    def code(self, text: str, published: date | None) -> Coded:
        return self._known[text, published]


def stand_in(memory: Path) -> None:
    """From now on, in this process, runs of the spine ask these two; and seeds are read once."""
    actors, event_types = load_actor_book().table(), load_ontology().table()

    def code_all(shards: Sequence[str], workspace: Workspace, settings: Settings, workers: int) -> int:
        coder = Remembering(memory)
        for shard in shards:
            if not is_coded(shard, workspace):
                code_shard(shard, workspace, coder, {}, one_by_one=False, tell=lambda *_: None)  # type: ignore[arg-type]
        return sum(failed_articles(shard, workspace) for shard in shards)

    def pass_all(work_file: Path, batch_id: str, settings: Settings, days: object = None) -> quality.Validation:
        return quality.Validation(batch_id, datetime.now(UTC), datetime.now(UTC), checks=())

    flow.code_all = code_all
    flow.load_actor_book = lambda: SimpleNamespace(table=lambda: actors)
    flow.load_ontology = lambda: SimpleNamespace(table=lambda: event_types)
    quality.validate_warehouse = pass_all
