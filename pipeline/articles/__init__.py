"""Articles: from files of any usual kind to records, rejects and duplicates.

reading     inboxes -> articles and rejects, nothing written
ingest      inboxes -> partitions of the lake; ledger and known are its memory, stage is its workbench
sources, unpacking, charsets    where bytes come from, within limits
formats     which reader a file gets: plain, markup, json_files, tables, parquet_files (and parquet_pages), warc, feeds
fields, dates, cleaning, language    putting a record right
signatures, duplicates    which articles tell the same text
by_day      stored articles by day of publication: to be coded again, or to lose their text
tombstones  what was forgotten on request, and how it is taken out of rows
rejects     every reason for which a file or record is refused
"""

from pipeline.articles.by_day import expire_texts, shards_between
from pipeline.articles.ingest import ingest_articles
from pipeline.articles.ledger import Ingested, completed_batches, stored_shards
from pipeline.articles.reading import read_articles
from pipeline.articles.records import Article, Reject
from pipeline.articles.rejects import Reason

__all__ = [
    "Article",
    "Ingested",
    "Reason",
    "Reject",
    "completed_batches",
    "expire_texts",
    "ingest_articles",
    "read_articles",
    "shards_between",
    "stored_shards",
]
