"""The gold standard is well-formed by the codebook: words, types, modes, statuses, dates, both directions of meetings."""

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from pipeline import resources
from pipeline.codebook.ontology import load_ontology
from pipeline.contracts import EVENT_TYPES, STATUSES
from pipeline.errors import SeedError
from pipeline.scoring import GOLD, GoldArticle, read_gold

ARTICLES = resources.SEEDS / "articles"
FILES = sorted(GOLD.glob("*.json"))
FIELDS = {"sentence", "trigger", "source", "target", "event_type", "mode", "status", "date", "place"}
A_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
WITHOUT_EVENTS = {"1993-05-03_final-at-the-lane", "2003-08-09_obituary-naude-mokoena"}


@pytest.fixture(scope="module")
def golds() -> dict[str, GoldArticle]:
    return {gold.name: gold for gold in read_gold(GOLD, ARTICLES)}


def rows(path: Path) -> list[dict[str, str | None]]:
    events: list[dict[str, str | None]] = json.loads(path.read_text(encoding="utf-8"))["events"]
    return events


def is_date(text: str) -> bool:
    match = A_DATE.fullmatch(text)
    if not match:
        return False
    year, month, day = (int(part) if part else 1 for part in match.groups())
    return 1900 < year < 2100 and date(year, month, day) is not None


def test_every_word_is_found_and_every_article_is_there(golds):
    assert set(golds) == {path.stem for path in FILES}
    assert all(gold.published for gold in golds.values())


def test_at_least_25_articles_have_events_and_all_types_occur(golds):
    assert sum(bool(gold.events) for gold in golds.values()) >= 25
    assert {event.event_type for gold in golds.values() for event in gold.events} == set(EVENT_TYPES)


def test_articles_without_events_are_among_them(golds):
    assert {name for name, gold in golds.items() if not gold.events} == WITHOUT_EVENTS


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_rows_keep_to_the_codebook(path):
    types = load_ontology().types
    for row in rows(path):
        assert set(row) == FIELDS
        assert (row["event_type"], row["mode"]) in types, row
        assert row["status"] in STATUSES, row
        assert row["date"] is None or is_date(row["date"]), row
        assert row["source"] or row["target"], f"nobody takes part: {row}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_events_of_the_past_are_not_dated_after_publication(path, golds):
    published = golds[path.stem].published
    for row in rows(path):
        if row["date"] and row["status"] in ("actual", "historical"):
            assert row["date"] <= published.isoformat(), row


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_meetings_of_two_run_both_ways(path):
    """Mediators and visitors only act; letters go one way; of the rest, whoever met somebody was met."""
    meetings = Counter(
        (row["sentence"], row["trigger"], row["source"], row["target"])
        for row in rows(path)
        if row["event_type"] == "CONSULT" and row["source"] and row["target"]
    )
    one_way = {"mediated", "brought", "letters", "travelled", "visit"}
    for (sentence, trigger, source, target), count in meetings.items():
        if trigger not in one_way:
            assert meetings[sentence, trigger, target, source] == count, f"{sentence}: {source} {trigger} {target}"
            assert source != target or count == 2


@pytest.mark.parametrize("words", ["the Martian delegation", "Fernando Pereira"])
def test_words_that_are_not_in_the_sentence_are_an_error(tmp_path, words):
    """Whether they stand nowhere, or in another sentence of the article."""
    good = json.loads((GOLD / "1985-09-23_rainbow-warrior.json").read_text(encoding="utf-8"))
    good["events"][0]["target"] = words
    (tmp_path / "wrong.json").write_text(json.dumps(good), encoding="utf-8")
    with pytest.raises(SeedError, match=words):
        list(read_gold(tmp_path, ARTICLES))
