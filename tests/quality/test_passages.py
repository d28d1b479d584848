"""A failing row leads to the article, and to the sentence, that it was made from."""

import duckdb
import pytest

from pipeline.quality.checks import Passage
from pipeline.quality.display import MAX_VALUE
from pipeline.quality.passages import with_passages

from .conftest import SENTENCE
from .test_report import HOSTILE, check

pytestmark = pytest.mark.slow  # each test copies a warehouse

SEEN = Passage("a000003", "Talks in Reykjavik, part 3", "m000003", "e000003", SENTENCE)
NO_SENTENCE = Passage("a000003", "Talks in Reykjavik, part 3")


def passages(work_file, *rows):
    with duckdb.connect(str(work_file), read_only=True) as warehouse:
        return with_passages([check(passed=False, rows=rows)], warehouse)[0].passages


@pytest.mark.parametrize(
    ("row", "passage"),
    [
        ({"mention_id": "m000003"}, SEEN),
        ({"event_id": "e000003", "intensity": 11}, SEEN),
        ({"actor_mention_id": "am000003"}, SEEN),  # the sentence around the span
        ({"article_id": "a000003"}, NO_SENTENCE),
        ({"record_id": "r000003"}, NO_SENTENCE),
        ({"mention_id": "m000003", "article_id": "a000004"}, SEEN),  # the most telling key
    ],
)
def test_a_row_is_told_by_its_key(healthy, row, passage):
    assert passages(healthy, row) == (passage,)


@pytest.mark.parametrize(
    "row", [{"event_id": "gone"}, {"event_id": None}, {"record_id": "x000000"}, {"month": "2021-05-01"}, {"event_id": 3}]
)
def test_a_row_without_an_article_has_none(healthy, row):
    assert passages(healthy, row) == ()
    assert passages(healthy, row, {"event_id": "e000003"}) == (None, SEEN)


def test_an_event_is_told_by_its_first_report(broken):
    work_file = broken("update event_mentions set event_id = 'e000003' where mention_id in ('m000000', 'm000005')")
    assert passages(work_file, {"event_id": "e000003"})[0].mention_id == "m000000"


def test_a_span_outside_of_every_sentence_has_its_article(broken):
    work_file = broken("update actor_mentions set mention_start = 100000, mention_end = 100010 where actor_mention_id = 'am000003'")
    assert passages(work_file, {"actor_mention_id": "am000003"}) == (NO_SENTENCE,)


def test_two_articles_of_one_id_are_told_once(broken):
    assert passages(broken("insert into articles from articles"), {"mention_id": "m000003"}) == (SEEN,)


def test_long_texts_are_cut(broken):
    [passage] = passages(broken("update event_mentions set sentence_text = repeat('x', 10000)"), {"mention_id": "m000003"})
    assert len(passage.sentence_text) < MAX_VALUE + 30


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in ("\ud800", "\x00")])
def test_a_key_is_only_ever_a_value(healthy, text):
    assert passages(healthy, {"mention_id": text}, {"event_id": f"e000003' or '{text}"}) == ()
