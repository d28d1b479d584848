"""*Names are only names*, of files, folders and members of archives. What is no file is told, not opened; nothing is written anywhere."""

import io
import os
import socket
import stat
import zipfile
from pathlib import Path

import pytest

from pipeline.articles import ingest_articles
from pipeline.config import Settings, Workspace
from tests.articles.article_samples import BODY, put
from tests.faults.isolation import read_apart

pytestmark = pytest.mark.slow  # each reads in a process of its own

ODD_NAMES = (
    b"line\nbreak.txt", b"return\rtab\t.txt", b"\x1b[31mred\x1b[0m\x07.txt", b"\xe2\x80\xaetxt.exe", b"caf\xe9.txt",
    b"\xff\xfe\x80.txt", b"\xed\xa0\x80.txt",
    b" leading and trailing .txt ", b"-rf.txt", b"$(touch PWNED).txt", b"a;b|c&d.txt", b"%2e%2e%2f.txt", b"CON.txt", b"a!b!c.txt",
    b"*?[x].txt", b"~.txt",
    b"\\..\\..\\x.txt", b"it's \"quoted\".txt", b"n" * 251 + b".txt", "é".encode() * 125 + b".txt", b"{date}-{{x}}.txt",
    b"no extension", b"many.dots...txt",
)  # fmt: skip
MEMBERS = (
    "../../PWNED.txt", "/tmp/PWNED.txt", "//server/share/PWNED.txt", "C:\\PWNED.txt", "..\\PWNED.txt", "a/../../PWNED.txt",
    "./PWNED.txt", "\x1b[31mred.txt",
    "two\nlines.txt", "\u202etxt.exe", "a!b.txt", "n" * 4000 + ".txt", "=1+1.txt", "<script>.txt", "'; drop table articles; --.txt",
    "PWNED.txt", "PWNED.txt ",
)  # fmt: skip


def archive(names: tuple[str, ...], mode: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number, name in enumerate(names):
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            file.writestr(member, f"{BODY} {number}")
    return buffer.getvalue()


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A secret beside the inbox, to which links lead."""
    put(tmp_path / "outside", {"secret.txt": f"The password of the minister is swordfish. {BODY}"})
    return tmp_path / "outside"


def test_files_of_any_name_are_articles(read, inbox: Path):
    for name in ODD_NAMES:
        (inbox / os.fsdecode(name)).write_text(BODY)
    found = read()
    assert [type(item).__name__ for item in found] == ["Article"] * len(ODD_NAMES)
    assert len({item.locator for item in found}) == len(ODD_NAMES)
    assert all(item.locator.encode() for item in found)


def test_folders_of_any_name_are_read(read, inbox: Path):
    for name in ODD_NAMES:
        (inbox / os.fsdecode(name)).mkdir()
        (inbox / os.fsdecode(name) / "a.txt").write_text(BODY)
    assert [type(item).__name__ for item in read()] == ["Article"] * len(ODD_NAMES)


def test_members_of_any_name_are_articles_and_nothing_is_unpacked(tmp_path: Path, inbox: Path):
    (inbox / "a.zip").write_bytes(archive(MEMBERS))
    (tmp_path / "apart").mkdir()
    (outcome,) = read_apart([inbox / "a.zip"], tmp_path / "apart")
    assert (outcome.found, outcome.troubles) == ({"article": len(MEMBERS)}, [])
    assert [*tmp_path.rglob("*PWNED*"), *Path("/tmp").glob("PWNED*"), *Path.cwd().glob("*PWNED*")] == []


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_members_that_are_no_files_are_told(read, kind: int):
    (found,) = read({"a.zip": archive(("x",), kind | 0o666)})
    assert found.reason == "not_a_file"


def test_what_is_no_file_is_told_and_not_opened(tmp_path: Path, inbox: Path, outside: Path):
    (inbox / "to a file.txt").symlink_to(outside / "secret.txt")
    (inbox / "to a folder").symlink_to(outside)
    (inbox / "to nothing.txt").symlink_to(outside / "gone")
    (inbox / "to itself").symlink_to(inbox / "to itself")
    (inbox / "to the inbox").symlink_to(inbox)
    (inbox / "to a device.txt").symlink_to("/dev/zero")
    os.mkfifo(inbox / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(os.path.relpath(inbox / "socket.txt"))
        (tmp_path / "apart").mkdir()
        (outcome,) = read_apart([inbox], tmp_path / "apart")
    assert (outcome.found, outcome.troubles) == ({"not_a_file": 8}, [])


def test_a_hard_link_is_a_file(read, inbox: Path, outside: Path):
    (inbox / "a.txt").hardlink_to(outside / "secret.txt")
    assert "swordfish" in read()[0].text


@pytest.mark.parametrize("inbox_name", ["a link", "a glob/*", "a glob/**/*.txt"])
def test_an_inbox_that_is_given_as_a_link_is_meant_and_links_in_it_are_not(tmp_path: Path, outside: Path, inbox_name: str, read):
    put(tmp_path / "real", {"a.txt": BODY})
    (tmp_path / "real" / "link.txt").symlink_to(outside / "secret.txt")
    (tmp_path / "a link").symlink_to(tmp_path / "real")
    (tmp_path / "a glob").symlink_to(tmp_path / "real")
    workspace = Workspace(tmp_path / "w" / "warehouse.duckdb")
    batch = ingest_articles([str(tmp_path / inbox_name)], workspace, Settings())
    assert (batch.new_articles, batch.rejected) == (1, 1)
