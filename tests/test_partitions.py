"""Partitions are written whole or not at all, and say the same whatever the order of their rows."""

import os

import duckdb
import polars as pl
import pytest

from pipeline.contracts import CODED_ARTICLES
from pipeline.errors import ContractError
from pipeline.partitions import atomic_writer, clear_unfinished, read_partition, rows_of, write_partition


def row(article_id: str, **rest) -> dict[str, object]:
    return {"article_id": article_id, "coder_version": "1", "sentence_count": 3, "event_count": 0, "failure": None, **rest}


def test_equal_rows_in_any_order_give_equal_bytes(tmp_path):
    rows = [row("b"), row("a", event_count=2)]
    one = write_partition(rows, CODED_ARTICLES, tmp_path / "one.parquet").read_bytes()
    assert write_partition(rows[::-1], CODED_ARTICLES, tmp_path / "two.parquet").read_bytes() == one


def test_columns_are_those_of_the_contract(tmp_path):
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        write_partition(pl.DataFrame({"article_id": ["a"]}), CODED_ARTICLES, tmp_path / "x.parquet")
    assert list(tmp_path.iterdir()) == []
    write_partition([], CODED_ARTICLES, tmp_path / "empty.parquet")
    assert read_partition(tmp_path / "empty.parquet", CODED_ARTICLES).schema == CODED_ARTICLES.polars_schema


def test_a_column_of_later_releases_is_null_where_it_may_be_and_else_named(tmp_path):
    path = write_partition([row("a")], CODED_ARTICLES, tmp_path / "x.parquet")
    pl.read_parquet(path).drop("failure").write_parquet(path)
    assert read_partition(path, CODED_ARTICLES).to_dicts() == [row("a")]
    pl.read_parquet(path).drop("event_count").write_parquet(path)
    assert read_partition(path, CODED_ARTICLES, ["article_id"]).to_dicts() == [{"article_id": "a"}]
    with pytest.raises(ContractError, match=r"x\.parquet: lacks event_count.*read the articles anew"):
        read_partition(path, CODED_ARTICLES)


def test_a_partition_is_read_whatever_its_folder_is_called(tmp_path):
    path = write_partition([row("a")], CODED_ARTICLES, tmp_path / "O'Brien's lake" / "x.parquet")
    with duckdb.connect() as connection:
        found, columns = rows_of(connection, [str(path)])
        assert columns == CODED_ARTICLES.column_names
        assert connection.execute(f"select article_id from {found}").fetchall() == [("a",)]


def test_a_write_that_fails_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="full"), atomic_writer(path) as file:
        file.write(b"half")
        raise OSError("disk full")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_synced_before_it_gets_its_name(tmp_path, monkeypatch):
    synced = []
    fsync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (synced.append((tmp_path / "file").exists()), fsync(handle)))
    with atomic_writer(tmp_path / "file") as file:
        file.write(b"new")
    assert synced == [False, True]  # the content before the rename, the folder after it


def test_what_killed_attempts_left_goes_and_what_is_being_written_stays(tmp_path):
    path, other = tmp_path / "file", tmp_path / "file2"
    left = tmp_path / ".file.killed"
    left.touch()
    with atomic_writer(path) as file, atomic_writer(other):
        file.write(b"new")
        clear_unfinished(path)
        assert not left.exists() and len(list(tmp_path.glob(".file*"))) == 2
    assert path.read_bytes() == b"new" and sorted(tmp_path.iterdir()) == [path, other]
