"""CSV, TSV and Parquet tables with a column of text."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from pipeline.articles.charsets import byte_order_mark, decoded_lines
from pipeline.articles.fields import draft_of, has_text, wanted
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.articles.unpacking import BUFFER, spooled
from pipeline.config import Settings

_DELIMITERS = "\t,;|"
_ROWS_AT_ONCE = 64


def delimiter_of(first_line: str) -> str | None:
    """The delimiter with which a header line has a column of text; None where it is no header of ours."""
    for delimiter in _DELIMITERS:
        names = _cells(first_line, delimiter)
        if len(names) > 1 and has_text(names):
            return delimiter
    return None


def _cells(line: str, delimiter: str) -> list[str]:
    # A lone carriage return, as old Macs end lines, is an error to the csv module.
    return next(csv.reader([line.strip("\r\n").replace("\r", " ")], delimiter=delimiter), [])


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
    """The lines of a CSV file as characters; one that is too long raises its Refusal and is passed over."""

    def __init__(self, stream: io.BufferedReader, head: bytes, settings: Settings) -> None:
        self._head, self._limit = head[:4096], settings.max_record_bytes
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
        return line if isinstance(line, str) else next(decoded_lines(iter([line]), byte_order_mark(line), self._head))


def _row_draft(names: list[str], row: list[str]) -> Draft | Refusal:
    raw_hash = digest("\x1f".join(row).encode("utf-8", "surrogatepass"))
    if len(row) > len(names):
        return Refusal(Reason.MALFORMED, f"CSV: {len(row)} cells under {len(names)} columns: {row!s:.200}", raw_hash)
    try:
        return draft_of(dict(zip(names, row, strict=False)), raw_hash)
    except Refusal as refusal:
        return refusal


def parquet_records(stream: io.BufferedReader, settings: Settings) -> Iterator[Draft | Refusal]:
    """Rows as records; only the columns of an article are read, a few rows at a time."""
    from pyarrow import parquet

    with spooled(stream) as copy, parquet.ParquetFile(copy) as file:
        names = file.schema_arrow.names
        if not has_text(names):
            raise Refusal(Reason.NO_TEXT_FIELD, f"columns: {', '.join(names[:20])}")
        claimed = sum(file.metadata.row_group(index).total_byte_size for index in range(file.num_row_groups))
        if claimed > settings.max_file_bytes:
            raise Refusal(Reason.TOO_MANY_BYTES, f"{claimed:,} bytes unpacked")
        for batch in file.iter_batches(_ROWS_AT_ONCE, columns=wanted(names)):
            for row in batch.to_pylist():
                raw_hash = digest(repr(sorted(row.items())).encode("utf-8", "surrogatepass"))
                yield draft_of(row, raw_hash)
