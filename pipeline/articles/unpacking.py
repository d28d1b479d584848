"""Compressed files and archives unpacked as streams, within limits.

*Bounded*: whatever the bytes claim, at most a buffer is held. The limits on unpacked bytes and on their ratio to the packed
ones are checked while reading, so a bomb is refused before it goes off.
"""

import gzip
import io
import lzma
import shutil
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

import pyarrow

from pipeline.articles.records import Reject
from pipeline.articles.rejects import Reason, Refusal, printable
from pipeline.config import Settings

BUFFER = 64 * 1024
# Below this much, a high ratio is harmless: a page of spaces, a short repetitive table.
_RATIO_FROM = 4 * 2**20
_IN_MEMORY = 16 * 2**20
_END_OF_ZIP = b"PK\x05\x06"
_END_OF_ZIP_WITHIN = 22 + 0xFFFF
_DIRECTORY_ENTRY = 256  # bytes of the directory that a member may take on average: 46 and its name
_NO_FILES = (stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK)
_OFFICE = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF")
# What the libraries raise on broken bytes.
BROKEN = (
    OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, zipfile.LargeZipFile, struct.error, NotImplementedError,
    pyarrow.ArrowException,
)  # fmt: skip
# A broken directory also sends zipfile to negative offsets and to names that are no text.
_BROKEN_ZIP = (*BROKEN, ValueError, RuntimeError, IndexError)


@dataclass
class _Budget:
    """Bytes that may still be read, and members of archives that may still be listed."""

    left: int
    members: int


@dataclass(frozen=True)
class Member:
    """A file, or a member of an archive, as a stream of unpacked bytes."""

    locator: str
    stream: io.BufferedReader

    @property
    def name(self) -> str:
        """The name that tells the format, without the suffix of a compression."""
        last = self.locator.rpartition("!")[2].lower()
        return last.removesuffix(".gz").removesuffix(".zst")


class _Counted(io.RawIOBase):
    """A stream that counts what is read from it, against the budget and against the packed bytes that it comes from."""

    def __init__(
        self, source: BinaryIO, budget: _Budget, settings: Settings, packed: "_Counted | None" = None, packed_size: int = 0
    ) -> None:
        # One read of what lies below: gzip's larger reads lose what came before a break.
        self._read = getattr(source, "read1", source.read)
        self._budget, self._settings = budget, settings
        self._packed, self._packed_size = packed, packed_size
        self._failure: Exception | None = None
        self.count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        """Fills the buffer. A failure is told only once the bytes before it were given out."""
        view = memoryview(buffer)  # type: ignore[arg-type]
        filled = 0
        while filled < len(view) and (data := self._next(len(view) - filled, filled > 0)):
            view[filled : filled + len(data)] = data
            filled += len(data)
        return filled

    def _next(self, size: int, has_some: bool) -> bytes:
        try:
            if self._failure:
                raise self._failure
            data: bytes = self._read(size)
            self._check(len(data))
        except (Refusal, *BROKEN) as failure:
            if not has_some:
                raise
            self._failure = failure
            return b""
        return data

    def _check(self, size: int) -> None:
        self.count += size
        self._budget.left -= size
        if self._budget.left < 0:
            raise Refusal(Reason.TOO_MANY_BYTES, f"more than {self._settings.max_file_bytes:,} bytes")
        packed = self._packed.count if self._packed else self._packed_size
        if packed and self.count > max(_RATIO_FROM, self._settings.max_expansion_ratio * packed):
            raise Refusal(Reason.EXPANSION_RATIO, f"{self.count:,} bytes from {packed:,}, and not at the end")


def members(locator: str, file: BinaryIO, settings: Settings) -> Iterator[Member | Reject]:
    """The file itself, or what lies in it if it is compressed or an archive, at any depth allowed.

    A Member must be read before the next is asked for. Breakage inside a member shows while it is read.
    """
    raw, unpacked = (_Budget(settings.max_file_bytes, settings.max_archive_members) for _ in range(2))
    yield from _unpack(locator, _Counted(file, raw, settings), unpacked, settings, 0)


@contextmanager
def spooled(stream: io.BufferedReader, to_the_break: bool = False) -> Iterator[BinaryIO]:
    """A seekable copy of a stream, for formats that need one; on disk where it is large.

    Where the stream breaks or passes a limit, that is raised at once, or, to_the_break, once the copied part was used.
    """
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
        failure: Exception | None = None
        try:
            shutil.copyfileobj(stream, copy, BUFFER)
        except (Refusal, *BROKEN) as error:
            if not to_the_break:
                raise
            failure = error
        copy.seek(0)
        yield cast(BinaryIO, copy)
        if failure:
            raise failure


def broken(locator: str, error: Exception) -> Reject:
    """The reject for broken bytes; an error that bears a number comes from the disk or the network instead."""
    reason = Reason.UNREADABLE if isinstance(error, OSError) and error.errno is not None else Reason.DAMAGED
    return Reject(locator, None, reason, printable(f"{type(error).__name__}: {error}"))


def _unpack(locator: str, raw: _Counted, budget: _Budget, settings: Settings, depth: int) -> Iterator[Member | Reject]:
    stream = cast(io.BufferedReader, io.BufferedReader(raw, BUFFER))
    try:
        head = stream.peek(4)[:4]
        packed_as = _packing(head)
        if packed_as and depth >= settings.max_archive_depth:
            raise Refusal(Reason.ARCHIVE_TOO_DEEP, f"{packed_as} in {depth} others")
        if packed_as == "zip":
            yield from _zip_members(locator, stream, budget, settings, depth)
        elif packed_as:
            inner = _Counted(_decompressor(packed_as, stream), budget, settings, packed=raw)
            yield from _unpack(locator, inner, budget, settings, depth + 1)
        else:
            yield Member(locator, stream)
    except Refusal as refusal:
        yield Reject(locator, None, refusal.reason, refusal.evidence)
    except _BROKEN_ZIP as error:
        yield broken(locator, error)


def _packing(head: bytes) -> str | None:
    if head[:2] == b"\x1f\x8b":
        return "gzip"
    if head == b"\x28\xb5\x2f\xfd" or (head[1:] == b"\x2a\x4d\x18" and head[:1] and 0x50 <= head[0] <= 0x5F):
        return "zstd"
    return "zip" if head in (b"PK\x03\x04", _END_OF_ZIP) else None


def _decompressor(packed_as: str, stream: io.BufferedReader) -> BinaryIO:
    if packed_as == "gzip":
        return cast(BinaryIO, gzip.GzipFile(fileobj=stream))
    # Arrow's reader tells a stream that is cut short; that of the zstandard package takes it for complete.
    return cast(BinaryIO, pyarrow.CompressedInputStream(pyarrow.PythonFile(stream, mode="r"), "zstd"))


def _zip_members(locator: str, stream: io.BufferedReader, budget: _Budget, settings: Settings, depth: int) -> Iterator[Member | Reject]:
    with spooled(stream) as copy:
        _check_directory(copy, settings)
        with zipfile.ZipFile(copy) as archive:
            if any(name in archive.NameToInfo for name in _OFFICE):
                raise Refusal(Reason.UNSUPPORTED_FORMAT, "an office document, e-book or program archive")
            found = [info for info in archive.infolist() if not info.is_dir()]
            budget.members -= len(archive.infolist())
            if budget.members < 0:
                raise Refusal(Reason.TOO_MANY_MEMBERS, f"more than {settings.max_archive_members:,} members, archives in it counted")
            if not found:
                raise Refusal(Reason.EMPTY_FILE, "archive without members")
            for info in sorted(found, key=lambda info: info.filename):
                yield from _zip_member(f"{locator}!{_member_name(info)}", archive, info, budget, settings, depth)


def _zip_member(
    locator: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget, settings: Settings, depth: int
) -> Iterator[Member | Reject]:
    if info.flag_bits & 0x1:
        yield Reject(locator, None, Reason.ENCRYPTED, "protected by a password")
        return
    mode = info.external_attr >> 16  # where archives made on Unix keep it
    if stat.S_IFMT(mode) in _NO_FILES:
        yield Reject(locator, None, Reason.NOT_A_FILE, f"mode {stat.filemode(mode)}")
        return
    try:
        with archive.open(info) as source:
            raw = _Counted(cast(BinaryIO, source), budget, settings, packed_size=info.compress_size)
            yield from _unpack(locator, raw, budget, settings, depth + 1)
    except _BROKEN_ZIP as error:
        yield broken(locator, error)


def _member_name(info: zipfile.ZipInfo) -> str:
    """The name as a name: valid Unicode; '..' and a leading '/' mean nothing here, for nothing is ever written under it."""
    return info.filename.encode("utf-8", "backslashreplace").decode("utf-8")


def _check_directory(file: BinaryIO, settings: Settings) -> None:
    """Refuses a directory that zipfile would take minutes and gigabytes to read."""
    size = file.seek(0, io.SEEK_END)
    file.seek(max(0, size - _END_OF_ZIP_WITHIN))
    tail = file.read()
    end = tail.rfind(_END_OF_ZIP)
    if end < 0 or len(tail) - end < 22:
        raise Refusal(Reason.DAMAGED, "zip without its directory: cut short?")
    entries, directory_bytes = struct.unpack_from("<HL", tail, end + 10)
    # Zip64 writes 0xFFFF and 0xFFFFFFFF here, both beyond any limit that makes sense.
    if entries > settings.max_archive_members or directory_bytes > settings.max_archive_members * _DIRECTORY_ENTRY:
        raise Refusal(Reason.TOO_MANY_MEMBERS, f"{entries:,} members or more, listed in {directory_bytes:,} bytes")
    file.seek(0)
