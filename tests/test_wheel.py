"""The wheel, unpacked elsewhere, brings all that the code reads."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """A folder with the unpacked wheel, as an installation would lay it."""
    built, installed = tmp_path_factory.mktemp("dist"), tmp_path_factory.mktemp("site")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = built.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(installed)
    return installed


@pytest.mark.slow
def test_an_installed_wheel_codes_and_publishes(installed, tmp_path):
    variables = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    (tmp_path / "a.txt").write_text("Date: 2022-03-04\n\nZambia's foreign minister met his Angolan counterpart in Lusaka on Friday.\n" * 1)

    def dragoman(*arguments):
        command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
        return subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True)

    where = subprocess.run(
        [sys.executable, "-c", "import pipeline; print(pipeline.__file__)"], cwd=tmp_path, env=variables, capture_output=True, text=True
    )
    assert where.stdout.startswith(str(installed))
    done = dragoman("run", "a.txt", "--warehouse", "out.duckdb")
    assert done.returncode == 0, done.stderr
    answer = dragoman("sql", "select distinct event_type from events", "--warehouse", "out.duckdb", "--format", "csv")
    assert answer.stdout == "event_type\nCONSULT\n", answer.stderr
