"""The states of the council's money: what irf.finance carries, the capital programme aside.

Rule: every amount is a whole number of pence. Spending and budgets are positive, income and
credits negative; a variance is forecast less current budget, so a positive one is over budget,
adverse. A state holds its parts by the records they came from, so that it explains itself.
"""

import msgspec

from shared.contracts.capital import Scheme
from shared.contracts.judged import RagState

# P01 (April) to P12 (March), and P13 for what is adjusted after the year's end.
PERIODS = 13


class Spend(msgspec.Struct, gc=False):
    """Spending of a unit in a month, in pence. net = spend - credits."""

    ledger: str
    unit: str
    month: str
    spend_pence: int
    credits_pence: int
    net_pence: int
    transactions: int
    kind: str = "spend"


class Control(msgspec.Struct, gc=False):
    """The control total of a ledger: every transaction held, counted once.

    Equal to the sum over its units. Records that are in no month, for want of a date or of an
    amount in whole pence, are `unplaced`, and `unplaced_pence` is what is known of their amounts.
    """

    ledger: str
    transactions: int
    spend_pence: int
    credits_pence: int
    net_pence: int
    kind: str = "control"
    unplaced: int = 0
    unplaced_pence: int = 0


class Hint(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="hint"):
    """Payments of a ledger that somebody should look at: `hint` is `duplicate` or `split`, and
    `records` are their subjects on irf.records. A hint is no finding."""

    ledger: str
    hint: str
    records: list[str]
    each_pence: int = 0
    total_pence: int = 0
    first: str = ""
    last: str = ""
    unit: str = ""


class Line(msgspec.Struct, omit_defaults=True, gc=False):
    """A subjective group's year. Lists hold a number for each of P01 to P13; an empty one is
    nought throughout.

    Up to `transactions` each is of the period alone, so that the year to date is the sum up to it:
    the original budget stands in P01; `virements` are the approved ones, each in the period from
    which it counts; `profile` is the budget, virements included, as it falls due; `transactions`
    counts postings. In a position as-was, what a reorganisation brought or took along is in the
    period in which it did. The others are of the year as it stood at the end of each period:
    `forecast` is the outturn then forecast, `previous` by the forecast before that one, `one_off`
    the part of its variance for this year alone, and `assumed` the part of it that is only the
    current budget, since nobody forecast it.
    """

    original: list[int] = []
    virements: list[int] = []
    profile: list[int] = []
    actual: list[int] = []
    commitments: list[int] = []
    transactions: list[int] = []
    forecast: list[int] = []
    previous: list[int] = []
    one_off: list[int] = []
    assumed: list[int] = []


class Figures(msgspec.Struct, omit_defaults=True, gc=False):
    """Where the money stands at the end of a period, in pence, the year's periods to it added up.

    current_budget = original_budget + virements; variance = forecast - current_budget, of which
    one_off + ongoing; movement = variance - what it was by the forecast before. `run_rate` is what
    the year would come to if it went on as it has: beside the forecast, never instead of it.
    """

    original_budget: int = 0
    virements: int = 0
    current_budget: int = 0
    budget_to_date: int = 0
    actual: int = 0
    commitments: int = 0
    forecast: int = 0
    variance: int = 0
    movement: int = 0
    one_off: int = 0
    ongoing: int = 0
    assumed: int = 0
    run_rate: int = 0


class Forecast(msgspec.Struct, omit_defaults=True, gc=False):
    """A manager's forecast of a subjective group's outturn, made at the end of a period."""

    subjective: str
    period: int
    amount: int
    one_off: int = 0
    reason: str = ""
    mitigation: str = ""
    by: str = ""


class Node(msgspec.Struct, omit_defaults=True, frozen=True, gc=False):
    """Where a cost centre is counted; empty parts: it is in no structure."""

    fund: str = ""
    service: str = ""
    directorate: str = ""
    portfolio: str = ""


class CostCentreYear(
    msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="cost-centre"
):
    """A cost centre's year. `is_now` is where it stands today, `was` where it stood in each of
    P01 to P13. `known` is false where no structure names it: it is held and shown all the same.
    `figures` and `rag` are at the end of `period`, the newest that was over on the business day.
    """

    cost_centre: str
    year: str
    name: str
    known: bool
    is_now: Node
    was: list[Node]
    period: int
    figures: Figures
    rag: RagState
    lines: dict[str, Line]
    forecasts: dict[str, Forecast] = {}
    manager: str = ""


class Position(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="position"):
    """A node's year: all of a `level` (fund, directorate, portfolio or service) in one fund.

    By the basis `as-is`, every period is cut by the structure in force today; by `as-was`, each
    period's figures are cut by the structure in force in that period. `node` is empty for what no
    structure places.
    """

    basis: str
    year: str
    fund: str
    level: str
    node: str
    period: int
    figures: Figures
    rag: RagState
    lines: dict[str, Line]
    cost_centres: int = 0


class VirementLine(msgspec.Struct, omit_defaults=True, gc=False):
    """One line of a virement."""

    cost_centre: str
    subjective: str
    year: str
    period: int
    amount: int
    status: str
    title: str = ""
    one_off: bool = False
    decision: str = ""
    decided: str = ""


class Virement(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="virement"):
    """Budget moved. `moved` is what its lines add somewhere, `net` what they all come to: it nets
    to nought, or is held. `level` is who may decide it, `approval` its list in the report.

    `applied` says that it counts in budgets; `held` says why an approved one does not.
    """

    reference: str
    title: str
    status: str
    year: str
    period: int
    moved: int
    net: int
    level: str
    approval: str
    one_off: bool
    applied: bool
    held: str = ""
    decision: str = ""
    decided: str = ""
    fund: str = ""
    lines: dict[str, VirementLine] = {}


class Saving(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="saving"):
    """A saving of a year, in pence: target = delivered + forecast (still to come) + undeliverable.
    `stage` is delivered, on track, at risk or undeliverable."""

    reference: str
    title: str
    year: str
    target: int
    delivered: int
    forecast: int
    undeliverable: int
    stage: str
    rag: RagState
    service: str = ""
    portfolio: str = ""
    directorate: str = ""
    owner: str = ""
    mitigation: str = ""


class Reserve(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="reserve"):
    """A reserve's year, in pence: closing = opening + planned_in - planned_out."""

    reserve: str
    name: str
    year: str
    opening: int
    planned_in: int
    planned_out: int
    closing: int
    rag: RagState
    minimum: int | None = None
    fund: str = ""
    purpose: str = ""


class Stated(msgspec.Struct, omit_defaults=True, gc=False):
    """What the ledger says that its postings come to, in pence."""

    amount: int
    transactions: int | None = None


class Reconciliation(
    msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="reconciliation"
):
    """Postings held beside what their ledger says, of an accounting period or of a batch.

    `difference` is held less stated, and None where the ledger has said nothing; `agrees` is None
    then too. `stated` holds each control total by its record; with several, their sum counts.
    """

    scope: str
    code: str
    transactions: int
    amount: int
    difference: int | None
    agrees: bool | None
    missing_transactions: int | None = None
    year: str = ""
    period: int = 0
    stated: dict[str, Stated] = {}


FINANCE_STATES: tuple[type[msgspec.Struct], ...] = (
    Spend, Control, Hint, CostCentreYear, Position, Virement, Saving, Reserve, Reconciliation,
    Scheme,
)  # fmt: skip
