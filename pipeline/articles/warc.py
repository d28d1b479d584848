"""WARC files: the pages of a web archive."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.articles.charsets import decode
from pipeline.articles.json_files import json_records
from pipeline.articles.markup import page_draft
from pipeline.articles.plain import plain_draft
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.articles.unpacking import spooled
from pipeline.config import Settings

# Requests, metadata and notes on the crawl are no documents; a revisit repeats a page that the archive holds elsewhere.
_DOCUMENTS = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion


def warc_records(stream: io.BufferedReader, settings: Settings) -> Iterator[Draft | Refusal]:
    """The pages as records. The time of the crawl is no publication date and is not used."""
    # FastWARC panics where its stream raises, so it gets a copy that cannot.
    with spooled(stream, to_the_break=True) as copy:
        for record in _pages(copy):
            try:
                yield from _documents(record, settings)
            except Refusal as refusal:
                yield refusal


def _pages(copy: BinaryIO) -> Iterator[Any]:
    pages = ArchiveIterator(copy, record_types=_DOCUMENTS, parse_http=True, auto_decode="all")
    while True:
        try:
            page = next(pages, None)
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # of FastWARC's Rust; it derives from BaseException
                raise
            raise Refusal(Reason.DAMAGED, f"WARC: {error}") from None
        if page is None:
            return
        yield page


def _documents(record: Any, settings: Settings) -> Iterator[Draft | Refusal]:
    url = record.headers.get("WARC-Target-URI")
    status = record.http_headers.status_code if record.is_http and record.http_headers else None
    if status is not None and status != 200:
        raise Refusal(Reason.HTTP_ERROR, f"status {status}: {url}")
    kind = (record.http_content_type if record.is_http else record.headers.get("Content-Type")) or ""
    kind = kind.partition(";")[0].strip().lower()
    data = record.reader.read(settings.max_record_bytes + 1)
    if len(data) > settings.max_record_bytes:
        raise Refusal(Reason.RECORD_TOO_LARGE, f"more than {settings.max_record_bytes:,} bytes: {url}")
    if not data.strip():
        raise Refusal(Reason.EMPTY_TEXT, f"empty answer: {url}", digest(data))
    if kind == "application/json":
        yield from json_records(io.BufferedReader(io.BytesIO(data)), "", settings)
    elif kind in ("text/plain", "text/markdown"):
        yield _with_url(plain_draft(decode(data, record.http_charset if record.is_http else None), digest(data)), url)
    elif "html" in kind or (not kind and data.lstrip()[:1] == b"<"):
        yield page_draft(decode(data, record.http_charset if record.is_http else None), settings, data, url)
    else:
        raise Refusal(Reason.UNSUPPORTED_FORMAT, f"{kind or 'no content type'}: {url}", digest(data))


def _with_url(draft: Draft, url: str | None) -> Draft:
    return draft if draft.url else replace(draft, url=url)
