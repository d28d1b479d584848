"""Parquet tables with a column of text.

*Bounded*: what the file claims to hold is not believed; its pages are measured before they are unpacked (parquet_pages). A string that
is stored once and repeated in a million rows stays one until a row that holds it was found to be of a size that is allowed.
"""

import io
from collections.abc import Iterator
from typing import Any

from pipeline.articles.charsets import decode
from pipeline.articles.fields import draft_of, has_text, wanted
from pipeline.articles.parquet_pages import page_sizes
from pipeline.articles.records import Draft, digest
from pipeline.articles.rejects import Reason, Refusal
from pipeline.articles.unpacking import spooled
from pipeline.config import Settings

_ROWS_AT_ONCE = 64


def parquet_records(stream: io.BufferedReader, settings: Settings) -> Iterator[Draft | Refusal]:
    """Rows as records; only the columns of an article are read, a few rows at a time."""
    from pyarrow import parquet

    with spooled(stream) as copy:
        try:
            about = parquet.read_metadata(copy)
            names = about.schema.to_arrow_schema().names
        except UnicodeDecodeError as error:
            raise Refusal(Reason.DAMAGED, f"Parquet: a name that is no text: {error}") from None
        if not has_text(names):
            raise Refusal(Reason.NO_TEXT_FIELD, f"columns: {', '.join(names[:20])}")
        _check_pages(copy, about, tuple(wanted(names)), settings)
        leaves = map(about.schema.column, range(len(about.schema)))
        strings = [leaf.path for leaf in leaves if leaf.physical_type == "BYTE_ARRAY"]
        unpacked = 0
        with parquet.ParquetFile(copy, metadata=about, read_dictionary=strings) as file:
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=wanted(names)):
                size = sum(map(_size, batch.columns))
                _check_bytes(unpacked := unpacked + size, settings)
                for rows in [batch] if size <= settings.max_record_bytes else (batch.slice(row, 1) for row in range(len(batch))):
                    yield from _records(rows, settings)


def _check_pages(copy: Any, about: Any, names: tuple[str, ...], settings: Settings) -> None:
    """Refuses a file whose columns of those names unpack to too much, before they do."""
    groups = map(about.row_group, range(about.num_row_groups))
    chunks = (group.column(index) for group in groups for index in range(group.num_columns))
    unpacked = 0
    try:
        for size in (size for chunk in chunks if chunk.path_in_schema.startswith(names) for size in page_sizes(copy, chunk)):
            _check_bytes(unpacked := unpacked + size, settings)
    except ValueError as error:
        raise Refusal(Reason.DAMAGED, f"Parquet: {error}") from None


def _check_bytes(size: int, settings: Settings) -> None:
    if size > settings.max_file_bytes:
        raise Refusal(Reason.TOO_MANY_BYTES, f"{size:,} bytes unpacked")


def _records(rows: Any, settings: Settings) -> Iterator[Draft | Refusal]:
    """The records of some rows, which are within the limit together, or of one row."""
    if (size := sum(map(_size, rows.columns))) > settings.max_record_bytes:
        yield Refusal(Reason.RECORD_TOO_LARGE, f"a row of {size:,} bytes")
        return
    for row in zip(*map(_values, rows.columns), strict=True):
        fields = dict(zip(rows.schema.names, row, strict=True))
        yield draft_of(fields, digest(repr(sorted(fields.items())).encode("utf-8", "surrogatepass")))


def _size(array: Any) -> int:
    """Bytes of an array's values, each counted as often as it stands there."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = array.type
    if pa.types.is_dictionary(kind):
        return int(pc.sum(pc.binary_length(array.dictionary).take(array.indices)).as_py() or 0) + int(array.indices.nbytes)
    if pa.types.is_map(kind):
        return _size(array.keys) + _size(array.items)
    if pa.types.is_struct(kind):
        return sum(map(_size, array.flatten()))
    if pa.types.is_nested(kind):
        return _size(array.flatten()) + int(array.nbytes)
    return int(array.nbytes)


def _values(array: Any) -> list[Any]:
    """The values as Python knows them; strings that are not UTF-8, as the format demands, in the charset that they seem to be in."""
    try:
        values: list[Any] = array.to_pylist()
    except UnicodeDecodeError:
        values = _decoded(array.cast(_bytes_type(array.type)).to_pylist())
    return values


def _bytes_type(kind: Any) -> Any:
    """The type with bytes in the place of strings."""
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return _bytes_type(kind.value_type)
    if pa.types.is_list(kind):
        return pa.list_(_bytes_type(kind.value_type))
    if pa.types.is_struct(kind):
        return pa.struct([(field.name, _bytes_type(field.type)) for field in kind])
    return pa.binary() if pa.types.is_string(kind) else kind


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return [_decoded(inner) for inner in value]
    if isinstance(value, dict):
        return {name: _decoded(inner) for name, inner in value.items()}
    return decode(value) if isinstance(value, bytes) else value
