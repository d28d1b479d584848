"""Starts workers, watches them, and starts them again where an article stops one."""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from pipeline.coding.shard import is_coded
from pipeline.config import Settings, Workspace
from pipeline.errors import CodingFailed

_COMMAND = (sys.executable, "-m", "pipeline.coding.worker")
_START_SECONDS = 300  # loading the coder takes two seconds, on a machine that swaps a minute
_BLOCK = 65536


def code_shards(shards: Sequence[str], workspace: Workspace, settings: Settings, workers: int) -> None:
    """Codes those shards that are not coded yet, in so many processes. CodingFailed where a fault is not an article's."""
    pending = [shard for shard in shards if not is_coded(shard, workspace)]
    if not pending:
        return
    hands = [_Supervised(workspace, settings) for _ in range(min(workers, len(pending)))]
    waiting = iter(pending)

    def work(hand: _Supervised) -> None:
        for shard in waiting:  # a shard is taken by whoever is free; next() of a list's iterator is atomic
            hand.code(shard)

    with ThreadPoolExecutor(len(hands)) as pool:
        try:
            list(pool.map(work, hands))
        finally:
            for hand in hands:
                hand.end()


@dataclass
class _Job:
    """A shard, and what was learnt of its articles."""

    shard: str
    failures: dict[str, str] = field(default_factory=dict)
    """Reasons by article."""
    killed: set[str] = field(default_factory=set)
    """Articles whose process was killed from outside, which may be nobody's fault: once."""
    one_by_one: bool = False
    taken: str | None = None

    def learn(self, reason: str, is_killed: bool) -> None:
        """What the end of the process tells."""
        if self.taken is None:
            self.one_by_one = True
        elif is_killed and self.taken not in self.killed:
            self.killed.add(self.taken)
        else:
            self.failures[self.taken] = reason


class _Supervised:
    """One worker, started when it is needed."""

    def __init__(self, workspace: Workspace, settings: Settings) -> None:
        self._workspace, self._settings = workspace, settings
        self._process: subprocess.Popen[bytes] | None = None
        self._is_ended = False
        self._read = b""

    def code(self, shard: str) -> None:
        job = _Job(shard)
        deaths = 0
        while not self._is_ended and not self._attempt(job):
            deaths += 1
            if deaths > 3 + 2 * len(job.failures) + len(job.killed):
                raise CodingFailed(f"{shard}: the coder's process died {deaths} times, and no article was in hand; see what it printed")

    def end(self) -> None:
        """Ends the worker. One that is at work is killed: what it has not written whole does not count."""
        self._is_ended = True
        if self._process:
            self._process.kill()
            self._process.wait()

    def _attempt(self, job: _Job) -> bool:
        """Whether the shard was coded; if not, the job has learnt why."""
        process = self._started()
        job.taken = None
        self._send(process, job)
        while True:
            said = self._hear(process, self._settings.article_seconds)
            if "coded" in said:
                return True
            if "fault" in said:
                raise CodingFailed(f"{job.shard}: {said['fault']}")
            if "died" in said:
                self._process = None
                job.learn(said["died"], process.returncode == -signal.SIGKILL and not said["is_late"])
                return False
            job.taken = said.get("taken")

    def _send(self, process: subprocess.Popen[bytes], job: _Job) -> None:
        where = {"warehouse": str(self._workspace.warehouse), "lake": self._workspace.lake_url}
        told = {"shard": job.shard, **where, "failures": job.failures, "one_by_one": job.one_by_one}
        if process.stdin:
            process.stdin.write(json.dumps(told).encode() + b"\n")
            process.stdin.flush()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process:
            return self._process
        self._read = b""
        # A session of its own: Ctrl-C is for the supervisor, which ends its workers.
        self._process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        if "ready" not in (said := self._hear(self._process, _START_SECONDS)):
            raise CodingFailed(f"the coder's process does not start ({said['died']}); see what it printed")
        return self._process

    def _hear(self, process: subprocess.Popen[bytes], seconds: int) -> dict[str, Any]:
        """The next thing that the worker says; {"died": how, "is_late"} where it says nothing more, or nothing for so long."""
        assert process.stdout
        while b"\n" not in self._read:
            readable, _, _ = select.select([process.stdout], [], [], seconds)
            if not readable:
                process.kill()
                process.wait()
                return {"died": f"took longer than {seconds} seconds", "is_late": True}
            block = os.read(process.stdout.fileno(), _BLOCK)
            if not block:
                return {"died": _how_it_ended(process.wait()), "is_late": False}
            self._read += block
        line, _, self._read = self._read.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"the coder's process ended with {code}"
    return f"the coder's process crashed: {signal.Signals(-code).name}"
