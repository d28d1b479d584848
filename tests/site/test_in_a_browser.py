"""What people see: pages from disk, in Debian's chromium."""

import csv
import io
import random
import re
import struct
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.config import Settings, Workspace
from pipeline.contracts import ARTICLES, EVENT_MENTIONS, EVENT_TYPES, EVENTS, QUAD_CLASSES, STATUSES
from pipeline.quality import write_report
from pipeline.site import write_explorer
from tests.faults.hostile import STRINGS
from tests.quality.test_report import BROKEN, RARE, SUMMARY, validation
from tests.site.conftest import Opened
from tests.site.pictures import IMAGES, ROOT, take
from tests.warehouse.published import actor, article, event, mention, publish_rows, sample

pytestmark = pytest.mark.slow

COUNTRIES = {"USA": "United States", "RUS": "Russia", "CHN": "China", "ISL": "Iceland"}
PUBLISHERS = [{"publisher_id": "p1", "publisher_name": "Wire"}, {"publisher_id": "p2", "publisher_name": "Herald"}]
ACTORS = [actor(country, name, kind="country", country=country) for country, name in COUNTRIES.items()]
MODES = ("meet", "phone", None)


@dataclass(frozen=True)
class Site:
    workspace: Workspace
    page: Path

    def count(self, condition: str) -> int:
        with duckdb.connect(str(self.workspace.warehouse), read_only=True) as connection:
            return connection.execute(f"select count(*) from events where {condition}").fetchone()[0]


def site(folder: Path, rows: dict) -> Site:
    types = [{"event_type_id": f"{name} {mode}", "event_type": name, "mode": mode} for name in EVENT_TYPES for mode in MODES]
    workspace = publish_rows(folder, {"publishers": PUBLISHERS, "actors": ACTORS, "event_types": types, **rows})
    return Site(workspace, write_explorer(workspace, Settings()))


@pytest.fixture(scope="module")
def news(tmp_path_factory) -> Site:
    """500 events of four years, drawn at random; one of them in an article with letters beyond the first plane."""
    source = random.Random(7)
    events, mentions = [], []
    for number in range(500):
        day = date(2018, 1, 1) + timedelta(days=source.randrange(1400))
        sides = {}
        for role in ("source", "target"):
            country = source.choice([*COUNTRIES, None])
            sides |= {f"{role}_country": country, f"{role}_actor_id": country, f"{role}_name": COUNTRIES.get(country)}
        where = source.choice([{}, {"place_country": "CHN", "place_precision": "country"}, {"place_id": None, "place_country": None}])
        events.append(
            event(
                f"{source.getrandbits(80):020x}", event_date=day, event_date_end=day + timedelta(days=source.choice([0, 0, 6])),
                event_type=source.choice(EVENT_TYPES), mode=source.choice(MODES), quad_class=source.choice(QUAD_CLASSES),
                status=source.choice(STATUSES), confidence=round(source.random(), 2), intensity=source.uniform(-10, 10), **sides, **where,
            )
        )  # fmt: skip
        mentions.append(mention(f"m{number}", events[-1]["event_id"], source.choice(["a1", "a2"])))
    text = "\U0001f30d Über Reykjavík: Mr Blinken met Mr Lavrov. \U0001f91d They parted."
    told = {
        "text": text, "source_start": 18, "source_end": 28, "trigger_start": 29, "trigger_end": 32, "target_start": 33, "target_end": 42,
        "sentence_start": 0, "sentence_end": 43, "sentence_text": text[:43],
    }  # fmt: skip
    events.append(event("0" * 20, event_date=None, event_date_end=None, date_precision=None, intensity=2.5, confidence=1.0))
    mentions.append(mention("m-text", "0" * 20, "a3", **{key: value for key, value in told.items() if key != "text"}))
    articles = [article("a1"), article("a2", publisher_id="p2"), article("a3", text=text, duplicate_of=None)]
    return site(tmp_path_factory.mktemp("news"), {"events": events, "event_mentions": mentions, "articles": articles})


def count_of(page: Page) -> int:
    page.wait_for_selector(".panels")
    page.wait_for_selector(".count:not(:has(progress))")
    return int(page.locator(".count [data-count]").get_attribute("data-count"))


@pytest.mark.parametrize(
    ("address", "condition"),
    [
        ("", "status = 'actual'"),
        ("#/?status=any", "true"),
        ("#/?status=any&since=2019-03-01&until=2020-02-29", "event_date between '2019-03-01' and '2020-02-29'"),
        ("#/?status=any&types=CONSULT,AID", "event_type in ('CONSULT', 'AID')"),
        ("#/?mode=meet", "status = 'actual' and mode = 'meet'"),
        ("#/?status=any&country=USA", "'USA' in (source_country, target_country)"),
        ("#/?status=any&country=USA&reading=source", "source_country = 'USA'"),
        ("#/?status=any&country=USA&reading=target", "target_country = 'USA'"),
        ("#/?status=any&country=CHN&reading=place", "place_country = 'CHN'"),
        ("#/?status=any&source=USA&target=RUS", "source_country = 'USA' and target_country = 'RUS'"),
        ("#/?status=any&actor=RUS", "'RUS' in (source_actor_id, target_actor_id)"),
        ("#/?status=any&confidence=0.45", "confidence >= 0.45"),
        ("#/?status=any&publisher=p2", "event_id in (select event_id from event_mentions where article_id = 'a2')"),
        ("#/?status=any&country=ATL", "false"),
        ("#/?since=yesterday&confidence=much&reading=tea", "status = 'actual'"),
    ],
)  # fmt: skip
def test_filters_count_what_sql_counts(news: Site, opened: Opened, address: str, condition: str):
    assert count_of(opened(news.page, address)) == news.count(condition)


def test_fields_filter_and_stand_in_the_address(news: Site, opened: Opened):
    page = opened(news.page)
    page.get_by_label("Country").select_option("RUS")
    page.locator("[name=reading]").first.select_option("target")
    page.get_by_label("Status").select_option("any")
    page.get_by_label("PROTEST").check()
    page.get_by_label("From", exact=True).fill("2019-01-01")
    page.keyboard.press("Tab")
    told = count_of(page)
    assert told == news.count("target_country = 'RUS' and event_type = 'PROTEST' and event_date >= '2019-01-01'") > 0
    shared = page.url.partition("#")[2]
    assert count_of(opened(news.page, f"#{shared}")) == told
    page.get_by_role("button", name="Clear all filters").click()
    assert count_of(page) == news.count("status = 'actual'")


def test_a_click_on_a_name_or_a_dyad_asks_for_it(news: Site, opened: Opened):
    page = opened(news.page, "#/?status=any")
    page.locator("[data-panel=sources]").get_by_role("button", name="Iceland").click()
    assert count_of(page) == news.count("'ISL' in (source_actor_id, target_actor_id)")
    page.locator(".dyads rect").first.click()
    page.wait_for_selector(".chosen-filters >> text=source")
    source, target = (page.evaluate(f"new URLSearchParams(location.hash.split('?')[1]).get('{side}')") for side in ("source", "target"))
    assert "ISL" in (source, target)
    assert count_of(page) == news.count(f"source_country = '{source}' and target_country = '{target}'")


def test_a_drag_over_the_bars_chooses_a_period(news: Site, opened: Opened):
    page = opened(news.page, "#/?status=any")
    count_of(page)
    box = page.locator(".brush .overlay").bounding_box()
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 9, steps=5)
    page.mouse.up()
    page.wait_for_selector("text=Clear all filters")
    since, until = (page.locator(f"[name={name}]").input_value() for name in ("since", "until"))
    assert "2018" < since < until < "2022"
    assert count_of(page) == news.count(f"event_date between '{since}' and '{until}'")


def saved(page: Page, panel: str) -> list[list[str]]:
    with page.expect_download() as download:
        page.locator(f"[data-panel={panel}]").get_by_role("button", name="CSV").click()
    return list(csv.reader(io.StringIO(download.value.path().read_bytes().decode("utf-8-sig"), newline="")))


def test_what_is_shown_can_be_saved(news: Site, opened: Opened):
    page = opened(news.page, "#/?status=any&country=USA")
    head, *lines = saved(page, "events")
    assert len(lines) == news.count("'USA' in (source_country, target_country)")
    assert {line[head.index("source_country")] for line in lines} >= {"USA", "RUS", ""}
    assert [line[0] for line in lines] == sorted((line[0] for line in lines), reverse=True)
    _, *bins = saved(page, "timeline")
    assert sum(int(line[2]) for line in bins) == sum(line[0] != "" for line in lines)
    _, *dyads = saved(page, "dyads")
    both_known = "'USA' in (source_country, target_country) and source_country is not null and target_country is not null"
    assert sum(int(line[2]) for line in dyads) == news.count(both_known)
    _, *places = saved(page, "map")
    assert {line[0]: int(line[5]) for line in places if line[0]}["ISL"] == news.count(
        "'USA' in (source_country, target_country) and place_country = 'ISL'"
    )


def test_an_event_shows_the_words_that_tell_it(news: Site, opened: Opened):
    page = opened(news.page, f"#/event/{'0' * 20}", wait_for=".reports")
    assert page.locator("h1").inner_text() == "Antony Blinken → CONSULT (meet) → Sergei Lavrov"
    assert "on an unknown day" in page.locator(".lead").inner_text() and "mildly cooperative" in page.locator(".lead").inner_text()
    stored = ", ".join(f"substr(text, {role}_start + 1, {role}_end - {role}_start)" for role in ("source", "trigger"))
    with duckdb.connect(str(news.workspace.warehouse), read_only=True) as connection:
        told = f"select {stored} from event_mentions join articles using (article_id) where mention_id = 'm-text'"
        words = connection.execute(told).fetchone()
    for where in (".reports", ".text"):
        assert (page.locator(f"{where} .role-source").inner_text(), page.locator(f"{where} .role-trigger").inner_text()) == words
        assert page.locator(f"{where} .role-target").inner_text() == "Mr Lavrov"
        if where == ".reports":
            page.locator(".reports").get_by_role("link", name="They met").click()
            page.wait_for_selector(".text")
    assert page.locator(".text").inner_text().endswith("They parted.")
    assert page.locator("b.chosen mark.role-trigger").count() == 1
    page.get_by_role("link", name="Antony Blinken").click()
    page.wait_for_selector(".reports")


def test_who_looks_away_while_events_load_finds_each_once(news: Site, opened: Opened):
    page = opened(news.page, wait_for="footer")
    for address in ("#/article/a3", "#/?status=any", "#/article/a3", "#/?status=any"):
        page.evaluate(f"location.hash = '{address}'")
    assert count_of(page) == news.count("true")


def test_the_list_leads_to_the_events(news: Site, opened: Opened):
    page = opened(news.page, "#/?status=any")
    page.get_by_label("Order").select_option("surest first")
    page.wait_for_selector("table.events tbody tr:first-child >> text=100 %")
    page.locator("table.events tbody a[href]").first.click()
    page.wait_for_selector(".reports")
    shown = page.locator(".kicker code").inner_text()
    assert news.count(f"event_id = '{shown}' and confidence = (select max(confidence) from events)") == 1


@pytest.mark.parametrize(("address", "told"), [("#/event/ffffffffffffffffffff", "holds no event"), ("#/article/az", "holds no article")])
def test_what_is_not_there_is_told(news: Site, opened: Opened, address: str, told: str):
    assert told in opened(news.page, address, wait_for="[role=alert]").locator("[role=alert]").inner_text()


# What a database can hold: half a surrogate pair is none.
TEXTS = [text.encode("utf-8", "replace").decode() for text in STRINGS]


def test_too_many_events_are_told(opened: Opened, tmp_path: Path):
    page = opened(write_explorer(sample(tmp_path), Settings(explorer_events=0)), wait_for="[role=alert]")
    assert "has 1 event, more than" in page.locator("[role=alert]").inner_text()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Site:
    """An event, a mention and an article for each harmful string, which stands in every field that holds text, and in names."""
    kept = {"event_type", "status", "quad_class", "outcome", "date_precision", "place_precision", "date_basis", "place_basis", "language"}
    events, mentions, articles, publishers = [], [], [], []
    for number, text in enumerate(TEXTS):
        ids = {"event_id": f"e{number:03}", "mention_id": f"m{number:03}", "article_id": f"a{number:03}", "publisher_id": f"p{number:03}"}
        filled = {
            table.name: {
                column.name: [text] if column.type == "VARCHAR[]" else text
                for column in table
                if column.type in ("VARCHAR", "VARCHAR[]") and column.name not in kept and column.name not in ids
            }
            for table in (EVENTS, EVENT_MENTIONS, ARTICLES)
        }
        events.append(event(**(filled["events"] | {"event_id": ids["event_id"]})))
        mentions.append(mention(**(filled["event_mentions"] | {name: ids[name] for name in ("event_id", "mention_id", "article_id")})))
        articles.append(article(**(filled["articles"] | {name: ids[name] for name in ("article_id", "publisher_id")})))
        publishers.append({"publisher_id": ids["publisher_id"], "publisher_name": text})
    rows = {"events": events, "event_mentions": mentions, "articles": articles, "publishers": publishers}
    return site(tmp_path_factory.mktemp("hostile"), rows)


FOREIGN = r"""
    const ours = 'script[src="app/explorer.js"], form.filters';
    const active = 'script, iframe, img, object, embed, base, form, meta[http-equiv=refresh]';
    const acts = ({ name, value }) => name.startsWith('on') || (name === 'href' && /^\s*(javascript|data):/i.test(value));
    const all = [...document.querySelectorAll('*')];
    const found = all.filter((each) => (each.matches(active) && !each.matches(ours)) || [...each.attributes].some(acts));
    return found.map((each) => each.outerHTML.slice(0, 200));
"""


def foreign(page: Page) -> list[str]:
    """Elements and attributes that act, other than the page's own."""
    return page.evaluate(f"() => {{ {FOREIGN} }}")


def test_harmful_texts_are_shown_and_do_nothing(hostile: Site, opened: Opened):
    page = opened(hostile.page)
    assert count_of(page) == len(TEXTS)
    assert foreign(page) == []
    for number, text in enumerate(TEXTS):
        page.evaluate(f"location.hash = '#/event/e{number:03}'")
        page.wait_for_selector(f".reports [data-mention=m{number:03}]")
        assert foreign(page) == []
        assert page.evaluate("document.querySelector('h1 bdi').textContent") == text
        page.evaluate(f"location.hash = '#/article/a{number:03}/m{number:03}'")
        page.wait_for_selector(".mentions .chosen")
        assert foreign(page) == []
        assert page.evaluate("document.querySelector('.text').textContent") == text
    assert not (hostile.page.parent / "PWNED").exists()


def test_no_cell_of_a_saved_table_is_a_formula(hostile: Site, opened: Opened):
    page = opened(hostile.page)
    cells = [cell for panel in ("events", "sources", "map", "network") for line in saved(page, panel) for cell in line]
    assert any(cell.startswith("'=") for cell in cells)
    assert [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d)", cell)] == []


def test_harmful_addresses_do_nothing(hostile: Site, opened: Opened):
    for text in ("<img src=x onerror=alert(1)>", "javascript:alert(1)", "../../etc/passwd", "__proto__"):
        page = opened(hostile.page, f"#/?country={text}&actor={text}&types={text}&status={text}")
        assert count_of(page) == 0
        assert foreign(page) == []


@pytest.fixture(scope="module")
def reports(news: Site) -> Path:
    return write_report(validation(BROKEN, RARE), SUMMARY, news.workspace)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["", f"#/event/{'0' * 20}", "#/article/a3", "report"])
def test_everyone_can_use_the_pages(news: Site, reports: Path, opened: Opened, scheme: str, address: str):
    page = opened(reports, color_scheme=scheme) if address == "report" else opened(news.page, address, "h1", color_scheme=scheme)
    page.wait_for_timeout(300)
    found = Axe().run(page, options={"preload": False}).response["violations"]
    assert [
        (each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found if each["impact"] in ("serious", "critical")
    ] == []


@pytest.mark.parametrize("address", ["", f"#/event/{'0' * 20}", "#/article/a3", "report"])
def test_pages_fit_a_telephone(news: Site, reports: Path, opened: Opened, address: str):
    options = {"viewport": {"width": 390, "height": 800}}
    page = opened(reports, **options) if address == "report" else opened(news.page, address, "h1", **options)
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_pictures_of_the_readme_can_be_taken(browser: Browser, tmp_path: Path):
    workspace = sample(tmp_path / "out")
    write_explorer(workspace, Settings())
    write_report(validation(RARE), SUMMARY, workspace)
    sizes = [struct.unpack(">II", path.read_bytes()[16:24]) for path in take(browser, workspace.site, tmp_path)]
    assert sizes == [struct.unpack(">II", (IMAGES / name).read_bytes()[16:24]) for name in ("report.png", "explorer.png")]
    assert all(path.stat().st_size > 40_000 for path in tmp_path.glob("*.png"))  # an empty page takes 5,000
    readme = (ROOT / "README.md").read_text()
    assert "docs/images/report.png" in readme and "docs/images/explorer.png" in readme


def test_keys_reach_every_filter_and_the_first_event(news: Site, opened: Opened):
    page = opened(news.page)
    count_of(page)
    reached = []
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate("document.activeElement.name || document.activeElement.getAttribute('href') || document.activeElement.tagName")
        )
    assert {"since", "country", "actor", "status", "confidence", "publisher", "type", "index.html"} <= set(reached)
    assert any(str(each).startswith("#/event/") for each in reached)
