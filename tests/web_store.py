"""A store whose names are whole addresses, user, password and query included, as fsspec's HTTP has them; its files lie in a folder."""

import os
from pathlib import Path
from urllib.parse import urlsplit

from fsspec.spec import AbstractFileSystem


class WebStore(AbstractFileSystem):
    """web://user:password@host/name?query is the file `name` of the folder WEB_STORE; one with 'gone' in its name is listed, not opened."""

    protocol = "web"
    cachable = False

    @classmethod
    def _strip_protocol(cls, path):
        return path

    def _file(self, path):
        return Path(os.environ["WEB_STORE"]) / urlsplit(path).path.lstrip("/")

    def info(self, path, **_):
        if not self._file(path).exists():
            raise FileNotFoundError(path)
        return {"name": path, "size": self._file(path).stat().st_size, "type": "file"}

    def find(self, path, detail=True, **_):
        """A page without files below it, or a file."""
        return {path: self.info(path)} if self._file(path).exists() else {}

    def glob(self, path, detail=True, **_):
        """As fsspec's HTTP: '?' is no pattern."""
        return self.find(path)

    def _open(self, path, mode="rb", **_):
        if "gone" in path:
            raise FileNotFoundError(path)
        if mode != "rb":
            raise PermissionError(f"{path} cannot be written")
        return self._file(path).open(mode)
