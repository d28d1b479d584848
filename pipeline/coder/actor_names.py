"""Names and role nouns in a text: aliases of the actor book, and spaCy's entities where no alias covers them.

*Longest wins*: an alias inside a longer alias, or inside the longer name of a person, is not a hit of its own.
*One label a document*: a name keeps one kind throughout; the surname of a person's full name is that person.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from pipeline.codebook.actors import Alias
from pipeline.coder.lexicon import Lexicon, Sense, name_skeleton, plain
from pipeline.coder.syntax import NOUN_TAGS, Syntax

GEOGRAPHIC = frozenset({"adjective", "demonym", "capital", "metonym"})
_LABELS = {"PERSON": "person", "ORG": "organization", "GPE": "place", "NORP": "group", "FAC": "place", "LOC": "place"}
_FIGURES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "CARDINAL", "ORDINAL"})
_NAME_TAGS = NOUN_TAGS | {"JJ", "FW", "NFP", "ADD"}
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "dative", "poss"})
_SMALL_WORDS = frozenset({"the", "of", "and", "for", "'s", "'", "&", "on", "in", "a", "-", ",", "to"})
# From this share of equal letters on, two names of one sound are taken for transliterations of each other.
_LIKENESS = 0.74


@dataclass(slots=True, eq=False)
class Hit:
    """A name or role noun, from token start to before end."""

    start: int
    end: int
    label: str  # person, organization, group, country, place (a town or building, no actor by itself) or role
    method: str
    score: float
    alias: Alias | None = None  # None for role nouns and for names that the book does not know
    sense: Sense | None = None  # of a role noun, or of the one inside a discovered name: the 'court' of Tis Hazari Court
    key: str = ""  # a discovered name in full
    within: list["Hit"] = field(default_factory=list)  # aliases inside a discovered name: the 'Delhi' of Delhi High Court

    @property
    def use(self) -> str:
        return self.alias.alias_type if self.alias else ""

    @property
    def is_geographic(self) -> bool:
        """Whether it names a country, by whatever word."""
        return self.label == "country"


At = dict[int, Hit]


def find_hits(syntax: Syntax, lexicon: Lexicon, day: date | None) -> list[Hit]:
    """All names and role nouns in text order, none overlapping another."""
    at: At = {}
    for hit in _alias_hits(syntax, lexicon, day):
        _place(at, hit)
    for hit in _role_hits(syntax, lexicon, at):
        _place(at, hit)
    labels = _voted_labels(syntax)
    for start, end in _entities(syntax):
        if found := _entity_hit(syntax, lexicon, at, start, end, labels[tuple(syntax.words[start:end])]):
            _place(at, found)
    for start, end in _unlabelled(syntax, at):
        _place(at, _unlabelled_hit(syntax, start, end))
    _spread_surnames(syntax, at)
    return sorted(set(at.values()), key=lambda hit: hit.start)


def _place(at: At, hit: Hit) -> None:
    for token in range(hit.start, hit.end):
        if (other := at.get(token)) is not None and other is not hit:
            for covered in range(other.start, other.end):
                at.pop(covered, None)
    at.update(dict.fromkeys(range(hit.start, hit.end), hit))


# ---------------------------------------------------------------- aliases


def _alias_hits(syntax: Syntax, lexicon: Lexicon, day: date | None) -> Iterator[Hit]:
    words, names, after = syntax.words, lexicon.names, 0
    for start, word in enumerate(words):
        if word not in names or start < after:
            continue
        for tokens, aliases in names[word]:
            end = start + len(tokens)
            if len(tokens) > 1 and tuple(words[start:end]) != tokens:
                continue
            if (alias := _valid(aliases, day, syntax.tags[start])) and _reads_as_name(syntax, start, end):
                after = end
                yield _alias_hit(lexicon, start, end, alias)
                break


def _alias_hit(lexicon: Lexicon, start: int, end: int, alias: Alias) -> Hit:
    method = f"alias:{alias.alias_type}" if alias.alias_type in ("surname", "nickname", "transliteration") else "alias"
    return Hit(start, end, lexicon.book.actors[alias.actor_id].kind, method, 0.9 if ":" in method else 1.0, alias)


def _valid(aliases: tuple[Alias, ...], day: date | None, tag: str) -> Alias | None:
    """The alias valid on the day. Without a day several may be: then the one valid until now, else none."""
    valid = [alias for alias in aliases if alias.period.covers(day)]
    if len({alias.actor_id for alias in valid}) > 1:
        valid = [alias for alias in valid if alias.period.last is None]
    if len({alias.actor_id for alias in valid}) != 1:
        return None
    wanted = "adjective" if tag == "JJ" else "demonym"
    return next((alias for alias in valid if alias.alias_type == wanted), valid[0])


def _reads_as_name(syntax: Syntax, start: int, end: int) -> bool:
    """A single word must be tagged like a name, and be no part of a date or figure, as May and March may be."""
    label = syntax.entities[start]
    return label not in _FIGURES and (end - start > 1 or syntax.tags[start] in _NAME_TAGS or label != "")


# ---------------------------------------------------------------- role nouns


def _role_hits(syntax: Syntax, lexicon: Lexicon, at: At) -> Iterator[Hit]:
    lowers, nominals, after = syntax.lowers, lexicon.nominals, 0
    for start, lower in enumerate(lowers):
        if start < after or (lower not in nominals and syntax.words[start] not in nominals) or (start in at and at[start].end > start + 1):
            continue
        for tokens, senses in nominals.get(lower) or nominals[syntax.words[start]]:
            end = _match_role(syntax, at, tokens, start)
            if end and _reads_as_noun(syntax, start, end) and all(at[t].end - at[t].start < end - start for t in range(start, end) if t in at):
                after = end
                within = list(dict.fromkeys(at[token] for token in range(start, end) if token in at))
                yield Hit(start, end, "role", "role", 0.7, sense=_sense(senses, syntax.tags[syntax.root(start, end)]), within=within)
                break


def _match_role(syntax: Syntax, at: At, tokens: tuple[str, ...], start: int) -> int | None:
    """The end of a phrase that begins at start. Nationality may stand inside: 'head of Russian diplomacy'."""
    position, spoken = start, syntax.lowers
    for number, token in enumerate(tokens):
        while number and position < len(spoken) and spoken[position] != token and _may_skip(syntax, at, tokens, position):
            position += 1
        if position >= len(spoken) or (spoken[position] if token.islower() or not token.isalpha() else syntax.words[position]) != token:
            return None
        position += 1
    return position


def _may_skip(syntax: Syntax, at: At, tokens: tuple[str, ...], position: int) -> bool:
    return "of" in tokens and (syntax.lowers[position] in ("the", "'s") or (position in at and at[position].label == "country"))


def _reads_as_noun(syntax: Syntax, start: int, end: int) -> bool:
    head = syntax.root(start, end)
    tag = syntax.tags[head]
    return tag in NOUN_TAGS or (tag in ("JJ", "VBG", "VBN") and syntax.deps[head] in ("nsubj", "nsubjpass", "dobj", "pobj", "conj"))


def _sense(senses: tuple[Sense, ...], tag: str) -> Sense:
    return next((sense for sense in senses if sense.is_plural is None or sense.is_plural == (tag in ("NNS", "NNPS"))), senses[0])


# ---------------------------------------------------------------- entities


def _entities(syntax: Syntax) -> Iterator[tuple[int, int]]:
    """Spans of entities that may be actors, without articles before and possessives behind."""
    for start, is_start in enumerate(syntax.entity_starts):
        if not is_start or syntax.entities[start] not in _LABELS:
            continue
        end = start + 1
        while end < len(syntax.words) and syntax.entities[end] and not syntax.entity_starts[end]:
            end += 1
        while start < end and (syntax.tags[start] in ("DT", "_SP", "HYPH") or not syntax.words[start][0].isalnum()):
            start += 1
        while end > start and (syntax.tags[end - 1] in ("POS", "_SP", "HYPH", ".", ",") or not syntax.words[end - 1][0].isalnum()):
            end -= 1
        if start < end and any(word[0].isupper() for word in syntax.words[start:end]):
            yield start, end


def _voted_labels(syntax: Syntax) -> dict[tuple[str, ...], str]:
    votes: defaultdict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for start, end in _entities(syntax):
        votes[tuple(syntax.words[start:end])][syntax.entities[start]] += 1
    order = list(_LABELS)
    return {name: max(count, key=lambda label: (count[label], -order.index(label))) for name, count in votes.items()}


def _entity_hit(syntax: Syntax, lexicon: Lexicon, at: At, start: int, end: int, label: str) -> Hit | None:
    """The hit that an entity adds to those found by the book; None where they suffice."""
    if label == "PERSON":
        return _person_hit(syntax, lexicon, at, start, end)
    inside = [hit for hit in dict.fromkeys(at[token] for token in range(start, end) if token in at)]
    names = [hit for hit in inside if hit.label != "role"]
    if any(hit.start < start or hit.end > end or not hit.is_geographic for hit in names) or (names and label != "ORG"):
        return None
    rest = [token for token in range(start, end) if token not in at and syntax.lowers[token] not in _SMALL_WORDS]
    if (inside and not rest) or (len(names) > 1 and "and" in syntax.lowers[start:end]):
        return None
    name = " ".join(syntax.words[start:end])
    sense = next((hit.sense for hit in reversed(inside) if hit.sense), None)
    return Hit(start, end, _LABELS[label], "discovered", 0.5, key=name, sense=sense, within=names)


def _person_hit(syntax: Syntax, lexicon: Lexicon, at: At, start: int, end: int) -> Hit | None:
    while start < end - 1 and start in at and _leads(at[start]) and at[start].end < end:
        start = at[start].end
    if end - start == 1 and start in at:
        return None
    given, hit = syntax.words[start], at.get(end - 1)
    if hit is not None and hit.label == "person" and hit.alias:
        if hit.end - hit.start > 1 or _is_given_name_of(lexicon, hit.alias, given):
            return None if hit.start <= start else Hit(start, hit.end, "person", hit.method, 0.95, hit.alias)
    if any(token in at and (at[token].end > end or at[token].start < start) for token in range(start, end)):
        return None
    return _known_by_sound(lexicon, syntax.words[start:end], start, end) or Hit(
        start, end, "person", "discovered", 0.6, key=" ".join(syntax.words[start:end])
    )


def _leads(hit: Hit) -> bool:
    """What may stand before a person's name: a title, a nationality, an organisation."""
    return hit.label in ("role", "organization", "group") or hit.use in ("adjective", "demonym", "acronym")


def _is_given_name_of(lexicon: Lexicon, alias: Alias, given: str) -> bool:
    full = plain(lexicon.book.actors[alias.actor_id].name).split()
    return SequenceMatcher(None, full[0].lower(), plain(given).lower()).ratio() >= 0.6 or given[1:2] == "." and given[0] == full[0][0]


def _known_by_sound(lexicon: Lexicon, words: list[str], start: int, end: int) -> Hit | None:
    """A person of the book whose full name is written otherwise here: Alexei Navalni."""
    if len(words) < 2:
        return None
    name = plain(" ".join(words)).lower()
    candidates = lexicon.full_names.get((name_skeleton(words[-1]), name_skeleton(words[0])[:1]), ())
    alike = {alias for full, alias in candidates if SequenceMatcher(None, full.lower(), name).ratio() >= _LIKENESS}
    if len({alias.actor_id for alias in alike}) != 1:
        return None
    return Hit(start, end, "person", "alias:transliteration", 0.85, min(alike, key=lambda alias: alias.text))


def _unlabelled(syntax: Syntax, at: At) -> Iterator[tuple[int, int]]:
    """Proper nouns that are arguments of a verb, though spaCy saw no entity: 'The ELN has said'."""
    for head, tag in enumerate(syntax.tags):
        if tag != "NNP" or syntax.deps[head] not in _ARGUMENTS or head in at or syntax.entities[head] in _LABELS or syntax.entities[head] in _FIGURES:
            continue
        start = head
        while start > 0 and syntax.tags[start - 1] == "NNP" and syntax.deps[start - 1] == "compound" and start - 1 not in at:
            start -= 1
        if syntax.words[head][0].isupper() and not any(token in at for token in range(start, head + 1)):
            yield start, head + 1


def _unlabelled_hit(syntax: Syntax, start: int, end: int) -> Hit:
    label = "organization" if syntax.words[end - 1].isupper() else "person"
    return Hit(start, end, label, "discovered", 0.4, key=" ".join(syntax.words[start:end]))


# ---------------------------------------------------------------- surnames


def _spread_surnames(syntax: Syntax, at: At) -> None:
    """Makes every lone surname of a person named in full in the document that person."""
    full_names: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in dict.fromkeys(at.values()):
        if hit.label == "person" and hit.end - hit.start > 1:
            for part in _surname_parts(syntax.words[hit.start : hit.end]):
                full_names[part].append(hit)
                full_names[name_skeleton(part)].append(hit)
    if not full_names:
        return
    for token, word in enumerate(syntax.words):
        if word[0].isupper() and syntax.tags[token] in _NAME_TAGS and (person := _namesake(syntax, at, full_names, token)):
            method = person.method if person.alias and person.alias is (at[token].alias if token in at else None) else "coreference:surname"
            _place(at, Hit(token, token + 1, "person", method, 0.85, person.alias, key=person.key))


def _surname_parts(words: list[str]) -> list[str]:
    """Kim of Kim Jong-un, and the last word of everybody's name."""
    return [words[-1], words[0]] if len(words) > 3 and "-" in words else [words[-1]]


def _namesake(syntax: Syntax, at: At, full_names: dict[str, list[Hit]], token: int) -> Hit | None:
    word, hit = syntax.words[token], at.get(token)
    if hit and (hit.end - hit.start > 1 or hit.label == "role"):
        return None
    persons = full_names.get(word)
    if not persons and hit and hit.label == "person" and not hit.alias and len(skeleton := name_skeleton(word)) > 2:
        persons = full_names.get(skeleton)
    if not persons:
        return None
    before = [person for person in persons if person.start < token]
    if hit and hit.alias and hit.label != "person" and not before:
        return None
    return before[-1] if before else persons[0]
