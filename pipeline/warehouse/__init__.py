"""From partitions to the published DuckDB file, and out of it again.

load        partitions of a batch -> schema raw of the private work file
build       sql/ -> staging and public tables, checked against contracts.py
identity    which mentions report the same event
release     public tables -> the published file, by a swap; history of releases
reading     the door for queries: read-only, bounded, without access to anything else
exporting   the published file -> CSV, Parquet
"""

from pipeline.warehouse.build import build_tables
from pipeline.warehouse.load import LoadCounts, Reference, load_batch
from pipeline.warehouse.release import Release, publish_release

__all__ = ["LoadCounts", "Reference", "Release", "build_tables", "load_batch", "publish_release"]
