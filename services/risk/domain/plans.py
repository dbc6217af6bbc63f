"""Improvement actions and projects, as their records and the day make them."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from services.risk.domain.placing import placed
from shared.accounts.money import NotPence, pence
from shared.catalogue.model import Catalogue
from shared.contracts.fields import Fields, iso_day, listed, named, text, whole
from shared.contracts.judged import RagState
from shared.contracts.risks import Action, Project, ProjectMilestone

_STATUSES = ("Not started", "In progress", "Complete", "Cancelled")
_RAGS = ("red", "amber", "green")
_OVER = ("closed", "complete", "cancelled")


class _Judged(NamedTuple):
    stage: str
    rag: RagState


def action_of(fields: Fields, catalogue: Catalogue, today: str) -> Action:
    """The action that a record states."""
    where = placed(fields, catalogue)
    due, forecast, done = (iso_day(fields, name) for name in ("due", "forecast", "done"))
    progress = whole(fields, "progress")
    progress = None if progress is None else max(0, min(100, progress))
    slipped = bool(forecast and due and forecast > due)
    judged = _judged(fields, due, slipped=slipped, progress=progress or 0, today=today)
    return Action(
        reference=text(fields, "reference"),
        title=text(fields, "title"),
        stage=judged.stage,
        due=due,
        rag=judged.rag,
        status=named(text(fields, "status"), _STATUSES),
        progress=progress,
        service=where.service,
        directorate=where.directorate,
        portfolio=where.portfolio,
        owner=text(fields, "owner"),
        description=text(fields, "description"),
        start=iso_day(fields, "start"),
        forecast=forecast,
        done=done,
        slipped=slipped,
        indicators=listed(fields, "indicators"),
        risks=listed(fields, "risks"),
        cost_centres=listed(fields, "cost_centres"),
        projects=listed(fields, "projects"),
    )


def _judged(fields: Fields, due: str, *, slipped: bool, progress: int, today: str) -> _Judged:
    status = text(fields, "status").strip().casefold()
    start = iso_day(fields, "start")
    if status == "cancelled":
        return _Judged("cancelled", RagState("no target", "It was cancelled"))
    if status == "complete" or iso_day(fields, "done"):
        return _Judged("complete", RagState("green", "It is done"))
    if due and due < today:
        return _Judged("overdue", RagState("red", f"Red: it was due on {due} and is not done"))
    begun = status == "in progress" or progress > 0 or bool(start and start <= today)
    stage = "in progress" if begun else "not started"
    if slipped:
        return _Judged(
            stage, RagState("amber", f"Amber: it is expected after {due}, when it is due")
        )
    return _Judged(stage, RagState("green", f"Green: it is due on {due}"))


def project_of(
    fields: Fields, milestones: Mapping[str, Fields], catalogue: Catalogue, today: str
) -> Project:
    """The project that a record and its milestones state."""
    where = placed(fields, catalogue)
    found = {record: _milestone(each, today) for record, each in sorted(milestones.items())}
    end, forecast_end = iso_day(fields, "end"), iso_day(fields, "forecast_end")
    amount = fields.get("budget")
    return Project(
        reference=text(fields, "reference"),
        title=text(fields, "title"),
        rag=_project_rag(text(fields, "rag"), found),
        open=text(fields, "status").strip().casefold() not in _OVER,
        status=text(fields, "status"),
        programme=text(fields, "programme"),
        service=where.service,
        directorate=where.directorate,
        portfolio=where.portfolio,
        sponsor=text(fields, "sponsor"),
        manager=text(fields, "manager"),
        start=iso_day(fields, "start"),
        end=end,
        forecast_end=forecast_end,
        slipped_days=_days(end, forecast_end),
        budget=_pence(amount),
        scheme=text(fields, "scheme"),
        summary=text(fields, "summary"),
        milestones=found,
        next_milestone=_next(found),
        indicators=listed(fields, "indicators"),
        risks=listed(fields, "risks"),
        cost_centres=listed(fields, "cost_centres"),
    )


def _milestone(fields: Fields, today: str) -> ProjectMilestone:
    planned, forecast, achieved = (
        iso_day(fields, name) for name in ("planned", "forecast", "achieved")
    )
    stage = "to come"
    if achieved:
        stage = "reached"
    elif planned and planned < today:
        stage = "late"
    elif forecast and planned and forecast > planned:
        stage = "slipped"
    return ProjectMilestone(
        milestone=text(fields, "milestone"),
        title=text(fields, "title"),
        planned=planned,
        stage=stage,
        forecast=forecast,
        achieved=achieved,
    )


def _project_rag(by_manager: str, milestones: Mapping[str, ProjectMilestone]) -> RagState:
    said = by_manager.strip().casefold()
    if said in _RAGS:
        return RagState(said, "As its manager judges it")
    for stage, outcome in (("late", "red"), ("slipped", "amber")):
        behind = sum(each.stage == stage for each in milestones.values())
        if behind:
            many = "1 milestone is" if behind == 1 else f"{behind} milestones are"
            return RagState(outcome, f"{outcome.title()}: {many} {stage}")
    return RagState("green", "Green: no milestone is late or has slipped")


def _next(milestones: Mapping[str, ProjectMilestone]) -> str:
    ahead = [
        (each.forecast or each.planned, record)
        for record, each in milestones.items()
        if each.stage != "reached"
    ]
    return min(ahead)[1] if ahead else ""


def _days(planned: str, expected: str) -> int:
    if not planned or not expected:
        return 0
    return max(0, (date.fromisoformat(expected) - date.fromisoformat(planned)).days)


def _pence(amount: object) -> int | None:
    try:
        return None if amount is None else pence(amount)
    except NotPence:
        return None
