"""Settings, and where a warehouse keeps its files."""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path

from upath import UPath

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

    article_seconds: int = 120
    """Seconds for coding one article; 200,000 characters take ten."""

    article_bytes: int = 2**30
    """Memory that coding one article may take beyond the coder's own; 200,000 characters take 300 MB."""

    near_duplicate_similarity: float = 0.8
    """Estimated Jaccard similarity of five-word shingles from which two articles tell the same text."""

    sql_timeout_seconds: int = 60
    sql_memory_limit: str = "1GB"

    sql_result_bytes: int = 256 * 2**20
    """Bytes of a query's result; more belongs into an export."""

    build_memory_limit: str = "512MB"
    """Memory of DuckDB while it loads, builds and publishes; beyond it, it spills to disk."""

    ducklake: str = field(default="", repr=False)
    """DuckLake that every release also goes to: what DuckDB's attach takes behind `ducklake:`, a file or postgres:…; none where empty."""

    ducklake_data: str = field(default="", repr=False)
    """Folder or s3:// URL of the DuckLake's Parquet files; empty: as the DuckLake was made, or beside its catalogue file."""

    validation_memory_limit: str = "512MB"
    """Memory of DuckDB while a batch is validated; Great Expectations itself takes 340 MB beside it."""

    text_retention_days: int = 0
    """Days after its publication for which the text of an article is kept; 0 = for ever."""

    explorer_events: int = 2_000_000
    """Events up to which the explorer is written; a million mentions take half a gigabyte of files. 0: never."""

    exports: str = ""
    """Formats that upkeep writes anew, such as parquet,geojson."""

    stale_export_days: int = 0
    """Days after which upkeep removes a folder below exports/ that it does not write anew; 0 = never."""

    kept_reports: int = 3000
    """Validations and figures of past batches that upkeep keeps; each takes a few kilobytes."""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Defaults, overridden by DRAGOMAN_* variables; InputError names a variable that is not a number where one is due."""
        values: dict[str, int | float | str] = {}
        for setting in fields(cls):
            raw = os.environ.get(f"DRAGOMAN_{setting.name.upper()}")
            if raw is None:
                continue
            try:
                values[setting.name] = raw if setting.type is str else int(raw) if setting.type is int else float(raw)
            except ValueError:
                raise InputError(f"DRAGOMAN_{setting.name.upper()}={raw!r} is not a number; unset it or give one") from None
        return cls(**values)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Workspace:
    """The published file and what lies beside it. Several warehouses may share a folder: each has its own subfolders."""

    warehouse: Path
    lake_url: str = field(default_factory=lambda: os.environ.get("DRAGOMAN_LAKE", ""), repr=False)
    """Folder or fsspec URL below which the lake lies, for workers on other machines; empty: in the work folder."""
    aside: str = ""
    """Name of a copy of the work file that takes its place for this workspace; empty for the work file itself."""

    @property
    def work(self) -> Path:
        """Private: partitions, batch manifests, the file that the single writer builds."""
        return self.warehouse.parent / "work" / self.warehouse.stem

    @property
    def lake(self) -> UPath:
        """Parquet partitions: lake/<table>/…/<partition>.parquet. A pathlib.Path where it lies in a folder."""
        if not self.lake_url:
            return UPath(self.work / "lake")
        place = UPath(self.lake_url) / self.warehouse.stem
        return UPath(place.path) if place.protocol == "file" else place

    @property
    def batches(self) -> Path:
        return self.work / "batches"

    @property
    def work_file(self) -> Path:
        return self.work / f"{self.aside or 'warehouse'}.duckdb"

    @property
    def writer_lock(self) -> Path:
        return self.work / f"{self.aside or 'writer'}.lock"

    @property
    def site(self) -> Path:
        return self.warehouse.parent / "site" / self.warehouse.stem

    @property
    def held(self) -> list[Path]:
        """The report pages of batches that are held, in the order in which they were audited."""
        return sorted((self.site / "held").glob("*.html"), key=lambda page: page.stat().st_mtime_ns)

    @property
    def reports(self) -> list[Path]:
        """Report pages there are: of batches that are held, and then of what was published last."""
        return [page for page in (*self.held, self.site / "index.html") if page.exists()]

    @property
    def last_validation(self) -> Path | None:
        """What the last audit found, as JSON: beside its page, held or published."""
        found = [path for path in (*(page.with_suffix(".json") for page in self.held), self.site / "validation.json") if path.exists()]
        return max(found, key=lambda path: path.stat().st_mtime_ns, default=None)

    @property
    def exports(self) -> Path:
        return self.warehouse.parent / "exports" / self.warehouse.stem
