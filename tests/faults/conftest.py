"""How much is tried: a quick set in `make test`, the long one in `make fault-test`."""

import os

import pytest


@pytest.fixture(scope="session")
def is_long() -> bool:
    return os.environ.get("DRAGOMAN_FAULTS") == "long"
