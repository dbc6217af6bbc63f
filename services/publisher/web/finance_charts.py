"""The charts of the pages about money, from what the pages show."""

from services.publisher import explaining_finance as explaining
from services.publisher.domain import finance, words
from services.publisher.domain.finance_sums import Standing
from services.publisher.domain.money_charts import (
    Month,
    Sums,
    months_chart,
    parts_chart,
    years_chart,
)
from services.publisher.domain.vega import Chart
from services.publisher.readmodel import Snapshot
from shared.contracts.capital import CapitalYear, Scheme

MONTHS = 12


def by_parts(name: str, level: str, parts: list[Standing]) -> Chart | None:
    """A fund by the nodes of a level."""
    return parts_chart(
        f"{name} by {finance.LEVELS[level].lower()}", [_sums(each) for each in parts]
    )


def over_the_year(view: Snapshot, found: Standing) -> Chart | None:
    """Spending against the budget as it falls due, to the end of every month."""
    months = []
    for at in reversed(explaining.history(view, found, MONTHS)):
        if at.when.period <= MONTHS:
            spent = at.figures.actual if at.when.period <= found.when.period else None
            name = words.month_name((at.when.period + 2) % 12 + 1)
            months.append(Month(name, at.figures.budget_to_date, spent))
    return months_chart(f"{found.name}, {finance.year(found.when.year)}", months, _sums(found))


def by_years(held: Scheme) -> Chart | None:
    """A capital scheme year by year."""
    years = [_year(finance.year(year), each) for year, each in sorted(held.years.items())]
    title = f"{held.title or held.scheme} by year"
    return years_chart(title, years, _year("All years", held.total))


def _sums(found: Standing) -> Sums:
    now = found.figures
    told = words.sentence(finance.variance(now.variance))
    return Sums(found.name, now.current_budget, now.actual, now.forecast, told)


def _year(name: str, each: CapitalYear) -> Sums:
    told = words.sentence(finance.variance(each.variance))
    return Sums(name, each.approved, each.spend, each.forecast, told)
