"""Capital schemes: budgets, what moved them, spending, forecasts, funding and milestones by year.

Rule: only what is fully approved is approved. A provisional budget is shown beside it, never in it,
and a movement counts only when it is approved and names the years that its change needs. What is
forecast of a year is the newest forecast of it, else what is approved.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from services.finance.domain.words import counted, percent, pounds
from shared.accounts.calendar import when_of
from shared.accounts.figures import judge
from shared.catalogue.accounts import VarianceRule
from shared.contracts.capital import (
    CapitalBudget,
    CapitalForecast,
    CapitalFunding,
    CapitalMovement,
    CapitalYear,
    Milestone,
    Scheme,
)
from shared.contracts.fields import iso_day, named, text
from shared.contracts.finance import Figures
from shared.contracts.judged import RagState

Fields = Mapping[str, Any]

PROVISIONAL, FULLY_APPROVED = "Provisional", "Fully approved"
APPROVED = "Approved"
_STATUSES = (APPROVED, "Proposed", "Rejected")
REPHASING, ADDITION, REDUCTION, REMOVAL = "Rephasing", "Addition", "Reduction", "Removal"
_CHANGES = (REPHASING, ADDITION, REDUCTION, REMOVAL)
_NEEDS_FROM, _NEEDS_TO = (REPHASING, REDUCTION, REMOVAL), (REPHASING, ADDITION)
# From the mildest to the worst.
_OUTCOMES = ("information", "green", "amber", "red")
_ADDED_UP = (
    "provisional", "original", "rephased_in", "rephased_out", "additions", "reductions",
    "approved", "spend", "transactions", "forecast", "variance", "unfunded",
)  # fmt: skip


def budget_of(fields: Fields, amount: int) -> CapitalBudget:
    """Reads a record of a budget; `amount` is in pence, here and below."""
    return CapitalBudget(
        year=text(fields, "year"),
        amount=amount,
        approval=named(text(fields, "approval"), (PROVISIONAL, FULLY_APPROVED)),
        decision=text(fields, "decision"),
    )


def movement_of(fields: Fields, amount: int) -> CapitalMovement:
    """Reads a record of a movement, and says why an approved one does not count."""
    found = CapitalMovement(
        change=named(text(fields, "change"), _CHANGES),
        amount=amount,
        status=named(text(fields, "status"), _STATUSES),
        from_year=text(fields, "from_year"),
        to_year=text(fields, "to_year"),
        reason=text(fields, "reason"),
        decision=text(fields, "decision"),
    )
    if found.status == APPROVED:
        found.held = _why_held(found)
    return found


def _why_held(found: CapitalMovement) -> str:
    if found.change not in _CHANGES:
        return "Its change is none of Rephasing, Addition, Reduction and Removal"
    missing = []
    if found.change in _NEEDS_FROM and not found.from_year:
        missing.append("the year it is taken from")
    if found.change in _NEEDS_TO and not found.to_year:
        moved = "moved" if found.change == REPHASING else "added"
        missing.append(f"the year it is {moved} to")
    return f"It does not name {' nor '.join(missing)}" if missing else ""


def forecast_of(fields: Fields, amount: int) -> CapitalForecast:
    """Reads a record of a forecast; one that says no period is kept without one."""
    year, period = when_of(fields) or ("", 0)
    return CapitalForecast(year, period, amount, text(fields, "reason"))


def funding_of(fields: Fields, amount: int) -> CapitalFunding:
    """Reads a record of funding."""
    return CapitalFunding(text(fields, "year"), text(fields, "source"), amount)


def milestone_of(fields: Fields) -> Milestone:
    """Reads a record of a milestone; its outcome is of the business day."""
    return Milestone(
        title=text(fields, "title"),
        planned=iso_day(fields, "planned"),
        forecast=iso_day(fields, "forecast"),
        achieved=iso_day(fields, "achieved"),
    )


def outcome(milestone: Milestone, today: str) -> str:
    """How a milestone stands on a day."""
    due = milestone.forecast or milestone.planned
    if milestone.achieved:
        return "green"
    if due and due < today:
        return "red"
    return "amber" if milestone.planned and milestone.forecast > milestone.planned else "green"


def work_out(scheme: Scheme, rule: VarianceRule, today: str) -> None:
    """Works out everything of a scheme that follows from its parts. What was spent in each year
    stands in its years already."""
    scheme.years = _years(scheme)
    scheme.total = _total(scheme.years.values())
    for milestone in scheme.milestones.values():
        milestone.outcome = outcome(milestone, today)
    scheme.rag = _judged(scheme.total, scheme.milestones.values(), rule)


def _years(scheme: Scheme) -> dict[str, CapitalYear]:
    years: defaultdict[str, CapitalYear] = defaultdict(CapitalYear)
    for code, before in scheme.years.items():
        if before.transactions:
            years[code].spend, years[code].transactions = before.spend, before.transactions
    for budget in scheme.budgets.values():
        if budget.approval == FULLY_APPROVED:
            years[budget.year].original += budget.amount
        elif budget.approval == PROVISIONAL:
            years[budget.year].provisional += budget.amount
    for movement in scheme.movements.values():
        if movement.status == APPROVED and not movement.held:
            _move(years, movement)
    for funding in scheme.fundings.values():
        sources = years[funding.year].funding
        sources[funding.source] = sources.get(funding.source, 0) + funding.amount
    forecasts = _newest(scheme.forecasts.values())
    for code in forecasts:
        years[code]
    for code, each in years.items():
        moved = each.rephased_in - each.rephased_out + each.additions - each.reductions
        each.approved = each.original + moved
        each.forecast, each.reason = forecasts.get(code, (each.approved, ""))
        each.variance = each.forecast - each.approved
        each.funding = dict(sorted(each.funding.items()))
        each.unfunded = each.approved - sum(each.funding.values())
    return dict(sorted(years.items()))


def _move(years: Mapping[str, CapitalYear], movement: CapitalMovement) -> None:
    if movement.change == REPHASING:
        years[movement.from_year].rephased_out += movement.amount
        years[movement.to_year].rephased_in += movement.amount
    elif movement.change == ADDITION:
        years[movement.to_year].additions += movement.amount
    else:
        years[movement.from_year].reductions += movement.amount


def _newest(forecasts: Iterable[CapitalForecast]) -> dict[str, tuple[int, str]]:
    """What stands forecast of each year, and why: those made at its newest period, added up."""
    found: dict[str, list[CapitalForecast]] = {}
    for each in forecasts:
        if not each.period:
            continue  # of no year: it is shown, and counts nowhere
        newest = found.get(each.year)
        if newest is None or newest[0].period < each.period:
            found[each.year] = [each]
        elif newest[0].period == each.period:
            newest.append(each)
    return {
        year: (
            sum(each.amount for each in made),
            next((each.reason for each in made if each.reason), ""),
        )
        for year, made in found.items()
    }


def _total(years: Iterable[CapitalYear]) -> CapitalYear:
    total = CapitalYear()
    funding: defaultdict[str, int] = defaultdict(int)
    for year in years:
        for name in _ADDED_UP:
            setattr(total, name, getattr(total, name) + getattr(year, name))
        for source, amount in year.funding.items():
            funding[source] += amount
    total.funding = dict(sorted(funding.items()))
    return total


def _judged(total: CapitalYear, milestones: Iterable[Milestone], rule: VarianceRule) -> RagState:
    """The worst of how the money and each milestone stand, with both in a sentence."""
    figures = Figures(
        current_budget=total.approved, forecast=total.forecast, variance=total.variance
    )
    money = judge(figures, rule).outcome
    outcomes = [each.outcome for each in milestones]
    worst = max((money, *outcomes), key=_OUTCOMES.index)
    if money == "information":
        said = "There is neither an approved budget nor a forecast"
    else:
        way = "under" if total.variance < 0 else "over"
        said = (
            f"The forecast of {pounds(total.forecast)} is {pounds(abs(total.variance))} {way} the"
            f" approved {pounds(total.approved)}: red if over by more than"
            f" {percent(rule.red_over)} of it, amber if by more than {percent(rule.amber_over)}"
        )
    if outcomes:
        said += (
            f"; of {counted(len(outcomes), 'milestone')}, {outcomes.count('red')} overdue (red)"
            f" and {outcomes.count('amber')} expected later than planned (amber)"
        )
    return RagState(worst, said)
