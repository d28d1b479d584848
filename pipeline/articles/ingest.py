"""Articles of inboxes into partitions of the lake: new ones to be coded, duplicates, rejects, and the ledger of all records.

*All or nothing*: see ledger.py. An attempt killed anywhere leaves no batch; run again, it ends as if never interrupted,
since everything is derived anew from the files and from completed batches alone.
*Each file once*: a file whose name, bytes and limits are those of a file that a completed batch read is not read again; its
counts and shards are taken from the ledger. A whole input that was read before is answered from its manifest.
*Each article once*: an article that a completed batch stored is not stored again, whatever file brings it.
*Bounded*: records are staged on disk as they are read; only a chunk of articles is ever in memory.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import duckdb
import polars as pl

from pipeline.articles import known, ledger
from pipeline.articles.ledger import DUPLICATE_SHARD, Ingested, Staging
from pipeline.articles.reading import read_file
from pipeline.articles.records import Reject, identity
from pipeline.articles.rejects import Refusal
from pipeline.articles.sources import InboxFile, list_files
from pipeline.articles.stage import DUPLICATES_WRITTEN, FILES_WRITTEN, RECORDS_WRITTEN, REJECTS_WRITTEN, Stage
from pipeline.articles.tombstones import tombstones
from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLE_RECORDS, DUPLICATES, FILES, RECORDS, REJECTS
from pipeline.partitions import write_partition

_log = logging.getLogger(__name__)

# Part of every batch id and file id: raise it when files must be read again because reading has changed.
_READER = "1"
_BLOCK = 2**20
_SEEN = """
select distinct on (file_id) file_id, record_count, rejected_count, shards
from earlier.files
semi join asked using (file_id)
where rejected_count = 0 or $refused_too
"""


@dataclass(frozen=True)
class _Input:
    """A file to read and what it is recognised by. content_hash is None where its bytes could not be read whole."""

    file: InboxFile | Reject
    file_id: str
    content_hash: str | None


@dataclass(frozen=True)
class _Seen:
    """What a file gave when an earlier batch read it."""

    record_count: int
    rejected_count: int
    shards: list[str]


def ingest_articles(inboxes: Sequence[str], workspace: Workspace, settings: Settings, *, again: bool = False) -> Ingested:
    """Reads the inboxes into the workspace's lake and returns what was found; the same input gives the same batch.

    again: reads those files again of which something was refused, in a batch of its own.

    Writes lake/article_records/<shard>.parquet and duplicates-<hash>.parquet, and <batch_id>.parquet below lake/records,
    rejects, duplicates and files. Raises InputError where an inbox does not exist, WarehouseLocked while another run reads.
    """
    with ledger.only_ingestion(workspace):
        inputs = _inputs(inboxes, settings)
        attempt = (len(ledger.completed_ids(workspace)),) if again else ()
        batch_id = identity(_READER, json.dumps(_choices(settings)), *attempt, *sorted(one.file_id for one in inputs))
        if done := ledger.load(workspace, batch_id):
            return done
        try:
            return _ingest(inputs, batch_id, workspace, settings, again)
        except duckdb.Error as error:
            if not known.drop_damaged(workspace):
                raise
            _log.warning("%s; what is known is copied anew from the lake", error)
            ledger.undo_killed(workspace)
            return _ingest(inputs, batch_id, workspace, settings, again)


def _ingest(inputs: list[_Input], batch_id: str, workspace: Workspace, settings: Settings, again: bool) -> Ingested:
    staging = Staging(workspace, batch_id)
    with Stage(staging.folder, workspace, known.caught_up(workspace)) as stage:
        seen = _seen(stage, inputs, again)
        for one in inputs:
            if one.file_id not in seen:
                found = [one.file] if isinstance(one.file, Reject) else read_file(one.file, settings)
                stage.read(found, one.file_id if one.content_hash else None, one.content_hash)
        stage.judge(tombstones(workspace).articles, settings.near_duplicate_similarity)
        stored = _write_articles(stage, workspace, staging, settings)
        _write_ledger(stage, batch_id, workspace, staging)
        batch = _summary(stage, batch_id, stored, list(seen.values()))
    ledger.complete(workspace, batch)
    staging.remove()
    return batch


def _inputs(inboxes: Sequence[str], settings: Settings) -> list[_Input]:
    """The files with their ids; the same file found twice is read once."""
    rules = json.dumps({name: value for name, value in _choices(settings).items() if name.startswith("max_")})
    found = {one.file_id: one for one in (_input(file, rules, settings) for file in list_files(inboxes))}
    return list(found.values())


def _input(file: InboxFile | Reject, rules: str, settings: Settings) -> _Input:
    if isinstance(file, Reject):
        return _Input(file, identity(_READER, rules, file.locator, file.reason, file.evidence), None)
    try:
        content, is_whole = _hash(file, settings.max_file_bytes)
    except (OSError, Refusal) as error:  # told again, as a reject, when the file is read
        return _Input(file, identity(_READER, rules, file.locator, "unreadable", type(error).__name__), None)
    return _Input(file, identity(_READER, rules, file.locator, file.size, content), content if is_whole else None)


def _hash(file: InboxFile, limit: int) -> tuple[str, bool]:
    """SHA-256 of the bytes up to the limit, beyond which nothing is read, and whether these are all."""
    hashed, left = hashlib.sha256(), limit
    with file.open() as stream:
        while left and (block := stream.read(min(_BLOCK, left))):
            hashed.update(block)
            left -= len(block)
        return hashed.hexdigest(), not stream.read(1)


def _choices(settings: Settings) -> dict[str, int | float | str]:
    """The settings that decide what an ingestion gives."""
    names = ("shard_articles", "near_duplicate_similarity")
    return {name: value for name, value in asdict(settings).items() if name in names or name.startswith("max_")}


def _seen(stage: Stage, inputs: Iterable[_Input], again: bool) -> dict[str, _Seen]:
    """What the ledger says of those inputs that a completed batch read; again: and that were read without a refusal."""
    stage.database.register("asked", pl.DataFrame({"file_id": [one.file_id for one in inputs]}, schema={"file_id": pl.String}))
    rows = stage.database.execute(_SEEN, {"refused_too": not again}).fetchall()
    return {file_id: _Seen(records, rejected, shards) for file_id, records, rejected, shards in rows}


def _write_articles(stage: Stage, workspace: Workspace, staging: Staging, settings: Settings) -> tuple[str, ...]:
    """Shards of the new articles, and apart from them shards of those that are not coded; returns their names."""
    _, _, fresh, silent = stage.counts()
    names = []
    for prefix, is_silent, total in (("", False, fresh - silent), (DUPLICATE_SHARD, True, silent)):
        for shard in _evenly(stage.fresh_articles(), is_silent, total, settings.shard_articles):
            name = prefix + identity(*sorted(shard["article_id"]))
            write_partition(shard, ARTICLE_RECORDS, staging.announce(ledger.article_path(workspace, name)))
            stage.note_stored(shard, name)
            names.append(name)
    return tuple(names)


def _evenly(chunks: Iterator[pl.DataFrame], is_silent: bool, total: int, at_most: int) -> Iterator[pl.DataFrame]:
    """Frames of equal size, give or take one, and of at_most rows; an even number of them, so that two workers end together."""
    if not total:
        return
    count = -(-total // at_most)
    count += count % 2 if count > 1 else 0
    pending = pl.DataFrame(schema=ARTICLE_RECORDS.polars_schema)
    for chunk in chunks:
        pending = pl.concat([pending, chunk.filter(pl.col("is_silent") == is_silent).select(pending.columns)])
        while total and pending.height >= (size := -(-total // count)):
            yield pending.head(size)
            pending, total, count = pending.slice(size), total - size, count - 1


def _write_ledger(stage: Stage, batch_id: str, workspace: Workspace, staging: Staging) -> None:
    written = ((RECORDS_WRITTEN, RECORDS), (REJECTS_WRITTEN, REJECTS), (DUPLICATES_WRITTEN, DUPLICATES), (FILES_WRITTEN, FILES))
    for query, table in written:
        stage.write(query, batch_id, table, staging.announce(workspace.lake / table.name / f"{batch_id}.parquet"))


def _summary(stage: Stage, batch_id: str, stored: tuple[str, ...], seen: list[_Seen]) -> Ingested:
    records, rejected, fresh, duplicates = stage.counts()
    rejected_before = sum(file.rejected_count for file in seen)
    known_before = sum(file.record_count for file in seen) - rejected_before
    shards = {name for file in seen for name in file.shards} | stage.shards()
    return Ingested(
        batch_id=batch_id,
        shards=tuple(sorted(shards)),
        records=records + known_before + rejected_before,
        new_articles=fresh - duplicates,
        known=records - rejected - fresh + known_before,
        duplicates=duplicates,
        rejected=rejected + rejected_before,
        stored=stored,
    )
