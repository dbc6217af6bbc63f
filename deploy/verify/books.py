"""Every state of irf.finance and irf.contracts that must be published, by its subject.

Rule: a state has what is compared of it and nothing else; hints are apart, since their subjects end
with a mark that only finance makes.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote

from deploy.verify.accounting import Books
from deploy.verify.capital import schemes
from deploy.verify.contracts import contracts, intentions, payments
from deploy.verify.money import finance
from deploy.verify.plans import reconciliations, reserves, savings
from deploy.verify.positions import positions
from deploy.verify.revenue import cost_centre_state, years
from deploy.verify.source import Definitions, Json, Record
from deploy.verify.structure import Structure
from deploy.verify.virements import virement_state, virements

Records = Mapping[str, Sequence[Record]]


def subject(*parts: str) -> str:
    """A subject of these parts, each safe beside the others."""
    return "/".join(quote(part, safe="") for part in parts)


def finance_states(definitions: Definitions, records: Records, today: date) -> dict[str, Json]:
    """Every state of irf.finance but the hints."""
    states = finance(definitions, records)
    books = Books(definitions, records, today)
    structure = Structure(books)
    cost_centres = [
        cost_centre_state(books, structure, code, year, each.lines)
        for (code, year), each in years(books, structure).items()
    ]
    for state in cost_centres:
        states[subject("cost-centre", state["year"], state["cost_centre"])] = state
    for place, state in positions(books, cost_centres).items():
        states[subject("position", *place)] = state
    for reference, lines in virements(books).items():
        states[subject("virement", reference)] = virement_state(books, structure, lines)
    for of_year, state in savings(books, structure).items():
        states[subject("saving", *of_year)] = state
    for of_year, state in reserves(books).items():
        states[subject("reserve", *of_year)] = state
    for scope, state in reconciliations(books).items():
        states[subject("reconciliation", *scope)] = state
    for code, state in schemes(books, structure).items():
        states[subject("scheme", code)] = state
    return states


def contract_states(definitions: Definitions, records: Records, today: date) -> dict[str, Json]:
    """Every state of irf.contracts."""
    books = Books(definitions, records, today)
    structure = Structure(books)
    by_kind = {
        "contract": contracts(books, structure),
        "contract-spend": payments(books),
        "intention": intentions(books, structure),
    }
    return {
        subject(kind, code): state
        for kind, states in by_kind.items()
        for code, state in states.items()
    }
