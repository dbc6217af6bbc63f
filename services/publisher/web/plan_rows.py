"""Rows that several pages show of risks, actions and projects, and of what they are linked to."""

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from services.publisher import reading_contracts, reading_finance
from services.publisher import reading_risks as reading
from services.publisher.api import finance_query
from services.publisher.domain import contracts as said
from services.publisher.domain import finance, plans, risks, words
from services.publisher.readmodel import Snapshot
from services.publisher.web import finance_rows
from services.publisher.web.tables import Facts, table
from shared.contracts.commissioning import Contract
from shared.contracts.risks import Action, Project, Risk
from shared.delivery.held import HeldState


def risk_href(reference: str) -> str:
    """The page of a risk."""
    return f"/risks/{quote(reference, safe='')}"


def action_href(reference: str) -> str:
    """The page of an action."""
    return f"/actions/{quote(reference, safe='')}"


def project_href(reference: str) -> str:
    """The page of a project."""
    return f"/projects/{quote(reference, safe='')}"


def risk_row(view: Snapshot, state: HeldState, found: Risk) -> Facts:
    """A risk as a row of a table."""
    policy = view.catalogue.risk_policy
    return {
        **_row(view, state, found.service or ""),
        "reference": found.reference,
        "href": risk_href(found.reference),
        "category": risks.category_name(found.category, policy),
        "closed": said.on(found.closed),
        "open": found.open,
        **risks.risk_parts(found, policy),
    }


def action_row(view: Snapshot, state: HeldState, found: Action) -> Facts:
    """An action as a row of a table."""
    return {
        **_row(view, state, found.service),
        "reference": found.reference,
        "href": action_href(found.reference),
        "over": found.stage in plans.OVER,
        **plans.action_parts(found),
    }


def project_row(view: Snapshot, state: HeldState, found: Project) -> Facts:
    """A project as a row of a table."""
    return {
        **_row(view, state, found.service),
        "reference": found.reference,
        "href": project_href(found.reference),
        "programme": found.programme,
        "open": found.open,
        **plans.project_parts(found),
    }


def linked_risks(view: Snapshot, references: Iterable[str]) -> tuple[list[Facts], list[str]]:
    """Risks by their references, and those references that no risk has."""
    asked = list(dict.fromkeys(references))
    found = reading.named_risks(view, asked)
    rows = [risk_row(view, *each) for each in found.values()]
    return rows, [each for each in asked if each not in found]


def linked_projects(view: Snapshot, references: Iterable[str]) -> tuple[list[Facts], list[str]]:
    """Projects by their references, and those references that no project has."""
    asked = list(dict.fromkeys(references))
    found = reading.named_projects(view, asked)
    rows = [project_row(view, *each) for each in found.values()]
    return rows, [each for each in asked if each not in found]


def linked_indicators(view: Snapshot, codes: Iterable[str]) -> Facts:
    """Indicators by their codes with their newest figures, and codes that no indicator has."""
    asked = list(dict.fromkeys(codes))
    known = view.catalogue.indicators
    return {
        "rows": table(view, [known[code] for code in asked if code in known]),
        "unknown": [code for code in asked if code not in known],
    }


def linked_cost_centres(view: Snapshot, codes: Iterable[str]) -> Facts:
    """Cost centres by their codes, as they stand this year, and codes that have no money in it."""
    asked = list(dict.fromkeys(codes))
    if not asked:
        return {"rows": [], "unknown": []}
    when = finance_query.asked(view, None, None, None)
    held = reading_finance.named_cost_centres(view, when.when.year, asked)
    rows, unknown = [], []
    for code in asked:
        found = held.get(code)
        if found is None:
            unknown.append(code)
        else:
            one = reading_finance.standing_of(view, *found, when.basis, when.when)
            rows.append(finance_rows.row(one, when))
    return {"rows": rows, "unknown": unknown, "period": finance.period(when.when)}


def linked_contracts(view: Snapshot, references: Iterable[str]) -> Facts:
    """Contracts by their references, and references that no contract has."""
    rows, unknown = [], []
    for reference in dict.fromkeys(references):
        found = reading_contracts.contract(view, reference)
        if found is None:
            unknown.append(reference)
        else:
            rows.append(contract_row(*found))
    return {"rows": rows, "unknown": unknown}


def contract_row(state: HeldState, found: Contract) -> Facts:
    """A contract as a linked thing: its stage, and what is next."""
    return {
        "subject": state.subject,
        "reference": found.reference,
        "href": f"/contracts/{quote(found.reference, safe='')}",
        **said.contract_parts(found),
    }


def service_choices(view: Snapshot, used: Iterable[str], chosen: str) -> list[Facts]:
    """The services that a list can be filtered by: those that it has."""
    named = view.catalogue.services
    codes = ({*used} | {chosen}) - {""}
    listed = sorted((named[code].name if code in named else code, code) for code in codes)
    return options([("Every service", ""), *listed], chosen)


def options(listed: Iterable[tuple[str, str]], chosen: str) -> list[Facts]:
    """Choices of a select."""
    return [{"value": code, "text": name, "selected": code == chosen} for name, code in listed]


def filtered(path: str, **asked: str) -> str:
    """A list's address with a filter."""
    return f"{path}?{urlencode({name: text for name, text in asked.items() if text})}"


def place(view: Snapshot, directorate: str, portfolio: str) -> list[tuple[str, str]]:
    """Where something stands in the council, as labels and names."""
    in_directorate = view.catalogue.directorates.get(directorate)
    in_portfolio = view.catalogue.portfolios.get(portfolio)
    return [
        (
            "Directorate",
            (in_directorate.name if in_directorate else directorate) or said.NOT_RECORDED,
        ),
        ("Portfolio", (in_portfolio.name if in_portfolio else portfolio) or said.NOT_RECORDED),
    ]


def _row(view: Snapshot, state: HeldState, service: str) -> Facts:
    found = view.catalogue.services.get(service)
    at = state.origin or state.time
    return {
        "subject": state.subject,
        "service": found.name if found else service,
        "service_href": f"/services/{quote(service, safe='')}" if found else "",
        "fresh": f"Updated {words.moment(at)}",
        "fresh_at": at,
    }
