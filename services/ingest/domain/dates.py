"""Dates as business systems write them, read by explicit formats alone.

Rule: 02/03/2026 means what the contract's formats say and nothing else; ISO 8601 needs no format.
A day that does not exist is refused. A time with an offset becomes Europe/London wall time, which
is what every date without an offset already is.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

from services.ingest.domain.refusals import ValueRefused

LONDON = ZoneInfo("Europe/London")
FIRST_YEAR, LAST_YEAR = 1900, 2199

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_NUMBERS = {
    name: number for number, full in enumerate(_MONTHS, 1) for name in (full, full[:3])
} | {"sept": 9}

_DIRECTIVES = {
    "d": r"(?P<day>[0-9]{1,2})",
    "m": r"(?P<month>[0-9]{1,2})",
    "Y": r"(?P<year>[0-9]{4})",
    "y": r"(?P<year2>[0-9]{2})",
    "b": r"(?P<name>[A-Za-z]{3,4})",
    "B": r"(?P<name>[A-Za-z]{3,9})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "I": r"(?P<hour12>[0-9]{1,2})",
    "M": r"(?P<minute>[0-9]{1,2})",
    "S": r"(?P<second>[0-9]{1,2})",
    "f": r"(?P<fraction>[0-9]{1,9})",
    "p": r"(?P<half>[AaPp][Mm])",
    "z": r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})",
    "%": "%",
}
_ISO_DATE = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"
_ISO_TIME = (
    r"[T ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
)


def reader(kind: Literal["date", "datetime"], formats: Sequence[str]) -> Callable[[str], str]:
    """A function from text to the canonical ISO text, raising ValueRefused.

    Raises ValueError for a format that cannot be understood.
    """
    patterns = [re.compile(_pattern(each)) for each in formats]
    # A contract with its own year-first format has decided what year-first means.
    if not any(each.startswith("%Y-") for each in formats):
        time = f"(?:{_ISO_TIME})?" if kind == "datetime" else ""
        patterns.append(re.compile(_ISO_DATE + time))
    wanted = " or ".join(_example(each) for each in formats) or (
        "2026-03-31T14:30:00" if kind == "datetime" else "2026-03-31"
    )
    whole_day = kind == "date"

    def read(text: str) -> str:
        for pattern in patterns:
            found = pattern.fullmatch(text)
            if found is None:
                continue
            try:
                instant = _instant(found.groupdict())
            except ValueError as error:
                raise ValueRefused("format", f"{text!r} is not a real date: {error}.") from None
            if not FIRST_YEAR <= instant.year <= LAST_YEAR:
                raise ValueRefused(
                    "format", f"The year of {text!r} is outside {FIRST_YEAR} to {LAST_YEAR}."
                )
            return instant.date().isoformat() if whole_day else instant.isoformat()
        noun = "date" if whole_day else "date and time"
        raise ValueRefused("format", f"{text!r} is not a {noun} written like {wanted}.")

    return read


def _pattern(wanted: str) -> str:
    pattern = ""
    rest = wanted
    while rest:
        if rest[0] == "%":
            directive = _DIRECTIVES.get(rest[1:2])
            if directive is None:
                raise ValueError(f"the date format {wanted!r} has an unknown part {rest[:2]!r}")
            pattern += directive
            rest = rest[2:]
        else:
            pattern += re.escape(rest[0])
            rest = rest[1:]
    return pattern


def _example(wanted: str) -> str:
    return datetime(2026, 3, 31, 14, 30).strftime(wanted)  # noqa: DTZ001 - wall time, an example


def _instant(parts: dict[str, str | None]) -> datetime:
    """Raises ValueError, in words, for a day or time that does not exist."""
    name = parts.get("name")
    if name is not None:
        month = _MONTH_NUMBERS.get(name.lower())
        if month is None:
            raise ValueError(f"{name!r} is no month")
    else:
        month = int(parts["month"] or 1)
    if short := parts.get("year2"):
        year = int(short) + (1900 if short >= "69" else 2000)
    else:
        year = int(parts["year"] or 0)
    if twelve := parts.get("hour12"):
        hour = int(twelve)
        if not 1 <= hour <= 12:
            raise ValueError("the hour of a 12-hour time must be 1 to 12")
        hour = hour % 12 + (12 if (parts.get("half") or "").lower() == "pm" else 0)
    else:
        hour = int(parts.get("hour") or 0)
    instant = datetime(  # noqa: DTZ001 - Europe/London wall time
        year,
        month,
        int(parts["day"] or 0),
        hour,
        int(parts.get("minute") or 0),
        int(parts.get("second") or 0),
    )
    offset = parts.get("offset")
    return _in_london(instant, offset) if offset else instant


def _in_london(instant: datetime, offset: str) -> datetime:
    if offset == "Z":
        behind = timedelta(0)
    else:
        digits = offset[1:].replace(":", "")
        behind = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        if offset[0] == "-":
            behind = -behind
    try:
        aware = instant.replace(tzinfo=timezone(behind))
        return aware.astimezone(LONDON).replace(tzinfo=None)
    except OverflowError:
        raise ValueError("it lies outside the calendar") from None
