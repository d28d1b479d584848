"""The inbox as Airflow watches it: an event when files have come and settled.

It runs in Airflow's triggerer, which imports it from the installed package; hence it stands outside dags/.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from airflow.triggers.base import BaseEventTrigger, TriggerEvent

Snapshot = frozenset[tuple[str, int, int]]


class InboxTrigger(BaseEventTrigger):
    """Fires when the files below a folder differ from those of the last event, and stood still for one interval.

    *At least once*: what was seen is not kept over a restart, so a triggerer that starts again fires for a folder that
    holds files; a run that finds nothing new is cheap and changes nothing.
    """

    def __init__(self, folder: str, seconds: float = 5.0) -> None:
        super().__init__()
        self.folder = folder
        self.seconds = seconds

    def serialize(self) -> tuple[str, dict[str, Any]]:
        return f"{__name__}.InboxTrigger", {"folder": self.folder, "seconds": self.seconds}

    async def run(self) -> AsyncIterator[TriggerEvent]:
        told: Snapshot = frozenset()
        before: Snapshot | None = None
        while True:
            now = await asyncio.to_thread(snapshot, Path(self.folder))
            if now == before and now and now != told:
                told = now
                yield TriggerEvent({"files": len(now)})
            before = now
            await asyncio.sleep(self.seconds)


def snapshot(folder: Path) -> Snapshot:
    """Name, size and time of change (ns) of every file below a folder; a file that vanishes while we look is left out."""
    found = set()
    for path in folder.rglob("*"):
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        if path.is_file():
            found.add((str(path), status.st_size, status.st_mtime_ns))
    return frozenset(found)
