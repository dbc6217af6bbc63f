"""Terms of contracts: a last day, so many months on or back.

Rule: months are counted from the day after a last day, so that what ends with a month still does
when it is moved. What is no day, or lies outside the calendar, is blank.
"""

from calendar import monthrange
from datetime import date, timedelta

_DAY = timedelta(days=1)


def months_on(last_day: str, months: int) -> str:
    """A last day (ISO date) so many months later, or earlier."""
    if not months:
        return last_day
    try:
        after = date.fromisoformat(last_day) + _DAY
    except (ValueError, OverflowError):
        return ""
    year, month = divmod(after.year * 12 + after.month - 1 + months, 12)
    if not date.min.year < year < date.max.year:
        return ""
    on = min(after.day, monthrange(year, month + 1)[1])
    return (date(year, month + 1, on) - _DAY).isoformat()


def months_taken(extensions: list[int], taken: int) -> int:
    """How many months the extensions taken come to; of more than are listed, each is the last."""
    more = extensions[-1] * (taken - len(extensions)) if extensions else 0
    return sum(extensions[:taken]) + max(0, more)
