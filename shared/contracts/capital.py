"""The state of the capital programme: what irf.finance carries of each scheme.

Rule: every amount is a whole number of pence; a variance is forecast less approved budget.
"""

import msgspec

from shared.contracts.judged import RagState


class CapitalBudget(msgspec.Struct, omit_defaults=True, gc=False):
    """A budget for a year of a scheme: `approval` is provisional or fully approved."""

    year: str
    amount: int
    approval: str
    decision: str = ""


class CapitalMovement(msgspec.Struct, omit_defaults=True, gc=False):
    """A change of a programme: rephasing between years, an addition, a reduction or a removal.
    `held` says why an approved one does not count."""

    change: str
    amount: int
    status: str
    from_year: str = ""
    to_year: str = ""
    reason: str = ""
    decision: str = ""
    held: str = ""


class CapitalForecast(msgspec.Struct, omit_defaults=True, gc=False):
    """The year's spending as forecast at the end of a period."""

    year: str
    period: int
    amount: int
    reason: str = ""


class CapitalFunding(msgspec.Struct, omit_defaults=True, gc=False):
    """Where money for a year of a scheme comes from."""

    year: str
    source: str
    amount: int


class Milestone(msgspec.Struct, omit_defaults=True, gc=False):
    """A milestone: days as ISO dates. `outcome` is green (reached, or expected as planned), amber
    (expected later) or red (overdue on the business day)."""

    title: str
    planned: str
    forecast: str = ""
    achieved: str = ""
    outcome: str = ""


class CapitalYear(msgspec.Struct, omit_defaults=True, gc=False):
    """A scheme's year in pence: approved = fully approved budgets + rephased_in - rephased_out +
    additions - reductions; variance = forecast - approved; `unfunded` = approved - funding."""

    provisional: int = 0
    original: int = 0
    rephased_in: int = 0
    rephased_out: int = 0
    additions: int = 0
    reductions: int = 0
    approved: int = 0
    spend: int = 0
    transactions: int = 0
    forecast: int = 0
    variance: int = 0
    funding: dict[str, int] = {}
    unfunded: int = 0
    reason: str = ""


class Scheme(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="scheme"):
    """A capital scheme, by year and whole. `known` is false where only money names it."""

    scheme: str
    title: str
    known: bool
    years: dict[str, CapitalYear]
    total: CapitalYear
    rag: RagState
    service: str = ""
    portfolio: str = ""
    directorate: str = ""
    manager: str = ""
    status: str = ""
    summary: str = ""
    budgets: dict[str, CapitalBudget] = {}
    movements: dict[str, CapitalMovement] = {}
    forecasts: dict[str, CapitalForecast] = {}
    fundings: dict[str, CapitalFunding] = {}
    milestones: dict[str, Milestone] = {}
    # Spending by year and period, as lists of thirteen.
    spend: dict[str, list[int]] = {}
