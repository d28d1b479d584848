"""Drift, judged by Great Expectations over a warehouse of twenty published batches and one that is audited. Building it is slow."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.quality.checks import Check
from pipeline.quality.drift import in_words
from pipeline.quality.entries import read_entries
from pipeline.quality.health import health_expectations
from pipeline.resources import EXPECTATIONS

from .conftest import build

pytestmark = pytest.mark.slow

ARTICLES = 500  # a batch
PUBLISHED = 20
AUDITED = "b0020"
OF_BATCH = f"article_id in (select article_id from records where batch_id = '{AUDITED}')"
OF_EVENTS = f"event_id in (select event_id from event_mentions where {OF_BATCH})"
NUMBER = "right({}, 6)::integer"  # ids end in the number of the article

# What drifts, and what was set in which rows of the batch, by their numbers modulo 10: enough for a warning.
MILD = {
    "records.refused_share": ("reject_id = 'j000000'", (0, 5)),
    "articles.duplicate_share": ("outcome = 'duplicate'", (0, 5)),
    "articles.with_events_share": ("event_count = 0", (1,)),
    "event_mentions.source_unknown_share": ("source_name = null, source_text = null", (0, 5)),
    "event_mentions.target_unknown_share": ("target_name = null, target_text = null", (1, 6)),
    "event_mentions.date_unknown_share": ("event_date = null", (2,)),
    "event_mentions.place_unknown_share": ("place_id = null", (0, 5)),
    "event_mentions.source_unresolved_share": ("source_actor_id = null", (1, 6)),
    "event_mentions.target_unresolved_share": ("target_actor_id = null", (2, 3)),
    "actor_mentions.names_unlinked_share": ("actor_id = null", (0, 5)),
    "event_mentions.confidence_low_share": ("confidence = 0.3", (3, 8)),
    "event_mentions.confidence_mean": ("confidence = confidence - 0.1", (0, 1, 2, 3, 4, 5, 6, 8)),
    "event_mentions.type_mix": ("event_type = 'ASSAULT'", (1, 6)),
    "event_mentions.status_mix": ("status = 'negated'", (0, 5)),
    "event_mentions.place_precision_mix": ("place_precision = 'country'", (1, 6)),
    "events.date_lag_mix": ("event_date = event_date - 10", (1,)),
}
# The same at its worst: what must be held.
GRAVE = {
    "articles.with_events_collapse": ("event_count = 0", (0, 2, 4)),
    "event_mentions.type_mix_overturned": ("event_type = 'ASSAULT'", range(10)),
    "events.date_lag_overturned": ("event_date = event_date - 400", range(10)),
}
VOLUMES = {"articles.article_volume", "event_mentions.mention_volume", "events.event_volume"}


@pytest.fixture(scope="module")
def steady(tmp_path_factory) -> Path:
    """Batches of 500 articles, all alike but for their numbers: twenty published ones, and b0020, which is about to be audited."""
    path = build(tmp_path_factory.mktemp("steady") / "warehouse.duckdb", articles=ARTICLES * (PUBLISHED + 1))
    with duckdb.connect(str(path)) as warehouse:
        warehouse.execute(
            f"update records set batch_id = printf('b%04d', {NUMBER.format('record_id')} // {ARTICLES}) where record_id < 'x'"
        )
        warehouse.execute("delete from records where record_id > 'x'")  # the refused ones
        warehouse.execute(
            "insert into releases select printf('r%d', i), i + 1, timestamp '2021-06-01' + interval (i) hour, printf('b%04d', i), '1', "
            f"0, 0, 0, 0, 'passed', null, null from range({PUBLISHED}) as rows(i)"
        )
    return path


@pytest.fixture
def changed(steady: Path, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    def execute(*statements: str) -> Path:
        path = tmp_path / "warehouse.duckdb"
        path.write_bytes(steady.read_bytes())
        with duckdb.connect(str(path)) as warehouse:
            for statement in statements:
                warehouse.execute(statement)
        return path

    return execute


def spoiling(cases: dict[str, tuple[str, Iterable[int]]]) -> Iterator[str]:
    scopes = {"records": (f"batch_id = '{AUDITED}'", "article_id"), "events": (OF_EVENTS, "event_id")}
    for name, (assignment, numbers) in cases.items():
        table = name.partition(".")[0]
        of_batch, key = scopes.get(table, (OF_BATCH, "article_id"))
        yield f"update {table} set {assignment} where {of_batch} and {NUMBER.format(key)} % 10 in {(*numbers, -1)}"


def drift(work_file: Path, batch_id: str = AUDITED, folder: Path = EXPECTATIONS) -> dict[str, Check]:
    from pipeline.quality.judge import judge

    found = {f"{entry.table.name}.{entry.name}" for entry in read_entries(folder / "drift.toml")}
    checks = judge(work_file, [each for each in health_expectations(batch_id, folder) if each.name in found], "512MB")
    return {check.name: check for check in checks}


def failed(checks: dict[str, Check]) -> set[str]:
    return {name for name, check in checks.items() if check.passed is False}


def test_every_shipped_check_is_tried_here():
    assert {f"{entry.table.name}.{entry.name}" for entry in read_entries(EXPECTATIONS / "drift.toml")} == {*MILD, *GRAVE, *VOLUMES}


def test_a_batch_like_those_before_it_passes_all(steady):
    checks = drift(steady)
    assert {check.passed for check in checks.values()} == {True}


def test_a_batch_that_drifts_is_told_for_each_thing_that_drifted(changed):
    checks = drift(changed(*spoiling(MILD)))
    assert failed(checks) == set(MILD)
    assert {checks[name].severity for name in MILD} == {"warning", "info"}
    assert checks["events.date_lag_mix"].observed > 0.25 and checks["articles.with_events_share"].observed < -6


def test_a_batch_that_is_another_world_is_held(changed):
    checks = drift(changed(*spoiling(GRAVE)))
    assert {name for name in failed(checks) if checks[name].severity == "critical"} == set(GRAVE)
    assert all(checks[name].can_be_overruled for name in GRAVE)


def test_volumes_far_from_the_median_are_told(changed):
    few = drift(changed(f"delete from records where batch_id = '{AUDITED}' and {NUMBER.format('record_id')} % 50 <> 0"))
    assert failed(few) == VOLUMES and all(few[name].observed < -6 for name in VOLUMES)
    # Too few rows for everything else, which is not the same as passing.
    assert {check.passed for name, check in few.items() if name not in VOLUMES} == {None}
    many = drift(changed(f"update records set batch_id = '{AUDITED}' where batch_id between 'b0001' and 'b0008'"))
    assert "articles.article_volume" in failed(many) and many["articles.article_volume"].observed > 6


def test_a_batch_without_a_mention_has_a_volume_all_the_same(changed):
    assert "event_mentions.mention_volume" in failed(drift(changed(f"delete from event_mentions where {OF_BATCH}")))


def test_too_few_batches_before_are_no_window(changed):
    """Twelve are needed; the expectation says so, and the check is not judged."""
    for kept, judged in ((12, {True}), (11, {None})):
        checks = drift(changed(f"delete from releases where release_number > {kept}"))
        assert {check.passed for check in checks.values()} == judged
    assert all("(12 needed)" in check.expected for check in checks.values())


def test_batches_that_were_not_published_are_no_yardstick(changed):
    """Half of those before were held: odd as they are, they do not make this one odd, nor would they make an odd one usual."""
    held = "article_id in (select article_id from records where batch_id between 'b0000' and 'b0007')"
    checks = drift(
        changed(
            "delete from releases where batch_id <= 'b0007'", f"update event_mentions set event_type = 'AID', confidence = 0.1 where {held}"
        )
    )
    assert {check.passed for check in checks.values()} == {True}


def test_a_few_odd_batches_do_not_move_the_yardstick(changed):
    odd = "article_id in (select article_id from records where batch_id between 'b0003' and 'b0006')"
    checks = drift(changed(f"update event_mentions set confidence = 0.1, source_name = null, source_text = null where {odd}"))
    assert {checks[f"event_mentions.{name}"].passed for name in ("confidence_mean", "source_unknown_share")} == {True}


def test_audited_again_a_batch_is_measured_by_what_came_before_it(changed):
    """What was published since is another world, and no yardstick for b0014."""
    later = "article_id in (select article_id from records where batch_id > 'b0014')"
    checks = drift(changed(f"update event_mentions set event_type = 'AID' where {later}"), "b0014")
    assert {check.passed for check in checks.values()} == {True}


def test_the_window_is_as_long_as_the_entry_says(changed, tmp_path):
    """A check of one's own is a few lines; twelve batches back, titles were as now, and before that they were not."""
    old = "article_id in (select article_id from records where batch_id < 'b0008')"
    work_file = changed(f"update articles set language = 'fr' where {old}")
    entry = (
        '[[drift]]\nname = "language_mix"\ntable = "articles"\nseverity = "info"\nmix = "language"\nspread = 0\n'
        'window = {}\nhistory = 12\nleast = 100\nmaximum = 0.1\nmeaning = "As before."\naction = "Look."\n'
    )
    for window, passed in ((12, True), (20, False)):
        (tmp_path / "drift.toml").write_text(entry.format(window))
        assert drift(work_file, folder=tmp_path)["articles.language_mix"].passed is passed


def test_what_drifted_is_shown(changed):
    """Of a mix the categories, those that moved most first; of a figure the batch and those before it."""
    work_file = changed(*spoiling(GRAVE))
    shown = {each.name: each.examples[0] for each in health_expectations(AUDITED) if each.name in GRAVE}
    with duckdb.connect(str(work_file), read_only=True) as warehouse:
        [worst, *_] = warehouse.execute(shown["event_mentions.type_mix_overturned"]).fetchall()
        batches = warehouse.execute(shown["articles.with_events_collapse"]).fetchall()
    assert worst[0] == "ASSAULT" and worst[1] > 0.9 > 0.1 > worst[2]
    assert batches[0][:2] == (0, AUDITED) and batches[1][:2] == (1, "b0019") and batches[0][2] < 0.6 < batches[1][2]


def test_drift_in_words():
    entries = {entry.name: in_words(entry) for entry in read_entries(EXPECTATIONS / "drift.toml")}
    assert entries["type_mix"] == "stability index at most 0.25, over the last 30 batches (12 needed)"
    assert entries["article_volume"] == "deviations from the median -6 to 6, over the last 30 batches (12 needed)"
