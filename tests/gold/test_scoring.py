"""The scorer on a gold standard of one article and three events: what agrees counts, once, and in its own sentence only."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.coder.records import ActorMention, Coded, Event, EventDate, EventPlace, PlaceMention, Trigger
from pipeline.errors import SeedError
from pipeline.scoring import GoldArticle, GoldEvent, read_gold, score

TEXT = "On Monday Norland expelled two envoys of Sudland.\n\nIt recalled its own. Protesters marched in Norburg, and it rained."
EVENTS = [
    {"sentence": "On Monday Norland", "trigger": "expelled", "source": "Norland", "target": "two envoys of Sudland",
     "event_type": "SANCTION", "mode": "expel", "status": "actual", "date": "2020-03-02", "place": None},
    {"sentence": "It recalled", "trigger": "recalled", "source": "It", "target": None,
     "event_type": "SANCTION", "mode": "withdraw", "status": "actual", "date": None, "place": None},
    {"sentence": "Protesters marched", "trigger": "marched", "source": "Protesters", "target": None,
     "event_type": "PROTEST", "mode": "demo", "status": "actual", "date": None, "place": "Norburg"},
]  # fmt: skip
Reader = Callable[..., GoldArticle]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """read(events, text) -> the article of a gold standard made of these."""

    def write_and_read(events: list[dict[str, str | None]] = EVENTS, text: str = TEXT) -> GoldArticle:
        (tmp_path / "articles").mkdir(exist_ok=True)
        (tmp_path / "gold").mkdir(exist_ok=True)
        (tmp_path / "articles" / "2020-03-04_envoys.txt").write_text(text, encoding="utf-8")
        fields = {"article": "2020-03-04_envoys.txt", "record": 0, "events": events}
        (tmp_path / "gold" / "envoys.json").write_text(json.dumps(fields), encoding="utf-8")
        (article,) = read_gold(tmp_path / "gold", tmp_path / "articles")
        return article

    return write_and_read


def role(span: tuple[int, int] | None) -> ActorMention | None:
    return None if span is None else ActorMention(*span, "", 0, "name", None, None, None, None, (), "", 1.0)


def made(text: str, gold: GoldEvent) -> Event:
    """What a coder that agrees with the gold event gives."""
    end = text.find(".", gold.sentence_start) + 1
    day = EventDate(date.fromisoformat(gold.date), date.fromisoformat(gold.date), "day", "clause", None) if gold.date else None
    place = PlaceMention(0, 0, "", "dragoman:x", gold.place, None, None, None, None, "city") if gold.place else None
    return Event(
        role(gold.source), role(gold.target), gold.event_type, gold.mode, (), gold.status, None, "", 0.0, "", 0.0,
        Trigger(*gold.trigger, ""), day, EventPlace(place, "clause") if place else None, {}, gold.sentence_start, end, 1.0, "test",
    )  # fmt: skip


def parts(article: GoldArticle, events: list[Event]) -> dict[str, tuple[float, float, float]]:
    """part -> precision, recall, F1."""
    table = score([article], [Coded((), (), (), (), tuple(events))])
    return {row["part"]: (row["precision"], row["recall"], row["f1"]) for row in table.to_dicts()}


@pytest.fixture
def article(read: Reader) -> GoldArticle:
    return read()


@pytest.fixture
def perfect(article: GoldArticle) -> list[Event]:
    return [made(article.text, event) for event in article.events]


def test_a_coder_that_agrees_has_100_in_every_part(article, perfect):
    assert set(parts(article, perfect).values()) == {(100.0, 100.0, 100.0)}


def test_a_coder_that_finds_nothing_has_0(article):
    assert parts(article, [])["type and roles"] == (0.0, 0.0, 0.0)


def test_a_wrong_type_costs_type_but_not_roles(article, perfect):
    found = parts(article, [replace(perfect[0], event_type="ASSAULT"), *perfect[1:]])
    assert found["type"] == found["type and roles"] == (66.7, 66.7, 66.7)
    assert found["roles"] == (100.0, 100.0, 100.0)


def test_a_role_in_other_words_costs_roles_but_not_type(article, perfect):
    found = parts(article, [replace(perfect[0], source=role((3, 9))), *perfect[1:]])
    assert found["type"] == (100.0, 100.0, 100.0)
    assert found["roles"] == found["type and roles"] == (66.7, 66.7, 66.7)


def test_part_of_a_phrase_is_enough_for_a_role(article, perfect):
    start, end = article.events[0].target
    assert parts(article, [replace(perfect[0], target=role((end - 7, end))), *perfect[1:]])["roles"] == (100.0, 100.0, 100.0)
    assert article.text[end - 7 : end] == "Sudland"


def test_swapped_roles_are_wrong(article, perfect):
    swapped = replace(perfect[0], source=perfect[0].target, target=perfect[0].source)
    assert parts(article, [swapped, *perfect[1:]])["roles"] == (66.7, 66.7, 66.7)


def test_a_role_where_gold_has_none_is_wrong(article, perfect):
    assert parts(article, [perfect[0], replace(perfect[1], target=perfect[0].target), perfect[2]])["roles"] == (66.7, 66.7, 66.7)


def test_a_wrong_mode_costs_only_the_part_with_modes(article, perfect):
    found = parts(article, [replace(perfect[0], mode="withdraw"), *perfect[1:]])
    assert found["type, mode and roles"] == (66.7, 66.7, 66.7)
    assert found["type and roles"] == (100.0, 100.0, 100.0)


def test_a_wrong_status_costs_only_the_part_with_status(article, perfect):
    found = parts(article, [replace(perfect[0], status="negated"), *perfect[1:]])
    assert found["type, roles and status"] == (66.7, 66.7, 66.7)
    assert found["type and roles"] == (100.0, 100.0, 100.0)


def test_what_is_made_twice_is_right_once(article, perfect):
    assert parts(article, [*perfect, perfect[0]])["type and roles"] == (75.0, 100.0, 85.7)


def test_an_event_of_another_sentence_does_not_count(article, perfect):
    moved = replace(perfect[2], sentence_start=perfect[0].sentence_start, sentence_end=perfect[0].sentence_end)
    assert parts(article, [*perfect[:2], moved])["type"] == (66.7, 66.7, 66.7)


def test_date_and_place_are_judged_on_events_with_type_and_roles_right(article, perfect):
    found = parts(article, [replace(perfect[0], date=None), replace(perfect[1], event_type="RETREAT"), replace(perfect[2], place=None)])
    assert found["date"] == found["place"] == (50.0, 50.0, 50.0)


def test_a_month_is_right_only_as_a_month(read):
    article = read([{**EVENTS[0], "date": "2020-03"}])
    day = made(article.text, replace(article.events[0], date="2020-03-01"))
    month = replace(day, date=replace(day.date, precision="month"))
    assert parts(article, [day])["date"][0] == 0.0
    assert parts(article, [month])["date"][0] == 100.0


def test_of_words_that_stand_twice_the_nearest_to_the_trigger_are_meant(read):
    event = {**EVENTS[0], "sentence": "Envoys", "trigger": "shut", "source": "it", "target": None}
    article = read([event], "Envoys said it would wait, and it shut its gate. Then it went on.")
    assert article.events[0].source == (31, 33)


def test_words_are_whole_words_however_the_lines_are_broken(read):
    event = {**EVENTS[0], "sentence": "Others said", "trigger": "shut", "source": "he", "target": "the west gate"}
    article = read([event], "Others said then that he shut the west\ngate.")
    assert article.text[slice(*article.events[0].source)] == "he"
    assert article.text[slice(*article.events[0].target)] == "the west\ngate"


def test_an_opening_that_two_sentences_share_is_an_error(read):
    with pytest.raises(SeedError, match="opens 2 sentences"):
        read([{**EVENTS[1], "sentence": "It left", "trigger": "left"}], "It left at noon. Nobody knew. It left again at night.")


def test_an_article_that_is_not_there_is_an_error(read, tmp_path):
    read()
    (tmp_path / "gold" / "other.json").write_text(json.dumps({"article": "none.txt", "events": []}), encoding="utf-8")
    with pytest.raises(SeedError, match=r"other\.json: .*none\.txt"):
        list(read_gold(tmp_path / "gold", tmp_path / "articles"))
