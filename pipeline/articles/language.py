"""Which language a text is written in; only whether it is English matters here."""

from functools import cache
from typing import Any

_SAMPLE = 400  # characters; a longer one is read only where these do not show English
_LONG_SAMPLE = 1200
# Left out of py3langid's labels: creoles and invented or minor languages that telegraphic English is mistaken for
# ("Shr 45 cts vs 58 cts"), and its label for no language at all.
_NEVER = {
    "pcm",
    "zxx",
    "vo",
    "ace",
    "wa",
    "bcl",
    "gcf",
    "gcr",
    "ext",
    "lij",
    "vec",
    "ltg",
    "fuv",
    "guw",
    "kab",
    "uzs",
    "hbo",
    "grc",
    "eo",
    "la",
}
# Another language must be this many times likelier than English: a headline has too few letters for less.
_CERTAIN = 50
_ENOUGH_WORDS = 8


def language_of(text: str, declared: str | None) -> str:
    """ISO 639-1 code of the text. The declared language is believed only where the text itself does not speak clearly."""
    found = _identified(text[:_SAMPLE])
    if found != "en" and len(text) > _SAMPLE:
        # An English article may begin with a long quotation, a list or a table.
        middle = len(text) // 2
        samples = (text[:_LONG_SAMPLE], text[middle : middle + _LONG_SAMPLE])
        found = "en" if "en" in map(_identified, samples) else found
    if found:
        return found
    return _code(declared) or "en"


def _identified(sample: str) -> str | None:
    """The language, or None where the text is too short or too much like a table to tell."""
    lower, upper = sum(map(str.islower, sample)), sum(map(str.isupper, sample))
    if not any(map(str.isalpha, sample)):
        return None
    # Shouted wire copy looks foreign to a model of lower-case text.
    if upper > lower:
        sample = sample.lower()
    scores = _identifier().rank(sample)
    english = next(score for language, score in scores if language == "en")
    best, score = scores[0]
    if best == "en":
        return "en" if len(sample.split()) >= _ENOUGH_WORDS else None
    return str(best) if score >= _CERTAIN * english else None


def _code(declared: str | None) -> str | None:
    """`en-GB`, `EN_us` and `English` are en."""
    if not declared or not declared.strip():
        return None
    code = declared.strip().lower().replace("_", "-").split("-")[0]
    known = {"english": "en", "eng": "en"}.get(code, code)
    return known if known in _identifier().labels else None


@cache
def _identifier() -> Any:
    # The model takes 0.7 s to load.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if label not in _NEVER])
    return identifier
