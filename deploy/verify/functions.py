"""The functions of the expression language, as plain as they can be written.

Rule: none of them is ever given a blank; numbers are exact fractions, dates are ISO texts.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from deploy.verify import dates
from deploy.verify.numbers import rounded

Closures = frozenset[date]


class Moment(str):
    """A date, or a date with its time, as ISO text: what sets it apart from any other text."""

    __slots__ = ()


class NotCalculable(ArithmeticError):
    """There is no number."""


class NothingToDivideBy(NotCalculable):
    """There is no number because the denominator is nought."""


class NotInTheLanguage(ValueError):
    """The expression uses something that the language does not have."""


def divide(dividend: Fraction, divisor: Fraction) -> Fraction:
    """An exact quotient."""
    if divisor == 0:
        raise NothingToDivideBy
    return dividend / divisor


def band(number: Fraction, *limits: Fraction) -> str:
    """The name of the band between two limits that a number lies in."""
    whole, ends = floor(number), [int(limit) for limit in limits]
    if whole < ends[0]:
        return f"Under {ends[0]}"
    for least, beyond in pairwise(ends):
        if whole < beyond:
            return str(least) if beyond == least + 1 else f"{least} to {beyond - 1}"
    return f"{ends[-1]} and over"


def hour(moment: str) -> Fraction:
    """The hour that a clock on the wall shows."""
    if len(moment) <= 10:
        raise NotInTheLanguage("hour needs a time")
    return Fraction(int(moment[11:13]))


def weekday(day: str) -> Fraction:
    """1 for Monday to 7 for Sunday."""
    return Fraction(date.fromisoformat(day[:10]).isoweekday())


def year_begun(day: str, first_month: int) -> Fraction:
    """The calendar year in which the year that starts with a month began."""
    return Fraction(int(day[:4]) - (1 if int(day[5:7]) < first_month else 0))


def _moved(by: Callable[..., Any]) -> Callable[..., Moment]:
    def move(*given: Any) -> Moment:
        try:
            return Moment(by(*given).isoformat())
        except dates.OffTheCalendar as off:
            raise NotCalculable(str(off)) from off

    return move


# Functions that are blank as soon as one of their arguments is.
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "days": lambda a, b: Fraction(dates.days_between(a, b)),
    "months": lambda a, b: Fraction(dates.months_between(a, b)),
    "hours": dates.hours_between,
    "age": lambda born, on: Fraction(dates.age(born, on)),
    "add_days": _moved(dates.add_days),
    "add_months": _moved(dates.add_months),
    "month": lambda a: Fraction(int(a[5:7])),
    "year": lambda a: Fraction(int(a[:4])),
    "weekday": weekday,
    "hour": hour,
    "financial_year": lambda day: year_begun(day, 4),
    "academic_year": lambda day: year_begun(day, 9),
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "abs": lambda a: abs(a),
    "round": lambda a, places=Fraction(0): Fraction(rounded(a, int(places))),
    "percent": lambda a, b: divide(100 * a, b),
    "rate": lambda a, b, per: divide(per * a, b),
    "band": band,
    "contains": lambda text, part: part in text,
    "starts_with": lambda text, part: text.startswith(part),
    "lower": lambda text: text.lower(),
}

# Those that need the council's closure days as well.
OF_WORKING_DAYS: dict[str, Callable[..., Any]] = {
    "working_days": lambda a, b, closures: Fraction(dates.working_days_between(a, b, closures)),
    "add_working_days": _moved(dates.add_working_days),
}

# Beside a date, a date with its time counts as its day; only for these does the time matter.
OF_TIMES = ("hours", "hour")
