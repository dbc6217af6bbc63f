"""Cells: what a measure came to in a month, for all records and for each member of a breakdown.

Rule: a change takes back exactly what the record's old version added, and adds what the new one
does. Whatever the order of changes, the cells are those of the newest records.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.periods import year_of
from shared.contracts.states import Breakdown, Cell, MeasureYear
from shared.contracts.subjects import measure_year, split_member
from shared.delivery.change import Cause

ALL = "all"

# Financial year -> month -> cell.
Years = dict[str, dict[str, Cell]]

NO_CELLS: dict[str, Cell] = {}
NO_YEARS: Years = {}

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
        if before is None or after is None:
            moved = None
        else:
            # Most changes touch a field or two: measures that look at none of them do not move.
            moved = {name for name, value in after.items() if before.get(name) != value}
            moved.update(before.keys() - after.keys())
        for measure in measures:
            if moved is not None and measure.uses.isdisjoint(moved):
                continue
            code = measure.measure.code
            if before is not None and (old := measure.contributions(before)):
                for member in measure.members(before):
                    self._add((code, member), old, -1, cause)
            if after is not None and (new := measure.contributions(after)):
                for member in measure.members(after):
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
    """The cells that a batch works on: for each series, its financial years, and their months."""

    def __init__(self) -> None:
        self._series: dict[Series, Years] = {}

    def load(self, state: MeasureYear, member: str) -> None:
        """Takes in the cells of one stated year."""
        self._series.setdefault((state.measure, member), {})[state.year] = state.cells

    def add(self, series: Series, delta: Delta) -> None:
        """Adds a delta; cells that are empty then are gone."""
        years = self._series.setdefault(series, {})
        for month, (count, amount) in delta.items():
            cells = years.setdefault(year_of(month), {})
            old = cells.get(month)
            if old is not None:
                count += old.count
                if old.sum:
                    amount += Decimal(old.sum)
            if count or amount:
                cells[month] = Cell(count, plain(amount) if amount else "")
            else:
                cells.pop(month, None)

    def of(self, series: Series) -> Years:
        """The cells of a series."""
        return self._series.get(series, NO_YEARS)

    def months(self, series: Series) -> list[str]:
        """Every month in which a series has a cell."""
        return [month for cells in self.of(series).values() for month in cells]

    def series(self) -> list[Series]:
        """Every series that has been met."""
        return list(self._series)

    def years(self) -> Iterator[tuple[Series, str]]:
        """Every (series, financial year) that has a cell."""
        for series, years in self._series.items():
            for year, cells in years.items():
                if cells:
                    yield series, year

    def state(self, series: Series, year: str) -> MeasureYear | None:
        """The cells of one financial year as they are published; None when there are none."""
        cells = self.of(series).get(year)
        if not cells:
            return None
        measure, member = series
        return MeasureYear(measure, breakdown_of(member), year, dict(sorted(cells.items())))


@lru_cache(maxsize=65_536)
def breakdown_of(member: str) -> Breakdown | None:
    """The breakdown that a member text stands for."""
    return None if member == ALL else Breakdown(*split_member(member))


def year_subject(series: Series, year: str) -> str:
    """The subject of a series' year."""
    return measure_year(*series, year)


def plain(number: Decimal | int) -> str:
    """An exact number in one spelling, whatever it was added up from: no exponent, no zeros."""
    text = f"{number:f}" if isinstance(number, Decimal) else str(number)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
