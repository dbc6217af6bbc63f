"""Calendar arithmetic of the recompute: months, reporting periods, working days.

Rule: a month is a number (year * 12 + month - 1), a period is a first and a last month. Nothing
here comes from the system under test.
"""

import json
import re
from datetime import date, timedelta
from functools import lru_cache
from importlib import resources

APRIL = 3
PERIOD_KINDS = ("month", "quarter", "financial-year", "year-to-date")


class UnknownPeriod(ValueError):
    """The code is not one of the four spellings."""


def month_number(text: str) -> int:
    """`2025-09` or any ISO date or time that starts so."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1


def month_text(number: int) -> str:
    """The ISO month of a month number."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def year_start(month: int) -> int:
    """The April that begins the financial year of a month."""
    return month - (month - APRIL) % 12


def year_text(april: int) -> str:
    """`2025-26` for April 2025; in full (`2010-2011`) where the short form is a month as well."""
    year = april // 12
    short = (year + 1) % 100
    return f"{year}-{year + 1}" if 1 <= short <= 12 else f"{year}-{short:02d}"


def periods_with(month: int, kind: str) -> list[str]:
    """The codes of every period of a kind that has this month in its window."""
    april = year_start(month)
    year = year_text(april)
    if kind == "month":
        return [month_text(month)]
    if kind == "quarter":
        return [f"{year}-Q{(month - april) // 3 + 1}"]
    if kind == "financial-year":
        return [year]
    if kind == "year-to-date":
        return [f"{year}-to-{later % 12 + 1:02d}" for later in range(month, april + 12)]
    raise UnknownPeriod(kind)


def window(code: str) -> tuple[str, int, int]:
    """The kind of a period, its first month and its last."""
    match = re.fullmatch(r"(\d{4})-(\d{4}|\d{2})(?:-(?:Q([1-4])|to-(0[1-9]|1[0-2])))?", code)
    if match is None:
        raise UnknownPeriod(code)
    april = int(match[1]) * 12 + APRIL
    if match[2] != year_text(april)[5:]:
        month = month_number(code) if len(match[2]) == 2 and code == code[:7] else -1
        if month_text(month) != code:
            raise UnknownPeriod(code)
        return "month", month, month
    if match[3]:
        first = april + 3 * (int(match[3]) - 1)
        return "quarter", first, first + 2
    if match[4]:
        return "year-to-date", april, april + (int(match[4]) - 1 - APRIL) % 12
    return "financial-year", april, april + 11


def first_day(month: int) -> str:
    """The first day of a month, ISO."""
    return date(month // 12, month % 12 + 1, 1).isoformat()


def last_day(month: int) -> str:
    """The last day of a month, ISO."""
    following = month + 1
    return (date(following // 12, following % 12 + 1, 1) - timedelta(days=1)).isoformat()


@lru_cache(maxsize=1)
def bank_holidays() -> frozenset[date]:
    """The bank holidays of England as GOV.UK publishes them."""
    published = resources.files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text()
    events = json.loads(published)["england-and-wales"]["events"]
    return frozenset(date.fromisoformat(event["date"]) for event in events)


def days_between(start: str, end: str) -> int:
    """Calendar days from one date to another; times of day play no part."""
    return (date.fromisoformat(end[:10]) - date.fromisoformat(start[:10])).days


def working_days_between(start: str, end: str, closures: frozenset[date]) -> int:
    """Working days after the first date up to and including the second, counted one by one."""
    first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    if last < first:
        return -working_days_between(end, start, closures)
    free = bank_holidays() | closures
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(1 for day in days if day.weekday() < 5 and day not in free)
