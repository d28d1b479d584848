"""A small warehouse that every saved query is asked: made by hand, so that each answer can be counted by hand.

February to March 2020: Wire publishes every day for forty days. Russia accuses Ukraine twice, then does five things in one day.
May and June 2021: two outlets tell of a meeting; there are protests and an attack in Afghanistan. A second release adds and changes.
"""

from datetime import date, timedelta
from pathlib import Path

from pipeline.config import Workspace
from pipeline.warehouse import build_tables, publish_release
from tests.warehouse.factory import NOW, VERSION, Article, a, bench, m, rejected

FIRST_DAY = date(2020, 2, 1)
SPIKE = FIRST_DAY + timedelta(days=39)  # 11 March
KABUL = {"at": "Kabul", "latitude": 34.53, "longitude": 69.17}
KANDAHAR = {"at": "Kandahar", "latitude": 31.61, "longitude": 65.71}


def daily_articles() -> list[Article]:
    told = {
        9: [m("RUS", "ACCUSE", "UKR", on="2020-02-10")],
        19: [m("RUS", "ACCUSE", "UKR", on="2020-02-20")],
        39: [m("RUS", kind, "UKR", on=str(SPIKE)) for kind in ("ACCUSE", "ASSAULT", "COERCE", "SANCTION", "CONSULT")],
    }
    return [a(f"day {day:02}", *told.get(day, ()), published=str(FIRST_DAY + timedelta(days=day))) for day in range(40)]


def first_articles() -> list[Article]:
    met = m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik")
    return [
        a("meeting", met, title="They met"),
        a("also met", m("USA", "CONSULT", "RUS", on="2021-05-19"), m("RUS", "ACCUSE", "USA", on="2021-05-20"), publisher="Post"),
        a(
            "protests",
            m("role:AFG:CVL", "PROTEST", "AFG", on="2021-05-21", participants=300, **KABUL),
            m("role:AFG:CVL", "PROTEST-riot", "AFG", on="2021-05-22", killed=2, **KANDAHAR),
            m("role:AFG:CVL", "PROTEST", "AFG", on="2021-05", **KABUL),
            published="2021-05-22",
        ),
        a("attack", m("taliban", "ASSAULT", "AFG", on="2021-05-23", killed=5, **KANDAHAR), published="2021-05-24", publisher="Post"),
        a("plan", m("biden", "CONSULT", "putin", on="2021-06-16", at="Geneva", status="future"), published="2021-05-25"),
        a("reprint", published="2021-05-26", publisher="Post", duplicate_of="attack"),
    ]  # fmt: skip


def later_articles() -> list[Article]:
    return [
        a("summit", m("biden", "CONSULT", "putin", on="2021-06-16", at="Geneva"), published="2021-06-17"),
        a("more dead", m("taliban", "ASSAULT", "AFG", on="2021-05-23", killed=7, **KANDAHAR), published="2021-05-24"),
    ]


def publish_sample(folder: Path) -> Workspace:
    warehouse = bench(folder)
    refused, reject = rejected("Wire/x.bin", "b1")
    warehouse.build(*daily_articles(), *first_articles(), records=[refused], rejects=[reject])
    publish_release("b1", "passed", warehouse.workspace, VERSION, NOW)
    warehouse.load(*later_articles(), batch_id="b2")
    build_tables(warehouse.workspace)
    publish_release("b2", "passed", warehouse.workspace, VERSION, NOW + timedelta(days=1))
    return warehouse.workspace
