"""Names of the actor book in a text.

*Longest wins*: an alias inside a longer alias is not a hit of its own.
"""

from collections.abc import Iterator
from datetime import date

from pipeline.codebook.actor_book import Alias
from pipeline.coder.actors.hits import FIGURES, NAME_TAGS, Hit
from pipeline.coder.actors.lexicon import Lexicon
from pipeline.coder.syntax import Syntax

# Of several uses of one word, the one that stands for the actor by itself comes first.
_USES = {use: rank for rank, use in enumerate(("name", "official", "acronym", "capital", "metonym", "demonym", "adjective"))}


def find_names(syntax: Syntax, lexicon: Lexicon, day: date | None) -> Iterator[Hit]:
    """The names in text order, valid on the day; in sentences without telling case, whatever the case."""
    words, names, after, last = syntax.words, lexicon.names, 0, ""
    if caseless := syntax.caseless:
        words = [word.upper() if syntax.sentences[token] in caseless else word for token, word in enumerate(words)]
    for start, word in enumerate(words):
        candidates = lexicon.caseless if caseless and syntax.sentences[start] in caseless else names
        if word not in candidates or start < after:
            continue
        # 'Russian and Turkish troops' are two: the second adjective is not the beginning of a name.
        is_listed = start == after + 1 and last == "adjective" and syntax.lowers[after] in ("and", ",", "or")
        for tokens, aliases in candidates[word]:
            end = start + len(tokens)
            if len(tokens) > 1 and (tuple(words[start:end]) != tokens or is_listed):
                continue
            if (alias := _valid(aliases, day, syntax.tags[start])) and _reads_as_name(syntax, start, end):
                hit = _hit(lexicon, start, end, alias)
                hit = (_longer(syntax, lexicon, hit, day) if len(tokens) > 1 else None) or hit
                after, last = hit.end, alias.alias_type
                yield hit
                break


def _hit(lexicon: Lexicon, start: int, end: int, alias: Alias) -> Hit:
    method = f"alias:{alias.alias_type}" if alias.alias_type in ("surname", "nickname", "transliteration") else "alias"
    return Hit(start, end, lexicon.book.actors[alias.actor_id].kind, method, 0.9 if ":" in method else 1.0, alias)


def _longer(syntax: Syntax, lexicon: Lexicon, hit: Hit, day: date | None) -> Hit | None:
    """A body whose own name only begins with the listed one: the National Resistance Front of another country."""
    behind = hit.end + 1
    if hit.label not in ("organization", "group") or syntax.lowers[hit.end : behind] != ["of"] or hit.alias is None:
        return None
    if syntax.lowers[behind : behind + 1] == ["the"]:
        behind += 1
    end = behind
    while end < len(syntax.words) and syntax.tags[end] in ("NNP", "NNPS"):
        end += 1
    own, place = lexicon.book.actors[hit.alias.actor_id].country, _country_hit(syntax, lexicon, behind, end, day)
    is_own = place is not None and place.alias is not None and place.alias.actor_id == own
    if end == behind or is_own or (place is None and syntax.words[behind] in lexicon.names) or syntax.entities[behind] == "PERSON":
        return None
    key = " ".join(syntax.words[hit.start : end])
    return Hit(hit.start, end, "organization", "discovered", 0.5, key=key, within=[place] if place else [])


def _country_hit(syntax: Syntax, lexicon: Lexicon, start: int, end: int, day: date | None) -> Hit | None:
    """The country whose name fills the span."""
    for tokens, aliases in lexicon.names.get(syntax.words[start], ()) if start < end else ():
        if tokens == tuple(syntax.words[start:end]) and (alias := _valid(aliases, day, "NNP")):
            hit = _hit(lexicon, start, end, alias)
            return hit if hit.is_geographic else None
    return None


def _valid(aliases: tuple[Alias, ...], day: date | None, tag: str) -> Alias | None:
    """The alias valid on the day. Without a day several may be: then the one valid until now, else none."""
    valid = [alias for alias in aliases if alias.period.covers(day)]
    if len({alias.actor_id for alias in valid}) > 1:
        valid = [alias for alias in valid if alias.period.last is None]
    if len({alias.actor_id for alias in valid}) != 1:
        return None
    return min(valid, key=lambda alias: alias.alias_type != "adjective" if tag == "JJ" else _USES.get(alias.alias_type, 0))


def _reads_as_name(syntax: Syntax, start: int, end: int) -> bool:
    """A single word must be tagged like a name, and be no part of a date or figure, as May and March may be."""
    label = syntax.entities[start]
    return label not in FIGURES and (end - start > 1 or syntax.tags[start] in NAME_TAGS or label != "")
