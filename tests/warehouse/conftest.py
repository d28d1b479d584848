from pathlib import Path

import pytest

from tests.warehouse.factory import Bench, bench


@pytest.fixture
def warehouse(tmp_path: Path) -> Bench:
    """An empty warehouse."""
    return bench(tmp_path)
