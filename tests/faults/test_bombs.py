"""*Bounded*: what grows out of all proportion is refused before it takes the time or the memory. DRAGOMAN_FAULTS=long asks for true sizes."""

import os
from pathlib import Path

import pytest

from tests.faults.bombs import LONG, QUICK
from tests.faults.isolation import MEMORY_BYTES, read_apart

pytestmark = pytest.mark.slow

CASES = {**QUICK, **LONG} if os.environ.get("DRAGOMAN_FAULTS") == "long" else QUICK


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
