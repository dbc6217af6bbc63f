"""Days and working days between dates.

Rule: a working day is a Monday to Friday that is neither a bank holiday in England nor a closure
day of the council. Days are counted after the first date up to and including the second, and are
negative when the second is the earlier. Bank holidays are those that GOV.UK has published (from
2012 on, and some two years ahead: keep the package current); elsewhere only weekends count as
days off.

Both are a subtraction of two numbers looked up by the date's text, so they cost next to nothing
in the counting of records. The tables hold dates from 1900 to 2199 and no others.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from importlib.resources import files


class _Ordinals(dict[str, int]):
    """The running number of a day, by its ISO text."""

    def __missing__(self, text: str) -> int:
        day = date.fromisoformat(text)
        if not 1900 <= day.year <= 2199 or day.isoformat() != text:
            raise ValueError(f"{text!r} is not a date from 1900 to 2199")
        self[text] = number = day.toordinal()
        return number


ORDINALS = _Ordinals()


class WorkingDays(dict[str, int]):
    """How many working days there were up to and including a day, by its ISO text."""

    def __init__(self, closure_days: Iterable[str] = ()) -> None:
        super().__init__()
        days_off = {ORDINALS[text] for text in (*bank_holidays(), *closure_days)}
        self._days_off = sorted(day for day in days_off if (day - 1) % 7 < 5)

    def __missing__(self, text: str) -> int:
        self[text] = found = self._up_to(ORDINALS[text])
        return found

    def _up_to(self, number: int) -> int:
        # Day 1 of the calendar (1 January of year 1) is a Monday.
        weeks, rest = divmod(number, 7)
        return weeks * 5 + min(rest, 5) - bisect_right(self._days_off, number)

    def after(self, text: str, number: int) -> int:
        """The running number of the n-th working day after a date, or before it."""
        start = ORDINALS[text]
        before = self._up_to(start - 1)
        wanted = self._up_to(start) + number if number > 0 else before + 1 + number
        days = range(start + 2 * min(number, 0) - 400, start + 2 * max(number, 0) + 400)
        return days[bisect_left(days, wanted, key=self._up_to)]


@lru_cache(maxsize=1)
def bank_holidays() -> tuple[str, ...]:
    """The bank holidays of England, as GOV.UK published them."""
    text = files("govuk_bank_holidays").joinpath("bank-holidays.json").read_text("utf-8")
    return tuple(each["date"] for each in json.loads(text)["england-and-wales"]["events"])


@lru_cache(maxsize=16)
def _calendar(closure_days: frozenset[str]) -> WorkingDays:
    return WorkingDays(closure_days)


def working_days_table(closure_days: Iterable[str] = ()) -> WorkingDays:
    """The table for a council's closure days, shared by all expressions that use it."""
    return _calendar(frozenset(closure_days))
