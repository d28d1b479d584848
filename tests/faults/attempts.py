"""Attempts at a run of the spine, each in a process of its own that dies, or finds the disk full, where it is told to.

    python -m tests.faults.attempts [MEMORY]

reads {"command", "settings", "at": place | seconds | null, "how": "kill" | "full"} as JSON lines, and answers with {"status", "places"}:
how the process ended, and the places that it passed where something is synced, renamed, linked, removed or committed.
Imports are done once, before any thread is started, and each attempt is a fork. With a memory, stand_ins.py takes the coder's place.
"""

import errno
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
_OF_FILES = ("fsync", "replace", "rename", "link", "unlink", "mkdir", "rmdir")


class Disturbance:
    """Counts the places that matter, and strikes at one of them, before the call there has any effect."""

    def __init__(self, at: str | float | None, how: str) -> None:
        self.places: list[str] = []
        self._at, self._how = at, how

    def begin(self) -> None:
        for name in _OF_FILES:
            setattr(os, name, self._watched(getattr(os, name)))
        from pipeline.warehouse import build, connection, load, publishing, recovery, release

        for module in (build, connection, load, publishing, recovery, release):
            if hasattr(module, "transaction"):
                module.transaction = self._transaction
        if isinstance(self._at, float):
            signal.signal(signal.SIGALRM, signal.SIG_DFL)  # ends the process at once, wherever it is
            signal.setitimer(signal.ITIMER_REAL, self._at)

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*arguments: Any, **rest: Any) -> Any:
            self._pass(call.__name__)
            return call(*arguments, **rest)

        return watched

    @contextmanager
    def _transaction(self, connection: Any) -> Iterator[None]:
        connection.begin()
        try:
            yield
            self._pass("commit")
        except BaseException:
            connection.rollback()
            raise
        connection.commit()

    def _pass(self, called: str) -> None:
        frame = sys._getframe()
        while frame.f_back and "/pipeline/" not in frame.f_code.co_filename:
            frame = frame.f_back
        place = f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_name}: {called}"
        place = f"{place} {sum(passed.startswith(place) for passed in self.places) + 1}"
        self.places.append(place)
        if place == self._at:
            if self._how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def attempts(memory: Path | None = None) -> Iterator["Server"]:
    command = [sys.executable, "-m", "tests.faults.attempts", *([str(memory)] if memory else [])]
    with Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True) as process:
        yield Server(process)
        process.kill()


class Server:
    """The process that forks attempts, seen from a test."""

    def __init__(self, process: "Popen[str]") -> None:
        self._process = process

    def run(self, inbox: Path, warehouse: Path, at: str | float | None = None, how: str = "kill") -> tuple[int, list[str]]:
        """How the attempt ended (0, an exit code, or minus a signal), and its places."""
        return self.command("run", str(inbox), "--warehouse", str(warehouse), "--workers", "1", at=at, how=how)

    def command(
        self, *words: str, settings: dict[str, str] | None = None, at: str | float | None = None, how: str = "kill"
    ) -> tuple[int, list[str]]:
        """As run, for any command of dragoman. settings: environment variables."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps({"command": words, "settings": settings or {}, "at": at, "how": how}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["status"], answer["places"]


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    import pipeline.cli
    import pipeline.flow
    import pipeline.quality.judge  # noqa: F401  takes seconds

    for memory in sys.argv[1:]:
        from tests.faults.stand_ins import stand_in

        stand_in(Path(memory))
    for line in sys.stdin:
        with tempfile.TemporaryFile("w+") as told:
            child = os.fork()
            if not child:
                _attempt(json.loads(line), told)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            told.seek(0)
            answers.write(json.dumps({"status": status, "places": told.read().splitlines()}) + "\n")
            answers.flush()


def _attempt(asked: dict[str, Any], told: Any) -> None:
    from pipeline.cli import app

    os.environ.update(asked["settings"])
    disturbance = Disturbance(asked["at"], asked["how"])
    disturbance.begin()
    status = 70  # as if there was a traceback
    try:
        status = app(asked["command"], standalone_mode=False) or 0
    except Exception as error:  # noqa: BLE001  told by its status
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    told.write("\n".join(disturbance.places))
    told.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
