"""Files of extracts: plain, gzipped or zipped; tab-separated lines, split without any quoting.

*Bounded*: files are unpacked to disk up to a limit and scanned lazily; a line that is too short or too long is told, never guessed at.
"""

import gzip
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

import polars as pl

from pipeline.console import plain
from pipeline.errors import InputError

MAX_BYTES = 8 * 2**30
"""Bytes of a file, unpacked: a year of the largest data set."""

_CHUNK = 2**20
_TABLES = (".csv", ".tsv", ".tab", ".txt")


@dataclass(frozen=True)
class Table:
    """A file that can be scanned, and how to call it in messages: members of archives have names that somebody else gave them."""

    path: Path
    name: str

    def first_line(self) -> str:
        with self.path.open(encoding="utf-8-sig", errors="replace") as file:
            return file.readline(_CHUNK).rstrip("\r\n")


@contextmanager
def unpacked(path: Path) -> Iterator[list[Table]]:
    """The tables of a file; those of an archive lie in a temporary folder. InputError where it cannot be read or is too large."""
    with tempfile.TemporaryDirectory(prefix="dragoman-extract-") as folder:
        try:
            tables = list(_tables(path, Path(folder)))
        except (OSError, EOFError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise InputError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
        if not tables:
            raise InputError(f"{path}: the archive holds no {', '.join(_TABLES)} file")
        yield tables


def _tables(path: Path, folder: Path) -> Iterator[Table]:
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(b"\x1f\x8b"):
        with gzip.open(path) as packed:
            yield _copied(cast(IO[bytes], packed), folder / "0", plain(path.name))
    elif start == b"PK\x03\x04":
        with zipfile.ZipFile(path) as archive:
            members = (name for name in archive.namelist() if name.lower().endswith(_TABLES))
            for number, name in enumerate(members):
                with archive.open(name) as packed:
                    yield _copied(packed, folder / str(number), plain(f"{path.name}!{name}"))
    else:
        yield Table(path, plain(path.name))


def _copied(packed: IO[bytes], target: Path, name: str) -> Table:
    left = MAX_BYTES
    with target.open("wb") as file:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise InputError(f"{name}: larger than {MAX_BYTES >> 30} GB when unpacked; split it")
            file.write(chunk)
    return Table(target, name)


def split(table: Table, columns: Mapping[str, int], width: int, *, has_header: bool) -> pl.LazyFrame:
    """The named cells of tab-separated lines: one text column each, with `origin` and `fault`.

    columns: position by name. width: cells that a line must have; empty ones may be missing or too many at its end.
    """
    skipped = 1 if has_header else 0
    # scan_csv with a separator that no line holds keeps bytes that are no UTF-8 out of the way; scan_lines would stop at them.
    lines = pl.scan_csv(
        table.path, has_header=False, separator="\x1f", quote_char=None, new_columns=["line"], schema={"line": pl.String},
        encoding="utf8-lossy", skip_lines=skipped, row_index_name="number", row_index_offset=1 + skipped,
        truncate_ragged_lines=True, raise_if_empty=False,
    )  # fmt: skip
    cells = pl.col("line").str.strip_chars_end("\r").str.split("\t")
    found = pl.col("cells").list.len()
    spare = pl.col("cells").list.slice(width).list.join("") != ""
    return (
        lines.filter(pl.col("line").str.strip_chars() != "")
        .with_columns(cells=cells)
        .select(
            origin=pl.format("{}:{}", pl.lit(table.name), pl.col("number")),
            fault=pl.when((found < width - 1) | spare).then(pl.format("{} cells, expected {}", found, width)),
            **{name: pl.col("cells").list.get(position, null_on_oob=True).str.strip_chars('"') for name, position in columns.items()},
        )
    )


def positions(table: Table, header: Sequence[str], wanted: Mapping[str, str], data_set: str) -> dict[str, int]:
    """Where the wanted columns (ours: theirs) stand in a header. InputError names those that are missing."""
    places = {name.strip().strip('"').lower(): place for place, name in reversed(list(enumerate(header)))}
    missing = [theirs for theirs in wanted.values() if theirs.lower() not in places]
    if missing:
        raise InputError(
            f"{table.name}: no {data_set} file: its header lacks {', '.join(missing)}; it begins with {'|'.join(header)[:80]!r}"
        )
    return {ours: places[theirs.lower()] for ours, theirs in wanted.items()}
