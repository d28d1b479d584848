"""Write, audit, publish: what becomes of a batch that fails its audit, and of those behind it, as a user and as readers see it."""

import json
import shutil
from functools import partial
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline import flow
from pipeline.cli import app
from pipeline.coding.shard import code_shard, is_coded
from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLES, EVENTS
from pipeline.quality import validate as quality_validate
from pipeline.quality.health import health_expectations
from pipeline.quality.structure import structural_expectations
from pipeline.resources import EXPECTATIONS

pytestmark = pytest.mark.slow  # whole runs

ARTICLE = """Title: {title}
Date: 2022-03-{day:02}
Publisher: Lake Courier

LUSAKA, March {day} - The foreign ministers of {one} and Angola met in Lusaka on Friday. {words}, a spokesman said.
"""
WORDS = "They agreed to reopen the border before the end of the month and to send the fishermen home"
# A critical figure that a test can fail at will, with a single article.
ODD = """
[[share]]
name = "odd"
severity = "critical"
where = "title like 'Odd%'"
maximum = 0.5
meaning = "No batch is about odd things."
action = "Look at its titles."
"""
PEOPLE = ("Zambia", "Kenya", "Malawi", "Uganda", "Rwanda", "Ghana")


class Desk:
    """A warehouse and the inboxes that feed it, worked by the command line alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace = Workspace(folder / "warehouse.duckdb")
        self.written = 0

    def article(self, name: str, title: str = "Ministers meet") -> Path:
        """An inbox with one article like no other."""
        inbox = self.folder / name
        inbox.mkdir()
        words = f"{WORDS} after {self.written + 3} days of talks about {name}"
        text = ARTICLE.format(title=title, day=4 + self.written, one=PEOPLE[self.written], words=words)
        (inbox / f"{name}.txt").write_text(text)
        self.written += 1
        return inbox

    def run(self, inbox: Path) -> tuple[int, str]:
        return self.call("run", inbox, "--workers", 1)

    def call(self, *arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(app, [*map(str, arguments), "--warehouse", str(self.workspace.warehouse)])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output

    def rows(self, sql: str, file: Path | None = None) -> list[tuple]:
        with duckdb.connect(str(file or self.workspace.warehouse), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    def titles(self, file: Path | None = None) -> set[str]:
        return {row[0] for row in self.rows("select title from articles", file)}

    def batch_of(self, inbox: Path) -> str:
        return flow.ingest([str(inbox)], self.workspace, Settings()).batch_id

    def published(self) -> tuple[bytes, int, str]:
        """What readers have: the bytes and inode of the file, and the report."""
        file = self.workspace.warehouse
        return file.read_bytes(), file.stat().st_ino, (self.workspace.site / "index.html").read_text()

    def judged_at(self) -> str:
        return json.loads((self.workspace.site / "validation.json").read_text())["started_at"]

    def load_only(self, inbox: Path) -> str:
        """As a run that was killed before its audit."""
        batch = flow.ingest([str(inbox)], self.workspace, Settings())
        flow.code_all(batch.shards, self.workspace, Settings(), 1)
        flow.load(batch, self.workspace, Settings())
        return batch.batch_id


@pytest.fixture
def desk(tmp_path, monkeypatch, coder) -> Desk:
    strict(tmp_path, monkeypatch)

    def code_here(shards, workspace, settings, workers):
        for shard in shards:  # a process for each of these many runs would load the coder each time
            if not is_coded(shard, workspace):
                code_shard(shard, workspace, coder, {}, False, lambda *_: None)

    monkeypatch.setattr(flow, "code_shards", code_here)
    return Desk(tmp_path)


def strict(folder: Path, monkeypatch) -> None:
    """Judges two tables only, since each of these tests audits many times; and batches of odd articles fail."""
    (folder / "expectations").mkdir()
    for table in ("articles", "events"):
        shutil.copy(EXPECTATIONS / f"{table}.toml", folder / "expectations")
    with (folder / "expectations" / "articles.toml").open("a") as file:
        file.write(ODD)
    monkeypatch.setattr(quality_validate, "EXPECTATIONS", folder / "expectations")
    monkeypatch.setattr(quality_validate, "health_expectations", partial(health_expectations, folder=folder / "expectations"))
    monkeypatch.setattr(quality_validate, "structural_expectations", partial(structural_expectations, (ARTICLES, EVENTS)))


def test_a_batch_that_fails_is_held_with_all_behind_it_until_a_person_releases_it(desk):
    assert desk.run(desk.article("first", "Ministers meet"))[0] == 0
    before = desk.published()

    # Held: readers keep release 1 and its report; the candidate can be looked at, and the report says why.
    odd = desk.article("odd", "Odd weather")
    code, said = desk.run(odd)
    held = desk.batch_of(odd)
    page = desk.workspace.site / "held" / f"{held}.html"
    assert code == 3 and "articles.odd" in said and f"dragoman release {held}" in said
    assert desk.published() == before
    assert desk.titles(desk.workspace.work_file) == {"Ministers meet", "Odd weather"}
    assert "Nothing was published; release 1 stays." in page.read_text()
    published = f"{desk.workspace.site / 'index.html'}\n{desk.workspace.site / 'explorer.html'}\n"
    assert desk.call("report") == (0, f"1 held back from publication:\n{page}\n{published}")

    # Behind it: a sound batch does not carry the held rows out.
    good = desk.article("good", "Border reopens")
    code, said = desk.run(good)
    assert code == 3 and f"waits behind {held}" in said
    assert desk.published() == before
    assert f"This batch goes out once {held} can." in (desk.workspace.site / "held" / f"{desk.batch_of(good)}.html").read_text()

    # Released by hand: both go out, and who, when and why can be asked for.
    assert desk.call("release", held, "--reason", "It <b>did</b> rain frogs.", "--by", "Ada")[0] == 0
    assert desk.titles() == {"Ministers meet", "Odd weather", "Border reopens"}
    assert desk.rows("select release_number, batch_id, validation, released_by, reason from releases order by 1") == [
        (1, desk.batch_of(desk.folder / "first"), "passed", None, None),
        (2, held, "overruled", "Ada", "It <b>did</b> rain frogs."),
    ]
    report = (desk.workspace.site / "index.html").read_text()
    assert "Released by hand" in report and "It &lt;b&gt;did&lt;/b&gt; rain frogs." in report
    assert desk.call("report") == (0, f"{desk.workspace.site / 'index.html'}\n{desk.workspace.site / 'explorer.html'}\n")
    assert (desk.workspace.site / "settled" / page.name).exists()  # what was wrong with it stays readable

    # Run again, nothing is new. But a decision covers only the checks that it was about.
    code, said = desk.run(odd)
    assert code == 0 and "nothing new, release 2 stays" in said
    with (desk.folder / "expectations" / "events.toml").open("a") as file:
        file.write(ODD.replace('"odd"', '"met"').replace("title like 'Odd%'", "event_type = 'CONSULT'").replace("0.5", "0"))
    code, said = desk.run(odd)
    assert code == 3 and "events.met" in said

    runs = [json.loads(path.read_text()) for path in sorted((desk.workspace.site / "history").iterdir())]
    assert {run["outcome"] for run in runs if run["batch_id"] == held} == {"failed", "overruled"}
    assert [run["outcome"] for run in runs if run["batch_id"] != held] == ["passed", "passed"]


def test_once_mended_a_held_batch_goes_out_with_the_next_run(desk, monkeypatch):
    assert desk.run(desk.article("odd", "Odd weather"))[0] == 3
    assert not desk.workspace.warehouse.exists()
    desk.load_only(desk.article("cut", "Cut off"))
    monkeypatch.setattr(quality_validate, "health_expectations", health_expectations)  # the expectation was wrong
    assert desk.run(desk.article("next"))[0] == 0
    assert desk.titles() == {"Odd weather", "Cut off", "Ministers meet"}
    assert desk.rows("select validation, released_by from releases") == [("passed", None)]
    assert not list(desk.workspace.site.glob("held/*"))


def test_a_batch_that_was_cut_off_before_its_audit_is_audited_with_the_next(desk):
    cut_off = desk.load_only(desk.article("odd", "Odd weather"))
    code, said = desk.run(desk.article("good"))
    assert code == 3 and f"waits behind {cut_off}" in said
    assert "Odd" in (desk.workspace.site / "held" / f"{cut_off}.html").read_text()
    assert not desk.workspace.warehouse.exists()


def test_two_held_batches_need_two_decisions(desk):
    first, second = desk.article("one", "Odd weather"), desk.article("two", "Odd sports")
    assert [desk.run(first)[0], desk.run(second)[0]] == [3, 3]
    code, said = desk.call("release", desk.batch_of(first), "--reason", "Rain.", "--by", "Ada")
    assert code == 3 and f"waits behind {desk.batch_of(second)}" in said
    assert not desk.workspace.warehouse.exists()
    # The decision stands.
    assert desk.call("release", desk.batch_of(second), "--reason", "Games.", "--by", "Bo")[0] == 0
    assert desk.rows("select validation, released_by, reason from releases") == [("overruled", "Ada; Bo", "Rain.; Games.")]
    assert desk.titles() == {"Odd weather", "Odd sports"}


def test_what_contradicts_itself_is_not_released_by_hand(desk, monkeypatch):
    inbox = desk.article("bad", "Odd weather")

    def load_and_spoil(batch, workspace, settings, load=flow.load):
        load(batch, workspace, settings)
        with duckdb.connect(str(workspace.work_file)) as connection:
            connection.execute("update events set event_type = 'INVADE'")

    monkeypatch.setattr(flow, "load", load_and_spoil)
    code, said = desk.run(inbox)
    assert code == 3 and "dragoman release" not in said
    code, said = desk.call("release", desk.batch_of(inbox), "--reason", "I want it.")
    assert code == 3 and "events.event_type.allowed cannot be overruled" in said
    assert not desk.workspace.warehouse.exists()


def test_only_what_is_held_can_be_released(desk):
    assert desk.call("release", "nothing", "--reason", "No warehouse yet.")[0] == 2
    assert not desk.workspace.work_file.exists()
    inbox = desk.article("good")
    assert desk.run(inbox)[0] == 0
    code, said = desk.call("release", desk.batch_of(inbox), "--reason", "Once more.")
    assert code == 2 and "held are: none" in said
    assert desk.call("release", desk.batch_of(inbox), "--reason", " ")[0] == 2
    assert desk.call("release", desk.batch_of(inbox))[0] == 2


def test_what_was_found_stands_until_a_table_changes_or_what_it_was_judged_with(desk):
    first, second = desk.article("first"), desk.article("second", "Border reopens")
    desk.run(first)
    judged = desk.judged_at()

    # Nothing new, nothing to judge.
    code, said = desk.run(first)
    assert code == 0 and "validate passed" in said and "nothing new, release 1 stays" in said
    assert desk.judged_at() == judged
    assert "There was nothing new to publish; release 1 stays." in (desk.workspace.site / "index.html").read_text()

    # Another batch changes tables.
    desk.run(second)
    desk.run(first)
    judged_again = desk.judged_at()
    assert judged_again > judged
    desk.run(first)
    assert desk.judged_at() == judged_again

    # Expectations change.
    with (desk.folder / "expectations" / "events.toml").open("a") as file:
        file.write("# Another line.\n")
    desk.run(first)
    assert desk.judged_at() > judged_again
