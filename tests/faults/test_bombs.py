"""*Bounded*: what grows out of all proportion is refused before it takes the time or the memory. DRAGOMAN_FAULTS=long: true sizes."""

import os
from pathlib import Path

import pytest

from tests.faults.bombs import LONG, QUICK, page
from tests.faults.isolation import MEMORY_BYTES, read_apart

pytestmark = pytest.mark.slow

CASES = {**QUICK, **LONG} if os.environ.get("DRAGOMAN_FAULTS") == "long" else QUICK


def test_what_takes_too_long_is_told_with_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The instrument itself: without the limit on elements, the page takes half a minute, and the file behind it is read all the same."""
    monkeypatch.setenv("DRAGOMAN_MAX_PAGE_ELEMENTS", "1000000")
    monkeypatch.setenv("FAULTS_CPU_SECONDS", "1")
    (tmp_path / "a.html").write_bytes(page("<b><i>" * 90 + "<p>x" * 90_000))
    (tmp_path / "b.txt").write_text("The ministers met in Oslo.")
    (tmp_path / "apart").mkdir()
    slow, sound = read_apart([tmp_path / "a.html", tmp_path / "b.txt"], tmp_path / "apart")
    assert "markup.py" in slow.troubles[0]
    assert (sound.found, sound.troubles) == ({"article": 1}, [])


def test_bombs_are_refused_before_they_go_off(tmp_path: Path):
    """All in one process, since it is the start of it that takes the time."""
    paths = []
    for number, (file, make, _) in enumerate(CASES.values()):
        paths.append(tmp_path / f"{number}-{file}")
        paths[-1].write_bytes(make())
    (tmp_path / "apart").mkdir()
    outcomes = dict(zip(CASES, read_apart(paths, tmp_path / "apart"), strict=True))
    assert {name: outcome.troubles for name, outcome in outcomes.items() if outcome.troubles} == {}
    assert {name: outcome.found for name, outcome in outcomes.items()} == {name: expected for name, (_, _, expected) in CASES.items()}
    assert {name: outcome.peak_bytes for name, outcome in outcomes.items() if outcome.peak_bytes > MEMORY_BYTES} == {}
