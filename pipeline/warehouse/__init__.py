"""From partitions to the published DuckDB file, and out of it again.

load        partitions of a batch -> schema raw of the private work file
build       sql/ -> staging and public tables, checked against contracts.py
graph       the order of the SQL files, read from the SQL itself
identity    which mentions report the same event
release     public tables -> the published file, by a swap; history of releases
reading     queries over the published file; door is the process that answers them
exporting   the published file -> CSV, Parquet
connection, tables: the one writer and its work file; DDL, comments and checks from contracts.py
"""

from pipeline.warehouse.build import build_tables
from pipeline.warehouse.exporting import FORMATS, export_canonical, export_csv, export_parquet
from pipeline.warehouse.load import LoadCounts, Reference, load_batch
from pipeline.warehouse.reading import SavedQuery, query, run_saved_query, saved_queries
from pipeline.warehouse.release import Release, publish_release

__all__ = [
    "FORMATS",
    "LoadCounts",
    "Reference",
    "Release",
    "SavedQuery",
    "build_tables",
    "export_canonical",
    "export_csv",
    "export_parquet",
    "load_batch",
    "publish_release",
    "query",
    "run_saved_query",
    "saved_queries",
]
