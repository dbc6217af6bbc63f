"""The facts of the pages that list savings, reserves, virements, spending and control totals."""

from services.publisher import reading
from services.publisher import reading_finance as money_of
from services.publisher import reading_lists as lists
from services.publisher.api import finance_query as asking
from services.publisher.api import query
from services.publisher.domain import finance, finance_words, money
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_rows as rows
from services.publisher.web.tables import Facts, ledgers
from shared.catalogue.model import Ledger
from shared.contracts.finance import Hint, Virement
from shared.contracts.states import Record
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem

APPROVALS = ("for approval", "for information")
HINTS_SHOWN = 50
RECORDS_SHOWN = 12
NOT_TOLD = "Not told"


def _years(chosen: str, known: list[str]) -> list[tuple[str, str, bool]]:
    listed = known if chosen in known else [chosen, *known]
    return [(code, finance.year(code), code == chosen) for code in listed]


def savings(view: Snapshot, year: str | None) -> Facts:
    """The savings of a year."""
    known = money_of.years(view, "saving")
    chosen = asking.year(year, money_of.default_year(view, known))
    found = lists.savings(view, chosen)
    return {
        **rows.page(view),
        "year": finance.year(chosen),
        "years": _years(chosen, known),
        "sentence": finance_words.SavingTotal(each for _, each in found).sentence(),
        "rows": [rows.saving_row(view, *each) for each in found],
    }


def reserves(view: Snapshot, year: str | None) -> Facts:
    """The reserves of a year, fund by fund."""
    known = money_of.years(view, "reserve")
    chosen = asking.year(year, money_of.default_year(view, known))
    return {
        **rows.page(view),
        "year": finance.year(chosen),
        "years": _years(chosen, known),
        "funds": rows.reserves_by_fund(view, lists.reserves(view, chosen)),
    }


def virements(view: Snapshot, year: str | None) -> Facts:
    """Virements of a year in the two lists of the report."""
    known = lists.virement_years(view)
    chosen = asking.year(year, money_of.default_year(view, known))
    found = lists.virements(view, chosen)
    return {
        **rows.page(view),
        "year": finance.year(chosen),
        "years": _years(chosen, known),
        "lists": virement_lists(view, found),
        "held": [rows.virement_row(view, *each) for each in found if each[1].held],
    }


def virement_lists(
    view: Snapshot, found: list[tuple[HeldState, Virement]]
) -> list[tuple[str, list[Facts]]]:
    """Virements for approval, and those for information."""
    return [
        (
            approval,
            [rows.virement_row(view, *each) for each in found if each[1].approval == approval],
        )
        for approval in APPROVALS
    ]


def reconciliation(view: Snapshot, year: str | None) -> Facts:
    """What is held beside what the ledger states; what does not agree comes first."""
    known = money_of.years(view, asking.POSITIONS)
    chosen = asking.year(year, money_of.default_year(view, known))
    found = lists.reconciliations(view, chosen)
    listed = [rows.reconciliation_row(*each) for each in found]
    order = {"red": 0, "information": 1, "green": 2}
    return {
        **rows.page(view),
        "year": finance.year(chosen),
        "years": _years(chosen, known),
        "wrong": sum(each.agrees is False for _, each in found),
        "rows": sorted(listed, key=lambda each: order[each["outcome"]]),
    }


def spending(view: Snapshot, ledger: str | None, year: str | None) -> Facts:
    """What was spent by unit and month, and payments that are worth a look."""
    known = view.catalogue.ledgers
    if ledger and ledger not in known:
        raise Problem(404, f"There is no ledger {ledger[:60]!r}.")
    chosen = ledger or next(iter(known), None)
    spent = None
    if chosen is not None:
        spent = money.spending([row for _, row in reading.spend(view, chosen)], year or None)
    if year and spent is None:
        raise query.refuse("year", year, "a financial year with spending, such as 2024-25")
    found = lists.hints(view, chosen) if chosen else []
    return {
        **rows.page(view),
        "ledgers": ledgers(view),
        "chosen": chosen,
        "spent": spent,
        "hints": [_hint(view, known[chosen], *each) for each in found[:HINTS_SHOWN] if chosen],
        "hints_more": max(0, len(found) - HINTS_SHOWN),
    }


def _hint(view: Snapshot, ledger: Ledger, state: HeldState, held: Hint) -> Facts:
    """Payments worth a look. A supplier whose name is withheld stays withheld."""
    bodies = lists.records(view, held.records[:RECORDS_SHOWN])
    return {
        "subject": state.subject,
        "what": "Possible duplicate" if held.hint == "duplicate" else "Possible split purchase",
        "text": finance_words.hint(held),
        "each": finance.pence(held.each_pence) if held.each_pence else "",
        "total": finance.pence(held.total_pence),
        "first": held.first,
        "last": held.last,
        "unit": held.unit or "Several",
        "supplier": _supplier(ledger, bodies),
        "records": held.records[:RECORDS_SHOWN],
        "more": max(0, len(held.records) - RECORDS_SHOWN),
    }


def _supplier(ledger: Ledger, found: list[Record]) -> str:
    if ledger.supplier is None:
        return NOT_TOLD
    names = {str(each.fields.get(ledger.supplier) or "") for each in found}
    withheld = {each.casefold() for each in ledger.redacted}
    told = sorted(name for name in names if name and name.casefold() not in withheld)
    return ", ".join(told) or NOT_TOLD
