"""The council's calendar: the codes of periods, and which periods a month is part of.

Rule: a period is named by one code and one code names one period, whatever its kind. A financial
year whose short form could be read as a month is written in full: 2010/11 is `2010-2011`, since
`2010-11` is November 2010. The kinds themselves are in `kinds_of_period`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from shared.catalogue.kinds_of_period import (
    BY_NAME,
    CUMULATIVE,
    DAY,
    FINANCIAL,
    FIRST_MONTH,
    KINDS,
    LAST_MONTH,
    Period,
    began,
    first_day,
    kind_named,
    kind_of,
    last_day,
    month_code,
    month_number,
    quarter,
    year_code,
)

__all__ = [
    "FIRST_MONTH",
    "KINDS",
    "LAST_MONTH",
    "Period",
    "first_day",
    "last_day",
    "month_code",
    "month_number",
]

_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})", re.ASCII)
_ENDING = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<second>[0-9]{4}|[0-9]{2}))?(?P<academic>-AY)?"
    r"(?:-(?:Q(?P<quarter>[1-4])|to-(?P<to>[0-9]{2})|P(?P<pooled>[35])))?",
    re.ASCII,
)
_FROM_TO = re.compile(r"([0-9]{4}-[0-9]{2})-to-([0-9]{4}-[0-9]{2})", re.ASCII)
_ROLLING = re.compile(r"([0-9]{4}-[0-9]{2})-R(3|12|24)", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


@lru_cache(maxsize=65_536)
def parse_period(code: str) -> Period:
    """The period of a code; ValueError in plain words for any other text."""
    try:
        period = _parsed(code)
        if period.code == code:
            return period
    except ValueError:
        pass
    raise ValueError(
        f"{code!r} is not a period such as 2025-09, 2025-26-Q2, 2025-26, 2025-26-to-09, 2025-26-AY"
        ", 2025, 2025-09-R12 or 2025-26-P3"
    )


def _parsed(code: str) -> Period:
    if _MONTH.fullmatch(code) and "01" <= code[5:] <= "12":
        return BY_NAME["month"].ending(month_number(code))
    if _DAY.fullmatch(code) and month_number(code[:7]):
        return day(code)
    if found := _ROLLING.fullmatch(code):
        return kind_named(f"rolling-{found[2]}-months").ending(month_number(found[1]))
    found = _FROM_TO.fullmatch(code)
    if found and found[1] <= found[2]:
        return kind_named(f"{CUMULATIVE}:{found[1]}").ending(month_number(found[2]))
    found = _ENDING.fullmatch(code)
    if found is None:
        raise ValueError(code)
    name = "academic" if found["academic"] else "financial" if found["second"] else "calendar"
    begins = {"academic": "09", "financial": "04", "calendar": "01"}[name]
    first = month_number(f"{found['year']}-{begins}")
    if found["quarter"]:
        return quarter(first + (int(found["quarter"]) - 1) * 3)
    if found["to"]:
        kind = "year-to-date" if name == "financial" else f"{name}-year-to-date"
        return BY_NAME[kind].ending(first + (int(found["to"]) - 1 - first) % 12)
    if found["pooled"]:
        years = "calendar-years" if name == "calendar" else "years"
        return BY_NAME[f"pooled-{found['pooled']}-{years}"].ending(first)
    return BY_NAME[f"{name}-year"].ending(first)


@lru_cache(maxsize=65_536)
def day(text: str) -> Period:
    """The period that a day is."""
    when = date.fromisoformat(text)
    number = when.year * 12 + when.month - 1
    return Period(when.isoformat(), DAY, when, when, number, number)


@lru_cache(maxsize=4096)
def year_of(month: str) -> str:
    """The code of the financial year that a month lies in."""
    return year_code(began(month_number(month), FINANCIAL) // 12)


@lru_cache(maxsize=4096)
def years_over(first: int, last: int) -> tuple[str, ...]:
    """The codes of the financial years that months `first` to `last` lie in."""
    april = began(first, FINANCIAL)
    return tuple(year_code(each // 12) for each in range(april, last + 1, 12))


def year_months(code: str) -> range:
    """The numbers of the months of a financial year."""
    first = int(code[:4]) * 12 + FINANCIAL
    return range(first, first + 12)


@lru_cache(maxsize=65_536)
def _containing(number: int, kind: str, until: int) -> tuple[Period, ...]:
    found = kind_named(kind)
    origin = month_number(kind.partition(":")[2]) if ":" in kind else number
    if number < origin:
        return ()
    last = number + found.reach(number)
    if found.step == 1:
        return tuple(found.ending(end) for end in range(number, min(last, until) + 1))
    return tuple(
        period
        for end in range(number, last + 1, found.step)
        if begun(period := found.ending(end), until)
    )


def periods_containing(
    month: str, kinds: Iterable[str], until: str = LAST_MONTH
) -> tuple[Period, ...]:
    """Every period of these kinds that a month's figures are part of and that has begun by the
    month `until`; days aside."""
    return _all_containing(month, tuple(kinds), until)


@lru_cache(maxsize=65_536)
def _all_containing(month: str, kinds: tuple[str, ...], until: str) -> tuple[Period, ...]:
    number, limit = month_number(month), month_number(until)
    return tuple(each for kind in kinds for each in _containing(number, kind, limit))


@lru_cache(maxsize=65_536)
def period_ending(number: int, kind: str) -> Period | None:
    """The period of a kind that ends with a month; None where none does."""
    period = kind_named(kind).ending(number)
    if period.last != number or period.first > number:
        return None
    return period


def begun(period: Period, until: int) -> bool:
    """Whether a period has begun in month number `until`: one that comes in blocks with its first
    month, pooled years with the last of them, any other with its last month."""
    kind = period.kind
    if kind.startswith("pooled"):
        return period.last - 11 <= until
    if kind in ("month", "quarter") or kind.endswith("-year"):
        return period.first <= until
    return period.last <= until


@lru_cache(maxsize=4096)
def _months(first: int, last: int) -> tuple[str, ...]:
    return tuple(month_code(number) for number in range(first, last + 1))


def months_of(period: Period) -> tuple[str, ...]:
    """The codes of a period's months, in order."""
    return _months(period.first, period.last)


@lru_cache(maxsize=65_536)
def previous(period: Period) -> Period | None:
    """The period before it: the day, month, quarter or year before; of those that end with every
    month, the one to the month before. None before a cumulative period's first month."""
    if period.kind == DAY:
        return day((period.start - timedelta(days=1)).isoformat())
    return _earlier(period, kind_of(period).step)


@lru_cache(maxsize=65_536)
def same_period_last_year(period: Period) -> Period | None:
    """The period that ends a year earlier. None before a cumulative period's first month."""
    if period.kind == DAY:
        start = period.start
        leap = (start.month, start.day) == (2, 29)
        return day(start.replace(year=start.year - 1, day=28 if leap else start.day).isoformat())
    return _earlier(period, 12)


def _earlier(period: Period, months: int) -> Period | None:
    last = period.last - months
    if period.kind == CUMULATIVE and last < period.first:
        return None
    return kind_of(period).ending(last)


def later(period: Period, months: int) -> Period:
    """The period of the same kind that ends (or lies) so many months later; of days, the same
    date then."""
    if period.kind == DAY:
        number = period.last + months
        last = last_day(number)
        return day(
            min(
                first_day(number).replace(day=1) + timedelta(period.start.day - 1), last
            ).isoformat()
        )
    return kind_of(period).ending(period.last + months)


def following(period: Period) -> Period:
    """The period after it."""
    if period.kind == DAY:
        return day((period.start + timedelta(days=1)).isoformat())
    return later(period, kind_of(period).step)
