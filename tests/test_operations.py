"""What who runs it looks at: doctor, metrics, logs."""

import json
import re
import shutil
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from pipeline import logs
from pipeline.cli import app
from pipeline.config import Workspace
from pipeline.errors import InputError
from pipeline.warehouse import publish_release
from pipeline.warehouse.connection import writing_alone
from tests.warehouse.factory import NOW, VERSION, a, bench, m, rejected

pytestmark = pytest.mark.slow  # warehouses are built, one of them audited


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = bench(tmp_path_factory.mktemp("operated"))
    record, reject = rejected("odd.txt", "b1")
    articles = a("x", m("USA", "CONSULT", "RUS", on="2021-05-19")), a("y", published="2021-05-23", publisher="Post")
    made.build(*articles, records=[record], rejects=[reject])
    publish_release("b1", "warned", made.workspace, VERSION, NOW)
    made.workspace.site.mkdir(parents=True)
    validation = {"batch_id": "b1", "outcome": "warned", "finished_at": "2021-06-01T11:59:00+00:00",
                  "counts": {"critical": 0, "warning": 2, "info": 1}}  # fmt: skip
    (made.workspace.site / "validation.json").write_text(json.dumps(validation))
    return made.workspace.warehouse


def told(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_metrics_in_the_format_of_prometheus(warehouse: Path) -> None:
    samples = [each for family in text_string_to_metric_families(told("metrics", "--warehouse", warehouse)) for each in family.samples]
    values = {(sample.name, *sample.labels.values()): sample.value for sample in samples}
    assert values.pop(("dragoman_free_disk_bytes",)) > 0
    assert values.pop(("dragoman_warehouse_bytes",)) == warehouse.stat().st_size
    assert values == {
        ("dragoman_release_number",): 1,
        ("dragoman_release_timestamp_seconds",): 1622548800,  # 2021-06-01T12:00:00Z
        ("dragoman_rows", "articles"): 2,
        ("dragoman_rows", "events"): 1,
        ("dragoman_rows", "event_mentions"): 1,
        ("dragoman_rows", "rejects"): 1,
        ("dragoman_records", "coded"): 1,
        ("dragoman_records", "without_event"): 1,
        ("dragoman_records", "duplicate"): 0,
        ("dragoman_records", "rejected"): 1,
        ("dragoman_last_covered_day_timestamp_seconds",): 1621728000,  # 2021-05-23T00:00:00Z
        ("dragoman_validation", "passed"): 0,
        ("dragoman_validation", "warned"): 1,
        ("dragoman_validation", "overruled"): 0,
        ("dragoman_validation", "failed"): 0,
        ("dragoman_held_batches",): 0,
        ("dragoman_failed_checks", "critical"): 0,
        ("dragoman_failed_checks", "warning"): 2,
        ("dragoman_failed_checks", "info"): 1,
    }


def test_a_held_batch_is_told_of(warehouse: Path, tmp_path: Path) -> None:
    """The report of what was published stays as it is, so an alarm that looks there alone would never ring."""
    shutil.copytree(warehouse.parent, tmp_path, dirs_exist_ok=True)
    site, at = Workspace(tmp_path / warehouse.name).site, ("--warehouse", tmp_path / warehouse.name)
    (site / "held").mkdir()
    found = json.loads((site / "validation.json").read_text()) | {"batch_id": "b2", "outcome": "failed"}
    (site / "held" / "b2.json").write_text(json.dumps(found))
    (site / "held" / "b2.html").touch()
    metrics = told("metrics", *at)
    assert "dragoman_held_batches 1.0" in metrics and 'dragoman_validation{outcome="failed"} 1.0' in metrics
    facts = told("doctor", *at)
    assert re.search(r"last run +batch b2 failed", facts) and re.search(r"held batches +b2", facts)


def test_a_warehouse_that_was_never_published_has_metrics_too(tmp_path: Path) -> None:
    assert "dragoman_free_disk_bytes" in told("metrics", "--warehouse", tmp_path / "none.duckdb")


def test_the_doctor_tells_versions_model_locks_last_run_and_coverage(warehouse: Path) -> None:
    with writing_alone(Workspace(warehouse)):
        facts = told("doctor", "--warehouse", warehouse)
    assert re.search(r"model +SHA-256 [0-9a-f]{16}", facts)
    assert re.search(r"locks +writer by process \d+", facts)
    assert re.search(r"last run +batch b1 warned, 2021-06-01 11:59 UTC", facts)
    assert re.search(r"release +1 \(warned\), 2021-06-01 12:00 UTC", facts)
    assert re.search(r"coverage +2021-05-20 to 2021-05-23, 2 days covered, 2 silent; 2 publishers", facts)
    assert re.search(r"locks +none held", told("doctor", "--warehouse", warehouse))


def test_logs_for_machines_are_an_object_a_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DRAGOMAN_LOG", "json")
    logs.progress()("ingest", "3 records\n{}")
    line = json.loads(capsys.readouterr().err)
    assert (line.pop("timestamp")[:2], line) == ("20", {"event": "3 records\n{}", "step": "ingest", "level": "info"})


def test_logs_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    logs.progress()("ingest", "3 records")
    assert capsys.readouterr().err == "ingest   3 records\n"


def test_another_form_of_logs_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_LOG", "xml")
    with pytest.raises(InputError, match="text, json"):
        logs.progress()
