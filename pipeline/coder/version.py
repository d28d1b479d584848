"""The coder's version, told without loading the coder."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pipeline import resources


@cache
def coder_version() -> str:
    """The package's version and a hash over the coder's code and seeds: any change to either gives another version."""
    digest = hashlib.sha256()
    package = Path(__file__).parent
    folders = (package, package.parent / "codebook", *(resources.SEEDS / name for name in ("actors", "codebook", "dates", "places")))
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".csv", ".json", ".onnx"):
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return f"{version('dragoman')}+{digest.hexdigest()[:8]}"
