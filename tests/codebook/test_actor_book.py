"""The actor book: what its rows mean by date, and which rows are refused."""

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.codebook.actor_book import Period
from pipeline.codebook.actors import ActorBook, load_actor_book
from pipeline.contracts import ACTORS
from pipeline.errors import SeedError

SMALL = Path(__file__).parents[1] / "coder" / "small_actors"


@pytest.fixture(scope="module")
def book() -> ActorBook:
    return load_actor_book(SMALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SMALL, tmp_path / "actors"))


def add(folder: Path, file: str, *cells: str) -> None:
    with (folder / file).open("a", newline="") as rows:
        csv.writer(rows).writerow(cells)


def last_line(folder: Path, file: str) -> int:
    return len((folder / file).read_text().splitlines())


# ---------------------------------------------------------------- roles by date


def test_the_holder_of_an_office_depends_on_the_day(book):
    assert book.holders("head_of_state", "USA", date(2019, 5, 20)) == ("donald-trump",)
    assert book.holders("head_of_state", "USA", date(2021, 5, 20)) == ("joe-biden",)


def test_on_the_day_of_a_handover_the_new_holder_comes_first(book):
    assert book.holders("head_of_state", "USA", date(2021, 1, 20)) == ("joe-biden", "donald-trump")


def test_who_held_an_office_and_holds_none_is_of_the_elite(book):
    assert book.standing_on("donald-trump", date(2019, 5, 20)) == ("USA", ("GOV",))
    assert book.standing_on("donald-trump", date(2022, 5, 20)) == ("USA", ("ELI",))


def test_without_a_day_an_actor_has_its_own_sectors(book):
    assert book.standing_on("alexei-navalny", None) == ("RUS", ("OPP",))


def test_countries_act_as_governments(book):
    assert book.standing_on("FRA", None) == ("FRA", ("GOV",))


def test_one_actor_may_change_office(book):
    assert book.role_on("vladimir-putin", date(2010, 1, 1)).role_name == "Prime Minister"
    assert book.role_on("vladimir-putin", date(2020, 1, 1)).role_name == "President"
    assert book.role_on("vladimir-putin", date(1990, 1, 1)) is None


def test_members_of_an_organisation_change(book):
    assert "GBR" in book.members("eu", date(2010, 1, 1))
    assert "GBR" not in book.members("eu", date(2021, 1, 1))


def test_a_phrase_means_an_office_in_its_country_only(book):
    assert book.offices_named("secretary of state", "USA") == ("foreign_minister",)
    assert book.offices_named("secretary of state", "GBR") == ()
    assert book.offices_named("head of diplomacy", "RUS") == ("foreign_minister",)


def test_unknown_actors_are_a_key_error(book):
    with pytest.raises(KeyError):
        book.actor("nobody")


def test_periods_share_the_day_of_a_handover_without_overlapping():
    first, second = Period(None, date(2021, 1, 20)), Period(date(2021, 1, 20), None)
    assert not first.overlaps(second)
    assert first.overlaps(Period(date(2021, 1, 19), None))
    assert first.covers(date(2021, 1, 20))
    assert second.covers(date(2021, 1, 20))


# ---------------------------------------------------------------- the table


def test_the_table_has_the_columns_of_its_contract(book):
    assert book.table().schema == ACTORS.polars_schema


def test_the_table_has_a_row_for_each_role_and_one_for_actors_without(book):
    table = book.table()
    assert table.filter(table["actor_id"] == "donald-trump").height == 2
    assert table.filter(table["actor_id"] == "FRA")["role_name"].to_list() == [None]
    assert table["actor_role_id"].is_unique().all()


# ---------------------------------------------------------------- rows that contradict


@pytest.mark.parametrize(
    ("file", "cells", "complaint"),
    [
        ("aliases.csv", ("Putin", "joe-biden", "surname", "", ""), "alias 'Putin' points to 'joe-biden', but in the same period"),
        ("aliases.csv", ("Guaidó", "VEN-OPP", "name", "", ""), "actor_id points to unknown actor 'VEN-OPP'"),
        ("aliases.csv", ("Rus", "RUS", "name", "2000-13-01", ""), "valid_from is '2000-13-01', expected YYYY-MM-DD"),
        ("aliases.csv", ("Rus", "RUS", "name", "2001-01-01", "2000-01-01"), "the period ends on 2000-01-01, before it begins"),
        ("aliases.csv", ("Rus", "RUS", "slur", "", ""), "alias_type is 'slur', expected one of name"),
        ("actors.csv", ("un", "UN", "organization", "", "IGO", "", "own"), "actor 'un' is listed twice"),
        ("actors.csv", ("x", "X", "organization", "", "XYZ", "", "own"), "unknown sector 'XYZ'"),
        ("actors.csv", ("x", "X", "organization", "ZZZ", "GOV", "", "own"), "unknown country 'ZZZ'"),
        ("actors.csv", ("x", "X", "alien", "", "GOV", "", "own"), "kind is 'alien'"),
        ("actors.csv", ("x", "X", "organization", "", "GOV", "y", "own"), "parent_actor_id points to unknown actor 'y'"),
        ("roles.csv", ("heiko-maas", "head_of_state", "President", "USA", "GOV", "2022-01-01", ""), "President of USA is 'heiko-maas'"),
        ("nominals.csv", ("rebel", "UAF", "", "person", "singular"), "nominal 'rebel' is listed twice"),
        ("nominals.csv", ("mob", "CVL", "", "crowd", "singular"), "kind is 'crowd'"),
        ("memberships.csv", ("eu", "ZZZ", "", ""), "member_actor_id points to unknown actor 'ZZZ'"),
    ],
)
def test_a_contradiction_is_refused_with_file_and_line(folder, file, cells, complaint):
    add(folder, file, *cells)
    with pytest.raises(SeedError) as refusal:
        load_actor_book(folder)
    assert complaint in str(refusal.value)
    assert f"{file}:{last_line(folder, file)}" in str(refusal.value)


def test_an_alias_may_pass_from_one_actor_to_another(folder):
    add(folder, "aliases.csv", "Burma", "IND", "name", "", "1989-06-18")
    add(folder, "aliases.csv", "Burma", "CHN", "name", "1989-06-18", "")
    assert load_actor_book(folder)


def test_an_adjective_may_be_a_demonym_too(book):
    assert {alias.alias_type for alias in book.aliases if alias.text == "Russian"} == {"adjective", "demonym"}


# ---------------------------------------------------------------- the rows of seeds/actors


def test_the_rows_of_the_project_fit_together():
    book = load_actor_book()
    assert len(book.actors) >= 3_000
    assert len(book.aliases) >= 8_000
