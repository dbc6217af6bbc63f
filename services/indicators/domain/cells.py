"""Cells: what a measure came to in a month, for all records and for each member of a breakdown.

Rule: a change takes back exactly what the record's old version added, and adds what the new one
does. Whatever the order of changes, the cells are those of the newest records.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from shared.catalogue.arithmetic import spelled
from shared.catalogue.breakdowns import ALL, AND, breakdown_of, parts_of
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.periods import year_of
from shared.contracts.states import Breakdown, Cell, MeasureYear
from shared.contracts.subjects import measure_year
from shared.delivery.change import Cause

# Financial year -> month -> cell.
Years = dict[str, dict[str, Cell]]

NO_YEARS: Years = {}

Fields = Mapping[str, Any]
# (measure, member): one series of cells.
Series = tuple[str, str]
# Month or day -> [how many records more, how much more], or how often more each value came.
Delta = dict[str, Any]


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
            add = self._add_values if measure.spread else self._add
            if before is not None and (old := measure.contributions(before)):
                for member in measure.members(before):
                    add((code, member), old, -1, cause)
            if after is not None and (new := measure.contributions(after)):
                for member in measure.members(after):
                    add((code, member), new, 1, cause)

    def count(self, measures: Iterable[CompiledMeasure], fields: Fields, cause: Cause) -> None:
        """Adds one record that was not counted before."""
        for measure in measures:
            if found := measure.contributions(fields):
                code = measure.measure.code
                add = self._add_values if measure.spread else self._add
                for member in measure.members(fields):
                    add((code, member), found, 1, cause)

    def _add(
        self, series: Series, contributions: Iterable[tuple[str, int, Any]], sign: int, cause: Cause
    ) -> None:
        delta = self.by_series.get(series)
        if delta is None:
            delta = self.by_series[series] = {}
        for bucket, count, amount in contributions:
            cell = delta.get(bucket)
            if cell is None:
                delta[bucket] = [sign * count, sign * amount]
            else:
                cell[0] += sign * count
                cell[1] += sign * amount
        self.causes[series] = cause

    def _add_values(
        self, series: Series, contributions: Iterable[tuple[str, int, Any]], sign: int, cause: Cause
    ) -> None:
        delta = self.by_series.setdefault(series, {})
        for bucket, _, value in contributions:
            values = delta.setdefault(bucket, {})
            values[value] = values.get(value, 0) + sign
        self.causes[series] = cause

    def settle(self) -> None:
        """Drops what came to nothing: +1 and -1 in the same month change no cell."""
        for series in list(self.by_series):
            delta = self.by_series[series]
            for bucket, change in list(delta.items()):
                if isinstance(change, dict):
                    for value in [v for v, times in change.items() if not times]:
                        del change[value]
                    if not change:
                        del delta[bucket]
                elif not change[0] and not change[1]:
                    del delta[bucket]
            if not delta:
                del self.by_series[series]
                del self.causes[series]


class Cells:
    """The cells that a batch works on: for each series, its financial years, and their months."""

    def __init__(self) -> None:
        self._series: dict[Series, Years] = {}
        # Measures of which every cell is here: what the store still says of them is old.
        self.whole: set[str] = set()

    def load(self, state: MeasureYear, member: str) -> None:
        """Takes in the cells of one stated year, unless it is known already."""
        years = self._series.setdefault((state.measure, member), {})
        years.setdefault(state.year, state.cells)

    def add(self, series: Series, delta: Delta) -> None:
        """Adds a delta; cells that are empty then are gone."""
        years = self._series.setdefault(series, {})
        for bucket, change in delta.items():
            month = bucket[:7]
            cells = years.setdefault(year_of(month), {})
            old = cells.get(month)
            cell = _merged(old, change)
            if len(bucket) > 7:
                days = {} if old is None else old.days
                day = _merged(days.get(bucket[8:]), change)
                if day is None:
                    days.pop(bucket[8:], None)
                else:
                    days[bucket[8:]] = day
                if days:
                    cell = cell or Cell()
                    cell.days = days
            if cell is None:
                cells.pop(month, None)
            else:
                cells[month] = cell

    def of(self, series: Series) -> Years:
        """The cells of a series."""
        return self._series.get(series, NO_YEARS)

    def known(self, series: Series, year: str) -> bool:
        """Whether a year's cells were met, be it that there are none."""
        return series[0] in self.whole or year in self._series.get(series, NO_YEARS)

    def nothing(self, series: Series, year: str) -> None:
        """There is no such year: no need to look for it again."""
        self._series.setdefault(series, {}).setdefault(year, {})

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
        in_order = {month: _ordered(cells[month]) for month in sorted(cells)}
        return MeasureYear(measure, breakdown(member), year, in_order)


def _merged(old: Cell | None, change: Any) -> Cell | None:
    """A cell with a change added; None where nothing is left."""
    if isinstance(change, dict):
        values = {} if old is None else old.values
        for value, times in change.items():
            left = values.get(value, 0) + times
            if left:
                values[value] = left
            else:
                values.pop(value, None)
        return Cell(sum(values.values()), values=values) if values else None
    count, amount = change
    if old is not None:
        count += old.count
        if old.sum:
            amount += Decimal(old.sum)
    return Cell(count, spelled(amount) if amount else "") if count or amount else None


def _ordered(cell: Cell) -> Cell:
    """The same cell with its values and days in order: one state, one spelling."""
    if cell.values:
        cell.values = dict(sorted(cell.values.items()))
    if cell.days:
        cell.days = {day: _ordered(cell.days[day]) for day in sorted(cell.days)}
    return cell


@lru_cache(maxsize=65_536)
def breakdown(member: str) -> Breakdown | None:
    """The breakdown that a member text stands for."""
    if member == ALL:
        return None
    parts = dict(parts_of(member))
    crossed = parts if len(parts) > 1 else {}
    return Breakdown(breakdown_of(member), AND.join(parts.values()), crossed)


def year_subject(series: Series, year: str) -> str:
    """The subject of a series' year."""
    return measure_year(*series, year)
