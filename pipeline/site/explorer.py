"""The explorer of a published file: its pages, and their data, which the pages load as they need them.

*From disk*: the pages open without a server. There a page may load scripts and nothing else, so a data file is a script with one
call; what it hands over is gzip in base64 and nothing of it is ever read as code or markup.
*Only what changed*: which rows a file holds is fingerprinted in the database; a file whose rows are as they were is left alone.
*In any order*: release.js comes last, and the files of a release before are read as well as those of the new one.
"""

import base64
import gzip
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipeline import resources
from pipeline.config import Settings, Workspace
from pipeline.partitions import atomic_writer
from pipeline.site.columns import Tables, pack_columns, pack_ids
from pipeline.site.release import describe_release

_BUNDLE = Path(__file__).parent / "bundle"
_SQL = resources.SQL / "site"
_ROWS_AT_ONCE = 100_000
_PACKED = 4  # the level of gzip: a tenth larger than the best, in half the time


def _pack_rows(tables: Tables) -> dict[str, bytes]:
    return {name: rows.write_json().encode() for name, rows in tables.items()}


@dataclass(frozen=True)
class _Group:
    """Files of one kind: data/<name>/<file>.js, each with its rows of some tables of sql/site."""

    name: str
    tables: dict[str, str]
    """By the name under which the pages read them."""
    pack: Callable[[Tables], dict[str, bytes]]


_GROUPS = (
    _Group("columns", {"events": "event_columns", "publishers": "event_publishers"}, pack_columns),
    _Group("ids", {"ids": "event_ids"}, pack_ids),
    _Group("events", {"events": "event_rows", "reports": "event_reports"}, _pack_rows),
    _Group("articles", {"articles": "article_rows", "mentions": "article_mentions"}, _pack_rows),
)


def write_explorer(workspace: Workspace, settings: Settings) -> Path:
    """Brings the explorer beside the published file up to date, and gives its page; of more than settings.explorer_events, it tells so.

    FileNotFoundError where nothing is published.
    """
    data = workspace.site / "data"
    state = _read_state(data)
    told = workspace.warehouse.stat()  # another file may be of the same release: what was forgotten is out of it
    file_now = [told.st_ino, told.st_mtime_ns, told.st_size]
    with duckdb.connect(str(workspace.warehouse), read_only=True, config={"memory_limit": settings.build_memory_limit}) as connection:
        release = describe_release(connection, settings.explorer_events)
        made = {"file": file_now, "made_with": _made_with(), "is_left_out": release["is_left_out"]}
        if made.items() <= state.items():
            return workspace.site / "explorer.html"
        (data / "state.json").unlink(missing_ok=True)  # cut off from here on, all is written anew
        known = state["files"] if state.get("made_with") == made["made_with"] else {}
        files = {} if release["is_left_out"] else _write_groups(connection, data, release["depths"], known)
    _write_pages(workspace.site)
    _write(data / "release.js", "release", {"release": json.dumps(release).encode()})
    _remove_others(data, files)
    with atomic_writer(data / "state.json") as file:
        file.write(json.dumps(made | {"files": files}).encode())
    return workspace.site / "explorer.html"


def _read_state(data: Path) -> dict[str, Any]:
    path = data / "state.json"
    return dict(json.loads(path.read_bytes())) if path.exists() else {}


def _made_with() -> str:
    """Hash of all that decides what the files hold, given the tables."""
    sources = [*sorted(_SQL.glob("*.sql")), *sorted(Path(__file__).parent.glob("*.py")), *sorted(_BUNDLE.iterdir())]
    return hashlib.sha256(b"\x1f".join(path.name.encode() + path.read_bytes() for path in sources)).hexdigest()


def _write_pages(site: Path) -> None:
    for source in _BUNDLE.iterdir():
        with atomic_writer(site / source.name if source.suffix == ".html" else site / "app" / source.name) as file:
            file.write(source.read_bytes())


def _write_groups(connection: duckdb.DuckDBPyConnection, data: Path, depths: Mapping[str, int], known: Mapping[str, str]) -> dict[str, str]:
    """Writes the files whose rows changed; gives all files there are, with the fingerprints of their rows."""
    files: dict[str, str] = {}
    for group in _GROUPS:
        depth = depths.get(group.name)
        found = _fingerprints(connection, group, depth)
        files |= {f"{group.name}/{name}": fingerprint for name, (fingerprint, _) in found.items()}
        stale = {name: rows for name, (fingerprint, rows) in found.items() if known.get(f"{group.name}/{name}") != fingerprint}
        for names in _at_once(stale):
            _write_files(connection, data, group, depth, names)
    return files


def _fingerprints(connection: duckdb.DuckDBPyConnection, group: _Group, depth: int | None) -> dict[str, tuple[str, int]]:
    """File -> hash of its rows, and how many there are."""
    found: dict[str, tuple[str, int]] = {}
    for table in group.tables.values():
        counted = f"select file, count(*) || '.' || bit_xor(hash(rows)), count(*) from ({_sql(table)}) as rows group by file"
        for name, fingerprint, rows in connection.execute(counted, _given(depth)).fetchall():
            before, count = found.get(name, ("", 0))
            found[name] = f"{before}/{fingerprint}", count + rows
    return found


def _at_once(stale: Mapping[str, int]) -> Iterator[list[str]]:
    """Names of files whose rows together fit into memory."""
    names: list[str] = []
    held = 0
    for name in sorted(stale):
        if names and held + stale[name] > _ROWS_AT_ONCE:
            yield names
            names, held = [], 0
        names.append(name)
        held += stale[name]
    if names:
        yield names


def _write_files(connection: duckdb.DuckDBPyConnection, data: Path, group: _Group, depth: int | None, names: list[str]) -> None:
    rows = {name: _rows_by_file(connection, table, depth, names) for name, table in group.tables.items()}

    def write(name: str) -> None:
        packed = group.pack({table: by_file[name] for table, by_file in rows.items() if name in by_file})
        _write(data / group.name / f"{name}.js", f"{group.name}/{name}", packed)

    with ThreadPoolExecutor() as threads:
        for _ in threads.map(write, names):
            pass


def _rows_by_file(connection: duckdb.DuckDBPyConnection, table: str, depth: int | None, names: Iterable[str]) -> dict[Any, pl.DataFrame]:
    wanted = f"select * from ({_sql(table)}) where file in (select unnest($names)) order by all"
    rows = connection.execute(wanted, _given(depth) | {"names": list(names)}).pl()
    return {key[0]: part for key, part in rows.partition_by("file", as_dict=True, include_key=False).items()}


def _sql(table: str) -> str:
    return (_SQL / f"{table}.sql").read_text(encoding="utf-8")


def _given(depth: int | None) -> dict[str, Any]:
    """Parameters of the tables of a group: those whose files go by id know its depth, those by year have none."""
    return {} if depth is None else {"depth": depth}


def _write(path: Path, name: str, packed: Mapping[str, bytes]) -> None:
    """A script that hands its parts over, packed. The same parts give the same bytes."""
    parts = {part: base64.b64encode(gzip.compress(content, _PACKED, mtime=0)).decode() for part, content in packed.items()}
    with atomic_writer(path) as file:
        file.write(f"dragoman({json.dumps(name)}, {json.dumps(parts)});\n".encode())


def _remove_others(data: Path, files: Mapping[str, str]) -> None:
    for path in data.glob("*/*.js"):
        if f"{path.parent.name}/{path.stem}" not in files:
            path.unlink()
