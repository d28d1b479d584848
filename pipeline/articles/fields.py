"""The names under which files keep the parts of an article, and a record's fields as a Draft."""

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from pipeline.articles.dates import publication_time
from pipeline.articles.records import Draft
from pipeline.articles.rejects import Reason, Refusal

# In order of preference: the first that holds something wins. Compared without case, spaces, hyphens and underscores.
_NAMES: dict[str, tuple[str, ...]] = {
    "text": (
        "text", "body", "content", "maintext", "articlebody", "fulltext", "articletext", "bodytext", "contenttext", "contenthtml", "story",
    ),
    "title": ("title", "headline", "head"),
    "published": (
        "publishedat", "published", "datepublished", "pubdate", "publicationdate", "publishdate", "publishedon", "publishedtime",
        "publicationtime", "datepublish", "firstpublished", "date", "datetime", "timestamp",
    ),
    "updated": (
        "updatedat", "updated", "dateupdated", "updateddate", "modifiedat", "modified", "datemodified", "lastmodified", "lastupdated",
        "modifiedtime", "versioncreated",
    ),
    "withdrawn": ("pubstatus", "creativeworkstatus", "retracted", "withdrawn", "status"),
    "url": ("url", "link", "canonicalurl", "permalink", "href", "weburl"),
    "publisher": ("publisher", "publishername", "source", "sourcename", "outlet", "sitename", "newspaper", "medium", "sourcedomain"),
    "language": ("language", "lang", "inlanguage"),
    "id": ("id", "articleid", "externalid", "guid", "uid", "docid"),
    "dateline": ("dateline",),
}  # fmt: skip
_PART_OF = {name: part for part, names in _NAMES.items() for name in names}
# What an outlet says of an article that it takes back: NewsML-G2 and ninjs, schema.org, and plain words.
_WITHDRAWN = {"canceled", "cancelled", "withheld", "retracted", "withdrawn", "deleted", "removed", "killed", "true", "yes"}
# Keys under which one document lists its articles.
LISTS = ("articles", "items", "stories", "results", "data", "docs", "documents", "records", "news", "entries")


def normal_name(name: object) -> str:
    return "".join(character for character in str(name).casefold() if character not in " _-.:")


def has_text(names: Iterable[object]) -> bool:
    """Whether some of the names is one that text is known under."""
    return any(_PART_OF.get(normal_name(name)) == "text" for name in names)


def wanted(names: Iterable[str]) -> list[str]:
    """The names, as given, that some part of an article is known under."""
    return [name for name in names if normal_name(name) in _PART_OF]


def draft_of(fields: Mapping[str, Any], raw_hash: str | None = None, basis: str = "metadata") -> Draft:
    """A record's fields as a Draft. Refusal NO_TEXT_FIELD where no field is known to hold text, and none says that it was taken back."""
    parts = _parts(fields)
    withdrawn = next(filter(None, map(_withdrawal, parts["withdrawn"])), None)
    if not has_text(fields) and not withdrawn:
        names = ", ".join(sorted(map(str, fields))[:20]) or "none"
        raise Refusal(Reason.NO_TEXT_FIELD, f"fields: {names}", raw_hash)
    return Draft(
        text=next(filter(None, map(_flat, parts["text"])), ""),
        may_hold_markup=True,
        title=_first(parts["title"]),
        published=_first_date(parts["published"]),
        published_basis=basis,
        updated=_first_date(parts["updated"]),
        withdrawn=withdrawn,
        publisher_name=_first(parts["publisher"]),
        url=_first(parts["url"]),
        external_id=_first(parts["id"]),
        language=_first(parts["language"]),
        dateline=_first(parts["dateline"]),
        raw_hash=raw_hash,
    )


def _parts(fields: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Values by part of the article, those under the preferred names first."""
    by_name: dict[str, Any] = {}
    for name, value in fields.items():
        if value is not None:
            by_name.setdefault(normal_name(name), value)
    return {part: [by_name[name] for name in names if name in by_name] for part, names in _NAMES.items()}


def _flat(value: object) -> str:
    """Text as a string: a list holds paragraphs; anything else is no text."""
    if isinstance(value, str):
        return value if value.strip() else ""
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(_flat, value)))
    return ""


def _first(values: Iterable[object]) -> str | None:
    return next(filter(None, map(_line, values)), None)


def _line(value: object) -> str | None:
    """A name or address as a string; of {"name": …} the name, of a list the first."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, Mapping):
        return _first(value[key] for key in ("name", "title", "@id", "id", "url") if key in value)
    if isinstance(value, list):
        return _first(value)
    if isinstance(value, float):
        return (str(int(value)) if value == int(value) else str(value)) if isfinite(value) else None
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def _withdrawal(value: object) -> str | None:
    word = str(value).strip().casefold().rpartition(":")[2]  # 'stat:canceled' in NewsML-G2
    return word if word in _WITHDRAWN else None


def _first_date(values: Iterable[object]) -> object:
    return next((value for value in values if publication_time(value)), None)
