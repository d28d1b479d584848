"""What kind of file it is, by its content first and its name second, and the reader for it."""

import re
from collections.abc import Iterator

from pipeline.articles.charsets import byte_order_mark, decode
from pipeline.articles.feeds import feed_records
from pipeline.articles.json_files import json_records
from pipeline.articles.markup import page_draft
from pipeline.articles.parquet_files import parquet_records
from pipeline.articles.plain import plain_draft
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.articles.tables import csv_records, delimiter_of
from pipeline.articles.unpacking import BUFFER, Member
from pipeline.config import Settings

# First bytes of what people put beside articles, so that the reject can name it.
_FOREIGN = (
    (b"%PDF", "PDF"), (b"\xd0\xcf\x11\xe0", "old office document"), (b"{\\rtf", "RTF"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7-Zip"), (b"Rar!", "RAR"), (b"\x89PNG", "PNG image"), (b"\xff\xd8\xff", "JPEG image"), (b"GIF8", "GIF image"),
    (b"\x7fELF", "program"), (b"ARROW1", "Arrow file"), (b"Obj\x01", "Avro"), (b"ORC", "ORC"), (b"SQLite format 3", "SQLite"),
)  # fmt: skip
_FEED = re.compile(r"<(?:[\w-]+:)?(?:rss|feed|RDF)[\s>]")
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body|article|main|div|p|h1|meta|title|section|span)\b", re.I)
_JSON = re.compile(r"""\s*(?:\{\s*["'}]|\[\s*[\[{\]"])""")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
_PAGE_NAMES = (".html", ".htm", ".xhtml")


def records(member: Member, settings: Settings) -> Iterator[Draft | Refusal]:
    """The records of a file or archive member in order.

    A yielded Refusal is one bad record; a raised one is the end of the file.
    """
    head = member.stream.peek(BUFFER)
    if not head:
        raise Refusal(Reason.EMPTY_FILE, "no bytes")
    if head.startswith(b"PAR1"):
        yield from parquet_records(member.stream, settings)
    elif head.startswith(b"WARC/"):
        from pipeline.articles.warc import warc_records

        yield from warc_records(member.stream, settings)
    else:
        yield from _of_text(member, head, settings)


def _of_text(member: Member, head: bytes, settings: Settings) -> Iterator[Draft | Refusal]:
    start = decode(_whole_characters(head))
    _check_text(head, start)
    kind = _kind(start, member.name)
    if kind == "json":
        yield from json_records(member.stream, member.name, settings)
    elif kind == "table":
        yield from csv_records(member.stream, settings)
    else:
        data = member.stream.read(settings.max_record_bytes + 1)
        if len(data) > settings.max_record_bytes:
            raise Refusal(Reason.RECORD_TOO_LARGE, f"a {kind} of more than {settings.max_record_bytes:,} bytes")
        if kind == "feed":
            yield from feed_records(data, settings)
        else:
            text = decode(data)
            yield page_draft(text, settings, data) if kind == "page" else plain_draft(text, digest(data))


def _kind(start: str, name: str) -> str:
    if _JSON.match(start) or name.endswith((".json", ".jsonl", ".ndjson")):
        return "json"
    if start.lstrip("\ufeff \t\r\n").startswith("<"):
        if _FEED.search(start[:4096]):
            return "feed"
        if _PAGE.search(start) or name.endswith(_PAGE_NAMES):
            return "page"
        if start.lstrip("\ufeff \t\r\n").startswith("<?xml"):
            raise Refusal(Reason.UNSUPPORTED_FORMAT, f"XML that is neither a feed nor a page: {start[:200]}")
    if name.endswith(_PAGE_NAMES):
        return "page"
    if name.endswith((".csv", ".tsv")) or delimiter_of(start.lstrip("\ufeff").partition("\n")[0][:2000]):
        return "table"
    return "text"


def _check_text(head: bytes, start: str) -> None:
    """Refuses bytes that are no text, by the name of their kind where it is known."""
    foreign = next((kind for mark, kind in _FOREIGN if head.startswith(mark)), None)
    if foreign or head[257:262] == b"ustar":
        raise Refusal(Reason.UNSUPPORTED_FORMAT, foreign or "tar archive")
    if b"\0" in head and byte_order_mark(head) in (None, "utf-8-sig") and head.count(b"\0") > 3:
        raise Refusal(Reason.BINARY, f"{head.count(bytes(1))} NUL bytes near the start")
    strange = len(_CONTROLS.findall(start))
    if strange > max(3, 0.1 * len(start)):
        raise Refusal(Reason.BINARY, f"{strange} of the first {len(start)} characters are no text")


def _whole_characters(head: bytes) -> bytes:
    """The head without a character that its end cuts in two, so that UTF-8 is still told as such."""
    if len(head) < BUFFER or byte_order_mark(head) not in (None, "utf-8-sig"):
        return head
    return head[: max(head.rfind(b"\n"), head.rfind(b" "), head.rfind(b">")) + 1] or head
