"""Text files that DuckDB makes line by line: a query gives the file and the line, Python only carries them there."""

from itertools import groupby
from operator import itemgetter
from pathlib import Path

import duckdb

from pipeline.warehouse.exporting.cells import tsv_cell
from pipeline.warehouse.exporting.declared import Mapped

# Lines held at a time: some megabytes.
_BATCH_LINES = 5_000


def tsv_line(columns: tuple[Mapped, ...], raw: bool) -> str:
    """The expression of a whole line."""
    return f"concat_ws(chr(9), {', '.join(tsv_cell(one.column, one.sql, raw) for one in columns)})"


def write_lines(
    connection: duckdb.DuckDBPyConnection,
    query: str,
    folder: Path,
    empty: tuple[str, str],
    *,
    head: str = "",
    between: str = "\n",
    tail: str = "\n",
) -> tuple[str, ...]:
    """Writes the lines of a query into the files that it names, and gives these in order.

    query: columns file, line, and day and id, which order the lines of a file. head, between, tail: what stands before, between and
    after them. empty: the file, and what stands in it, where the query gives no line.
    """
    # Made first and sorted then: both at once, with all that is joined, need more memory than DuckDB may have.
    connection.execute(f"create or replace temp table lines as {query}")
    ordered = "select file, line from lines order by file, day nulls first, id"
    reader = connection.execute(ordered).to_arrow_reader(_BATCH_LINES)
    names: list[str] = []
    for batch in reader:
        pairs = zip(batch.column("file").to_pylist(), batch.column("line").to_pylist(), strict=True)
        for name, group in groupby(pairs, itemgetter(0)):
            is_new = not names or names[-1] != name
            if is_new and names:
                _append(folder / names[-1], tail)
            with (folder / name).open("a", encoding="utf-8", newline="") as file:
                file.write(head if is_new else between)
                file.write(between.join(line for _, line in group))
            if is_new:
                names.append(name)
    if not names:
        name, content = empty
        _append(folder / name, content)
        return (name,)
    _append(folder / names[-1], tail)
    connection.execute("drop table lines")
    return tuple(names)


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8", newline="") as file:
        file.write(text)
