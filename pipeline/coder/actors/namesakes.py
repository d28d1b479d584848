"""Surnames: every lone surname of a person whom the document names in full is that person."""

from collections import defaultdict

from pipeline.coder.actors.hits import NAME_TAGS, At, Hit, place_hit
from pipeline.coder.actors.lexicon import name_skeleton
from pipeline.coder.syntax import Syntax

# Behind these, Jordan is the country even in a text on Michael Jordan.
_PLACING = frozenset({"in", "to", "from", "near", "across"})


def spread_surnames(syntax: Syntax, at: At) -> None:
    """Adds or replaces hits for surnames that follow, or precede, a full name."""
    full_names: defaultdict[str, list[Hit]] = defaultdict(list)
    for hit in dict.fromkeys(at.values()):
        if hit.label == "person" and hit.end - hit.start > 1:
            for part in _surname_parts(syntax.words[hit.start : hit.end]):
                full_names[part].append(hit)
                full_names[name_skeleton(part)].append(hit)
    if not full_names:
        return
    for token, word in enumerate(syntax.words):
        if word[0].isupper() and syntax.tags[token] in NAME_TAGS and (person := _namesake(syntax, at, full_names, token)):
            place_hit(at, Hit(token, token + 1, "person", "coreference:surname", 0.85, person.alias, key=person.key))


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
    if hit and hit.alias and hit.label != "person" and (not before or syntax.lowers[token - 1] in _PLACING):
        return None
    namesake = before[-1] if before else persons[0]
    is_known = hit and hit.alias and namesake.alias and hit.alias.actor_id == namesake.alias.actor_id
    return None if is_known else namesake
