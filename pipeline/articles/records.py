"""What reading gives: an article or a reject, each with the place it came from; and their identities.

*Identity is content*: ids are hashes of what a record says, never of a path, an order or a time of reading, except that
record and reject ids include the place that they speak of.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from courlan import normalize_url

from pipeline.articles.rejects import Reason

# 80 bits: among a billion articles the chance that any two collide is below one in a million.
_ID_DIGITS = 20
_WEB = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def identity(*parts: str | int | None) -> str:
    """A hash of the parts in order. None, an empty string and a missing part differ; NUL and lone surrogates are allowed."""
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()[:_ID_DIGITS]


def digest(data: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def canonical_url(url: str | None) -> str | None:
    """The address without scheme, 'www.', port, tracking parameters and fragment; None for the front page of a site, and for no address.

    Versions of an article find each other by it.
    """
    if not url or not _WEB.match(url):
        return None
    try:
        plain = normalize_url(url.partition("#")[0])
    except ValueError:  # no address after all, such as 'https://[x'
        return None
    address = _WEB.sub("", plain).replace("/?", "?").rstrip("/")
    return address if "/" in address or "?" in address else None


@dataclass(frozen=True)
class Draft:
    """A record as its format gave it: names are sorted out, but text, dates and language are still raw."""

    text: str
    may_hold_markup: bool = False
    title: str | None = None
    published: object = None
    """What a field, a header or a page says; parsed later."""
    published_basis: str = "metadata"
    updated: object = None
    """As published, of the outlet's last change."""
    withdrawn: str | None = None
    """The word by which the outlet takes the article back: 'retracted', 'canceled'."""
    publisher_name: str | None = None
    url: str | None = None
    external_id: str | None = None
    language: str | None = None
    dateline: str | None = None
    raw_hash: str | None = None


@dataclass(frozen=True)
class Article:
    """An article that was read. Times are naive UTC; `text` is the stored text, to which every offset will point."""

    locator: str
    record_number: int
    text: str
    language: str
    title: str | None = None
    published_at: datetime | None = None
    published_basis: str | None = None
    publisher_name: str | None = None
    url: str | None = None
    external_id: str | None = None
    dateline: str | None = None
    updated_at: datetime | None = None

    @cached_property
    def canonical_url(self) -> str | None:
        return canonical_url(self.url)

    @cached_property
    def text_length(self) -> int:
        return len(self.text)

    @cached_property
    def article_id(self) -> str:
        published = None if self.published_at is None else self.published_at.isoformat()
        return identity(self.publisher_name, self.url, self.external_id, published, self.title, self.text)

    @cached_property
    def content_hash(self) -> str:
        return digest(self.text.encode())

    @cached_property
    def record_id(self) -> str:
        return identity(self.locator, self.record_number, self.article_id)


@dataclass(frozen=True)
class Reject:
    """A file or record that was refused. `record_number` is None where the whole file, or the rest of it, was refused."""

    locator: str
    record_number: int | None
    reason: Reason
    evidence: str
    content_hash: str | None = None
    publisher_name: str | None = None
    published_at: datetime | None = None
    url: str | None = None
    external_id: str | None = None

    @cached_property
    def canonical_url(self) -> str | None:
        return canonical_url(self.url)

    @cached_property
    def reject_id(self) -> str:
        return identity(self.locator, self.record_number, self.content_hash, self.reason)

    def record_id(self, position: int) -> str:
        """The ledger's id for the refused record; `position` counts the file's records before it."""
        return identity(self.locator, position, self.reject_id)
