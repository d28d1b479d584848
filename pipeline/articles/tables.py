"""CSV and TSV tables with a column of text."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from pipeline.articles.charsets import LineDecoder, byte_order_mark
from pipeline.articles.fields import draft_of, has_text
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.articles.unpacking import BUFFER
from pipeline.config import Settings

_DELIMITERS = "\t,;|"


def delimiter_of(first_line: str) -> str | None:
    """The delimiter with which a header line has a column of text; None where it is no header of ours."""
    for delimiter in _DELIMITERS:
        names = _cells(first_line, delimiter)
        if len(names) > 1 and has_text(names):
            return delimiter
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    # A lone carriage return, as old Macs end lines, is an error to the csv module, and so is a line end that a charset gave.
    return next(csv.reader([line.strip("\r\n").replace("\r", " ").replace("\n", " ")], delimiter=delimiter), [])


def csv_records(stream: io.BufferedReader, settings: Settings) -> Iterator[Draft | Refusal]:
    """Rows as records. A row that breaks the rules of CSV is refused, and reading goes on behind it."""
    head = stream.peek(BUFFER)
    csv.field_size_limit(settings.max_record_bytes)  # of the whole process; the default of 131072 is less than an article
    lines = _Lines(stream, head, settings)
    header = next(iter(lines), "")
    delimiter = delimiter_of(header)
    if delimiter is None:
        alone = header.strip().strip('"')
        if not has_text([alone]):
            raise Refusal(Reason.NO_TEXT_FIELD, f"columns: {header.strip()[:300]}")
        delimiter = ","
    names = _cells(header, delimiter)
    rows = csv.reader(lines, delimiter=delimiter, strict=False)
    while True:
        lines.row_length = 0
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield Refusal(Reason.MALFORMED, f"CSV, line {rows.line_num + 1}: {error}")
            continue
        except Refusal as refusal:
            if refusal.reason is not Reason.RECORD_TOO_LARGE:
                raise
            yield refusal
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield _row_draft(names, row)


class _Lines:
    """The lines of a CSV file as characters; one that is too long raises its Refusal and is passed over.

    So does one that makes a row of several lines too long: the reader holds the row's cells, and drops them.
    """

    row_length = 0
    """Of the lines so far of the row that is being read."""

    def __init__(self, stream: io.BufferedReader, head: bytes, settings: Settings) -> None:
        self._decoded, self._limit = LineDecoder(head[:4096]), settings.max_record_bytes
        mark = byte_order_mark(head)
        is_wide = mark not in (None, "utf-8-sig")
        self._readline = (io.TextIOWrapper(stream, mark, errors="replace", newline="") if is_wide else stream).readline

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line: Any = self._readline(self._limit + 1)
        if not line:
            raise StopIteration
        if (length := len(line)) > self._limit:
            while line and line[-1] not in ("\n", 10) and (line := self._readline(BUFFER)):
                length += len(line)
            raise Refusal(Reason.RECORD_TOO_LARGE, f"a line {length:,} long")
        self.row_length += length
        if self.row_length > self._limit:
            raise Refusal(Reason.RECORD_TOO_LARGE, f"a row of more than {self._limit:,}")
        return line if isinstance(line, str) else self._decoded(line)


def _row_draft(names: list[str], row: list[str]) -> Draft | Refusal:
    raw_hash = digest("\x1f".join(row).encode("utf-8", "surrogatepass"))
    if len(row) > len(names):
        return Refusal(Reason.MALFORMED, f"CSV: {len(row)} cells under {len(names)} columns: {row!s:.200}", raw_hash)
    try:
        return draft_of(dict(zip(names, row, strict=False)), raw_hash)
    except Refusal as refusal:
        return refusal
