"""An inbox and a short way to read it, as for the readers; and how much is tried: a quick set, or the long one of `make fault-test`."""

import os

import pytest

from tests.articles.conftest import inbox, read, workspace  # noqa: F401  fixtures


@pytest.fixture(scope="session")
def is_long() -> bool:
    return os.environ.get("DRAGOMAN_FAULTS") == "long"
