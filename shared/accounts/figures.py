"""From the lines of a year to the figures at the end of a period.

Rule: lines are numbers that add up, so the lines of a node are the sums of its cost centres' lines;
figures are read off them in this one place, for what is published and for any other period that is
asked about.
"""

from collections.abc import Iterable
from decimal import Decimal
from operator import add, sub

from shared.accounts.calendar import PERIODS
from shared.catalogue.accounts import VarianceRule
from shared.contracts.finance import Figures, Line
from shared.contracts.judged import RagState

# The parts of a line that add up over the periods to date, and those that stand as they are.
ADDING_UP = ("original", "virements", "profile", "actual", "commitments", "transactions")
STANDING = ("forecast", "previous", "one_off", "assumed")
PARTS = ADDING_UP + STANDING
NOUGHT = [0] * PERIODS


def _to(values: list[int], period: int) -> int:
    return sum(values[:period])


def _at(values: list[int], period: int) -> int:
    return values[period - 1] if values else 0


def figures(lines: Iterable[Line], period: int) -> Figures:
    """What lines come to at the end of a period (1 to 13)."""
    found = Figures()
    previous = 0
    for line in lines:
        found.original_budget += _to(line.original, period)
        found.virements += _to(line.virements, period)
        found.budget_to_date += _to(line.profile, period)
        found.actual += _to(line.actual, period)
        found.commitments += _to(line.commitments, period)
        found.forecast += _at(line.forecast, period)
        found.one_off += _at(line.one_off, period)
        found.assumed += _at(line.assumed, period)
        previous += _at(line.previous, period)
    found.current_budget = found.original_budget + found.virements
    found.variance = found.forecast - found.current_budget
    found.ongoing = found.variance - found.one_off
    found.movement = found.forecast - previous
    found.run_rate = run_rate(found.actual, period)
    return found


def run_rate(actual: int, period: int) -> int:
    """The year's outturn if it went on as it has: spending to date times twelve over the periods
    gone, half a penny away from nought. From P12 on the year has run."""
    gone = min(period, 12)
    if gone == 12:
        return actual
    whole, rest = divmod(abs(actual) * 12, gone)
    rounded = whole + (2 * rest >= gone)
    return -rounded if actual < 0 else rounded


def spending_budget(lines: Iterable[Line], period: int) -> int:
    """The current budget of the lines that spend, income aside."""
    budgets = (_to(line.original, period) + _to(line.virements, period) for line in lines)
    return sum(budget for budget in budgets if budget > 0)


def judge(found: Figures, rule: VarianceRule, spending: int = 0) -> RagState:
    """How a forecast stands beside its budget, with the rule in a sentence. Where the budget nets
    to nought, as a ring-fenced fund's does, it is held beside what it is to spend."""
    amber, red = _percent(rule.amber_over), _percent(rule.red_over)
    base, what = abs(found.current_budget), "budget"
    if not base:
        base, what = spending, "its budget for spending, since its net budget is nought,"
    if not base and not found.forecast:
        return RagState("information", "There is neither a budget nor a forecast to judge")
    at_all = f"by more than {amber}%" if rule.amber_over else "at all"
    said = f"Red if forecast over {what} by more than {red}% of it, amber if over it {at_all}"
    over = Decimal(found.variance) * 100
    outcome = "green"
    if over > rule.red_over * base:
        outcome = "red"
    elif over > rule.amber_over * base:
        outcome = "amber"
    return RagState(outcome, said)


def _percent(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def add_line(into: Line, other: Line, times: int = 1) -> None:
    """Adds a line to another (times 1), or takes it away again (times -1)."""
    for name in PARTS:
        added = getattr(other, name)
        if added:
            setattr(into, name, add_lists(getattr(into, name), added, times))


def add_lists(first: list[int], other: list[int], times: int = 1) -> list[int]:
    """The sums of two lists of thirteen, empty where all are nought."""
    if not first and times == 1:
        return other if any(other) else []
    # In C, since every change of anything passes here many times.
    sums = list(map(add if times == 1 else sub, first or NOUGHT, other))
    return sums if any(sums) else []


def is_empty(line: Line) -> bool:
    """Whether a line holds nothing at all."""
    return not any(getattr(line, name) for name in PARTS)
