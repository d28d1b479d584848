"""JSON: an object, an array of objects, objects in a wrapper, objects one after another, or one a line.

*Resilient*: a broken line or array element is refused by itself; what comes after it is still read.
*Bounded*: a file of any size is read in pieces of at most max_record_bytes.
"""

import codecs
import io
import json
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from pipeline.articles.charsets import LineDecoder, byte_order_mark, detect
from pipeline.articles.fields import LISTS, draft_of, has_text
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.articles.unpacking import BUFFER
from pipeline.config import Settings

_STRUCTURE = re.compile(r'\\.|["{}\[\]]', re.S)
_KEY = re.compile(r'"([^"\\]{0,60})"\s*:')
_NOWHERE = 10**9
_LINE_OF_JSON = re.compile(rb"\s*\{.*\}\s*$", re.S)
# Before the list of a wrapper stand only simple values: {"status": "ok", "totalResults": 2, "articles": [
_WRAPPER = re.compile(
    r'\s*\{(?:\s*"[^"\\]{0,60}"\s*:\s*(?:"(?:[^"\\]|\\.){0,2000}"|[-\d.eE+]{1,40}|true|false|null)\s*,){0,40}\s*"(?:'
    + "|".join(LISTS)
    + r')"\s*:\s*\[\s*[{\]]',
    re.I,
)


def json_records(stream: io.BufferedReader, name: str, settings: Settings) -> Iterator[Draft | Refusal]:
    """The records of a JSON file, whichever way they are laid out."""
    head = stream.peek(BUFFER)
    if byte_order_mark(head) in (None, "utf-8-sig") and (name.endswith((".jsonl", ".ndjson")) or _begins_with_line(head)):
        yield from _line_records(stream, head, settings)
    else:
        for piece in _pieces(_characters(stream, head), settings):
            yield from [piece] if isinstance(piece, Refusal) else _records_of(piece, settings)


def bounded_lines(stream: io.BufferedReader, settings: Settings) -> Iterator[bytes | Refusal]:
    """Lines of at most max_record_bytes; a longer one is a Refusal, and is passed over without being held."""
    while line := stream.readline(settings.max_record_bytes + 1):
        if len(line) <= settings.max_record_bytes:
            yield line
            continue
        length = len(line)
        while not line.endswith(b"\n") and (line := stream.readline(BUFFER)):
            length += len(line)
        yield Refusal(Reason.RECORD_TOO_LARGE, f"a line of {length:,} bytes")


def _begins_with_line(head: bytes) -> bool:
    """Whether the first line is a whole object and something follows, or it looks like one and so does the next."""
    lines = head.removeprefix(codecs.BOM_UTF8).lstrip().split(b"\n", 2)
    if len(lines) < 2 or not lines[1].strip() or not _LINE_OF_JSON.match(lines[0]):
        return False
    if lines[1].lstrip().startswith(b"{"):
        return True
    try:
        return isinstance(json.loads(lines[0]), dict)
    except (ValueError, RecursionError):
        return False


def _line_records(stream: io.BufferedReader, head: bytes, settings: Settings) -> Iterator[Draft | Refusal]:
    decoded = LineDecoder(head[:4096])
    for line in bounded_lines(stream, settings):
        if isinstance(line, Refusal):
            yield line
        elif line.strip(b" \t\r\n\xef\xbb\xbf"):
            yield from _records_of(decoded(line), settings, digest(line))


def _records_of(text: str, settings: Settings, raw_hash: str | None = None) -> Iterator[Draft | Refusal]:
    """The record, or the records, of one piece of JSON."""
    raw_hash = raw_hash or digest(text.encode("utf-8", "surrogatepass"))
    try:
        value = json.loads(text)
    except RecursionError:
        yield Refusal(Reason.TOO_DEEP, "nested deeper than the parser goes", raw_hash)
        return
    except ValueError as error:
        yield Refusal(Reason.MALFORMED, f"JSON: {error}: {text[:200]}", raw_hash)
        return
    if (depth := _depth(value, settings.max_nesting)) > settings.max_nesting:
        yield Refusal(Reason.TOO_DEEP, f"JSON nested {depth} deep or deeper", raw_hash)
        return
    yield from _drafts(value, raw_hash)


def _drafts(value: Any, raw_hash: str) -> Iterator[Draft | Refusal]:
    listed = None if isinstance(value, dict) and has_text(value) else _listed(value)
    for item in [value] if listed is None else listed:
        if not isinstance(item, dict):
            yield Refusal(Reason.MALFORMED, f"not an object but {json.dumps(item)[:200]}", raw_hash)
            continue
        try:
            yield draft_of(item, raw_hash if listed is None else digest(json.dumps(item, sort_keys=True).encode()))
        except Refusal as refusal:
            yield refusal


def _listed(value: Any) -> list[Any] | None:
    """The articles that an object lists under a usual name."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        return None
    named = {str(key).casefold(): inner for key, inner in value.items()}
    return next((named[name] for name in LISTS if isinstance(named.get(name), list)), None)


def _depth(value: Any, enough: int) -> int:
    """Depth of nesting, counted level by level and no further than needed."""
    level, depth = [value], 0
    while level and depth <= enough:
        level = list(chain.from_iterable(_inner(item) for item in level))
        depth += bool(level)
    return depth


def _inner(value: Any) -> list[Any]:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [inner for inner in values if isinstance(inner, dict | list)]


def _characters(stream: io.BufferedReader, head: bytes) -> Iterator[str]:
    codec = byte_order_mark(head)
    if codec is None:
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)
            codec = "utf-8"
        except UnicodeDecodeError:
            codec = detect(head)
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    while data := stream.read(BUFFER):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _pieces(chunks: Iterator[str], settings: Settings) -> Iterator[str | Refusal]:
    """Cuts a JSON text into its records: top-level values, the elements of a top-level array, or those of a wrapper's list.

    Only quotation marks and brackets are looked at, so a broken record does not hide the next. Text that belongs to no
    bracket is refused as malformed.
    """
    first = next(chunks, "")
    while len(first) < BUFFER and (more := next(chunks, "")):
        first += more
    splitter = _Splitter(_base(first), settings.max_record_bytes)
    for chunk in chain([first], chunks):
        yield from splitter.feed(chunk)
    yield from splitter.finish()


def _base(head: str) -> int:
    """How many brackets enclose the records."""
    if wrapper := _WRAPPER.match(head):
        return 0 if has_text(_KEY.findall(wrapper[0])) else 2
    return int(head.lstrip("\ufeff \t\r\n").startswith("["))


class _Splitter:
    """State of the cut between chunks: depth of brackets, whether inside of a string, what was collected."""

    def __init__(self, base: int, limit: int) -> None:
        self._base, self._limit = base, limit
        self._depth = self._length = 0
        self._in_string = False
        self._held_back = ""
        self._collected: list[str] = []

    def feed(self, chunk: str) -> Iterator[str | Refusal]:
        text = self._whole_escapes(chunk)
        start = 0
        for match in _STRUCTURE.finditer(text):
            mark, position = match[0], match.start()
            if mark == '"':
                self._in_string = not self._in_string
            elif self._in_string or len(mark) > 1:
                continue
            elif mark in "{[":
                start = position if self._depth == self._base else start
                self._depth += 1
            elif self._closes_record():
                self._collect(text[start : position + 1])
                yield self._piece()
        if self._depth > self._base:
            self._collect(text[start:])

    def _whole_escapes(self, chunk: str) -> str:
        """Holds a last backslash back until the character that it escapes has come."""
        text = self._held_back + chunk
        odd = (len(text) - len(text.rstrip("\\"))) % 2
        self._held_back = text[len(text) - odd :]
        return text[: len(text) - odd]

    def _closes_record(self) -> bool:
        was, self._depth = self._depth, max(0, self._depth - 1)
        if was == self._base == 2:  # the wrapper's list has ended; what follows are no records
            self._base = _NOWHERE
        return was == self._base + 1

    def _collect(self, text: str) -> None:
        self._length += len(text)
        if self._length <= self._limit:
            self._collected.append(text)
        else:
            self._collected.clear()

    def _piece(self) -> str | Refusal:
        text, length = "".join(self._collected), self._length
        self._collected, self._length = [], 0
        return text if length <= self._limit else Refusal(Reason.RECORD_TOO_LARGE, f"an element of {length:,} characters")

    def finish(self) -> Iterator[str | Refusal]:
        if self._depth > self._base or self._in_string:
            yield Refusal(Reason.MALFORMED, "JSON: the text ends inside of a record")
