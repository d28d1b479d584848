"""Where bytes come from: files, folders and globs, local or under any fsspec URL.

*Names are only names*: nothing in an inbox is followed or opened but regular files, and no name that is found there ever
becomes a path to write to. The credentials of an address are no part of a name.
"""

import glob
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any, BinaryIO

import fsspec

from pipeline.articles.records import Reject
from pipeline.articles.rejects import Reason, Refusal
from pipeline.errors import InputError
from pipeline.masking import bare, learn


@dataclass(frozen=True)
class InboxFile:
    """A file to read. `locator` is its name below its inbox, with '/' between folders."""

    locator: str
    size: int
    open: Callable[[], BinaryIO]


def list_files(inboxes: Sequence[str]) -> list[InboxFile | Reject]:
    """All files of the inboxes in the order of their locators; what is not a regular file is a Reject.

    Names that begin with a dot are passed over: editors, synchronisers and half-made copies use them.
    Raises InputError where an inbox does not exist.
    """
    found = [file for inbox in inboxes for file in (_remote(inbox) if _is_remote(inbox) else _local(_local_path(inbox)))]
    return sorted(found, key=lambda file: file.locator)


def _is_remote(inbox: str) -> bool:
    return "://" in inbox and not inbox.startswith("file://")


def _local_path(inbox: str) -> str:
    return str(fsspec.core.url_to_fs(inbox)[1]) if inbox.startswith("file://") else inbox


def _local(inbox: str) -> Iterator[InboxFile | Reject]:
    if Path(inbox).is_dir():
        yield from _folder(inbox, inbox)
    elif Path(inbox).exists():
        yield _file(os.path.realpath(inbox), Path(inbox).name)
    elif glob.has_magic(inbox):
        root = _before_magic(inbox)
        for path in glob.glob(inbox, recursive=True):  # noqa: PTH207  the pattern may be absolute, which Path.glob refuses
            if _passes_link(path, root):
                yield Reject(_name(os.path.relpath(path, root)), None, Reason.NOT_A_FILE, "a link, or below one")
            elif not Path(path).is_dir():
                yield _file(path, os.path.relpath(path, root))
            elif "**" not in inbox:  # with it, the files of a folder match by themselves
                yield from _folder(path, root)
    else:
        raise InputError(f"inbox {inbox!r} does not exist; give a file, a folder, a glob or an fsspec URL such as s3://bucket/folder")


def _before_magic(pattern: str) -> str:
    """The folder that a pattern starts from: news of news/*/a.txt."""
    parts = Path(pattern).parts
    fixed = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    return str(Path(*parts[:fixed]))


def _passes_link(path: str, root: str) -> bool:
    below = Path(os.path.relpath(path, root))
    return any((Path(root) / part).is_symlink() for part in (below, *below.parents) if part != Path())


def _folder(folder: str, root: str) -> Iterator[InboxFile | Reject]:
    """Files below a folder. Links are reported and not followed, so no loop and no way out of the inbox is taken."""
    pending = [folder]
    while pending:
        try:
            entries = list(os.scandir(pending.pop()))
        except OSError as error:
            yield Reject(_name(os.path.relpath(str(error.filename), root)), None, Reason.UNREADABLE, str(error.strerror))
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                pending.append(entry.path)
            else:
                yield _file(entry.path, os.path.relpath(entry.path, root))


def _file(path: str, locator: str) -> InboxFile | Reject:
    name = _name(locator)
    try:
        status = os.lstat(path)
    except OSError as error:
        return Reject(name, None, Reason.UNREADABLE, str(error.strerror))
    if not stat.S_ISREG(status.st_mode):
        return Reject(name, None, Reason.NOT_A_FILE, f"mode {stat.filemode(status.st_mode)}")
    return InboxFile(name, status.st_size, partial(_open, path))


def _open(path: str) -> BinaryIO:
    """Opens a regular file, and nothing that took its place since it was listed."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise Refusal(Reason.NOT_A_FILE, "no longer a regular file")
    return os.fdopen(descriptor, "rb")


def _name(path: str) -> str:
    """A path as valid Unicode; bytes of a name that are not UTF-8 are spelt \\xNN."""
    return os.fsencode(path).decode("utf-8", errors="backslashreplace").replace(os.sep, "/")


def _remote(inbox: str) -> Iterator[InboxFile | Reject]:
    learn(inbox)
    try:
        system, root = fsspec.core.url_to_fs(inbox)
        names = _remote_names(system, root)
    except (OSError, ImportError, ValueError) as error:
        raise InputError(
            f"inbox {inbox!r} cannot be listed: {error}; install the fsspec driver of its scheme, or check the address"
        ) from None  # what caused it names the address with its credentials
    if not names and not glob.has_magic(root) and not system.isdir(root):
        raise InputError(f"inbox {inbox!r} does not exist")
    base = _remote_base(system, root)
    for name, size in names:
        locator = bare(name[len(base) :].lstrip("/") if name.startswith(base) else name)
        # Object stores mark folders with empty objects whose names end in '/'.
        if not locator.endswith("/") and not any(part.startswith(".") for part in locator.split("/")):
            yield InboxFile(locator, size, partial(system.open, name, "rb"))


def _remote_names(system: Any, root: str) -> list[tuple[str, int]]:
    listed: dict[str, dict[str, Any]] = system.glob(root, detail=True) if glob.has_magic(root) else system.find(root, detail=True)
    return [(name, int(about.get("size") or 0)) for name, about in listed.items() if about["type"] == "file"]


def _remote_base(system: Any, root: str) -> str:
    if glob.has_magic(root):
        return "/".join(takewhile(lambda part: not glob.has_magic(part), root.split("/")))
    return root.rpartition("/")[0] if system.isfile(root) else root
