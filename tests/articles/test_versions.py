"""Corrections and retractions: which of an outlet's articles still speak, in whatever order they come in."""

import json
import random
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.articles import Ingested, ingest_articles
from pipeline.articles.records import canonical_url
from pipeline.config import Settings, Workspace
from pipeline.resources import SQL
from tests.articles.article_samples import ATOM, PAGE, RECORD, TEXT, Read, prose, put

pytestmark = pytest.mark.slow  # whole ingestions

STORY, REWRITTEN, ANOTHER = prose(1, 40), prose(2, 40), prose(3, 40)
HERE = "https://wire.example/world/talks"


def told(title: str, text: str | None = STORY, on: int | None = 20, url: str | None = HERE, **rest: object) -> str:
    """A record published in May 2021 under a title that says which version it is."""
    fields = {"title": title, "text": text, "date": on and f"2021-05-{on:02}", "url": url, "publisher": "Wire"} | rest
    return json.dumps({name: value for name, value in fields.items() if value is not None})


def notice(on: int, url: str | None = HERE, **rest: object) -> str:
    return told("Kill", None, on, url, **{"pubstatus": "canceled"} | rest)


def ingest(workspace: Workspace, *records: str) -> Ingested:
    inbox = workspace.warehouse.parent / "inbox"
    put(inbox, {f"{abs(hash(records))}.jsonl": "\n".join(records)})
    return ingest_articles([str(inbox)], workspace, Settings(shard_articles=2))


def speaking(workspace: Workspace, *batches: Ingested) -> list[str]:
    """Titles of the articles that the warehouse will take events from; each of them must lie in a partition that was to be coded."""
    with duckdb.connect() as connection:
        connection.execute("create schema raw; create schema staging; create table raw.forgotten (forgotten_id varchar)")
        for table in ("article_records", "rejects", "duplicates"):
            files = str(workspace.lake / table / "*.parquet")
            connection.execute(f"create view raw.{table} as from read_parquet('{files}', filename = true)")
        for table in ("retired", "duplicates"):
            connection.execute(f"create table staging.{table} as {(SQL / 'staging' / f'{table}.sql').read_text()}")
        found = connection.execute(
            "select title, parse_filename(filename, true) from raw.article_records "
            "anti join staging.retired using (article_id) anti join staging.duplicates using (article_id) order by title"
        ).fetchall()
    assert {shard for _, shard in found} <= {shard for batch in batches for shard in batch.shards}
    return [title for title, _ in found]


CASES = {
    "a correction takes the place of what it corrects": ([told("old"), told("new", REWRITTEN, 21)], ["new"]),
    "also where it keeps most of the words": ([told("old"), told("new", STORY + " Corrected.", 21)], ["new"]),
    "the time of the change counts where the publication keeps its own": (
        [told("old", updated="2021-05-20T09:00:00Z"), told("new", REWRITTEN, modified="2021-05-20T11:00:00Z")], ["new"],
    ),
    "of two that say no time, the longer": ([told("short", prose(2, 30), None), told("long", STORY, None)], ["long"]),
    "the address counts without what tracks readers": ([told("old"), told("new", REWRITTEN, 21, HERE + "/?utm_source=mail#top")], ["new"]),
    "a teaser replaces nothing": ([told("whole"), told("teaser", prose(2, 5), 21)], ["whole"]),
    "the front page is no article": (
        [told("one", url="https://wire.example/"), told("two", REWRITTEN, 21, "https://wire.example")], ["one", "two"],
    ),
    "a page that is new each month is no article": ([told("May 2", on=2), told("May 22", REWRITTEN, 22)], ["May 2", "May 22"]),
    "ids part what shares an address": ([told("one", id="a"), told("two", REWRITTEN, 21, id="b")], ["one", "two"]),
    "an id alone, under one publication time": (
        [told("short", url=None, id=7), told("long", STORY + REWRITTEN, url=None, id=7)], ["long"],
    ),
    "an id alone may be a number of a file": ([told("one", url=None, id=7), told("two", REWRITTEN, 21, url=None, id=7)], ["one", "two"]),
    "a retracted article is silent": ([told("false"), told("other", REWRITTEN, url=HERE + "/other"), notice(21)], ["other"]),
    "so are its former versions": ([told("old"), told("new", REWRITTEN, 21), notice(22)], []),
    "what comes after the notice stands": ([told("false"), notice(21), told("mended", REWRITTEN, 22)], ["mended"]),
    "a notice may name the id": ([told("false", url=None, id="x1"), notice(21, None, id="x1")], []),
    "another outlet's copy stands by itself then": (
        [told("false"), told("copy", publisher="Post", url="https://post.example/copy", on=21), notice(22)], ["copy"],
    ),
    "and stands for a second copy": (
        [told("false"), *(told(f"copy {n}", publisher=f"Post {n}", url=f"https://post.example/{n}", on=n) for n in (21, 22)), notice(23)],
        ["copy 21"],
    ),
    "a copy of what was corrected stands where the correction says something else": (
        [told("old"), told("copy", publisher="Post", url="https://post.example/copy", on=21), told("new", REWRITTEN, 22)], ["copy", "new"],
    ),
    "a copy of all versions of a story that is then taken back": (
        [
            told("old"), told("copy", STORY + " Printed.", publisher="Post", url="https://post.example/copy"),
            told("new", STORY + " Corrected.", updated="2021-05-20T11:00:00Z"), notice(21),
        ],
        ["copy"],
    ),
    "one that was cut short may come back": (
        [told("late", ANOTHER[:2800], 21), told("later", ANOTHER[:2400], 22), told("whole", (ANOTHER + REWRITTEN)[:5400], 20)], ["late"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), CASES.values(), ids=CASES)
def test_which_articles_speak(tmp_path: Path, records: list[str], expected: list[str]) -> None:
    at_once = Workspace(tmp_path / "once" / "w.duckdb")
    assert speaking(at_once, ingest(at_once, *records)) == expected
    for seed in range(3):
        shuffled = random.Random(seed).sample(records, len(records))
        one_by_one = Workspace(tmp_path / f"steps {seed}" / "w.duckdb")
        assert speaking(one_by_one, *[ingest(one_by_one, record) for record in shuffled]) == expected, shuffled


def test_a_retraction_is_a_reject_that_says_what_it_takes_back(read: Read) -> None:
    (found,) = read({"a.jsonl": notice(21, id="x1")})
    assert (found.reason, found.evidence, found.external_id) == ("retracted", f"canceled: {HERE}", "x1")
    assert found.canonical_url == "wire.example/world/talks"


UPDATED = "2021-05-20T12:00:00+02:00"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.html", PAGE.replace("</head>", f'<meta property="article:modified_time" content="{UPDATED}"></head>')),
        ("a.html", PAGE.replace("</head>", f'<script type="application/ld+json">{{"dateModified": "{UPDATED}"}}</script></head>')),
        ("a.xml", ATOM.replace("</published>", f"</published><updated>{UPDATED}</updated>")),
        ("a.json", json.dumps(RECORD | {"date_modified": UPDATED})),
        ("a.txt", TEXT.replace("URL:", f"Updated: {UPDATED}\nURL:")),
    ],
)
def test_where_the_time_of_the_last_change_is_read(read: Read, name: str, data: str) -> None:
    (found,) = read({name: data})
    assert (found.published_at, found.updated_at) == (
        datetime(2021, 5, 20, 6, 30) if name != "a.txt" else datetime(2021, 5, 20),
        datetime(2021, 5, 20, 10),
    )


@pytest.mark.parametrize("word", ["ok", "usable", "published", None, False, 200])
def test_other_words_of_a_status_take_nothing_back(read: Read, word: object) -> None:
    (found,) = read({"a.jsonl": told("one", status=word)})
    assert found.text


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://www.Wire.example:80/A/b/?b=2&a=1&utm_medium=x&fbclid=9#c", "wire.example/A/b?a=1&b=2"),
        ("https://wire.example/?p=12", "wire.example?p=12"),
        ("https://wire.example/#top", None),
        ("https://[wire/a", None),
        ("tag:wire.example,2021:1", None),
        ("", None),
        (None, None),
    ],
)
def test_canonical_url(url: str | None, expected: str | None) -> None:
    assert canonical_url(url) == expected
