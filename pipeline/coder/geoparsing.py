"""Which place each name of a document stands for, decided for the document as a whole.

One sense a document: a name, unless written differently ("Paris, Texas" beside "Paris, France"), has one place. Every
candidate starts from what is known of it alone, its size; then the candidates of the other names speak for it, as far as
they are themselves believed: those nearby, in the same division, in the same country. Two rounds settle it.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.codebook.gazetteer import ADMIN1, ADMIN2, CITY, COUNTRY, REGION, SITE, Gazetteer, Rows
from pipeline.coder.toponyms import Toponym

Floats = NDArray[np.float64]

_ROUNDS = 2
_CANDIDATES = 24  # of one name, the largest; and of a document, shared out among its names
_OF_DOCUMENT = 400
_EARTH = 6371.0  # km

# Weights, found on half of the LGL corpus.
P = dict(pop=1.0, country=8.0, admin1=6.0, admin2=4.0, region=6.0, site=4.0, near=2.0, tau=60.0, a1=1.0, cc=1.0, inside=1.0)


@dataclass(eq=False)
class Sense:
    """The uses of one name in one sense, and the rows of the places that they may mean."""

    toponyms: list[Toponym]
    rows: Rows

    @property
    def weight(self) -> float:
        """How much the name says about where the document is: being a place at all, and being said again."""
        likely = max(1 / (1 + np.exp(-toponym.points)) for toponym in self.toponyms)
        return float(likely * (1 + np.log(len(self.toponyms))))


def senses(toponyms: list[Toponym]) -> list[Sense]:
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


def resolve(toponyms: list[Toponym], gazetteer: Gazetteer, home: Rows = ()) -> list[tuple[Sense, int, float]]:
    """The senses of a document, each with the row of its place and the belief in it, 0 to 1."""
    found = senses(toponyms)
    if not found:
        return []
    each = max(3, min(_CANDIDATES, _OF_DOCUMENT // len(found)))
    choices = [_largest(sense.rows, gazetteer, each) for sense in found]
    if home:
        choices.append(list(home))
    rows = np.concatenate([np.asarray(choice, dtype=np.intp) for choice in choices])
    starts = np.cumsum([0, *map(len, choices)])[:-1]
    owner = np.repeat(np.arange(len(choices)), [len(choice) for choice in choices])
    weights = np.asarray([sense.weight for sense in found] + [3.0] * bool(home))[owner]
    prior = _prior(rows, gazetteer)
    other = owner[:, None] != owner[None, :]
    nearness = _nearness(rows, gazetteer) * other
    country, admin1 = gazetteer.country[rows], gazetteer.admin1[rows]
    same_country = (country[:, None] == country) & (country >= 0) & other
    same_admin1 = (admin1[:, None] == admin1) & (admin1 >= 0) & other
    belief = _beliefs(prior, starts, owner)
    for _ in range(_ROUNDS):
        said = belief * weights
        score = prior + P["near"] * np.log1p(nearness @ said) + P["a1"] * np.log1p(same_admin1 @ said) + P["cc"] * np.log1p(same_country @ said)
        belief = _beliefs(score, starts, owner)
    best = [int(start + np.argmax(belief[start : start + len(choice)])) for start, choice in zip(starts, choices, strict=True)]
    return [(sense, int(rows[at]), float(belief[at])) for sense, at in zip(found, best, strict=False)]


def _largest(rows: Rows, gazetteer: Gazetteer, count: int) -> list[int]:
    if len(rows) <= count:
        return list(rows)
    return sorted(rows, key=lambda row: (-int(gazetteer.kinds[row] in (COUNTRY, ADMIN1)), -int(gazetteer.population[row]), row))[:count]


def _prior(rows: NDArray[np.intp], gazetteer: Gazetteer) -> Floats:
    """What speaks for a place before the document does: a point for each tenfold of people."""
    kinds = gazetteer.kinds[rows]
    prior = P["pop"] * np.log10(gazetteer.population[rows] + 100.0)
    for kind, name in ((COUNTRY, "country"), (ADMIN1, "admin1"), (ADMIN2, "admin2"), (REGION, "region"), (SITE, "site")):
        prior[kinds == kind] = P[name]
    return prior


def _nearness(rows: NDArray[np.intp], gazetteer: Gazetteer) -> Floats:
    """1 for two places at one spot, a half at 60 km, falling with the square of the distance; 0 for countries and the like."""
    latitude, longitude = np.radians(gazetteer.latitude[rows]), np.radians(gazetteer.longitude[rows])
    spots = np.stack([np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)])
    squares = 2 * _EARTH**2 * np.maximum(0, 1 - spots.T @ spots)
    point = np.isin(gazetteer.kinds[rows], (SITE, CITY, ADMIN2))
    return (1 / (1 + squares / P["tau"] ** 2)) * (point[:, None] & point)


def _beliefs(score: Floats, starts: NDArray[np.intp], owner: NDArray[np.intp]) -> Floats:
    """Scores as shares of belief among the candidates of each name."""
    raised = np.exp(score - np.maximum.reduceat(score, starts)[owner])
    return raised / np.add.reduceat(raised, starts)[owner]
