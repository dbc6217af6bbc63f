"""What is read off the states of the accounts for any period: figures, reasons, and where things
stood.

Rule: nothing is added up across funds. Figures come from the lines of a state by the one rule that
they are published by (shared.accounts.figures).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shared.accounts.calendar import When, month_of
from shared.accounts.figures import figures, judge, spending_budget
from shared.catalogue.accounts import Accounts, VarianceRule
from shared.catalogue.model import Catalogue
from shared.contracts.finance import CostCentreYear, Figures, Forecast, Line, Node
from shared.contracts.judged import RagState

LISTED_LEVELS = ("fund", "directorate", "portfolio", "service")
# What the children of a node are.
BELOW = {
    "fund": "directorate",
    "directorate": "service",
    "portfolio": "service",
    "service": "cost-centre",
}


@dataclass(frozen=True)
class Standing:
    """A node or a cost centre at the end of a period."""

    level: str
    code: str
    name: str
    fund: str
    subject: str
    when: When
    # The period that its state is published at: pages at another one do not move by its words.
    published: int
    figures: Figures
    rag: RagState
    lines: Mapping[str, Line]
    time: str
    cost_centres: int = 0
    known: bool = True
    manager: str = ""

    @property
    def live(self) -> bool:
        """Whether the state's own words are of this period."""
        return self.published == self.when.period


@dataclass(frozen=True)
class Reason:
    """Why a cost centre's forecast of a subjective group differs from its budget."""

    cost_centre: str
    name: str
    fund: str
    node: Node
    subjective: str
    variance: int
    one_off: int
    reason: str
    mitigation: str
    by: str
    period: int


def rule_of(books: Accounts | None) -> VarianceRule:
    """How variances are judged: as the accounts say, or as is usual."""
    return books.variance if books else VarianceRule()


def at(lines: Mapping[str, Line], period: int, rule: VarianceRule) -> tuple[Figures, RagState]:
    """What lines come to at the end of a period, and how that is judged."""
    found = figures(lines.values(), period)
    return found, judge(found, rule, spending_budget(lines.values(), period))


def node_at(state: CostCentreYear, basis: str, period: int) -> Node:
    """Where a cost centre is counted at a period, by a basis."""
    if basis == "as-was" and len(state.was) >= period:
        return state.was[period - 1]
    return state.is_now


def code_in(node: Node, level: str) -> str:
    """The code of a level that a cost centre is counted in."""
    return str(getattr(node, level))


def in_force(forecasts: Iterable[Forecast], period: int) -> dict[str, list[Forecast]]:
    """By subjective group, the newest forecasts made by the end of a period; those of one period
    count together."""
    found: dict[str, list[Forecast]] = {}
    for each in forecasts:
        if each.period > period:
            continue
        held = found.get(each.subjective)
        if held is None or held[0].period < each.period:
            found[each.subjective] = [each]
        elif held[0].period == each.period:
            held.append(each)
    return found


def reasons(states: Iterable[CostCentreYear], basis: str, period: int) -> list[Reason]:
    """Why forecasts differ from budgets, the largest variance first, also where nobody said why."""
    found = []
    for state in states:
        node = node_at(state, basis, period)
        for group, made in in_force(state.forecasts.values(), period).items():
            line = state.lines.get(group, Line())
            told = figures([line], period)
            why = "; ".join(dict.fromkeys(each.reason for each in made if each.reason))
            done = "; ".join(dict.fromkeys(each.mitigation for each in made if each.mitigation))
            if told.variance == 0:
                continue
            found.append(
                Reason(
                    cost_centre=state.cost_centre,
                    name=state.name or state.cost_centre,
                    fund=node.fund,
                    node=node,
                    subjective=group,
                    variance=told.variance,
                    one_off=told.one_off,
                    reason=why,
                    mitigation=done,
                    by=", ".join(dict.fromkeys(each.by for each in made if each.by)),
                    period=made[0].period,
                )
            )
    return sorted(found, key=lambda each: (-abs(each.variance), each.cost_centre, each.subjective))


def placed(catalogue: Catalogue, service: str, month: str) -> tuple[str, str]:
    """The directorate and the portfolio of a service in a month; empty where it has none."""
    found = catalogue.services.get(service)
    if found is None:
        return "", ""
    stood = next((each for each in found.earlier if month <= each.until), found)
    return stood.directorate or "", stood.portfolio or ""


def month_for(basis: str, when: When, today: str) -> str:
    """The month whose structure a basis cuts a period by."""
    return month_of(when) if basis == "as-was" else today[:7]


def fund_name(books: Accounts | None, code: str) -> str:
    """`General Fund`; what no structure places has no fund."""
    if not code:
        return "No fund known"
    named = {each.code: each.name for each in books.funds} if books else {}
    return named.get(code, code)


def subjective_name(books: Accounts | None, code: str) -> str:
    """`Employees`"""
    if not code:
        return "Not classified"
    named = {each.code: each.name for each in books.subjectives} if books else {}
    return named.get(code, code)


def node_name(catalogue: Catalogue, level: str, code: str) -> str:
    """A node's name as the catalogue has it."""
    if not code:
        return "In no structure"
    if level == "fund":
        return fund_name(catalogue.books, code)
    if level == "directorate" and code in catalogue.directorates:
        return catalogue.directorates[code].name
    if level == "portfolio" and code in catalogue.portfolios:
        return catalogue.portfolios[code].name
    if level == "service" and code in catalogue.services:
        return catalogue.services[code].name
    return code
