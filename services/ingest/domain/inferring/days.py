"""Which day a text names, and by which format: with the day first, or with the month first.

Rule: 02/03/2026 can be read both ways and says so; 13/03/2026 can be read in one.
"""

import re
from datetime import date
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2199
_TIME = (
    r"(?:(?P<between>[ T])(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?P<fraction>\.[0-9]{1,9})?)?(?P<space> ?)(?P<half>[AaPp][Mm])?)?"
)
_NUMBERS = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sep>[/.-])(?P<two>[0-9]{1,2})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})"
    + _TIME,
    re.A,
)
_NAMED = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sep>[-/ ])(?P<name>[A-Za-z]{3,9})(?P=sep)(?P<year>[0-9]{4}|[0-9]{2})"
    + _TIME,
    re.A,
)
_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})/(?P<two>[0-9]{2})/(?P<one>[0-9]{2})" + _TIME, re.A)
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<two>[0-9]{2})-(?P<one>[0-9]{2})"
    r"(?P<time>[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})"
    r"(?:[.,][0-9]{1,9})?)?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?",
    re.A,
)
_MONTHS = (*("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),)
_FULL = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTH_NUMBERS = {name: at for names in (_MONTHS, _FULL) for at, name in enumerate(names, 1)}
ISO = ""


class Day(NamedTuple):
    """How a text can be read as a day: the format with the day first, the one with the month first
    (None: not so), both "" for ISO 8601. `time` and `midnight` are about the time it gives, if any;
    `offset` tells whether it says how far from UTC."""

    day_first: str | None
    month_first: str | None
    year: int
    time: bool = False
    midnight: bool = True
    offset: bool = False


def day_of(text: str) -> Day | None:
    """How a text can be read as a day, if it can."""
    if not 6 <= len(text) <= 40 or not text[0].isdigit():
        return None
    if found := _ISO.fullmatch(text):
        return _iso(found)
    for pattern in (_NUMBERS, _NAMED, _YEAR_FIRST):
        if found := pattern.fullmatch(text):
            return _written(found, pattern)
    return None


def _iso(found: re.Match[str]) -> Day | None:
    year = int(found["year"])
    if not _is_day(year, int(found["two"]), int(found["one"])) or not _is_time(found, None):
        return None
    time = found["time"] is not None
    return Day(ISO, ISO, year, time, _is_midnight(found, None), bool(time and found["offset"]))


def _written(found: re.Match[str], pattern: re.Pattern[str]) -> Day | None:
    parts = found.groupdict()
    short = len(parts["year"]) == 2
    year = int(parts["year"]) + ((1900 if parts["year"] >= "69" else 2000) if short else 0)
    if not _is_time(found, parts["half"]):
        return None
    one = int(parts["one"])
    time = _time_format(parts)
    written = "%y" if short else "%Y"
    day_first = month_first = None
    if pattern is _NAMED:
        month = _MONTH_NUMBERS.get(parts["name"].lower(), 0)
        letter = "%b" if len(parts["name"]) == 3 else "%B"
        if _is_day(year, month, one):
            day_first = month_first = f"%d{parts['sep']}{letter}{parts['sep']}{written}{time}"
    elif pattern is _YEAR_FIRST:
        if _is_day(year, int(parts["two"]), one):
            day_first = month_first = f"%Y/%m/%d{time}"
    else:
        sep, two = parts["sep"], int(parts["two"])
        if _is_day(year, two, one):
            day_first = f"%d{sep}%m{sep}{written}{time}"
        if _is_day(year, one, two):
            month_first = f"%m{sep}%d{sep}{written}{time}"
    if day_first is None and month_first is None:
        return None
    midnight = _is_midnight(found, parts["half"])
    return Day(day_first, month_first, year, bool(time), midnight)


def _time_format(parts: dict[str, str | None]) -> str:
    if parts["hour"] is None:
        return ""
    seconds = ":%S" if parts["second"] else ""
    fraction = ".%f" if parts["fraction"] else ""
    if parts["half"]:
        return f"{parts['between']}%I:%M{seconds}{fraction}{parts['space']}%p"
    return f"{parts['between']}%H:%M{seconds}{fraction}"


def _is_day(year: int, month: int, day: int) -> bool:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_time(found: re.Match[str], half: str | None) -> bool:
    parts = found.groupdict()
    if parts["hour"] is None:
        return True
    if half is None and parts.get("space"):
        return False
    hours = range(1, 13) if half else range(24)
    return int(parts["hour"]) in hours and max(int(parts["minute"]), int(parts["second"] or 0)) < 60


def _is_midnight(found: re.Match[str], half: str | None) -> bool:
    parts = found.groupdict()
    if parts["hour"] is None:
        return True
    hour = int(parts["hour"]) % (12 if half else 24) + (12 if (half or "").lower() == "pm" else 0)
    return not (hour or int(parts["minute"]) or int(parts["second"] or 0))
