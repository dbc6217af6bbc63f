"""The definitions of the council's accounts: how its ledgers are cut, budgets profiled, and
virements, variances, savings and contracts judged.

Rule: thresholds are the council's own, so they are data. All money here is in whole pounds or
pounds and pence, as people write it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from shared.catalogue.definition import Definition


class Fund(Definition, frozen=True):
    """Money that is never netted with another fund's, such as the Housing Revenue Account."""

    code: str
    name: str


class Subjective(Definition, frozen=True):
    """A standard group of spending or income. `accounts` are the ledger's own codes that belong to
    it, each whole (`10110`) or by its beginning (`10*`); the longest that fits decides."""

    code: str
    name: str
    accounts: list[str] = []


class Profile(Definition, frozen=True):
    """How a year's budget falls due: a weight for each of the periods P01 to P12."""

    code: str
    shares: list[int]


class VirementLevel(Definition, frozen=True):
    """Who may decide a virement of up to so many pounds (any, where `up_to` is left out), and in
    which of the report's two lists it stands."""

    name: str
    up_to: Decimal | None = None
    approval: Literal["for information", "for approval"] = "for information"


class VarianceRule(Definition, frozen=True):
    """A position is amber, or red, from a forecast over its current budget by more than so many
    percent of that budget."""

    amber_over: Decimal = Decimal(0)
    red_over: Decimal = Decimal(2)


class SavingRule(Definition, frozen=True):
    """A saving is red where more than so many percent of its target cannot be delivered."""

    red_over: Decimal = Decimal(25)


class ContractRule(Definition, frozen=True):
    """When a contract comes into sight. A decision is due `decision_months` before it expires
    unless its record says otherwise; those that expire within `horizon_months` are on the horizon;
    one worth more than `kpis_from` pounds names `kpis` key performance indicators."""

    decision_months: int = 12
    horizon_months: int = 18
    kpis_from: Decimal = Decimal(5_000_000)
    kpis: int = 3


class Accounts(Definition, frozen=True):
    """The council's accounts. The datasets that feed them say so by their `role`."""

    code: str
    name: str
    funds: list[Fund]
    subjectives: list[Subjective]
    profiles: list[Profile] = []
    virement_levels: list[VirementLevel] = []
    variance: VarianceRule = VarianceRule()
    savings: SavingRule = SavingRule()
    contracts: ContractRule = ContractRule()


class Ledger(Definition, frozen=True):
    """Spend over a dataset; `unit`, `date`, `amount`, `supplier` and `invoice` are names of the
    dataset's fields. With a supplier, payments that may be a duplicate (the same supplier and
    amount within `duplicate_days`; with `invoice`, the same invoice, and a payment without one is
    no duplicate; more than 500 in a row are a standing payment, and none) are hinted at, and with
    `split_from` those that may be one purchase split to stay below so many pounds: several of one
    unit to one supplier on a day, each below and together not. `redacted` are the names that stand
    for a supplier who is not told: they are nobody, and no hint is made of them."""

    code: str
    dataset: str
    unit: str
    date: str
    amount: str
    title: str = ""
    supplier: str | None = None
    invoice: str | None = None
    duplicate_days: int = 30
    split_from: Decimal | None = None
    redacted: list[str] = []
