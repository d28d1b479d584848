"""Bombs, giants, broken bytes and hostile names: each is set aside for its reason, and what is sound is still read."""

import gzip
import io
import json
import os
import random
import resource
import stat
import struct
import time
import zipfile
from pathlib import Path

import pytest
import zstandard

from pipeline.articles import Article, Reject, read_articles
from pipeline.articles.rejects import Reason
from pipeline.config import Settings
from pipeline.errors import InputError
from tests.articles.article_samples import BODY, COMPRESSIONS, FORMATS, Read, put

pytestmark = pytest.mark.slow  # giants and bombs

GOOD = json.dumps({"text": BODY})
SMALL = Settings(
    max_file_bytes=100_000, max_record_bytes=5_000, max_records=5, max_article_characters=2_000, max_nesting=20, max_archive_members=3
)


def reasons(found: list[Article | Reject]) -> list[str]:
    return [item.reason.value if isinstance(item, Reject) else "article" for item in found]


def zipped(**members: bytes | str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return buffer.getvalue()


LOCKED = bytearray(zipped(a=BODY))
LOCKED[6] |= 1
LOCKED[LOCKED.index(b"PK\x01\x02") + 8] |= 1
OFFICE = zipped(**{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})
DEEP_ZIP = zipped(**{"b.zip": zipped(**{"c.zip": zipped(a=BODY)})})


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b"", ["empty_file"]),
        ("a.txt", b" \n\t\x00 ", ["empty_text"]),
        ("a.json", b"[]", ["empty_file"]),
        ("a.gz", gzip.compress(b"", mtime=0), ["empty_file"]),
        ("a.zip", b"PK\x05\x06" + bytes(18), ["empty_file"]),
        ("a.txt", bytes(range(256)) * 4, ["binary"]),
        ("a.bin", os.urandom(3000).replace(b"\x1f\x8b", b""), ["binary"]),
        ("a.pdf", b"%PDF-1.7 ...", ["unsupported_format"]),
        ("a.docx", OFFICE, ["unsupported_format"]),
        ("a.xml", b'<?xml version="1.0"?><sitemap><url>x</url></sitemap>', ["unsupported_format"]),
        ("a.json", b'{"headline": "No text"}', ["no_text_field"]),
        ("a.csv", b"title,date\nx,2021-05-20\n", ["no_text_field"]),
        ("a.json", b'{"text": ""}', ["empty_text"]),
        ("a.json", b'{"text": 42}', ["empty_text"]),
        ("a.json", b'{"text": "broken', ["malformed"]),
        ("a.xml", b"<rss><channel><title>none</title></channel></rss>", ["malformed"]),
        ("a.jsonl.gz", gzip.compress((GOOD + "\n").encode() * 2)[:-9], ["article", "article", "damaged"]),
        ("a.jsonl.zst", zstandard.compress(os.urandom(50_000))[:-400], ["damaged"]),
        ("a.zip", zipped(a=BODY)[:-30], ["damaged"]),
        ("a.zip", bytes(LOCKED), ["encrypted"]),
        ("a.parquet", b"PAR1 and then nothing", ["damaged"]),
        ("a.jsonl", (GOOD + "\n").encode() * 6, ["article"] * 5 + ["too_many_records"]),
        ("a.jsonl", f"{GOOD}\n{json.dumps({'text': 'x' * 6000})}\n{GOOD}\n".encode(), ["article", "record_too_large", "article"]),
        ("a.json", f"[{GOOD}, {json.dumps({'text': 'x' * 6000})}, {GOOD}]".encode(), ["article", "record_too_large", "article"]),
        ("a.csv", f'text,title\n{"x" * 6000},b\n"{BODY}",d\n'.encode(), ["record_too_large", "article"]),
        ("a.txt", b"word " * 1500, ["record_too_large"]),
        ("a.json", json.dumps({"text": "A word of it. " * 200}).encode(), ["too_many_characters"]),
        ("a.json", b'{"text": ' + b"[" * 100 + b"]" * 100 + b"}", ["too_deep"]),
        ("a.html", b"<html><body>" + b"<div>" * 50 + BODY.encode(), ["too_deep"]),
        ("a.txt", b"x" * 200_000, ["record_too_large"]),
        ("a.jsonl", (GOOD + "\n").encode() * 1000, ["article"] * 5 + ["too_many_records"]),
        ("a.zip", DEEP_ZIP, ["archive_too_deep"]),
        ("a.zip", zipped(a=BODY, b=BODY, c=BODY, d=BODY), ["too_many_members"]),
    ],
)  # fmt: skip
def test_each_breach_has_its_reason(read: Read, name: str, data: bytes, expected: list[str]) -> None:
    assert reasons(read({name: data}, SMALL)) == expected


def test_files_larger_than_allowed_keep_what_comes_before(read: Read) -> None:
    lines = (GOOD + "\n").encode() * 2000
    settings = Settings(max_file_bytes=100_000)
    plain, packed = read({"a.jsonl": lines}, settings), read({"a.jsonl": gzip.compress(lines)}, settings)
    for found in (plain, packed):
        assert reasons(found)[-1] == "too_many_bytes"
        assert len(found) > 100


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress, lambda data: zipped(zeros=data)])
def test_bombs_are_refused_before_they_go_off(read: Read, pack) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bomb = pack(bytes(60 * 2**20))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert reasons(read({"bomb": bomb}, Settings())) in (["binary"], ["expansion_ratio"])
    found = read({"bomb": pack(b'{"text": "' + b" " * 60 * 2**20)}, Settings(max_record_bytes=50 * 2**20))
    assert reasons(found) == ["expansion_ratio"]
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - max(before, grown)) < 400 * 1024


def test_an_archive_that_claims_a_million_members_is_not_listed(read: Read) -> None:
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", *[0] * 4, *[0] * 4, *[0] * 3, *[0] * 5, *[0] * 2)
    directory = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 9, 9, len(directory), 4, 0)
    assert reasons(read({"a.zip": b"PK\x03\x04" + directory + end})) == ["too_many_members"]


def test_entities_that_multiply_are_not_expanded(read: Read) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    feed = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "lol">{entities}]><rss><channel><item><title>&l9;</title></item></channel></rss>'
    assert "lollol" not in str(read({"a.xml": feed}))


def test_entities_that_name_files_are_not_read(read: Read, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password is swordfish")
    entity = f'[<!ENTITY x SYSTEM "file://{secret}">]>'
    feed = f'<?xml version="1.0"?><!DOCTYPE r {entity}<rss><channel><item><description>{BODY} &x;</description></item></channel></rss>'
    page = f"<!DOCTYPE html {entity}<html><body><article><p>{BODY} &x;</p></article></body></html>"
    assert "swordfish" not in str(read({"a.xml": feed, "a.html": page}))


def test_names_are_only_names(read: Read, inbox: Path, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in (
            "../../escape.txt",
            "/etc/cron.d/x",
            "C:\\x.txt",
            "<script>alert(1)</script>.txt",
            "a'; drop table articles;--.txt",
            "=cmd()",
        ):
            archive.writestr(name, f"{BODY} {name}")
    put(inbox, {"it's {{7*7}} 'quoted'\n.txt": BODY, "news.zip": buffer.getvalue()})
    (inbox / os.fsdecode(b"caf\xe9.txt")).write_bytes(BODY.encode())
    found = read()
    assert reasons(found) == ["article"] * 8
    assert {path.name for path in tmp_path.iterdir()} == {"inbox"}
    assert "news.zip!../../escape.txt" in [item.locator for item in found]
    assert "caf\\xe9.txt" in [item.locator for item in found]


def test_links_pipes_and_hidden_files(read: Read, inbox: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside", {"a.txt": BODY})
    (inbox / "link.txt").symlink_to(tmp_path / "outside" / "a.txt")
    (inbox / "folder").symlink_to(tmp_path / "outside")
    (inbox / "loop").symlink_to(inbox)
    os.mkfifo(inbox / "pipe.txt")
    found = read({".hidden.txt": BODY, ".git/a.txt": BODY, "real.txt": BODY})
    assert [(item.locator, *reasons([item])) for item in found] == [
        ("folder", "not_a_file"), ("link.txt", "not_a_file"), ("loop", "not_a_file"), ("pipe.txt", "not_a_file"), ("real.txt", "article"),
    ]  # fmt: skip


def test_links_in_archives(read: Read) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    assert reasons(read({"a.zip": buffer.getvalue()})) == ["not_a_file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission(read: Read, inbox: Path) -> None:
    put(inbox, {"a.txt": BODY})
    (inbox / "a.txt").chmod(0)
    assert reasons(read()) == ["unreadable"]


def test_inboxes_files_folders_globs_and_urls(inbox: Path) -> None:
    put(inbox, {"a.txt": BODY, "b/c.txt": BODY, "b/d.csv": f'text,title\n"{BODY}",x\n'})

    def locators(pattern: str) -> list[str]:
        return [item.locator for item in read_articles([pattern], Settings()) if isinstance(item, Article)]

    assert locators(str(inbox)) == ["a.txt", "b/c.txt", "b/d.csv"]
    assert locators(str(inbox / "a.txt")) == ["a.txt"]
    assert locators(str(inbox / "*" / "*.txt")) == ["b/c.txt"]
    assert locators(str(inbox / "**" / "*.txt")) == ["a.txt", "b/c.txt"]
    assert locators(str(inbox / "*")) == ["a.txt", "b/c.txt", "b/d.csv"]
    assert locators(f"file://{inbox}") == ["a.txt", "b/c.txt", "b/d.csv"]
    assert locators(str(inbox / "*.none")) == []
    with pytest.raises(InputError, match="does not exist"):
        locators(str(inbox / "missing"))


def test_an_inbox_in_memory() -> None:
    import fsspec

    system = fsspec.filesystem("memory")
    for name, text in {"/news/a.txt": BODY, "/news/b/2021-05-20.txt": BODY}.items():
        with system.open(name, "wb") as file:
            file.write(text.encode())
    try:
        found = [item for inbox in ("memory://news", "memory://news/b/*.txt") for item in read_articles([inbox], Settings())]
        assert [item.locator for item in found] == ["a.txt", "b/2021-05-20.txt", "2021-05-20.txt"]
        assert reasons(found) == ["article"] * 3
        with pytest.raises(InputError, match="does not exist"):
            list(read_articles(["memory://nowhere"], Settings()))
    finally:
        system.rm("/news", recursive=True)


# Each of these once took minutes: quadratic time in a pattern of ours or in a library.
@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", b" " * 2_000_000 + b"x", "article"),
        ("a.html", b"<p " + b" ".join(b"a%d=1" % n for n in range(100_000)) + b">Hello", "too_many_elements"),
        ("a.html", b"<a x='" * 40_000 + b"<p>Hello", "too_many_elements"),
        ("a.html", b"<html>" + b"<" * 2_000_000, "too_many_elements"),
        ("a.json", b'{"text":' + b'{"a":' * 500_000, "malformed"),
        ("a.json", b'{"text": "' + b"\\" * 2_000_001, "malformed"),
        ("a.txt", b"&amp;" * 400_000, "empty_text"),
        ("a.txt", b"\x1b]" * 1_000_000, "empty_text"),
        ("a.txt", b"\n" * 2_000_000, "empty_text"),
    ],
)
def test_pathological_inputs_are_read_in_seconds(read: Read, name: str, data: bytes, expected: str) -> None:
    start = time.process_time()
    (found,) = read({name: data})
    assert reasons([found]) == [expected]
    assert time.process_time() - start < 5


@pytest.mark.parametrize("seed", range(4))
def test_mutated_files_of_every_format_give_something_and_never_raise(read: Read, inbox: Path, seed: int) -> None:
    chance = random.Random(seed)
    packed = [(name + suffix, pack(name, data)) for name, data in FORMATS.items() for suffix, pack in COMPRESSIONS.items()]
    files = {f"{n}-{name}": mutated(data, chance) for n, (name, data) in enumerate(packed)}
    assert {item.locator.partition("!")[0] for item in read(files)} == set(files)


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice([1, 2, 8, 40])):
        at = chance.randrange(len(changed) + 1)
        piece = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 8)))
        cut = chance.choice([0, 1, 30])
        changed[at : at + cut] = chance.choice([piece, b"<", b'"', b"\0", b"\xff", b"\r", changed[at : at + 100] * 2])
    return bytes(changed[: chance.choice([len(changed), len(changed), chance.randrange(1, len(changed))])])


def test_every_reason_has_its_sentence() -> None:
    assert all(reason.sentence.endswith(".") and reason.value == reason for reason in Reason)
