"""An inbox, and a short way to read it."""

from pathlib import Path

import pytest

from pipeline.articles import Article, Reject, read_articles
from pipeline.config import Settings, Workspace
from tests.articles.article_samples import Read, put


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


@pytest.fixture
def read(inbox: Path) -> Read:
    """Writes files, given by name, into the inbox and reads it."""

    def read_files(files: dict[str, bytes | str] | None = None, settings: Settings | None = None) -> list[Article | Reject]:
        put(inbox, files or {})
        return list(read_articles([str(inbox)], settings or Settings()))

    return read_files


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "w" / "warehouse.duckdb")
