"""How many bytes the pages of a Parquet file unpack to, by the headers of the pages themselves, which are what the reader makes room by.

The footer only claims a size. A page header is a structure of Thrift's compact protocol whose first three fields are the kind of the page,
its unpacked and its packed size (https://github.com/apache/parquet-format, PageHeader).
"""

from collections.abc import Iterator
from typing import Any

_HEADER_BYTES = (512, 2**16, 2**24)  # nearly all fit into the first; Arrow reads no longer ones than the last
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)


def page_sizes(file: Any, chunk: Any) -> Iterator[int]:
    """Unpacked bytes of each page of a column chunk; ValueError where a header is none."""
    offsets = (chunk.dictionary_page_offset, chunk.data_page_offset)
    at = min(offset for offset in offsets if offset)
    end = at + chunk.total_compressed_size
    while at < end:
        length, unpacked, packed = _read_header(file, at)
        if min(unpacked, packed) < 0:
            raise ValueError(f"a page of {packed:,} bytes at {at:,}")
        yield unpacked
        at += length + packed


def _read_header(file: Any, at: int) -> tuple[int, int, int]:
    for size in _HEADER_BYTES:
        file.seek(at)
        header = _Header(file.read(size))
        try:
            fields = header.struct()
            return header.at, fields[2], fields[3]
        except (IndexError, KeyError, RecursionError):
            continue
    raise ValueError(f"no page header at {at:,}")


class _Header:
    """Thrift's compact protocol, as far as it takes to get past a structure; integers of its first level are kept."""

    def __init__(self, data: bytes) -> None:
        self._data, self.at = data, 0

    def struct(self) -> dict[int, int]:
        """The integers of a structure by field number. IndexError where the bytes end before it does."""
        fields: dict[int, int] = {}
        number = 0
        while start := self._byte():
            number = number + (start >> 4) if start >> 4 else self._zigzag()
            kind = start & 0xF
            if kind in (_I16, _I32, _I64):
                fields[number] = self._zigzag()
            elif kind not in (_TRUE, _FALSE):
                self._skip(kind)
        return fields

    def _skip(self, kind: int) -> None:
        if kind == _STRUCT:
            self.struct()
        elif kind == _BINARY:
            length = self._varint()
            self.at += length
        elif kind in (_I16, _I32, _I64):
            self._varint()
        elif kind in (_LIST, _SET):
            start = self._byte()
            for _ in range(start >> 4 if start >> 4 != 0xF else self._varint()):
                self._skip(start & 0xF)
                self._data[self.at - 1]  # whatever the count, no further than the bytes go
        else:
            self.at += 8 if kind == _DOUBLE else 1

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 0x80:
            value |= (byte & 0x7F) << shift
            shift = min(shift + 7, 63)  # no integer is longer
        return value | byte << shift

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
