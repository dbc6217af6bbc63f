"""The facts of the pages about improvement actions and projects."""

from urllib.parse import quote

from services.publisher import reading_lists
from services.publisher import reading_risks as reading
from services.publisher.api.risk_query import wanted_plans
from services.publisher.domain import plans, words
from services.publisher.domain.contracts import NOT_RECORDED, on
from services.publisher.readmodel import Snapshot
from services.publisher.web import plan_rows as rows
from services.publisher.web.asking import Asker
from services.publisher.web.tables import Facts, frame
from shared.contracts.risks import ProjectMilestone
from shared.runtime.problems import Problem

HERE = "/actions"
LISTENS = {"kinds": "risks"}
LINKED = {"kinds": "risks,indicators,finance"}


def actions(view: Snapshot, service: str | None, stage: str | None) -> Facts:
    """Every action: what is to be done, then what is over."""
    found = reading.actions(view)
    every = [each for _, each in found]
    asked = wanted_plans(view, every, (), service=service, stage=stage)
    shown = [rows.action_row(view, *each) for each in found if asked.takes(each[1])]
    stages = [(words.sentence(each), each) for each in plans.STAGES]
    return {
        **frame(view, HERE, LISTENS),
        "wide": True,
        "known": len(found),
        "counts": plans.action_counts(every),
        "rows": [row for row in shown if not row["over"]],
        "over": [row for row in shown if row["over"]],
        "filtered": asked != reading.WantedPlans(),
        "choices": {
            "service": rows.service_choices(view, (a.service for a in every), asked.service),
            "stage": rows.options([("Every stage", ""), *stages], asked.stage),
        },
    }


def action(view: Snapshot, reference: str, asker: Asker) -> Facts:
    """Everything about one action."""
    held = reading.action(view, reference)
    if held is None:
        raise Problem(404, f"There is no action {reference[:60]!r}.")
    state, found = held
    row = rows.action_row(view, state, found)
    risks, unknown = rows.linked_risks(view, found.risks)
    projects, unknown_projects = rows.linked_projects(view, found.projects)
    return {
        **frame(view, HERE, LINKED),
        "action": found,
        "form": asker.action_form(reference) if asker.signed_in else "",
        "row": row,
        "place": rows.place(view, found.directorate, found.portfolio),
        "start": on(found.start),
        "indicators": rows.linked_indicators(view, found.indicators),
        "cost_centres": rows.linked_cost_centres(view, found.cost_centres),
        "risks": {"rows": risks, "unknown": unknown},
        "projects": {"rows": projects, "unknown": unknown_projects},
    }


def projects(view: Snapshot, service: str | None) -> Facts:
    """Every project: what runs, then what is over."""
    found = reading.projects(view)
    every = [each for _, each in found]
    asked = wanted_plans(view, every, (), service=service)
    shown = [rows.project_row(view, *each) for each in found if asked.takes(each[1])]
    return {
        **frame(view, HERE, LISTENS),
        "wide": True,
        "known": len(found),
        "counts": plans.project_counts(every),
        "rows": [row for row in shown if row["open"]],
        "over": [row for row in shown if not row["open"]],
        "filtered": asked != reading.WantedPlans(),
        "choices": {
            "service": rows.service_choices(view, (p.service for p in every), asked.service)
        },
    }


def project(view: Snapshot, reference: str) -> Facts:
    """Everything about one project."""
    held = reading.project(view, reference)
    if held is None:
        raise Problem(404, f"There is no project {reference[:60]!r}.")
    state, found = held
    naming = [r.reference for _, r in reading.risks(view) if reference in r.projects]
    risks, unknown = rows.linked_risks(view, [*found.risks, *naming])
    doing = [each for each in reading.actions(view) if reference in each[1].projects]
    return {
        **frame(view, HERE, LINKED),
        "project": found,
        "row": rows.project_row(view, state, found),
        "place": rows.place(view, found.directorate, found.portfolio),
        "about": [
            ("Programme", found.programme or NOT_RECORDED),
            ("Sponsor", found.sponsor or NOT_RECORDED),
            ("Starts", on(found.start)),
            ("Budget", plans.budget(found)),
        ],
        "scheme": found.scheme,
        "scheme_href": _scheme_href(view, found.scheme),
        "milestones": [_milestone(each) for each in plans.milestones(found)],
        "actions": [rows.action_row(view, *each) for each in doing],
        "indicators": rows.linked_indicators(view, found.indicators),
        "cost_centres": rows.linked_cost_centres(view, found.cost_centres),
        "risks": {"rows": risks, "unknown": unknown},
    }


def _scheme_href(view: Snapshot, code: str) -> str:
    known = bool(code) and reading_lists.scheme(view, code) is not None
    return f"/finance/capital/{quote(code, safe='')}" if known else ""


def _milestone(found: ProjectMilestone) -> Facts:
    return {
        "title": found.title or found.milestone,
        "planned": on(found.planned),
        "forecast": on(found.forecast) if found.forecast else "–",
        "achieved": on(found.achieved) if found.achieved else "–",
        "outcome": plans.milestone_outcome(found),
        "outcome_word": words.sentence(found.stage),
    }
