"""The actor book as the coder searches it: names and role nouns by their first token.

*As tokenised*: every alias is cut by spaCy's own tokenizer, so that it can be compared with a text token by token.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from spacy.lang.en import English

from pipeline.codebook.actor_book import ActorBook, Alias, Nominal

_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "ð": "d", "þ": "th"}
)
_SPELLINGS = {
    "Organisation": "Organization", "Organisations": "Organizations", "Defence": "Defense", "Centre": "Center",
    "Labour": "Labor", "Programme": "Program",
}  # fmt: skip
_IRREGULAR = {"man": "men", "woman": "women", "child": "children", "wife": "wives", "person": "people"}
# 'His American counterpart' holds in America the office that he holds.
COUNTERPART = "counterpart"
# Whose these are says nothing of their country: "his colleague" may be of any other.
OF_OTHERS = frozenset(
    "colleague colleagues ally allies rival rivals neighbour neighbours opponent opponents enemy enemies friend friends".split()
)
# States spoken of together. With a number before them they are a group whose members the text has named.
COUNTRIES = "<countries>"  # of "both countries"; spelt so that no row of nominals.csv can be taken for it
_COUNTRY_GROUPS = tuple("countries nations states sides powers neighbours neighbors capitals governments parties rivals allies".split())
_SHORT = 3  # letters of acronyms such as US and WHO, which are words in another case
GROUP_SIZES = {"both": 2, "two": 2, "three": 3, "four": 4}


@dataclass(frozen=True, slots=True)
class Sense:
    """What a role noun means, and whether it stands for several people; None = either."""

    phrase: str
    sectors: tuple[str, ...]
    office: str | None
    kind: str  # person, group or organization
    is_plural: bool | None


Index = dict[str, list[tuple[tuple[str, ...], tuple[Alias, ...]]]]
"""First token -> the sequences that begin with it, longest first, and what they stand for."""


class Lexicon:
    """Names and role nouns of an actor book. Each index maps a first token to the sequences that begin with it, longest first."""

    def __init__(self, book: ActorBook) -> None:
        self.book = book
        english = English()
        self._cut = {text: _cut(english, text) for text in sorted(_texts(book))}
        self.names = _index((tokens, alias) for alias in book.aliases for tokens in _variants(self._cut[alias.text]))
        self.nominals = _index(_nominal_entries(book, self._cut))
        self.full_names = _full_names(book)

    @cached_property
    def caseless(self) -> Index:
        """Names in capitals, without those that are words when case does not tell; seldom needed."""
        return _index(
            (tuple(token.upper() for token in tokens), alias)
            for alias in self.book.aliases
            if alias.alias_type != "surname"
            for tokens in _variants(self._cut[alias.text])
            if len(tokens) > 1 or len(tokens[0]) > _SHORT
        )


def plain(text: str) -> str:
    """The text without diacritics."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED)) if not unicodedata.combining(c))


def name_skeleton(word: str) -> str:
    """What the transliterations of a name have in common: its consonants, by sound. Navalni and Navalny, Gadhafi and Qaddafi are one."""
    sound = plain(word).lower()
    for written, heard in _SOUNDS:
        sound = sound.replace(written, heard)
    consonants = [c for c in sound if c.isalpha() and c not in "aeiouyjhw"]
    return "".join(c for number, c in enumerate(consonants) if number == 0 or consonants[number - 1] != c)


_SOUNDS = (
    ("tsch", "c"), ("shch", "s"), ("sch", "s"), ("tch", "c"), ("dj", "j"), ("kh", "h"), ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"),
    ("ch", "c"), ("sh", "s"), ("zh", "z"), ("cz", "c"), ("sz", "s"), ("ts", "s"), ("x", "ks"), ("q", "k"), ("w", "v"),
)  # fmt: skip


def _cut(english: English, text: str) -> tuple[str, ...]:
    """The tokens of a text. Plain words need no tokenizer, which would take seconds over all names."""
    words = text.split()
    if all(word.isalpha() and word not in english.Defaults.tokenizer_exceptions for word in words):
        return tuple(words)
    return tuple(token.text for token in english.tokenizer(text))


def _texts(book: ActorBook) -> set[str]:
    return {alias.text for alias in book.aliases} | {nominal.phrase for nominal in book.nominals} | {p for p, _ in book.office_phrases}


def _variants(tokens: tuple[str, ...]) -> set[tuple[str, ...]]:
    """A name also without its article, without diacritics, with blanks for hyphens, and in American spelling."""
    if len(tokens) > 1 and tokens[0] in ("The", "the"):
        tokens = tokens[1:]
    if "-" not in tokens and "".join(tokens).isascii() and _SPELLINGS.keys().isdisjoint(tokens):
        return {tokens}
    variants = {tokens, tuple(plain(token) for token in tokens), tuple(_SPELLINGS.get(token, token) for token in tokens)}
    variants |= {tuple(word for word in variant if word != "-") for variant in variants}
    return {variant for variant in variants if variant}


def _index(entries: Iterable[tuple[tuple[str, ...], object]]) -> dict:  # type: ignore[type-arg]
    groups: defaultdict[tuple[str, ...], list[object]] = defaultdict(list)
    for tokens, entry in entries:
        if entry not in groups[tokens]:
            groups[tokens].append(entry)
    index: defaultdict[str, list[tuple[tuple[str, ...], tuple[object, ...]]]] = defaultdict(list)
    for tokens in sorted(groups, key=lambda tokens: (-len(tokens), tokens)):
        index[tokens[0]].append((tokens, tuple(groups[tokens])))
    return dict(index)


def _nominal_entries(book: ActorBook, cut: dict[str, tuple[str, ...]]) -> Iterator[tuple[tuple[str, ...], Sense]]:
    for number in GROUP_SIZES:
        yield from (((number, noun), Sense(COUNTRIES, (), None, "group", True)) for noun in _COUNTRY_GROUPS)
    yield (COUNTERPART,), Sense(COUNTERPART, ("GOV",), None, "person", False)
    yield (f"{COUNTERPART}s",), Sense(COUNTERPART, ("GOV",), None, "person", True)
    known = {COUNTERPART, f"{COUNTERPART}s"} | {nominal.phrase.lower() for nominal in book.nominals}
    sectors = {nominal.office: nominal.sectors for nominal in book.nominals if nominal.office}
    offices = {phrase: offices[0] for (phrase, _), offices in sorted(book.office_phrases.items(), key=str)}
    spoken = [Nominal(p, sectors.get(office, ("GOV",)), office, "person", "singular") for p, office in offices.items() if p not in known]
    persons = {" ".join(_plural(tuple(nominal.phrase.split()))) for nominal in book.nominals if nominal.kind == "person"}
    for nominal in (*(n for n in book.nominals if n.phrase != COUNTERPART), *spoken):
        tokens = cut.get(nominal.phrase) or tuple(nominal.phrase.split())
        if nominal.phrase == nominal.phrase.lower():
            tokens = tuple(token.lower() for token in tokens)
        kind = "person" if nominal.number == "plural" and nominal.phrase in persons else nominal.kind
        is_plural = {"singular": False, "plural": True, "both": None}[nominal.number]
        yield tokens, Sense(nominal.phrase, nominal.sectors, nominal.office, kind, is_plural)
        plural = _plural(tokens)
        if nominal.number == "singular" and " ".join(plural) not in known:
            yield plural, Sense(nominal.phrase, nominal.sectors, nominal.office, nominal.kind, True)


def _plural(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """Foreign ministers, heads of state, ambassadors to the UN."""
    head = next((number for number, token in enumerate(tokens) if token in ("of", "to", "for", "in", "-")), len(tokens)) - 1
    return (*tokens[:head], _plural_word(tokens[head]), *tokens[head + 1 :])


def _plural_word(word: str) -> str:
    for ending, plural in _IRREGULAR.items():
        if word.endswith(ending):
            return word.removesuffix(ending) + plural
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def _full_names(book: ActorBook) -> dict[tuple[str, str], list[tuple[str, Alias]]]:
    """(skeleton of the surname, first sound of the given name) -> full names and their aliases, to find other transliterations."""
    names: defaultdict[tuple[str, str], list[tuple[str, Alias]]] = defaultdict(list)
    for alias in book.aliases:
        parts = alias.text.split()
        if len(parts) > 1 and book.actors[alias.actor_id].kind == "person" and alias.alias_type in ("name", "official", "transliteration"):
            names[name_skeleton(parts[-1]), name_skeleton(parts[0])[:1]].append((plain(alias.text), alias))
    return dict(names)
