"""Which articles tell the same text: within the batch and against all that earlier batches stored.

*Order-free*: two texts are alike when they are equal or share a band and their signatures agree. Articles joined by such
likeness, over any number of steps, form a cluster. Its representative is the article with the earliest publication time
(unknown times last), then the smallest id, whichever batch brought it; a retired one (versions.py) represents nothing any more, though it
still joins what is like it.
*Absolute rows*: a row of DUPLICATES names the representative as known when its batch was read. When a batch changes a
cluster's representative, it writes new rows for all members, the old representative among them. Of several rows for an
article the one whose duplicate_of is earliest holds; nothing depends on the order of batches.
*Bounded*: candidates are joined and sorted on disk; in memory stand the signatures of one band's texts, and the names of
clusters.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipeline.articles.ledger import article_path
from pipeline.articles.signatures import SLOTS, Slots, similarity
from pipeline.config import Workspace

_ROWS = 5000

# Old articles that share a band or all words with a new one, or with one that speaks no longer, or again.
_CANDIDATES = """
create table candidates as
with wanted as (
    select unnest(band_hashes) as token from fresh
    union all
    select unnest(band_hashes) from earlier.article_records where article_id in (select article_id from reconsidered)
)
select distinct article_id
from (select article_id, unnest(band_hashes) as token from earlier.article_records)
where token in (select token from wanted)
"""
# The representative that the rows so far name for an article: the earliest of all that were ever named and still spoke.
_CURRENT = """
create table current as
with
    rows_so_far as (
        select article_id, duplicate_of from earlier.duplicates
        where duplicate_of not in (select article_id from retired_before)
    ),
    named as (
        select article_id, published_at from earlier.article_records
        where article_id in (select duplicate_of from rows_so_far)
    )
select
    rows_so_far.article_id,
    min_by(duplicate_of, (coalesce(named.published_at, timestamp '9999-01-01'), duplicate_of)) as representative,
from rows_so_far join named on named.article_id = duplicate_of
group by rows_so_far.article_id
"""
# The whole of each cluster that a candidate belongs to; signatures are read where they lie, they are most of what would be copied.
_MEMBERS = """
create table members as
with
    clusters as (
        select distinct coalesce(current.representative, candidates.article_id) as representative
        from candidates left join current using (article_id)
    ),
    named as (
        select article_id, representative from current where representative in (select representative from clusters)
        union all
        select representative, representative from clusters
    )
select article_id, representative, partition from named join earlier.article_records using (article_id)
"""
_TOUCHED = """
create table touched as
select article_id, published_at, band_hashes, signature, representative
from read_parquet($articles) join members using (article_id)
"""
# Lists are carried only where they are needed: grouping and sorting them would not fit into bounded memory.
_TEXTS = """
create table texts as
select key, min(article_id) as article_id, bool_or(is_fresh) as is_fresh
from (
    select band_hashes[1] as key, article_id, true as is_fresh from fresh
    union all
    select band_hashes[1], article_id, false from touched
)
group by key;
create view sketches as
select article_id, band_hashes, signature from fresh union all select article_id, band_hashes, signature from touched;
"""
# Near duplicates share most of their bands, so the same texts are found together many times: one band of each set will do.
_BUCKETS = """
create table tokens as
select texts.key, texts.is_fresh, unnest(sketches.band_hashes[2:]) as token from sketches join texts using (article_id);
create table buckets as
select min(token) as token
from (
    select token, count(*) as size, bit_xor(hash(key)) as members from tokens
    group by token having count(*) > 1 and bool_or(is_fresh)
)
group by size, members;
create table bucketed as select token, key from tokens where token in (select token from buckets);
drop table tokens;
create table numbered as
select row_number() over (order by key) - 1 as number, key, article_id
from texts where key in (select key from bucketed);
"""
_NUMBERED_SIGNATURES = "select number, signature from sketches join numbered using (article_id)"
_BUCKET_MEMBERS = "select token, number, key from bucketed join numbered using (key) order by token, number"
# Texts that are alone, nearly all, are left out before anything is grouped by cluster.
_PAIRS = """
create table everyone as
select article_id, published_at, band_hashes[1] as key, cast(null as varchar) as was, true as is_fresh from fresh
union all
select article_id, published_at, band_hashes[1], representative, false from touched;
create table repeated as
select key from clusters union select key from everyone group by key having count(*) > 1;
create table placed as
select everyone.*, coalesce(clusters.root, key) as cluster, coalesce(published_at, timestamp '9999-01-01') as rank
from everyone left join clusters using (key)
where key in (select key from repeated) and article_id not in (select article_id from retired);
create table chosen as
select cluster, min_by(article_id, (rank, article_id)) as representative, min_by(key, (rank, article_id)) as first_key
from placed
group by cluster;
create table pairs as
select article_id, representative as duplicate_of, key = first_key as is_equal, is_fresh
from placed join chosen using (cluster)
where article_id != representative and (is_fresh or was != representative);
create table standing as
select article_id from everyone
where
    not is_fresh
    and article_id not in (select article_id from retired)
    and article_id not in (select article_id from placed join chosen using (cluster) where article_id != representative);
"""
_VERDICTS = """
create table verdicts as
select article_id, duplicate_of, 1.0 as similarity, is_fresh from pairs where is_equal
union all
select
    pairs.article_id,
    duplicate_of,
    list_sum(list_transform(list_zip(one.signature, first.signature), lambda pair: cast(pair[1] = pair[2] as integer)))
        / len(one.signature),
    is_fresh,
from pairs
join sketches as one on one.article_id = pairs.article_id
join sketches as first on first.article_id = duplicate_of
where not is_equal
"""


def find_duplicates(stage: duckdb.DuckDBPyConnection, folder: Path, workspace: Workspace, threshold: float) -> None:
    """Fills the tables `verdicts` (article_id, duplicate_of, similarity, is_fresh) and `standing` (article_id) of the stage.

    From its table fresh, the articles that are new (article_id, published_at, band_hashes, signature), from what find_retired
    left, and from what earlier batches brought. standing holds the old articles of touched clusters that repeat none. `folder` takes
    what does not fit into memory. Rows of verdicts that are not fresh point old articles to a new representative.
    """
    for query in (_CANDIDATES, _CURRENT, _MEMBERS):
        stage.execute(query)
    partitions = stage.execute("select distinct partition from members order by partition").fetchall()
    if partitions:
        stage.execute(_TOUCHED, {"articles": [str(article_path(workspace, name)) for (name,) in partitions]})
    else:
        stage.execute("create table touched as select *, '' as representative from fresh limit 0")
    stage.execute(_TEXTS)
    stage.execute(_BUCKETS)
    roots = _Clusters()
    _join_old_clusters(stage, roots)
    _join_alike_texts(stage, folder / "signatures", roots, threshold)
    roots.save(stage)
    stage.execute(_PAIRS)
    stage.execute(_VERDICTS)


class _Clusters:
    """Union-find over the hashes of texts; a text that is alone is not in it."""

    def __init__(self) -> None:
        self.parents: dict[int, int] = {}

    def find(self, key: int) -> int:
        while (parent := self.parents.setdefault(key, key)) != key:
            self.parents[key] = self.parents[parent]
            key = parent
        return key

    def join(self, one: int, other: int) -> None:
        self.parents[self.find(one)] = self.find(other)

    def save(self, stage: duckdb.DuckDBPyConnection) -> None:
        """Writes the table clusters: key, root."""
        found = {"key": list(self.parents), "root": [self.find(key) for key in self.parents]}
        stage.register("found", pl.DataFrame(found, schema={"key": pl.UInt64, "root": pl.UInt64}))
        stage.execute("create table clusters as select * from found")
        stage.unregister("found")


def _join_old_clusters(stage: duckdb.DuckDBPyConnection, clusters: _Clusters) -> None:
    """Likeness that earlier batches found need not be found again."""
    rows = _rows(stage.cursor(), "select representative, band_hashes[1] from touched order by representative")
    for _, members in groupby(rows, itemgetter(0)):
        keys = [key for _, key in members]
        for key in keys:
            clusters.join(key, keys[0])


def _join_alike_texts(stage: duckdb.DuckDBPyConnection, path: Path, clusters: _Clusters, threshold: float) -> None:
    """Compares the texts that share a band."""
    slots = _signatures_on_disk(stage, path)
    for _, members in groupby(_rows(stage.cursor(), _BUCKET_MEMBERS), itemgetter(0)):
        numbers, keys = zip(*((number, key) for _, number, key in members), strict=True)
        if len({clusters.find(key) for key in keys}) > 1:
            _join_alike(keys, slots[list(numbers)], clusters, threshold)


def _signatures_on_disk(stage: duckdb.DuckDBPyConnection, path: Path) -> Slots:
    """The signatures of the texts to compare, by their number. DuckDB cannot sort such lists within its memory."""
    ((count,),) = stage.execute("select count(*) from numbered").fetchall()
    if not count:
        return np.empty((0, SLOTS), dtype=np.uint32)
    slots = np.memmap(path, dtype=np.uint32, mode="w+", shape=(count, SLOTS))
    for batch in stage.execute(_NUMBERED_SIGNATURES).to_arrow_reader(_ROWS):
        numbers, signatures = (batch.column(name) for name in ("number", "signature"))
        slots[numbers.to_numpy()] = signatures.flatten().to_numpy().reshape(-1, SLOTS)
    return slots


def _join_alike(keys: Sequence[int], slots: Slots, clusters: _Clusters, threshold: float) -> None:
    """Joins the texts of a bucket that are alike, over any number of steps. Each is compared only with those not reached yet."""
    left = np.arange(len(keys))
    reached: list[int] = []
    while len(left) or reached:
        if not reached:
            reached, left = [int(left[0])], left[1:]
        index = reached.pop()
        alike = similarity(slots[index], slots[left]) >= threshold
        for other in left[alike].tolist():
            clusters.join(keys[other], keys[index])
            reached.append(other)
        left = left[~alike]


def _rows(cursor: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    cursor.execute(query)
    while rows := cursor.fetchmany(_ROWS):
        yield from rows
