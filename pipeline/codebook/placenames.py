"""How names of places are compared: without case, accents, apostrophes, dots and hyphens; Saint as St, Fort as Ft, Mount as Mt."""

import re
import unicodedata

# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ə": "a", "ǝ": "a", "ð": "d", "þ": "th"}
_SIGNS = str.maketrans({**_LETTERS, **dict.fromkeys("'’‘`´ʻʼ.ʿʾ′", ""), **dict.fromkeys("-‐‑–/,", " ")})
_MARKS = str.maketrans(dict.fromkeys("‘’ʿʾʻʼ`", ""))
_SIGNED = re.compile(r"['’‘`.\-/,]")
_SHORTENED = re.compile(r"\b(?:saint|fort|mount)\b")
_SHORT = {"saint": "st", "fort": "ft", "mount": "mt"}

# Words that say which kind of division a name means; the name is known without them.
GENERIC = frozenset(
    "area borough canton county department district division emirate governorate kray krai municipality oblast parish "
    "prefecture province raion rayon region republic shire state territory township voivodeship wilayat".split()
)


# What would be left of "Federal District" or "Central Region" is no name.
_BARE = frozenset(
    "autonomous capital central eastern federal inner lower middle municipal national new north northeast northeastern northern northwest "
    "northwestern outer south southeast southeastern southern southwest southwestern east upper west western".split()
)


def fold(name: str) -> str:
    """The form under which a name is looked up: 'Saint-Étienne' and 'St. Etienne' alike are 'st etienne'."""
    key = name.lower()
    if not key.isascii():
        key = "".join(letter for letter in unicodedata.normalize("NFKD", key) if not unicodedata.combining(letter))
        key = " ".join(key.translate(_SIGNS).split())
    elif _SIGNED.search(key):
        key = " ".join(key.translate(_SIGNS).split())
    if "saint" in key or "fort" in key or "mount" in key:
        key = _SHORTENED.sub(lambda match: _SHORT[match[0]], key)
    return key.removeprefix("city of ")


def plain(name: str) -> str:
    """A transcribed name without the marks of its transcription: 'Kandahar' for 'Kandahār', 'Baqubah' for 'Ba‘qūbah'."""
    letters = unicodedata.normalize("NFKD", name.translate(_MARKS))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def without_generic(key: str) -> str | None:
    """The folded name without the word for its kind: 'rostov' of 'rostov oblast', 'cork' of 'county cork'; None where there is none."""
    first, _, rest = key.partition(" ")
    if rest and first in ("county", "province", "republic"):
        return rest.removeprefix("of ")
    head, _, last = key.rpartition(" ")
    return head if head and last in GENERIC and head not in _BARE else None
