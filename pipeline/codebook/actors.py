"""Reads seeds/actors and checks that its files fit together."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from pipeline import resources
from pipeline.codebook.actor_book import (
    ALIAS_TYPES,
    KINDS,
    NOMINAL_KINDS,
    NUMBERS,
    SECTORS,
    UNIQUE_OFFICES,
    Actor,
    ActorBook,
    Alias,
    CountryFacts,
    Nominal,
    Period,
    Role,
)
from pipeline.codebook.seed_files import SeedRow, read_seed

__all__ = ["ActorBook", "load_actor_book"]


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
        {row["given_name"]: _one_of(row, "gender", ("f", "m")) for row in read_seed(folder / "given_names.csv", ("given_name", "gender"))},
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
                raise row.error(
                    f"alias {alias.text!r} points to {alias.actor_id!r}, but in the same period to {other.actor_id!r} (line {line})"
                )
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
                raise row.error(
                    f"{role.role_name} of {role.country} is {role.actor_id!r}, but in the same period {other.actor_id!r} (line {line})"
                )
        earlier[row["office"], row["country"]].append((role, row.line))
        roles.append(role)
    return tuple(sorted(roles, key=lambda role: (role.period.first or date.min, role.actor_id)))


def _read_offices(folder: Path, actors: Mapping[str, Actor]) -> dict[tuple[str, str | None], tuple[str, ...]]:
    phrases: defaultdict[tuple[str, str | None], dict[str, None]] = defaultdict(dict)
    earlier: set[tuple[str, ...]] = set()
    for row in read_seed(folder / "offices.csv", ("country", "office", "phrase")):
        _check_country(row, actors)
        if (exact := tuple(row.values.values())) in earlier:
            raise row.error(f"phrase {row['phrase']!r} is listed twice for {row['office']!r}")
        earlier.add(exact)
        phrases[row["phrase"].lower(), row["country"] or None][row["office"]] = None
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
