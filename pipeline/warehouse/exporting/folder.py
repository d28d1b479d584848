"""The folder of an export: written beside, then moved in.

*Whole files*: everything is written into a hidden folder first, so that an export that fails or is killed leaves the older one in place.
*Only its own*: what an older export wrote, as its datapackage.json lists, goes once the new files stand; nothing else is touched.
*Of the release*: the metadata take number and time from the release, never from a clock, so that the same release gives the same bytes.
"""

import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import duckdb

from pipeline.config import Settings, Workspace
from pipeline.errors import InputError
from pipeline.partitions import sync_folder
from pipeline.warehouse.ducklake import read_ducklake
from pipeline.warehouse.exporting.declared import Resource

DATAPACKAGE = "datapackage.json"
CROISSANT = "croissant.json"
NAME_PREFIX = "dragoman-"
_STAGING = ".exporting-"


@dataclass(frozen=True)
class ExportedRelease:
    """The release that the published file holds."""

    release_id: str
    number: int
    published_at: datetime


@dataclass(frozen=True)
class FileFacts:
    """Size and SHA-256 of a written file."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Package:
    """What the metadata of an export are made from. release is None where the export must not depend on the run."""

    name: str
    description: str
    release: ExportedRelease | None
    resources: tuple[Resource, ...]
    files: Mapping[str, FileFacts]


Writer = Callable[[duckdb.DuckDBPyConnection, Path], Iterable[Resource]]
Describer = Callable[[Package], dict[str, Any]]


def export_folder(
    workspace: Workspace,
    folder: Path,
    name: str,
    description: str,
    write: Writer,
    describers: Mapping[str, Describer],
    *,
    of_the_release: bool = True,
) -> list[Path]:
    """Lets write fill a folder from what readers read, adds the metadata, and moves all of it into place. Gives the files.

    That is the DuckLake where the settings name one, the published file else. describers: file name -> what it says of the package.
    InputError where nothing is published, or another export writes here.
    """
    settings = Settings.from_environment()
    if not settings.ducklake and not workspace.warehouse.is_file():
        raise InputError(f"{workspace.warehouse}: no warehouse is published here; run a batch first")
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder), tempfile.TemporaryDirectory(dir=folder, prefix=_STAGING) as made:
        staging = Path(made) / "files"
        staging.mkdir()
        with _published(workspace, Path(made) / "spill", settings) as connection:
            resources = tuple(write(connection, staging))
            release = _release(connection) if of_the_release else None
        facts = {file: _facts(staging / file) for resource in resources for file in resource.files}
        package = Package(NAME_PREFIX + name, description, release, resources, facts)
        for file, describe in describers.items():
            text = json.dumps(describe(package), ensure_ascii=False, indent=1) + "\n"
            (staging / file).write_text(text, encoding="utf-8")
        return _move_in(staging, folder, [*facts, *describers])


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One export a folder at a time; leavings of killed ones go."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        for stale in folder.glob(f"{_STAGING}*"):
            shutil.rmtree(stale)
        yield
    except BlockingIOError:
        raise InputError(f"{folder}: another export writes here; wait until it is done, or choose another folder with -o") from None
    finally:
        os.close(descriptor)


@contextmanager
def _published(workspace: Workspace, spill: Path, settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    options: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": settings.build_memory_limit,
        "temp_directory": str(spill),
        # Two threads sort no faster and need twice the memory: long texts made DuckDB run out of it.
        "threads": 1,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "python_enable_replacements": False,
    }
    if settings.ducklake:
        with read_ducklake(settings, options) as connection:
            yield connection
    else:
        with duckdb.connect(str(workspace.warehouse), read_only=True, config=options) as connection:
            yield connection


def _release(connection: duckdb.DuckDBPyConnection) -> ExportedRelease | None:
    row = connection.execute(
        "select release_id, release_number, published_at from releases order by release_number desc limit 1"
    ).fetchone()
    return ExportedRelease(*row) if row else None


def _facts(path: Path) -> FileFacts:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return FileFacts(path.stat().st_size, digest)


def _move_in(staging: Path, folder: Path, files: list[str]) -> list[Path]:
    """Renames the new files into place, the list of them last, and only then removes what only the older export had."""
    stale = written_before(folder) - set(files)
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (staging / file).replace(folder / file)
    for path in stale:
        _remove(folder, path)
    for changed in {(folder / file).parent for file in files} | {folder}:
        sync_folder(changed)
    return [folder / file for file in files]


def written_before(folder: Path) -> set[str]:
    """The files that an older export lists in its datapackage.json; none where that is not ours or cannot be read."""
    try:
        package = json.loads((folder / DATAPACKAGE).read_text(encoding="utf-8"))
        if not package["name"].startswith(NAME_PREFIX):
            return set()
        paths = [resource["path"] for resource in package["resources"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
    listed = [path for given in paths for path in (given if isinstance(given, list) else [given])]
    return {path for path in (*listed, CROISSANT) if isinstance(path, str) and _stays_inside(folder, path)}


def _stays_inside(folder: Path, path: str) -> bool:
    """Whether a listed path names a plain file of the folder: a list that somebody edited must not lead elsewhere."""
    parts = PurePosixPath(path).parts
    if not parts or parts[0] == "/" or ".." in parts or "\0" in path:
        return False
    target = folder.joinpath(*parts)
    return target.is_file() and not target.is_symlink() and target.resolve().is_relative_to(folder.resolve())


def _remove(folder: Path, path: str) -> None:
    target = folder / path
    target.unlink(missing_ok=True)
    while target.parent != folder and not any(target.parent.iterdir()):
        target = target.parent
        target.rmdir()
