"""Who a phrase refers to by its own words: a listed actor, the holder of an office on the day, a role, or a discovered actor."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from pipeline.codebook.actor_book import SECTORS, UNIQUE_OFFICES, Alias
from pipeline.coder.actors.hits import Hit
from pipeline.coder.actors.index import ActorIndex
from pipeline.coder.actors.lexicon import Sense, plain
from pipeline.coder.actors.phrases import Phrase

# Nouns for the whole of a state's government: with a country they are that country.
_GOVERNMENTS = frozenset({"government", "administration", "authorities", "regime", "executive", "cabinet", "leadership"})
# Sectors that any rank may have; a more telling word beside it decides: 'rebel leader', 'police official'.
_VAGUE = frozenset({"GOV", "ELI", "UNK"})
_PREDECESSORS = {"RUS": "SUN"}  # whose offices the press named by the successor's adjective: 'the Russian foreign minister' of 1986
_MOST_MEMBERS = 12  # beyond, an organisation's ministers act as the organisation
_ONCE_IN_POWER = frozenset({"GOV", "LEG", "JUD", "MIL", "SPY", "COP"})


@dataclass(frozen=True, slots=True)
class Who:
    """An actor as it stands on the article's date."""

    actor_id: str | None
    name: str | None
    kind: str | None
    country: str | None
    sectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Who is meant, how that was told, and how sure it is (0 to 1)."""

    who: Who | None
    method: str
    score: float


class Identifier:
    """Names the actor of a phrase by the book and the day; phrases that need the document's context stay without one."""

    def __init__(self, actors: ActorIndex, day: date | None) -> None:
        self._book = actors.book
        self._registry = actors.registry
        self._day = day

    @property
    def genders(self) -> Mapping[str, str]:
        """Given names of women (f) and men (m)."""
        return self._book.genders

    def listed(self, actor_id: str) -> Who:
        """An actor of the book."""
        actor = self._book.actor(actor_id)
        country, sectors = self._book.standing_on(actor_id, self._day)
        return Who(actor_id, actor.name, actor.kind, country, sectors)

    def role(self, country: str | None, sectors: tuple[str, ...]) -> Who | None:
        """Whoever holds a role of a country: role:RUS:MIL."""
        if not country and not sectors:
            return None
        sector = sectors[0] if sectors else "UNK"
        place = self._book.actor(country).name if country else None
        name = f"{place} ({SECTORS[sector]})" if place else SECTORS[sector].capitalize()
        return Who(f"role:{country or ''}:{sector}", name, "role", country, sectors)

    def country_of(self, hits: Iterable[Hit]) -> str | None:
        """The country that the nearest telling word gives."""
        for hit in hits:
            if hit.alias:
                country, _ = self._book.standing_on(hit.alias.actor_id, self._day)
                if country:
                    return country
            elif within := self.country_of(hit.within):
                return within
        return None

    def link(self, phrase: Phrase) -> Link:
        """The link that the phrase's own words allow."""
        if phrase.hit.alias:
            if elsewhere := self._elsewhere(phrase, phrase.hit.alias):
                return elsewhere
            who = self.listed(phrase.hit.alias.actor_id)
            if not who.sectors and phrase.title and phrase.title.sense:
                who = replace(who, sectors=self._sectors(phrase, phrase.title.sense))
            return Link(who, phrase.hit.method, phrase.hit.score)
        if phrase.is_name:
            titled = self._titled(phrase)
            return Link(titled, "role-table:surname", 0.8) if titled else Link(self.discovered(phrase), "discovered", phrase.hit.score)
        return self._role_link(phrase)

    def _elsewhere(self, phrase: Phrase, alias: Alias) -> Link | None:
        """'Peru's Congress': a name that is a common noun, too, means the body of the country that stands before it."""
        actor, noun = self._book.actor(alias.actor_id), alias.text.lower()
        country = self.country_of(hit for hit in phrase.qualifiers if hit.is_geographic)
        is_common = actor.kind == "organization" and noun in self._registry.common_nouns
        if not is_common or country in (None, actor.country) or actor.country is None:
            return None
        organ = self._registry.organ(country or "", noun, self._day)
        return Link(self.listed(organ) if organ else self.role(country, actor.sectors), "role+organ", 0.8)

    def _titled(self, phrase: Phrase) -> Who | None:
        """Who bears a lone surname and holds the office that stands before it: 'President Ortega'."""
        title = phrase.title.sense if phrase.title else None
        if title is None or self._day is None or phrase.hit.label != "person" or " " in phrase.hit.key or phrase.is_lesser:
            return None
        country = self.country_of(phrase.qualifiers)
        offices = self._book.offices_named(title.phrase.lower(), country) or ((title.office,) if title.office else ())
        bearer = self._registry.bearer(phrase.hit.key, offices, country, self._day, phrase.is_former)
        return self.listed(bearer) if bearer else None

    def discovered(self, phrase: Phrase) -> Who:
        """An actor that the book does not list, with the country and sectors that its title, apposition or name tells."""
        hit = phrase.hit
        country = self.country_of([*hit.within, *phrase.qualifiers])
        senses = [role.sense for role in (phrase.title, hit) if role and role.sense]
        sectors = self._sectors(phrase, senses[0]) if senses else ()
        kind = {"person": "person", "organization": "organization", "group": "group"}.get(hit.label)
        return Who(discovered_id(hit.key), hit.key, kind, country, sectors)

    def _role_link(self, phrase: Phrase) -> Link:
        owner = next((hit for hit in phrase.qualifiers if _is_owner(hit)), None)
        if owner and (not any(hit.is_geographic for hit in phrase.qualifiers) or phrase.qualifiers[0] is owner):
            head = self._head_of(phrase, owner)
            return Link(head, "role-table", 0.9) if head else self.link_by(phrase, owner)
        return self._link_of(phrase, self.country_of(phrase.qualifiers))

    def _head_of(self, phrase: Phrase, owner: Hit) -> Who | None:
        """'The UN secretary-general', 'the head of NATO': who leads the body on the day."""
        sense = phrase.hit.sense
        if owner.alias is None or self._day is None or sense is None or sense.kind != "person" or _is_unspecific(phrase):
            return None
        worldwide = self._book.holders(sense.office, None, self._day) if sense.office in UNIQUE_OFFICES else ()
        head = worldwide[0] if worldwide else self._registry.head(owner.alias.actor_id, sense.phrase, self._day)
        return self.listed(head) if head else None

    def link_by(self, phrase: Phrase, owner: Hit) -> Link:
        """The phrase's role as held in an organisation, which acts through it."""
        assert phrase.hit.sense is not None
        sectors = self._sectors(phrase, phrase.hit.sense)
        if owner.alias is None:
            country = self.country_of(owner.within)
            return Link(Who(discovered_id(owner.key), owner.key, owner.label, country, sectors), "role+organization", 0.5)
        organization = self.listed(owner.alias.actor_id)
        return Link(replace(organization, sectors=_merged(organization.sectors, sectors)), "role+organization", 0.75)

    def _link_of(self, phrase: Phrase, country: str | None) -> Link:
        sense = phrase.hit.sense
        assert sense is not None
        sectors = self._sectors(phrase, sense)
        if holder := self._holder(phrase, sense, country):
            return Link(holder, "role-table", 0.9)
        if country and sense.kind == "organization" and not _GOVERNMENTS.isdisjoint(sense.phrase.lower().split()) and sectors == ("GOV",):
            return Link(self.listed(country), "role+nationality", 0.9)
        if organ := self._organ(phrase, country):
            return Link(organ, "role+organ", 0.85)
        return Link(self.role(country, sectors), "role+nationality" if country else "role", 0.75 if country else 0.5)

    def _organ(self, phrase: Phrase, country: str | None) -> Who | None:
        """'Israel's army', 'the army of Israel': what the book lists as the Israeli army."""
        is_other = phrase.is_former or phrase.is_lesser or any(hit.sense or _is_owner(hit) for hit in phrase.qualifiers)
        if country is None or is_other:
            return None
        organ = self._registry.organ(country, phrase.hit.key, self._day)
        return self.listed(organ) if organ else None

    def _sectors(self, phrase: Phrase, sense: Sense) -> tuple[str, ...]:
        """A vague rank takes the sectors of the word that it goes with; who was once in power belongs to the elite."""
        others = [hit.sense.sectors for hit in phrase.qualifiers if hit.sense and hit.sense.sectors]
        sectors = sense.sectors
        if others and (not sectors or sectors[0] in _VAGUE):
            sectors = others[0]
        if phrase.is_former and sectors and sectors[0] in _ONCE_IN_POWER and sense.kind == "person":
            return ("ELI",)
        return sectors

    def _holder(self, phrase: Phrase, sense: Sense, country: str | None) -> Who | None:
        """The one who holds the office on the day; none for several, former, lesser or unspecific ones."""
        if _is_unspecific(phrase) or country is None or sense.kind != "person":
            return None
        offices = self._book.offices_named(sense.phrase.lower(), country) or ((sense.office,) if sense.office else ())
        return next((holder for office in offices if (holder := self._holder_of(office, country))), None)

    def _holder_of(self, office: str, country: str) -> Who | None:
        if self._day is None or office not in UNIQUE_OFFICES:
            return None
        states = (country, _PREDECESSORS[country]) if country in _PREDECESSORS else (country,)
        holders = [holder for state in states for holder in self._book.holders(office, state, self._day)]
        return self.listed(holders[0]) if holders else None

    def counterpart(self, who: Who, country: str) -> Who | None:
        """Who holds the office of an actor in another country."""
        roles = self._book.roles(who.actor_id) if who.actor_id else ()
        offices = [role.office for role in roles if role.office and role.period.covers(self._day)]
        return next((holder for office in offices if (holder := self._holder_of(office, country))), None)

    def link_in(self, phrase: Phrase, country: str) -> Link:
        """The phrase's role as held in a country that the document, not the phrase, tells."""
        one = Phrase(phrase.start, phrase.end, phrase.head, phrase.hit, is_former=phrase.is_former, is_lesser=phrase.is_lesser)
        one.qualifiers = [hit for hit in phrase.qualifiers if hit.sense]
        link = self._link_of(one, country)
        return replace(link, method="role+context" if link.method == "role+nationality" else link.method, score=link.score - 0.1)

    def member_countries(self, phrase: Phrase) -> tuple[str, ...]:
        """The members of an organisation whose office-holders a plural speaks of: 'the EU foreign ministers'."""
        owner = next((hit.alias for hit in phrase.qualifiers if hit.alias and hit.label == "organization"), None)
        has_office = phrase.hit.sense is not None and phrase.hit.sense.office is not None
        members = self._book.members(owner.actor_id, self._day) if owner and has_office and self._day else ()
        return members if len(members) <= _MOST_MEMBERS else ()

    def group(self, link: Link, members: Iterable[Who | None]) -> Link:
        """A group without an id of its own; it keeps the role that its phrase tells."""
        countries = {member.country for member in members if member}
        country = countries.pop() if len(countries) == 1 else None
        return Link(Who(None, None, "group", country, link.who.sectors if link.who else ()), "group", 0.7)


def _is_unspecific(phrase: Phrase) -> bool:
    """Whether it speaks of several, former, lesser or any holders of an office."""
    return bool(phrase.is_plural or phrase.members or phrase.is_former or phrase.is_lesser or phrase.is_indefinite)


def _is_owner(hit: Hit) -> bool:
    """An organisation whose members or organs act for it; of names that the book lacks, none that may be a creed or people."""
    return hit.label == "organization" or (hit.label == "group" and hit.alias is not None)


def discovered_id(name: str) -> str:
    """A stable id for a name that the book does not list."""
    return "discovered:" + re.sub(r"[^a-z0-9]+", "-", plain(name).lower()).strip("-")


def _merged(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
