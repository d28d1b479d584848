"""Reading in a process of its own, so that a crash of C code, a hang or a flood of memory is seen, and told with the file that caused it.

*The kernel's clocks*: a timer of CPU seconds for each record ends the process by a signal, also inside of C code; one on the wall clock
ends what waits for ever. A busy machine makes neither go off. *No way out*: an audit hook notes sockets, child processes, and names made
or changed outside of the process's folder for temporary files; what C code makes shows in the folders that it would make it in.
"""

import faulthandler
import json
import os
import resource
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

CPU_SECONDS = float(os.environ.get("FAULTS_CPU_SECONDS", 10))
"""That may pass before the next article or reject comes."""
MEMORY_BYTES = 2 * 2**30
_WALL_SECONDS = 300
_REACHES_OUT = ("socket.", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "ctypes.dlopen", "webbrowser.open")
_CHANGES = ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.truncate", "os.chmod", "shutil.")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Outcome:
    """What reading a file came to. found: how many articles, and how many rejects of each reason; troubles: what must not happen."""

    path: str
    found: dict[str, int] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    longest_seconds: float = 0
    """Of CPU, until the next article or reject came."""
    peak_bytes: int = 0


def read_apart(paths: Sequence[Path], folder: Path) -> list[Outcome]:
    """Reads each path as an inbox. Where one ends the process, that is its trouble, and another process reads on behind it.

    folder: an empty one, for the home, the working folder and the temporary files of these processes.
    """
    outcomes: list[Outcome] = []
    for name in ("home", "here", "tmp"):
        (folder / name).mkdir()
    while left := paths[len(outcomes) :]:
        outcomes += _one_process(left, folder)
    made = [str(path) for path in folder.rglob("*") if path.parent != folder]
    if made:
        outcomes[-1].troubles.append(f"files were left: {made[:5]}")
    return outcomes


def _one_process(paths: Sequence[Path], folder: Path) -> list[Outcome]:
    places = {"HOME": str(folder / "home"), "TMPDIR": str(folder / "tmp"), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.faults.isolation"], input="\0".join(map(str, paths)).encode(errors="surrogateescape"),
        capture_output=True, cwd=folder / "here", env={**os.environ, **places}, check=False,
    )  # fmt: skip
    outcomes = [Outcome(**json.loads(line)) for line in done.stdout.splitlines()]
    if done.returncode:
        trouble = f"the process ended with {done.returncode}: {done.stderr.decode(errors='replace')[-3000:]}"
        outcomes.append(Outcome(str(paths[len(outcomes)]), troubles=[trouble]))
    return outcomes


def _read_all() -> None:
    """The child: reads paths from stdin, writes an outcome a line."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no outcome
    paths = sys.stdin.buffer.read().decode(errors="surrogateescape").split("\0")
    _load()
    noted = _watch()
    _limit_memory()
    for path in paths:
        Path("/proc/self/clear_refs").write_text("5")  # the peak of memory starts anew
        noted.clear()
        outcome = _read(path)
        outcome.troubles += noted
        outcome.peak_bytes = _peak_bytes()
        out.write(json.dumps(asdict(outcome)) + "\n")
        out.flush()


def _load() -> None:
    """Everything that is imported or read at the first file of its kind, before the clocks start."""
    import tempfile

    from pipeline.articles import read_articles
    from pipeline.config import Settings
    from tests.articles.article_samples import FORMATS

    with tempfile.TemporaryDirectory() as folder:
        for name, data in FORMATS.items():
            (Path(folder) / name).write_bytes(data)
        list(read_articles([folder], Settings()))


def _read(path: str) -> Outcome:
    from pipeline.articles import Article, Reason, Reject, read_articles
    from pipeline.config import Settings

    outcome, found = Outcome(path), Counter[str]()
    _set_clocks(CPU_SECONDS, _WALL_SECONDS)
    for item in read_articles([path], Settings.from_environment()):
        outcome.longest_seconds = max(outcome.longest_seconds, CPU_SECONDS - signal.getitimer(signal.ITIMER_PROF)[0])
        _set_clocks(CPU_SECONDS, _WALL_SECONDS)
        if isinstance(item, Reject):
            found[item.reason.value] += 1
            told: tuple[Any, ...] = (item.reject_id, item.record_id(0), item.canonical_url, item.locator, item.evidence, item.url)
            if item.reason is Reason.READER_FAILED:
                outcome.troubles.append(f"reader_failed: {item.evidence}")
        else:
            assert isinstance(item, Article)
            found["article"] += 1
            told = (item.article_id, item.record_id, item.content_hash, item.canonical_url, item.title, item.publisher_name, item.locator)
        "".join(part or "" for part in told).encode()
    _set_clocks(0, 0)
    outcome.found = dict(found)
    return outcome


def _set_clocks(cpu: float, wall: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, cpu)
    signal.setitimer(signal.ITIMER_REAL, wall)


def _peak_bytes() -> int:
    lines = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) * 1024


def _limit_memory() -> None:
    """So much more than the libraries reserve when they load; what is really used is told as peak_bytes."""
    reserved = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (reserved + MEMORY_BYTES,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    faulthandler.enable()
    for clock in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(clock, signal.SIG_DFL)
        faulthandler.register(clock, all_threads=False, chain=True)


def _watch() -> list[str]:
    """What reaches out of the process from now on, as it happens."""
    noted: list[str] = []
    temporary = os.environ["TMPDIR"]

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_REACHES_OUT) or (event.startswith(_CHANGES) and not str(arguments[0]).startswith(temporary)):
            noted.append(f"{event}{arguments!r:.300}")
        elif event == "open" and isinstance(arguments[0], str | bytes) and (arguments[2] or 0) & _WRITING:
            noted.extend([] if os.fsdecode(arguments[0]).startswith(temporary) else [f"{event}{arguments!r:.300}"])

    sys.addaudithook(note)
    return noted


if __name__ == "__main__":
    _read_all()
