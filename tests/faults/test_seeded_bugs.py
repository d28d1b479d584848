"""The tests notice what matters: each seeded bug is put into a copy of the checkout, and the tests that are there for it are run in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.faults.seeded_bugs import BUGS, Bug

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("dags", "docs", "expectations", "pipeline", "seeds", "sql", "tests")
_SECONDS = 1800  # so that a bug which makes a test wait for ever ends somehow; all of the tests take three minutes


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.harm)
def test_a_bug_still_fits_the_code(bug: Bug) -> None:
    found = (ROOT / bug.file).read_text().count(bug.old)
    assert found == 1, f"{bug.file} holds the text to replace {found} times; seed the bug anew, as the code reads now"
    for test in bug.tests:
        file, _, name = test.partition("::")
        assert (ROOT / file).is_file(), f"{file} is gone; name the tests that should notice"
        assert not name or f"\ndef {name}(" in (ROOT / file).read_text(), f"{file} has no {name}; name the tests that should notice"


def test_there_are_thirty() -> None:
    assert len({bug.harm for bug in BUGS}) == 30


@pytest.mark.slow
def test_at_most_one_in_ten_is_missed(tmp_path: Path, is_long: bool) -> None:
    chosen = BUGS if is_long else BUGS[:1]
    copy_checkout(tmp_path / "untouched")
    tests = dict.fromkeys(test for bug in chosen for test in bug.tests)
    assert not fail_in(tmp_path / "untouched", tests), "some of the tests fail without any bug"
    missed = [bug for bug in chosen if not is_noticed(bug, tmp_path / "with a bug")]
    told = "\n".join(f"{bug.harm} ({bug.file}), by {', '.join(bug.tests)}" for bug in missed)
    assert len(missed) * 10 <= len(chosen), f"{len(chosen) - len(missed)} of {len(chosen)} bugs are noticed; missed:\n{told}"


def is_noticed(bug: Bug, folder: Path) -> bool:
    """Whether any of the tests named for a bug fails in a copy that has it."""
    copy_checkout(folder)
    path = folder / bug.file
    path.write_text(path.read_text().replace(bug.old, bug.new))
    try:
        return fail_in(folder, bug.tests)
    finally:
        shutil.rmtree(folder)


def copy_checkout(folder: Path) -> None:
    """What tests read, without environment and data."""
    for name in FOLDERS:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, folder)


def fail_in(folder: Path, tests: Iterable[str]) -> bool:
    """Whether a test fails in a copy; its code comes before that of the checkout, in the processes that tests start too."""
    outer = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_") and name != "DRAGOMAN_FAULTS"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "--basetemp", f"{folder}-temporary", *tests],
        cwd=folder, env=outer | {"PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=_SECONDS,
    )  # fmt: skip
    assert done.returncode in (0, 1), f"the tests did not run:\n{done.stdout}{done.stderr}"
    return done.returncode == 1
