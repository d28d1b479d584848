"""Actors of the book found by what they are rather than by what they are called.

Organs of states: "Israel's army" is the book's "Israeli army". Heads of organisations: "the UN secretary-general". Bearers of a
surname who hold the office that stands before it: "President Ortega".
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from pipeline.codebook.actor_book import ActorBook, Alias, Role
from pipeline.coder.actors.lexicon import plain

_HEADS = frozenset({"organization_head", "un_secretary_general"})
_ANY_HEAD = frozenset({"chief", "head", "boss"})  # the press's words for whoever leads a body, whatever the office is called
_SMALL_WORDS = frozenset({"of", "the", "for", "to", "and"})
_OFFICE_WORDS = frozenset("secretary general director president managing executive chair chairman chairperson commissioner high".split())


class Registry:
    """Organs, heads and bearers of surnames of an actor book, indexed once."""

    def __init__(self, book: ActorBook) -> None:
        self._book = book
        self._organs = _organs(book)
        self.common_nouns = frozenset(nominal.phrase.lower() for nominal in book.nominals)
        self._names: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
        for alias in book.aliases:
            if book.actors[alias.actor_id].kind == "organization":
                self._names[alias.actor_id].append(_words(alias.text))
        self._heads = [(_words(role.role_name), role) for role in _roles(book) if role.office in _HEADS]
        self._bearers: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for role in _roles(book):
            self._bearers[plain(book.actors[role.actor_id].name.split()[-1]).lower()][role.actor_id] = None

    def organ(self, country: str, noun: str, day: date | None) -> str | None:
        """The listed organ of a country that the noun names with the country's adjective: (ISR, army)."""
        found = {alias.actor_id for alias in self._organs.get((country, noun), ()) if alias.period.covers(day)}
        return found.pop() if len(found) == 1 else None

    def head(self, body: str, rank: str, day: date) -> str | None:
        """Who leads an organisation on a day under that rank: (nato, secretary general)."""
        spoken = _words(rank)
        found = {
            role.actor_id
            for title, role in self._heads
            if role.period.covers(day)
            and any(name <= title and _is_rank(spoken - name, title - name, rank) for name in self._names.get(body, ()))
        }
        return found.pop() if len(found) == 1 else None

    def bearer(self, surname: str, offices: Iterable[str], country: str | None, day: date, is_former: bool) -> str | None:
        """The only one of that surname who holds one of the offices on a day, or held it before."""
        wanted = set(offices)
        found = {
            actor_id
            for actor_id in self._bearers.get(plain(surname).lower(), ())
            for role in self._book.roles(actor_id)
            if role.office in wanted and country in (None, role.country) and _held(role, day, is_former)
        }
        return found.pop() if len(found) == 1 else None


def _is_rank(spoken: frozenset[str], title: frozenset[str], rank: str) -> bool:
    return spoken == title or (rank in _ANY_HEAD and title <= _OFFICE_WORDS)


def _held(role: Role, day: date, is_former: bool) -> bool:
    if is_former:
        return role.period.last is not None and role.period.last < day
    return role.period.covers(day)


def _roles(book: ActorBook) -> Iterable[Role]:
    return (role for actor_id in book.actors for role in book.roles(actor_id))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", plain(text).lower())) - _SMALL_WORDS


def _organs(book: ActorBook) -> dict[tuple[str, str], tuple[Alias, ...]]:
    """(country, noun) -> the organisations that are called by the country's adjective and the noun, or by 'noun of country'."""
    adjectives = {
        (alias.actor_id, plain(alias.text).lower())
        for alias in book.aliases
        if book.actors[alias.actor_id].kind == "country" and alias.alias_type in ("adjective", "demonym", "name", "acronym")
    }
    organs: defaultdict[tuple[str, str], list[Alias]] = defaultdict(list)
    for alias in book.aliases:
        actor = book.actors[alias.actor_id]
        if actor.kind != "organization" or actor.country is None:
            continue
        words = plain(alias.text).lower().split()
        for cut in range(1, len(words)):
            if (actor.country, " ".join(words[:cut])) in adjectives:
                organs[actor.country, " ".join(words[cut:])].append(alias)
            if words[cut] == "of" and (actor.country, " ".join(words[cut + 1 :])) in adjectives:
                organs[actor.country, " ".join(words[:cut])].append(alias)
    return {key: tuple(aliases) for key, aliases in organs.items()}
