"""Reporting periods of every kind: their codes, their windows, and which come before which.

Rule: a period is the first and the last day of its window, and a code names one period whatever
its kind. Of a kind, one period ends with a given month or, where periods come in blocks, holds it.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from deploy.verify.dates import each_day, first_day, last_day, month_number, month_of, month_text

# The month (January is 0) in which a year begins, and what its code ends with.
YEARS = {"financial": (3, ""), "academic": (8, "-AY"), "calendar": (0, "")}
DEFAULT_KINDS = ("month", "quarter", "financial-year", "year-to-date")
TO_DATE = {
    "year-to-date": "financial",
    "academic-year-to-date": "academic",
    "calendar-year-to-date": "calendar",
}
WHOLE_YEARS = {f"{name}-year": name for name in YEARS}
ROLLING = {f"rolling-{months}-months": months for months in (3, 12, 24)}
POOLED = {
    "pooled-3-years": (3, "financial"),
    "pooled-5-years": (5, "financial"),
    "pooled-3-calendar-years": (3, "calendar"),
    "pooled-5-calendar-years": (5, "calendar"),
}
# The length in months of the periods that come in blocks, one after the other.
BLOCKS = {"month": 1, "quarter": 3} | dict.fromkeys((*WHOLE_YEARS, *POOLED), 12)

CODE = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"|(?P<rolled>\d{4}-\d{2})-R(?P<rolling>\d+)"
    r"|(?P<origin>\d{4}-\d{2})-to-(?P<until>\d{4}-\d{2})"
    r"|(?P<year>\d{4}(?:-\d{2,4})?(?P<academic>-AY)?)"
    r"(?:-Q(?P<quarter>[1-4])|-to-(?P<to>\d{2})|-P(?P<pooled>\d+))?",
    re.ASCII,
)


class UnknownPeriod(ValueError):
    """The code is not one of a period."""


class Period(NamedTuple):
    """A stretch of time; the first and the last month are those that its ends lie in."""

    code: str
    kind: str
    start: date
    end: date

    @property
    def first(self) -> int:
        """The number of its first month."""
        return month_of(self.start)

    @property
    def last(self) -> int:
        """The number of its last month."""
        return month_of(self.end)


def year_start(month: int, name: str = "financial") -> int:
    """The first month of the year that a month lies in."""
    return month - (month - YEARS[name][0]) % 12


def year_text(first: int, name: str = "financial") -> str:
    """The code of the year that begins with a month."""
    year = first // 12
    if name == "calendar":
        return f"{year:04d}"
    short = (year + 1) % 100
    # The short form of 2010/11 would be a month.
    second = f"{year + 1:04d}" if 1 <= short <= 12 else f"{short:02d}"
    return f"{year:04d}-{second}{YEARS[name][1]}"


@lru_cache(maxsize=100_000)
def period_at(kind: str, month: int, origin: int = 0) -> Period:
    """The period of a kind that ends with a month, or the block that holds it. `origin` is where a
    cumulative one starts."""
    if kind == "month":
        return _span(month_text(month), kind, month, month)
    if kind == "quarter":
        april = year_start(month)
        quarter = (month - april) // 3
        first = april + 3 * quarter
        return _span(f"{year_text(april)}-Q{quarter + 1}", kind, first, first + 2)
    if kind in WHOLE_YEARS:
        first = year_start(month, WHOLE_YEARS[kind])
        return _span(year_text(first, WHOLE_YEARS[kind]), kind, first, first + 11)
    if kind in TO_DATE:
        first = year_start(month, TO_DATE[kind])
        code = f"{year_text(first, TO_DATE[kind])}-to-{month_text(month)[5:]}"
        return _span(code, kind, first, month)
    if kind in ROLLING:
        length = ROLLING[kind]
        return _span(f"{month_text(month)}-R{length}", kind, month - length + 1, month)
    if kind in POOLED:
        years, name = POOLED[kind]
        first = year_start(month, name)
        code = f"{year_text(first, name)}-P{years}"
        return _span(code, kind, first - 12 * (years - 1), first + 11)
    if kind == "cumulative":
        return _span(f"{month_text(origin)}-to-{month_text(month)}", kind, origin, month)
    raise UnknownPeriod(kind)


def _span(code: str, kind: str, first: int, last: int) -> Period:
    return Period(code, kind, first_day(first), last_day(last))


def a_day(day: date) -> Period:
    """The period that one day is."""
    return Period(day.isoformat(), "day", day, day)


@lru_cache(maxsize=100_000)
def parse(code: str) -> Period:
    """The period of a code."""
    match = CODE.fullmatch(code)
    try:
        found = None if match is None else _parsed(match)
    except (ValueError, OverflowError):
        found = None
    if found is None or found.code != code:
        raise UnknownPeriod(code)
    return found


def _parsed(match: re.Match[str]) -> Period:
    if match["day"]:
        return a_day(date.fromisoformat(match["day"]))
    if match["rolled"]:
        return period_at(f"rolling-{match['rolling']}-months", _month(match["rolled"]))
    if match["origin"]:
        return period_at("cumulative", _month(match["until"]), _month(match["origin"]))
    year = match["year"]
    if re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", year):
        return period_at("month", _month(year))
    name = "academic" if match["academic"] else "calendar" if len(year) == 4 else "financial"
    first = int(year[:4]) * 12 + YEARS[name][0]
    if match["quarter"]:
        return period_at("quarter", first + 3 * (int(match["quarter"]) - 1))
    if match["to"]:
        kind = next(kind for kind, of in TO_DATE.items() if of == name)
        return period_at(kind, first + (int(match["to"]) - 1 - first) % 12)
    if match["pooled"]:
        length = int(match["pooled"])
        kind = next((kind for kind, of in POOLED.items() if of == (length, name)), "")
        return period_at(kind, first)
    return period_at(f"{name}-year", first)


def _month(text: str) -> int:
    month = month_number(text)
    if month_text(month) != text:
        raise UnknownPeriod(text)
    return month


def begun(period: Period, today: date) -> bool:
    """Whether a period has begun: a block with its first day, pooled years with their last year,
    what runs up to a month with that month."""
    if period.kind in POOLED:
        return first_day(period.last - 11) <= today
    if period.kind in BLOCKS or period.kind == "day":
        return period.start <= today
    return first_day(period.last) <= today


def begun_since(kind: str, month: int, today: date, origin: int = 0) -> Iterator[Period]:
    """Every period of a kind that ends in or after a month, or holds it, and has begun."""
    if kind == "day":
        yield from (a_day(day) for day in each_day(first_day(month), today))
        return
    # A block comes up once for each of its months.
    met = None
    for number in range(max(month, origin), month_of(today) + 1):
        period = period_at(kind, number, origin)
        if period != met:
            yield period
        met = period


def before(period: Period) -> Period | None:
    """The period before; None before a cumulative period's first month."""
    if period.kind == "day":
        return a_day(period.start - timedelta(days=1))
    return _ending_earlier(period, BLOCKS.get(period.kind, 1))


def year_before(period: Period) -> Period | None:
    """The same period a year before; None before a cumulative period's first month."""
    if period.kind == "day":
        day = period.start
        leap_day = (day.month, day.day) == (2, 29)
        return a_day(day.replace(year=day.year - 1, day=28 if leap_day else day.day))
    return _ending_earlier(period, 12)


def _ending_earlier(period: Period, months: int) -> Period | None:
    last = period.last - months
    if period.kind == "cumulative" and last < period.first:
        return None
    return period_at(period.kind, last, period.first)
