"""Credentials stay where they were given: none is in a message, a log, a reject, or the name under which a file is known.

*Masked where text leaves*: `masked` knows credentials by the forms that addresses and connection strings have, and by value those that
`learn` was told of.
*Bare where a name is kept*: `bare` is the address of the same file, so that ids stay as they are when a password or a signature changes.
"""

import os
import re

_MASK = "***"
_SHORTEST = 6  # characters; by value, a shorter one would be taken out of ordinary words

# Ends of names. Looked for without what stands before them: a pattern for whole names would take quadratic time over hostile text.
_CREDENTIAL = (
    r"(?:pass(?:word|wd|phrase)|pwd|secret|token|credential|sig(?:nature)?"
    r"|(?:access|account|api|auth|encryption|fernet|private|secret|shared)[_-]?key(?:[_-]?id)?)"
)
# What stands before the last '@' of an address: up to the first '/', or beyond it where a password holds one and is no port. In the
# addresses of Azure's stores, a container stands there.
_USER = re.compile(r"""(?<=://)(?<!abfs://)(?<!abfss://)(?<!wasb://)(?<!wasbs://)(?:[^\s/?#'"]*|[^\s/?#'"@:]*:(?!\d+/)[^\s'"]*)@""")
# name=value of queries and connection strings, "name": "value" of dictionaries, the header of HTTP.
_ASSIGNED = re.compile(
    rf"""(?i)(?P<name>{_CREDENTIAL}\s*=\s*|{_CREDENTIAL}["']\s*:\s*|\bauthorization["']?\s*[:=]\s*["']?(?:basic|bearer)\s)"""
    r"""(?P<value>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^\s&'"]*[^\s&'",;)\]}])"""
)
_NAME = re.compile(rf"(?i){_CREDENTIAL}$")
_SIGNED = re.compile(r"(?i)(?:^|[&_-])sig(?:nature)?=")
_FOLDERS = {"PWD", "OLDPWD"}

_learnt: set[str] = set()


def masked(text: str) -> str:
    """A text with *** in the place of credentials."""
    for secret in sorted(_learnt, key=len, reverse=True):
        text = text.replace(secret, _MASK)
    return _ASSIGNED.sub(rf"\g<name>{_MASK}", _USER.sub(f"{_MASK}@", text))


def bare(address: str) -> str:
    """An address or name of a file without user, password and tokens, and without any parameter where they are signed."""
    place, mark, query = _USER.sub("", address).partition("?")
    if not mark or _SIGNED.search(query):
        return place
    kept = [parameter for parameter in query.split("&") if not _NAME.search(parameter.partition("=")[0])]
    return f"{place}?{'&'.join(kept)}" if kept else place


def learn(text: str) -> None:
    """Keeps the credentials of an address or a connection string in mind, so that `masked` knows them wherever they stand."""
    for found in _USER.finditer(text):
        user, colon, password = found[0].removesuffix("@").partition(":")
        _keep(password if colon else user)
    for found in _ASSIGNED.finditer(text):
        value = found["value"]
        for ending in (value.strip("'\""), value.partition(";")[0], text[found.start("value") :].split()[0]):
            _keep(ending)


def learn_environment() -> frozenset[str]:
    """Learns the credentials that environment variables hold, and gives all that are known."""
    for name, value in os.environ.items():
        if _NAME.search(name) and name not in _FOLDERS:
            _keep(value)
        else:
            learn(value)
    return frozenset(_learnt)


def _keep(secret: str) -> None:
    if len(secret) >= _SHORTEST:
        _learnt.add(secret)
