"""seeds/actors: the rows themselves, file by file, and facts that must be among them."""

import csv
import re
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from typing import NamedTuple

import pytest

from pipeline.codebook.actor_book import ALIAS_TYPES, KINDS, NOMINAL_KINDS, NUMBERS, ActorBook, Period
from pipeline.codebook.actors import load_actor_book
from pipeline.resources import SEEDS

COLUMNS = {
    "actors": "actor_id name kind country sectors parent_actor_id source",
    "aliases": "alias actor_id alias_type valid_from valid_to",
    "roles": "actor_id office role_name country sectors valid_from valid_to",
    "offices": "country office phrase",
    "nominals": "phrase sectors office kind number",
    "memberships": "actor_id member_actor_id valid_from valid_to",
    "countries": "actor_id alpha2 numeric cow_code name official_name capital capital_geonames_id valid_from valid_to",
}
REQUIRED = {
    "actors": "actor_id name kind source",
    "aliases": "alias actor_id alias_type",
    "roles": "actor_id office role_name sectors",
    "offices": "office phrase",
    "nominals": "phrase sectors kind number",
    "memberships": "actor_id member_actor_id",
    "countries": "actor_id name official_name",
}
DATED = ("aliases", "roles", "memberships", "countries")
OFFICES = frozenset(
    "head_of_state head_of_government foreign_minister defence_minister interior_minister finance_minister ambassador envoy "
    "spokesperson opposition_leader party_leader legislator speaker judge central_bank_governor military_chief intelligence_chief "
    "police_chief rebel_leader religious_leader un_secretary_general organization_head activist journalist royal other".split()
)
SOURCES = frozenset({"general-knowledge", "geonames", "phoenix"})
SHARED_ALIAS_TYPES = frozenset({"adjective", "demonym"})
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
TODAY = date(2026, 11, 30)

Row = dict[str, str]


class Files(NamedTuple):
    rows: dict[str, list[Row]]
    text: dict[str, str]


@pytest.fixture(scope="module")
def files() -> Files:
    text = {name: (SEEDS / "actors" / f"{name}.csv").read_bytes().decode("utf-8") for name in COLUMNS}
    return Files({name: list(csv.DictReader(text[name].splitlines())) for name in COLUMNS}, text)


@pytest.fixture(scope="module")
def sectors() -> frozenset[str]:
    with (SEEDS / "codebook" / "sectors.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["sector"] for row in csv.DictReader(file))


@pytest.fixture(scope="module")
def book() -> ActorBook:
    return load_actor_book()


def period(row: Row) -> Period:
    first, last = (date.fromisoformat(row[column]) if row[column] else None for column in ("valid_from", "valid_to"))
    return Period(first, last)


# ---------------------------------------------------------------- form


@pytest.mark.parametrize("name", COLUMNS)
def test_a_file_has_its_header_unix_lines_and_no_stray_blanks(files, name):
    text = files.text[name]
    assert text.splitlines()[0] == COLUMNS[name].replace(" ", ",")
    assert "\r" not in text and text.endswith("\n") and not text.endswith("\n\n")
    assert not [row for row in files.rows[name] for cell in row.values() if cell != " ".join(cell.split())]


@pytest.mark.parametrize("name", COLUMNS)
def test_rows_are_sorted_and_none_is_repeated(files, name):
    rows = [tuple(row.values()) for row in files.rows[name]]
    assert rows == sorted(rows)
    assert len(set(rows)) == len(rows)


@pytest.mark.parametrize("name", COLUMNS)
def test_no_required_cell_is_empty(files, name):
    assert not [
        row for row in files.rows[name] for column in REQUIRED[name].split() if not row[column] and not is_bare_country(row, column)
    ]


def is_bare_country(row: Row, column: str) -> bool:
    return column == "sectors" and row.get("kind") == "country"


@pytest.mark.parametrize("name", DATED)
def test_dates_are_iso_and_in_order(files, name):
    for row in files.rows[name]:
        assert all(re.fullmatch(r"(\d{4}-\d{2}-\d{2})?", row[column]) for column in ("valid_from", "valid_to")), row
        dates = period(row)
        assert (dates.first or date.min) <= (dates.last or date.max), row


def test_no_role_begins_in_the_future(files):
    assert not [row for row in files.rows["roles"] if (period(row).first or date.min) > TODAY]


# ---------------------------------------------------------------- closed lists


@pytest.mark.parametrize(
    ("name", "column", "words"),
    [
        ("actors", "kind", KINDS),
        ("actors", "source", SOURCES),
        ("aliases", "alias_type", ALIAS_TYPES),
        ("roles", "office", OFFICES),
        ("offices", "office", OFFICES),
        ("nominals", "office", {*OFFICES, ""}),
        ("nominals", "kind", NOMINAL_KINDS),
        ("nominals", "number", NUMBERS),
    ],
)
def test_words_come_from_the_closed_lists(files, name, column, words):
    assert {row[column] for row in files.rows[name]} <= set(words)


@pytest.mark.parametrize("name", ["actors", "roles", "nominals"])
def test_sectors_are_those_of_the_codebook_each_once(files, sectors, name):
    for row in files.rows[name]:
        words = row["sectors"].split()
        assert set(words) <= sectors and len(set(words)) == len(words), row


def test_a_bare_country_has_no_sector_and_every_other_actor_has_one(files):
    assert not [row for row in files.rows["actors"] if bool(row["sectors"]) == (row["kind"] == "country")]


# ---------------------------------------------------------------- identity and references


def test_ids_are_unique_and_countries_alone_have_codes(files):
    actors = files.rows["actors"]
    assert not [actor for actor, count in Counter(row["actor_id"] for row in actors).items() if count > 1]
    for row in actors:
        pattern = re.compile("[A-Z]{3}") if row["kind"] == "country" else SLUG
        assert pattern.fullmatch(row["actor_id"]), row


def test_a_country_is_its_own_country(files):
    countries = {row["actor_id"] for row in files.rows["actors"] if row["kind"] == "country"}
    assert all(row["country"] == row["actor_id"] for row in files.rows["actors"] if row["kind"] == "country")
    for name in ("actors", "roles", "offices"):
        assert {row["country"] for row in files.rows[name]} <= {*countries, ""}
    assert {row["actor_id"] for row in files.rows["countries"]} == countries


def test_references_point_to_actors(files):
    known = {row["actor_id"] for row in files.rows["actors"]}
    assert {row["parent_actor_id"] for row in files.rows["actors"]} <= {*known, ""}
    assert {row["member_actor_id"] for row in files.rows["memberships"]} <= known
    for name in ("aliases", "roles", "memberships"):
        assert {row["actor_id"] for row in files.rows[name]} <= known


def test_parents_end_at_an_actor_without_parent(files):
    parents = {row["actor_id"]: row["parent_actor_id"] for row in files.rows["actors"]}
    for actor in parents:
        chain = [actor]
        while parents[chain[-1]]:
            chain.append(parents[chain[-1]])
            assert chain[-1] not in chain[:-1], chain


def test_every_actor_can_be_found_by_an_alias(files):
    assert {row["actor_id"] for row in files.rows["actors"]} == {row["actor_id"] for row in files.rows["aliases"]}


def test_only_people_hold_roles_and_have_surnames(files):
    people = {row["actor_id"] for row in files.rows["actors"] if row["kind"] == "person"}
    assert {row["actor_id"] for row in files.rows["roles"]} <= people
    assert {row["actor_id"] for row in files.rows["aliases"] if row["alias_type"] == "surname"} <= people


@pytest.mark.parametrize(("column", "form"), [("alpha2", "[A-Z]{2}"), ("numeric", r"\d{3}"), ("cow_code", r"\d{1,3}")])
def test_codes_of_countries_are_well_formed(files, column, form):
    assert not [row for row in files.rows["countries"] if not re.fullmatch(f"({form})?", row[column])]


@pytest.mark.parametrize("column", ["alpha2", "numeric"])
def test_two_countries_share_a_code_only_one_after_the_other(files, column):
    for one, other in combinations((row for row in files.rows["countries"] if row[column]), 2):
        assert one[column] != other[column] or not period(one).overlaps(period(other)), (one, other)


# ---------------------------------------------------------------- one sense a day


def test_an_alias_points_to_one_actor_at_a_time(files):
    rows_of = defaultdict(list)
    for row in files.rows["aliases"]:
        rows_of[row["alias"]].append(row)
    for rows in rows_of.values():
        for one, other in combinations(rows, 2):
            if one["actor_id"] != other["actor_id"] and not {one["alias_type"], other["alias_type"]} <= SHARED_ALIAS_TYPES:
                assert not period(one).overlaps(period(other)), (one, other)


def test_aliases_have_no_leading_article(files):
    assert not [row["alias"] for row in files.rows["aliases"] if row["alias"].lower().startswith("the ")]


def test_nobody_holds_an_office_twice_at_a_time(files):
    held = defaultdict(list)
    for row in files.rows["roles"]:
        held[row["actor_id"], row["office"]].append(period(row))
    for holder, periods in held.items():
        assert not any(one.overlaps(other) for one, other in combinations(periods, 2)), holder


def test_nominals_are_lower_case_and_have_one_meaning(files):
    phrases = [row["phrase"] for row in files.rows["nominals"]]
    assert len(set(phrases)) == len(phrases)
    assert not [phrase for phrase in phrases if phrase != phrase.lower()]


def test_the_whole_book_loads_with_one_holder_an_office(book):
    assert len(book.actors) >= 3000


# ---------------------------------------------------------------- size and facts


@pytest.mark.parametrize(("name", "least"), [("actors", 3000), ("aliases", 8000), ("nominals", 1500), ("roles", 3000)])
def test_the_files_are_as_large_as_promised(files, name, least):
    assert len(files.rows[name]) >= least


@pytest.mark.parametrize(
    ("alias", "actor"),
    [
        ("Kremlin", "russian-presidency"),
        ("Foggy Bottom", "us-department-of-state"),
        ("Kiev", "UKR"),
        ("Kyiv", "UKR"),
        ("Burmese", "MMR"),
        ("Ivorian", "CIV"),
        ("Knesset", "knesset"),
        ("Georgia", "GEO"),
        ("Navalni", "alexei-navalny"),
        ("Nord Stream 2 AG", "nord-stream-2-ag"),
        ("Warnig", "matthias-warnig"),
    ],
)
def test_what_a_name_stands_for(files, alias, actor):
    assert {row["actor_id"] for row in files.rows["aliases"] if row["alias"] == alias and not row["valid_to"]} == {actor}


@pytest.mark.parametrize(
    ("office", "country", "day", "actor"),
    [
        ("foreign_minister", "USA", date(2021, 5, 19), "antony-blinken"),
        ("foreign_minister", "RUS", date(2021, 5, 19), "sergey-lavrov"),
        ("head_of_state", "USA", date(2021, 5, 19), "joe-biden"),
        ("head_of_state", "USA", date(2018, 5, 19), "donald-trump"),
        ("head_of_government", "RUS", date(2010, 5, 19), "vladimir-putin"),
        ("head_of_state", "RUS", date(2010, 5, 19), "dmitry-medvedev"),
        ("head_of_state", "SUN", date(1987, 4, 7), "andrei-gromyko"),
        ("head_of_government", "GBR", date(1987, 4, 7), "margaret-thatcher"),
        ("un_secretary_general", None, date(2004, 1, 1), "kofi-annan"),
    ],
)
def test_who_holds_an_office_on_a_day(book, office, country, day, actor):
    assert book.holders(office, country, day) == (actor,)


@pytest.mark.parametrize(
    ("actor", "role", "valid_from", "valid_to"),
    [
        ("alexei-navalny", "Opposition Leader", "2011-12-01", "2024-02-16"),
        ("anatoly-antonov", "Ambassador to the United States", "2017-08-21", "2024-10-10"),
        ("john-sullivan-ambassador", "Ambassador to Russia", "2020-02-05", "2022-09-04"),
        ("matthias-warnig", "Chief executive of Nord Stream 2 AG", "2015-07-01", "2023-03-31"),
        ("sergey-lavrov", "Foreign Minister", "2004-03-09", ""),
    ],
)
def test_terms_of_the_best_known(files, actor, role, valid_from, valid_to):
    terms = [(row["valid_from"], row["valid_to"]) for row in files.rows["roles"] if (row["actor_id"], row["role_name"]) == (actor, role)]
    assert terms == [(valid_from, valid_to)]


@pytest.mark.parametrize(
    ("body", "member", "valid_from", "valid_to"),
    [
        ("european-union", "GBR", "1973-01-01", "2020-01-31"),
        ("nato", "FIN", "2023-04-04", ""),
        ("nato", "SWE", "2024-03-07", ""),
        ("european-union", "HRV", "2013-07-01", ""),
    ],
)
def test_when_countries_joined_and_left(files, body, member, valid_from, valid_to):
    rows = [row for row in files.rows["memberships"] if (row["actor_id"], row["member_actor_id"]) == (body, member)]
    assert [(row["valid_from"], row["valid_to"]) for row in rows] == [(valid_from, valid_to)]
