"""What several areas share: a coder, loaded once."""

import pytest

from pipeline.coder.coder import Coder


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder()
