"""The reference actors: names, roles by date, role nouns and memberships.

*One-sense-a-day*: on any day an alias points to one actor, and an office of a country that is held by one has one holder.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeVar

import polars as pl

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
        "PTY": "party", "OPP": "opposition", "REB": "rebels", "UAF": "armed groups", "PRM": "paramilitaries",
        "CRM": "criminals", "CVL": "civilians",
        "ELI": "elites", "REF": "refugees", "LAB": "labour", "AGR": "agriculture", "BUS": "business", "MNC": "multinational company",
        "EDU": "education", "MED": "media", "HLH": "health", "REL": "religion", "SOC": "civil society", "SET": "settlers",
        "HRI": "human rights", "ENV": "environment", "DEV": "development", "IGO": "international organisation",
        "NGO": "non-governmental organisation", "IMG": "international militants", "UNK": "unknown",
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
        genders: Mapping[str, str],
    ) -> None:
        self.actors = actors
        self.aliases = aliases
        self.office_phrases = office_phrases  # (phrase, country or None) -> offices
        self.nominals = nominals
        self.countries = countries
        self.genders = genders  # given name -> f or m
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
            is_worldwide = role.country is None and "IGO" in role.sectors  # heads of international bodies act for no country
            return role.country or (None if is_worldwide else actor.country), role.sectors or actor.sectors
        return actor.country, self._sectors_without_role(actor, day)

    def _sectors_without_role(self, actor: Actor, day: date | None) -> tuple[str, ...]:
        roles = self.roles(actor.actor_id)
        if day is None or not roles:
            return actor.sectors
        offices = {sector for role in roles for sector in role.sectors}
        others = tuple(sector for sector in actor.sectors if sector not in offices)
        has_held = any(role.period.last is not None and role.period.last < day for role in roles)
        return others or (("ELI",) if has_held else ())

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


def _grouped(values: Iterable[V], key: Callable[[V], K]) -> Mapping[K, tuple[V, ...]]:
    groups: defaultdict[K, list[V]] = defaultdict(list)
    for value in values:
        groups[key(value)].append(value)
    return {name: tuple(group) for name, group in groups.items()}
