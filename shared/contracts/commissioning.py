"""The states of contracts and commissioning intentions: what irf.contracts carries.

Rule: every amount is a whole number of pence, every day an ISO date; empty where it is not known.
"""

import msgspec


class ContractKpi(msgspec.Struct, omit_defaults=True, gc=False):
    """A key performance indicator of a contract: the indicator that measures it."""

    indicator: str
    title: str = ""


class ContractSpend(msgspec.Struct, omit_defaults=True, gc=False):
    """What was paid under a contract's reference, in pence, by financial year; `registered` says
    whether the register knows it."""

    reference: str
    spent: int
    transactions: int
    years: dict[str, int]
    registered: bool
    kind: str = "contract-spend"


class Contract(msgspec.Struct, omit_defaults=True, gc=False):
    """A contract of the register. Money is in pence, days are ISO dates.

    `expiry` is its current last day: the end with the extensions taken, or as the register says.
    `last_expiry` is that with every extension it allows. `notice_by` is the last day for giving
    notice, `decision_by` when what follows must be decided. `stage`, on the business day: not
    started, in force, decision due (within the horizon), decision overdue or expired; `on_horizon`
    says that it expires within the horizon. `kpis_short` is how many KPIs its size asks for and it
    does not name.
    """

    reference: str
    title: str
    start: str
    end: str
    expiry: str
    last_expiry: str
    decision_by: str
    stage: str
    on_horizon: bool
    spent: int
    notice_by: str = ""
    supplier: str = ""
    total_value: int | None = None
    annual_value: int | None = None
    extensions: list[int] = []
    extensions_taken: int = 0
    service: str = ""
    portfolio: str = ""
    directorate: str = ""
    directorate_name: str = ""
    owner: str = ""
    description: str = ""
    process: str = ""
    category_code: str = ""
    category: str = ""
    company_number: str = ""
    sme: bool | None = None
    vcse: bool | None = None
    irrecoverable_vat: int | None = None
    kpis: dict[str, ContractKpi] = {}
    kpis_short: int = 0
    # The intention that says what follows it.
    intention: str = ""
    spent_transactions: int = 0
    kind: str = "contract"


class Intention(msgspec.Struct, omit_defaults=True, gc=False):
    """A commissioning intention: what will be recommissioned, decommissioned, insourced, varied or
    extended. `overdue` says that its decision should have been taken by the business day."""

    reference: str
    title: str
    option: str
    status: str
    overdue: bool
    service: str = ""
    portfolio: str = ""
    directorate: str = ""
    contract: str = ""
    contract_expiry: str = ""
    lead: str = ""
    decision_by: str = ""
    decided: str = ""
    forum: str = ""
    value: int | None = None
    start: str = ""
    end: str = ""
    notice: str = ""
    description: str = ""
    indicators: list[str] = []
    risks: list[str] = []
    category_code: str = ""
    category: str = ""
    procedure: str = ""
    sme: bool | None = None
    vcse: bool | None = None
    kind: str = "intention"


CONTRACT_STATES: tuple[type[msgspec.Struct], ...] = (Contract, ContractSpend, Intention)
