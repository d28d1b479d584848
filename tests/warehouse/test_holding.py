"""What keeps a work file from being published: batches that no audit has passed."""

from datetime import UTC, datetime

import pytest

from pipeline.config import Settings
from pipeline.errors import ValidationFailed
from pipeline.overruling import Overruling
from pipeline.warehouse import begin_anew, held_batches, note_audit, overrule, overruling_of, publish_release
from pipeline.warehouse.connection import writer
from tests.warehouse.factory import NOW, VERSION, Bench, a, m, rejected

pytestmark = pytest.mark.slow  # whole builds

MEETING = m("USA", "CONSULT", "RUS", on="2021-05-19")
SETTINGS = Settings()


def publish(warehouse: Bench, batch_id: str, outcome: str = "passed") -> int:
    return publish_release(batch_id, outcome, warehouse.workspace, VERSION, NOW).number


def last_release(warehouse: Bench) -> tuple[object, ...]:
    return warehouse.rows("select batch_id, validation, released_by, reason from releases order by release_number desc limit 1")[0]


def test_a_batch_awaits_its_audit_from_the_moment_it_is_loaded(warehouse: Bench) -> None:
    warehouse.build(a("x", MEETING))
    assert held_batches(warehouse.workspace, SETTINGS) == ["b1"]
    note_audit("b1", "warned", warehouse.workspace, SETTINGS)
    assert held_batches(warehouse.workspace, SETTINGS) == []
    warehouse.load(a("x", MEETING), version="test-2")  # coded anew: what was said of it no longer counts
    assert held_batches(warehouse.workspace, SETTINGS) == ["b1"]


@pytest.mark.parametrize("outcome", ["failed", None])
def test_nothing_is_published_past_a_batch_that_failed_or_was_never_audited(warehouse: Bench, outcome: str | None) -> None:
    publish(warehouse.build(a("x", MEETING)), "b1")
    before = warehouse.workspace.warehouse.read_bytes(), warehouse.workspace.warehouse.stat().st_ino
    warehouse.load(a("y", MEETING), batch_id="b2")
    if outcome:
        note_audit("b2", outcome, warehouse.workspace, SETTINGS)
    warehouse.build(a("z", MEETING), batch_id="b3")
    with pytest.raises(ValidationFailed, match="batch b3 waits behind b2"):
        publish(warehouse, "b3")
    assert (warehouse.workspace.warehouse.read_bytes(), warehouse.workspace.warehouse.stat().st_ino) == before
    note_audit("b2", "warned", warehouse.workspace, SETTINGS)
    assert publish(warehouse, "b3") == 2
    assert last_release(warehouse) == ("b3", "warned", None, None)  # the gravest of what went out
    assert held_batches(warehouse.workspace, SETTINGS) == []


def test_a_refused_record_alone_holds_too(warehouse: Bench) -> None:
    record, reject = rejected("bad.txt", "b1")
    warehouse.build(records=[record], rejects=[reject])
    note_audit("b1", "failed", warehouse.workspace, SETTINGS)
    warehouse.build(a("x", MEETING), batch_id="b2")
    with pytest.raises(ValidationFailed, match="waits behind b1"):
        publish(warehouse, "b2")


def test_a_decision_is_kept_and_told_with_the_release_that_it_let_pass(warehouse: Bench) -> None:
    warehouse.build(a("x", MEETING))
    decision = Overruling("b1", ("events.odd",), "Ada", "It rained; frogs.", datetime(2021, 6, 1, tzinfo=UTC))
    overrule(decision, warehouse.workspace, SETTINGS)
    note_audit("b1", "overruled", warehouse.workspace, SETTINGS)
    publish(warehouse, "b1", "overruled")
    assert last_release(warehouse) == ("b1", "overruled", "Ada", "It rained; frogs.")
    publish(warehouse.build(a("y", MEETING), batch_id="b2"), "b2")
    assert last_release(warehouse) == ("b2", "passed", None, None)
    assert overruling_of("b1", warehouse.workspace, SETTINGS) == decision
    assert overruling_of("b2", warehouse.workspace, SETTINGS) is None


def test_a_work_file_begun_anew_audits_only_what_was_never_published(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING)), "b1")
    warehouse.load(a("y", MEETING), batch_id="b2")
    begin_anew(warehouse.workspace)
    warehouse.load(a("x", MEETING))
    warehouse.load(a("y", MEETING), batch_id="b2")
    assert held_batches(warehouse.workspace, SETTINGS) == ["b2"]
    warehouse.load(a("x", MEETING), version="test-2")  # later, as at any time
    assert held_batches(warehouse.workspace, SETTINGS) == ["b2", "b1"]


def test_releases_of_an_older_dragoman_get_the_new_columns(warehouse: Bench) -> None:
    publish(warehouse.build(a("x", MEETING)), "b1")
    with writer(warehouse.workspace, SETTINGS) as connection:
        connection.execute(
            "alter table releases drop column reason; alter table releases drop column released_by; drop schema audit cascade"
        )
    publish(warehouse.build(a("y", MEETING), batch_id="b2"), "b2")
    assert last_release(warehouse) == ("b2", "passed", None, None)
    assert warehouse.column("select count(*) from releases") == [2]
