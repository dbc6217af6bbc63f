"""Windows: what a measure comes to over a period, from its cells.

Rule: a window is worked out from base cells, never from other windows: a quarter's median is that
of its records. A stock is what came in less what left, from the beginning of time.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from services.indicators.domain.cells import Years
from shared.catalogue.contributions import REASONS, SPREAD
from shared.catalogue.model import Measure
from shared.catalogue.periods import Period, last_day, month_code, month_number, year_of
from shared.catalogue.targets import percentile
from shared.contracts.states import Cell

number_of = lru_cache(maxsize=8192)(month_number)
_NOTHING = Decimal(0)
_COUNTS = ("count", "sum", "distinct", "open")


class Input(NamedTuple):
    """What a measure came to, from how many records, and why it is blank where it says so."""

    value: Decimal | int | None
    records: int
    reason: str | None = None


class Line:
    """A series of cells laid out in time, so that a window is a difference of two sums. What it
    came to over a period is kept: several indicators ask for the same."""

    __slots__ = ("_cells", "_counts", "_found", "_measure", "_months", "_sums", "_years")

    def __init__(self, measure: Measure, years: Years) -> None:
        self._measure = measure
        self._years = years
        self._found: dict[str, Input] = {}
        self._months: list[int] | None = None

    def _lay_out(self) -> list[int]:
        """Puts the cells in order of time; only where a window has more than one of them."""
        if self._months is not None:
            return self._months
        laid = sorted(
            (number_of(month), cell) for cells in self._years.values()
            for month, cell in cells.items()
        ) if len(self._years) > 1 else [
            (number_of(month), cells[month])
            for cells in self._years.values()
            for month in sorted(cells)
        ]
        self._months = [month for month, _ in laid]
        self._cells = [cell for _, cell in laid]
        self._counts = [0]
        self._sums: list[Decimal | int] = [0]
        if self._measure.aggregate not in SPREAD:
            for cell in self._cells:
                self._counts.append(self._counts[-1] + cell.count)
                self._sums.append(self._sums[-1] + _amount(cell.sum))
        return self._months

    def over(self, period: Period) -> Input:
        """What the measure came to over a period."""
        found = self._found.get(period.code)
        if found is None:
            found = self._found[period.code] = self._over(period)
        return found

    def _over(self, period: Period) -> Input:
        aggregate = self._measure.aggregate
        if aggregate == "open":
            return self._blank_if_empty(self._stock(period))
        if aggregate == "latest":
            return self._blank_if_empty(self._latest(period))
        if aggregate in SPREAD:
            return self._blank_if_empty(self._spread(period))
        count, total = self._added_up(period)
        if aggregate == "count":
            return self._blank_if_empty(Input(count, count))
        if aggregate == "sum":
            return self._blank_if_empty(Input(total, count))
        # The mean of nothing is no number, and so is whatever is made of it.
        return self._blank_if_empty(Input(Decimal(total) / count if count else None, count))

    def _blank_if_empty(self, found: Input) -> Input:
        if found.records or found.reason:
            return found
        empty = self._measure.empty or ("zero" if self._measure.aggregate in _COUNTS else "missing")
        return Input(0 if empty == "zero" else None, 0)

    def _between(self, first: int, last: int) -> tuple[int, int]:
        months = self._lay_out()
        return bisect_left(months, first), bisect_right(months, last)

    def _added_up(self, period: Period) -> tuple[int, Decimal | int]:
        if period.kind == "month":
            cells = self._years.get(year_of(period.code))
            one = None if cells is None else cells.get(period.code)
            return (one.count, _amount(one.sum)) if one is not None else (0, 0)
        if period.kind == "day":
            cell = self._day(period.start)
            return (cell.count, _amount(cell.sum)) if cell else (0, 0)
        start, end = self._between(period.first, period.last)
        return self._counts[end] - self._counts[start], self._sums[end] - self._sums[start]

    def _day(self, day: date) -> Cell | None:
        start, end = self._between(number := day.year * 12 + day.month - 1, number)
        return self._cells[start].days.get(f"{day.day:02}") if start < end else None

    def _stock(self, period: Period) -> Input:
        last = period.last - 1 if period.kind == "day" else period.last
        months = self._lay_out()
        end = bisect_right(months, last)
        stock = self._counts[end] - int(self._sums[end])
        if period.kind == "day" and end < len(months) and months[end] == period.last:
            until = f"{period.end.day:02}"
            for day, cell in self._cells[end].days.items():
                if day <= until:
                    stock += cell.count - int(_amount(cell.sum))
        return Input(stock, stock)

    def _values(self, period: Period) -> Counter[str]:
        if period.kind == "day":
            cell = self._day(period.start)
            return Counter(cell.values if cell else {})
        start, end = self._between(period.first, period.last)
        if end - start == 1:
            return Counter(self._cells[start].values)
        merged: Counter[str] = Counter()
        for cell in self._cells[start:end]:
            merged.update(cell.values)
        return merged

    def _spread(self, period: Period) -> Input:
        values = self._values(period)
        records = values.total()
        aggregate = self._measure.aggregate
        if aggregate == "distinct":
            return Input(len(values), records)
        if not values:
            return Input(None, 0)
        numbers = {Decimal(text): times for text, times in values.items()}
        if aggregate == "minimum":
            return Input(min(numbers), records)
        if aggregate == "maximum":
            return Input(max(numbers), records)
        percent = self._measure.percentile if aggregate == "percentile" else Decimal(50)
        return Input(_percentile(numbers, records, percent or Decimal(50)), records)

    def _latest(self, period: Period) -> Input:
        first = period.first - self._measure.carry_months
        from_, until = period.start.isoformat(), period.end.isoformat()
        if self._measure.carry_months:
            from_ = f"{month_code(first)}-{min(period.start.day, last_day(first).day):02}"
        start, end = self._between(first, period.last)
        for cell in reversed(self._cells[start:end]):
            days = {text[:10] for text in cell.values}
            newest = max((day for day in days if from_ <= day <= until), default=None)
            if newest is not None:
                return _of_day(cell, newest)
        return Input(None, 0)


def _of_day(cell: Cell, day: str) -> Input:
    """The sum of a day's values; blank, with the reason, where one of them is no number."""
    listed = [(text[11:], times) for text, times in cell.values.items() if text[:10] == day]
    records = sum(times for _, times in listed)
    reasons = {text[1:] for text, _ in listed if text.startswith("~")}
    if reasons:
        return Input(None, records, first_reason(reasons))
    return Input(sum((Decimal(text) * times for text, times in listed), _NOTHING), records)


def first_reason(reasons: Iterable[str]) -> str:
    """Of several reasons for no number, the one that is given."""
    found = set(reasons)
    return next((reason for reason in REASONS if reason in found), "missing")


def _percentile(numbers: dict[Decimal, int], records: int, percent: Decimal) -> Decimal:
    place = (records - 1) * percent / 100
    below = int(place)
    low, high = _nth(numbers, below), _nth(numbers, min(below + 1, records - 1))
    return percentile([low, high], (place - below) * 100)


def _nth(numbers: dict[Decimal, int], place: int) -> Decimal:
    for number in sorted(numbers):
        place -= numbers[number]
        if place < 0:
            return number
    raise IndexError(place)


def _amount(text: str) -> Decimal | int:
    """A cell's sum; whole numbers as integers, which are quicker to add."""
    if not text:
        return 0
    return Decimal(text) if "." in text else int(text)


def has_records(years: Years, codes: Iterable[str]) -> bool:
    """Whether a series has a cell in any of these financial years."""
    return any(years.get(code) for code in codes)


def began_by(years: Years, last: int) -> bool:
    """Whether a series has a cell in month number `last` or before."""
    return any(number_of(month) <= last for cells in years.values() for month in cells)


