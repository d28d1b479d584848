"""The docs say what the code says: generated parts are those that `make docs` would write now."""

import re
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from docs import accuracy_page, generate
from pipeline.cli import app
from pipeline.quality.accuracy import read_accuracy
from pipeline.warehouse import saved_queries
from pipeline.warehouse.macros import macros, views

ROOT = Path(__file__).resolve().parents[1]


def test_the_data_dictionary_is_the_contracts():
    assert (ROOT / "docs" / "DATA_DICTIONARY.md").read_text() == generate.data_dictionary()


def test_the_data_dictionary_shows_how_macros_are_called():
    text = (ROOT / "docs" / "DATA_DICTIONARY.md").read_text()
    assert [macro.name for macro in macros() if f"\n    {macro.use}\n" not in text] == []
    assert [view.name for view in views() if f"\n## {view.name}\n" not in text] == []


def test_the_runbook_knows_every_reason_and_exit_code():
    text = (ROOT / "docs" / "RUNBOOK.md").read_text()
    assert text == generate.runbook(text)
    assert "`not_english`" in text


def test_the_codebook_is_that_of_the_seeds():
    text = (ROOT / "docs" / "CODEBOOK.md").read_text()
    assert text == generate.codebook(text), "run `make docs`"
    assert "Norway > SANCTION-withdraw > Chad" in text


def test_the_figures_of_the_report_are_those_of_the_accuracy_page():
    page = (ROOT / "docs" / "ACCURACY.md").read_text()
    assert (ROOT / "pipeline" / "quality" / "accuracy.json").read_text() == accuracy_page.figures(page), "run `make docs`"
    row = re.search(r"^\| end2end_f1 \| ([\d.]+) \|", page, re.MULTILINE)  # of the first table that has it
    assert [figure.of_all for figure in read_accuracy().figures if figure.meaning == "F1 in plain text"] == [float(row[1])]
    with pytest.raises(ValueError, match="places"):
        accuracy_page.figures(page.replace("<!-- places -->", ""))


def test_the_readme_names_every_command():
    readme = (ROOT / "README.md").read_text()
    missing = [name for name in get_command(app).commands if f"dragoman {name}" not in readme]
    assert missing == []


def test_the_cookbook_has_every_saved_query():
    cookbook = (ROOT / "docs" / "COOKBOOK.md").read_text()
    shown = set(re.findall(r"^    dragoman .*--query (\w+)", cookbook, re.MULTILINE)) | {"compare_months"}  # what `compare` asks by default
    assert shown == saved_queries().keys()


def test_every_make_target_of_the_readme_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text())) <= targets


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "docs/RUNBOOK.md",
        "docs/ACCURACY.md",
        "docs/CODEBOOK.md",
        "docs/COOKBOOK.md",
        "docs/EXPORTS.md",
        "docs/SPEED.md",
        "docs/TOOLS.md",
    ],
)
def test_links_lead_to_files(page):
    links = re.findall(r"\]\((?!http)([^)#]+)", (ROOT / page).read_text())
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.slow
def test_the_readme_shows_what_the_commands_print(tmp_path, monkeypatch):
    warehouse = tmp_path / "warehouse.duckdb"
    monkeypatch.setenv("DRAGOMAN_WAREHOUSE", str(warehouse))
    monkeypatch.chdir(ROOT)  # a reject names its file below the inbox, wherever that lies
    done = CliRunner().invoke(app, ["run", "seeds/articles"])
    assert done.exit_code == 4, done.output
    text = (ROOT / "README.md").read_text()
    assert generate.readme(text) == text, "run `make docs`"
    cookbook = (ROOT / "docs" / "COOKBOOK.md").read_text()
    assert generate.cookbook(cookbook) == cookbook, "run `make docs`"
