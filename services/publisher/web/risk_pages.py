"""The pages about risks, actions and projects, and a service's plan."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web import action_views, plan_views, register_views, risk_view
from services.publisher.web.asking import Asking
from services.publisher.web.site import Site
from services.publisher.web.tables import Facts

Text = Annotated[str | None, Query(max_length=300)]
Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def risk_pages(router: APIRouter, show: Show, asking: Asking) -> None:
    """Adds the routes about risks, actions and projects."""

    @router.get("/risks")
    async def risks(
        tier: Text = None, category: Text = None, service: Text = None, standing: Text = None
    ) -> Response:
        return await show(
            "risks.html",
            lambda view: register_views.register(view, tier, category, service, standing),
        )

    @router.get("/risks/{reference:path}")
    async def risk(request: Request, reference: str) -> Response:
        asker = await asking.asker(request)
        return await show("risk.html", lambda view: risk_view.risk(view, reference, asker))

    @router.get("/actions")
    async def actions(service: Text = None, stage: Text = None) -> Response:
        return await show("actions.html", lambda view: action_views.actions(view, service, stage))

    @router.get("/actions/{reference:path}")
    async def action(request: Request, reference: str) -> Response:
        asker = await asking.asker(request)
        return await show("action.html", lambda view: action_views.action(view, reference, asker))

    @router.get("/projects")
    async def projects(service: Text = None) -> Response:
        return await show("projects.html", lambda view: action_views.projects(view, service))

    @router.get("/projects/{reference:path}")
    async def project(reference: str) -> Response:
        return await show("project.html", lambda view: action_views.project(view, reference))


def plan_pages(router: APIRouter, show: Show, reads: ReadModel, site: Site) -> None:
    """Adds the routes of a service's plan: the page, and the files to take along."""

    @router.get("/services/{code}/plan")
    async def plan(code: str) -> Response:
        return await show("plan.html", lambda view: plan_views.plan(view, code))

    @router.get("/services/{code}/plan.csv")
    async def plan_csv(code: str) -> Response:
        name, content = await reads.read(lambda view: plan_views.plan_csv(view, code))
        return _to_keep(Response(content, media_type="text/csv; charset=utf-8"), name)

    @router.get("/services/{code}/plan.html")
    async def plan_html(code: str) -> Response:
        def work(view: Snapshot) -> tuple[Response, str]:
            name, facts = plan_views.plan_html(view, code)
            return site.page("plan_file.html", facts), name

        return _to_keep(*await reads.read(work))


def _to_keep(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
