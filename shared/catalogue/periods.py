"""The council's calendar: months, quarters, financial years and years to date.

Rule: a period is named by one code and one code names one period. The financial year runs from
1 April. A month is `2025-09`, a quarter `2025-26-Q2`, a financial year `2025-26`, and April to
September 2025 is `2025-26-to-09`. A year whose short form could be read as a month is written in
full: the financial year 2010/11 is `2010-2011`, since `2010-11` is November 2010.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

KINDS = ("month", "quarter", "financial-year", "year-to-date")
FIRST_MONTH, LAST_MONTH = "1900-01", "2199-12"

_MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_WITHIN_YEAR = re.compile(
    r"([0-9]{4})-([0-9]{4}|[0-9]{2})(?:-(?:Q([1-4])|to-([0-9]{2})))?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of whole months; `start` and `end` are its first and its last day."""

    code: str
    kind: str
    start: date
    end: date

    def __hash__(self) -> int:
        return hash(self.code)

    def label(self) -> str:
        if self.kind == "financial-year":
            return f"{self.start.year}/{self.end.year % 100:02}"
        last = f"{_MONTH_NAMES[self.end.month - 1]} {self.end.year}"
        if (self.start.year, self.start.month) == (self.end.year, self.end.month):
            return last
        first = _MONTH_NAMES[self.start.month - 1]
        if self.start.year != self.end.year:
            first = f"{first} {self.start.year}"
        return f"{first} to {last}"


def _year_code(first: int) -> str:
    short = (first + 1) % 100
    return f"{first:04}-{first + 1:04}" if 1 <= short <= 12 else f"{first:04}-{short:02}"


def _span(code: str, kind: str, first: int, months: int) -> Period:
    """The period of so many months from month number `first` (year * 12 + month - 1)."""
    after = first + months
    end = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(code, kind, date(first // 12, first % 12 + 1, 1), end)


def _number(month: str) -> int:
    found = _MONTH.fullmatch(month)
    if found is None or not FIRST_MONTH <= month <= LAST_MONTH or not "01" <= found[2] <= "12":
        raise ValueError(f"{month!r} is not a month such as 2025-09")
    return int(found[1]) * 12 + int(found[2]) - 1


def _code(number: int) -> str:
    return f"{number // 12:04}-{number % 12 + 1:02}"


def _april(number: int) -> int:
    """The number of the April that begins the financial year of a month."""
    return (number - 3) // 12 * 12 + 3


def _month(number: int) -> Period:
    return _span(_code(number), "month", number, 1)


def _quarter(number: int) -> Period:
    april = _april(number)
    quarter = (number - april) // 3
    return _span(f"{_year_code(april // 12)}-Q{quarter + 1}", "quarter", april + quarter * 3, 3)


def _year(number: int) -> Period:
    april = _april(number)
    return _span(_year_code(april // 12), "financial-year", april, 12)


def _to_date(number: int) -> Period:
    april = _april(number)
    code = f"{_year_code(april // 12)}-to-{number % 12 + 1:02}"
    return _span(code, "year-to-date", april, number - april + 1)


@lru_cache(maxsize=4096)
def parse_period(code: str) -> Period:
    """The period of a code; ValueError in plain words for any other text."""
    try:
        if _MONTH.fullmatch(code) and "01" <= code[5:] <= "12":
            return _month(_number(code))
        found = _WITHIN_YEAR.fullmatch(code)
        if found is not None:
            april = _number(f"{found[1]}-04")
            if found[3]:
                period = _quarter(april + (int(found[3]) - 1) * 3)
            elif found[4]:
                behind = (int(found[4]) - 4) % 12
                period = _to_date(april + behind)
            else:
                period = _year(april)
            if period.code == code:
                return period
    except ValueError:
        pass
    raise ValueError(
        f"{code!r} is not a period such as 2025-09, 2025-26-Q2, 2025-26 or 2025-26-to-09"
    )


@lru_cache(maxsize=4096)
def year_of(month: str) -> str:
    """The code of the financial year that a month lies in."""
    return _year_code(_april(_number(month)) // 12)


@lru_cache(maxsize=4096)
def _containing(month: str, kinds: tuple[str, ...]) -> tuple[Period, ...]:
    number = _number(month)
    found: list[Period] = []
    for kind in kinds:
        if kind == "month":
            found.append(_month(number))
        elif kind == "quarter":
            found.append(_quarter(number))
        elif kind == "financial-year":
            found.append(_year(number))
        elif kind == "year-to-date":
            found.extend(_to_date(later) for later in range(number, _april(number) + 12))
        else:
            raise ValueError(f"{kind!r} is not one of {', '.join(KINDS)}")
    return tuple(found)


def periods_containing(month: str, kinds: Iterable[str]) -> list[Period]:
    """Every period of these kinds that a month's figures are part of."""
    return list(_containing(month, tuple(kinds)))


@lru_cache(maxsize=4096)
def _months(first: int, last: int) -> tuple[str, ...]:
    return tuple(_code(number) for number in range(first, last + 1))


def _ends(period: Period) -> tuple[int, int]:
    first = period.start.year * 12 + period.start.month - 1
    return first, period.end.year * 12 + period.end.month - 1


def months_of(period: Period) -> tuple[str, ...]:
    """The codes of a period's months, in order."""
    return _months(*_ends(period))


def previous(period: Period) -> Period:
    """The period before it: the month, quarter or year before, or the year to the month before.

    Before the first year to date of a year comes the last one of the year before.
    """
    first, last = _ends(period)
    if period.kind == "year-to-date":
        return _to_date(last - 1)
    return _BY_KIND[period.kind](first - 1)


def same_period_last_year(period: Period) -> Period:
    return _BY_KIND[period.kind](_ends(period)[1] - 12)


_BY_KIND = {
    "month": _month,
    "quarter": _quarter,
    "financial-year": _year,
    "year-to-date": _to_date,
}
