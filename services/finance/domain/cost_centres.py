"""A cost centre's year: what its records add up to, group by group, and what follows from that.

Rule: budgets, virements, postings and orders add up, so a change of one record is a number added in
one period. Forecasts do not: they are kept by their records, and what stands forecast at the end of
each period is worked out from them and from the budget.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from typing import Any, NamedTuple

from shared.accounts.calendar import PERIODS, read_period, spread
from shared.accounts.figures import ADDING_UP, PARTS, STANDING, add_lists, is_empty
from shared.catalogue.accounts import Accounts
from shared.contracts.fields import text
from shared.contracts.finance import CostCentreYear, Forecast, Line, Node

EVEN = [1] * 12
NOUGHT = [0] * PERIODS
NOTHING = Line()

# What changes add to a line: by group and the name of its part.
Sums = defaultdict[tuple[str, str], list[int]]


def no_sums() -> Sums:
    """Nothing added yet."""
    return defaultdict(lambda: [0] * PERIODS)


def add_budget(
    sums: Sums, group: str, amount: int, fields: Mapping[str, Any], accounts: Accounts
) -> None:
    """Adds an original budget: all of it stands from the year's first period, and falls due in the
    one period that is named, or by its profile."""
    sums[group, "original"][0] += amount
    due = sums[group, "profile"]
    if fields.get("period"):
        due[read_period(str(fields["period"]))[1] - 1] += amount
        return
    code = fields.get("profile")
    shares = next((each.shares for each in accounts.profiles if each.code == code), EVEN)
    for index, part in enumerate(spread(amount, shares)):
        due[index] += part


def add_virement(sums: Sums, group: str, period: int, amount: int) -> None:
    """Adds what a virement puts into a budget: it counts from its period, and falls due evenly from
    then to P12."""
    sums[group, "virements"][period - 1] += amount
    due = sums[group, "profile"]
    if period == PERIODS:
        due[period - 1] += amount
        return
    for index, part in enumerate(spread(amount, EVEN[period - 1 :]), period - 1):
        due[index] += part


def forecast_of(
    fields: Mapping[str, Any], group: str, period: int, amount: int, one_off: int
) -> Forecast:
    """What a record says is forecast for a group, in pence."""

    return Forecast(
        subjective=group,
        period=period,
        amount=amount,
        one_off=one_off,
        reason=text(fields, "reason"),
        mitigation=text(fields, "mitigation"),
        by=text(fields, "by"),
    )


def add_sums(lines: dict[str, Line], sums: Sums) -> None:
    """Adds what changed to the lines of a cost centre."""
    for (group, name), added in sums.items():
        line = lines.get(group)
        if line is None:
            line = lines[group] = Line()
        setattr(line, name, add_lists(getattr(line, name), added))


def stand(lines: dict[str, Line], forecasts: Iterable[Forecast]) -> None:
    """Works out what stands forecast in each line, and leaves out the lines that hold nothing.

    At the end of a period the newest forecast made by then stands; before any, the current budget.
    """
    made: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(
        lambda: defaultdict(lambda: [0, 0])
    )
    for each in forecasts:
        told = made[each.subjective][each.period]
        told[0] += each.amount
        told[1] += each.one_off
    for group in made:
        lines.setdefault(group, Line())
    for group, line in list(lines.items()):
        _stand(line, made.get(group))
        if is_empty(line):
            del lines[group]


def _stand(line: Line, made: Mapping[int, list[int]] | None) -> None:
    budget = list(accumulate(add_lists(line.original, line.virements or NOUGHT) or NOUGHT))
    if not made:
        standing = budget if any(budget) else []
        line.forecast, line.previous, line.assumed = standing, list(standing), list(standing)
        line.one_off = []
        return
    forecast, previous, one_off, assumed = ([0] * PERIODS for _ in STANDING)
    newest: int | None = None
    before: int | None = None
    for period in range(1, PERIODS + 1):
        if period in made:
            before, newest = newest, period
        at, current = period - 1, budget[period - 1]
        if newest is None:
            forecast[at] = previous[at] = assumed[at] = current
            continue
        forecast[at], one_off[at] = made[newest]
        previous[at] = current if before is None else made[before][0]
    line.forecast, line.previous = _or_none(forecast), _or_none(previous)
    line.one_off, line.assumed = _or_none(one_off), _or_none(assumed)


def _or_none(values: list[int]) -> list[int]:
    return values if any(values) else []


def while_there(line: Line, there: list[bool]) -> Line:
    """A line as a node sees it that the cost centre was in only in some periods: what adds up comes
    in, and goes again, with the cost centre; what stands counts while it is there."""
    found = Line()
    for name in ADDING_UP:
        values = getattr(line, name)
        if values:
            to_date = _while(accumulate(values), there)
            before = [0, *to_date[:-1]]
            setattr(found, name, _or_none([n - b for n, b in zip(to_date, before, strict=True)]))
    for name in STANDING:
        values = getattr(line, name)
        if values:
            setattr(found, name, _or_none(_while(values, there)))
    return found


def _while(values: Iterable[int], there: list[bool]) -> list[int]:
    return [value if here else 0 for value, here in zip(values, there, strict=True)]


def nodes_of(node: Node) -> tuple[tuple[str, str, str], ...]:
    """The nodes that a place is counted in: (fund, level, code)."""
    fund = node.fund
    return (
        (fund, "fund", fund),
        (fund, "directorate", node.directorate),
        (fund, "portfolio", node.portfolio),
        (fund, "service", node.service),
    )


# A node of one cut of one year: (basis, year, fund, level, code).
Place = tuple[str, str, str, str, str]


class Standing(NamedTuple):
    """Where a cost centre stands for a year: today, and in each of its periods."""

    year: str
    is_now: Node
    was: tuple[Node, ...]


def standing(state: CostCentreYear) -> Standing:
    """Where a cost centre's year is counted."""
    return Standing(state.year, state.is_now, tuple(state.was))


def contributions(
    stands: Standing, lines: dict[str, Line]
) -> Iterator[tuple[Place, dict[str, Line]]]:
    """What lines of cost centres that stand there are to every node that they are counted in."""
    year = stands.year
    for fund, level, code in nodes_of(stands.is_now):
        yield ("as-is", year, fund, level, code), lines
    stood: defaultdict[tuple[str, str, str], list[bool]] = defaultdict(lambda: [False] * PERIODS)
    for index, node in enumerate(stands.was):
        for place in nodes_of(node):
            stood[place][index] = True
    for (fund, level, code), there in stood.items():
        seen = lines
        if not all(there):
            seen = {group: while_there(line, there) for group, line in lines.items()}
        yield ("as-was", year, fund, level, code), seen


def difference(old: Mapping[str, Line], new: Mapping[str, Line]) -> dict[str, Line]:
    """What is to be added to some lines to make them others: nothing for what is the same."""
    found: dict[str, Line] = {}
    for group in {**old, **new}:
        before, after = old.get(group, NOTHING), new.get(group, NOTHING)
        if before is after or before == after:
            continue
        line = found[group] = Line()
        for name in PARTS:
            then, now = getattr(before, name), getattr(after, name)
            if then != now:
                setattr(line, name, add_lists(now, then or NOUGHT, -1))
    return found
