"""Publication times as outlets write them, and the dates in file names and addresses.

*Nothing is guessed*: no missing part is filled from today, 05/06/2021 has two readings and so has none, and an impossible
or implausible date is no date.
"""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_FIRST_YEAR, _LAST_YEAR = 1800, 2099
_EPOCH_FROM, _EPOCH_TO = 10**8, 4 * 10**9  # 1973 to 2096; smaller numbers are years or counters
_FORMATS = (
    "%Y/%m/%d", "%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y.%m.%d",
    "%Y%m%d", "%Y%m%d%H%M%S", "%Y%m%dT%H%M%S",
    "%B %d %Y", "%b %d %Y", "%d %B %Y", "%d %b %Y", "%d-%b-%Y", "%d-%b-%Y %H:%M:%S",
    "%A %B %d %Y", "%A %d %B %Y", "%a %b %d %Y", "%a %d %b %Y", "%a %b %d %H:%M:%S %Y",
    "%B %d %Y %H:%M", "%b %d %Y %H:%M", "%B %d %Y %I:%M %p", "%b %d %Y %I:%M %p", "%d %B %Y %H:%M", "%d %b %Y %H:%M", "%d %b %Y %H:%M:%S",
)  # fmt: skip
_NUMERIC = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?", re.I)
_FRACTION = re.compile(r"(:\d{2}:\d{2})\.\d+")
_ZONE = re.compile(r"\s*(?:\bUTC|\bGMT|(?<=\d)Z)$", re.I)
_NOISE = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|[,]|\bat\b", re.I)
_PATH_DATE = re.compile(r"(?<!\d)(?P<year>\d{4})(?P<cut>[-_./])(?P<month>\d{1,2})(?P=cut)(?P<day>\d{1,2})(?!\d)")
_PATH_DIGITS = re.compile(r"(?<!\d)(?P<year>(?:19[5-9]|20[0-4])\d)(?P<month>\d{2})(?P<day>\d{2})(?!\d)")


def publication_time(value: object) -> datetime | None:
    """A publication time as naive UTC, or None where the value tells none. Dates without a time are midnight."""
    moment = _moment(value)
    if moment is None:
        return None
    try:
        naive = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (OverflowError, ValueError):
        return None
    return naive if _FIRST_YEAR <= naive.year <= _LAST_YEAR else None


def date_in_path(path: str) -> datetime | None:
    """The last plausible date that a path or address spells: 2021-05-20, 2021/05/20, 2021_05_20 or 20210520."""
    found = [
        (match.start(), day)
        for pattern in (_PATH_DATE, _PATH_DIGITS)
        for match in pattern.finditer(path[:2000])
        if (day := _calendar_day(int(match["year"]), int(match["month"]), int(match["day"])))
    ]
    return max(found)[1] if found else None


def _moment(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_number(value)
    return _from_words(value) if isinstance(value, str) else None


def _from_number(value: int | float) -> datetime | None:
    if 18000101 <= value <= 20991231 and value == int(value):  # 20210520 as a number; as seconds it would lie in 1970
        return _from_words(str(int(value)))
    if not _EPOCH_FROM <= value <= 1000 * _EPOCH_TO:  # also refuses NaN, and integers that no float holds
        return None
    seconds = value / 1000 if value >= 1000 * _EPOCH_FROM else value
    if seconds > _EPOCH_TO:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _from_words(value: str) -> datetime | None:
    text = value.strip()
    if not 6 <= len(text) <= 60:
        return None
    if match := _ISO.fullmatch(text):
        return _iso(*match.groups())
    if match := _NUMERIC.fullmatch(text):
        return _day_and_month(*map(int, match.groups()))
    if text.isdecimal() and len(text) not in (8, 14):
        return _from_number(int(text))
    return _spelt(text) or _of_mail(text)


def _iso(day: str, time: str | None, zone: str | None) -> datetime | None:
    zone = "+00:00" if zone and zone.isalpha() else zone
    try:
        return datetime.fromisoformat(f"{day}T{time}{zone or ''}".replace(",", ".") if time else day)
    except ValueError:
        return None


def _day_and_month(first: int, second: int, year: int) -> datetime | None:
    """20/05/2021 and 05/20/2021 have one reading; 05/06/2021 has two, so it tells nothing."""
    if first == second:
        return _calendar_day(year, first, second)
    readings = [day for month, of in ((first, second), (second, first)) if (day := _calendar_day(year, month, of))]
    return readings[0] if len(readings) == 1 else None


def _spelt(text: str) -> datetime | None:
    plain = " ".join(_NOISE.sub(" ", _FRACTION.sub(r"\1", _ZONE.sub("", text)).replace("Sept ", "Sep ").replace(". ", " ")).split())
    for form in _FORMATS:
        try:
            return datetime.strptime(plain, form)  # noqa: DTZ007  no zone is written, so the time is taken as UTC
        except ValueError:
            continue
    return None


def _of_mail(text: str) -> datetime | None:
    """RFC 2822, as feeds and HTTP write it. Its parser makes years of two digits whole and fills no other part."""
    if not re.search(r"\d{4}", text) or ":" not in text:
        return None
    try:
        return parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def _calendar_day(year: int, month: int, day: int) -> datetime | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return datetime(year, month, day)
    except ValueError:
        return None
