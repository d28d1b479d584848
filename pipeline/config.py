"""Settings, and where a warehouse keeps its files."""

import os
from dataclasses import dataclass, fields
from pathlib import Path

from pipeline.errors import InputError


@dataclass(frozen=True)
class Settings:
    """Limits and choices of a run. Each can be set by an environment variable DRAGOMAN_<NAME IN CAPITALS>."""

    shard_articles: int = 200
    """Articles a shard: one mapped task, a few minutes of one core."""

    max_file_bytes: int = 512 * 2**20
    """Bytes of a file, as it lies and unpacked alike."""

    max_expansion_ratio: int = 200
    """Unpacked bytes per packed byte; text rarely passes 20, a bomb passes 1000."""

    max_records: int = 1_000_000
    """Records a file."""

    max_record_bytes: int = 8 * 2**20
    """Bytes of one record: a line of JSON, a page."""

    max_article_characters: int = 200_000
    """Characters of an article; a long read has 60,000."""

    max_nesting: int = 200
    """Depth of nested JSON or HTML; real pages reach 60."""

    max_page_elements: int = 30_000
    """Elements of an HTML page or a feed; real pages have up to 10,000, and more take many seconds to read."""

    max_archive_depth: int = 2
    """Archives in archives, a compressed file counted as one."""

    max_archive_members: int = 50_000
    """Members that an archive may list; the list is held in memory."""

    near_duplicate_similarity: float = 0.8
    """Estimated Jaccard similarity of five-word shingles from which two articles tell the same text."""

    sql_timeout_seconds: int = 60
    sql_memory_limit: str = "1GB"

    sql_result_bytes: int = 256 * 2**20
    """Bytes of a query's result; more belongs into an export."""

    build_memory_limit: str = "512MB"
    """Memory of DuckDB while it loads, builds and publishes; beyond it, it spills to disk."""

    validation_memory_limit: str = "512MB"
    """Memory of DuckDB while a batch is validated; Great Expectations itself takes 340 MB beside it."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Defaults, overridden by DRAGOMAN_* variables; InputError names a variable that is not a number where one is due."""
        values: dict[str, int | float | str] = {}
        for field in fields(cls):
            raw = os.environ.get(f"DRAGOMAN_{field.name.upper()}")
            if raw is None:
                continue
            try:
                values[field.name] = raw if field.type is str else int(raw) if field.type is int else float(raw)
            except ValueError:
                raise InputError(f"DRAGOMAN_{field.name.upper()}={raw!r} is not a number; unset it or give one") from None
        return cls(**values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Workspace:
    """The published file and what lies beside it. Several warehouses may share a folder: each has its own subfolders."""

    warehouse: Path

    @property
    def work(self) -> Path:
        """Private: partitions, batch manifests, the file that the single writer builds."""
        return self.warehouse.parent / "work" / self.warehouse.stem

    @property
    def lake(self) -> Path:
        """Parquet partitions: lake/<table>/…/<partition>.parquet."""
        return self.work / "lake"

    @property
    def batches(self) -> Path:
        return self.work / "batches"

    @property
    def work_file(self) -> Path:
        return self.work / "warehouse.duckdb"

    @property
    def site(self) -> Path:
        return self.warehouse.parent / "site" / self.warehouse.stem

    @property
    def exports(self) -> Path:
        return self.warehouse.parent / "exports" / self.warehouse.stem
