"""Great Expectations over real DuckDB files. The import alone takes seconds, so these are slow."""

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.config import Settings, Workspace
from pipeline.contracts import PUBLIC
from pipeline.errors import InputError
from pipeline.quality import BatchSummary, Validation, validate_warehouse, write_report
from pipeline.quality.checks import MAX_EXAMPLES, Check, Expectation
from pipeline.quality.structure import BATCH as BATCH_ROWS

from .conftest import BATCH, SENTENCE, build
from .test_report import HOSTILE, SUMMARY, assert_harmless

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]

# One broken thing each: what was done, the one check that must fail, the column to blame, how many rows, and one of them.
STRUCTURAL = [
    (
        "insert into rejects select * from rejects where reject_id = 'j000001'",
        "rejects.unique_key", None, 1, {"reject_id": "j000001", "row_count": 2},
    ),
    (  # Nulls in a key are equal here.
        "insert into coverage select * from coverage where publisher_name is null",
        "coverage.unique_key", None, 1, {"publisher_name": None, "published_date": None, "row_count": 2},
    ),
    (
        "update publishers set publisher_name = null where publisher_id = 'p2'",
        "publishers.publisher_name.not_null", "publisher_name", 1, {"publisher_id": "p2", "publisher_name": None},
    ),
    (
        "update actors set kind = 'robot' where actor_id = 'RUS-1'",
        "actors.kind.allowed", "kind", 1, {"actor_role_id": "RUS-1", "kind": "robot"},
    ),
    (
        "update events set intensity = 11 where event_id = 'e000003'",
        "events.intensity.range", "intensity", 1, {"event_id": "e000003", "intensity": 11.0},
    ),
    (
        "update articles set similarity = 'nan' where article_id = 'a000004'",
        "articles.similarity.range", "similarity", 1, {"article_id": "a000004", "similarity": "nan"},
    ),
    (
        "update events set mention_count = 0 where event_id < 'e000003'",
        "events.mention_count.range", "mention_count", 3, {"event_id": "e000000", "mention_count": 0},
    ),
    (
        "update actor_mentions set actor_id = 'GONE' where actor_mention_id = 'am000005'",
        "actor_mentions.actor_id.reference", "actor_id", 1, {"actor_mention_id": "am000005", "actor_id": "GONE"},
    ),
    (
        "update event_mentions set place_id = 'geonames:1' where mention_id = 'm000006'",
        "event_mentions.place_id.reference", "place_id", 1, {"mention_id": "m000006", "place_id": "geonames:1"},
    ),
]  # fmt: skip
COLUMNS = [
    (
        "alter table dyad_month alter month type timestamp",
        "dyad_month.columns", {"column_name": "month", "declared_type": "DATE", "built_type": "TIMESTAMP"},
    ),
    ("alter table country_month drop column reading", "country_month.columns", {"column_name": "reading", "built_type": None}),
    ("alter table actor_month add column mood varchar", "actor_month.columns", {"column_name": "mood", "declared_type": None}),
    ("drop table changes", "changes.columns", {"column_name": "release_id", "built_type": None}),
]  # fmt: skip
HEALTH = [
    (
        "update records set reject_id = 'j000000' where record_id = 'r000001'",
        "records.neither_article_nor_reject", "critical", 1,
    ),
    ("delete from articles where article_id = 'a000057'", "records.article_missing", "critical", 1),
    (
        "update coverage set coded = coded + 1 where publisher_name = 'Outlet 1' and published_date = '2021-05-02'",
        "coverage.records_unaccounted", "critical", 1,
    ),
    (
        "update articles set outcome = 'without_event' where article_id = 'a000002'",
        "articles.outcome_contradicts_events", "critical", 1,
    ),
    (
        "update articles set text = 'é' || text where article_id = 'a000003'",
        "event_mentions.offsets_miss_words", "critical", 1,
    ),
    (
        "update event_mentions set source_name = null, source_text = null where mention_id < 'm000050'",
        "event_mentions.source_unknown", "warning", 40,
    ),
    (
        "update events set event_date = '2031-01-01', event_date_end = '2031-01-01' where event_id in ('e000001', 'e000002')",
        "events.actual_in_future", "warning", 2,
    ),
    (
        "update coverage set files_expected = 9 where published_date = '2021-05-03' and publisher_name = 'Outlet 2'",
        "coverage.files_missing", "warning", 1,
    ),
    ("update records set is_repeat = true", "records.repeats", "info", 63),
]  # fmt: skip


def check(validation: Validation, name: str) -> Check:
    [found] = [each for each in validation.checks if each.name == name]
    return found


def validate(work_file: Path) -> Validation:
    return validate_warehouse(work_file, BATCH, Settings())


@pytest.fixture(scope="module")
def all_broken(tmp_path_factory) -> Validation:
    """Every seeded violation in one file, validated once."""
    path = build(tmp_path_factory.mktemp("broken") / "warehouse.duckdb")
    with duckdb.connect(str(path)) as warehouse:
        for statement, *_ in STRUCTURAL + COLUMNS + HEALTH:
            warehouse.execute(statement)
    return validate(path)


def test_a_healthy_batch_passes(healthy):
    before = healthy.read_bytes()
    validation = validate(healthy)
    assert [each.name for each in validation.failed] == [] and validation.outcome == "passed"
    assert validation.counts["checks"] > 300
    # The first batch has none before it to drift from.
    assert len([each for each in validation.checks if each.passed is None and "over the last" not in each.expected]) < 12
    flow = validation.facts.flow
    assert (flow.records, flow.coded, flow.without_event, flow.duplicate, flow.rejected, flow.unaccounted) == (63, 48, 6, 6, 3, 0)
    assert validation.facts.reject_reasons == (("not-english", 2), ("no-text", 1))
    assert [(each.name, each.days, sum(each.bins)) for each in validation.facts.publishers] == [
        ("Outlet 0", 20, 20), ("Outlet 1", 20, 20), ("Outlet 2", 20, 20), (None, 0, 0),
    ]  # fmt: skip
    # Nothing was changed, and nobody holds the file: the next step may write.
    assert healthy.read_bytes() == before
    code = f"import duckdb; duckdb.connect({str(healthy)!r}).execute('select 1 from events')"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True).returncode == 0


@pytest.mark.parametrize(("statement", "name", "column", "count", "row"), STRUCTURAL, ids=[each[1] for each in STRUCTURAL])
def test_a_structural_violation_is_blamed_on_its_table_column_and_rows(all_broken, statement, name, column, count, row):
    found = check(all_broken, name)
    assert (found.passed, found.severity, found.column, found.unexpected_count) == (False, "critical", column, count)
    assert row in found.rows and len(found.rows) == count


def test_the_rows_of_a_failure_are_told_with_their_sentence(all_broken):
    found = check(all_broken, "events.intensity.range")
    assert [(passage.article_id, passage.sentence_text) for passage in found.passages] == [("a000003", SENTENCE)]
    assert check(all_broken, "actors.kind.allowed").passages == ()


def test_nothing_is_looked_up_in_a_table_that_lacks_a_column(broken):
    found = validate(broken("alter table articles drop column title", "update events set intensity = 11 where event_id = 'e000003'"))
    assert check(found, "events.intensity.range").rows and not any(each.passages for each in found.checks)


@pytest.mark.parametrize(("statement", "name", "row"), COLUMNS, ids=[each[1] for each in COLUMNS])
def test_columns_that_differ_are_named(all_broken, statement, name, row):
    found = check(all_broken, name)
    assert found.passed is False and any(row.items() <= each.items() for each in found.rows)
    # The rest of the table is not judged: each check would only say again that a column is missing.
    assert {each.passed for each in all_broken.checks if each.table == found.table and each.name != name} == {None}


@pytest.mark.parametrize(("statement", "name", "severity", "count"), HEALTH, ids=[each[1] for each in HEALTH])
def test_an_unhealthy_batch_is_told_with_its_rows(all_broken, statement, name, severity, count):
    found = check(all_broken, name)
    assert (found.passed, found.severity, found.unexpected_count) == (False, severity, count)
    assert len(found.rows) == min(count, MAX_EXAMPLES)


def test_only_what_was_broken_failed(all_broken):
    """*One fault, one name*: apart from what follows from a seeded fault by force."""
    seeded = {each[1] for each in STRUCTURAL + COLUMNS + HEALTH}
    follows = {
        "rejects.reject_id.unique", "coverage.records_not_covered",  # rows were doubled
        "event_mentions.article_id.reference", "actor_mentions.article_id.reference",  # an article was deleted
        "event_mentions.source_unresolved", "event_mentions.without_roles", "events.counts_out_of_order",
        "event_mentions.offsets_miss_words", "actor_mentions.offsets_miss_words",  # a text was moved
    }  # fmt: skip
    assert {each.name for each in all_broken.failed} - seeded <= follows
    assert not [each for each in all_broken.failed if each.error]


def test_a_table_that_is_gone_hides_the_facts_but_not_the_failure(all_broken):
    assert all_broken.outcome == "failed"
    assert all_broken.facts.flow is None and "changes" in all_broken.facts.problem


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [(HEALTH[5][0], "warned"), (HEALTH[8][0], "passed"), (STRUCTURAL[4][0], "failed")],
    ids=["warning", "info", "critical"],
)
def test_severity_decides_what_a_failure_stops(broken, tmp_path, statement, outcome):
    validation = validate(broken(statement))
    assert (len(validation.failed), validation.outcome) == (1, outcome)
    summary = SUMMARY | BatchSummary(published=outcome != "failed", changes={})
    page = write_report(validation, summary, Workspace(tmp_path / "w.duckdb")).read_text(encoding="utf-8")
    assert ("Nothing was published" in page) == (outcome == "failed")


def test_a_withdrawn_event_may_refer_to_what_went_with_it(broken):
    was = "insert into event_versions select * replace ('geonames:1' as place_id, 'GONE' as source_actor_id, 'GONE' as target_actor_id, "
    validation = validate(broken(f"{was} 2 as valid_to_release) from events limit 1"))
    assert [each.name for each in validation.failed] == []


def test_an_empty_warehouse_is_not_judged_on_its_shares(broken):
    # Event types are reference rows, there before any article.
    validation = validate(broken(*[f"delete from {table.name}" for table in PUBLIC if table.name != "event_types"]))
    assert [each.name for each in validation.failed] == ["records.record_count"] and validation.outcome == "passed"
    assert validation.facts.flow.records == 0 and validation.facts.publishers == ()


def test_hostile_text_in_every_column_is_stored_short_and_shown_escaped(broken, tmp_path):
    """Long, scripted, formatted, templated: in each text column of each table, so that hundreds of checks fail on it."""
    hostile = "".join(text for text in HOSTILE if text not in ("\ud800", "\x00"))
    quoted = "'" + hostile.replace("'", "''") + "'"
    statements = [
        f"update {table.name} set "
        + ", ".join(f"{column.name} = {quoted}" for column in table if column.type == "VARCHAR" and column.name != "batch_id")
        for table in PUBLIC
    ]  # fmt: skip
    validation = validate(broken(*statements))
    assert validation.outcome == "failed" and len(validation.failed) > 20
    assert all(len(str(value)) < 400 for each in validation.failed for row in each.rows for value in row.values())
    workspace = Workspace(tmp_path / "hostile.duckdb")
    page = write_report(validation, SUMMARY | BatchSummary(published=False), workspace).read_text(encoding="utf-8")
    assert_harmless(page)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "{{7*7}}" in page and "[U+202E]" in page
    assert Validation.load(workspace.site / "held" / f"{BATCH}.json") == validation


def test_rows_are_counted_exactly_and_shown_boundedly(tmp_path):
    work_file = build(tmp_path / "big.duckdb", articles=20_000)
    with duckdb.connect(str(work_file)) as warehouse:
        warehouse.execute("update events set confidence = 2, place_id = 'nowhere', cameo_code = null")
    validation = validate(work_file)
    for name in ("events.confidence.range", "events.place_id.reference", "events.cameo_code.not_null"):
        assert (check(validation, name).unexpected_count, len(check(validation, name).rows)) == (16_000, MAX_EXAMPLES)


def test_what_cannot_be_judged_has_failed(healthy):
    from pipeline.quality.judge import judge

    given = {"table": "events", "column": None, "severity": "warning", "expected": "", "meaning": "", "action": ""}
    crash = f"select event_id from {BATCH_ROWS} where (event_id || '!')::int > 0"
    wrong, right = (
        Expectation(
            name=name,
            judged_by="UnexpectedRowsExpectation",
            arguments={"unexpected_rows_query": query},
            query="select * from events",
            **given,
        )
        for name, query in (("wrong", crash), ("right", "select 1 from {batch} where false"))
    )
    first, second = judge(healthy, [wrong, right], "512MB")
    assert (first.passed, second.passed) == (False, True)
    assert "Conversion Error" in first.error and "sqlalche.me" not in first.error


def test_a_path_is_only_a_path(healthy, tmp_path):
    odd = tmp_path / "a $HOME b%20?x=1;'\" é.duckdb"
    odd.write_bytes(healthy.read_bytes())
    assert validate(odd).outcome == "passed"


@pytest.mark.parametrize("batch_id", ["", "../../etc", "b'; drop table events", "a/b", "x" * 200])
def test_a_batch_id_is_a_name(healthy, batch_id):
    with pytest.raises(InputError, match="batch id"):
        validate_warehouse(healthy, batch_id, Settings())


def test_a_missing_work_file_is_told(tmp_path):
    with pytest.raises(InputError, match="no such work file"):
        validate(tmp_path / "none.duckdb")


def test_it_stays_silent_and_at_home(healthy, tmp_path):
    """No socket is opened, nothing is written to the working directory or the home, nothing is printed."""
    code = (
        "import socket, sys\n"
        "def refuse(*arguments): raise SystemExit(f'opened a socket to {arguments[1:]}')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from pipeline.config import Settings\n"
        "from pipeline.quality import validate_warehouse\n"
        f"assert validate_warehouse(Path({str(healthy)!r}), {BATCH!r}, Settings()).outcome == 'passed'\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", code], cwd=home, env=environment, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(home.iterdir()) == []
