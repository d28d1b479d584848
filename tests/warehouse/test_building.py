"""What the tables hold, from hand-made mentions to events, panels and coverage."""

from datetime import date
from pathlib import Path

import pytest

from pipeline import resources
from pipeline.contracts import PUBLIC
from pipeline.errors import ContractError
from pipeline.warehouse import build, build_tables
from pipeline.warehouse.graph import Node, in_order, tables_read
from tests.warehouse.factory import Bench, a, m, record, rejected

pytestmark = pytest.mark.slow  # whole builds


def test_the_founding_meeting_is_one_event_in_each_direction(warehouse: Bench) -> None:
    published = {"published": "2021-05-20"}
    warehouse.build(
        a(
            "founding",
            m("USA", "CONSULT", "RUS", on="2021-05-19"),
            m("RUS", "CONSULT", "USA", on="2021-05-19"),
            m("blinken", "CONSULT", "lavrov", on="2021-05-19", at="Reykjavik"),
            m("lavrov", "CONSULT", "blinken", on="2021-05-19", at="Reykjavik"),
            m("blinken", "CONSULT-visit", "lavrov", **published),
            m("lavrov", "CONSULT", "blinken", at="Iceland", **published),
            m("biden", "CONSULT", "putin", status="future", **published),
        ),
        a("other outlet", m("USA", "CONSULT", "RUS", on="2021-05-19", at="Reykjavik"), publisher="Post"),
    )
    assert warehouse.rows(
        "select event_date, source_name, source_country, target_name, place_name, mention_count, article_count, publisher_count "
        "from events where event_type = 'CONSULT' and status = 'actual' order by source_country desc"
    ) == [
        (date(2021, 5, 19), "Antony Blinken", "USA", "Sergei Lavrov", "Reykjavik", 4, 2, 2),
        (date(2021, 5, 19), "Sergei Lavrov", "RUS", "Antony Blinken", "Reykjavik", 3, 1, 1),
    ]


def test_levels_of_actors(warehouse: Bench) -> None:
    kinds = ("USA", "blinken", "state-department", "role:USA:GOV", "role:USA:MIL", "M23", "role:COD:REB", "UN", "UNSC", "a clerk")
    warehouse.build(a("x", *(m(name, "ACCUSE", "RUS", on="2021-05-19") for name in kinds)))
    assert dict(warehouse.rows("select actor_id, levels from staging.parties where actor_id <> 'RUS'")) == {
        "USA": ["USA"],
        "blinken": ["USA", "GOV", "blinken"],
        "state-department": ["USA"],  # speaks for the government
        "role:USA:GOV": ["USA"],
        "role:USA:MIL": ["USA", "MIL"],
        "M23": ["~REB", "COD REB", "M23"],
        "role:COD:REB": ["~REB", "COD REB"],  # militants, of whom the country is known
        "UN": ["UN"],
        "UNSC": ["UN", "UNSC"],
        "discovered:a clerk": ["discovered:a clerk"],
    }


def test_places_by_containment(warehouse: Bench) -> None:
    places = ("Geneva", "Canton of Geneva", "Iceland", None)
    warehouse.build(a("x", *(m("USA", "CONSULT", "RUS", on="2021-05-19", at=place) for place in places)))
    assert sorted(warehouse.column("select place from staging.mention_keys")) == [
        [], ["CHE", "Geneva"], ["CHE", "Geneva", "geonames:2660646"], ["ISL"],
    ]  # fmt: skip


def test_a_dateline_places_domestic_deeds_only(warehouse: Bench) -> None:
    warehouse.build(
        a("kabul", m("taliban", "ASSAULT", "AFG", on="2021-05-19", at="Kabul", place_basis="dateline")),
        a("kandahar", m("taliban", "ASSAULT", "AFG", on="2021-05-19", at="Kandahar", place_basis="dateline")),
        a("moscow", m("RUS", "ACCUSE", "USA", on="2021-05-19", at="Moscow", place_basis="dateline")),
        a("washington", m("RUS", "ACCUSE", "USA", on="2021-05-19", at="Washington", place_basis="dateline")),
    )
    assert warehouse.rows("select event_type, count(*) from events group by all order by all") == [("ACCUSE", 1), ("ASSAULT", 2)]


def test_the_best_supported_values(warehouse: Bench) -> None:
    def bombing(**told: object) -> dict[str, object]:
        return m("taliban", "ASSAULT", "AFG", on="2021-05-08", **told)  # type: ignore[arg-type]

    warehouse.build(
        a("one", bombing(at="Kabul", mode="explosives", killed=50, killed_low=50, killed_high=50, contexts=["military"])),
        a("two", bombing(mode="explosives", killed=50, killed_low=50, killed_high=60, confidence=0.5)),
        a("three", bombing(mode="firearms", killed=85, killed_low=85, killed_high=85, contexts=["gender"], confidence=0.5)),
        a("four", bombing(status="historical", injured=150, injured_low=100, injured_high=150)),
    )
    assert warehouse.rows(
        "select mode, status, place_name, killed, killed_low, killed_high, injured, injured_low, contexts, mention_count from events"
    ) == [("explosives", "actual", "Kabul", 50, 50, 85, 150, 100, ["gender", "military"], 4)]
    assert warehouse.column("select confidence from events") == [0.99]  # 1 - 0.2 * 0.5 * 0.5 * 0.2, capped


def test_amounts_in_different_currencies_are_not_compared(warehouse: Bench) -> None:
    def loan(article: str, amount: int, currency: str | None) -> object:
        figures = {"money": amount, "money_low": amount, "money_high": amount, "money_currency": currency}
        return a(article, m("JPN", "AID", "AFG", on="2021-05-08", **figures))

    warehouse.build(loan("one", 500, "JPY"), loan("two", 5, "USD"), loan("three", 6, "USD"), loan("four", 9, None))
    assert warehouse.rows("select money, money_low, money_high, money_currency from events") == [(5, 5, 6, "USD")]


def test_an_article_is_first_read_by_itself(warehouse: Bench) -> None:
    published = {"published": "2021-05-20"}
    warehouse.build(
        # The day is told in one sentence and not in the next, which names the people.
        a("x", m("USA", "CONSULT", "RUS", on="2021-05-19"), m("blinken", "CONSULT", "lavrov", **published)),
        # A visit announced without a day, and with one.
        a(
            "y",
            m("biden", "CONSULT", "putin", status="future", **published),
            m("biden", "CONSULT", "putin", status="future", on="2021-06-16"),
        ),
        # Of two meetings of the month none can be told to be the one that is meant.
        a(
            "z",
            m("USA", "CONSULT", "UKR", on="2021-05-04"),
            m("USA", "CONSULT", "UKR", on="2021-05-11"),
            m("USA", "CONSULT", "UKR", on="2021-05"),
        ),
        a("w", m("USA", "AID", "UKR"), m("USA", "AID", "UKR")),
        a("v", m("USA", "AID", "UKR")),
    )
    assert sorted(warehouse.rows("select article_id, count(*), count(distinct event_id) from event_mentions group by all")) == [
        ("v", 1, 1), ("w", 2, 1), ("x", 2, 1), ("y", 2, 1), ("z", 3, 3),
    ]  # fmt: skip


def test_an_event_keeps_its_id_when_later_reports_add_to_it(warehouse: Bench) -> None:
    def ids() -> list[str]:
        return warehouse.column("select event_id from events order by event_date")

    warehouse.build(a("x", m("USA", "CONSULT", "RUS", published="2021-05-20"), published="2021-05-20T08:00:00"))
    first = ids()
    warehouse.build(
        a("y", m("blinken", "CONSULT", "lavrov", on="2021-05-20", at="Reykjavik"), published="2021-05-20T09:00:00"),
        a("z", m("USA", "CONSULT", "RUS", on="2021-05-27"), published="2021-05-28"),
        batch_id="b2",
    )
    assert ids()[:1] == first
    assert warehouse.column("select source_name from events order by event_date") == ["Antony Blinken", "United States"]


def test_what_happened_long_ago_is_not_dated_by_its_report(warehouse: Bench) -> None:
    warehouse.build(a("x", m("biden", "CONSULT", "putin", status="historical", published="2021-05-20")))
    assert warehouse.rows("select status, event_date, date_precision from events") == [("historical", None, None)]


def test_sentences_of_one_article_err_together(warehouse: Bench) -> None:
    accused = m("USA", "ACCUSE", "RUS", on="2021-05-19", confidence=0.6)
    warehouse.build(a("x", accused, accused, accused))
    assert warehouse.rows("select confidence, mention_count, article_count from events") == [(0.6, 3, 1)]


def test_unlisted_actors_are_told_apart(warehouse: Bench) -> None:
    warehouse.build(
        a("x", m("a clerk", "ACCUSE", "role:RUS:MIL", on="2021-05-19"), m("a clerk", "ACCUSE", "RUS", on="2021-05-20")),
    )
    assert warehouse.rows("select actor_id, kind, country, sectors, is_discovered from actors where is_discovered order by all") == [
        ("discovered:a clerk", "person", None, [], True),
        ("role:RUS:MIL", "role", "RUS", ["MIL"], True),
    ]


def test_publishers_by_normal_name(warehouse: Bench) -> None:
    warehouse.build(
        a("x", publisher="Northern Wire"), a("y", publisher="NORTHERN  wire"), a("z", publisher="Northern Wire"), a("w", publisher=None)
    )
    assert warehouse.rows("select publisher_name, article_count from publishers") == [("Northern Wire", 3)]
    assert warehouse.rows("select count(*) from articles where publisher_id is null") == [(1,)]


def test_panels_tell_quiet_months_from_unknown_ones(warehouse: Bench) -> None:
    # Articles in January, February and April; nothing was published in March.
    warehouse.build(
        a("jan", m("USA", "ACCUSE", "RUS", on="2021-01-10"), m("USA", "CONSULT", "RUS", on="2021-01-11"), published="2021-01-12"),
        a("feb", published="2021-02-03"),
        a(
            "apr",
            m("USA", "ACCUSE", "RUS", on="2021-03-30"),  # happened while nothing was covered
            m("USA", "ASSAULT", "RUS", on="2021-04-02", status="conditional"),  # did not happen
            m("USA", "SANCTION", "RUS", on="2021"),  # of no month
            published="2021-04-02",
        ),
    )
    assert warehouse.rows(
        "select month, covered_days, event_count, verbal_conflict_events, material_conflict_events, intensity_sum, intensity_mean "
        "from dyad_month order by month"
    ) == [
        (date(2021, 1, 1), 1, 2, 1, 0, -0.5, -0.25),
        (date(2021, 2, 1), 1, 0, 0, 0, 0.0, None),
        (date(2021, 3, 1), 0, None, None, None, None, None),
        (date(2021, 4, 1), 1, 0, 0, 0, 0.0, None),
    ]


def test_a_country_in_three_readings(warehouse: Bench) -> None:
    warehouse.build(a("x", m("USA", "CONSULT", "RUS", on="2021-05-19", at="Reykjavik")))
    assert warehouse.rows("select country, reading, event_count from country_month order by all") == [
        ("ISL", "place", 1), ("RUS", "target", 1), ("USA", "source", 1),
    ]  # fmt: skip
    assert warehouse.rows("select actor_id, reading, event_count from actor_month order by all") == [
        ("RUS", "target", 1), ("USA", "source", 1),
    ]  # fmt: skip


def test_every_record_is_covered_under_one_outcome(warehouse: Bench) -> None:
    told = a("x", m("USA", "AID", "UKR", on="2021-05-19"))
    repeat = record(told, "b1", locator="Wire/again.jsonl", number=7)
    refused, reject = rejected("Wire/z.txt", "b1", publisher="Wire")
    unknown, other = rejected("unknown.bin", "b1", reason="not_text")
    warehouse.build(told, a("y"), a("d", duplicate_of="x"), records=[repeat, refused, unknown], rejects=[reject, other])
    assert warehouse.rows("select * exclude (files_expected) from coverage order by all") == [
        ("Wire", date(2021, 5, 20), 4, 4, 1, 1, 2, 0),
        ("Wire", None, 1, 1, 0, 0, 0, 1),
        (None, None, 1, 1, 0, 0, 0, 1),
    ]
    assert warehouse.rows("select count(*) from coverage where records_in <> coded + without_event + duplicate + rejected") == [(0,)]


def test_an_empty_warehouse_has_all_tables(warehouse: Bench) -> None:
    warehouse.build()
    for table in PUBLIC:
        assert warehouse.rows(f"select count(*) >= 0 from {table.name}") == [(True,)]


# ---------------------------------------------------------------- what must stop a build


def test_a_value_outside_its_list_stops_the_build(warehouse: Bench) -> None:
    with pytest.raises(ContractError, match=r"event_mentions.status: is none of actual, .* in 1 rows, such as '\w+', 'planned'"):
        warehouse.build(a("x", m("USA", "CONSULT", "RUS", on="2021-05-19", status="planned")))


def test_an_article_that_was_never_coded_stops_the_build(warehouse: Bench) -> None:
    warehouse.load(a("x"), a("y", duplicate_of="x"))
    with pytest.raises(ContractError, match=r"articles.outcome: is null in 1 rows, such as 'z'"):
        # 'z' was demoted to a copy of an article that a later load turned around, and nobody coded it.
        warehouse.build(a("z", duplicate_of="z"), batch_id="b2")


def test_a_failed_build_leaves_the_last_one(warehouse: Bench) -> None:
    warehouse.build(a("x", m("USA", "CONSULT", "RUS", on="2021-05-19")))
    with pytest.raises(ContractError):
        warehouse.build(a("y", m("USA", "CONSULT", "RUS", on="2021-05-21", status="planned")), batch_id="b2")
    assert warehouse.column("select status from events") == ["actual"]


def test_a_copy_of_an_unknown_article_stops_the_build(warehouse: Bench) -> None:
    with pytest.raises(ContractError, match=r"articles.duplicate_of: is not in articles.article_id in 1 rows, such as 'y', 'gone'"):
        warehouse.build(a("y", duplicate_of="gone"))


def with_sql(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sql: str) -> None:
    """The project's SQL, with one file changed or added."""
    for path in resources.SQL.glob("*/*.sql"):
        copy = tmp_path / "sql" / path.parent.name / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text())
    (tmp_path / "sql" / f"{name}.sql").write_text(f"-- made: whole\n{sql}")
    monkeypatch.setattr(build.resources, "SQL", tmp_path / "sql")


@pytest.mark.parametrize(
    ("name", "sql", "message"),
    [
        ("warehouse/event_types", "select * exclude (mode) from raw.event_types", r"event_types: columns differ .*\('mode', 'VARCHAR'\)"),
        ("warehouse/event_types", "select * replace (1 as mode) from raw.event_types", r"expected .*'VARCHAR'.*, found .*'INTEGER'"),
        ("warehouse/event_types", "select * from raw.event_types union all from raw.event_types", r"key \(event_type_id\) is not unique"),
        ("warehouse/event_types", "select * from raw.types", r"event_types.sql: reads raw.types, which no file in sql/ makes"),
        ("warehouse/event_types", "delete from raw.event_types", r"event_types.sql: not a single SELECT"),
        ("warehouse/event_types", "select nothing from raw.event_types", r"event_types.sql: Binder Error"),
        ("marts/extra", "select 1 as a", r"contracts.PUBLIC differ: extra"),
    ],
)
def test_sql_that_breaks_the_contract(
    warehouse: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, sql: str, message: str
) -> None:
    with_sql(tmp_path, monkeypatch, name, sql)
    with pytest.raises(ContractError, match=message):
        warehouse.build()


# ---------------------------------------------------------------- the order of the files


def node(name: str, *reads: str) -> Node:
    return Node(name, Path(f"{name}.sql"), "", frozenset(reads))


def test_order_follows_what_is_read() -> None:
    nodes = [node("marts", "events"), node("events", "staging.b", "raw.a"), node("staging.b", "raw.a")]
    assert [one.name for one in in_order(nodes, ["raw.a"])] == ["staging.b", "events", "marts"]


def test_a_circle_is_named() -> None:
    with pytest.raises(ContractError, match="in a circle: (a <- b <- a|b <- a <- b)"):
        in_order([node("a", "b"), node("b", "a")])


def test_tables_read_leaves_out_own_expressions() -> None:
    sql = """
        with recursive kept as (select * from raw.a), more as (select 1 as x union all select x + 1 from more)
        select (select max(b.x) from staging.b as b where exists (from c)) from kept join more using (x)
    """
    assert tables_read(sql, "x.sql") == {"raw.a", "staging.b", "c"}


def test_other_sql_makes_everything_anew(warehouse: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_sql(tmp_path, monkeypatch, "staging/passing", "select 1 as a")
    warehouse.build()
    assert warehouse.column("select a from staging.passing") == [1]
    monkeypatch.undo()
    build_tables(warehouse.workspace)
    assert warehouse.column("select table_name from duckdb_tables() where table_name = 'passing'") == []
