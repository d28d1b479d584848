"""The page that people look at."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.config import Workspace
from pipeline.overruling import Overruling
from pipeline.quality import BatchSummary, Validation, write_report
from pipeline.quality.accuracy import read_accuracy
from pipeline.quality.checks import Check, Passage
from pipeline.quality.display import visible
from pipeline.quality.facts import Facts, Flow, Publisher
from pipeline.quality.history import row_changes, write_history
from pipeline.quality.report import consequence, render
from pipeline.quality.trends import trends
from pipeline.quality.wording import observed, tally, title

SUMMARY = BatchSummary(
    published=True, release_number=12, changes={"added": 41, "changed": 6, "withdrawn": 1}, by_hand=None,
    step_seconds={"ingest": 0.8, "code": 21.3}, versions={"dragoman": "0.1.0", "coder": "7"},
)  # fmt: skip
HOSTILE = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)", "{{7*7}} {% raw %} ${7*7}",
    "javascript:alert(1)", "https://evil.example/track", "=cmd|'/c calc'!A0", "\x1b[31mred\x07", "user\u202egpj.exe",
    "</style><style>*{background:url(//evil.example)}", "<!--", "]]>", "&lt;b&gt;", "x" * 10_000, "\ud800", "\x00",
)  # fmt: skip

KEY = r"[\w.~%-]+"
ADDRESS = re.compile(
    rf"validation\.json|b0001\.json|(\.\./)?(index|history|explorer)\.html|(held|settled)/{KEY}\.html|#[a-z]+(-\d+)?"
    rf"|explorer\.html#/(event/{KEY}|article/{KEY}(/{KEY})?)"
)


def check(name="events.event_type.allowed", passed=True, **fields) -> Check:
    table, *rest = name.split(".")
    given = {
        "column": rest[0] if len(rest) > 1 else None, "severity": "critical", "observed": 0, "unit": "rows", "rows": (),
        "expected": "one of 16 values", "minimum": None, "maximum": None, "unexpected_count": 0, "meaning": "PLOVER event type.",
        "action": "Mend it.",
    }  # fmt: skip
    return Check(name=name, table=table, passed=passed, **{**given, **fields})


FLOW = Flow(records=63, coded=48, without_event=6, duplicate=6, rejected=3)
FACTS = Facts(
    flow=FLOW, reject_reasons=(("no-text", 3),), publishers=(Publisher("Outlet", FLOW, "2021-05-01", "2021-05-02", 2, (40, 23)),),
    publisher_count=1, first_day="2021-05-01", last_day="2021-05-02", table_rows={"events": 48},
)  # fmt: skip
BROKEN = check(
    passed=False, observed=2, unexpected_count=2, rows=({"event_id": "e1", "event_type": "PEACE"}, {"event_id": "e2", "event_type": None})
)
RARE = check("articles.with_events", False, severity="warning", observed=0.01, unit="share", expected="2 % to 98 %", unexpected_count=None)
SEEN = Passage("a1", "Talks in Reykjavik", "m1", "e1", "Antony Blinken met Sergey Lavrov.")


def run(number=0, **fields) -> dict:
    """A run as history/ has it; number 0 is the last one before."""
    given = {
        "batch_id": f"before-{number}", "started_at": f"2026-11-{22 - number:02} 18:45:00+00:00", "waits_for": [], "outcome": "passed",
        "finished_at": f"2026-11-{22 - number:02} 18:46:00+00:00", "counts": {"critical": 0, "warning": 2}, "flow": {"records": 60},
        "table_rows": {"events": 40}, "checks": {},
    }  # fmt: skip
    return given | fields


def shares(*figures: float | None) -> list[dict]:
    """Runs that found these shares of articles with events, the newest first."""
    return [run(number, checks={RARE.name: {"passed": None, "observed": figure}}) for number, figure in enumerate(figures)]


def validation(*checks: Check, facts: Facts = FACTS) -> Validation:
    now = datetime(2026, 11, 23, 18, 45, tzinfo=UTC)
    return Validation("b0001", now, now, checks or (check(),), facts)


class Page(HTMLParser):
    """What a browser would find: tags, their attributes, and the text without style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.text += " "
        self.tags.append(tag)
        self._open.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attributes]

    def handle_endtag(self, tag):
        self.text += " "
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data):
        if "style" not in self._open:
            self.text += data

    @property
    def words(self) -> str:
        return " ".join(self.text.split())


def assert_harmless(page: str) -> None:
    """No script, no event attribute, no inline style, no address but those of the page itself."""
    found = Page(page)
    assert not set(found.tags) & {"script", "img", "iframe", "object", "embed", "link", "base", "form", "image", "use"}
    assert found.tags.count("style") == 1
    for tag, name, value in found.attributes:
        assert not name.startswith("on") and name not in {"style", "src", "srcset", "srcdoc", "action", "xlink:href", "background"}
        if name == "href":
            assert tag == "a" and ADDRESS.fullmatch(value)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page)


def test_a_passed_batch_says_so_first():
    words = Page(render(validation(), SUMMARY)).words
    assert (
        words.index("Passed")
        < words.index("Release 12 is published.")
        < words.index("1 checks hold" if "1 checks hold" in words else "1 check")
    )
    assert "63 in = 48 coded + 6 without event + 6 duplicate + 3 rejected" in words
    assert "events added 41 events changed 6 events withdrawn 1" in words
    assert "Nothing failed." in words


def test_a_warned_batch_is_published_and_tells_why():
    words = Page(render(validation(check(), RARE), SUMMARY)).words
    assert "Passed with warnings Release 12 is published. 1 warning of 2 checks." in words
    assert "articles: With events 1.0 %, expected 2 % to 98 %" in words


def test_a_failed_batch_says_that_nothing_was_published():
    page = Page(render(validation(BROKEN, RARE), SUMMARY | {"published": False, "changes": {}}))
    assert "Failed Nothing was published; release 12 stays. 1 critical failure and 1 warning of 2 checks." in page.words
    assert "events: event_type holds values that are not allowed 2 rows" in page.words
    assert "event_id event_type e1 PEACE e2 null" in page.words
    assert ("td", "class", "blamed") in page.attributes


@pytest.mark.parametrize(
    ("checks", "published", "number", "sentence"),
    [
        ((check(),), True, 1, "Release 1 is published."),
        ((check(),), False, 7, "There was nothing new to publish; release 7 stays."),
        ((BROKEN,), False, 7, "Nothing was published; release 7 stays."),
        ((BROKEN,), False, None, "Nothing was published; there is no earlier release."),
    ],
)
def test_consequences(checks, published, number, sentence):
    assert consequence(validation(*checks), SUMMARY | {"published": published, "release_number": number}) == sentence


UNUSUAL = replace(RARE, severity="critical", can_be_overruled=True)
DECISION = Overruling("b0001", ("articles.with_events",), "Ada", HOSTILE[0], datetime(2026, 11, 24, 9, 30, tzinfo=UTC))


def test_a_batch_that_waits_says_for_whom():
    page = Page(render(replace(validation(), waits_for=("b0000",)), SUMMARY | {"published": False, "changes": {}}))
    assert "Waits Nothing was published; release 12 stays. This batch goes out once b0000 can." in page.words


def test_only_unusual_figures_may_be_released_by_hand():
    way = "dragoman release b0001 --reason"
    assert way in Page(render(validation(UNUSUAL), SUMMARY)).words
    assert way not in Page(render(validation(UNUSUAL, BROKEN), SUMMARY)).words
    decided = replace(validation(UNUSUAL), overruling=DECISION)
    assert (decided.outcome, decided.stops_release) == ("overruled", False)
    assert replace(validation(UNUSUAL, BROKEN), overruling=DECISION).outcome == "failed"  # not what the decision was about


def test_a_batch_released_by_hand_says_by_whom_when_and_why():
    page = render(replace(validation(UNUSUAL), overruling=DECISION), SUMMARY)
    assert_harmless(page)
    assert f"Released by hand on 2026-11-24 09:30 UTC by Ada : {HOSTILE[0]}" in Page(page).words
    beside = Page(render(validation(), SUMMARY | {"by_hand": f"Ada: {HOSTILE[1]}"}))
    assert f"A batch that goes out with it was released by hand by Ada: {HOSTILE[1]}" in beside.words


def test_a_held_batch_leaves_the_published_report_until_it_goes_out(tmp_path: Path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    write_report(validation(), SUMMARY, workspace)
    before = {name: (workspace.site / name).read_bytes() for name in ("index.html", "validation.json")}
    failed = replace(validation(UNUSUAL), batch_id="b0002", started_at=datetime(2026, 11, 24, tzinfo=UTC))
    page = write_report(failed, SUMMARY | {"published": False}, workspace)
    assert page == workspace.site / "held" / "b0002.html" and "b0001 2026-11-23 18:45 Passed 63" in Page(page.read_text()).words
    assert Validation.load(page.with_suffix(".json")) == failed
    assert {name: (workspace.site / name).read_bytes() for name in before} == before
    decision = replace(DECISION, batch_id="b0002")
    write_report(replace(failed, overruling=decision), SUMMARY, workspace)
    assert Validation.load(workspace.site / "validation.json").overruling == decision
    assert not page.exists() and (workspace.site / "settled" / "b0002.html").exists()
    assert len(list((workspace.site / "history").iterdir())) == 2  # the run's, as failed and then as released


def test_a_run_that_found_nothing_new_leaves_no_history(tmp_path: Path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    write_report(validation(), SUMMARY | {"published": False}, workspace)
    assert (workspace.site / "index.html").exists() and not (workspace.site / "history").exists()


def test_severity_decides_the_outcome():
    info = replace(RARE, severity="info")
    assert [validation(*checks).outcome for checks in ((check(),), (info,), (info, RARE), (RARE, BROKEN))] == [
        "passed", "passed", "warned", "failed",
    ]  # fmt: skip
    assert [each.severity for each in validation(info, RARE, BROKEN).failed] == ["critical", "warning", "info"]
    assert tally(validation(info, RARE, BROKEN)) == "1 critical failure, 1 warning and 1 remark"


@pytest.mark.parametrize(
    ("one", "words", "seen"),
    [
        (check("events.columns"), "The columns are not as declared", "none"),
        (check("events.event_id.not_null", False, observed=1), "event_id is null", "1 row"),
        (check("events.place_id.reference", False, observed=1200), "place_id points to nothing", "1,200 rows"),
        (check("events.actual_in_future", False, observed=0.125, unit="share"), "Actual in future", "12.5 %"),
        (check("events.median_lag_days", observed=3.5, unit="number"), "Median lag days", "3.5"),
        (check("events.median_lag_days", None, observed=None, unit="number"), "Median lag days", "not judged"),
        (check("events.columns", False, observed=None, error="disk"), "The columns are not as declared", "could not be judged"),
    ],
)
def test_checks_in_words(one, words, seen):
    assert (title(one), observed(one)) == (words, seen)


def test_a_table_whose_facts_could_not_be_read_is_told():
    words = Page(render(validation(facts=Facts(problem="Catalog Error: no table records")), SUMMARY)).words
    assert "The flow could not be read: Catalog Error: no table records" in words


def test_many_failures_stay_readable():
    page = render(validation(*[replace(BROKEN, name=f"events.c{number}.allowed") for number in range(300)]), SUMMARY)
    assert "and 294 more" in Page(page).words and "260 more checks failed" in Page(page).words
    assert len(page) < 500_000


def test_rows_beyond_five_are_folded():
    rows = tuple({"event_id": f"e{number}"} for number in range(20))
    words = Page(render(validation(replace(BROKEN, rows=rows, unexpected_count=1_000_000)), SUMMARY)).words
    assert "20 of 1,000,000 rows" in words and "15 more rows" in words and "e19" in words


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_any_text_runs(text):
    """Every text that comes from outside: rows and their names, publishers, reasons, errors, versions, steps."""
    failed = check(
        passed=False, observed=1, unexpected_count=1, rows=({"event_id": text, text: text},), error=text, expected=text,
        passages=(Passage(text, text, text, text, text),),
    )  # fmt: skip
    facts = replace(
        FACTS, reject_reasons=((text, 1),), publishers=(Publisher(text, FLOW, text, text, 1, (1,)),), table_rows={text: 1},
        first_day=text, last_day=text,
    )  # fmt: skip
    runs = [run(0, batch_id=text, finished_at=text, table_rows={text: 2}), run(1, batch_id=f"other {text}")]
    summary = SUMMARY | {"versions": {text: text, "coder": text}, "step_seconds": {text: 1.0}, "changes": {text: 1}}
    held = render(validation(failed, facts=facts), summary, runs)
    published = render(validation(replace(failed, severity="warning"), facts=facts), summary, runs)
    for page in (held, published):
        assert_harmless(page)
        assert Page(page).text.count(visible(text)) >= 18  # each of them is told as it stands, no template is filled in


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_runs_in_the_history(text, tmp_path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    (workspace.site / "history").mkdir(parents=True)
    (workspace.site / "history" / "1.json").write_text(json.dumps(run(batch_id=text, finished_at=text)))
    page = write_history(workspace).read_text(encoding="utf-8")
    assert_harmless(page)
    assert visible(text) in Page(page).text


def test_a_sparkline_tells_earlier_batches_and_this_one():
    low = replace(RARE, observed=0.01, minimum=0.02, maximum=None)
    page = Page(render(validation(low), SUMMARY, shares(0.42, None, 0.31)))
    assert (
        page.attributes.count(("svg", "aria-label", "last 2 batches: 31.0 % to 42.0 %, now 1.0 %")) == 2
    )  # as a finding, and in all checks
    assert "Last 2 batches, now" in page.words
    [line, *_] = [value for tag, name, value in page.attributes if (tag, name) == ("polyline", "points")]
    heights = [float(point.split(",")[1]) for point in line.split()]
    assert heights[1] < heights[0] < heights[2]  # the oldest to the left, this one to the right, and down is less
    band = {
        name: float(value)
        for tag, name, value in page.attributes
        if tag == "rect" and name in ("y", "height") and value not in ("8", "10", "22")
    }
    assert band["y"] == 0 and heights[0] < band["height"] < heights[2]  # only this one lies below what is expected


def test_a_check_without_bounds_has_no_band():
    assert "<rect y=" in render(validation(replace(RARE, minimum=0.02)), SUMMARY, shares(0.3))
    assert "<rect y=" not in render(validation(RARE), SUMMARY, shares(0.3))


@pytest.mark.parametrize(
    ("one", "runs", "words"),
    [
        (RARE, [], None),
        (RARE, shares(None, None), None),
        (RARE, [run()], None),  # the check is new
        (RARE, shares(0.3), "last batch: 30.0 %, now 1.0 %"),
        (replace(RARE, passed=None, observed=None), shares(0.3, 0.4), None),
        (RARE, [run(0, batch_id="b0001", checks={RARE.name: {"observed": 0.9}}), *shares(0.3)], "last batch: 30.0 %, now 1.0 %"),  # itself
        (RARE, [*shares(0.3), run(0, checks={RARE.name: {"observed": 0.9}})], "last batch: 30.0 %, now 1.0 %"),  # audited again
        (BROKEN, [run(), run(1, checks={BROKEN.name: {"passed": False, "observed": 7}})], "last 2 batches: 0 to 7, now 2 rows"),
        (check(), [run(), run(1)], None),  # rows that never failed
        (check("events.median_lag_days", observed=3.5, unit="number"), [run(0, checks={"events.median_lag_days": {"observed": 1200}})],
         "last batch: 1,200, now 3.5"),
    ],
)  # fmt: skip
def test_trends_in_words(one, runs, words):
    found = trends(validation(one), runs).get(one.name)
    assert (found and found.words) == words


def test_a_failing_row_leads_to_its_sentence_and_event():
    rows = replace(RARE, rows=({"mention_id": "m1"}, {"event_id": "gone"}), passages=(SEEN, None), unexpected_count=2)
    page = Page(render(validation(rows), SUMMARY))
    assert "m1 Antony Blinken met Sergey Lavrov. Talks in Reykjavik · event gone" in page.words
    links = [value for _, name, value in page.attributes if name == "href" and value.startswith("explorer.html#")]
    assert links == ["explorer.html#/article/a1/m1", "explorer.html#/event/e1"]


def test_an_article_without_a_sentence_is_a_link_too():
    rows = replace(RARE, rows=({"article_id": "a/1?"},), passages=(Passage("a/1?", None),), unexpected_count=1)
    page = Page(render(validation(rows), SUMMARY))
    assert ("a", "href", "explorer.html#/article/a%2F1%3F") in page.attributes and "article without a title" in page.words


def test_a_held_batch_shows_sentences_that_the_explorer_does_not_have():
    rows = replace(BROKEN, passages=(SEEN, None))
    page = Page(render(validation(rows), SUMMARY))
    assert "e1 PEACE Antony Blinken met Sergey Lavrov. Talks in Reykjavik a1 e2 null" in page.words
    assert [value for _, name, value in page.attributes if name == "href" and "explorer" in value] == ["../explorer.html"]


def test_a_held_row_that_tells_its_article_is_not_told_twice():
    rows = replace(BROKEN, rows=({"article_id": "a1", "title": "Talks"},), passages=(Passage("a1", "Talks"),), unexpected_count=1)
    assert ("tr", "class", "passage") not in Page(render(validation(rows), SUMMARY)).attributes


def test_the_explorer_and_all_runs_are_one_click_away():
    links = {value for _, name, value in Page(render(validation(), SUMMARY)).attributes if name == "href"}
    assert {"explorer.html", "history.html"} <= links
    first = Page(render(validation(BROKEN), SUMMARY | {"published": False, "release_number": None}))
    links = {value for _, name, value in first.attributes if name == "href"}
    assert "../history.html" in links and "../explorer.html" not in links  # nothing was ever published


def test_rows_of_tables_since_the_last_release():
    held = run(0, table_rows={"events": 47}, outcome="failed")
    waiting = run(1, table_rows={"events": 46}, waits_for=["before-0"])
    released = run(2, table_rows={"events": 41, "actors": 1200, "places": 9})
    now = {"events": 48, "actors": 1195, "places": 9, "publishers": 3}
    runs = [held, waiting, released]
    assert [(change.table, change.net) for change in row_changes(now, runs)] == [("events", 7), ("actors", -5)]
    page = Page(render(validation(facts=replace(FACTS, table_rows=now)), SUMMARY, runs))
    assert "Rows since the last release Table Before Now Net events 41 48 +7 actors 1,200 1,195 −5" in page.words
    assert "Rows since" not in Page(render(validation(), SUMMARY, [held])).words


def test_the_coder_s_accuracy_is_told_with_whose_it_is():
    measured = read_accuracy()
    same = Page(render(validation(), SUMMARY | {"versions": {"coder": measured.coder_version}})).words
    other = Page(render(validation(), SUMMARY | {"versions": {"coder": "7"}})).words
    assert "Measured with the coder of this batch." in same
    assert f"Measured with coder {measured.coder_version} , not with that of this batch, 7 , whose figures may differ." in other
    for figure in measured.figures:
        assert f"{figure.name} {figure.meaning} {figure.of_all} {figure.kept_aside}" in same
        assert 0 < figure.kept_aside < figure.of_all < 100


def test_the_history_lists_runs_newest_first_with_their_pages(tmp_path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    for day, batch_id, checks in ((20, "b0001", [check()]), (21, "b0002", [UNUSUAL]), (22, "b0003", [check()]), (23, "b0004", [BROKEN])):
        done = replace(validation(*checks), batch_id=batch_id, started_at=datetime(2026, 11, day, tzinfo=UTC))
        write_report(done, SUMMARY | {"published": not done.stops_release}, workspace)
    page = Page((workspace.site / "history.html").read_text(encoding="utf-8"))
    assert_harmless((workspace.site / "history.html").read_text(encoding="utf-8"))
    assert re.findall(r"(b000\d) 2026-11-23 18:45 (\w+) 63 48 (\d) 0", page.words) == [
        ("b0004", "Failed", "1"), ("b0003", "Passed", "0"), ("b0002", "Failed", "1"), ("b0001", "Passed", "0"),
    ]  # fmt: skip
    links = [value for _, name, value in page.attributes if name == "href"]
    assert links == ["index.html", "held/b0004.html", "settled/b0002.html"]
    assert all((workspace.site / link).exists() for link in links)


def test_a_report_tells_thirty_runs_and_the_history_all(tmp_path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    (workspace.site / "history").mkdir(parents=True)
    for number in range(40):
        told = run(batch_id=f"before-{number:02}", started_at=f"2026-10-01 {number:02}", table_rows={})
        (workspace.site / "history" / f"20261001T{number:02}.json").write_text(json.dumps(told))
    report = Page(write_report(validation(), SUMMARY, workspace).read_text(encoding="utf-8")).words
    assert re.findall(r"before-(\d\d)", report) == [f"{number:02}" for number in range(39, 9, -1)]
    assert len(re.findall(r"before-\d\d", (workspace.site / "history.html").read_text(encoding="utf-8"))) == 40


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_a_value_is_read_as_it_was_written(text):
    """*Escaped once*: what a person reads is the value, with what hides in it written out."""
    page = render(validation(replace(BROKEN, rows=({"event_id": text},))), SUMMARY)
    assert_harmless(page)
    assert visible(text) in Page(page).text


def test_the_policy_allows_the_one_style_sheet_and_nothing_else():
    page = render(validation(BROKEN), SUMMARY)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [value for tag, name, value in Page(page).attributes if tag == "meta" and name == "content" and "default-src" in value]
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "url(" not in style and "@import" not in style


def test_the_page_has_landmarks_and_named_tables():
    page = Page(render(validation(BROKEN, RARE), SUMMARY))
    assert {"header", "main", "footer", "h1", "h2", "caption", "details", "summary"} <= set(page.tags)
    assert page.tags.count("h1") == 1
    ids = [value for _, name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value for _, name, value in page.attributes if name == "aria-labelledby"} <= set(ids)
    assert {value[1:] for _, name, value in page.attributes if name == "href" and value.startswith("#")} <= set(ids)
    assert all(("th", "scope", scope) in page.attributes for scope in ("col", "row"))


def test_page_data_and_history_are_written(tmp_path: Path):
    workspace = Workspace(tmp_path / "warehouse.duckdb")
    page = write_report(validation(check(), RARE), SUMMARY, workspace)
    assert page == workspace.site / "index.html" and page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Validation.load(workspace.site / "validation.json") == validation(check(), RARE)
    history = json.loads((workspace.site / "history" / "20261123T184500Z-b0001.json").read_text(encoding="utf-8"))
    assert history["outcome"] == "warned" and history["flow"]["records"] == 63
    assert history["checks"] == {"articles.with_events": {"passed": False, "observed": 0.01}}  # structure that holds is not named


@pytest.mark.parametrize("key", ["changes", "versions"])
def test_a_missing_key_of_the_summary_is_an_error_not_a_blank(key):
    with pytest.raises(jinja2.UndefinedError):
        render(validation(), {name: value for name, value in SUMMARY.items() if name != key})


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours by WCAG 2.2: 1 to 21."""

    def luminance(colour: str) -> float:
        channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
        linear = [channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_text_can_be_read_in_light_and_dark():
    style = re.search(r"<style>(.*?)</style>", render(validation(), SUMMARY), re.DOTALL)[1]
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)[:2])
    for colours in (light, dark):
        pairs = [(ink, ground) for ink in ("ink", "soft") for ground in ("ground", "card", "faint")]
        pairs += [(tone, f"{tone}-ground") for tone in ("good", "warn", "bad", "info")]
        pairs += [("soft", f"{tone}-ground") for tone in ("good", "warn", "bad")] + [("bad", "card"), ("warn", "card"), ("info", "ground")]
        assert {
            pair: round(contrast(colours[pair[0]], colours[pair[1]]), 1) for pair in pairs if contrast(*map(colours.get, pair)) < 4.5
        } == {}


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("chromium"), reason="needs Debian's chromium")
def test_a_browser_finds_no_script_and_accepts_the_style(tmp_path):
    row = {f"column {number}": text for number, text in enumerate(HOSTILE) if text != "\ud800"}
    page = write_report(validation(replace(BROKEN, rows=(row,))), SUMMARY, Workspace(tmp_path / "w.duckdb"))
    command = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--dump-dom", page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)})
    assert_harmless(done.stdout)
    assert "Content Security Policy" not in done.stderr and "CONSOLE" not in done.stderr
