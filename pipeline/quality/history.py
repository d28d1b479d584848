"""The runs of a warehouse, from the figures that each leaves in history/, and the page that lists them."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.config import Workspace
from pipeline.quality.checks import Validation
from pipeline.quality.page import rendered, write_text

RUNS = 30  # that a report tells: a month of daily batches
_RUNS_LISTED = 3000  # as many as upkeep keeps

Run = dict[str, Any]
"""What Validation.history_json holds."""


@dataclass(frozen=True)
class RowChange:
    """Rows of a table after the last release, and now."""

    table: str
    before: int
    now: int

    @property
    def net(self) -> int:
        return self.now - self.before


def runs_before(validation: Validation, workspace: Workspace) -> list[Run]:
    """The last runs before this one, the newest first."""
    told = islice(_runs(workspace), RUNS + 1)  # its own may be among them
    return [run for run in told if run["started_at"] < str(validation.started_at)][:RUNS]


def row_changes(table_rows: dict[str, int], runs: Iterable[Run]) -> list[RowChange]:
    """The tables that have more or fewer rows than after the last of some runs, the newest first, that published."""
    last: dict[str, int] = next((run["table_rows"] for run in runs if run["outcome"] != "failed" and not run["waits_for"]), {})
    changes = (RowChange(table, last[table], rows) for table, rows in table_rows.items() if table in last)
    return [change for change in changes if change.net]


def keep_run(validation: Validation, workspace: Workspace) -> Path:
    """Writes history/<time>-<batch_id>.json."""
    return write_text(_folder(workspace) / f"{validation.started_at:%Y%m%dT%H%M%SZ}-{validation.batch_id}.json", validation.history_json())


def write_history(workspace: Workspace) -> Path:
    """Writes history.html, a line for each run, the newest first; gives the page."""
    found = (page for folder in ("settled", "held") for page in workspace.site.glob(f"{folder}/*.html"))
    pages = {page.stem: f"{page.parent.name}/{quote(page.name)}" for page in found}
    runs = list(islice(_runs(workspace), _RUNS_LISTED))
    return write_text(workspace.site / "history.html", rendered("history.html", runs=runs, pages=pages))


def _runs(workspace: Workspace) -> Iterator[Run]:
    for file in sorted(_folder(workspace).glob("*.json"), reverse=True):
        yield {"waits_for": []} | json.loads(file.read_text(encoding="utf-8"))  # older ones do not say


def _folder(workspace: Workspace) -> Path:
    return workspace.site / "history"
