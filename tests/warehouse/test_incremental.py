"""A late article changes only what it touches, and gives what all articles together would have given."""

import random
from pathlib import Path
from typing import Any

import pytest

from pipeline.contracts import PUBLIC
from pipeline.warehouse import build_tables, publish_release, renewing, resolving
from pipeline.warehouse.load import load_batch
from pipeline.warehouse.release import HISTORY
from tests.warehouse.factory import NOW, VERSION, Article, Bench, Row, a, bench, code, m, reference

pytestmark = pytest.mark.slow  # whole builds

STAGING = ("mention_keys", "own_links", "mention_anchors", "mention_events", "panel_subjects", "panel_counts", "known_actors", "sightings")
PEOPLE = ["USA", "blinken", "biden", "RUS", "lavrov", "putin", "M23", "role:COD:REB", "taliban", "a clerk", "another", None]
PLACES = ["Reykjavik", "Iceland", "Geneva", "Kabul", None, None]
DAYS = [f"2021-05-{day:02}" for day in range(1, 29)]
DATES = [*DAYS, "2021-05", "2021-04", "2021", "2020", "2021-05", "2021"]


def contents(warehouse: Bench) -> dict[str, list[tuple[Any, ...]]]:
    public = {table.name: [column.name for column in table if not column.is_of_release and column.name != "batch_id"] for table in PUBLIC}
    held = {table.name for table in HISTORY}
    tables = {f"select {', '.join(columns)} from {name}" for name, columns in public.items() if name not in held}
    tables |= {f"from staging.{name}" for name in STAGING}
    return {table: sorted(warehouse.rows(table), key=repr) for table in sorted(tables)}


def mention(source: random.Random, published: str) -> Row:
    who, whom = source.choice(PEOPLE), source.choice(PEOPLE)
    on = source.choice(DATES) if source.random() < 0.6 else None
    kind = source.choice(["CONSULT", "CONSULT", "CONSULT-phone", "ACCUSE", "ASSAULT", "AGREE"])
    told = {"on": on} if on or source.random() < 0.2 else {"published": published}
    words = f"They did it again, and for the {source.randint(1, 9)}th time, as all of them say."
    return m(
        who,
        kind,
        whom,
        at=source.choice(PLACES),
        status=source.choice(["actual"] * 6 + ["historical", "future"]),
        sentence_text=words,
        **told,
    )  # type: ignore[arg-type]


def articles(source: random.Random, count: int) -> list[Article]:
    made: list[Article] = []
    for number in range(count):
        published = source.choice(DAYS)
        if made and source.random() < 0.1:
            first = source.choice([one for one in made if one.duplicate_of is None and one.url is None] or made[:1])
            made.append(a(f"x{number:03}", published=published, publisher=source.choice("VW"), duplicate_of=first.article_id))
        else:
            mentions = [mention(source, published) for _ in range(source.randint(0, 4))]
            address = source.choice([f"wire.example/{source.randint(1, 6)}", None, None, None])  # some are versions of others
            made.append(a(f"x{number:03}", *mentions, published=published, publisher=source.choice("VW"), url=address))
    return made


@pytest.mark.parametrize("seed", range(2))
def test_batches_in_any_order_give_what_all_at_once_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    source = random.Random(seed)
    all_of_them = articles(source, 60)
    at_once = bench(tmp_path / "once").build(*all_of_them)
    monkeypatch.setattr(resolving, "_WHOLE", 0)  # never everything, however much of it changed
    monkeypatch.setattr(renewing, "_KEYS_AT_ONCE", 7)
    monkeypatch.setattr(renewing, "_BYTES_OF_EVENT", 250_000_000)
    step_by_step = bench(tmp_path / "steps")
    firsts = [one for one in all_of_them if one.duplicate_of is None]
    source.shuffle(firsts)
    repeats = [one for one in all_of_them if one.duplicate_of is not None]
    batches = [firsts[:30], firsts[30:45], firsts[45:], repeats]
    for number, batch in enumerate(batches):
        step_by_step.build(*batch, batch_id=f"b{number}")
        publish_release(f"b{number}", "passed", step_by_step.workspace, VERSION, NOW)
    one, other = contents(at_once), contents(step_by_step)
    for table, rows in one.items():
        assert other[table] == rows, table


@pytest.mark.parametrize("seed", range(3))
def test_what_is_coded_anew_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    source = random.Random(100 + seed)
    old, new = articles(source, 25), articles(source, 25)
    new = [a(one.article_id, *one.mentions, published=before.published, publisher=before.publisher, duplicate_of=before.duplicate_of,
             url=before.url)
           for one, before in zip(new, old, strict=True)]  # fmt: skip
    expected = bench(tmp_path / "expected").build(*new, version="test-2")
    monkeypatch.setattr(resolving, "_WHOLE", 0)
    warehouse = bench(tmp_path / "recoded").build(*old)
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    code(warehouse.workspace, "b1-0", [one for one in new if one.duplicate_of is None], version="test-2")
    load_batch("b1", ["b1-0"], warehouse.workspace, reference(), "test-2")
    build_tables(warehouse.workspace)
    one, other = contents(expected), contents(warehouse)
    for table, rows in one.items():
        assert other[table] == rows, table
