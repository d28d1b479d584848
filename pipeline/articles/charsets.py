"""Bytes to characters: what is declared, then UTF-8, then a detector."""

import codecs
import re

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),  # before UTF-16, whose mark begins theirs
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_DECLARATION = re.compile(
    rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})|<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I
)
_DECLARED_WITHIN = 4096  # browsers look at the first 1024 bytes; some pages declare later
_SAMPLE = 64 * 1024
# Codecs of Python that no document is written in; some take quadratic time, some run escapes.
_NEVER = {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem"}
# What says Latin-1 or ASCII is in practice Windows-1252: the WHATWG encoding standard reads it so.
_AS_WINDOWS = {"iso8859-1", "ascii"}


def decode(data: bytes, declared: str | None = None) -> str:
    """The characters of a whole document. Never fails: bytes that fit no charset become U+FFFD."""
    if mark := byte_order_mark(data):
        return data.decode(mark, errors="replace")
    if (codec := _usable(declared)) and (text := _strict(data, codec)) is not None:
        return text
    if (codec := _usable(_declaration(data))) and (text := _strict(data, codec)) is not None:
        return text
    text = _utf8(data)
    return data.decode(detect(data), errors="replace") if text is None else text


class LineDecoder:
    """Bytes of lines to characters. Lines that are not UTF-8 are read in the charset that the sample and the first of them suggest."""

    def __init__(self, sample: bytes) -> None:
        self._sample = sample
        self._fallback: str | None = None

    def __call__(self, line: bytes) -> str:
        text = _utf8(line.removeprefix(codecs.BOM_UTF8))
        if text is None:
            self._fallback = self._fallback or detect(self._sample + line)
            text = line.decode(self._fallback, errors="replace")
        return text


def byte_order_mark(data: bytes) -> str | None:
    """The codec that a byte order mark names."""
    return next((codec for mark, codec in _MARKS if data.startswith(mark)), None)


def detect(data: bytes) -> str:
    """The likeliest charset of bytes that are not UTF-8.

    Windows-1252 wins wherever it is plausible, for the text is meant to be English. Text that is UTF-8 but for a few broken
    characters stays UTF-8.
    """
    sample = data[:_SAMPLE]
    broken = sample.decode("utf-8", errors="replace")
    strange = sum(character > "\x7f" for character in broken)
    if broken.count("\ufffd") * 5 < strange:
        return "utf-8"
    matches = from_bytes(sample)
    if any(match.encoding == "cp1252" or "cp1252" in match.could_be_from_charset for match in matches):
        return "cp1252"
    best = matches.best()
    return "cp1252" if best is None else best.encoding


def _declaration(data: bytes) -> str | None:
    match = _DECLARATION.search(data, 0, _DECLARED_WITHIN)
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def _usable(name: str | None) -> str | None:
    if not name:
        return None
    try:
        codec = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return None
    if codec.name.replace("_", "-") in _NEVER or not codec._is_text_encoding:
        return None
    # A mark would have told UTF-16; a page that declares it without one was converted, declaration left behind.
    if codec.name.startswith(("utf-16", "utf-32")):
        return None
    return "cp1252" if codec.name in _AS_WINDOWS else codec.name


def _utf8(data: bytes) -> str | None:
    """UTF-8, also as Java and some databases write it: characters beyond U+FFFF as two surrogates, NUL as two bytes."""
    text = _strict(data, "utf-8")
    if text is None and (b"\xed" in data or b"\xc0\x80" in data):
        import ftfy.bad_codecs  # registers the codec

        ftfy.bad_codecs.ok()
        text = _strict(data, "utf-8-variants")
    return text


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        return None
