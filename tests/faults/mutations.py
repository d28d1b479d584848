"""Files that are nearly right: good ones of every format and compression, changed by a number that makes each anew."""

import random
import struct
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tests.articles.article_samples import COMPRESSIONS, FORMATS

Change = Callable[[bytes, Random], bytes]

_NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**64 - 1)
_SPELT = (
    b"0",
    b"-1",
    b"1e999",
    b"-1e999",
    b"NaN",
    b"Infinity",
    b"9" * 400,
    b"9" * 5000,
    b"0x10",
    b"1" + b"0" * 40,
    b"\xc2\xb2" * 8,
    b"2021-13-45",
)
_TOKENS = (
    b"{", b"}", b"[", b"]", b'"', b"'", b"\\", b"\\u0000", b"\\ud800", b":", b",", b"null", b"<", b">", b"</", b"<!--", b"-->",
    b"<![CDATA[",
    b"]]>", b"&", b"&#xD800;", b"&#0;", b"&#x110000;", b"&lt;", b"<?xml version='1.0' encoding='utf-16'?>", b"<script>", b"</p>",
    b"<html",
    b'<meta charset="utf-7">', b"\r", b"\n", b"\r\n\r\n", b"\t", b";", b"\0", b"PK\x03\x04", b"PAR1", b"WARC/1.0\r\n", b"\x1f\x8b",
    b"HTTP/1.1 ",
)  # fmt: skip
_BROKEN = (
    b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xff\xfe\0\0", b"\xef\xbb\xbf", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80",
    b"\xed\xa0\x80\xed\xb0\x80",
    b"\xf4\x90\x80\x80", b"\xe2\x82", b"\x80", b"\xc3\x83\xc2\xa9", b"\xe2\x80\xae", b"\x1b$B", b"+ADw-",
)  # fmt: skip
_ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "cp1252", "koi8-r", "shift_jis", "utf-7", "cp037")
_SUFFIXES = (*FORMATS, "a", "a.xml", "a.htm", "a.ndjson", "a.gz", "a.zst", "a.zip", "a.pdf", "a.JSON.GZ")


@dataclass(frozen=True)
class Mutant:
    """A file to read. The same number makes the same file."""

    number: int
    name: str
    data: bytes


def mutant(number: int) -> Mutant:
    """A good file with one to eight changes, before it was packed, after it, or both; now and then under another's name."""
    chance = random.Random(number)
    name, packing = chance.choice(list(FORMATS)), chance.choice(("", *COMPRESSIONS))
    data, when = FORMATS[name], chance.choice(("before", "before", "after", "both")) if packing else "before"
    if when != "after":
        data = _changed(data, chance)
    data = COMPRESSIONS[packing](name, data)
    if when != "before":
        data = _changed(data, chance)
    called = chance.choice(_SUFFIXES) if chance.random() < 0.2 else name + packing
    return Mutant(number, f"{number}-{called}", data)


def _changed(data: bytes, chance: Random) -> bytes:
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        data = chance.choice(_CHANGES)(data, chance)
    return data


def _span(data: bytes, chance: Random, longest: int) -> tuple[int, int]:
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.randrange(longest + 1))


def _flip(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 30)) if data else 0):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _cut(data: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] if chance.random() < 0.7 else data[at:]


def _remove(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance, 40)
    return data[:start] + data[end:]


def _insert(data: bytes, chance: Random) -> bytes:
    piece = chance.choice((*_TOKENS, *_BROKEN, chance.randbytes(chance.randrange(1, 16))))
    at = chance.randrange(len(data) + 1)
    return data[:at] + piece * chance.choice((1, 1, 1, 3, 300)) + data[at:]


def _repeat(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance, 400)
    return data[:end] + data[start:end] * chance.choice((1, 2, 50)) + data[end:]


def _swap(data: bytes, chance: Random) -> bytes:
    a, b, c = sorted(chance.randrange(len(data) + 1) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def _splice(data: bytes, chance: Random) -> bytes:
    name, packing = chance.choice(list(FORMATS)), chance.choice(list(COMPRESSIONS))
    other = COMPRESSIONS[packing](name, FORMATS[name])
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other)) :]


def _length_field(data: bytes, chance: Random) -> bytes:
    """A number in binary over bytes that may be a length, an offset or a count."""
    number, form = chance.choice(_NUMBERS), chance.choice(("<B", "<H", "<I", "<Q", ">H", ">I", ">Q"))
    written = struct.pack(form, number & (256 ** struct.calcsize(form) - 1))
    at = chance.choice(
        (chance.randrange(len(data) + 1), max(0, len(data) - chance.randrange(1, 40)), chance.randrange(min(len(data), 40) + 1))
    )
    return data[:at] + written + data[at + len(written) :]


def _spelt_number(data: bytes, chance: Random) -> bytes:
    """A strange number in the place of a run of digits."""
    runs = [at for at in range(len(data)) if data[at : at + 1].isdigit() and not data[max(0, at - 1) : at].isdigit()]
    if not runs:
        return data
    start = end = chance.choice(runs)
    while data[end : end + 1].isdigit():
        end += 1
    return data[:start] + chance.choice(_SPELT) + data[end:]


def _nulls(data: bytes, chance: Random) -> bytes:
    start, end = _span(data, chance, 64)
    return data[:start] + bytes(end - start) + data[end:]


def _magic(data: bytes, chance: Random) -> bytes:
    """Begins as another kind of file does."""
    mark = chance.choice(
        (*(data[:4] for data in FORMATS.values()), *_TOKENS[-5:], b"\x28\xb5\x2f\xfd", b"%PDF", b"\x89PNG", b"BZh", b"SQLite format 3")
    )
    return mark + data[len(mark) if chance.random() < 0.5 else 0 :]


def _encoded(data: bytes, chance: Random) -> bytes:
    """The text in another encoding than it declares, or the same bytes under another mark."""
    if chance.random() < 0.3:
        return chance.choice(_BROKEN[1:5]) + data
    return data.decode("utf-8", "replace").encode(chance.choice(_ENCODINGS), "replace")


_CHANGES: tuple[Change, ...] = (
    _flip, _cut, _remove, _insert, _repeat, _swap, _splice, _length_field, _spelt_number, _nulls, _magic, _encoded,
)  # fmt: skip
