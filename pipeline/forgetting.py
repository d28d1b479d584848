"""An article or a person, forgotten on request: out of lake, work file, published file, reports and what lies beside them.

*A tombstone first*: whatever is cut off afterwards is done by the same request made again, and what comes in later is scrubbed as it
is loaded (articles/tombstones.py).
*No copy kept*: files are written anew, so that no free space holds what was deleted. What lies outside, the files in the inbox and
exports that were handed on, is told, and left to whoever has them.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import polars as pl

from pipeline import flow
from pipeline.articles import completed_batches, known
from pipeline.articles.ledger import only_ingestion
from pipeline.articles.tombstones import Tombstones, bury, name_hash, scrub_lake, tombstone, tombstones, words
from pipeline.codebook.actors import load_actor_book
from pipeline.config import Settings, Workspace
from pipeline.contracts import FORGOTTEN
from pipeline.errors import InputError
from pipeline.recoding import ASIDE
from pipeline.warehouse import compact, refuse_unpublished, writer
from pipeline.warehouse.ducklake import write_afresh
from pipeline.warehouse.erasing import articles_alike, erase, erase_notes


@dataclass(frozen=True)
class Forgotten:
    """What became of a request."""

    articles: int
    """Articles that were asked for, with those that tell the same text and those that they replaced."""
    sources: list[str]
    """Files of the inbox that brought what was forgotten, and hold it still."""
    exports: list[Path]
    """Folders of exports that were written before."""


def forget(articles: Sequence[str], persons: Sequence[str], reason: str, workspace: Workspace, settings: Settings) -> Forgotten:
    """Forgets articles, by id, with those that tell the same text and those that they replaced; and persons, by name.

    InputError where nothing is published, nothing or no reason is given, an article is not stored, or a name has one word or is that of
    someone whom seeds/actors lists.
    ValidationFailed where the tables no longer pass their audit; WarehouseLocked while another process works, or a batch waits.
    """
    if not (articles or persons):
        raise InputError("say what to forget: --article ID or --person 'First Last'")
    if not reason.strip():
        raise InputError("give the reason in words: --reason '…'")
    if not workspace.warehouse.exists():
        raise InputError(f"{workspace.warehouse}: no warehouse is published here; nothing to forget")
    names = [_name(person) for person in persons]
    # As long as it stands, what is built and not published yet is a request's own. It holds the files that brought what is erased.
    unfinished = workspace.work / "forgetting"
    if not unfinished.exists():
        with writer(workspace, settings) as connection:
            refuse_unpublished(connection, workspace)
    alike = articles_alike(list(articles), workspace, settings)
    if missing := sorted(set(articles) - set(alike)):
        raise InputError(f"no article {missing[0]!r} is stored; the column article_id of articles has the ids")
    now = datetime.now(UTC)
    asked = [tombstone(article_id, None, reason, now) for article_id in alike]
    asked += [tombstone(name_hash(name), len(name), reason, now) for name in names]
    unfinished.touch()
    with only_ingestion(workspace):
        bury(pl.DataFrame(asked, schema=FORGOTTEN.polars_schema), workspace)
        forgotten = tombstones(workspace)
        for batch in completed_batches(workspace):
            scrub_lake(batch, forgotten, workspace)
        known.drop(workspace)
    sources = sorted({*unfinished.read_text(encoding="utf-8").splitlines(), *erase(forgotten, workspace, settings)})
    unfinished.write_text("\n".join(sources), encoding="utf-8")
    _remove_told(forgotten, workspace)
    _publish(f"forget-{now:%Y-%m-%d-%H%M%S}", workspace, settings)
    unfinished.unlink()
    return Forgotten(len(alike), sources, [path for path in workspace.exports.glob("*") if path.is_dir()])


def _name(person: str) -> list[str]:
    name = words(person)
    if len(name) < 2:
        raise InputError(f"{person!r} is one word; give first and last name, as one word would take all who bear it")
    book = load_actor_book()
    listed = [actor.name for actor in book.actors.values()] + [alias.text for alias in book.aliases]
    if name in map(words, listed):
        raise InputError(f"{person!r} is an actor that seeds/actors lists for its public role; take it out there first")
    return name


def _publish(batch_id: str, workspace: Workspace, settings: Settings) -> None:
    """Audits what is left, publishes it, and writes all files anew."""
    release = flow.republish(batch_id, workspace, settings)
    if settings.ducklake:
        write_afresh(release.number, workspace, settings)
    erase_notes(tombstones(workspace), workspace, settings)
    compact(workspace, settings)


def _shows(path: Path, forgotten: Tombstones) -> bool:
    shown = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".html":
        shown = unescape(shown)
    elif path.suffix == ".json":
        shown = json.dumps(json.loads(shown), ensure_ascii=False)  # where accents were escaped
    return forgotten.names(shown) or any(article_id in shown for article_id in forgotten.articles)


def _remove_told(forgotten: Tombstones, workspace: Workspace) -> None:
    """Copies of the work file, and reports that show what was forgotten."""
    for path in [*workspace.work.glob(f"{ASIDE}.duckdb*"), *workspace.work.glob("unusable.duckdb*")]:
        path.unlink()
    for folder in (workspace.work / "validations", workspace.site):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (".json", ".html", ".jsonl") and _shows(path, forgotten):
                path.unlink()
