"""The lake may lie wherever fsspec reaches: the same news give the same partitions and the same warehouse."""

from datetime import date, datetime

import fsspec
import polars as pl
import pytest
from upath import UPath

from pipeline import flow
from pipeline.articles import expire_texts, ingest_articles, shards_between
from pipeline.coder import Coder
from pipeline.coder.version import coder_version
from pipeline.coding.shard import code_shard
from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLE_RECORDS
from pipeline.partitions import atomic_writer, read_partition
from pipeline.resources import SEEDS
from pipeline.warehouse import export_canonical, publish_release, superseded_codings

pytestmark = pytest.mark.slow  # articles are read and coded, warehouses built

NEWS = str(SEEDS / "articles" / "odd")


@pytest.fixture
def store(request):
    """An object store that holds nothing yet."""
    url = f"memory://{request.node.name}"
    yield url
    fsspec.filesystem("memory").rm(f"/{request.node.name}", recursive=True)


def published(workspace: Workspace, folder) -> dict[str, bytes]:
    batch = flow.ingest([NEWS], workspace, Settings())
    for shard in batch.shards:
        code_shard(shard, workspace, Coder(), {}, False, lambda *_: None)  # a store in memory is this process's own
    flow.load(batch, workspace, Settings())
    publish_release(batch.batch_id, "passed", workspace, "1", datetime(2026, 1, 1))
    return {path.name: path.read_bytes() for path in export_canonical(workspace, folder) if path.suffix == ".csv"}


@pytest.mark.slow
def test_an_object_store_gives_what_a_folder_gives(tmp_path, store):
    stored = Workspace(tmp_path / "a" / "w.duckdb", store)
    local = Workspace(tmp_path / "b" / "w.duckdb", "")
    assert published(stored, tmp_path / "one") == published(local, tmp_path / "two")
    assert not (stored.work / "lake").exists()
    assert {path.parent.name for path in stored.lake.rglob("*.parquet")} >= {"article_records", "records"}


def test_a_second_batch_finds_the_first_one_in_the_store(tmp_path, store):
    workspace = Workspace(tmp_path / "w.duckdb", store)
    first = ingest_articles([NEWS], workspace, Settings())
    again = ingest_articles([NEWS], workspace, Settings(shard_articles=7))
    assert first.new_articles > 0 == again.new_articles
    assert again.known == first.new_articles + first.known + first.duplicates


def test_days_and_codings_are_found_in_the_store(tmp_path, store):
    """What `recode` and `upkeep` look for."""
    workspace = Workspace(tmp_path / "w.duckdb", store)
    batch = ingest_articles([NEWS], workspace, Settings())
    (shard,) = batch.shards
    code_shard(shard, workspace, Coder(), {}, False, lambda *_: None)
    assert shards_between(date(2000, 1, 1), date(2030, 1, 1), workspace) == (shard,)
    assert shards_between(date(1900, 1, 1), date(1900, 1, 2), workspace) == ()
    assert superseded_codings("another", workspace, Settings()) == [(coder_version(), shard)]
    assert expire_texts(datetime(2030, 1, 1), workspace).height == batch.new_articles + batch.duplicates
    assert set(read_partition(workspace.lake / "article_records" / f"{shard}.parquet", ARTICLE_RECORDS)["text"]) == {""}


def test_what_a_killed_ingestion_left_in_the_store_goes(tmp_path, store, monkeypatch):
    workspace = Workspace(tmp_path / "w.duckdb", store)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.articles.ledger.complete", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            ingest_articles([NEWS], workspace, Settings(shard_articles=3))
    batch = ingest_articles([NEWS], workspace, Settings())
    assert sorted(path.stem for path in (workspace.lake / "article_records").glob("*")) == sorted(batch.stored)
    rows = [read_partition(workspace.lake / "article_records" / f"{name}.parquet", ARTICLE_RECORDS) for name in batch.stored]
    assert pl.concat(rows)["article_id"].is_unique().all()


def test_an_object_whose_writing_failed_is_never_seen(store):
    path = UPath(store) / "object"
    with pytest.raises(OSError, match="full"), atomic_writer(path) as file:
        file.write(b"half")
        raise OSError("disk full")
    assert not path.exists()
    with atomic_writer(path) as file:
        file.write(b"whole")
    assert path.read_bytes() == b"whole"


@pytest.mark.parametrize("place", ["{folder}", "file://{folder}"])
def test_a_folder_elsewhere_is_a_folder(tmp_path, place):
    one = Workspace(tmp_path / "one.duckdb", place.format(folder=tmp_path / "shared"))
    assert str(one.lake) == str(tmp_path / "shared" / "one")
    assert one.lake.protocol == ""


def test_the_environment_says_where_it_lies(tmp_path, monkeypatch):
    monkeypatch.setenv("DRAGOMAN_LAKE", "memory://elsewhere")
    assert str(Workspace(tmp_path / "news.duckdb").lake) == "memory://elsewhere/news"
