"""Reading seeds/: CSV rows with their place in the file, so that every complaint can say where."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import SeedError


@dataclass(frozen=True)
class SeedRow:
    """One row of a seed file; `row["column"]` is its stripped text, empty where the cell is empty."""

    path: Path
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def error(self, what: str) -> SeedError:
        return SeedError(f"{'/'.join(self.path.parts[-3:])}:{self.line}: {what}")


def read_seed(path: Path, columns: tuple[str, ...]) -> Iterator[SeedRow]:
    """The rows of a CSV file with a header; SeedError where the header differs from columns or a row has too few cells."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        if tuple(header := next(reader, [])) != columns:
            raise SeedError(f"{path.name}: header is {header}, expected {list(columns)}")
        for cells in filter(None, reader):
            if len(cells) != len(columns):
                raise SeedError(f"{path.name}:{reader.line_num}: {len(columns)} cells expected")
            yield SeedRow(path, reader.line_num, dict(zip(columns, map(str.strip, cells), strict=True)))
