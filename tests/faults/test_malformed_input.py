"""*No crash, no hang, no way out, bounded memory*: mutated files by the thousand. DRAGOMAN_FAULTS=long asks for the long set."""

import os
from collections import Counter
from pathlib import Path

import pytest

from pipeline.articles import Reason, ingest_articles
from pipeline.config import Settings, Workspace
from tests.articles.article_samples import put
from tests.faults.isolation import MEMORY_BYTES, Outcome, read_apart
from tests.faults.mutations import mutant

LONG = os.environ.get("DRAGOMAN_FAULTS") == "long"
BATCHES, FILES_A_BATCH = (50, 2000) if LONG else (1, 2000)


def troubles(outcomes: list[Outcome]) -> list[str]:
    """What must not happen, with the number of the mutant: tests.faults.mutations.mutant(number) makes it again."""
    return [
        f"{Path(outcome.path).name}: {trouble}"
        for outcome in outcomes
        for trouble in [*outcome.troubles, *(["nothing came out"] if not outcome.found and not outcome.troubles else [])]
    ]


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
def test_mutated_files_become_articles_and_rejects_and_nothing_else(tmp_path: Path, batch: int):
    mutants = [mutant(number) for number in range(batch * FILES_A_BATCH, (batch + 1) * FILES_A_BATCH)]
    inbox, apart = tmp_path / "inbox", tmp_path / "apart"
    apart.mkdir()
    put(inbox, {mutant.name: mutant.data for mutant in mutants})
    outcomes = read_apart([inbox / mutant.name for mutant in mutants], apart)
    assert troubles(outcomes) == []
    assert max(outcome.peak_bytes for outcome in outcomes) < MEMORY_BYTES
    assert {path.name for path in tmp_path.iterdir()} == {"inbox", "apart"}
    assert {path.name: path.read_bytes() for path in inbox.iterdir()} == {mutant.name: mutant.data for mutant in mutants}
    found = sum((Counter(outcome.found) for outcome in outcomes), Counter[str]())
    assert found["article"] > FILES_A_BATCH / 10  # mutants are nearly right
    assert len(found) > 6  # and wrong in many ways


def test_a_mutated_batch_is_accounted_for(tmp_path: Path):
    mutants = [mutant(number) for number in range(1_000_000, 1_000_150)]
    put(tmp_path / "inbox", {mutant.name: mutant.data for mutant in mutants})
    batch = ingest_articles([str(tmp_path / "inbox")], Workspace(tmp_path / "warehouse.duckdb"), Settings())
    assert batch.records == batch.new_articles + batch.known + batch.duplicates + batch.rejected
    assert batch.records >= len(mutants)


def test_mutants_are_the_same_every_time():
    assert [mutant(number) for number in range(50)] == [mutant(number) for number in range(50)]
    assert len({mutant(number).data for number in range(200)}) > 190


ONE_GOOD_RECORD = '{"text": "The ministers met in Oslo and agreed on the border."}\n'


# Each of these values once ended the reading of its whole file.
@pytest.mark.parametrize(
    "field",
    [
        '"id": 1e999', '"id": NaN', '"id": -Infinity', '"date": ' + "9" * 400, '"date": "²²²²²²²"', '"date": 1e999', '"status": -1e999',
        '"title": {"name": 1e999}', '"url": "https://[x"', '"language": "\\ud800"', '"date": "9999-12-31T23:59:59-23:59"',
    ],
)  # fmt: skip
def test_a_strange_value_is_no_reason_to_lose_what_follows(read, field: str):
    found = read({"a.jsonl": ONE_GOOD_RECORD.replace("{", f"{{{field}, ") + ONE_GOOD_RECORD * 2})
    assert [type(item).__name__ for item in found] == ["Article"] * 3


# Each of these once had no better reason than that some library failed.
@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", "\n".join(["title\ttext", "a\tb"]).encode("cp037"), Reason.NO_TEXT_FIELD),
        ("a.xml", b"<rss><channel><item><title>&#x110000;</title>", Reason.MALFORMED),
        ("a.xml", b"<rss><channel><item><title>&#xD800;</title>", Reason.MALFORMED),
        ("a.xml", b"<rss><channel><item><link>a</item>b</link><c>", Reason.MALFORMED),
    ],
)
def test_what_libraries_stumble_over_has_its_reason(read, name: str, data: bytes, reason: Reason):
    assert [item.reason for item in read({name: data})] == [reason]
