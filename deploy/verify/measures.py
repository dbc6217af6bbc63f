"""Measures, worked out again from the records: what each comes to over any window of days.

Rule: a window is counted from the records dated in it, every time, never from another figure. The
records are only put in order once: by member, month and day.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from deploy.verify.aggregates import AGGREGATES, EMPTY_IS_ZERO, percentile
from deploy.verify.dates import (
    DAY,
    FIRST_YEAR,
    LAST_YEAR,
    add_months,
    month_of,
    on_the_calendar,
)
from deploy.verify.expressions import Around, NotCalculable, Value, evaluate
from deploy.verify.fields import ALL, Dataset, Fields, text_of
from deploy.verify.numbers import TOO_LARGE, to_nano
from deploy.verify.periods import Period, year_start
from deploy.verify.source import Json

BEGINNING = date(FIRST_YEAR, 1, 1)
# The reasons that a record may give for having no value, the weightiest first.
REASONS = ("suppressed", "not applicable", "not due", "missing")


class Input(NamedTuple):
    """What a measure came to, from how many records, by which version of its definition; and why
    there is no value, where the records say so."""

    value: Fraction | None
    records: int
    definition: int = 0
    reason: str | None = None


class Entry(NamedTuple):
    """One record that takes part: its day, and its amount in thousand-millionths, its text, or the
    reason why it has neither."""

    day: date
    amount: int | None = None
    text: str | None = None
    reason: str | None = None


class Figures:
    """One measure over all the records of its dataset."""

    def __init__(self, measure: Json, version: int = 0) -> None:
        self._measure = measure
        self._version = version
        self.aggregate: str = measure["aggregate"]
        self._months: dict[str, dict[int, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        self._years: dict[str, set[int]] = defaultdict(set)
        self._opened: dict[str, list[date]] = defaultdict(list)
        self._closed: dict[str, list[date]] = defaultdict(list)
        self._known: dict[tuple[str, date, date], Input] = {}

    def take_in(self, fields: Fields, cuts: Sequence[Sequence[str]], around: Around) -> None:
        """Takes one record in, if it counts, for all records and for its members."""
        try:
            where = self._measure.get("where")
            if where is not None and evaluate(where, fields, around) is not True:
                return
            found = self._entry(fields, around)
        except NotCalculable:
            return
        if found is None:
            return
        for member in (ALL, *(fields.member(cut) for cut in cuts)):
            if self.aggregate == "open":
                self._opened[member].append(found.day)
                closed = _day(fields[self._measure["closed"]])
                if closed is not None and closed.year <= LAST_YEAR:
                    # One closed before it was opened was never open.
                    self._closed[member].append(max(found.day, closed))
            else:
                month = month_of(found.day)
                self._months[member][month].append(found)
                self._years[member].add(year_start(month))

    def settle(self) -> None:
        """Sorts what was opened and closed, so that counting up to a day is a search."""
        for days in (*self._opened.values(), *self._closed.values()):
            days.sort()

    def _entry(self, fields: Fields, around: Around) -> Entry | None:
        stock = self.aggregate == "open"
        day = _day(fields[self._measure["opened" if stock else "date"]])
        if day is None or not on_the_calendar(day.isoformat()):
            return None
        if stock:
            fields[self._measure["closed"]]  # one that does not fit leaves the record out
            return Entry(day)
        if self.aggregate == "count":
            return Entry(day)
        value = evaluate(self._measure["of"], fields, around)
        if isinstance(value, Fraction):
            if abs(value) >= TOO_LARGE:
                return None
            return Entry(day, to_nano(value), text_of(value))
        if value is not None:
            return Entry(day, None, text_of(value))
        return self._without_value(day, fields)

    def _without_value(self, day: date, fields: Fields) -> Entry | None:
        name = self._measure.get("reason")
        said = None if self.aggregate != "latest" or name is None else fields.or_blank(name)
        if not said:
            return None
        return Entry(day, reason=said if said in REASONS else "missing")  # type: ignore[arg-type]

    def members(self) -> set[str]:
        """Every member that has a record."""
        return {*self._months, *self._opened}

    def first_month(self) -> int | None:
        """The first month that has a record; None where there is none at all."""
        months = [*self._months.get(ALL, ()), *map(month_of, self._opened.get(ALL, ())[:1])]
        return min(months, default=None)

    def has_something(self, member: str, period: Period) -> bool:
        """Whether there is anything to give a figure of: of a stock, a record opened in or before
        the period's last month; of anything else, a record in a financial year that it touches."""
        if self.aggregate == "open":
            opened = self._opened.get(member)
            return bool(opened) and month_of(opened[0]) <= period.last  # type: ignore[index]
        years = self._years.get(member)
        return years is not None and any(
            april in years for april in range(year_start(period.first), period.last + 1, 12)
        )

    def over(self, member: str, start: date, end: date) -> Input:
        """The measure over a window of days, both included."""
        key = (member, start, end)
        if key not in self._known:
            self._known[key] = self._counted(member, start, end)._replace(definition=self._version)
        return self._known[key]

    def _counted(self, member: str, start: date, end: date) -> Input:
        if self.aggregate == "open":
            opened = bisect_right(self._opened.get(member, ()), end)
            stock = opened - bisect_right(self._closed.get(member, ()), end)
            return Input(Fraction(stock), stock) if stock else self._nothing()
        entries = list(self._within(member, start, end))
        if self.aggregate == "latest":
            return self._latest(entries or list(self._carried(member, start)))
        if not entries:
            return self._nothing()
        if self.aggregate == "percentile":
            amounts = [entry.amount for entry in entries if entry.amount is not None]
            value = percentile(amounts, Fraction(str(self._measure["percentile"])))
        else:
            value = AGGREGATES[self.aggregate](entries)
        return Input(value, len(entries))

    def _within(self, member: str, start: date, end: date) -> Iterator[Entry]:
        months = self._months.get(member, {})
        for month in range(month_of(start), month_of(end) + 1):
            for entry in months.get(month, ()):
                if start <= entry.day <= end:
                    yield entry

    def _carried(self, member: str, start: date) -> Iterable[Entry]:
        months = int(self._measure.get("carry_months") or 0)
        if not months:
            return ()
        if month_of(start) - months < month_of(BEGINNING):
            return self._within(member, BEGINNING, start - DAY)
        first = add_months(start.isoformat(), Fraction(-months))
        return self._within(member, first, start - DAY)

    def _latest(self, entries: list[Entry]) -> Input:
        if not entries:
            return self._nothing()
        newest = max(entry.day for entry in entries)
        said = [entry for entry in entries if entry.day == newest]
        reasons = [entry.reason for entry in said if entry.amount is None]
        if reasons:
            return Input(None, len(said), reason=min(reasons, key=_weight))
        return Input(AGGREGATES["sum"](said), len(said))

    def _nothing(self) -> Input:
        default = "zero" if self.aggregate in EMPTY_IS_ZERO else "missing"
        zero = (self._measure.get("empty") or default) == "zero"
        return Input(Fraction(0) if zero else None, 0)


def _weight(reason: str | None) -> int:
    return REASONS.index(reason or "missing")


def _day(value: Value) -> date | None:
    return None if value is None else date.fromisoformat(str(value)[:10])


def figures_of(
    measure: Json,
    dataset: Dataset,
    records: Iterable[Fields],
    breakdowns: Iterable[Sequence[str]],
    around: Around,
    version: int = 0,
) -> Figures:
    """One measure over the records of its dataset, cut by breakdowns that the dataset has."""
    figures = Figures(measure, version)
    cuts = [names for names in breakdowns if dataset.has(names)]
    for fields in records:
        figures.take_in(fields, cuts, around)
    figures.settle()
    return figures
