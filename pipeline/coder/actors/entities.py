"""spaCy's entities that the actor book does not name.

*Longest wins*: a name of the book inside the longer name of a person is not a hit of its own.
*One label a document*: a name keeps one kind throughout, by vote.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import SequenceMatcher

from pipeline.codebook.actor_book import Alias
from pipeline.coder.actors.hits import FIGURES, At, Hit
from pipeline.coder.actors.lexicon import Lexicon, name_skeleton, plain
from pipeline.coder.syntax import Syntax

_LABELS = {"PERSON": "person", "ORG": "organization", "GPE": "place", "NORP": "group", "FAC": "place", "LOC": "place"}
_ARGUMENTS = frozenset({"nsubj", "nsubjpass", "dobj", "dative", "poss"})
_SMALL_WORDS = frozenset({"the", "of", "and", "for", "'s", "'", "&", "on", "in", "a", "-", ",", "to"})
_HONORIFICS = frozenset(
    "mr mrs ms miss dr sir lord lady dame prof gen lt col maj capt sgt adm rev fr gov sen rep sheikh mullah ayatollah imam "
    "mr. mrs. ms. dr. prof. gen. lt. col. maj. capt. sgt. adm. rev. gov. sen. rep.".split()
)
_COMPASS = frozenset(
    "north south east west northern southern eastern western northeastern northwestern southeastern southwestern central upper lower "
    "mainland greater".split()
)
_CURRENCIES = frozenset("dollar dollars dlr dlrs yen euro euros pound pounds sterling franc francs mark marks eur usd gbp".split())
# From this share of equal letters on, two full names of one sound are taken for transliterations of each other, and two given
# names for forms of one.
_LIKENESS = 0.74
_GIVEN_LIKENESS = 0.6


def find_entities(syntax: Syntax, lexicon: Lexicon, at: At) -> Iterator[Hit]:
    """Hits for what the book does not name, given the hits so far; also for proper nouns that spaCy left without a label."""
    labels = _voted_labels(syntax)
    for start, end in _entities(syntax):
        if found := _entity_hit(syntax, lexicon, at, start, end, labels[tuple(syntax.words[start:end])]):
            yield found
    for start, end in (*_unlabelled(syntax, at), *_bracketed(syntax, at)):
        yield _unlabelled_hit(syntax, start, end)


def _entities(syntax: Syntax) -> Iterator[tuple[int, int]]:
    """Spans of entities that may be actors, without articles before and possessives behind."""
    for start, is_start in enumerate(syntax.entity_starts):
        if not is_start or syntax.entities[start] not in _LABELS or syntax.sentences[start] in syntax.caseless:
            continue
        end = start + 1
        while end < len(syntax.words) and syntax.entities[end] and not syntax.entity_starts[end]:
            end += 1
        if "(" in syntax.words[start:end]:
            end = start + syntax.words[start:end].index("(")
        while start < end and (
            syntax.lowers[start] in _HONORIFICS or syntax.tags[start] in ("DT", "_SP", "HYPH") or not syntax.words[start][0].isalnum()
        ):
            start += 1
        while end > start and (syntax.tags[end - 1] in ("POS", "_SP", "HYPH", ".", ",") or not syntax.words[end - 1][0].isalnum()):
            end -= 1
        if start < end and syntax.lowers[end - 1] not in _CURRENCIES and any(word[0].isupper() for word in syntax.words[start:end]):
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
    inside = list(dict.fromkeys(at[token] for token in range(start, end) if token in at))
    names = [hit for hit in inside if hit.label != "role"]
    if label == "GPE" and names and names[0].start > start and syntax.tags[start] == "NNP" and syntax.lowers[start] not in _COMPASS:
        return Hit(start, end, "place", "discovered", 0.5, key=" ".join(syntax.words[start:end]))  # New Jersey is not Jersey
    if names and _is_longer(syntax, lexicon, names, end):
        return Hit(start, end, "organization", "discovered", 0.5, key=" ".join(syntax.words[start:end]), within=names[1:])
    if any(hit.start < start or hit.end > end or not hit.is_geographic for hit in names) or (names and label != "ORG"):
        return None
    rest = [token for token in range(start, end) if token not in at and syntax.lowers[token] not in _SMALL_WORDS]
    if (inside and not rest) or (len(names) > 1 and "and" in syntax.lowers[start:end]):
        return None
    name = " ".join(syntax.words[start:end])
    sense = next((hit.sense for hit in reversed(inside) if hit.sense), None)
    return Hit(start, end, _LABELS[label], "discovered", 0.5, key=name, sense=sense, within=names)


def _is_longer(syntax: Syntax, lexicon: Lexicon, names: list[Hit], end: int) -> bool:
    """Whether a known name only begins a longer one: the National Resistance Front of another place."""
    first = names[0]
    if first.label not in ("organization", "group") or first.alias is None or syntax.lowers[first.end : first.end + 1] != ["of"]:
        return False
    behind = [token for token in range(first.end + 1, end) if syntax.tags[token] in ("NNP", "NNPS")]
    country = lexicon.book.actors[first.alias.actor_id].country
    return bool(behind) and all(hit.alias is None or hit.alias.actor_id != country for hit in names[1:])


def _person_hit(syntax: Syntax, lexicon: Lexicon, at: At, start: int, end: int) -> Hit | None:
    while start < end - 1 and start in at and _leads(at[start]) and at[start].end < end:
        start = at[start].end
    listed = at.get(start)
    if listed and listed.alias and listed.label in ("organization", "group") and listed.start == start and listed.end >= end:
        return None  # what is listed by its whole name is no person: Boko Haram
    if end - start == 1 and start in at:
        return None
    given, hit = syntax.words[start], at.get(end - 1)
    is_known = hit is not None and hit.label == "person" and hit.alias is not None
    if hit and hit.alias and is_known and (hit.end - hit.start > 1 or _is_given_name_of(lexicon, hit.alias, given)):
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
    is_initial = given[1:2] == "." and given[0] == full[0][0]
    return is_initial or SequenceMatcher(None, full[0].lower(), plain(given).lower()).ratio() >= _GIVEN_LIKENESS


def _known_by_sound(lexicon: Lexicon, words: list[str], start: int, end: int) -> Hit | None:
    """A person of the book whose full name is written otherwise here: Alexei Navalni."""
    if len(words) < 2:
        return None
    name = plain(" ".join(words)).lower()
    candidates = lexicon.full_names.get((name_skeleton(words[-1]), name_skeleton(words[0])[:1]), ())
    alike = {alias for full, alias in candidates if _is_alike(full.lower(), name)}
    if len({alias.actor_id for alias in alike}) != 1:
        return None
    return Hit(start, end, "person", "alias:transliteration", 0.85, min(alike, key=lambda alias: alias.text))


def _is_alike(full: str, name: str) -> bool:
    """Alike as a whole and by surname: Ibrahim Touré is not Ibrahim Traoré."""
    surnames = SequenceMatcher(None, full.split()[-1], name.split()[-1])
    return surnames.ratio() >= _LIKENESS and SequenceMatcher(None, full, name).ratio() >= _LIKENESS


def _unlabelled(syntax: Syntax, at: At) -> Iterator[tuple[int, int]]:
    """Proper nouns that are arguments of a verb, though spaCy saw no entity: 'The ELN has said'."""
    for head, tag in enumerate(syntax.tags):
        if tag != "NNP" or head in at or not _is_argument(syntax, head) or syntax.entities[head] in FIGURES | _LABELS.keys():
            continue
        start = head
        while start > 0 and syntax.tags[start - 1] == "NNP" and syntax.deps[start - 1] == "compound" and start - 1 not in at:
            start -= 1
        if start > 0 and syntax.tags[start - 1] in ("CD", "$", "SYM"):
            continue
        if syntax.words[head][0].isupper() and syntax.words[head].isalpha() and not any(token in at for token in range(start, head + 1)):
            yield start, head + 1


def _is_argument(syntax: Syntax, head: int) -> bool:
    """Whether a verb or deed has the word as its party: 'accused X', 'a case against X'."""
    dep, governor = syntax.deps[head], syntax.heads[head]
    return dep in _ARGUMENTS or (dep == "pobj" and syntax.lowers[governor] in ("against", "with", "by"))


def _bracketed(syntax: Syntax, at: At) -> Iterator[tuple[int, int]]:
    """The PKK of 'Kurdistan Workers' Party (PKK)'."""
    for opening, word in enumerate(syntax.words[:-2]):
        if word == "(" and syntax.words[opening + 2] == ")" and opening - 1 in at and opening + 1 not in at:
            acronym = syntax.words[opening + 1]
            if acronym.isupper() and acronym.isalpha() and at[opening - 1].label in ("organization", "group", "country"):
                yield opening + 1, opening + 2


def _unlabelled_hit(syntax: Syntax, start: int, end: int) -> Hit:
    label = "organization" if syntax.words[end - 1].isupper() or end - start > 1 else "person"
    return Hit(start, end, label, "discovered", 0.4, key=" ".join(syntax.words[start:end]))
