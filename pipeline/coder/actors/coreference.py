"""Who is meant by mentions that their own words do not tell: ranks without a country, nationalities, groups, pronouns.

*Unsure stays open*: where two candidates fit about as well, a mention keeps no actor, or only its role.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from pipeline.coder.actors.hits import Hit
from pipeline.coder.actors.identity import Identifier, Who
from pipeline.coder.actors.lexicon import COUNTERPART, COUNTRIES, GROUP_SIZES, OF_OTHERS
from pipeline.coder.actors.mentions import Mention
from pipeline.coder.actors.pronouns import PronounLinker
from pipeline.coder.syntax import Syntax

_GENERIC_BODIES = frozenset(
    {
        "company", "group", "organization", "organisation", "party", "firm", "agency", "bank", "union", "newspaper", "alliance", "bloc",
        "rights group", "human rights group", "watchdog", "charity", "militia", "militant group", "rebel group", "insurgent group",
        "armed group", "terrorist group", "movement", "think tank", "carmaker", "airline", "broadcaster", "regulator",
    }
)  # fmt: skip
# Sectors that the press tells apart less sharply than the codebook: a rights group may be listed as an NGO.
_AKIN = ({"NGO", "HRI", "SOC", "DEV", "ENV"}, {"REB", "UAF", "PRM", "IMG", "CRM"}, {"BUS", "MNC", "MED"})
_LISTED_NEAR = 3  # sentences back in which countries were named together
_NEAR = 2  # sentences within which a nationality takes up a person again


class Resolver:
    """Reads the mentions of a document in order and links those that need what was said before."""

    def __init__(self, syntax: Syntax, identifier: Identifier) -> None:
        self._syntax = syntax
        self._identifier = identifier
        self._seen: list[Mention] = []
        self._ranks: dict[str, dict[str | None, Mention]] = {}  # rank as spoken -> persons who were given it
        self._roles: dict[str, dict[str | None, Mention]] = {}  # role noun -> those of a known country or organisation
        self._pronouns = PronounLinker(syntax)

    def resolve(self, mentions: Sequence[Mention]) -> None:
        """Sets the links and members of the mentions, which are in text order."""
        for number, mention in enumerate(mentions):
            if mention.form == "pronoun":
                self._pronouns.link(mention, self._seen, mentions)
            elif mention.link.method == "modifier":
                pass
            elif mention.phrase and mention.phrase.hit.use in ("demonym", "adjective") and mention.who and mention.who.kind == "country":
                self._link_nationality(mention)
            elif mention.form == "nominal":
                self._link_nominal(mention, mentions[number + 1 : number + 4])
            self._remember(mention)

    def _remember(self, mention: Mention) -> None:
        self._seen.append(mention)
        self._pronouns.learn_gender(mention, self._identifier.genders)
        phrase = mention.phrase
        if phrase and phrase.title and phrase.title.sense and mention.who and mention.who.kind == "person":
            for rank in (phrase.title.sense.phrase, *phrase.title.sense.phrase.split()[-1:]):
                self._ranks.setdefault(rank, {})[mention.who.actor_id] = mention

        elif mention.form == "nominal" and phrase and phrase.hit.sense and mention.who and mention.who.country and mention.who.actor_id:
            self._roles.setdefault(phrase.hit.sense.phrase, {})[mention.who.actor_id] = mention

    # ------------------------------------------------------------ role nouns

    def _link_nominal(self, mention: Mention, following: Sequence[Mention]) -> None:
        phrase = mention.phrase
        assert phrase is not None and phrase.hit.sense is not None
        owner = self._pronouns.antecedent(phrase.possessor, self._seen) if phrase.possessor is not None else None
        if phrase.hit.sense.phrase == COUNTERPART and not phrase.is_plural:
            self._link_counterpart(mention, owner)
            return
        if phrase.hit.sense.phrase in OF_OTHERS:
            owner = None
        if owner and owner.who and owner.who.country and not (mention.who and mention.who.country):
            mention.link = self._identifier.link_in(phrase, owner.who.country)
        if (phrase.is_plural or phrase.members) and (members := self._members(mention, following)):
            mention.members = members
            mention.link = self._identifier.group(mention.link, [member.who for member in members])
        elif mention.link.method != "role-table" and phrase.is_definite and (found := self._told_before(mention)):
            mention.relink(found.who, "coreference:nominal", 0.7)

    def _told_before(self, mention: Mention) -> Mention | None:
        """The one mention before that a definite role noun takes up."""
        assert mention.phrase is not None
        if mention.phrase.is_plural:
            return None if mention.phrase.qualifiers else self._role_again(mention)
        return self._person_of_rank(mention) or self._body_of_kind(mention) or self._role_again(mention)

    def _link_counterpart(self, mention: Mention, owner: Mention | None) -> None:
        """'His American counterpart': who holds his office there."""
        if owner is None and self._seen and self._seen[-1].sentence == mention.sentence:
            owner = next((seen for seen in self._seen if seen.sentence == mention.sentence and seen.is_person), None)
        country = mention.who.country if mention.who else None
        if owner and owner.who and country and (who := self._identifier.counterpart(owner.who, country)):
            mention.relink(who, "role-table:counterpart", 0.75)

    def _person_of_rank(self, mention: Mention) -> Mention | None:
        """The only person of the document who has the rank: 'the minister' after one minister was named."""
        assert mention.phrase and mention.phrase.hit.sense
        sense, country = mention.phrase.hit.sense, mention.who.country if mention.who else None
        if sense.kind != "person" or mention.phrase.is_lesser or any(hit.sense for hit in mention.phrase.qualifiers):
            return None
        found = {
            key: named
            for key, named in self._ranks.get(sense.phrase, {}).items()
            if not country or named.who and named.who.country == country
        }
        if not found and country:
            found = self._persons_of(country, lambda who: set(sense.sectors) <= set(who.sectors))
        return next(iter(found.values())) if len(found) == 1 else None

    def _role_again(self, mention: Mention) -> Mention | None:
        """'The embassy', where only one country's embassy was spoken of."""
        assert mention.phrase and mention.phrase.hit.sense
        if mention.who is None or mention.who.country or mention.phrase.possessor is not None:
            return None
        found = self._roles.get(mention.phrase.hit.sense.phrase, {})
        return next(iter(found.values())) if len(found) == 1 else None

    def _persons_of(self, country: str, fits: Callable[[Who], bool]) -> dict[str | None, Mention]:
        persons = (named for named in self._seen if named.form == "name" and named.who and named.who.kind == "person")
        return {named.who.actor_id: named for named in persons if named.who and named.who.country == country and fits(named.who)}

    def _body_of_kind(self, mention: Mention) -> Mention | None:
        """The only named body that 'the court' or 'the company' can be: of that name, or of that kind where the word says no more."""
        assert mention.phrase and mention.phrase.hit.sense
        sense = mention.phrase.hit.sense
        if sense.kind == "person" or mention.phrase.qualifiers:
            return None
        named = [other for other in self._seen if other.form == "name" and other.who and other.who.kind in ("organization", "group")]
        fitting = {o.who.actor_id: o for o in named if o.who and o.who.name and o.who.name.lower().endswith(f" {sense.phrase}")}
        if not fitting and sense.phrase in _GENERIC_BODIES:
            fitting = {
                o.who.actor_id: o
                for o in named
                if o.who and (not sense.sectors or not o.who.sectors or _are_akin(sense.sectors, o.who.sectors))
            }
            if len(fitting) > 1:
                fitting = {key: o for key, o in fitting.items() if o.is_subject and mention.sentence - o.sentence == 1}
        return next(iter(fitting.values())) if len(fitting) == 1 else None

    # ------------------------------------------------------------ nationalities

    def _link_nationality(self, mention: Mention) -> None:
        """'The American' is the last American spoken of; 'Russians' are people of Russia."""
        assert mention.who and mention.who.country and mention.phrase
        country = mention.who.country
        word = self._syntax.lowers[mention.head]
        mention.is_plural = self._syntax.tags[mention.head] in ("NNS", "NNPS") or word.endswith(("sh", "ch", "ese", "ss"))
        mention.form = "nominal"
        near = {
            key: named for key, named in self._persons_of(country, lambda who: True).items() if mention.sentence - self._last(key) <= _NEAR
        }
        if not mention.is_plural and mention.phrase.is_definite and len(near) == 1:
            mention.relink(next(iter(near.values())).who, "coreference:nationality", 0.75)
        else:
            mention.relink(self._identifier.role(country, ("CVL",)), "nationality", 0.6)

    def _last(self, actor_id: str | None) -> int:
        return max(other.sentence for other in self._seen if other.who and other.who.actor_id == actor_id)

    # ------------------------------------------------------------ groups

    def _members(self, mention: Mention, following: Sequence[Mention]) -> list[Mention]:
        assert mention.phrase and mention.phrase.hit.sense
        phrase, sense = mention.phrase, mention.phrase.hit.sense
        if named := self._named_behind(mention, following):
            return named
        if phrase.members:
            return [self._listed_member(mention, hit) for hit in phrase.members]
        if sense.phrase == COUNTRIES:
            return self._countries_before(mention, GROUP_SIZES[self._syntax.lowers[phrase.hit.start]])
        if group := next((hit for hit in phrase.qualifiers if hit.sense and hit.sense.phrase == COUNTRIES), None):
            size = GROUP_SIZES[self._syntax.lowers[group.start]]
            countries = self._countries_before(mention, size)
            return self._holders(mention, [country.who.country for country in countries if country.who and country.who.country])
        size = next((GROUP_SIZES[w] for w in self._syntax.lowers[phrase.start : phrase.hit.start] if w in GROUP_SIZES), 0)
        if size and sense.kind == "person" and not phrase.qualifiers:
            return self._persons_before(mention, size, set(sense.sectors))
        return self._holders(mention, self._identifier.member_countries(phrase))

    def _named_behind(self, mention: Mention, following: Sequence[Mention]) -> list[Mention]:
        """'both presidents, the Russian Vladimir Putin and the American Joe Biden': those that follow are the members."""
        assert mention.phrase and mention.phrase.hit.sense
        named: list[Mention] = []
        end = mention.end
        for other in following:
            between = set(self._syntax.lowers[end : other.start])
            if not between <= {",", "and", ":", "-"} or not other.who or other.who.kind != "person":
                break
            named.append(other)
            end = other.end
        return named if len(named) > 1 and mention.phrase.hit.sense.kind == "person" else []

    def _holders(self, mention: Mention, countries: Iterable[str]) -> list[Mention]:
        """Those who hold the phrase's office in each country, or its role there."""
        assert mention.phrase is not None
        holders = []
        for country in dict.fromkeys(countries):
            member = mention.at(mention.start, mention.end)
            member.link = self._identifier.link_in(mention.phrase, country)
            member.is_plural = False
            holders.append(member)
        return holders

    def _listed_member(self, mention: Mention, hit: Hit) -> Mention:
        """One of 'Ethiopian, Mozambican and South African troops'; the last keeps the noun."""
        assert mention.phrase and hit.alias
        phrase = mention.phrase
        is_last = hit is phrase.members[-1] and hit.end <= phrase.hit.start
        member = mention.at(hit.start, phrase.hit.end if is_last else hit.end)
        country = self._identifier.country_of([hit]) if hit.is_geographic else None
        member.link = self._identifier.link_in(phrase, country) if country else self._identifier.link_by(phrase, hit)
        member.is_plural = False
        return member

    def _countries_before(self, mention: Mention, size: int) -> list[Mention]:
        """The countries last named together, else those that the document has spoken of most; none where more tie for the place."""
        if together := self._last_listed(mention.sentence, size):
            return together
        counts: Counter[str] = Counter()
        for other in self._seen:
            if other.who and other.who.country and other.who.kind in ("country", "person") and not other.is_location:
                counts[other.who.country] += 1
        ranked = [country for country, _ in counts.most_common()]
        if len(ranked) < size or (len(ranked) > size and counts[ranked[size]] == counts[ranked[size - 1]]):
            return []
        return [self._as_country(mention, country) for country in sorted(ranked[:size])]

    def _last_listed(self, sentence: int, size: int) -> list[Mention]:
        """The countries, exactly so many, that a near sentence named."""
        for near in range(sentence, sentence - _LISTED_NEAR - 1, -1):
            spoken = [m for other in self._seen if other.sentence == near and not other.is_location for m in (other.members or (other,))]
            countries = {m.who.country: m for m in spoken if m.who and m.who.country and m.who.kind in ("country", "role", "person")}
            named = {country for country, m in countries.items() if m.who and m.who.kind != "person"}
            if len(named) == size:
                return [self._as_country(countries[country], country) for country in countries if country in named]
        return []

    def _as_country(self, mention: Mention, country: str) -> Mention:
        member = mention.at(mention.start, mention.end)
        member.relink(self._identifier.listed(country), "group", 0.7)
        member.is_plural = False
        return member

    def _persons_before(self, mention: Mention, size: int, sectors: set[str]) -> list[Mention]:
        """The last persons spoken of who fit: 'the two leaders'."""
        persons: dict[str | None, Mention] = {}
        for other in reversed(self._seen):
            if other.who and sectors.isdisjoint(other.who.sectors):
                continue
            if other.form == "name" and other.who and other.who.kind == "person" and mention.sentence - other.sentence <= 2 * _NEAR:
                persons.setdefault(other.who.actor_id, other)
            if len(persons) == size:
                return list(reversed(persons.values()))
        return []


def _are_akin(first: Iterable[str], second: Iterable[str]) -> bool:
    """Whether two actors' sectors meet, or belong together."""
    one, other = set(first), set(second)
    return bool(one & other) or any(one & kin and other & kin for kin in _AKIN)
