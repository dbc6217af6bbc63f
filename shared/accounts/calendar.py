"""Accounting periods: P01 is April, P12 March, and P13 what is adjusted after the year's end.

Rule: at the door a period is written `P07`, or `2025-26-P07` where it names its year. Here a year
is the code of a financial year and a period a number from 1 to 13.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from shared.catalogue.kinds_of_period import FINANCIAL, began, month_code, month_number, year_code

PERIODS = 13
_PERIOD = re.compile(r"(?:([0-9]{4}-(?:[0-9]{2}|[0-9]{4}))-)?P(0[1-9]|1[0-3])", re.ASCII)


class When(NamedTuple):
    """A place in the accounts."""

    year: str
    period: int


@lru_cache(maxsize=4096)
def read_period(text: str) -> tuple[str, int]:
    """The year ("" where it is not named) and the number of a period; ValueError for other text."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not an accounting period such as P07 or 2025-26-P07")
    return found[1] or "", int(found[2])


def period_code(period: int) -> str:
    """`P07`"""
    return f"P{period:02}"


@lru_cache(maxsize=4096)
def when_code(when: When) -> str:
    """`2025-26-P07`"""
    return f"{when.year}-{period_code(when.period)}"


@lru_cache(maxsize=4096)
def of_month(month: str) -> When:
    """Where a month (2025-10) stands: its financial year, and 1 for April."""
    number = month_number(month)
    april = began(number, FINANCIAL)
    return When(year_code(april // 12), number - april + 1)


@lru_cache(maxsize=1024)
def month_of(when: When) -> str:
    """The month of a period; of P13, the year's last."""
    april = int(when.year[:4]) * 12 + FINANCIAL
    return month_code(april + min(when.period, 12) - 1)


def when_of(fields: Mapping[str, Any]) -> When | None:
    """Where a record stands, by its period, or the month of its date; None where it says neither.

    A period without a year takes the record's `year`, else the year of its `date`.
    """
    return _when(fields.get("period"), fields.get("year"), fields.get("date"))


@lru_cache(maxsize=16_384)
def _when(period: Any, year: Any, date: Any) -> When | None:
    if period:
        named, number = read_period(str(period))
        known = named or year or (of_month(str(date)[:7]).year if date else "")
        return When(str(known), number) if known else None
    return of_month(str(date)[:7]) if date else None


def reporting_period(year: str, today: str) -> int:
    """The newest period of a year that was over on a day (ISO date): 13 for a year that is over, 1
    for one whose first month is not over yet."""
    now = of_month(today[:7])
    if year < now.year:
        return PERIODS
    return max(1, now.period - 1) if year == now.year else 1


def spread(amount: int, shares: list[int]) -> list[int]:
    """An amount of pence by weights; to the penny, what is left over falls to the later ones.

    Each running total is rounded down (towards nought), so that the parts add up to the amount.
    """
    whole, sign = sum(shares), -1 if amount < 0 else 1
    parts, told, weight = [], 0, 0
    for share in shares:
        weight += share
        upto = abs(amount) * weight // whole if whole else 0
        parts.append(sign * (upto - told))
        told = upto
    return parts
