"""Arithmetic with dates, as ISO texts: ages, months, hours, and dates so long after another.

Rule: business dates and times are those of a clock on a wall in London. A result outside 1900 to
2199 is not calculable, as is a number of days that is not whole.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from shared.catalogue.arithmetic import NotCalculable, Number
from shared.catalogue.working_days import ORDINALS, WorkingDays

LONDON = ZoneInfo("Europe/London")
_HOUR = Decimal(3600)
_NINE_PLACES = Decimal("1e-9")


def age(born: str, on: str) -> int:
    """Whole years reached by a date; who was born on 29 February reaches one on 1 March."""
    return int(on[:4]) - int(born[:4]) - (on[5:] < born[5:])


def months(start: str, end: str) -> int:
    """Whole months completed from one date to another; negative when the second is the earlier."""
    if end < start:
        return -months(end, start)
    whole = (int(end[:4]) - int(start[:4])) * 12 + int(end[5:7]) - int(start[5:7])
    return whole - (end[8:] < start[8:])


def hours(start: str, end: str) -> Decimal:
    """Elapsed hours between two moments; when the clocks change, as long as it really was."""
    seconds = int((_instant(end) - _instant(start)).total_seconds())
    return (Decimal(seconds) / _HOUR).quantize(_NINE_PLACES, ROUND_HALF_EVEN).normalize() + 0


def _instant(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=LONDON).astimezone(UTC)


def add_days(day: str, number: Number) -> str:
    """The date so many days later, or earlier."""
    return _date(ORDINALS[day] + _whole(number))


def add_months(day: str, number: Number) -> str:
    """The same day so many months later; the month's last day where it has no such day."""
    month = int(day[:4]) * 12 + int(day[5:7]) - 1 + _whole(number)
    year, month = divmod(month, 12)
    if not 1900 <= year <= 2199:
        raise NotCalculable("the date is outside the calendar")
    return f"{year:04}-{month + 1:02}-{min(int(day[8:]), monthrange(year, month + 1)[1]):02}"


def add_working_days(day: str, number: Number, calendar: WorkingDays) -> str:
    """The n-th working day after a date, or before it where n is negative; for 0, the date."""
    wanted = _whole(number)
    return day if wanted == 0 else _date(calendar.after(day, wanted))


def weekday(day: str) -> int:
    """1 for a Monday to 7 for a Sunday."""
    return (ORDINALS[day] - 1) % 7 + 1


def year_from(day: str, month: str) -> int:
    """The calendar year in which the year that begins with `month` (such as 04) began."""
    return int(day[:4]) - (day[5:7] < month)


def _whole(number: Number) -> int:
    if number != int(number) or abs(int(number)) > 200_000:
        raise NotCalculable("days and months are whole numbers")
    return int(number)


def _date(ordinal: int) -> str:
    try:
        found = date.fromordinal(ordinal)
    except (ValueError, OverflowError):
        raise NotCalculable("the date is outside the calendar") from None
    if not 1900 <= found.year <= 2199:
        raise NotCalculable("the date is outside the calendar")
    return found.isoformat()
