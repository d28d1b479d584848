"""How values are kept and shown: bounded, and with nothing that acts or hides in them.

News text is hostile. Autoescaping keeps it from becoming HTML; this keeps it from reordering a line, hiding in it, or
driving a terminal: every control, format and unassigned character is written as its code.
"""

import unicodedata
from datetime import date
from math import isfinite
from typing import Any

from markupsafe import Markup

MAX_VALUE = 300
"""Characters kept of a value in a failing row: two sentences. Keys and codes have 64 at most."""

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def shown(value: Any) -> str | int | float | bool | None:
    """A value as a validation keeps it: numbers and truth as they are, everything else as text of bounded length.

    NaN and infinity become text: JSON has no word for them.
    """
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and isfinite(value)):
        return value
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}… ({len(text):,} characters)"


def visible(text: str) -> str:
    """The text with controls, bidi marks and the like written out: U+202E as [U+202E], a line break as ↵."""
    return "".join(_code(character) if unicodedata.category(character) in _HIDDEN else character for character in text)


def _code(character: str) -> str:
    return "↵" if character == "\n" else f"[U+{ord(character):04X}]"


def finalize(value: Any) -> Any:
    """The one path of every value into a template: markup of our own as it is, everything else made visible."""
    return value if isinstance(value, Markup) else visible(str(value))


def number(value: float) -> str:
    """1234567 as 1,234,567; 0.12345 as 0.123."""
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"


def signed(value: float) -> str:
    """1234 as +1,234, -3 as −3."""
    return f"+{number(value)}" if value > 0 else number(value).replace("-", "−")


def percent(value: float) -> str:
    """0.1234 as 12.3 %."""
    return f"{value * 100:.1f} %"


def seconds(value: float) -> str:
    """0.042 as 0.04 s, 75 as 1 min 15 s."""
    if value < 60:
        return f"{value:.2f} s" if value < 10 else f"{value:.0f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min {rest} s"
