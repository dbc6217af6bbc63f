"""The calls about risks, actions and projects."""

from typing import Annotated, TypeVar

import msgspec
from fastapi import APIRouter, Query

from services.publisher import reading_risks as reading
from services.publisher.api import risk_schemas as schemas
from services.publisher.api.risk_query import quarter, wanted_plans, wanted_risks
from services.publisher.domain import plans, risks, words
from services.publisher.domain.heat import heat_map, level_name
from services.publisher.domain.movements import KINDS, Movement, movements
from services.publisher.readmodel import ReadModel, Snapshot
from shared.contracts.risks import Action, Project, Risk
from shared.delivery.held import HeldState
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]
T = TypeVar("T")


def risk_routes(reads: ReadModel) -> APIRouter:
    """The routes; those with a name of their own come before the ones that take any reference."""
    router = APIRouter(prefix="/v1", tags=["risks"])

    @router.get("/risks")
    async def register(
        tier: Text = None, category: Text = None, service: Text = None, standing: Text = None
    ) -> schemas.Register:
        """The register, the highest score first. `standing` is one of: within appetite, above
        appetite, beyond tolerance."""

        def work(view: Snapshot) -> schemas.Register:
            found = _wanted(view, tier, category, service, standing)
            return schemas.Register(
                cursor=view.event_id,
                text=risks.counts(each for _, each in found),
                risks=[_risk(*each) for each in found],
            )

        return await reads.read(work)

    @router.get("/risks/heat-map")
    async def heat(
        tier: Text = None, category: Text = None, service: Text = None, standing: Text = None
    ) -> schemas.HeatMap:
        """The council's matrix with the open threats in its cells."""

        def work(view: Snapshot) -> schemas.HeatMap:
            scale = reading.scale(view)
            if scale is None:
                raise Problem(404, "There is no risk matrix: the catalogue defines none.")
            listed = _wanted(view, tier, category, service, standing)
            found = heat_map(scale, (each for _, each in listed))
            return schemas.HeatMap(
                cursor=view.event_id,
                matrix=scale.matrix.code,
                likelihood=[level_name(n, each) for n, each in enumerate(scale.likelihood, 1)],
                impact=found.columns,
                cells=[
                    schemas.HeatCell(
                        likelihood=cell.likelihood,
                        impact=cell.impact,
                        score=cell.score,
                        band=cell.band,
                        rag=cell.outcome,
                        risks=[each.reference for each in cell.risks],
                    )
                    for row in found.rows
                    for cell in row.cells
                ],
                elsewhere=[each.reference for each in found.elsewhere],
            )

        return await reads.read(work)

    @router.get("/risks/movements")
    async def moved(
        asked: Annotated[str | None, Query(alias="quarter", max_length=40)] = None,
    ) -> schemas.Movements:
        """What is new, closed, up, down, escalated and de-escalated in a quarter such as
        2026-27-Q2; in this quarter unless another is named."""

        def work(view: Snapshot) -> schemas.Movements:
            found = movements((each for _, each in reading.risks(view)), quarter(view, asked))
            return schemas.Movements(
                cursor=view.event_id,
                quarter=found.quarter.code,
                period=found.quarter.label(),
                text=found.sentence(),
                **{kind.replace("-", "_"): list(map(_moved, found.of(kind))) for kind in KINDS},
            )

        return await reads.read(work)

    @router.get("/risks/{reference:path}")
    async def risk(reference: str) -> schemas.StateAnswer:
        """One risk by its reference, with its controls, its history and what prompts a review."""

        def work(view: Snapshot) -> schemas.StateAnswer:
            return _risk(*known(reading.risk(view, reference), "risk", reference))

        return await reads.read(work)

    @router.get("/actions")
    async def actions(
        service: Text = None, stage: Text = None, risk: Text = None, indicator: Text = None
    ) -> schemas.ActionList:
        """Improvement actions. `stage` is one of: overdue, in progress, not started, complete,
        cancelled; `risk` and `indicator` ask for those that name one."""

        def work(view: Snapshot) -> schemas.ActionList:
            every = reading.actions(view)
            asked = wanted_plans(
                view,
                (each for _, each in every),
                (each.reference for _, each in reading.risks(view)),
                service=service,
                stage=stage,
                risk=risk,
                indicator=indicator,
            )
            found = [each for each in every if asked.takes(each[1])]
            return schemas.ActionList(
                cursor=view.event_id,
                text=plans.action_counts(each for _, each in found),
                actions=[_action(*each) for each in found],
            )

        return await reads.read(work)

    @router.get("/actions/{reference:path}")
    async def action(reference: str) -> schemas.StateAnswer:
        """One action by its reference."""

        def work(view: Snapshot) -> schemas.StateAnswer:
            return _action(*known(reading.action(view, reference), "action", reference))

        return await reads.read(work)

    @router.get("/projects")
    async def projects(
        service: Text = None, risk: Text = None, indicator: Text = None
    ) -> schemas.ProjectList:
        """Projects of the programme; `risk` and `indicator` ask for those that name one."""

        def work(view: Snapshot) -> schemas.ProjectList:
            every = reading.projects(view)
            asked = wanted_plans(
                view,
                (each for _, each in every),
                (each.reference for _, each in reading.risks(view)),
                service=service,
                risk=risk,
                indicator=indicator,
            )
            found = [each for each in every if asked.takes(each[1])]
            return schemas.ProjectList(
                cursor=view.event_id,
                text=plans.project_counts(each for _, each in found),
                projects=[_project(*each) for each in found],
            )

        return await reads.read(work)

    @router.get("/projects/{reference:path}")
    async def project(reference: str) -> schemas.StateAnswer:
        """One project by its reference, with its milestones."""

        def work(view: Snapshot) -> schemas.StateAnswer:
            return _project(*known(reading.project(view, reference), "project", reference))

        return await reads.read(work)

    return router


def known(found: tuple[HeldState, T] | None, what: str, reference: str) -> tuple[HeldState, T]:
    """What was found, or 404."""
    if found is None:
        raise Problem(404, f"There is no {what} {reference[:60]!r}.")
    return found


def _wanted(
    view: Snapshot,
    tier: str | None,
    category: str | None,
    service: str | None,
    standing: str | None,
) -> list[reading.HeldRisk]:
    every = reading.risks(view)
    asked = wanted_risks(
        view,
        (each for _, each in every),
        tier=tier,
        category=category,
        service=service,
        standing=standing,
    )
    return [each for each in every if asked.takes(each[1])]


def _risk(state: HeldState, found: Risk) -> schemas.StateAnswer:
    text = f"{found.title}: {found.score}, {found.band}. {risks.standing_rule(found)}"
    return _answer(state, text)


def _action(state: HeldState, found: Action) -> schemas.StateAnswer:
    return _answer(state, f"{found.title}: {found.stage}. {words.sentence(found.rag.rule)}.")


def _project(state: HeldState, found: Project) -> schemas.StateAnswer:
    outcome = plans.project_parts(found)["outcome_word"]
    text = f"{found.title}: {outcome}. {plans.reached(found)}. {plans.ends(found)}".strip()
    return _answer(state, text.removesuffix(".") + ".")


def _answer(state: HeldState, text: str) -> schemas.StateAnswer:
    return schemas.StateAnswer(
        subject=state.subject,
        version=state.version,
        time=state.time,
        text=text,
        data=msgspec.json.decode(state.body),
    )


def _moved(found: Movement) -> schemas.Moved:
    return schemas.Moved(
        reference=found.risk.reference,
        title=found.risk.title,
        nature=found.risk.nature,
        on=found.on,
        before=found.before,
        after=found.after,
        reason=found.reason,
        by=found.by,
    )
