"""Which articles tell the same text: within the batch and against all that earlier batches stored.

*Order-free*: two texts are alike when they are equal or share a band and their signatures agree. Articles joined by such
likeness, over any number of steps, form a cluster. Its representative is the article with the earliest publication time
(unknown times last), then the smallest id, whichever batch brought it.
*Absolute rows*: a row of DUPLICATES names the representative as known when its batch was read. When a batch changes a
cluster's representative, it writes new rows for all members, the old representative among them. Of several rows for an
article the one whose duplicate_of is earliest holds; nothing depends on the order of batches.
*Bounded*: candidates are joined and sorted on disk; in memory stand the texts of one band, and the names of clusters.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import duckdb
import numpy as np
import polars as pl

from pipeline.articles.signatures import similarity

_ROWS = 5000

# Old articles that share a band or all words with a new one.
_CANDIDATES = """
create table candidates as
select distinct article_id
from (select article_id, unnest(band_hashes) as token from read_parquet($articles))
where token in (select unnest(band_hashes) from fresh)
"""
# The representative that the rows so far name for an article: the earliest of all that were ever named.
_CURRENT = """
create table current as
with
    rows_so_far as (select article_id, duplicate_of from read_parquet($duplicates)),
    named as (
        select article_id, published_at from read_parquet($articles)
        where article_id in (select duplicate_of from rows_so_far)
    )
select
    rows_so_far.article_id,
    arg_min(duplicate_of, (coalesce(named.published_at, timestamp '9999-01-01'), duplicate_of)) as representative,
from rows_so_far join named on named.article_id = duplicate_of
group by rows_so_far.article_id
"""
# The whole of each cluster that a candidate belongs to.
_TOUCHED = """
create table touched as
with
    clusters as (
        select distinct coalesce(current.representative, candidates.article_id) as representative
        from candidates left join current using (article_id)
    ),
    members as (
        select article_id, representative from current where representative in (select representative from clusters)
        union all
        select representative, representative from clusters
    )
select article_id, published_at, band_hashes, signature, members.representative
from read_parquet($articles) join members using (article_id)
"""
_TEXTS = """
create table texts as
select band_hashes[1] as key, any_value(band_hashes) as band_hashes, any_value(signature) as signature, bool_or(is_fresh) as is_fresh
from (
    select band_hashes, signature, true as is_fresh from fresh
    union all
    select band_hashes, signature, false from touched
)
group by key
"""
_BUCKETS = """
with
    tokens as (select key, is_fresh, unnest(band_hashes[2:]) as token from texts),
    shared as (select token from tokens group by token having count(*) > 1 and bool_or(is_fresh))
select token, key, signature from tokens join shared using (token) join texts using (key)
order by token, key
"""
_VERDICTS = """
create table verdicts as
with
    everyone as (
        select article_id, published_at, band_hashes[1] as key, signature, cast(null as varchar) as was, true as is_fresh from fresh
        union all
        select article_id, published_at, band_hashes[1], signature, representative, false from touched
    ),
    placed as (
        select everyone.*, coalesce(clusters.root, key) as cluster from everyone left join clusters using (key)
    ),
    chosen as (
        select cluster, arg_min(article_id, (coalesce(published_at, timestamp '9999-01-01'), article_id)) as representative
        from placed group by cluster
    )
select
    placed.article_id,
    chosen.representative as duplicate_of,
    if(placed.key = first.key, 1.0, list_sum(list_transform(
        list_zip(placed.signature, first.signature), lambda pair: cast(pair[1] = pair[2] as integer)
    )) / len(placed.signature)) as similarity,
    placed.is_fresh,
from placed
join chosen using (cluster)
join placed as first on first.article_id = chosen.representative
where placed.article_id != chosen.representative
    and (placed.is_fresh or placed.was != chosen.representative)
"""


def find_duplicates(stage: duckdb.DuckDBPyConnection, articles: list[str], duplicates: list[str], threshold: float) -> None:
    """Fills the table `verdicts` (article_id, duplicate_of, similarity, is_fresh) of the stage from its table `fresh`.

    fresh holds the articles that are new: article_id, published_at, band_hashes, signature. `articles` and `duplicates` are
    the partitions of completed batches. Rows of verdicts that are not fresh point old articles to a new representative.
    """
    if articles:
        stage.execute(_CANDIDATES, {"articles": articles})
    else:
        stage.execute("create table candidates (article_id varchar)")
    if articles and duplicates:
        stage.execute(_CURRENT, {"articles": articles, "duplicates": duplicates})
    else:
        stage.execute("create table current (article_id varchar, representative varchar)")
    if articles:
        stage.execute(_TOUCHED, {"articles": articles})
    else:
        stage.execute("create table touched as select *, '' as representative from fresh limit 0")
    stage.execute(_TEXTS)
    roots = _Clusters()
    _join_old_clusters(stage, roots)
    for bucket in _buckets(stage):
        _join_alike(bucket, roots, threshold)
    roots.save(stage)
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


def _buckets(stage: duckdb.DuckDBPyConnection) -> Iterator[list[tuple[int, list[int]]]]:
    """The texts that share a band: key and signature of each."""
    for _, rows in groupby(_rows(stage.cursor(), _BUCKETS), itemgetter(0)):
        yield [(key, signature) for _, key, signature in rows]


def _join_alike(bucket: list[tuple[int, list[int]]], clusters: _Clusters, threshold: float) -> None:
    """Joins the texts of a bucket that are alike, over any number of steps. Each is compared only with those not reached yet."""
    keys = [key for key, _ in bucket]
    if len({clusters.find(key) for key in keys}) == 1:
        return
    slots = np.array([signature for _, signature in bucket], dtype=np.uint32)
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
