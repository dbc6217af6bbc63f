"""Improvement actions, and the projects of the change hub with their milestones.

An action is for a risk, and so for the indicators and cost centres that the risk names. A project
that is expected late slips stage by stage, so that what lies behind it was late by less.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from deploy.sample.made import Fields, Manner, Manners, Record, by, exact, last_day
from deploy.sample.money.register import months_on
from deploy.sample.risk.plans import ACTIONS, PROJECTS, STAGES, ActionRow, ProjectRow
from deploy.sample.risk.register import RISKS

ACTED = "actions"
PLANNED = "projects"
MILESTONES = "project-milestones"
MANNERS: Manners = {ACTED: Manner(day="%d/%m/%Y")}

_RISKS = {risk.reference: risk for risk in RISKS}


def records(rng: Random, end: date) -> Iterator[Record]:
    """Actions, projects and milestones."""
    for number, action in enumerate(ACTIONS, 1):
        yield Record(ACTED, _action(rng, number, action, end))
    yield from (Record(PLANNED, _project(each, end)) for each in PROJECTS)
    for project in PROJECTS:
        yield from (Record(MILESTONES, fields) for fields in _milestones(project, end))


def _action(rng: Random, number: int, action: ActionRow, end: date) -> Fields:
    risk = _RISKS[action.risk]
    start = months_on(end, action.start) + timedelta(days=rng.randrange(25))
    due = last_day(months_on(end, action.due))
    done = None
    if action.percent == 100:
        # Most are done in their last month, some in the one after.
        done = min(due + timedelta(days=rng.randrange(-25, 15)), end)
    later = months_on(due, action.later)
    return {
        "reference": f"A{number:03}",
        "title": action.title,
        "service": risk.service,
        "portfolio": None,
        "owner": action.owner or risk.owner,
        "description": f"{action.title}, so that this is less likely or costs less: {risk.title}",
        "status": _status(action),
        "progress": action.percent or 0,
        "start": start,
        "due": due,
        "forecast": last_day(later) if action.later else None,
        "done": done,
        "indicators": risk.indicators,
        "risks": risk.reference,
        "cost_centres": risk.cost_centres,
        "projects": action.project,
    }


def _status(action: ActionRow) -> str:
    if action.percent is None:
        return "Cancelled"
    if action.percent == 100:
        return "Complete"
    return "In progress" if action.percent else "Not started"


def _project(project: ProjectRow, end: date) -> Fields:
    ends = last_day(months_on(end, project.end))
    return {
        "reference": project.reference,
        "title": project.title,
        "service": project.service,
        "portfolio": None,
        "programme": project.programme,
        "sponsor": project.sponsor,
        "manager": project.manager,
        "status": project.status,
        "rag": project.rag,
        "start": months_on(end, project.start),
        "end": ends,
        "forecast_end": last_day(months_on(ends, project.later)),
        "budget": exact(project.thousands * 1000, 2),
        "scheme": project.scheme,
        "summary": project.summary,
        "indicators": project.indicators,
        "risks": project.risks,
        "cost_centres": project.cost_centres,
    }


def _milestones(project: ProjectRow, end: date) -> Iterator[Fields]:
    start, ends = months_on(end, project.start), last_day(months_on(end, project.end))
    late = last_day(months_on(ends, project.later)) - ends
    for number, (title, percent) in enumerate(STAGES, 1):
        planned = start + (ends - start) * percent // 100
        expected = planned + late * percent // 100
        yield {
            "project": project.reference,
            "milestone": str(number),
            "title": title,
            "planned": planned,
            "forecast": expected,
            "achieved": by(end, expected),
        }
