"""Cost centres' years, worked out again: every line from every record, and the figures read off.

Rule: a year exists where something in it is not nought: an amount, a count of postings, or a
forecast's record. Numbers are whole pence, thirteen to a list. Forecasts of a subjective group that
were made at one period are added up; the newest made by a period is in force in it. A budget whose
period names a year stands in that year.
"""

from deploy.verify.accounting import (
    PERIODS,
    YEAR,
    Books,
    Entry,
    When,
    reporting_period,
    spread,
)
from deploy.verify.source import Json
from deploy.verify.structure import Structure
from deploy.verify.virements import applies, virements

# What adds up over the periods to date, and what stands as it is at the end of a period.
ADDING_UP = ("original", "virements", "profile", "actual", "commitments", "transactions")
STANDING = ("forecast", "previous", "one_off", "assumed")
PARTS = ADDING_UP + STANDING

Line = dict[str, list[int]]


def empty_line() -> Line:
    """A line that holds nothing."""
    return {part: [0] * PERIODS for part in PARTS}


class Year:
    """What the records say of a cost centre's year, by subjective group."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        # By group and period, the amount and the one-off part forecast then.
        self.made: dict[str, dict[int, tuple[int, int]]] = {}

    def line(self, group: str) -> Line:
        """The line of a group."""
        return self.lines.setdefault(group, empty_line())

    def forecast(self, group: str, period: int, amount: int, one_off: int) -> None:
        """Takes in a forecast."""
        self.line(group)
        at = self.made.setdefault(group, {})
        before = at.get(period, (0, 0))
        at[period] = (before[0] + amount, before[1] + one_off)

    def holds_anything(self) -> bool:
        """Whether there is anything to tell of it."""
        return bool(self.made) or any(
            any(values) for line in self.lines.values() for values in line.values()
        )

    def finish(self) -> None:
        """Works out what stands at the end of each period."""
        for group, line in self.lines.items():
            made = self.made.get(group, {})
            for period in range(1, PERIODS + 1):
                budget = sum(line["original"][:period]) + sum(line["virements"][:period])
                so_far = sorted(when for when in made if when <= period)
                forecast, one_off = made[so_far[-1]] if so_far else (budget, 0)
                line["forecast"][period - 1] = forecast
                line["one_off"][period - 1] = one_off
                line["assumed"][period - 1] = 0 if so_far else budget
                line["previous"][period - 1] = made[so_far[-2]][0] if len(so_far) > 1 else budget


def years(books: Books, structure: Structure) -> dict[tuple[str, str], Year]:
    """Every cost centre's year, by cost centre and year."""
    found: dict[tuple[str, str], Year] = {}

    def year_of(entry: Entry, year: str) -> Year:
        return found.setdefault((entry.text("cost_centre"), year), Year())

    def line_of(entry: Entry, year: str) -> Line:
        return year_of(entry, year).line(books.group(entry.text("subjective")))

    for entry in books.of("posting"):
        if entry.when:
            line = line_of(entry, entry.when.year)
            line["actual"][entry.when.period - 1] += entry.pence()
            line["transactions"][entry.when.period - 1] += 1
    for entry in books.of("commitment"):
        if entry.when:
            line = line_of(entry, entry.when.year)
            line["commitments"][entry.when.period - 1] += entry.pence()
    for entry in books.of("budget"):
        if year := year_of_budget(entry):
            line = line_of(entry, year)
            line["original"][0] += entry.pence()
            for at, part in enumerate(falls_due(books, entry)):
                line["profile"][at] += part
    for lines in virements(books).values():
        if not applies(lines, structure):
            continue
        for entry in lines:
            if entry.when:
                line = line_of(entry, entry.when.year)
                line["virements"][entry.when.period - 1] += entry.pence()
                for at, part in enumerate(falls_due_from(entry.when, entry.pence())):
                    line["profile"][at] += part
    for entry in books.of("forecast"):
        if entry.when:
            group = books.group(entry.text("subjective"))
            year_of(entry, entry.when.year).forecast(
                group, entry.when.period, entry.pence(), entry.pence("one_off")
            )
    for each in found.values():
        each.finish()
    return {key: each for key, each in found.items() if each.holds_anything()}


def year_of_budget(entry: Entry) -> str:
    """The year of a budget: its period's, where it has one; empty where it cannot be read."""
    if entry.text("period"):
        return entry.when.year if entry.when else ""
    return entry.text("year") if YEAR.fullmatch(entry.text("year")) else ""


def falls_due(books: Books, entry: Entry) -> list[int]:
    """How a budget falls due over P01 to P13."""
    if entry.text("period") and entry.when:
        shares = [1 if p == entry.when.period else 0 for p in range(1, PERIODS + 1)]
        return spread(entry.pence(), shares)
    return [*spread(entry.pence(), books.shares(entry.text("profile"))), 0]


def falls_due_from(when: When, amount: int) -> list[int]:
    """How what a virement moves falls due: evenly from its period to P12; from P13, in P13."""
    if when.period == PERIODS:
        return [0] * 12 + [amount]
    return [0] * (when.period - 1) + spread(amount, [1] * (13 - when.period)) + [0]


def figures(lines: dict[str, Line], period: int) -> Json:
    """What lines come to at the end of a period."""

    def to_date(part: str) -> int:
        return sum(sum(line[part][:period]) for line in lines.values())

    def standing(part: str) -> int:
        return sum(line[part][period - 1] for line in lines.values())

    current = to_date("original") + to_date("virements")
    variance = standing("forecast") - current
    return {
        "original_budget": to_date("original"),
        "virements": to_date("virements"),
        "current_budget": current,
        "budget_to_date": to_date("profile"),
        "actual": to_date("actual"),
        "commitments": to_date("commitments"),
        "forecast": standing("forecast"),
        "variance": variance,
        "movement": standing("forecast") - standing("previous"),
        "one_off": standing("one_off"),
        "ongoing": variance - standing("one_off"),
        "assumed": standing("assumed"),
        "run_rate": run_rate(to_date("actual"), period),
    }


def spending(lines: dict[str, Line], period: int) -> int:
    """The current budget of the lines whose budget is to spend."""
    budgets = [
        sum(line["original"][:period]) + sum(line["virements"][:period]) for line in lines.values()
    ]
    return sum(budget for budget in budgets if budget > 0)


def run_rate(actual: int, period: int) -> int:
    """Twelve months at the pace of the periods gone; half a penny away from nought."""
    gone = min(period, 12)
    whole = (abs(actual) * 12 * 2 + gone) // (2 * gone)
    return -whole if actual < 0 else whole


def cost_centre_state(
    books: Books, structure: Structure, cost_centre: str, year: str, lines: dict[str, Line]
) -> Json:
    """What is published of a cost centre's year."""
    row = structure.row(cost_centre, structure.today)
    period = reporting_period(year, books.today)
    found = figures(lines, period)
    return {
        "cost_centre": cost_centre,
        "year": year,
        "name": row.text("name") if row else "",
        "manager": row.text("manager") if row else "",
        "known": row is not None,
        "is_now": structure.now(cost_centre),
        "was": structure.was(cost_centre, year),
        "period": period,
        "figures": found,
        "rag": books.judge(found["current_budget"], found["forecast"], spending(lines, period)),
        "lines": lines,
    }
