"""The gazetteer: names in, places out; seeds/places checked on load."""

import csv
from pathlib import Path

import pytest

from pipeline.codebook import gazetteer as reading
from pipeline.codebook.gazetteer import load_gazetteer
from pipeline.codebook.placenames import fold, without_generic
from pipeline.codebook.places import Gazetteer, Place
from pipeline.contracts import PLACE_PRECISIONS
from pipeline.errors import SeedError
from pipeline.resources import SEEDS


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer()


def places(gazetteer: Gazetteer, rows: tuple[int, ...]) -> list[Place]:
    return [gazetteer.place(row) for row in rows]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Saint-Étienne", "St. Etienne"),
        ("SÃO PAULO", "Sao Paulo"),
        ("Fort Worth", "Ft. Worth"),
        ("Łódź", "Lodz"),
        ("Sana'a", "Sanaa"),
        ("City of Norfolk", "Norfolk"),
        # A saint within a longer word is none.
        ("Saintes", "Saintes"),
    ],
)
def test_names_are_compared_without_their_ornaments(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "short"),
    [("rostov oblast", "rostov"), ("county cork", "cork"), ("rapides parish", "rapides"), ("federal district", None), ("bavaria", None)],
)
def test_a_division_is_known_without_the_word_for_its_kind(name: str, short: str | None) -> None:
    assert without_generic(name) == short


# A name, and one of the places that it must be able to mean: name in the gazetteer, precision, country, division.
KNOWN = [
    ("Georgia", "Georgia", "country", "GEO", None),
    ("Georgia", "Georgia", "admin1", "USA", "Georgia"),
    ("Paris", "Paris", "city", "FRA", "Île-de-France"),
    ("Paris", "Paris", "city", "USA", "Texas"),
    ("Rapides Parish", "Rapides Parish", "admin2", "USA", "Louisiana"),
    ("Oxfordshire", "Oxfordshire", "admin2", "GBR", "England"),
    ("Bombay", "Mumbai", "city", "IND", "Maharashtra"),
    ("Kiev", "Kyiv", "city", "UKR", "Kyiv City"),
    ("Reykjavik", "Reykjavik", "city", "ISL", "Capital Region"),
    ("Donbass", "Donbas", "region", "UKR", None),
    ("Gaza Strip", "Gaza Strip", "admin1", "PSE", "Gaza Strip"),
    ("Korean Peninsula", "Korean Peninsula", "region", None, None),
    ("Bagram Airfield", "Bagram Air Base", "site", "AFG", None),
    ("Rafah crossing", "Rafah crossing", "site", None, None),
    ("Holland", "Netherlands", "country", "NLD", None),
    ("Burma", "Myanmar", "country", "MMR", None),
    ("Africa", "Africa", "region", None, None),
]


@pytest.mark.parametrize(("name", "known_as", "precision", "country", "admin1"), KNOWN)
def test_a_name_means_its_places(
    gazetteer: Gazetteer, name: str, known_as: str, precision: str, country: str | None, admin1: str | None
) -> None:
    found = [(place.name, place.precision, place.country, place.admin1) for place in places(gazetteer, gazetteer.named(name))]
    assert (known_as, precision, country, admin1) in found


@pytest.mark.parametrize(
    ("written", "name"), [("Calif.", "California"), ("N.C.", "North Carolina"), ("U.S.", "United States"), ("UAE", "United Arab Emirates")]
)
def test_abbreviations_are_read_to_the_letter(gazetteer: Gazetteer, written: str, name: str) -> None:
    assert [place.name for place in places(gazetteer, gazetteer.abbreviation(written))] == [name]
    assert not gazetteer.abbreviation(written.lower())


def test_demonyms_stand_for_their_places_in_singular_and_plural(gazetteer: Gazetteer) -> None:
    assert [place.name for place in places(gazetteer, gazetteer.demonym("minnesotans"))] == ["Minnesota"]
    assert [place.country for place in places(gazetteer, gazetteer.demonym("kenyan"))] == ["KEN"]
    assert not gazetteer.demonym("kenya")


def test_a_postal_code_is_a_state_only_when_asked_for(gazetteer: Gazetteer) -> None:
    assert [place.name for place in places(gazetteer, gazetteer.postal("GA"))] == ["Georgia"]
    assert not gazetteer.abbreviation("GA")


def test_some_names_mean_one_place_to_every_reader(gazetteer: Gazetteer) -> None:
    row = gazetteer.default("washington")
    assert row is not None and gazetteer.place(row).admin1 == "District of Columbia"
    assert gazetteer.default("springfield") is None


def test_countries_and_divisions_contain_their_towns(gazetteer: Gazetteer) -> None:
    (texas,) = (row for row in gazetteer.named("Texas") if gazetteer.place(row).precision == "admin1")
    (france,) = (row for row in gazetteer.named("France") if gazetteer.place(row).precision == "country")
    parises = gazetteer.named("Paris")
    assert [gazetteer.place(row).admin1 for row in parises if gazetteer.contains(texas, row)] == ["Texas"]
    assert all(gazetteer.place(row).country == "FRA" for row in parises if gazetteer.contains(france, row))
    assert not gazetteer.contains(texas, texas)


def test_distances_are_great_circles(gazetteer: Gazetteer) -> None:
    paris = next(row for row in gazetteer.named("Paris") if gazetteer.place(row).country == "FRA")
    london = next(row for row in gazetteer.named("London") if gazetteer.place(row).country == "GBR")
    assert gazetteer.kilometres(paris, london) == pytest.approx(344, abs=3)


def test_every_place_is_whole(gazetteer: Gazetteer) -> None:
    assert len(gazetteer) > 240_000
    assert abs(gazetteer.latitude).max() <= 90 and abs(gazetteer.longitude).max() <= 180
    assert gazetteer.kinds.min() == 0 and gazetteer.kinds.max() == len(PLACE_PRECISIONS) - 1
    assert len(gazetteer.codes) >= 249


@pytest.mark.parametrize("name", ["admin1", "admin2", "aliases", "countries", "places"])
def test_seed_files_are_sorted_by_key(name: str) -> None:
    with (SEEDS / "places" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        keys = [next(iter(row.values())) for row in csv.DictReader(file)]
    assert keys == sorted(keys, key=str.casefold if name == "aliases" else str)


def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *rows: str) -> reading._Builder:
    """A builder with countries, over a folder of seeds in which one file is another."""
    folder = tmp_path / "places"
    folder.mkdir()
    for path in (SEEDS / "places").glob("*.csv"):
        (folder / path.name).write_bytes(path.read_bytes())
    header = (folder / f"{name}.csv").read_text().splitlines()[0]
    (folder / f"{name}.csv").write_text("\n".join([header, *rows]) + "\n")
    monkeypatch.setattr(reading, "SEEDS", tmp_path)
    builder = reading._Builder()
    builder.add_countries()
    return builder


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("dragoman:x,X,lake,USA,1,1", "precision 'lake'"),
        ("dragoman:x,X,site,XYZ,1,1", "'XYZ' is no ISO 3166-1 alpha-3 code"),
        ("dragoman:x,X,site,USA,91,1", "beyond the globe"),
        ("dragoman:x,X,site,USA,north,1", "are no coordinates"),
    ],
)
def test_a_bad_place_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: str, complaint: str) -> None:
    builder = seeded(tmp_path, monkeypatch, "places", row)
    with pytest.raises(SeedError, match=complaint) as error:
        builder.add_own_places()
    assert "places.csv:2:" in str(error.value)


def test_a_repeated_place_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = seeded(tmp_path, monkeypatch, "places", *["dragoman:x,X,site,USA,1,1"] * 2)
    with pytest.raises(SeedError, match="'dragoman:x' stands here twice"):
        builder.add_own_places()


def test_an_alias_of_nothing_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    builder = seeded(tmp_path, monkeypatch, "aliases", "Atlantis,name,dragoman:atlantis")
    with pytest.raises(SeedError, match="alias 'Atlantis' points to unknown place 'dragoman:atlantis'"):
        builder.add_aliases()
