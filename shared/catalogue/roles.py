"""The roles that a dataset can have in the council's finances, and the fields that each needs.

Rule: a dataset with a role is read by the names given here; what its source calls a column is said
by the field's `headers`. So a ledger of any make is read without a word of code, and without a
second table of which column means what.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Role = Literal[
    "cost-centre", "posting", "budget", "virement", "commitment", "forecast", "saving", "reserve",
    "control-total", "capital-scheme", "capital-budget", "capital-movement", "capital-posting",
    "capital-forecast", "capital-funding", "milestone", "contract", "contract-kpi", "intention",
]  # fmt: skip

TEXT, MONEY, WHOLE = ("text", "integer"), ("money",), ("integer",)
DAY, YES_NO, YEAR, PERIOD = ("date", "datetime"), ("boolean",), ("financial-year",), ("period",)


class Part(NamedTuple):
    """A field of a role: the types it may have, and whether a dataset of the role must have it."""

    name: str
    types: tuple[str, ...]
    needed: bool
    about: str


def _needed(name: str, types: tuple[str, ...], about: str) -> Part:
    return Part(name, types, needed=True, about=about)


def _may(name: str, types: tuple[str, ...], about: str) -> Part:
    return Part(name, types, needed=False, about=about)


COST_CENTRE = _needed("cost_centre", TEXT, "the cost centre's code")
SUBJECTIVE = _needed("subjective", TEXT, "the account, or the code of its subjective group")
SCHEME = _needed("scheme", TEXT, "the capital scheme's code")
REFERENCE = _needed("reference", TEXT, "what it is known by")
YEAR_OF = _needed("year", YEAR, "the financial year")
PERIOD_OF = _needed("period", PERIOD, "the accounting period")
AMOUNT = _needed("amount", MONEY, "pounds; spending is positive, income and credits negative")
TITLE = _needed("title", TEXT, "its name in words")
# Where something stands in time: a period that names its year, a period with a year, or a day.
WHEN = (
    _may("year", YEAR, "the financial year, unless the period names it"),
    _may("period", PERIOD, "the accounting period; without one, the month of the date"),
    _may("date", DAY, "the day, where the ledger gives no period"),
)
OWNED = (
    _may("service", TEXT, "the code of the service that answers for it"),
    _may("portfolio", TEXT, "the code of the portfolio, unless it is the service's own"),
)
DECIDED = (
    _may("decision", TEXT, "the reference of the decision"),
    _may("decided", DAY, "the day of the decision"),
)

ROLES: dict[str, tuple[Part, ...]] = {
    "cost-centre": (
        COST_CENTRE,
        _needed("name", TEXT, "its name"),
        _needed("service", TEXT, "the code of the service it belongs to"),
        _needed("fund", TEXT, "the code of its fund"),
        _may("valid_from", DAY, "the first day on which this holds; blank: from the beginning"),
        _may("valid_to", DAY, "the last day on which this holds; blank: until further notice"),
        _may("manager", TEXT, "the post that manages the budget"),
    ),
    "posting": (
        COST_CENTRE,
        SUBJECTIVE,
        AMOUNT,
        *WHEN,
        _may("batch", TEXT, "the ledger's own batch, for its control total"),
        _may("description", TEXT, "what it is for"),
        _may("supplier", TEXT, "who was paid"),
        _may("contract", TEXT, "the reference of the contract it was paid under"),
    ),
    "budget": (
        COST_CENTRE,
        SUBJECTIVE,
        YEAR_OF,
        _needed("amount", MONEY, "pounds, as approved by council before the year"),
        _may("period", PERIOD, "the one period it falls due in; blank: the whole year's, profiled"),
        _may("profile", TEXT, "the code of a profile of the accounts; blank: even twelfths"),
    ),
    "virement": (
        REFERENCE,
        _needed("line", TEXT, "which line of the virement it is"),
        COST_CENTRE,
        SUBJECTIVE,
        YEAR_OF,
        _needed("period", PERIOD, "the period from which it counts"),
        _needed("amount", MONEY, "pounds added to the budget, or (negative) taken from it"),
        _needed("status", TEXT, "Proposed, Approved or Rejected"),
        _may("title", TEXT, "what it is for"),
        _may("one_off", YES_NO, "whether it is for this year alone"),
        *DECIDED,
    ),
    "commitment": (
        _needed("order", TEXT, "the order's number"),
        COST_CENTRE,
        SUBJECTIVE,
        _needed("amount", MONEY, "pounds ordered and not yet paid"),
        *WHEN,
        _may("supplier", TEXT, "who it was ordered from"),
        _may("contract", TEXT, "the reference of the contract it was ordered under"),
    ),
    "forecast": (
        COST_CENTRE,
        SUBJECTIVE,
        YEAR_OF,
        _needed("period", PERIOD, "the period at whose end it was made"),
        _needed("amount", MONEY, "pounds, the outturn for the whole year"),
        _may("one_off", MONEY, "pounds of the variance that are for this year alone"),
        _may("reason", TEXT, "why it differs from the budget"),
        _may("mitigation", TEXT, "what is done about it"),
        _may("by", TEXT, "the post that made it"),
    ),
    "saving": (
        REFERENCE,
        TITLE,
        YEAR_OF,
        _needed("target", MONEY, "pounds to be saved"),
        _needed("delivered", MONEY, "pounds saved so far"),
        _may("forecast", MONEY, "pounds still to be saved this year"),
        *OWNED,
        _may("owner", TEXT, "the post that answers for it"),
        _may("mitigation", TEXT, "what stands in for what cannot be delivered"),
    ),
    "reserve": (
        _needed("reserve", TEXT, "the reserve's code"),
        _needed("name", TEXT, "its name"),
        YEAR_OF,
        _needed("opening", MONEY, "pounds at the start of the year"),
        _may("planned_in", MONEY, "pounds to be put in over the year"),
        _may("planned_out", MONEY, "pounds to be used over the year, as a positive number"),
        _may("minimum", MONEY, "pounds below which it should not fall"),
        _may("fund", TEXT, "the code of its fund"),
        _may("purpose", TEXT, "what it is held for; blank: general"),
    ),
    "control-total": (
        _may("year", YEAR, "the financial year, for a period's total"),
        _may("period", PERIOD, "the accounting period, for a period's total"),
        _may("batch", TEXT, "the ledger's batch, for a batch's total"),
        _needed("amount", MONEY, "pounds that the ledger says its postings come to"),
        _may("transactions", WHOLE, "how many postings the ledger says there are"),
    ),
    "capital-scheme": (
        SCHEME,
        TITLE,
        *OWNED,
        _may("manager", TEXT, "the post that runs it"),
        _may("status", TEXT, "where it stands, such as Design or On site"),
        _may("summary", TEXT, "what it is for"),
    ),
    "capital-budget": (
        REFERENCE,
        SCHEME,
        YEAR_OF,
        _needed("amount", MONEY, "pounds"),
        _needed("approval", TEXT, "Provisional or Fully approved"),
        *DECIDED,
    ),
    "capital-movement": (
        REFERENCE,
        SCHEME,
        _needed("change", TEXT, "Rephasing, Addition, Reduction or Removal"),
        _needed("amount", MONEY, "pounds moved, as a positive number"),
        _may("from_year", YEAR, "the financial year it is taken from"),
        _may("to_year", YEAR, "the financial year it is moved or added to"),
        _needed("status", TEXT, "Proposed, Approved or Rejected"),
        _may("reason", TEXT, "why"),
        *DECIDED,
    ),
    "capital-posting": (
        SCHEME,
        AMOUNT,
        *WHEN,
        _may("batch", TEXT, "the ledger's own batch"),
        _may("description", TEXT, "what it is for"),
        _may("supplier", TEXT, "who was paid"),
        _may("contract", TEXT, "the reference of the contract it was paid under"),
    ),
    "capital-forecast": (
        SCHEME,
        YEAR_OF,
        _needed("period", PERIOD, "the period at whose end it was made"),
        _needed("amount", MONEY, "pounds, the year's spending"),
        _may("reason", TEXT, "why it differs from the budget"),
    ),
    "capital-funding": (
        REFERENCE,
        SCHEME,
        YEAR_OF,
        _needed("source", TEXT, "Grant, Borrowing, Receipts, Section 106, CIL, Revenue or Other"),
        _needed("amount", MONEY, "pounds"),
    ),
    "milestone": (
        SCHEME,
        _needed("milestone", TEXT, "which milestone it is"),
        TITLE,
        _needed("planned", DAY, "the day it is planned for"),
        _may("forecast", DAY, "the day it is expected"),
        _may("achieved", DAY, "the day it was reached"),
    ),
    "contract": (
        REFERENCE,
        TITLE,
        _may("supplier", TEXT, "with whom; blank where it is withheld"),
        _needed("start", DAY, "its first day"),
        _needed("end", DAY, "its last day, before any extension"),
        _may("expiry", DAY, "its current last day, where the register says so itself"),
        _may("total_value", MONEY, "pounds over its whole term, extensions included"),
        _may("annual_value", MONEY, "pounds a year"),
        _may("extension_months", TEXT, "months of each extension in turn, such as 12 or 12+12"),
        _may("extensions_taken", WHOLE, "how many of them were taken"),
        _may("notice_months", WHOLE, "months of notice that ending it needs"),
        _may("decision_by", DAY, "when what follows it must be decided"),
        *OWNED,
        _may("directorate_name", TEXT, "the department, as the register has it"),
        _may("owner", TEXT, "the post that manages it"),
        _may("description", TEXT, "what is bought"),
        _may("process", TEXT, "how it was let, such as Invitation to tender"),
        _may("category_code", TEXT, "ProClass or CPV code"),
        _may("category", TEXT, "ProClass or CPV description"),
        _may("company_number", TEXT, "the supplier's registered number"),
        _may("sme", YES_NO, "whether the supplier is a small or medium enterprise"),
        _may("vcse", YES_NO, "whether it is a voluntary or community organisation"),
        _may("irrecoverable_vat", MONEY, "pounds of VAT that cannot be recovered"),
    ),
    "contract-kpi": (
        _needed("contract", TEXT, "the contract's reference"),
        _needed("indicator", TEXT, "the code of the indicator that measures it"),
        _may("title", TEXT, "what it is called in the contract"),
    ),
    "intention": (
        REFERENCE,
        TITLE,
        _needed("option", TEXT, "Recommission, Decommission, Insource, Vary or Extend"),
        _needed("status", TEXT, "Proposed, Agreed, In procurement, Awarded or Withdrawn"),
        *OWNED,
        _may("contract", TEXT, "the reference of the contract it follows"),
        _may("lead", TEXT, "the post that leads it"),
        _may("decision_by", DAY, "when it is to be decided"),
        _may("decided", DAY, "when it was decided"),
        _may("forum", TEXT, "where it is decided, such as Cabinet"),
        _may("value", MONEY, "pounds over the whole term"),
        _may("start", DAY, "when what follows is to start"),
        _may("end", DAY, "when what follows is to end"),
        _may("notice", DAY, "when the tender notice is to be published"),
        _may("description", TEXT, "what is wanted"),
        _may("indicators", TEXT, "codes of the indicators it is to move, parted by commas"),
        _may("risks", TEXT, "references of its risks, parted by commas"),
        _may("category_code", TEXT, "CPV code"),
        _may("category", TEXT, "Goods, Services or Works"),
        _may("procedure", TEXT, "how it is to be let"),
        _may("sme", YES_NO, "whether it suits small and medium enterprises"),
        _may("vcse", YES_NO, "whether it suits voluntary and community organisations"),
    ),
}  # fmt: skip
