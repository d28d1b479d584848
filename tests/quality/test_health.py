"""Expectation files: what they say, and what is wrong with a wrong one."""

from pathlib import Path

import pytest

from pipeline.contracts import PUBLIC
from pipeline.errors import SeedError
from pipeline.quality.entries import limits_in_words, read_entries
from pipeline.quality.health import health_expectations

TEXTS = 'name = "x"\nseverity = "warning"\nmeaning = "It means."\naction = "Do it."\n'


def expectations(folder: Path, text: str, table: str = "events"):
    (folder / f"{table}.toml").write_text(text, encoding="utf-8")
    return health_expectations("b0001", folder)


def test_the_shipped_files_are_whole():
    shipped = health_expectations("b0001")
    assert {each.severity for each in shipped} == {"critical", "warning", "info"}
    assert {each.table for each in shipped} <= {table.name for table in PUBLIC}
    assert len({each.name for each in shipped}) == len(shipped)
    assert all(each.meaning.endswith((".", "?")) and each.action.endswith((".", "?")) for each in shipped)


def test_a_share_is_a_figure_of_the_batch(tmp_path):
    [share] = expectations(tmp_path, f'[[share]]\n{TEXTS}where = "source_name is null"\nmaximum = 0.2\nleast = 10\n')
    assert (share.name, share.unit, share.expected) == ("events.x", "share", "at most 20 %")
    assert "batch_id = 'b0001'" in share.query and "count(*) filter (true) >= 10" in share.query


def test_figures_of_a_table_share_one_query(tmp_path):
    two = [
        f'[[measure]]\n{TEXTS}value = "{value}"\nmaximum = 1\n'.replace('"x"', f'"{name}"')
        for name, value in (("a", "avg(confidence)"), ("b", "count(*)"))
    ]
    first, second = expectations(tmp_path, "\n".join(two))
    assert first.query == second.query and '"a"' in first.query and '"b"' in first.query


def test_braces_in_a_condition_are_no_placeholders(tmp_path):
    [never] = expectations(tmp_path, f"[[never]]\n{TEXTS}where = \"event_id = '{{batch}}'\"\n")
    assert "event_id = '{{batch}}'" in never.arguments["unexpected_rows_query"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        # The file as a whole.
        ("[[never]\n", "events.toml: not TOML"),
        ("\n[[sometimes]]\nname = 1\n", "events.toml:2: 'sometimes' is not one of [[never]], [[share]], [[measure]]"),
        ('never = "x"\n', "events.toml:1: 'never' is not one of"),
        # What an entry needs and knows.
        ('[[never]]\nname = "x"\n', "events.toml:1: [[never]] x: lacks action, meaning, severity, where"),
        (f'\n\n[[never]]\n{TEXTS}where = "true"\nmaximum = 1\n', "events.toml:3: [[never]] x: knows nothing of maximum"),
        (f'[[never]]\n{TEXTS}where = "true"\n'.replace("warning", "grave"), "severity 'grave' is not one of critical, warning, info"),
        (f'[[never]]\n{TEXTS}where = "true"\ncolumn = "colour"\n', "events has no column 'colour'"),
        (f'[[never]]\n{TEXTS}where = "true"\ncolumns = ["event_id", "colour"]\n', "events has no column 'colour'"),
        (f'[[never]]\n{TEXTS}where = "true"\nscope = "world"\n', "scope 'world'"),
        (f'[[never]]\n{TEXTS}where = "true"\n\n[[never]]\n{TEXTS}where = "true"\n', "events.toml:8: [[never]] x: another entry"),
        # Limits.
        (f'[[share]]\n{TEXTS}where = "true"\n', "needs a minimum or a maximum"),
        (f'[[share]]\n{TEXTS}where = "true"\nmaximum = 20\n', "write 20 % as 0.2"),
        (f'[[share]]\n{TEXTS}where = "true"\nminimum = 0.5\nmaximum = 0.2\n', "minimum 0.5 is above maximum 0.2"),
        (f'[[measure]]\n{TEXTS}value = "1"\nmaximum = "many"\n', "maximum 'many' is not a number"),
        # SQL, which DuckDB reads against the contracts.
        (f'[[never]]\n{TEXTS}where = "colour = 1"\n', "events.toml:1: [[never]] x: DuckDB cannot read it: Binder Error"),
        (f'[[never]]\n{TEXTS}where = "event_id in (select event_id from nowhere)"\n', "nowhere"),
        (f'[[share]]\n{TEXTS}where = "true"\nof = "colour"\nmaximum = 1\n', "DuckDB cannot read it"),
        (f'[[measure]]\n{TEXTS}value = "avg("\nmaximum = 1\n', "DuckDB cannot read it: Parser Error"),
        (f'[[never]]\n{TEXTS}where = "confidence > \'high\'::date"\n', "DuckDB cannot read it"),
    ],
)  # fmt: skip
def test_a_wrong_entry_is_named_with_file_and_line(tmp_path, text, fault):
    with pytest.raises(SeedError) as error:
        expectations(tmp_path, text)
    assert fault in str(error.value)


DRIFT = f'[[drift]]\n{TEXTS}table = "events"\nwindow = 30\nhistory = 12\nleast = 100\nspread = 0.1\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{DRIFT}maximum = 1\n", "needs a value or a mix, and not both"),
        (f'{DRIFT}maximum = 1\nmix = "status"\nvalue = "count(*)"\n', "needs a value or a mix, and not both"),
        (f'{DRIFT}mix = "status"\n', "needs a minimum or a maximum"),
        (f'{DRIFT}mix = "colour"\nmaximum = 1\n', "drift.toml:1: [[drift]] x: DuckDB cannot read it: Binder Error"),
        (f'{DRIFT}value = "confidence"\nof = "colour"\nmaximum = 1\n', "DuckDB cannot read it"),
        (f'{DRIFT}mix = "status"\nmaximum = 1\n'.replace("history = 12", 'history = "a year"'), "history 'a year' is not a number"),
        (f'{DRIFT}mix = "status"\nmaximum = 1\n'.replace("window = 30\n", ""), "lacks window"),
        (f'{DRIFT}mix = "status"\nmaximum = 1\n'.replace('"events"', '"places"'), "table 'places' is not one that can tell batches"),
        (f'[[never]]\n{TEXTS}where = "true"\n', "drift.toml:1: 'never' is not one of [[drift]]"),
    ],
)  # fmt: skip
def test_a_wrong_entry_of_drift_is_named_too(tmp_path, text, fault):
    with pytest.raises(SeedError) as error:
        expectations(tmp_path, text, table="drift")
    assert fault in str(error.value)


def test_defaults_hold_for_every_entry_of_a_file(tmp_path):
    defaults = '[defaults]\nwindow = 9\nhistory = 3\nleast = 1\nspread = 0\nseverity = "info"\n'
    entry = '[[drift]]\nname = "x"\ntable = "records"\nmix = "locator"\nmaximum = 1\nmeaning = "It means."\naction = "Do it."\n'
    own = entry.replace('"x"', '"y"') + "window = 5\n"
    first, second = expectations(tmp_path, f"{defaults}{entry}{own}", table="drift")
    assert (first.severity, first.expected) == ("info", "stability index at most 1, over the last 9 batches (3 needed)")
    assert "last 5 batches" in second.expected and first.query == second.query


def test_a_file_for_no_table_is_refused(tmp_path):
    with pytest.raises(SeedError, match="no public table is called 'colours'"):
        expectations(tmp_path, "", table="colours")


def test_a_table_that_cannot_tell_batches_has_no_batch_scope(tmp_path):
    with pytest.raises(SeedError, match="scope 'batch' is not one that places has"):
        expectations(tmp_path, f'[[never]]\n{TEXTS}where = "true"\nscope = "batch"\n', table="places")


def test_lines_of_entries(tmp_path):
    path = tmp_path / "places.toml"
    path.write_text(f'# two\n[[never]]\n{TEXTS}where = "true"\n\n[[never]]\n{TEXTS}where = "true"\n'.replace('"x"', '"y"', 1))
    assert [(entry.name, entry.line) for entry in read_entries(path)] == [("y", 2), ("x", 9)]


@pytest.mark.parametrize(
    ("minimum", "maximum", "kind", "words"),
    [
        (0.02, 0.98, "share", "2 % to 98 %"),
        (None, 0.2, "share", "at most 20 %"),
        (16, 16, "measure", "16"),
        (-1, 30, "measure", "-1 to 30"),
        (1000, None, "measure", "at least 1,000"),
    ],
)
def test_limits_in_words(minimum, maximum, kind, words):
    assert limits_in_words(minimum, maximum, kind) == words
