"""Measures, worked out again from the records: what each comes to over any window of months.

Rule: a window is counted from its records, never from another figure. A mean is the sum of its
records divided by their number; a stock is those opened by the end of the window less those
closed by then.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple
from urllib.parse import quote

from deploy.verify.dates import month_number, periods_with, window
from deploy.verify.expressions import Closures, Moment, NotCalculable, Value, evaluate, grows
from deploy.verify.source import Record

NUMERIC_TYPES = ("integer", "decimal", "money")
MOMENT_TYPES = ("date", "datetime")
NANO = 10**9
TOO_LARGE = 10**18
ALL = "all"


def periods_of(month: int, kinds: Iterable[str], horizon: int) -> Iterator[str]:
    """The periods with this month in them, of which a year to date ends by the horizon."""
    for kind in kinds:
        for period in periods_with(month, kind):
            if kind != "year-to-date" or window(period)[2] <= horizon:
                yield period


class Input(NamedTuple):
    """What a measure came to, and from how many records."""

    value: Fraction | None
    records: int


def typed(fields: Mapping[str, Any], dataset: Mapping[str, Any]) -> dict[str, Value]:
    """A record's fields with its numbers as exact fractions."""
    kinds = {field["name"]: field["type"] for field in dataset["fields"]}
    values: dict[str, Value] = {}
    for name, kind in kinds.items():
        value = fields.get(name)
        if value is not None and kind in MOMENT_TYPES:
            values[name] = Moment(value)
        elif value is None or kind not in NUMERIC_TYPES:
            values[name] = value
        else:
            values[name] = Fraction(str(value))
    return values


def member_text(value: Any) -> str:
    """How a field's value is written as a member of a breakdown; blank is a member too."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def members_of(fields: Mapping[str, Any], breakdowns: Iterable[str]) -> list[str]:
    """`all`, and the member that a record falls under in each breakdown."""
    return [
        ALL,
        *(f"{name}={quote(member_text(fields.get(name)), safe='')}" for name in breakdowns),
    ]


class Flow:
    """A count, a sum or a mean of the records dated in a window."""

    def __init__(self, aggregate: str) -> None:
        self._aggregate = aggregate
        self._sums: dict[str, dict[int, Fraction]] = defaultdict(dict)
        self._records: dict[str, dict[int, int]] = defaultdict(dict)

    def add(self, member: str, month: int, amount: Fraction) -> None:
        """Takes one record in."""
        sums, records = self._sums[member], self._records[member]
        sums[month] = sums.get(month, Fraction(0)) + amount
        records[month] = records.get(month, 0) + 1

    def members(self) -> set[str]:
        """Every member that has a record."""
        return set(self._records)

    def last_month(self) -> int:
        """The last month that has a record of any member."""
        return max(self._records.get(ALL, ()), default=0)

    def periods(self, member: str, kinds: Iterable[str], horizon: int) -> set[str]:
        """The periods in which a member has a record."""
        months = self._records.get(member, ())
        return {period for month in months for period in periods_of(month, kinds, horizon)}

    def over(self, member: str, first: int, last: int) -> Input:
        """The measure over a window of months, both included."""
        sums, counts = self._sums.get(member, {}), self._records.get(member, {})
        months = [month for month in range(first, last + 1) if month in counts]
        total = sum((sums[month] for month in months), Fraction(0))
        records = sum(counts[month] for month in months)
        if self._aggregate == "mean":
            return Input(total / records if records else None, records)
        return Input(total, records)


class Stock:
    """What is open at the end of a window."""

    def __init__(self) -> None:
        self._opened: dict[str, list[int]] = defaultdict(list)
        self._closed: dict[str, list[int]] = defaultdict(list)

    def add(self, member: str, opened: int, closed: int | None) -> None:
        """Takes one record in. One closed before it opened was never open past its opening."""
        self._opened[member].append(opened)
        if closed is not None:
            self._closed[member].append(max(opened, closed))

    def settle(self) -> None:
        """Sorts what was taken in, so that counting up to a month is a search."""
        for months in (*self._opened.values(), *self._closed.values()):
            months.sort()

    def members(self) -> set[str]:
        """Every member that has a record."""
        return set(self._opened)

    def last_month(self) -> int:
        """The last month in which anything was opened or closed."""
        return max((*self._opened.get(ALL, ()), *self._closed.get(ALL, ())), default=0)

    def periods(self, member: str, kinds: Iterable[str], horizon: int) -> set[str]:
        """The periods that end after this member's first case was opened."""
        months = range(self._opened[member][0], horizon + 1)
        return {period for month in months for period in periods_of(month, kinds, horizon)}

    def over(self, member: str, first: int, last: int) -> Input:
        """The stock at the end of the window."""
        opened = bisect_right(self._opened.get(member, []), last)
        closed = bisect_right(self._closed.get(member, []), last)
        return Input(Fraction(opened - closed), opened - closed)


def passes(where: str | None, values: Mapping[str, Value], closures: Closures) -> bool:
    """Whether a record counts. One whose filter divides by zero does not."""
    try:
        return where is None or bool(evaluate(where, values, closures))
    except NotCalculable:
        return False


def amount_of(
    measure: Mapping[str, Any], values: Mapping[str, Value], closures: Closures
) -> Fraction | None:
    """What a record adds to a sum or mean: nothing where it is blank or divides by zero."""
    try:
        amount = evaluate(measure["of"], values, closures)
    except NotCalculable:
        return None
    if not isinstance(amount, Fraction) or abs(amount) >= TOO_LARGE:
        return None
    # A product or quotient is added up to nine decimal places: that is the rule, not a shortcut.
    return Fraction(round(amount * NANO), NANO) if grows(measure["of"]) else amount


def measure_figures(
    measure: Mapping[str, Any],
    dataset: Mapping[str, Any],
    records: Iterable[Record],
    breakdowns: Sequence[str],
    closures: Closures,
) -> Flow | Stock:
    """One measure over all the records of its dataset."""
    aggregate = measure["aggregate"]
    flow, stock = Flow(aggregate), Stock()
    named = {field["name"] for field in dataset["fields"]}
    cuts = [name for name in breakdowns if name in named]
    for _, fields in records:
        values = typed(fields, dataset)
        if not passes(measure.get("where"), values, closures):
            continue
        members = members_of(fields, cuts)
        if aggregate == "open":
            opened, closed = fields.get(measure["opened"]), fields.get(measure["closed"])
            if opened is None:
                continue
            for member in members:
                stock.add(
                    member, month_number(opened), None if closed is None else month_number(closed)
                )
            continue
        dated = fields.get(measure["date"])
        amount = Fraction(1) if aggregate == "count" else amount_of(measure, values, closures)
        if dated is None or amount is None:
            continue
        for member in members:
            flow.add(member, month_number(dated), amount)
    stock.settle()
    return stock if aggregate == "open" else flow
