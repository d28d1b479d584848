"""The private database of one ingestion: what was read, what of it is new, and what it repeats.

Tables: records and rejects as read; firsts, the first record of each article; known, articles of completed batches; fresh, the
articles that are neither; retired, those that a later version replaces or a notice takes back; verdicts, those that repeat
another; silent, the fresh ones that are not coded; woken, old ones that are to be coded after all. Texts stand in Parquet chunks
beside it, in the order of reading.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from pyarrow import parquet
from upath import UPath

from pipeline.articles.duplicates import find_duplicates
from pipeline.articles.ledger import DUPLICATE_SHARD
from pipeline.articles.records import Article, Reject
from pipeline.articles.signatures import signatures
from pipeline.articles.versions import find_retired
from pipeline.config import Workspace
from pipeline.contracts import ARTICLE_RECORDS, RECORDS, REJECTS, Table
from pipeline.partitions import atomic_writer, open_lake, quoted

_MEMORY = "192MB"  # DuckDB spills beyond
_CHUNK_ARTICLES = 200
_CHUNK_CHARACTERS = 8_000_000
_ROWS_AT_ONCE = 20_000

_SEQUENCE = {"seq": pl.Int64(), "file_id": pl.String()}
_RECORD_SCHEMA = pl.Schema({**_SEQUENCE, **{c.name: c.polars for c in RECORDS if c.name not in ("batch_id", "is_repeat")}})
_REJECT_SCHEMA = pl.Schema({"seq": pl.Int64(), **{c.name: c.polars for c in REJECTS if c.name != "batch_id"}})
_TEXT_SCHEMA = pl.Schema({"seq": pl.Int64(), **ARTICLE_RECORDS.polars_schema})
_SIGNED = [
    "seq", "article_id", "published_at", "band_hashes", "signature",
    "publisher_name", "external_id", "canonical_url", "updated_at", "text_length",
]  # fmt: skip

# The same record found twice, under one name in two inboxes, is one record.
_FIRSTS = """
create table kept as select * from records where seq in (select min(seq) from records group by record_id);
create table firsts as select article_id, min(seq) as seq from signed group by article_id;
"""
_KNOWN = """
create table known as
select article_id, partition as shard from earlier.article_records
where article_id in (select article_id from firsts)
"""
_FRESH = """
create table fresh as
select signed.* from signed join firsts using (article_id, seq)
where article_id not in (select article_id from known)
"""
_SILENT = """
create table silent as
select article_id from verdicts where is_fresh union select article_id from retired semi join fresh using (article_id)
"""
_WOKEN = f"""
create table woken as
select partition as shard, article_id
from earlier.article_records semi join standing using (article_id)
where partition like '{DUPLICATE_SHARD}%'
"""
RECORDS_WRITTEN = """
select
    record_id, $batch_id as batch_id, locator, record_number, file_hash, publisher_name, published_at, article_id, reject_id,
    article_id is not null and (kept.seq != firsts.seq or known.article_id is not null) as is_repeat,
from kept left join firsts using (article_id) left join known using (article_id)
where record_id not in (select record_id from earlier.records)
order by record_id
"""
REJECTS_WRITTEN = """
select * exclude (seq), $batch_id as batch_id from rejects
where reject_id not in (select reject_id from earlier.rejects)
qualify row_number() over (partition by reject_id order by seq) = 1
order by reject_id
"""
DUPLICATES_WRITTEN = "select article_id, duplicate_of, similarity from verdicts order by article_id"
FILES_WRITTEN = f"""
with places as (select article_id, shard from stored union all select article_id, shard from known)
select
    file_id,
    any_value(kept.locator[:instr(kept.locator || '!', '!') - 1]) as locator,
    count(*) as record_count,
    count(reject_id) as rejected_count,
    coalesce(list_sort(list(distinct shard) filter (shard not like '{DUPLICATE_SHARD}%')), []) as shards,
from kept left join places using (article_id)
where file_id is not null
    and file_id not in (select kept.file_id from kept join rejects using (reject_id) where reason_code = 'unreadable')
group by file_id
order by file_id
"""
_COUNTS = """
select
    (select count(*) from kept),
    (select count(reject_id) from kept),
    (select count(*) from fresh),
    (select count(*) from silent)
"""


class Stage:
    """One ingestion's database; use it as a context, then throw its folder away."""

    def __init__(self, folder: Path, workspace: Workspace, earlier: Path) -> None:
        """earlier: what known.caught_up gave."""
        self._folder, self._workspace = folder, workspace
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": _MEMORY,
            "threads": 2,
            "temp_directory": str(folder / "spill"),
            "preserve_insertion_order": False,  # every result is sorted; keeping the order costs memory
        }
        self.database = duckdb.connect(str(folder / "stage.duckdb"), config=config)
        open_lake(self.database, workspace.lake)
        self.database.execute(f"attach {quoted(str(earlier))} as earlier (read_only)")
        empty = {"records": _RECORD_SCHEMA, "rejects": _REJECT_SCHEMA, "signed": pl.Schema({n: _TEXT_SCHEMA[n] for n in _SIGNED})}
        for table, schema in empty.items():
            self._run("create table {} as select * from rows", table, pl.DataFrame(schema=schema))
        self.database.execute("create table stored (article_id varchar, shard varchar)")
        self._articles: list[tuple[int, Article]] = []
        self._rows: dict[str, list[dict[str, Any]]] = {"records": [], "rejects": []}
        self._seq = self._characters = self._chunks = 0

    def __enter__(self) -> "Stage":
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def read(self, found: Iterable[Article | Reject], file_id: str | None, content_hash: str | None) -> None:
        """Stages what a file gave. file_id is None where the file should be tried again by the next batch."""
        locator, position = "", 0
        for item in found:
            position = position + 1 if item.locator == locator else 0
            locator = item.locator
            self._seq += 1
            row = {
                "seq": self._seq,
                "file_id": file_id,
                "locator": locator,
                "file_hash": content_hash,
                "publisher_name": item.publisher_name,
                "published_at": item.published_at,
            }
            if isinstance(item, Reject):
                self._reject(item, position, row, content_hash)
            else:
                self._rows["records"].append({**row, "record_id": item.record_id, "record_number": position, "article_id": item.article_id})
                self._articles.append((self._seq, item))
                self._characters += len(item.text)
            if len(self._rows["records"]) >= _CHUNK_ARTICLES or self._characters >= _CHUNK_CHARACTERS:
                self._flush()

    def judge(self, forgotten: Iterable[str], threshold: float) -> None:
        """Tells new articles from known ones and from duplicates.

        forgotten: ids of articles that were forgotten on request.
        """
        self._flush()
        for query in (_FIRSTS, _KNOWN, _FRESH):
            self.database.execute(query)
        find_retired(self.database, sorted(forgotten))
        find_duplicates(self.database, self._folder, self._workspace, threshold)
        for query in (_SILENT, _WOKEN):
            self.database.execute(query)

    def counts(self) -> tuple[int, int, int, int]:
        """Records, rejects, new articles, and how many of those are duplicates."""
        records, rejected, fresh, duplicates = self.database.execute(_COUNTS).fetchone() or (0, 0, 0, 0)
        return records, rejected, fresh, duplicates

    def shards(self) -> set[str]:
        """Partitions that hold articles to code, of what was read or woken, stored by this batch or an earlier one."""
        query = f"""
            select shard from (select shard from stored union select shard from known) where shard not like '{DUPLICATE_SHARD}%'
            union
            select shard from woken
        """
        return {name for (name,) in self.database.execute(query).fetchall()}

    def fresh_articles(self) -> Iterator[pl.DataFrame]:
        """The new articles in the order of reading, as rows of ARTICLE_RECORDS with a column is_silent."""
        for number in range(self._chunks):
            chunk = pl.read_parquet(self._chunk(number), glob=False)
            query = """
                select fresh.seq, silent.article_id is not null as is_silent
                from fresh left join silent on silent.article_id = fresh.article_id
                where fresh.seq between ? and ?
            """
            told = self.database.execute(query, [chunk["seq"].min(), chunk["seq"].max()]).pl()
            yield chunk.join(told, on="seq").sort("seq").drop("seq")

    def note_stored(self, frame: pl.DataFrame, shard: str) -> None:
        self._run("insert into {} select * from rows", "stored", frame.select("article_id", pl.lit(shard).alias("shard")))

    def write(self, query: str, batch_id: str, table: Table, path: UPath) -> None:
        """Writes the rows of a query, which must be in the order of the table's key, without holding them all."""
        empty = pl.DataFrame(schema=table.polars_schema)
        rows = self.database.execute(query, {"batch_id": batch_id} if "$batch_id" in query else {}).to_arrow_reader(_ROWS_AT_ONCE)
        with atomic_writer(path) as file, parquet.ParquetWriter(file, empty.to_arrow().schema, compression="zstd") as writer:
            for batch in rows:
                frame = pl.DataFrame(pl.from_arrow(batch)).select(table.column_names).cast(table.polars_schema)
                writer.write_table(frame.to_arrow())

    def _reject(self, reject: Reject, position: int, row: dict[str, Any], content_hash: str | None) -> None:
        if reject.record_number is None and reject.content_hash is None and "!" not in reject.locator:
            reject = replace(reject, content_hash=content_hash)
        record_id, reject_id = reject.record_id(position), reject.reject_id
        self._rows["records"].append({**row, "record_id": record_id, "record_number": position, "reject_id": reject_id})
        told = {name: getattr(reject, name) for name in _REJECT_SCHEMA if hasattr(reject, name)}
        self._rows["rejects"].append({**told, "seq": self._seq, "reason_code": reject.reason.value})

    def _flush(self) -> None:
        for table, schema in (("records", _RECORD_SCHEMA), ("rejects", _REJECT_SCHEMA)):
            if self._rows[table]:
                self._run("insert into {} select * from rows", table, pl.DataFrame(self._rows[table], schema=schema))
        self._rows = {"records": [], "rejects": []}
        if self._articles:
            frame = _text_frame(self._articles)
            frame.write_parquet(self._chunk(self._chunks), compression="lz4")
            self._run("insert into {} select * from rows", "signed", frame.select(_SIGNED))
            self._chunks += 1
        self._articles, self._characters = [], 0

    def _chunk(self, number: int) -> Path:
        return self._folder / f"texts-{number:07}.parquet"

    def _run(self, statement: str, table: str, rows: pl.DataFrame) -> None:
        """Runs a statement in which `rows` stands for the frame."""
        self.database.register("rows", rows)
        self.database.execute(statement.format(table))
        self.database.unregister("rows")


def _text_frame(articles: list[tuple[int, Article]]) -> pl.DataFrame:
    signed = signatures([(article.title, article.text) for _, article in articles])
    rows = [
        {
            **{name: getattr(article, name) for name in ARTICLE_RECORDS.column_names if hasattr(article, name)},
            "seq": seq, "band_hashes": signature.band_hashes, "signature": signature.slots,
        }
        for (seq, article), signature in zip(articles, signed, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=_TEXT_SCHEMA)
