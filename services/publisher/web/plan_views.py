"""The facts of a service's plan: what it is to achieve, with what, and what stands in the way; as a
page and as files, for the annual planning round."""

from collections.abc import Collection, Iterator
from urllib.parse import quote

from services.publisher import reading_contracts
from services.publisher import reading_risks as reading
from services.publisher.domain import contracts as contract_words
from services.publisher.domain import plans, risks, service_words, words
from services.publisher.domain.service_plan import HEADERS, PlanLine, csv_file, sections
from services.publisher.readmodel import Snapshot
from services.publisher.web import contract_views, finance_views
from services.publisher.web import plan_rows as rows
from services.publisher.web.tables import Facts, Row, frame, table, tally
from shared.catalogue.model import Service
from shared.contracts.risks import Action, Project, Risk
from shared.runtime.problems import Problem

KINDS = "indicators,finance,risks,contracts"


def plan(view: Snapshot, code: str) -> Facts:
    """Everything that a service plans with."""
    service = _service(view, code)
    shown = _indicators(view, code)
    directorate = view.catalogue.directorates.get(service.directorate or "")
    portfolio = view.catalogue.portfolios.get(service.portfolio or "")
    at = f"/services/{quote(code, safe='')}"
    return {
        **frame(view, f"{at}/plan", {"kinds": KINDS, "service": code}),
        "wide": True,
        "service": service,
        "address": at,
        "directorate": directorate,
        "portfolio": portfolio,
        "today": words.day(view.today),
        "rows": shown,
        "tally": tally(shown),
        "money": finance_views.for_service(view, code),
        "contracts": contract_views.for_service(view, code),
        **for_service(view, code),
    }


def for_service(view: Snapshot, code: str) -> Facts:
    """A service's open risks, actions and projects, for its own pages."""
    held = [each for each in reading.risks(view) if each[1].service == code and each[1].open]
    actions = [each for each in reading.actions(view) if each[1].service == code]
    projects = [each for each in reading.projects(view) if each[1].service == code]
    return {
        "said": [
            service_words.risks(each for _, each in held),
            service_words.actions(each for _, each in actions),
            service_words.projects(each for _, each in projects),
        ],
        "risks": [rows.risk_row(view, *each) for each in held if risks.is_threat(each[1])],
        "opportunities": [
            rows.risk_row(view, *each) for each in held if not risks.is_threat(each[1])
        ],
        "actions": [
            rows.action_row(view, *each) for each in actions if each[1].stage not in plans.OVER
        ],
        "actions_done": sum(each.stage == "complete" for _, each in actions),
        "projects": [rows.project_row(view, *each) for each in projects if each[1].open],
        "actions_link": rows.filtered("/actions", service=code),
        "projects_link": rows.filtered("/projects", service=code),
        "risks_link": f"{rows.filtered('/risks', service=code)}#register-heading",
    }


def for_indicators(view: Snapshot, codes: Collection[str]) -> Facts:
    """The open risks, actions and projects that name some of these indicators, and the cost centres
    that they name in turn."""
    wanted = set(codes)

    def names(found: Risk | Action | Project) -> bool:
        return not wanted.isdisjoint(found.indicators)

    held = [each for each in reading.risks(view) if each[1].open and names(each[1])]
    actions = [
        each for each in reading.actions(view) if each[1].stage not in plans.OVER and names(each[1])
    ]
    projects = [each for each in reading.projects(view) if each[1].open and names(each[1])]
    linking: list[Risk | Action | Project] = [
        each for listed in (held, actions, projects) for _, each in listed
    ]
    linked = [code for each in linking for code in each.cost_centres]
    return {
        "risks": [rows.risk_row(view, *each) for each in held],
        "actions": [rows.action_row(view, *each) for each in actions],
        "projects": [rows.project_row(view, *each) for each in projects],
        "money": rows.linked_cost_centres(view, linked),
    }


def for_indicator(view: Snapshot, code: str) -> Facts:
    """The open risks and actions that name an indicator, for its own page."""
    held = [each for each in reading.risks(view) if code in each[1].indicators and each[1].open]
    actions = [
        each
        for each in reading.actions(view)
        if code in each[1].indicators and each[1].stage not in plans.OVER
    ]
    return {
        "risks": {"rows": [rows.risk_row(view, *each) for each in held], "unknown": []},
        "actions": [rows.action_row(view, *each) for each in actions],
    }


def plan_csv(view: Snapshot, code: str) -> tuple[str, bytes]:
    """The plan as a CSV file: its name and its content."""
    service = _service(view, code)
    return _name(view, service, "csv"), csv_file(lines(view, code))


def plan_html(view: Snapshot, code: str) -> tuple[str, Facts]:
    """The plan as a page to keep, which needs no other file: its name and its facts."""
    service = _service(view, code)
    facts = {
        "council": view.catalogue.council,
        "service": service,
        "today": words.day(view.today),
        "cursor": view.event_id,
        "headers": HEADERS,
        "sections": list(sections(lines(view, code))),
    }
    return _name(view, service, "html"), facts


def lines(view: Snapshot, code: str) -> Iterator[PlanLine]:
    """Every line of a service's plan."""
    for row in _indicators(view, code):
        yield _indicator_line(row)
    money = finance_views.for_service(view, code)
    for fund in money["rows"] if money else ():
        yield PlanLine(
            "Money",
            "",
            f"{fund['fund']}, {fund['period']}",
            f"Forecast {fund['forecast']}",
            f"Current budget {fund['current_budget']}",
            fund["outcome_word"],
            notes=fund["variance_words"],
        )
    policy = view.catalogue.risk_policy
    for _, risk in reading.risks(view):
        if risk.service == code and risk.open:
            parts = risks.risk_parts(risk, policy)
            yield PlanLine(
                "Risks" if risks.is_threat(risk) else "Opportunities",
                risk.reference,
                risk.title,
                f"{parts['score']}, {parts['band']}",
                parts["target"],
                parts["standing"],
                parts["review"],
                risk.owner or "",
                risk.response,
            )
    yield from _commissioned(view, code)
    for _, action in reading.actions(view):
        if action.service == code and action.stage not in plans.OVER:
            parts = plans.action_parts(action)
            yield PlanLine(
                "Actions",
                action.reference,
                action.title,
                parts["progress"],
                status=parts["outcome_word"],
                by=parts["due"],
                owner=action.owner,
                notes=parts["expected"],
            )
    for _, project in reading.projects(view):
        if project.service == code and project.open:
            parts = plans.project_parts(project)
            yield PlanLine(
                "Projects",
                project.reference,
                project.title,
                parts["reached"],
                parts["next"],
                parts["outcome_word"],
                parts["end"],
                project.manager,
                parts["ends"],
            )


def _commissioned(view: Snapshot, code: str) -> Iterator[PlanLine]:
    for _, contract in reading_contracts.contracts(view):
        if contract.service == code and contract.stage != "expired":
            parts = contract_words.contract_parts(contract)
            yield PlanLine(
                "Contracts",
                contract.reference,
                contract.title,
                f"Paid to date {parts['spent']}",
                f"Total value {parts['total']}",
                parts["outcome_word"],
                parts["decision"],
                contract.owner,
                parts["next"],
            )
    for _, intention in reading_contracts.intentions(view):
        if intention.service == code and intention.status != "Withdrawn":
            parts = contract_words.intention_parts(intention)
            yield PlanLine(
                "Commissioning intentions",
                intention.reference,
                f"{parts['option']}: {intention.title}",
                aim=f"Estimated value {parts['value']}",
                status=parts["status"],
                by=parts["decision"],
                owner=intention.lead,
                notes=parts["overdue"] or parts["decided"],
            )


def _indicator_line(row: Row) -> PlanLine:
    code, title, owner = row.indicator.code, row.indicator.title, row.indicator.owner or ""
    found = row.figure
    if found is None:
        return PlanLine("Indicators", code, title, "No figure yet", owner=owner)
    now = f"{found.text}, {found.period}"
    return PlanLine(
        "Indicators",
        code,
        title,
        now,
        found.target,
        found.outcome_word,
        owner=owner,
        notes="" if found.last_year.way == "none" else found.last_year.text,
    )


def _indicators(view: Snapshot, code: str) -> list[Row]:
    return table(
        view, [each for each in view.catalogue.indicators.values() if each.service == code]
    )


def _service(view: Snapshot, code: str) -> Service:
    found = view.catalogue.services.get(code)
    if found is None:
        raise Problem(404, f"There is no service {code[:60]!r}.")
    return found


def _name(view: Snapshot, service: Service, kind: str) -> str:
    return f"service-plan-{service.code}-{view.today.isoformat()}.{kind}"
