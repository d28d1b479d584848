"""Which place each name of a document stands for, decided for the document as a whole.

*One sense a document*: a name, unless written differently ("Paris, Texas" beside "Paris, France"), means one place.
Every candidate starts from what is known of it alone, mostly its size. Then the candidates of the other names speak for
it, as far as they are themselves believed: those nearby, in the same division, in the same country. Two rounds settle it.
A place that its surroundings support is also more likely to be a place at all.
*The world's Vienna*: a document that names no division of any country is not local news. There a name means the metropolis sooner,
and what speaks for a country is shared out among its places of the name: the US is spoken of in most news from Vienna.
The weights were found on half of the LGL corpus by random search and moved to round figures nearby.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook.places import ADMIN1, ADMIN2, CITY, COUNTRY, REGION, SITE, Gazetteer, Rows
from pipeline.coder.places.toponyms import Toponym

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]

_ROUNDS = 2
_CANDIDATES = 24  # of a name, the largest
_ALL_CANDIDATES = 400  # of a document, shared out among its names: the rounds take the square of it in time
_EARTH = 6371.0  # km
_NEAR = 35.0  # km at which another place says half as much as one on the spot

# Points of a place before the document speaks; a town or division has one for each tenfold of people.
_PEOPLE_ADDED = 100.0
_COUNTRY_BONUS, _CAPITAL_BONUS, _DIVISION_BONUS = 2.0, 1.5, 1.0
_ADMIN2_PRIOR, _REGION_PRIOR, _SITE_PRIOR = 3.0, 8.0, 4.0
_DEFAULT_LEAD = 2.5
_SEAT_SHARE = 12  # a town with a twelfth of its division's people gives the division its name

# Points by the logarithm of what others say: weight outside, weight of their belief inside.
_NEARNESS, _SAME_ADMIN1, _SAME_COUNTRY = (3.0, 2.0), (3.0, 1.0), (1.0, 3.0)
_HOME_WEIGHT = 3.0

# In documents that are not local: points of a town for each tenfold of people beyond so many, and the weight of its country.
_METROPOLIS, _METROPOLITAN, _WORLD_COUNTRY = 2.0, 5.0, 3.0


@dataclass(eq=False)
class Sense:
    """The uses of a name in one sense, the rows that it may mean, and once resolved the row that it does.

    `belief` is that in the row against the other rows, 0 to 1; `support` what the surroundings say for it, in points.
    """

    toponyms: list[Toponym]
    rows: Rows
    row: int = -1
    belief: float = 0.0
    support: float = 0.0
    choices: list[int] = field(default_factory=list)

    @property
    def weight(self) -> float:
        """How much the name says about where the document is: by being a place at all, and by being said again."""
        likely = max(1 / (1 + np.exp(-toponym.points)) for toponym in self.toponyms)
        said = _HOME_WEIGHT if any("dateline" in toponym.cues for toponym in self.toponyms) else 1.0
        return float(likely * said * (1 + np.log(len(self.toponyms))))


def resolve(toponyms: list[Toponym], gazetteer: Gazetteer, home: Rows = (), is_local: bool = False) -> list[Sense]:
    """The senses of a document's names, each with its place.

    `home` are the rows that the outlet's home may be; `is_local` tells that the document is local news, where its names do not.
    """
    found = _senses(toponyms)
    if not found:
        return []
    names = [*found, *([Sense([], home)] if home else [])]
    each = max(3, min(_CANDIDATES, _ALL_CANDIDATES // len(names)))
    for sense in names:
        sense.choices = _largest(sense.rows, gazetteer, each)
    rows = np.asarray([row for sense in names for row in sense.choices], dtype=np.intp)
    owner = np.repeat(np.arange(len(names)), [len(sense.choices) for sense in names])
    starts = np.searchsorted(owner, np.arange(len(names)))
    weights = np.asarray([sense.weight if sense.toponyms else _HOME_WEIGHT for sense in names])[owner]
    prior = _prior(rows, gazetteer)
    is_local = is_local or bool(home) or _names_divisions(toponyms, gazetteer)
    share: float | Floats = _SAME_COUNTRY[0]
    if not is_local:
        prior += _prominence(rows, gazetteer)
        share = _WORLD_COUNTRY / _compatriots(rows, owner, gazetteer)
    for sense, start in zip(found, starts, strict=False):
        _settle_namesakes(sense, prior[start : start + len(sense.choices)], gazetteer)
    voices = _voices(rows, owner, gazetteer)
    belief = _beliefs(prior, starts, owner)
    for _ in range(_ROUNDS):
        near, division, country = (np.log1p(inside * (voice @ (belief * weights))) for voice, inside in voices)
        said = _NEARNESS[0] * near + _SAME_ADMIN1[0] * division + share * country
        belief = _beliefs(prior + said, starts, owner)
    support = near + division + 0.2 * country + 0.2 * prior - 1.5 * (gazetteer.kinds[rows] == ADMIN2)
    for sense, start in zip(found, starts, strict=False):
        best = int(start + np.argmax(belief[start : start + len(sense.choices)]))
        sense.row, sense.belief, sense.support = int(rows[best]), float(belief[best]), float(support[best])
    return found


def _senses(toponyms: list[Toponym]) -> list[Sense]:
    """Groups the uses of each name. A bare use joins the only use that a comma places ("Paris, Texas … in Paris")."""
    by_key: defaultdict[str, dict[Rows, list[Toponym]]] = defaultdict(dict)
    for toponym in toponyms:
        by_key[toponym.key].setdefault(toponym.rows, []).append(toponym)
    found = []
    for variants in by_key.values():
        if len(variants) == 2:
            narrow, wide = sorted(variants, key=len)
            if set(narrow) < set(wide):
                variants[narrow] += variants.pop(wide)
        found += [Sense(uses, rows) for rows, uses in variants.items()]
    return found


def _largest(rows: Rows, gazetteer: Gazetteer, count: int) -> list[int]:
    """The rows with most people, countries and regions first."""
    if len(rows) <= count:
        return list(rows)
    return sorted(rows, key=lambda row: (gazetteer.kinds[row] not in (COUNTRY, REGION), -int(gazetteer.population[row]), row))[:count]


def _prior(rows: Indexes, gazetteer: Gazetteer) -> Floats:
    """What speaks for each place before the document does."""
    kinds = gazetteer.kinds[rows]
    prior: Floats = np.log10(gazetteer.population[rows] + _PEOPLE_ADDED)
    prior[[int(row) in gazetteer.capitals for row in rows]] += _CAPITAL_BONUS
    prior[kinds == COUNTRY] += _COUNTRY_BONUS
    prior[kinds == ADMIN1] += _DIVISION_BONUS
    for kind, points in ((ADMIN2, _ADMIN2_PRIOR), (REGION, _REGION_PRIOR), (SITE, _SITE_PRIOR)):
        prior[kinds == kind] = points
    return prior


def _names_divisions(toponyms: list[Toponym], gazetteer: Gazetteer) -> bool:
    """Whether a document names a state, province or county: it is then at home in some country, and so are its towns."""
    return any(toponym.points >= 0 and _names_division(toponym, gazetteer) for toponym in toponyms)


def _names_division(toponym: Toponym, gazetteer: Gazetteer) -> bool:
    """Whether a name is that of a division, but for towns that hardly anybody means by it: Virginia, not New York."""
    kinds = [int(gazetteer.kinds[row]) for row in toponym.rows]
    if COUNTRY in kinds or not {ADMIN1, ADMIN2} & set(kinds) or gazetteer.default(toponym.key) is not None:
        return False
    people = [int(gazetteer.population[row]) for row in toponym.rows]
    towns = max((count for count, kind in zip(people, kinds, strict=True) if kind == CITY), default=0)
    return max(count for count, kind in zip(people, kinds, strict=True) if kind in (ADMIN1, ADMIN2)) >= _SEAT_SHARE * towns


def _compatriots(rows: Indexes, owner: Indexes, gazetteer: Gazetteer) -> Floats:
    """How many of a name's candidates lie in the same country: what speaks for the country is shared out among them."""
    country = gazetteer.country[rows]
    counts: Floats = ((owner[:, None] == owner) & (country[:, None] == country)).sum(axis=1).astype(float)
    return counts


def _prominence(rows: Indexes, gazetteer: Gazetteer) -> Floats:
    """What speaks besides for places that readers anywhere know."""
    beyond = np.log10(gazetteer.population[rows] + _PEOPLE_ADDED) - _METROPOLITAN
    points: Floats = np.where(gazetteer.kinds[rows] == CITY, _METROPOLIS * np.maximum(0, beyond), 0.0)
    return points


def _settle_namesakes(sense: Sense, prior: Floats, gazetteer: Gazetteer) -> None:
    """Lets a name's default stand out, and a division named after its town stand back: news says "Aleppo province"."""
    name = sense.toponyms[0].text
    if not name.isascii():  # who writes San José with its accent does not mean San Jose
        prior += [gazetteer.names[row] == name for row in sense.choices]
    default = gazetteer.default(sense.toponyms[0].key)
    for at, row in enumerate(sense.choices):
        if row == default:
            prior[at] = prior.max() + _DEFAULT_LEAD
        elif default is None and gazetteer.kinds[row] == ADMIN1:
            seats = [
                other
                for other, town in enumerate(sense.choices)
                if gazetteer.kinds[town] == CITY
                and gazetteer.country[town] == gazetteer.country[row]
                and gazetteer.population[town] * _SEAT_SHARE > gazetteer.population[row]
            ]
            if seats:
                prior[at] = prior[seats].max() - _DEFAULT_LEAD


def _voices(rows: Indexes, owner: Indexes, gazetteer: Gazetteer) -> list[tuple[Floats, float]]:
    """How far each candidate speaks for each other one: by nearness, division and country; never for its own name's."""
    others = owner[:, None] != owner
    country, admin1 = gazetteer.country[rows], gazetteer.admin1[rows]
    return [
        (_nearness(rows, gazetteer) * others, _NEARNESS[1]),
        (((admin1[:, None] == admin1) & (admin1 >= 0) & others).astype(float), _SAME_ADMIN1[1]),
        (((country[:, None] == country) & (country >= 0) & others).astype(float), _SAME_COUNTRY[1]),
    ]


def _nearness(rows: Indexes, gazetteer: Gazetteer) -> Floats:
    """1 for two places at one spot, falling with the square of the distance; 0 for countries and the like."""
    latitude, longitude = np.radians(gazetteer.latitude[rows]), np.radians(gazetteer.longitude[rows])
    spots = np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
    squares = 2 * _EARTH**2 * np.maximum(0, 1 - spots.T @ spots)
    kinds = gazetteer.kinds[rows]
    is_point = (kinds == SITE) | (kinds == CITY) | (kinds == ADMIN2)
    nearness: Floats = (is_point[:, None] & is_point) / (1 + squares / _NEAR**2)
    return nearness


def _beliefs(score: Floats, starts: Indexes, owner: Indexes) -> Floats:
    """Scores as shares of belief among the candidates of each name."""
    raised = np.exp(score - np.maximum.reduceat(score, starts)[owner])
    shares: Floats = raised / np.add.reduceat(raised, starts)[owner]
    return shares
