"""Words that point to the present, the past or the future without naming a time."""

from pipeline.coder.dates.periods import Period
from pipeline.coder.dates.phrases import Phrase, Reading, Rule, Scene


def _named(phrase: Phrase, scene: Scene) -> list[Reading]:
    return [Reading("DATE", Period(phrase.letter("NOW", "RECENTLY") or ""))]


def _soon(phrase: Phrase, scene: Scene) -> list[Reading]:
    """Not "as soon as"."""
    text = scene.document.text
    around = (
        text[max(0, phrase.start - 4) : phrase.start].lower().endswith("as "),
        text[phrase.end : phrase.end + 4].lower().startswith(" as "),
    )
    return [] if any(around) else [Reading("DATE", Period("FUTURE_REF"))]


def _past(phrase: Phrase, scene: Scene) -> list[Reading]:
    """As in "in the past", not "in the past week" nor "past the gate"."""
    following = scene.word_after(phrase)
    if phrase.words()[-1] != "past" or (following is not None and following.pos_ in ("NOUN", "PROPN", "ADJ", "NUM")):
        return []
    return [Reading("DATE", Period("PAST_REF"))]


def _future(phrase: Phrase, scene: Scene) -> list[Reading]:
    """Not "the future course"."""
    following = scene.word_after(phrase)
    if following is not None and following.pos_ == "NOUN":
        return []
    return [Reading("DATE", Period("FUTURE_REF"))]


def _present(phrase: Phrase, scene: Scene) -> list[Reading]:
    return [Reading("DATE", Period("PRESENT_REF"))]


RULES = (
    Rule("now", "NOW", _named),
    Rule("recently", "RECENTLY", _named),
    Rule("soon", "SOON", _soon),
    Rule("these days", "THESE UNITS", _present),
    Rule("the past", "THE LAST", _past),
    Rule("the future", "THE NEAR? FUTURE", _future),
    Rule("current", "CURRENT", _present),
)
