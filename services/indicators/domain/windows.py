"""Windows: which periods a change of base cells moves, and what cells a period is made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from shared.catalogue.periods import Period, months_of, parse_period, periods_containing

YEAR_TO_DATE = "year-to-date"


class Span(NamedTuple):
    """The first and the last month in which something happened."""

    first: str
    last: str

    def widened(self, months: Iterable[str]) -> "Span":
        """The span that also takes in `months`."""
        listed = [self.first, self.last, *months]
        return Span(min(listed), max(listed))


@lru_cache(maxsize=8192)
def last_month(period: Period) -> str:
    """The month in which a period ends."""
    return f"{period.end.year:04}-{period.end.month:02}"


def flow_periods(months: Iterable[str], kinds: Sequence[str], horizon: str) -> Iterator[Period]:
    """The periods that cells of these months are part of. A year to date exists up to the last
    month in which anything happened, not to the end of a year that has barely begun."""
    for month in months:
        for period in periods_containing(month, kinds):
            if period.kind != YEAR_TO_DATE or last_month(period) <= horizon:
                yield period


def stock_periods(
    delta: Mapping[str, Sequence[Decimal | int]], kinds: Sequence[str], horizon: str
) -> Iterator[Period]:
    """The periods at whose end the stock is another than before: those from a change on, until
    later changes of the same batch have made up for it."""
    months = sorted(delta)
    moved = 0
    for number, month in enumerate(months):
        came, left = delta[month]
        moved += int(came) - int(left)
        if moved:
            until = months[number + 1] if number + 1 < len(months) else None
            yield from stock_from(month, kinds, horizon, until)


def stock_from(
    month: str, kinds: Sequence[str], horizon: str, until: str | None = None
) -> Iterator[Period]:
    """The periods that end in or after `month` (before `until`), up to that of the horizon.

    A period that reaches past `until` sees what happened then, and is left to that change.
    """
    for each in months_between(month, horizon):
        if until is not None and each >= until:
            return
        for period in periods_containing(each, kinds):
            last = last_month(period)
            if period.kind == YEAR_TO_DATE and last != each:
                continue
            if until is None or last < until:
                yield period


@lru_cache(maxsize=4096)
def months_between(first: str, last: str) -> tuple[str, ...]:
    """Every month from `first` to `last`; at least `first`."""
    return months_of(_stretch(first, max(first, last)))


def _stretch(first: str, last: str) -> Period:
    return Period("", "", parse_period(first).start, parse_period(last).end)


@lru_cache(maxsize=8192)
def months(period: Period) -> tuple[str, ...]:
    """The months whose cells a flow adds up over a period."""
    return months_of(period)
