"""Articles that tell the same text, within a batch and across batches, in any order of arrival."""

import itertools
import json
import random
from pathlib import Path

import polars as pl
import pytest

from pipeline.articles import ingest_articles
from pipeline.articles.signatures import signatures
from pipeline.config import Settings, Workspace
from tests.articles.article_samples import prose, put

pytestmark = pytest.mark.slow  # whole ingestions

SETTINGS = Settings(shard_articles=3)
STORY = prose(1, 40)


def item(name: str, day: int | None, text: str = STORY) -> str:
    """A record with its outlet's id, published in May 2021."""
    return json.dumps({"id": name, "text": text, "date": f"2021-05-{day:02}" if day else None})


def ingest(folder: Path, workspace: Workspace, *records: str, settings: Settings = SETTINGS):
    put(folder, {f"{abs(hash(records))}.jsonl": "\n".join(records)})
    return ingest_articles([str(folder)], workspace, settings)


def lake(workspace: Workspace, table: str) -> pl.DataFrame:
    return pl.read_parquet(workspace.lake / table / "*.parquet")


def representatives(workspace: Workspace) -> dict[str, str]:
    """The outlet's id of each duplicate -> that of its representative, by the rule that the earliest named one holds."""
    articles = {row["article_id"]: row for row in lake(workspace, "article_records").iter_rows(named=True)}

    def rank(article_id: str) -> tuple[bool, object, str]:
        published = articles[article_id]["published_at"]
        return published is None, published and published.isoformat(), article_id

    found: dict[str, str] = {}
    for row in lake(workspace, "duplicates").iter_rows(named=True):
        found[row["article_id"]] = min(row["duplicate_of"], found.get(row["article_id"], row["duplicate_of"]), key=rank)
    return {articles[one]["external_id"]: articles[other]["external_id"] for one, other in found.items()}


def edited(text: str, words: int, seed: int = 0) -> str:
    """The text with some words replaced."""
    parts = text.split()
    for position in random.Random(seed).sample(range(len(parts)), words):
        parts[position] = f"edited{position}"
    return " ".join(parts)


def alike(one: str, other: str) -> float:
    first, second = (signature.slots for signature in signatures([(None, one), (None, other)]))
    return sum(map(int.__eq__, first, second)) / len(first)


def test_exact_duplicates_differ_in_case_punctuation_and_lines_only(inbox: Path, workspace: Workspace) -> None:
    batch = ingest(inbox, workspace, item("b", 21, STORY.upper()), item("a", 20), item("c", 22, STORY.replace(". ", "!\n\n")))
    assert (batch.new_articles, batch.duplicates, batch.records) == (1, 2, 3)
    assert representatives(workspace) == {"b": "a", "c": "a"}
    assert set(lake(workspace, "duplicates")["similarity"]) == {1.0}


def test_near_duplicates_and_texts_that_are_merely_alike(inbox: Path, workspace: Workspace) -> None:
    ingest(inbox, workspace, item("a", 20), item("near", 21, edited(STORY, 3)), item("other", 22, edited(STORY, 40)))
    assert representatives(workspace) == {"near": "a"}
    (similarity,) = lake(workspace, "duplicates")["similarity"]
    assert 0.8 <= similarity < 1


def test_a_band_in_common_is_no_likeness(inbox: Path, workspace: Workspace) -> None:
    similar = edited(STORY, 20)
    one, other = signatures([(None, STORY), (None, similar)])
    assert set(one.band_hashes) & set(other.band_hashes)
    assert ingest(inbox, workspace, item("a", 20), item("b", 21, similar)).duplicates == 0


@pytest.mark.parametrize(
    ("first", "second", "count"), [("Talks fail again.", "Talks fail again!", 1), ("Talks fail again.", "Talks fail at last.", 0)]
)
def test_short_texts_only_when_equal(inbox: Path, workspace: Workspace, first: str, second: str, count: int) -> None:
    assert ingest(inbox, workspace, item("a", 20, first), item("b", 21, second)).duplicates == count


def test_boilerplate_under_other_headlines_is_not_the_same_article(inbox: Path, workspace: Workspace) -> None:
    records = [
        json.dumps({"title": title, "text": "Qtly div 20 cts vs 20 cts prior"}) for title in ("ACME SETS PAYOUT", "BOLT SETS PAYOUT")
    ]
    assert ingest(inbox, workspace, *records).duplicates == 0


def test_earliest_represents_then_smallest_id_and_unknown_dates_come_last(inbox: Path, workspace: Workspace) -> None:
    ingest(inbox, workspace, item("undated", None), item("late", 25), item("early", 3))
    assert representatives(workspace) == {"undated": "early", "late": "early"}


def test_duplicates_are_stored_apart_from_what_is_coded(inbox: Path, workspace: Workspace) -> None:
    batch = ingest(inbox, workspace, *(item(f"{n}", n + 1) for n in range(5)))
    coded = [pl.read_parquet(workspace.lake / "article_records" / f"{shard}.parquet") for shard in batch.shards]
    assert [row for frame in coded for row in frame["external_id"]] == ["0"]
    assert sorted(lake(workspace, "article_records")["external_id"]) == ["0", "1", "2", "3", "4"]
    assert [name.startswith("duplicates-") for name in batch.stored] == [False, True, True]


def test_a_late_article_that_precedes_is_coded_and_takes_the_cluster_over(inbox: Path, workspace: Workspace) -> None:
    first = ingest(inbox, workspace, item("b", 20), item("c", 21))
    second = ingest(inbox, workspace, item("a", 19, edited(STORY, 2)))
    assert (second.new_articles, second.duplicates) == (1, 0)
    assert representatives(workspace) == {"b": "a", "c": "a"}
    rows = pl.read_parquet(workspace.lake / "duplicates" / f"{second.batch_id}.parquet")
    assert rows.height == 2  # the old representative and its other member, pointed anew
    assert set(first.shards) < set(second.shards)


def test_a_late_article_can_join_two_clusters(inbox: Path, workspace: Workspace) -> None:
    left, right, middle = edited(STORY, 8, seed=1), edited(STORY, 8, seed=9), STORY
    assert alike(left, middle) > 0.8 < alike(right, middle)
    assert alike(left, right) < 0.8
    ingest(inbox, workspace, item("left", 2, left))
    ingest(inbox, workspace, item("right", 3, right))
    ingest(inbox, workspace, item("twin of right", 4, right))
    ingest(inbox, workspace, item("middle", 1, middle))
    assert representatives(workspace) == {"left": "middle", "right": "middle", "twin of right": "middle"}


OTHER = prose(2, 40)
RECORDS = [
    item("a1", 9), item("a2", 5, edited(STORY, 2, 1)), item("a3", 7, edited(STORY, 2, 2)), item("a4", None), item("a5", 5, STORY.upper()),
    item("b1", 4, OTHER), item("b2", 2, edited(OTHER, 3)), item("b3", 2, OTHER + " More."), item("b4", 8, edited(edited(OTHER, 6), 6, 7)),
    item("c1", 1, prose(3)), item("d1", 1, "Short note."), item("d2", 2, "SHORT NOTE"), item("e1", 3, prose(5)),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_any_order_and_any_batches_give_the_same_representatives(tmp_path: Path, seed: int) -> None:
    whole = Workspace(tmp_path / "whole" / "w.duckdb")
    ingest(tmp_path / "all", whole, *RECORDS)
    chance = random.Random(seed)
    shuffled = chance.sample(RECORDS, len(RECORDS))
    parts = Workspace(tmp_path / "parts" / "w.duckdb")
    cuts = sorted(chance.sample(range(1, len(RECORDS)), chance.choice([1, 3, 12])))
    for start, end in itertools.pairwise([0, *cuts, len(RECORDS)]):
        ingest(tmp_path / "in parts", parts, *shuffled[start:end])
    assert representatives(parts) == representatives(whole)
    for table, columns in {"article_records": pl.all(), "records": pl.col("article_id")}.items():
        one, other = (lake(workspace, table).select(columns).sort("article_id") for workspace in (whole, parts))
        assert one.equals(other)


def test_many_texts_of_one_template_are_compared_in_bounded_time(inbox: Path, workspace: Workspace) -> None:
    texts = [edited(STORY, 3, seed) for seed in range(150)]
    batch = ingest(inbox, workspace, *(item(f"{n}", 1 + n % 28, text) for n, text in enumerate(texts)))
    assert batch.new_articles + batch.duplicates == 150
    assert batch.new_articles < 10
