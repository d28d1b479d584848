"""Articles to write into inboxes: one in every format and compression, and prose by number."""

import gzip
import io
import itertools
import json
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import zstandard

from pipeline.articles import Article, Reject

Read = Callable[..., list[Article | Reject]]

BODY = (
    "The foreign ministers of Norway and Chile met in Oslo on Tuesday to discuss a fisheries agreement and a shared lighthouse.\n\n"
    "“We want to sign before the summer,” the Norwegian minister said after the talks, which lasted three hours."
)
_NOUNS = ("minister", "army", "union", "court", "embassy", "convoy", "parliament", "harbour", "governor", "rebels", "council", "envoy")
_VERBS = ("criticised", "met", "blocked", "praised", "sued", "visited", "warned", "shelled", "expelled", "paid", "joined", "left")


def prose(seed: int, sentences: int = 12) -> str:
    """English-looking text, another for every seed."""
    words = itertools.cycle(itertools.product(_NOUNS, _VERBS, _NOUNS))
    picked = itertools.islice(words, (seed * 37) % 1600, None, 7 + seed % 5)
    return " ".join(
        f"The {a} of region {seed} {b} the {c} on day {n} of the month, and that was the news."
        for n, (a, b, c) in zip(range(sentences), picked, strict=False)
    )


TITLE = "Norway and Chile near fisheries deal"
URL = "https://example.org/world/oslo-talks"
RECORD = {"title": TITLE, "published_at": "2021-05-20T08:30:00+02:00", "url": URL, "source": {"name": "Fjord Wire"}, "id": 7, "text": BODY}
PARAGRAPHS = "".join(f"<p>{paragraph}</p>" for paragraph in BODY.split("\n\n"))
PAGE = f"""<!doctype html><html lang="en"><head><title>{TITLE}</title>
<meta property="og:title" content="{TITLE}"><meta property="og:site_name" content="Fjord Wire"><link rel="canonical" href="{URL}">
<meta property="article:published_time" content="2021-05-20T08:30:00+02:00"></head>
<body><nav><a href="/">Home</a> <a href="/world">World</a></nav><article><h1>{TITLE}</h1>{PARAGRAPHS}</article>
<footer>Contact us</footer></body></html>"""
RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Fjord Wire</title>
<item><title>{TITLE}</title><link>{URL}</link><guid>7</guid>
<pubDate>Thu, 20 May 2021 06:30:00 GMT</pubDate><description>Talks.</description>
<content:encoded><![CDATA[{PARAGRAPHS}]]></content:encoded></item></channel></rss>"""
ATOM = f"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Fjord Wire</title>
<entry><title>{TITLE}</title>
<link href="{URL}"/><id>7</id><published>2021-05-20T06:30:00Z</published><content type="html">
{PARAGRAPHS.replace("<", "&lt;")}</content></entry></feed>"""
TEXT = f"Title: {TITLE}\nDate: 20 May 2021\nPublisher: Fjord Wire\nURL: {URL}\n\n{BODY}\n"
FIELDS = {"headline": TITLE, "pub_date": "2021-05-20T06:30:00Z", "link": URL, "outlet": "Fjord Wire", "id": "7", "body": BODY}


def warc() -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE.encode()
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\nWARC-Date: 2023-01-01T00:00:00Z\r\nWARC-Target-URI: {URL}\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def parquet() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame([{**FIELDS, "pub_date": datetime(2021, 5, 20, 6, 30), "unused": 1.5}]).write_parquet(buffer)
    return buffer.getvalue()


def table(delimiter: str) -> bytes:
    cells = ['"' + value.replace('"', '""') + '"' for value in FIELDS.values()]
    return (delimiter.join(FIELDS) + "\r\n" + delimiter.join(cells) + "\r\n").encode()


FORMATS: dict[str, bytes] = {
    "a.txt": TEXT.encode(),
    "a.html": PAGE.encode(),
    "a.json": json.dumps(RECORD, indent=2).encode(),
    "array.json": json.dumps([RECORD]).encode(),
    "wrapped.json": json.dumps({"status": "ok", "totalResults": 1, "articles": [RECORD]}).encode(),
    "a.jsonl": json.dumps(RECORD).encode() + b"\n",
    "a.csv": table(","),
    "a.tsv": table("\t"),
    "a.parquet": parquet(),
    "a.warc": warc(),
    "rss.xml": RSS.encode(),
    "atom.xml": ATOM.encode(),
}


def zipped(name: str, data: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return buffer.getvalue()


COMPRESSIONS = {
    "": lambda name, data: data,
    ".gz": lambda name, data: gzip.compress(data),
    ".zst": lambda name, data: zstandard.compress(data),
    ".zip": zipped,
}


def put(folder: Path, files: dict[str, bytes | str]) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
