"""Actors: names, roles by date, role nouns and memberships, read from seeds/actors and cross-checked.

*One-sense-a-day*: on any day an alias points to one actor, and an office of a country that is held by one has one holder.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

import polars as pl

from pipeline import resources
from pipeline.codebook.seed_files import SeedRow, read_seed
from pipeline.contracts import ACTORS

K = TypeVar("K")
V = TypeVar("V")

KINDS = ("person", "country", "organization", "group")
ALIAS_TYPES = (
    "name", "official", "acronym", "adjective", "demonym", "capital", "metonym", "surname", "transliteration", "nickname",
)  # fmt: skip
NOMINAL_KINDS = ("person", "group", "organization")
UNIQUE_OFFICES = frozenset(
    "head_of_state head_of_government foreign_minister defence_minister interior_minister finance_minister military_chief "
    "central_bank_governor un_secretary_general".split()
)
"""Offices with one holder at a time; ambassadors, envoys, party leaders and the like are many."""
NUMBERS = ("singular", "plural", "both")

SECTORS: Mapping[str, str] = MappingProxyType(
    {
        "GOV": "government", "MIL": "military", "LEG": "legislature", "JUD": "judiciary", "COP": "police", "SPY": "intelligence",
        "PTY": "party", "OPP": "opposition", "REB": "rebels", "UAF": "armed groups", "CRM": "criminals",
        "CVL": "civilians", "ELI": "elites", "REF": "refugees", "LAB": "labour", "AGR": "agriculture", "BUS": "business",
        "EDU": "education", "MED": "media", "HLH": "health", "REL": "religion", "SOC": "civil society", "SET": "settlers",
        "MNC": "multinational company", "IGO": "international organisation", "NGO": "non-governmental organisation",
        "HRI": "human rights", "ENV": "environment", "DEV": "development", "UNK": "unknown",
    }
)  # fmt: skip
"""PLOVER's actor sectors, with the word that names a role actor: 'Russia (military)'."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from the first to the last, both included; None = open."""

    first: date | None = None
    last: date | None = None

    def covers(self, day: date | None) -> bool:
        """Whether the day lies within; an unknown day is not excluded."""
        return day is None or ((self.first is None or self.first <= day) and (self.last is None or day <= self.last))

    def overlaps(self, other: "Period") -> bool:
        """Whether the two share more than the day of a handover."""
        return (self.first or date.min) < (other.last or date.max) and (other.first or date.min) < (self.last or date.max)


@dataclass(frozen=True, slots=True)
class Actor:
    actor_id: str
    name: str
    kind: str
    country: str | None
    sectors: tuple[str, ...]
    parent_actor_id: str | None


@dataclass(frozen=True, slots=True)
class Alias:
    text: str
    actor_id: str
    alias_type: str
    period: Period


@dataclass(frozen=True, slots=True)
class Role:
    actor_id: str
    office: str | None
    role_name: str
    country: str | None
    sectors: tuple[str, ...]
    period: Period


@dataclass(frozen=True, slots=True)
class Nominal:
    """A role noun such as 'foreign minister' or 'troops'."""

    phrase: str
    sectors: tuple[str, ...]
    office: str | None
    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class CountryFacts:
    """A country's codes, names and capital."""

    actor_id: str
    alpha2: str | None
    numeric: str | None
    cow_code: str | None
    name: str
    official_name: str
    capital: str | None
    capital_geonames_id: int | None
    period: Period


class ActorBook:
    """The reference actors. Immutable; made by load_actor_book."""

    def __init__(
        self,
        actors: Mapping[str, Actor],
        aliases: tuple[Alias, ...],
        roles: tuple[Role, ...],
        office_phrases: Mapping[tuple[str, str | None], tuple[str, ...]],
        nominals: tuple[Nominal, ...],
        memberships: Mapping[str, tuple[tuple[str, Period], ...]],
        countries: Mapping[str, CountryFacts],
    ) -> None:
        self.actors = MappingProxyType(dict(actors))
        self.aliases = aliases
        self.office_phrases = MappingProxyType(dict(office_phrases))  # (phrase, country or None) -> offices
        self.nominals = nominals
        self.countries = MappingProxyType(dict(countries))
        self._memberships = memberships
        self._roles = _grouped(roles, lambda role: role.actor_id)
        self._holders = _grouped((role for role in roles if role.office), lambda role: (role.office or "", role.country))

    def actor(self, actor_id: str) -> Actor:
        """KeyError where seeds/actors has none."""
        return self.actors[actor_id]

    def roles(self, actor_id: str) -> tuple[Role, ...]:
        """All roles of an actor, by their first day."""
        return self._roles.get(actor_id, ())

    def role_on(self, actor_id: str, day: date) -> Role | None:
        """The role that an actor holds on a day; the one begun last where there are several."""
        held = [role for role in self.roles(actor_id) if role.period.covers(day)]
        return held[-1] if held else None

    def standing_on(self, actor_id: str, day: date | None) -> tuple[str | None, tuple[str, ...]]:
        """Country and sectors of an actor on a day: of its role then, else its own; countries act as governments.

        Who has held roles and holds none any longer belongs to the elite (PLOVER's ELI), unless the actor's own sectors say else.
        """
        actor = self.actors[actor_id]
        if actor.kind == "country":
            return actor.country or actor_id, actor.sectors or ("GOV",)
        role = self.role_on(actor_id, day) if day else None
        if role:
            return role.country or actor.country, role.sectors or actor.sectors
        return actor.country, self._sectors_without_role(actor, day)

    def _sectors_without_role(self, actor: Actor, day: date | None) -> tuple[str, ...]:
        roles = self.roles(actor.actor_id)
        if day is None or not roles:
            return actor.sectors
        offices = {sector for role in roles for sector in role.sectors}
        others = tuple(sector for sector in actor.sectors if sector not in offices)
        is_over = all(role.period.last is not None and role.period.last < day for role in roles)
        return others or (("ELI",) if is_over else ())

    def holders(self, office: str, country: str | None, day: date) -> tuple[str, ...]:
        """Actors who hold an office of a country on a day, the one begun last first."""
        return tuple(role.actor_id for role in reversed(self._holders.get((office, country), ())) if role.period.covers(day))

    def offices_named(self, phrase: str, country: str | None) -> tuple[str, ...]:
        """The offices that a phrase of the press means in a country: 'secretary of state' is one thing in the US, another elsewhere."""
        return self.office_phrases.get((phrase, country)) or self.office_phrases.get((phrase, None), ())

    def members(self, actor_id: str, day: date | None) -> tuple[str, ...]:
        """Member actors of an organisation on a day, sorted; ever, where the day is unknown."""
        return tuple(sorted({member for member, period in self._memberships.get(actor_id, ()) if period.covers(day)}))

    def table(self) -> pl.DataFrame:
        """One row an actor and role, in the shape of contracts.ACTORS."""
        rows = []
        for actor in sorted(self.actors.values(), key=lambda actor: actor.actor_id):
            rows += [_table_row(actor, role) for role in self.roles(actor.actor_id) or (None,)]
        return pl.DataFrame(rows, schema=ACTORS.polars_schema)


def _table_row(actor: Actor, role: Role | None) -> dict[str, object]:
    natural = (actor.actor_id, *((role.office, role.role_name, role.country, role.period.first) if role else ()))
    return {
        "actor_role_id": hashlib.sha256("\x1f".join(map(str, natural)).encode()).hexdigest()[:16],
        "actor_id": actor.actor_id,
        "actor_name": actor.name,
        "kind": actor.kind,
        "country": (role and role.country) or actor.country or (actor.actor_id if actor.kind == "country" else None),
        "sectors": list(role.sectors if role and role.sectors else actor.sectors),
        "role_name": role.role_name if role else None,
        "valid_from": role.period.first if role else None,
        "valid_to": role.period.last if role else None,
        "parent_actor_id": actor.parent_actor_id,
        "is_discovered": False,
    }


def load_actor_book(folder: Path = resources.SEEDS / "actors") -> ActorBook:
    """Reads the CSV files of a folder.

    SeedError names file and line of the first fault: an unknown actor, parent, country, sector or word of a closed list, an alias
    that points to two actors at once, or an office with two holders at once.
    """
    actors = _read_actors(folder)
    return ActorBook(
        actors,
        _read_aliases(folder, actors),
        _read_roles(folder, actors),
        _read_offices(folder, actors),
        tuple(_read_nominals(folder)),
        _read_memberships(folder, actors),
        _read_countries(folder, actors),
    )


def _read_actors(folder: Path) -> dict[str, Actor]:
    actors: dict[str, Actor] = {}
    rows = list(read_seed(folder / "actors.csv", ("actor_id", "name", "kind", "country", "sectors", "parent_actor_id", "source")))
    for row in rows:
        if row["actor_id"] in actors:
            raise row.error(f"actor {row['actor_id']!r} is listed twice")
        actors[row["actor_id"]] = Actor(
            row["actor_id"], row["name"], _one_of(row, "kind", KINDS), row["country"] or None, _sectors(row), row["parent_actor_id"] or None
        )
    for row in rows:
        _check_country(row, actors)
        if row["parent_actor_id"]:
            _known(row, "parent_actor_id", actors)
    return actors


def _read_aliases(folder: Path, actors: Mapping[str, Actor]) -> tuple[Alias, ...]:
    earlier: defaultdict[str, list[tuple[Alias, int]]] = defaultdict(list)
    for row in read_seed(folder / "aliases.csv", ("alias", "actor_id", "alias_type", "valid_from", "valid_to")):
        alias = Alias(row["alias"], _known(row, "actor_id", actors), _one_of(row, "alias_type", ALIAS_TYPES), _period(row))
        for other, line in earlier[alias.text]:
            is_repeat = other.actor_id != alias.actor_id or other.alias_type == alias.alias_type
            if is_repeat and other.period.overlaps(alias.period):
                raise row.error(f"alias {alias.text!r} points to {alias.actor_id!r}, but in the same period to {other.actor_id!r} (line {line})")
        earlier[alias.text].append((alias, row.line))
    return tuple(alias for group in earlier.values() for alias, _ in group)


def _read_roles(folder: Path, actors: Mapping[str, Actor]) -> tuple[Role, ...]:
    earlier: defaultdict[tuple[str, str], list[tuple[Role, int]]] = defaultdict(list)
    roles = []
    for row in read_seed(folder / "roles.csv", ("actor_id", "office", "role_name", "country", "sectors", "valid_from", "valid_to")):
        _check_country(row, actors)
        actor_id = _known(row, "actor_id", actors)
        role = Role(actor_id, row["office"] or None, row["role_name"], row["country"] or None, _sectors(row), _period(row))
        for other, line in earlier[row["office"], row["country"]]:
            if role.office in UNIQUE_OFFICES and other.actor_id != actor_id and other.period.overlaps(role.period):
                raise row.error(f"{role.role_name} of {role.country} is {role.actor_id!r}, but in the same period {other.actor_id!r} (line {line})")
        earlier[row["office"], row["country"]].append((role, row.line))
        roles.append(role)
    return tuple(sorted(roles, key=lambda role: (role.period.first or date.min, role.actor_id)))


def _read_offices(folder: Path, actors: Mapping[str, Actor]) -> dict[tuple[str, str | None], tuple[str, ...]]:
    phrases: defaultdict[tuple[str, str | None], dict[str, None]] = defaultdict(dict)
    for row in read_seed(folder / "offices.csv", ("country", "office", "phrase")):
        _check_country(row, actors)
        offices = phrases[row["phrase"].lower(), row["country"] or None]
        if row["office"] in offices:
            raise row.error(f"phrase {row['phrase']!r} is listed twice for {row['office']!r}")
        offices[row["office"]] = None
    return {key: tuple(offices) for key, offices in phrases.items()}


def _read_nominals(folder: Path) -> Iterable[Nominal]:
    earlier: set[str] = set()
    for row in read_seed(folder / "nominals.csv", ("phrase", "sectors", "office", "kind", "number")):
        if row["phrase"] in earlier:
            raise row.error(f"nominal {row['phrase']!r} is listed twice")
        earlier.add(row["phrase"])
        kind, number = _one_of(row, "kind", NOMINAL_KINDS), _one_of(row, "number", NUMBERS)
        yield Nominal(row["phrase"], _sectors(row), row["office"] or None, kind, number)


def _read_memberships(folder: Path, actors: Mapping[str, Actor]) -> dict[str, tuple[tuple[str, Period], ...]]:
    members: defaultdict[str, list[tuple[str, Period]]] = defaultdict(list)
    for row in read_seed(folder / "memberships.csv", ("actor_id", "member_actor_id", "valid_from", "valid_to")):
        members[_known(row, "actor_id", actors)].append((_known(row, "member_actor_id", actors), _period(row)))
    return {actor_id: tuple(group) for actor_id, group in members.items()}


def _read_countries(folder: Path, actors: Mapping[str, Actor]) -> dict[str, CountryFacts]:
    columns = ("actor_id", "alpha2", "numeric", "cow_code", "name", "official_name", "capital", "capital_geonames_id")
    countries = {}
    for row in read_seed(folder / "countries.csv", (*columns, "valid_from", "valid_to")):
        geonames_id = int(row["capital_geonames_id"]) if row["capital_geonames_id"] else None
        codes = (row["alpha2"] or None, row["numeric"] or None, row["cow_code"] or None)
        names = (row["name"], row["official_name"], row["capital"] or None)
        actor_id = _known(row, "actor_id", actors)
        countries[actor_id] = CountryFacts(actor_id, *codes, *names, geonames_id, _period(row))
    return countries


def _known(row: SeedRow, column: str, actors: Mapping[str, Actor]) -> str:
    if row[column] not in actors:
        raise row.error(f"{column} points to unknown actor {row[column]!r}; add it to actors.csv")
    return row[column]


def _check_country(row: SeedRow, actors: Mapping[str, Actor]) -> None:
    if row["country"] and (row["country"] not in actors or actors[row["country"]].kind != "country"):
        raise row.error(f"unknown country {row['country']!r}; give the ISO alpha-3 code of a country in actors.csv")


def _one_of(row: SeedRow, column: str, words: tuple[str, ...]) -> str:
    if row[column] not in words:
        raise row.error(f"{column} is {row[column]!r}, expected one of {', '.join(words)}")
    return row[column]


def _sectors(row: SeedRow) -> tuple[str, ...]:
    sectors = tuple(re.findall(r"[^\s;|,]+", row["sectors"]))
    if unknown := [sector for sector in sectors if sector not in SECTORS]:
        raise row.error(f"unknown sector {unknown[0]!r}; the codebook has {', '.join(SECTORS)}")
    return sectors


def _period(row: SeedRow) -> Period:
    days = []
    for column in ("valid_from", "valid_to"):
        try:
            days.append(date.fromisoformat(row[column]) if row[column] else None)
        except ValueError:
            raise row.error(f"{column} is {row[column]!r}, expected YYYY-MM-DD or nothing") from None
    first, last = days
    if first and last and last < first:
        raise row.error(f"the period ends on {last}, before it begins on {first}")
    return Period(first, last)


def _grouped(values: Iterable[V], key: Callable[[V], K]) -> Mapping[K, tuple[V, ...]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return MappingProxyType({name: tuple(group) for name, group in groups.items()})
