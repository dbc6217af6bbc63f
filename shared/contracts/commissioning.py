"""The states of contracts and commissioning intentions: what irf.contracts carries.

Rule: every amount is a whole number of pence, every day an ISO date; empty where it is not known.
"""

import msgspec


class ContractKpi(msgspec.Struct, omit_defaults=True, gc=False):
    """A key performance indicator of a contract: the indicator that measures it."""

    indicator: str
    title: str = ""


class ContractSpend(
    msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="contract-spend"
):
    """What is known under a contract's reference besides the register's own record: what was paid,
    in pence and by financial year, its KPIs by their records, and the intentions that name it, each
    `open`, `decided` or `withdrawn`. `registered` says whether the register knows it.
    """

    reference: str
    spent: int
    transactions: int
    years: dict[str, int]
    registered: bool
    kpis: dict[str, ContractKpi] = {}
    intentions: dict[str, str] = {}


class Contract(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="contract"):
    """A contract of the register. Money is in pence, days are ISO dates.

    `expiry` is its current last day: the end with the extensions taken, or as the register says.
    `last_expiry` is that with every extension it allows. `notice_by` is the last day for giving
    notice, `decision_by` when what follows must be decided. `stage`, on the business day: not
    started, in force, decision due (within the horizon), decision overdue or expired; `on_horizon`
    says that it expires within the horizon. `decided` says that an intention for it is decided.
    `kpis_short` is how many KPIs its size asks for and it does not name. `expiry_set` and
    `decision_set` say that the register gives that day itself. `records` are those that the
    register has under its reference; the last of them is the one that holds.
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
    decided: bool = False
    spent_transactions: int = 0
    notice_months: int | None = None
    decision_set: bool = False
    expiry_set: bool = False
    records: list[str] = []


class Intention(msgspec.Struct, omit_defaults=True, gc=False, tag_field="kind", tag="intention"):
    """A commissioning intention: what will be recommissioned, decommissioned, insourced, varied or
    extended. `overdue` says that its decision should have been taken by the business day. Of
    several `records` with its reference the last holds."""

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
    records: list[str] = []


CONTRACT_STATES: tuple[type[msgspec.Struct], ...] = (Contract, ContractSpend, Intention)
