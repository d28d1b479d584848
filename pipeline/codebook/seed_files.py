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
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != columns:
            raise SeedError(f"{path.name}: header is {reader.fieldnames}, expected {list(columns)}")
        for number, values in enumerate(reader, start=2):
            if None in values or None in values.values():
                raise SeedError(f"{path.name}:{number}: {len(columns)} cells expected")
            yield SeedRow(path, number, {column: value.strip() for column, value in values.items()})
