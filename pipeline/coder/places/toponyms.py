"""Which words of a text may name a place: spans and candidates, before anybody asks which place it is.

The longest name of the gazetteer wins; a name is written with a capital. Whether a match really is a place is weighed by
the cues of cues.py.
"""

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

from pipeline.codebook.placenames import fold
from pipeline.codebook.places import ADMIN2, Gazetteer, Rows

_LONGEST = 5  # capitalised words of the longest names: "Saint Vincent and the Grenadines" has three
_WORD = re.compile(r"W\. ?Va\.|(?:[A-Z]\.){2,}|[A-Z]\.[A-Z]\b|(?<![^\W\d_])[^\W\d_a-z][^\W\d_]*(?:['’][^\W\d_]+)*")
_CASELESS_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*")
_CASE_SHOWS = 1500  # characters that are enough to see it
_FEWEST_LETTERS, _FEWEST_CAPITALS, _MOST_CAPITALS = 200, 0.01, 0.6  # news has 3 to 6 capitals in a hundred letters
_SMALL = (  # words inside of names, the longer first
    "and the|an der|de los|of the|de la|under|sous|upon|aan|and|aux|del|den|der|des|dos|las|les|los|sur|the|al|am|"
    "an|au|da|de|di|do|du|ed|el|en|es|in|la|le|of|on|op|e|y"
)
_JOINT = re.compile(rf"[ \n]{{1,2}}|[-–]|[ -](?:{_SMALL})[ -]|[ -]d['’]")
_SHORTENED = frozenset({"st", "ft", "mt", "ste"})
_POSSESSIVES = frozenset({"'s", "’s"})
_POSSESSIVE_JOINTS = frozenset({"'s ", "’s "})
_PAIR = frozenset({", ", ",", " (", ",\n"})
_SITES = re.compile(  # what a site of seeds/places may be called besides the town it is named after
    r" (?:border crossing|crossing|refugee camp|camp|prison|reactor|naval base|air base|airport|port|dam|refinery|oil field|gas plant|"
    r"nuclear power plant|nuclear plant|nuclear facility|nuclear complex|corridor|checkpoint|bridge|terminal|garrison|"
    r"peninsula|region|desert|mountains|valley)\b"
)
_COUNTIES = re.compile(r" (?:counties|parishes)\b")


class Word(NamedTuple):
    """A capitalised word of the text, without the possessive ending."""

    start: int
    end: int
    text: str


@dataclass(eq=False)
class Toponym:
    """A span that may name a place, the rows of the places it may stand for, and what speaks for its being one.

    `first` and `last` are positions in the list of words. `parent` is the toponym that a comma puts it into: Paris, Texas.
    """

    start: int
    end: int
    text: str
    key: str
    rows: Rows
    is_demonym: bool
    first: int
    last: int
    cues: list[str] = field(default_factory=list)
    points: float = 0.0
    parent: "Toponym | None" = None


def is_caseless(text: str) -> bool:
    """Whether a text is all in small letters, or all in capitals, so that capitals tell no name."""
    start = text[:_CASE_SHOWS]
    capitals, small = sum(map(str.isupper, start)), sum(map(str.islower, start))
    return capitals + small >= _FEWEST_LETTERS and not _FEWEST_CAPITALS < capitals / (capitals + small) < _MOST_CAPITALS


def read_words(text: str, caseless: bool = False) -> list[Word]:
    """The capitalised words of a text, or all but stop words where it is caseless; a dotted abbreviation is one word."""
    words = []
    for match in (_CASELESS_WORD if caseless else _WORD).finditer(text):
        word = match[0]
        if word[-2:] in _POSSESSIVES:
            word = word[:-2]
        if caseless and word.lower() in STOP_WORDS:
            continue
        words.append(Word(match.start(), match.start() + len(word), word))
    return words


def match_toponyms(text: str, words: list[Word], gazetteer: Gazetteer) -> list[Toponym]:
    """The names of the gazetteer that stand in the text, longest first, without overlap, in order."""
    found: list[Toponym] = []
    position = 0
    while position < len(words):
        toponym = _match(text, words, position, gazetteer)
        if (
            toponym
            and words[position].text in ("The", "THE")
            and (bare := _match(text, words, position + 1, gazetteer) if toponym.last > position else None)
        ):
            toponym = bare
        position = toponym.last + 1 if toponym else position + 1
        if toponym:
            found.append(toponym)
    _name_counties(text, found, gazetteer)
    _pair(text, found, gazetteer)
    return found


def _match(text: str, words: list[Word], first: int, gazetteer: Gazetteer) -> Toponym | None:
    """The longest name, demonym or abbreviation that begins at a word."""
    best = _abbreviation(text, words[first], first, gazetteer)
    start, key = words[first].start, ""
    for last in range(first, min(first + _LONGEST, len(words))):
        word = words[last]
        if last > first:
            if (joint := _joint(text, words[last - 1], word)) is None:
                break
            key += joint
        key += fold(word.text)
        if last == first and best:
            continue
        if text[word.end : word.end + 2] in _POSSESSIVES and (rows := gazetteer.folded(key + "s")):  # "St. John's"
            best = Toponym(start, word.end + 2, text[start : word.end + 2], key + "s", rows, False, first, last)
        elif rows := gazetteer.folded(key):
            best = Toponym(start, word.end, text[start : word.end], key, rows, False, first, last)
            if (site := _SITES.match(text, word.end)) and (rows := gazetteer.folded(key + site[0])):  # "Rafah crossing"
                best = Toponym(start, site.end(), text[start : site.end()], key + site[0], rows, False, first, last)
        elif rows := gazetteer.demonym(key):
            best = Toponym(start, word.end, text[start : word.end], key, rows, True, first, last)
    return best


def _joint(text: str, left: Word, right: Word) -> str | None:
    """What stands between two words of one name, folded; None where they cannot belong together."""
    between = text[left.end : right.start]
    if between == " " or between == "-":
        return " "
    if between in _POSSESSIVE_JOINTS:
        return "s "
    if between == ". " and left.text.lower() in _SHORTENED:
        return " "
    return f" {fold(between).strip()} ".replace("  ", " ") if len(between) < 10 and _JOINT.fullmatch(between) else None


def _abbreviation(text: str, word: Word, position: int, gazetteer: Gazetteer) -> Toponym | None:
    """'Calif.', 'U.S.', 'UAE' anywhere; 'GA' and 'Calif' only after a comma or, of a lawmaker, after a hyphen."""
    end = word.end
    if text[end : end + 1] == "." and (rows := gazetteer.abbreviation(word.text + ".")):
        end += 1
    elif not (rows := gazetteer.abbreviation(word.text)):
        before = text[max(0, word.start - 2) : word.start]
        if before != ", " and not before.endswith("-"):
            return None
        rows = gazetteer.postal(word.text) or gazetteer.abbreviation(word.text + ".")
    if not rows:
        return None
    return Toponym(word.start, end, text[word.start : end], fold(word.text), rows, False, position, position, ["abbreviation"])


def _name_counties(text: str, found: list[Toponym], gazetteer: Gazetteer) -> None:
    """'Eastland and Callahan counties': the names before the word are counties', not towns'."""
    if not _COUNTIES.search(text):
        return
    following: Toponym | None = None
    for toponym in reversed(found):
        listed = following and "division" in following.cues and text[toponym.end : following.start] in (", ", " and ", ", and ")
        following = toponym
        if listed or _COUNTIES.match(text, toponym.end):
            counties = tuple(row for row in toponym.rows if gazetteer.kinds[row] == ADMIN2)
            if counties:
                toponym.rows, toponym.key = counties, toponym.key + " county"
                toponym.cues.append("division")


def _pair(text: str, found: list[Toponym], gazetteer: Gazetteer) -> None:
    """Links 'Paris' to 'Texas' in 'Paris, Texas' where some Paris lies in some Texas, and keeps only such."""
    for left, right in zip(found, found[1:], strict=False):
        if left.is_demonym or right.is_demonym or text[left.end : right.start] not in _PAIR:
            continue
        inside = tuple(row for row in left.rows if any(gazetteer.contains(outer, row) for outer in right.rows))
        if inside:
            left.rows, left.parent = inside, right
            right.rows = tuple(outer for outer in right.rows if any(gazetteer.contains(outer, row) for row in inside))
            left.cues.append("inside")
            right.cues.append("outside")
