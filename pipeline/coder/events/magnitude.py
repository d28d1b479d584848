"""How many people: killed, injured, detained, displaced, taking part; each as best, lowest and highest figure."""

from spacy.tokens import Span, Token

from pipeline.coder.events.arguments import objects, surface_subjects
from pipeline.coder.numbers import CARDINALS, number_value
from pipeline.coder.records import Magnitude

# What a bare plural stands for: "dozens" is two dozen up to under a hundred. (low, best, high)
_VAGUE = {
    "dozens": (24, 36, 99),
    "scores": (40, 60, 99),
    "hundreds": (200, 300, 999),
    "thousands": (2000, 3000, 9999),
    "millions": (2 * 10**6, 3 * 10**6, 10**7 - 1),
}
_AT_LEAST = {"least", "over", "than", "more", "minimum"}
_ABOUT = {"about", "around", "some", "roughly", "approximately", "estimated"}
_ABOUT_MARGIN = 0.1  # "about 300": 270 to 330

_LEMMAS = {
    "killed": "kill murder slay massacre die execute behead drown",
    "injured": "wound injure hurt maim",
    "detained": "arrest detain jail imprison capture kidnap abduct",
    "displaced": "displace evict flee evacuate deport",
    "participants": "protest demonstrate march rally gather strike",
}
_VERBS = {lemma: kind for kind, lemmas in _LEMMAS.items() for lemma in lemmas.split()}
_NOUNS = {
    "dead": "killed",
    "fatality": "killed",
    "death": "killed",
    "injured": "injured",
    "wounded": "injured",
    "injury": "injured",
    "arrest": "detained",
}
_INTRANSITIVE = {"die", "flee", "protest", "demonstrate", "march", "rally", "gather", "strike", "drown"}


def magnitudes(sentence: Span) -> dict[str, Magnitude]:
    """The counts of people that a sentence states, by kind; where it states one twice, the larger."""
    found: dict[str, Magnitude] = {}
    for token in sentence:
        for kind, heads in _counted(token):
            for head in heads:
                figure = _figure(head)
                if figure and (kind not in found or figure.best > found[kind].best):
                    found[kind] = figure
    return found


def _counted(token: Token) -> list[tuple[str, list[Token]]]:
    lemma = token.lemma_.lower()
    if token.pos_ == "VERB" and lemma in _VERBS:
        return [(_VERBS[lemma], surface_subjects(token) if lemma in _INTRANSITIVE else objects(token))]
    if lemma in _NOUNS and token.pos_ in ("NOUN", "ADJ"):
        return [(_NOUNS[lemma], [token])]
    return []


def _figure(head: Token) -> Magnitude | None:
    """The number before a noun ("at least two dozen civilians"), or in front of "of" ("hundreds of people")."""
    numbers = [child for child in head.children if child.dep_ == "nummod"]
    if head.pos_ == "NUM" or head.lower_ in _VAGUE:
        numbers = [head]
    if not numbers:
        return None
    number = numbers[0]
    last = (
        number.i if number is head else max((token.i for token in number.subtree if token.i < head.i), default=number.i)
    )  # "dozen" of "two dozen men"
    words = [token for token in number.subtree if token.i <= last and (token.pos_ != "ADP" or token.dep_ == "quantmod")]
    text = number.doc[min(token.i for token in words) : last + 1].text
    vague = _VAGUE.get(number.lower_)
    if vague and not any(token.pos_ == "NUM" or token.lower_ in CARDINALS for token in words if token is not number):
        return Magnitude(vague[1], vague[0], vague[2], text)
    value = number_value(text)
    if value is None or value > 10**8:
        return None
    return _bounded(value, {token.lower_ for token in words} | {token.lower_ for token in head.children if token.i < head.i}, text)


def _bounded(value: int, words: set[str], text: str) -> Magnitude:
    if words & _AT_LEAST:
        return Magnitude(value, value, max(value, round(value * 1.5)), text)
    if words & {"nearly", "almost"} or {"up", "to"} <= words or {"at", "most"} <= words:
        return Magnitude(value, round(value * 0.8), value, text)
    if words & _ABOUT:
        return Magnitude(value, round(value * (1 - _ABOUT_MARGIN)), round(value * (1 + _ABOUT_MARGIN)), text)
    return Magnitude(value, value, value, text)
