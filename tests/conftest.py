"""What several areas share: a coder, loaded once, and runs that leave the explorer out, which takes a second each."""

import os

import pytest

from pipeline.coder.coder import Coder

os.environ["DRAGOMAN_EXPLORER_EVENTS"] = "0"  # tests/site and test_forgetting ask for it

_LONGEST = (
    "dags/test_scheduler", "faults/test_kills", "dags/test_news_events", "test_flow", "faults/test_poison_articles",
    "faults/test_work_file", "test_forgetting", "test_audit", "warehouse/test_incremental", "test_docs",
)  # fmt: skip
"""Files that take minutes, begun first, so that no process is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    names = [f"tests/{name}.py" for name in _LONGEST]
    items.sort(key=lambda item: names.index(name) if (name := item.nodeid.partition("::")[0]) in names else len(names))


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder()
