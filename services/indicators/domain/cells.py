"""Cells: what a measure came to in a month, for all records and for each member of a breakdown.

Rule: a change takes back exactly what the record's old version added, and adds what the new one
does. Whatever the order of changes, the cells are those of the newest records.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.periods import year_of
from shared.contracts.states import Breakdown, Cell, MeasureYear
from shared.contracts.subjects import measure_year, split_member
from shared.delivery.change import Cause

ALL = "all"

Fields = Mapping[str, Any]
# (measure, member): one series of cells.
Series = tuple[str, str]
# Month -> [how many records more, how much more].
Delta = dict[str, list[Any]]


class Deltas:
    """What a batch of changes adds to and takes from each series."""

    def __init__(self) -> None:
        self.by_series: dict[Series, Delta] = {}
        self.causes: dict[Series, Cause] = {}

    def change(
        self,
        measures: Iterable[CompiledMeasure],
        before: Fields | None,
        after: Fields | None,
        cause: Cause,
    ) -> None:
        """Adds the effect of one record's move from `before` to `after`."""
        for measure in measures:
            old = measure.contributions(before) if before is not None else ()
            new = measure.contributions(after) if after is not None else ()
            if not old and not new:
                continue
            old_members = measure.members(before) if old and before is not None else ()
            new_members = measure.members(after) if new and after is not None else ()
            if old == new and old_members == new_members:
                continue
            code = measure.measure.code
            for member in old_members:
                self._add((code, member), old, -1, cause)
            for member in new_members:
                self._add((code, member), new, 1, cause)

    def _add(
        self, series: Series, contributions: Iterable[tuple[str, int, Any]], sign: int, cause: Cause
    ) -> None:
        delta = self.by_series.get(series)
        if delta is None:
            delta = self.by_series[series] = {}
        for month, count, amount in contributions:
            cell = delta.get(month)
            if cell is None:
                delta[month] = [sign * count, sign * amount]
            else:
                cell[0] += sign * count
                cell[1] += sign * amount
        self.causes[series] = cause

    def settle(self) -> None:
        """Drops what came to nothing: +1 and -1 in the same month change no cell."""
        for series in list(self.by_series):
            delta = self.by_series[series]
            for month in [m for m, (count, amount) in delta.items() if not count and not amount]:
                del delta[month]
            if not delta:
                del self.by_series[series]
                del self.causes[series]


class Cells:
    """The cells that a batch works on, by series: month -> (count, exact sum)."""

    def __init__(self) -> None:
        self._series: dict[Series, dict[str, tuple[int, Decimal]]] = {}

    def load(self, state: MeasureYear, member: str) -> None:
        """Takes in the cells of one stated year."""
        series = self._series.setdefault((state.measure, member), {})
        for month, cell in state.cells.items():
            series[month] = (cell.count, Decimal(cell.sum) if cell.sum else Decimal(0))

    def add(self, series: Series, delta: Delta) -> None:
        """Adds a delta; cells that are empty then are gone."""
        cells = self._series.setdefault(series, {})
        for month, (count, amount) in delta.items():
            old = cells.get(month)
            if old is not None:
                count, amount = count + old[0], amount + old[1]
            if count or amount:
                cells[month] = (count, Decimal(amount))
            else:
                cells.pop(month, None)

    def of(self, series: Series) -> dict[str, tuple[int, Decimal]]:
        """The cells of a series by month."""
        return self._series.get(series, {})

    def series(self) -> list[Series]:
        """Every series that has been met."""
        return list(self._series)

    def years(self) -> dict[Series, set[str]]:
        """The financial years in which each series has cells."""
        return {
            series: {year_of(month) for month in cells}
            for series, cells in self._series.items()
        }

    def state(self, series: Series, year: str, *, sums: bool) -> MeasureYear | None:
        """The cells of one financial year as they are published; None when there are none."""
        measure, member = series
        cells = {
            month: Cell(count, plain(total) if sums else "")
            for month, (count, total) in sorted(self.of(series).items())
            if year_of(month) == year
        }
        if not cells:
            return None
        breakdown = None if member == ALL else Breakdown(*split_member(member))
        return MeasureYear(measure, breakdown, year, cells)


def subject(series: Series, year: str) -> str:
    """The subject of a series' year."""
    return measure_year(*series, year)


def plain(number: Decimal) -> str:
    """An exact number in one spelling, whatever it was added up from: no exponent, no zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
