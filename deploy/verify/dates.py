"""Calendar arithmetic of the recompute: months, ages, hours, working days.

Rule: dates are ISO texts or `date`, a month is a number (year * 12 + month - 1), and days are
counted one by one. The calendar runs from 1900 to 2199. Nothing here comes from the system under
test.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
UTC = ZoneInfo("UTC")
FIRST_YEAR, LAST_YEAR = 1900, 2199
DAY = timedelta(days=1)


class OffTheCalendar(ValueError):
    """The date lies before 1900 or after 2199, or is no whole number of days away."""


def month_number(text: str) -> int:
    """`2025-09` or any ISO date or time that starts so."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_text(number: int) -> str:
    """The ISO month of a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def month_of(day: date) -> int:
    """The number of the month that a day lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of a month."""
    return first_day(month + 1) - DAY


def on_the_calendar(text: str) -> bool:
    """Whether a date is one that figures are given for."""
    return FIRST_YEAR <= int(text[:4]) <= LAST_YEAR


def days_between(start: str, end: str) -> int:
    """Calendar days from one date to another; times of day play no part."""
    return (date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])).days


def age(born: str, on: str) -> int:
    """Birthdays reached by a date; who was born on 29 February has theirs on 1 March."""
    birth, day = date.fromisoformat(born[:10]), date.fromisoformat(on[:10])
    years = day.year - birth.year
    return years if (day.month, day.day) >= (birth.month, birth.day) else years - 1


def months_between(start: str, end: str) -> int:
    """Months completed from one date to another, negative where the second is the earlier."""
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    if last < first:
        return -months_between(end, start)
    months = month_of(last) - month_of(first)
    return months if last.day >= first.day else months - 1


def hours_between(start: str, end: str) -> Fraction:
    """Hours that went by from one London wall time to another, to nine places, half even."""
    seconds = int((_instant(end) - _instant(start)).total_seconds())
    return Fraction(round(Fraction(seconds, 3600) * 10**9), 10**9)


def _instant(text: str) -> datetime:
    # Of a time that comes twice the first is meant; one that never comes is read as winter time.
    return datetime.fromisoformat(text).replace(tzinfo=LONDON, fold=0).astimezone(UTC)


def add_days(start: str, days: Fraction) -> date:
    """The date so many days later."""
    return _within(date.fromisoformat(start[:10]).toordinal() + _whole(days))


def add_months(start: str, months: Fraction) -> date:
    """The same day so many months later, or the last of that month."""
    day = date.fromisoformat(start[:10])
    month = month_of(day) + _whole(months)
    if not FIRST_YEAR <= month // 12 <= LAST_YEAR:
        raise OffTheCalendar(month_text(month))
    return first_day(month) + min(day.day - 1, last_day(month).day - 1) * DAY


def add_working_days(start: str, days: Fraction, closures: frozenset[date]) -> date:
    """The n-th working day after a date (before it, where n is negative)."""
    day, left = date.fromisoformat(start[:10]), _whole(days)
    free = days_off(closures)
    step = 1 if left > 0 else -1
    while left:
        day = _within(day.toordinal() + step)
        if day.weekday() < 5 and day not in free:
            left -= step
    return _within(day.toordinal())


def _whole(number: Fraction) -> int:
    if number.denominator != 1:
        raise OffTheCalendar(f"{number} is not whole")
    return number.numerator


def _within(ordinal: int) -> date:
    if not date(FIRST_YEAR, 1, 1).toordinal() <= ordinal <= date(LAST_YEAR, 12, 31).toordinal():
        raise OffTheCalendar(str(ordinal))
    return date.fromordinal(ordinal)


def each_day(first: date, last: date) -> Iterator[date]:
    """Every day from one to another, both included."""
    day = first
    while day <= last:
        yield day
        day += DAY


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England as GOV.UK publishes them."""
    published = resources.files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text()
    events = json.loads(published)["england-and-wales"]["events"]
    return frozenset(date.fromisoformat(event["date"]) for event in events)


@lru_cache(maxsize=64)
def days_off(closures: frozenset[date]) -> frozenset[date]:
    """Bank holidays and the council's own closure days."""
    return bank_holidays() | closures


@lru_cache(maxsize=100_000)
def working_days_between(start: str, end: str, closures: frozenset[date]) -> int:
    """Working days after the first date up to and including the second, counted one by one."""
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    if last < first:
        return -working_days_between(end, start, closures)
    free = days_off(closures)
    return sum(1 for day in each_day(first + DAY, last) if day.weekday() < 5 and day not in free)
