"""A process that codes: reads jobs as JSON lines, and writes what it is doing as JSON lines.

    in   {"shard", "warehouse", "lake", "failures": {article_id: reason}, "one_by_one"}
    out  {"ready": true} · {"taken": article_id} · {"done": article_id} · {"coded": shard} · {"fault": why the job failed}

It ends with its supervisor: when its input ends, whatever it does.
"""

import gc
import json
import os
import queue
import resource
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from pipeline.coder import Coder
from pipeline.coding.shard import code_shard
from pipeline.config import Settings, Workspace


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
    jobs = _jobs()
    gc.disable()  # what is loaded stays: no use in looking for garbage there, now or while coding
    coder = Coder()
    coder.code("Norway recalled its ambassador from Chad.")  # loads the rest, before memory is counted
    gc.freeze()
    gc.enable()
    _limit_memory(Settings.from_environment().article_bytes)
    _write(answers, ready=True)
    for job in jobs:
        _work(job, coder, answers)


def _work(job: dict[str, Any], coder: Coder, answers: TextIO) -> None:
    def tell(article_id: str, is_done: bool) -> None:
        _write(answers, **{"done" if is_done else "taken": article_id})

    workspace = Workspace(Path(job["warehouse"]), lake_url=job["lake"])
    try:
        code_shard(job["shard"], workspace, coder, job["failures"], job["one_by_one"], tell)
    except Exception as error:  # noqa: BLE001  of the disk or the partition, not of an article; the supervisor raises it
        _write(answers, fault=f"{type(error).__name__}: {error}")
    else:
        _write(answers, coded=job["shard"])


def _jobs() -> Iterator[dict[str, Any]]:
    waiting: queue.SimpleQueue[str] = queue.SimpleQueue()

    def read() -> None:
        for line in sys.stdin:
            waiting.put(line)
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()
    return map(json.loads, iter(waiting.get, ""))


def _limit_memory(more: int) -> None:
    """No more than so many bytes of data beyond what is held now; where the system does not tell, there is no limit."""
    held = [line.split()[1] for line in _status() if line.startswith("VmData:")]
    if held:
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (int(held[0]) * 1024 + more, hard))


def _status() -> list[str]:
    try:
        return Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return []


def _write(answers: TextIO, **said: Any) -> None:
    answers.write(json.dumps(said) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
