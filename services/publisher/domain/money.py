"""Spending of the ledgers as people see it, for pages and for the stream alike."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.publisher.domain import words
from shared.catalogue.periods import year_of
from shared.contracts.states import Control, Spend


def spend_display(state: Spend | Control) -> dict[str, str]:
    """The parts of a spending figure: net is spending less credits."""
    return {
        "net": words.pence(state.net_pence),
        "net_short": words.pence(state.net_pence, short=True),
        "spend": words.pence(state.spend_pence),
        "credits": words.pence(state.credits_pence),
        "transactions": f"{state.transactions:,}",
    }


@dataclass
class Total:
    """Spending added up, in pence."""

    name: str
    net_pence: int = 0
    spend_pence: int = 0
    credits_pence: int = 0
    transactions: int = 0

    def add(self, row: Spend) -> None:
        """Adds a unit's month."""
        self.net_pence += row.net_pence
        self.spend_pence += row.spend_pence
        self.credits_pence += row.credits_pence
        self.transactions += row.transactions

    @property
    def net(self) -> str:
        """Spending less credits, in words."""
        return words.pence(self.net_pence)


@dataclass
class Spending:
    """A ledger's spending in one financial year, by unit and by month."""

    year: str
    years: list[str]
    units: list[Total] = field(default_factory=list)
    months: list[Total] = field(default_factory=list)
    total: Total = field(default_factory=lambda: Total("All units"))


def spending(rows: Iterable[Spend], year: str | None) -> Spending | None:
    """Adds a ledger up for `year`, or for the newest one. None when the year has no spending."""
    by_year: dict[str, list[Spend]] = {}
    for row in rows:
        by_year.setdefault(year_of(row.month), []).append(row)
    years = sorted(by_year, reverse=True)
    chosen = year if year is not None else (years[0] if years else None)
    if chosen is None or chosen not in by_year:
        return None
    units: dict[str, Total] = {}
    months: dict[str, Total] = {}
    found = Spending(chosen, years)
    for row in by_year[chosen]:
        units.setdefault(row.unit, Total(row.unit or "Not recorded")).add(row)
        months.setdefault(row.month, Total(words.period(row.month))).add(row)
        found.total.add(row)
    found.units = sorted(units.values(), key=lambda unit: (-unit.net_pence, unit.name))
    found.months = [months[code] for code in sorted(months)]
    return found
