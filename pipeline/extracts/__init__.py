"""Extracts of other event data sets, read into one shape, to be compared with ours.

gdelt, icews, polecat, acled    a reader each: file -> Extract
table        the shape, the bad rows, the limit
files        archives, tab-separated lines, headers
crosswalks   their countries and CAMEO codes -> ours
"""

from collections.abc import Callable, Iterable
from pathlib import Path

from pipeline.errors import InputError
from pipeline.extracts.acled import read_acled
from pipeline.extracts.gdelt import read_gdelt
from pipeline.extracts.icews import read_icews
from pipeline.extracts.polecat import read_polecat
from pipeline.extracts.table import EXTRACT, Extract, joined

READERS: dict[str, Callable[[Path], Extract]] = {
    "gdelt": read_gdelt,
    "icews": read_icews,
    "polecat": read_polecat,
    "acled": read_acled,
}


def read_extract(data_set: str, paths: Iterable[Path]) -> Extract:
    """The events of several files of one data set. InputError where the data set is unknown or a file is none of it."""
    if data_set not in READERS:
        raise InputError(f"no reader for {data_set!r}; there are {', '.join(READERS)}")
    return joined(READERS[data_set](path) for path in paths)


__all__ = ["EXTRACT", "READERS", "Extract", "read_acled", "read_extract", "read_gdelt", "read_icews", "read_polecat"]
