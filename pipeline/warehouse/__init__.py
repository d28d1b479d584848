"""From partitions to the published DuckDB file, and out of it again.

load        partitions of a batch -> schema raw of the private work file
build       sql/ -> staging and public tables, brought up to date and checked against contracts.py
graph       the order of the SQL files and how each is kept up to date, read from the SQL itself
renewing    one table brought up to date
resolving   which mentions report the same event, for those that a batch touched
identity    the rules of it
holding     batches that await their audit or were held by it
release     releases, what each changed, events as they were
recovery    a work file that cannot be used, begun anew
work_file   the private file itself: copied aside, compacted
publishing  public tables -> the published file, by a swap
ducklake    public tables -> a DuckLake, a snapshot a release
macros      sql/macros and sql/views -> the published file, with comments
reading     queries over the published file; door is the process that answers them
exporting   the published file -> CSV, Parquet and the formats of others
connection, tables: the one writer and its work file; DDL, comments and checks from contracts.py
"""

from pipeline.warehouse.build import build_tables
from pipeline.warehouse.connection import writer, writing_alone
from pipeline.warehouse.exporting import FORMATS, export_canonical, export_csv, export_parquet
from pipeline.warehouse.holding import audit_stands, held_batches, note_audit, overrule, overruling_of
from pipeline.warehouse.load import LoadCounts, Reference, empty_texts, load_batch, loaded_batches, superseded_codings
from pipeline.warehouse.publishing import published_free_share
from pipeline.warehouse.reading import SavedQuery, query, run_saved_query, saved_queries
from pipeline.warehouse.recovery import begin_anew
from pipeline.warehouse.release import Release, publish_afresh, publish_release, refuse_unpublished
from pipeline.warehouse.work_file import compact, copied_aside, free_share, put_in_place

__all__ = [
    "FORMATS",
    "LoadCounts",
    "Reference",
    "Release",
    "SavedQuery",
    "audit_stands",
    "begin_anew",
    "build_tables",
    "compact",
    "copied_aside",
    "empty_texts",
    "export_canonical",
    "export_csv",
    "export_parquet",
    "free_share",
    "held_batches",
    "load_batch",
    "loaded_batches",
    "note_audit",
    "overrule",
    "overruling_of",
    "publish_afresh",
    "publish_release",
    "published_free_share",
    "put_in_place",
    "query",
    "refuse_unpublished",
    "run_saved_query",
    "saved_queries",
    "superseded_codings",
    "writer",
    "writing_alone",
]
