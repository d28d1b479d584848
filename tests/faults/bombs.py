"""Bombs and giants: files that grow out of all proportion, each with what is to come of it."""

import gzip
import io
import struct
import zipfile
from collections.abc import Callable

import pyarrow as pa
import zstandard
from pyarrow import parquet

MIB = 2**20
SENTENCE = "The foreign ministers of Norway and Chile met in Oslo on Tuesday to discuss a fisheries agreement. "


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def listing(times: int) -> bytes:
    """An archive that lists its one member over and over."""
    data = zipped({"a.txt": b"x"})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = data[start:end] * times
    count = min(times, 0xFFFF)
    return data[:start] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)


def many_records() -> bytes:
    return b"".join(b'{"a":%d}\n' % number for number in range(600_000))


def forty_two() -> bytes:
    """Sixteen archives in each of sixteen archives in each of … five deep, as 42.zip."""
    data = zipped({"0.dll": bytes(100 * MIB)})
    for _ in range(5):
        data = zipped({f"{number}.zip": data for number in range(16)})
    return data


def table(values: object, **options: object) -> bytes:
    buffer = io.BytesIO()
    parquet.write_table(pa.table({"text": values}), buffer, compression="zstd", **options)
    return buffer.getvalue()


def one_string(size: int, rows: int, per_row: int | None = None) -> bytes:
    """A string that is stored once and stands in every row, or that often in the list of each."""
    times = rows * (per_row or 1)
    values = pa.DictionaryArray.from_arrays(pa.array([0] * times, pa.int32()), pa.array(["a" * size]))
    return table(pa.ListArray.from_arrays(range(0, times + 1, per_row), values) if per_row else values)


def lying(data: bytes) -> bytes:
    """A Parquet file whose footer claims, in as many bytes as it took to tell the truth, that each column unpacks to one byte."""
    about = parquet.read_metadata(io.BytesIO(data))
    length = int.from_bytes(data[-8:-4], "little")
    footer = data[-8 - length : -8]
    for size in (about.row_group(0).total_byte_size, about.row_group(0).column(0).total_uncompressed_size):
        told = varint(2 * size)
        footer = footer.replace(told, b"\x82" + b"\x80" * (len(told) - 2) + b"\0")
    return data[: -8 - length] + footer + data[-8:]


def varint(number: int) -> bytes:
    """As Thrift writes it: seven bits a byte, the lowest first."""
    return bytes([number & 0x7F | 0x80]) + varint(number >> 7) if number > 0x7F else bytes([number])


def page(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>x</title>{head}</head><body><article>{body}</article></body></html>".encode()


def linked_data(text: str) -> bytes:
    return page(f"<p>{SENTENCE}</p>", f'<script type="application/ld+json">{text}</script>')


def feed(items: str) -> bytes:
    return f"<rss><channel><title>Fjord Wire</title>{items}".encode()


def entities(*declared: str, use: str) -> bytes:
    return (
        f"<?xml version='1.0'?><!DOCTYPE r [{' '.join(declared)}]><rss><channel><item><title>x{use}</title></item></channel></rss>".encode()
    )


def zeros(pack: Callable[[bytes], bytes], parts: int) -> bytes:
    """A tenth of a gigabyte for each part: a compressed stream may consist of them."""
    return pack(bytes(100 * MIB)) * parts


ITEM = "<item><title>T</title><description>Talks.</description></item>"
Case = tuple[str, Callable[[], bytes], dict[str, int]]
"""Name of the file, its bytes, what is found in it."""

QUICK: dict[str, Case] = {
    "zeros in gzip": ("zeros.jsonl.gz", lambda: zeros(gzip.compress, 2), {"binary": 1}),
    "zeros in zstd": ("zeros.zst", lambda: zeros(zstandard.compress, 2), {"binary": 1}),
    "a line of JSON in gzip": ("a.jsonl.gz", lambda: gzip.compress(b'{"text": "' + b"a " * 32 * MIB, 1), {"expansion_ratio": 1}),
    "archives in archives": ("42.zip", forty_two, {"archive_too_deep": 256}),
    "archives that list a million members": (
        "a.zip",
        lambda: zipped({f"{n}.zip": listing(4_000) for n in range(250)}),
        {"article": 4_000 * 12, "too_many_members": 238},
    ),
    "a member more than a million times": ("a.zip", lambda: listing(1_000_000), {"too_many_members": 1}),
    "JSON a million deep": ("a.json", lambda: b'{"text":' + b"[" * 1_000_000 + b"]" * 1_000_000 + b"}", {"too_deep": 1}),
    "JSON a million deep, and open": ("a.json", lambda: b"[" * 4_000_000, {"malformed": 1}),
    "a page a million deep": ("a.html", lambda: b"<html>" + b"<div>" * 1_000_000, {"too_many_elements": 1}),
    "a page of paragraphs far down": ("a.html", lambda: page("<b><i>" * 90 + "<p>x" * 28_000), {"too_deep": 1}),
    "a page of as many paragraphs as are allowed": (
        "a.html",
        lambda: page("".join(f"<p>{SENTENCE}{n}</p>" for n in range(29_900))),
        {"too_many_characters": 1},
    ),
    "a feed a hundred thousand deep": ("a.xml", lambda: feed("<item>" + "<a>" * 100_000), {"too_many_elements": 1}),
    "a feed 500 deep": ("a.xml", lambda: feed("<item>" + "<a>" * 500), {"too_deep": 1}),
    "a feed of 100,000 items": ("a.xml", lambda: feed(ITEM * 100_000), {"too_many_elements": 1}),
    "a feed of 9,000 items, not closed": ("a.xml", lambda: feed(ITEM * 9_000), {"article": 9_000, "malformed": 1}),
    "a feed of brackets": ("a.xml", lambda: feed("<item><title>" + "<" * 4_000_000), {"too_many_elements": 1}),
    "a feed behind the end of a quotation": ("a.xml", lambda: feed("<![CDATA[]]>" + "<" * 4_000_000 + "]]>"), {"too_many_elements": 1}),
    "a feed of attributes": (
        "a.xml",
        lambda: feed("<item " + " ".join(f"a{n}='1'" for n in range(300_000)) + ">"),
        {"too_many_elements": 1},
    ),
    "a billion laughs": (
        "a.xml",
        lambda: entities(*(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12)), use="&l11;"),
        {"empty_text": 1, "malformed": 1},
    ),
    "one long entity, often": (
        "a.xml",
        lambda: entities(f'<!ENTITY a "{"x" * 3_000}">', use="&a;" * 100_000),
        {"empty_text": 1, "malformed": 1},
    ),
    "an entity from a file, by parameter": (
        "a.xml",
        lambda: entities('<!ENTITY % p SYSTEM "file:///etc/passwd">', "%p;", use="&root;"),
        {"empty_text": 1},
    ),
    "an entity from the network": ("a.xml", lambda: entities('<!ENTITY e SYSTEM "http://127.0.0.1:9/x">', use="&e;"), {"empty_text": 1}),
    "linked data of quotation marks": ("a.html", lambda: linked_data('"name":"' + '\\"' * 3_000_000), {"article": 1}),
    "linked data of one long string": ("a.html", lambda: linked_data('{"datePublished":"' + "2" * 7_000_000 + '"}'), {"article": 1}),
    "linked data a million deep": ("a.html", lambda: linked_data('{"a":' * 1_000_000), {"article": 1}),
    "metadata without end": (
        "a.html",
        lambda: page(f"<p>{SENTENCE}</p>", '<meta name="author" content="a, b, c and d">' * 28_000),
        {"article": 1},
    ),
    "one string in every row": ("a.parquet", lambda: one_string(100 * MIB, 64), {"too_many_bytes": 1}),
    "one string in every row of a million": (
        "a.parquet",
        lambda: one_string(7 * MIB, 1_000_000),
        {"too_many_characters": 64, "too_many_bytes": 1},
    ),
    "one string in a row that is too long": ("a.parquet", lambda: one_string(20 * MIB, 4), {"record_too_large": 4}),
    "a string that the footer calls short": (
        "a.parquet",
        lambda: lying(table(pa.array(["a" * 600 * MIB]), use_dictionary=False)),
        {"too_many_bytes": 1},
    ),
    "one string many times in a list": ("a.parquet", lambda: one_string(100 * MIB, 1, 64), {"too_many_bytes": 1}),
    "a row of a million lines": ("a.csv", lambda: b"text,title\n" + b'"' + b"\n" * 9_000_000, {"record_too_large": 1}),
    "bytes of every old charset": ("a.txt", lambda: bytes(range(128, 256)) * 60_000, {"too_many_characters": 1}),
    "a row of a million cells": ("a.csv", lambda: b"text,title\n" + b"a," * 4_000_000 + b"\n", {"malformed": 1}),
    "lines in an old charset": ("a.jsonl", lambda: b'{"text": "The caf\xe9 of the old harbour."}\n' * 3_000, {"article": 3_000}),
    "rows in an old charset": ("a.csv", lambda: b"title,text\n" + b"x,The caf\xe9 of the old harbour.\n" * 3_000, {"article": 3_000}),
}

LONG: dict[str, Case] = {
    "ten gigabytes of zeros in gzip": ("a.jsonl.gz", lambda: zeros(gzip.compress, 100), {"binary": 1}),
    "ten gigabytes of zeros in zstd": ("a.zst", lambda: zeros(zstandard.compress, 100), {"binary": 1}),
    "ten gigabytes of spaces in a line of JSON": (
        "a.jsonl.gz",
        lambda: gzip.compress(b'{"text": "' + b" " * 100) + gzip.compress(b" " * 100 * MIB) * 100,
        {"expansion_ratio": 1},
    ),
    **{
        f"a gigabyte in one line of {name}": (
            f"a.{name}",
            lambda start=start: start + b"a word of it and " * (2**30 // 17),
            {"record_too_large": 1},
        )
        for name, start in {"txt": b"", "html": b"<html><p>", "xml": b"<rss><channel><item><title>"}.items()
    },
    **{
        f"a gigabyte in one line of {name}": (
            f"a.{name}",
            lambda start=start: start + b"a word of it and " * (2**30 // 17),
            {"too_many_bytes": 1},
        )
        for name, start in {"jsonl": b'{"text": "', "json": b'[{"text": "', "csv": b'title,text\nx,"'}.items()
    },
    "archives of many records": (
        "a.zip",
        lambda: zipped({f"{n}.jsonl": many_records() for n in range(20)}),
        {"no_text_field": 1_000_000, "too_many_records": 19},
    ),
    "a string as long as a file may be": (
        "a.parquet",
        lambda: table(pa.array(["a" * 500 * MIB]), use_dictionary=False),
        {"record_too_large": 1},
    ),
}
