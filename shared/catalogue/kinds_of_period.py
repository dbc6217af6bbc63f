"""Kinds of period: how long each is, where it begins, and how its code is written.

Rule: months are counted in one running number (year * 12 + month - 1), so that a window is two
numbers and a kind is a rule of arithmetic upon them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

FIRST_MONTH, LAST_MONTH = "1900-01", "2199-12"
CUMULATIVE = "cumulative"
DAY = "day"

_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
# In which month (0 is January) a year begins.
FINANCIAL, _ACADEMIC, _CALENDAR = 3, 8, 0


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time; `start` and `end` are its first and its last day, `first` and `last` the
    numbers of the months that these lie in."""

    code: str
    kind: str
    start: date
    end: date
    first: int
    last: int

    def __hash__(self) -> int:
        return hash(self.code)

    def label(self) -> str:
        """The period in words."""
        return label_of(self)


@dataclass(frozen=True, slots=True)
class _Kind:
    """How periods of a kind follow each other. `ending(n)` is the period whose last month is `n`
    or, of those that come in blocks, the one that holds it. `step` months lie between neighbours,
    and a month is in those that end up to `reach` months after its own."""

    ending: Callable[[int], Period]
    step: int = 1
    reach: Callable[[int], int] = field(default_factory=lambda: _always(0))


def month_number(month: str) -> int:
    """The running number of a month such as 2025-09; ValueError for any other text."""
    found = _MONTH.fullmatch(month)
    if found is None or not FIRST_MONTH <= month <= LAST_MONTH or not "01" <= found[2] <= "12":
        raise ValueError(f"{month!r} is not a month such as 2025-09")
    return int(found[1]) * 12 + int(found[2]) - 1


@lru_cache(maxsize=8192)
def month_code(number: int) -> str:
    """The month of a running number."""
    return f"{number // 12:04}-{number % 12 + 1:02}"


def first_day(number: int) -> date:
    """The first day of a month."""
    return date(number // 12, number % 12 + 1, 1)


def last_day(number: int) -> date:
    """The last day of a month."""
    return first_day(number + 1) - timedelta(days=1)


def year_code(first: int) -> str:
    short = (first + 1) % 100
    return f"{first:04}-{first + 1:04}" if 1 <= short <= 12 else f"{first:04}-{short:02}"


def _period(code: str, kind: str, first: int, last: int) -> Period:
    return Period(code, kind, first_day(first), last_day(last), first, last)


def began(number: int, anchor: int) -> int:
    """The first month of the year, beginning with month `anchor`, that a month lies in."""
    return number - (number - anchor) % 12


def _month(number: int) -> Period:
    return _period(month_code(number), "month", number, number)


def quarter(number: int) -> Period:
    first = number - number % 3
    april = began(number, FINANCIAL)
    code = f"{year_code(april // 12)}-Q{(number - april) // 3 + 1}"
    return _period(code, "quarter", first, first + 2)


def _year_name(first: int, anchor: int) -> str:
    if anchor == _CALENDAR:
        return f"{first // 12:04}"
    return year_code(first // 12) + ("-AY" if anchor == _ACADEMIC else "")


def _year(kind: str, anchor: int) -> Callable[[int], Period]:
    def ending(number: int) -> Period:
        first = began(number, anchor)
        return _period(_year_name(first, anchor), kind, first, first + 11)

    return ending


def _to_date(kind: str, anchor: int) -> Callable[[int], Period]:
    def ending(number: int) -> Period:
        first = began(number, anchor)
        code = f"{_year_name(first, anchor)}-to-{number % 12 + 1:02}"
        return _period(code, kind, first, number)

    return ending


def _rolling(kind: str, months: int) -> Callable[[int], Period]:
    def ending(number: int) -> Period:
        return _period(f"{month_code(number)}-R{months}", kind, number - months + 1, number)

    return ending


def _pooled(kind: str, years: int, anchor: int) -> Callable[[int], Period]:
    def ending(number: int) -> Period:
        first = began(number, anchor)
        code = f"{_year_name(first, anchor)}-P{years}"
        return _period(code, kind, first - (years - 1) * 12, first + 11)

    return ending


def _cumulative(origin: int) -> Callable[[int], Period]:
    def ending(number: int) -> Period:
        return _period(f"{month_code(origin)}-to-{month_code(number)}", CUMULATIVE, origin, number)

    return ending


def _always(months: int) -> Callable[[int], int]:
    return lambda _month: months


def _rest_of_year(anchor: int) -> Callable[[int], int]:
    return lambda month: 11 - (month - anchor) % 12


def _kinds() -> dict[str, _Kind]:
    found = {"month": _Kind(_month), "quarter": _Kind(quarter, 3)}
    for name, anchor in (("financial", FINANCIAL), ("academic", _ACADEMIC), ("calendar", 0)):
        kind = f"{name}-year"
        found[kind] = _Kind(_year(kind, anchor), 12)
        kind = "year-to-date" if name == "financial" else f"{name}-year-to-date"
        found[kind] = _Kind(_to_date(kind, anchor), 1, _rest_of_year(anchor))
    for months in (3, 12, 24):
        kind = f"rolling-{months}-months"
        found[kind] = _Kind(_rolling(kind, months), 1, _always(months - 1))
    for years in (3, 5):
        for name, anchor in (("years", FINANCIAL), ("calendar-years", _CALENDAR)):
            kind = f"pooled-{years}-{name}"
            found[kind] = _Kind(_pooled(kind, years, anchor), 12, _always((years - 1) * 12))
    return found


BY_NAME = _kinds()
KINDS = (DAY, *BY_NAME, CUMULATIVE)
MOST_MONTHS = (2200 - 1900) * 12


@lru_cache(maxsize=1024)
def kind_named(name: str) -> _Kind:
    """A kind by its name; a cumulative one is called `cumulative:2021-04`, after its start."""
    if name in BY_NAME:
        return BY_NAME[name]
    word, _, origin = name.partition(":")
    if word != CUMULATIVE or not origin:
        raise ValueError(f"{name!r} is not one of {', '.join(KINDS)}")
    return _Kind(_cumulative(month_number(origin)), 1, _always(MOST_MONTHS))


def kind_of(period: Period) -> _Kind:
    if period.kind == CUMULATIVE:
        return kind_named(f"{CUMULATIVE}:{month_code(period.first)}")
    return kind_named(period.kind)


def label_of(period: Period) -> str:
    """A period in words."""
    kind, start, end = period.kind, period.start, period.end
    first = f"{_MONTH_NAMES[start.month - 1]}"
    last = f"{_MONTH_NAMES[end.month - 1]} {end.year}"
    if kind == DAY:
        return f"{end.day} {last}"
    if kind == "financial-year":
        return f"{start.year}/{end.year % 100:02}"
    if kind == "academic-year":
        return f"{start.year}/{end.year % 100:02} academic year"
    if kind == "calendar-year":
        return str(start.year)
    if kind.startswith("rolling"):
        return f"{period.last - period.first + 1} months to {last}"
    if kind.startswith("pooled"):
        if kind.endswith("calendar-years"):
            return f"{start.year} to {end.year}"
        return f"{BY_NAME['financial-year'].ending(period.first).label()} to " + (
            BY_NAME["financial-year"].ending(period.last).label()
        )
    if period.first == period.last:
        return last
    if start.year != end.year:
        first = f"{first} {start.year}"
    return f"{first} to {last}"
