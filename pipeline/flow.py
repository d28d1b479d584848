"""The spine: ingest, code, load, validate, publish. A step is one function here, one Airflow task and one line of progress.

Between the steps travel only a Batch and paths; the data lie in Parquet partitions of the workspace.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.config import Workspace
from pipeline.partitions import atomic_writer


@dataclass(frozen=True)
class Batch:
    """What one ingestion read. Its manifest is work/<warehouse>/batches/<batch_id>.json."""

    batch_id: str
    """Hash of what was read: equal input, equal batch."""
    shards: tuple[str, ...]
    """Partitions of articles to code, as names below lake/article_records, about 200 articles each."""
    records: int
    """Records read = articles new + known + duplicates + rejects."""
    new_articles: int
    known: int
    """Records whose article the warehouse holds already."""
    duplicates: int
    rejected: int

    def save(self, workspace: Workspace) -> Path:
        path = workspace.batches / f"{self.batch_id}.json"
        with atomic_writer(path) as file:
            file.write(json.dumps(asdict(self), indent=1, sort_keys=True).encode())
        return path

    @classmethod
    def load(cls, workspace: Workspace, batch_id: str) -> "Batch":
        fields = json.loads((workspace.batches / f"{batch_id}.json").read_text())
        return cls(**{**fields, "shards": tuple(fields["shards"])})
