"""From partitions to the published DuckDB file, and out of it again.

load        partitions of a batch -> schema raw of the private work file
build       sql/ -> staging and public tables, brought up to date and checked against contracts.py
graph       the order of the SQL files and how each is kept up to date, read from the SQL itself
renewing    one table brought up to date
resolving   which mentions report the same event, for those that a batch touched
identity    the rules of it
release     releases, what each changed, events as they were
recovery    a work file that cannot be used, begun anew
publishing  public tables -> the published file, by a swap
ducklake    public tables -> a DuckLake, a snapshot a release
macros      sql/macros and sql/views -> the published file, with comments
reading     queries over the published file; door is the process that answers them
exporting   the published file -> CSV, Parquet and the formats of others
connection, tables: the one writer and its work file; DDL, comments and checks from contracts.py
"""

from pipeline.warehouse.build import build_tables
from pipeline.warehouse.exporting import FORMATS, export_canonical, export_csv, export_parquet
from pipeline.warehouse.load import LoadCounts, Reference, load_batch, loaded_batches
from pipeline.warehouse.reading import SavedQuery, query, run_saved_query, saved_queries
from pipeline.warehouse.recovery import begin_anew
from pipeline.warehouse.release import Release, publish_release

__all__ = [
    "FORMATS",
    "LoadCounts",
    "Reference",
    "Release",
    "SavedQuery",
    "begin_anew",
    "build_tables",
    "export_canonical",
    "export_csv",
    "export_parquet",
    "load_batch",
    "loaded_batches",
    "publish_release",
    "query",
    "run_saved_query",
    "saved_queries",
]
