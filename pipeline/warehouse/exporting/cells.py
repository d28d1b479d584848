"""Text in cells. News text is hostile: a cell must not run in a spreadsheet, nor break the row that it stands in.

*Formula-safe*: a cell that a spreadsheet would take for a formula begins with an apostrophe, one more than it had.
*One line a row*: in tab-separated files, whatever some reader takes for the end of a cell or a line is a space.
"""

import re

from pipeline.contracts import Column
from pipeline.partitions import quoted

# What Excel, LibreOffice and Google Sheets take for the beginning of a formula, with their full-width forms. Apostrophes before it
# count too: else a text that begins with one could not be told from a cell that was made safe.
_FORMULA = r"^'*[=+\-@\t\r\n＝＋－＠]"
_GUARDED = re.compile("^'" + _FORMULA[1:])

# Every character at which some reader ends a line, and NUL, at which C ends a text. The code points are those of str.splitlines.
_BREAKS = r"[\x00\t\n\x0b\x0c\r\x1c-\x1e\x{85}\x{2028}\x{2029}]"


def guarded(sql: str) -> str:
    """The text of an expression, safe in a spreadsheet."""
    return f"if(regexp_matches({sql}, {quoted(_FORMULA)}), '''' || {sql}, {sql})"


def as_written(cell: str) -> str:
    """The text that a guarded cell stands for: the way back."""
    return cell[1:] if _GUARDED.match(cell) else cell


def flat(sql: str) -> str:
    """The text of an expression on one line, without tabs. Double quotes become single ones: most readers would look for their end."""
    return f"translate(regexp_replace({sql}, {quoted(_BREAKS)}, ' ', 'g'), '\"', '''')"


def tsv_cell(column: Column, sql: str, raw: bool) -> str:
    """A cell of a tab-separated file: never null, empty where nothing is known."""
    if column.type == "VARCHAR":
        sql = flat(f"({sql})")
        return f"coalesce({sql if raw else guarded(sql)}, '')"
    return f"coalesce(({sql})::varchar, '')"


def csv_cell(column: Column, sql: str, raw: bool) -> str:
    """A cell of a CSV; lists as JSON, so that they can be read back."""
    if column.type.endswith("[]"):
        return f"to_json({sql})::varchar"
    return sql if raw or column.type != "VARCHAR" else guarded(sql)
