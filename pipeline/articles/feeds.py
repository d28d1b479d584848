"""RSS and Atom files: an entry is a record."""

import io
from collections.abc import Iterator
from typing import Any

from pipeline.articles.charsets import decode
from pipeline.articles.markup import check_size
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.config import Settings


def feed_records(data: bytes, settings: Settings) -> Iterator[Draft | Refusal]:
    """The entries of a feed: the full content where it is given, else the description."""
    feed = _parsed(data, settings)
    if not feed.entries:
        broken = feed.get("bozo_exception")
        raise Refusal(Reason.MALFORMED, f"feed: {broken}" if broken else "a feed without entries", digest(data))
    for entry in feed.entries:
        yield _draft(entry, feed.feed)
    if feed.bozo and type(feed.bozo_exception).__name__ != "CharacterEncodingOverride":
        yield Refusal(Reason.MALFORMED, f"feed, after {len(feed.entries)} entries: {feed.bozo_exception}", digest(data))


def _parsed(data: bytes, settings: Settings) -> Any:
    import feedparser

    # What is quoted whole, as the content of entries is, gets looked at once it is read.
    first, *others = decode(data).split("<![CDATA[")
    check_size(first + "".join(other.split("]]>", 1)[-1] for other in others), settings, data)
    try:
        # A stream, never a string: a string that looks like an address would be fetched.
        return feedparser.parse(io.BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except (ValueError, LookupError, TypeError, AttributeError) as error:  # what it raises on odd characters and elements
        raise Refusal(Reason.MALFORMED, f"feed: {type(error).__name__}: {error}", digest(data)) from None


def _draft(entry: Any, feed: Any) -> Draft:
    contents = [content.get("value") or "" for content in entry.get("content", [])]
    # Where content:encoded is given, the description is its summary.
    text = max(contents, key=len, default="") or entry.get("summary") or ""
    source = entry.get("source") or {}
    return Draft(
        text=text,
        may_hold_markup=True,
        title=entry.get("title"),
        published=entry.get("published") or entry.get("updated"),
        updated=entry.get("updated"),
        publisher_name=source.get("title") or feed.get("title"),
        url=entry.get("link"),
        external_id=entry.get("id"),
        language=(entry.get("title_detail") or {}).get("language") or feed.get("language"),
        raw_hash=digest(repr(sorted((str(key), str(value)) for key, value in entry.items())).encode("utf-8", "surrogatepass")),
    )
