"""What the service areas make their records with: dates that fall at random, and weighted choices.

Rule: all chance comes from the generator that a caller hands in, so that a seed decides everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, NamedTuple

MONTHS = 36

Fields = dict[str, Any]


class Record(NamedTuple):
    """A record of a dataset, with real values: dates, moments, decimals, None where blank."""

    dataset: str
    fields: Fields


class Manner(NamedTuple):
    """How a source system writes a date, a date with a time, and a value it does not know; and
    whether it writes an accounting period as 202507."""

    day: str = "%Y-%m-%d"
    moment: str = "%d/%m/%Y %I:%M:%S %p"
    unknown: str = ""
    joined_periods: bool = False


Manners = Mapping[str, Manner]


def pick(rng: Random, weighted: Sequence[tuple[Any, ...]]) -> Any:
    """One of the first elements, by the weights in the second."""
    return rng.choices([row[0] for row in weighted], [row[1] for row in weighted])[0]


def months_to(end: date, count: int = MONTHS) -> list[date]:
    """The first days of so many months, the last being the month of `end`."""
    last = end.year * 12 + end.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(last - count + 1, last + 1)]


def last_day(first: date) -> date:
    """The last day of the month that begins on this day."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def quarters_to(end: date, count: int = 12) -> list[date]:
    """The last days of so many quarters that were over by `end`, oldest first."""
    ended = [day for day in map(last_day, months_to(end, 3 * count + 3)) if day.month % 3 == 0]
    return [day for day in ended if day <= end][-count:]


def years_to(end: date, month: int, day: int, count: int) -> list[date]:
    """This day of the year in each of the newest so many years in which it was over by `end`."""
    newest = end.year if date(end.year, month, day) <= end else end.year - 1
    return [date(year, month, day) for year in range(newest - count + 1, newest + 1)]


def days_in(rng: Random, first: date, end: date, expected: float) -> Iterator[date]:
    """Days of a month in order, about as many as expected and none after the end."""
    length = last_day(first).day
    count = max(0, round(rng.gauss(expected, expected**0.5)))
    days = sorted(first + timedelta(days=rng.randrange(length)) for _ in range(count))
    yield from (day for day in days if day <= end)


def exact(number: float, places: int = 0) -> Decimal:
    """The number with so many decimal places, as a decimal."""
    return Decimal(round(number * 10**places)).scaleb(-places)


def by(end: date, day: date) -> date | None:
    """The day, if it has come by the end."""
    return day if day <= end else None


def after(rng: Random, day: date, least: int, middle: float) -> date:
    """Some days later: at least so many, and about half the time more than `middle`."""
    return day + timedelta(days=least + round((middle - least) * rng.lognormvariate(0, 0.6)))


def between(start: float, finish: float, index: int, count: int) -> float:
    """Where something stands on its way from start to finish at this step of so many."""
    return start + (finish - start) * index / max(1, count - 1)
