"""What a person sees in the terminal: tables and summaries.

*Text only*: whatever comes from articles or the warehouse is printed as plain text, its control characters made visible,
so that nothing in it is taken for a terminal code or for markup.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

if TYPE_CHECKING:
    import polars as pl

_LONGEST_CELL = 160  # characters of a cell in a table; CSV and JSON are never cut
_STYLES = {"verbal cooperation": "green", "material cooperation": "green", "verbal conflict": "yellow", "material conflict": "red"}


def plain(value: object) -> str:
    """A value in one line of harmless characters: control and direction characters become visible escapes."""
    text = "" if value is None else str(value)
    return "".join(character if unicodedata.category(character)[0] != "C" else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    return " " if character in "\n\t" else f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"


def print_table(frame: "pl.DataFrame", title: str | None = None, console: Console | None = None) -> None:
    """A frame as a table, numbers to the right, long cells cut."""
    table = RichTable(title=Text(title) if title else None, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for name, kind in frame.schema.items():
        table.add_column(Text(name), justify="right" if kind.is_numeric() else "left", overflow="fold")
    for row in frame.iter_rows():
        table.add_row(*(_cell(value) for value in row))
    (console or Console()).print(table)


def _cell(value: object) -> Text:
    if isinstance(value, float):
        return Text(f"{value:.10g}")
    if isinstance(value, list):
        value = ", ".join(map(str, value))
    text = plain(value)
    return Text(text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…", style=_STYLES.get(text, ""))


def as_csv(frame: "pl.DataFrame") -> str:
    """RFC 4180 lines with a header; lists become JSON. Cells that a spreadsheet would run as a formula get a leading quote."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows([_csv_cell(value) for value in row] for row in frame.iter_rows())
    return out.getvalue()


def _csv_cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value


def as_json(frame: "pl.DataFrame") -> str:
    """One JSON object a row, one row a line; dates in ISO form."""
    return "".join(json.dumps(row, ensure_ascii=False, default=_json_value) + "\n" for row in frame.iter_rows(named=True))


def _json_value(value: Any) -> str:
    return value.isoformat() if isinstance(value, (date, datetime)) else str(value)


def print_facts(facts: Sequence[tuple[str, object]], console: Console) -> None:
    """Names and values in two columns."""
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        console.print(Text(f"  {name:<{width}}  {plain(value)}"))
