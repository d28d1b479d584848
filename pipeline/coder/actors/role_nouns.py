"""Role nouns in a text: minister, troops, head of diplomacy."""

from collections.abc import Iterator

from pipeline.coder.actors.hits import At, Hit
from pipeline.coder.actors.lexicon import Lexicon, Sense
from pipeline.coder.syntax import NOUN_TAGS, Syntax

_HEADS = frozenset({"head", "chief", "boss", "heads", "chiefs", "bosses"})  # roles only of a body that stands beside them


def find_role_nouns(syntax: Syntax, lexicon: Lexicon, at: At) -> Iterator[Hit]:
    """The role nouns in text order; a name as long as the noun keeps its words."""
    lowers, nominals, after = syntax.lowers, lexicon.nominals, 0
    for start, lower in enumerate(lowers):
        if start < after or (lower not in nominals and syntax.words[start] not in nominals) or (start in at and at[start].end > start + 1):
            continue
        for tokens, senses in nominals.get(lower) or nominals[syntax.words[start]]:
            end = _match_role(syntax, at, tokens, start)
            if (
                end
                and _reads_as_noun(syntax, start, end)
                and (len(tokens) > 1 or lower not in _HEADS or _heads_body(syntax, at, start))
                and all(at[t].end - at[t].start < end - start for t in range(start, end) if t in at)
            ):
                end += 2 if lowers[end : end + 2] in (["-", "elect"], ["-", "designate"]) else 0
                after = end
                within = list(dict.fromkeys(at[token] for token in range(start, end) if token in at))
                sense = _sense(senses, syntax.tags[syntax.root(start, end)])
                yield Hit(start, end, "role", "role", 0.7, sense=sense, key=" ".join(lowers[start:end]), within=within)
                break


def _heads_body(syntax: Syntax, at: At, token: int) -> bool:
    """Whether an organisation stands right before the word or in an of-phrase right behind it: 'the NATO chief', 'the head of the WHO'."""
    behind = token + 1
    if syntax.lowers[behind : behind + 1] == ["of"]:
        behind += 2 if syntax.lowers[behind + 1 : behind + 2] == ["the"] else 1
        return behind in at and at[behind].label == "organization"
    return token - 1 in at and at[token - 1].label == "organization"


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
