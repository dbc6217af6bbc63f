"""The functions of the expression language, as plain as they can be written.

Rule: none of them is ever given a blank; numbers are exact fractions, dates are ISO texts.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any

from deploy.verify import dates, periods
from deploy.verify.numbers import rounded

Closures = frozenset[date]
MONTHS = [f"{number:02}" for number in range(1, 13)]


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


def labelled_end(label: str) -> str:
    """The last day of the period that ends a label, worked out word by word."""
    words = label.replace("–", "-").split()
    if len(words) == 3 and words[1].lower() in ("-", "to"):
        words[2] = _of_a_century(words[0], words[2])
    while any(sign in words[:-1] for sign in ("-", "to", "TO", "To")):
        words = words[1:]
    found = _last_month(words)
    if found is not None:
        return dates.last_day(found).isoformat()
    first, slash, length = (words[0] if len(words) == 1 else "").partition("/P")
    try:
        begun = periods.parse(first)
        if not slash:
            return begun.end.isoformat()
        if begun.kind == "day" and length[:-1].isdigit() and len(length) in (2, 3, 4):
            months = Fraction(int(length[:-1]) * {"M": 1, "Y": 12}[length[-1]])
            return (dates.add_months(first, months) - dates.DAY).isoformat()
    except (ValueError, KeyError, ArithmeticError):
        pass
    raise NotCalculable(f"{label!r} names no period")


def accounting_month(period: str) -> Moment | None:
    """The first day of the month that an accounting period is of, counted from April."""
    *year, number = period.split("-")
    if number not in [f"P{n:02}" for n in range(1, 14)]:
        raise NotCalculable(f"{period!r} is no accounting period")
    if not year:
        return None
    began = year[0] if len(year) == 2 and year[0].isascii() and year[0].isdigit() else ""
    ends = [str(int(began) + 1), str(int(began) + 1)[2:]] if len(began) == 4 else []
    if year[-1] not in ends or not 1900 <= int(began) <= 2198:
        raise NotCalculable(f"{period!r} is in no year")
    months = [date(int(began), month, 1) for month in range(4, 13)]
    months += [date(int(began) + 1, month, 1) for month in (1, 2, 3, 3)]
    return Moment(months[int(number[1:]) - 1].isoformat())


def _of_a_century(first: str, last: str) -> str:
    """The year that ends a range, written in full: of 03 after 2001, 2003."""
    numbers = [first.replace("/", "", 1), last.replace("/", "", 1)]
    if not all(each.isascii() and each.isdigit() for each in numbers):
        return last
    if first[4:5] not in ("", "/") or len(first) not in (4, 7, 9) or len(last) not in (2, 5):
        return last
    if "/" in first[:4] or "/" in last[:2] or last[2:3] not in ("", "/"):
        return last
    years = range(int(first[:4]), int(first[:4]) + 100)
    return next(f"{year:04}{last[2:]}" for year in years if f"{year:04}"[-2:] == last[:2])


def _last_month(words: list[str]) -> int | None:
    """The last month of a period, as a number, from the words of its label."""
    quarter = next((int(w[1]) for w in words if len(w) == 2 and w[0] in "Qq" and w[1] in "1234"), 0)
    words = [word for word in words if not (quarter and word.upper() == f"Q{quarter}")]
    if len(words) == 2 or (len(words) == 1 and words[0][:1].isalpha()):
        name, _, year = "-".join(words).rpartition("-")
        names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
        if quarter or not year.isdigit() or name[:3].lower() not in names:
            return None
        return (int(year) + (2000 if len(year) == 2 else 0)) * 12 + names.index(name[:3].lower())
    text = words[0] if len(words) == 1 else ""
    first, sign, second = text[:4], text[4:5], text[5:]
    if not (first.isdigit() and len(first) == 4):
        return None
    if not text[4:]:
        return None if quarter else int(first) * 12 + 11
    if sign == "-" and second in MONTHS and not quarter:
        return int(first) * 12 + int(second) - 1
    if sign not in "/-" or not second.isdigit():
        return None
    if int(second) not in (int(first) + 1, (int(first) + 1) % 100):
        return None
    return int(first) * 12 + 2 + 3 * (quarter or 4)


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
    "period_end": lambda label: Moment(labelled_end(label)),
    "month_of": accounting_month,
    "lower": lambda text: text.lower(),
}

# Those that need the council's closure days as well.
OF_WORKING_DAYS: dict[str, Callable[..., Any]] = {
    "working_days": lambda a, b, closures: Fraction(dates.working_days_between(a, b, closures)),
    "add_working_days": _moved(dates.add_working_days),
}

# Beside a date, a date with its time counts as its day; only for these does the time matter.
OF_TIMES = ("hours", "hour")
