"""The figures of docs/ACCURACY.md, for programs: pipeline/quality/accuracy.json, which the validation report shows."""

import json
import re

_STAMP = re.compile(r"Taken at commit `(?P<commit>[^`]+)` with coder `(?P<coder_version>[^`]+)`")
_TABLES = ("events", "timebank", "aquaint", "places", "gold")


def figures(page: str) -> str:
    """The page's stamp and tables as JSON: tables[table][row][column]. ValueError where the page lacks one of them."""
    stamp = _STAMP.search(_part(page, "stamp"))
    if not stamp:
        raise ValueError("ACCURACY.md does not say with which coder its figures were taken; run `make bench`")
    return json.dumps({**stamp.groupdict(), "tables": {name: _table(_part(page, name)) for name in _TABLES}}, indent=1) + "\n"


def _part(page: str, name: str) -> str:
    _, opening, rest = page.partition(f"<!-- {name} -->\n")
    if not opening:
        raise ValueError(f"ACCURACY.md has no part {name!r}")
    return rest.partition("<!-- end -->")[0]


def _table(text: str) -> dict[str, dict[str, float]]:
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|"))
    return {name: dict(zip(head[1:], map(float, values), strict=True)) for name, *values in rows}
