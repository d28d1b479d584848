"""What the explorer's data files hold, read as the pages read them."""

import base64
import gzip
import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

_CALL = re.compile(r'dragoman\("([\w/]+)", (\{.*\})\);\n')


def unpacked(path: Path) -> dict[str, Any]:
    """Part -> rows, where it holds JSON or Arrow, or else its text."""
    name, parts = _CALL.fullmatch(path.read_text()).groups()
    assert path.as_posix().endswith(f"data/{name}.js")
    return {part: _read(gzip.decompress(base64.b64decode(packed, validate=True))) for part, packed in json.loads(parts).items()}


def _read(content: bytes) -> Any:
    if content.startswith(b"\xff\xff\xff\xff"):
        return pl.from_arrow(pa.ipc.open_stream(content).read_all()).to_dicts()
    text = content.decode()
    return json.loads(text) if text.startswith(("[", "{")) else text


def rows_of(site: Path, group: str, part: str) -> list[dict[str, Any]]:
    """Rows of one part of all files of a group."""
    return [row for path in sorted((site / "data" / group).glob("*.js")) for row in unpacked(path).get(part, [])]
