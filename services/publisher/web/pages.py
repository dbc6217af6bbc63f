"""The pages for people. Each is one snapshot, and names the cursor from which it can live on."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from services.publisher.explaining import asked_for
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web import as_at_view, value_view, views
from services.publisher.web import indicator_views as one
from services.publisher.web.asking import Asking
from services.publisher.web.compare_pages import compare_pages
from services.publisher.web.contract_pages import contract_pages
from services.publisher.web.dashboard_pages import dashboard_pages
from services.publisher.web.evidence_pages import evidence_pages
from services.publisher.web.finance_pages import finance_pages
from services.publisher.web.home_pages import home_pages
from services.publisher.web.menu import menu
from services.publisher.web.review_pages import report_files, review_pages
from services.publisher.web.risk_pages import plan_pages, risk_pages
from services.publisher.web.search_pages import search_pages
from services.publisher.web.site import Site
from services.publisher.web.strategic_pages import strategic_pages
from services.publisher.web.tables import Facts
from shared.runtime import problems
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]


def pages(reads: ReadModel, site: Site, asking: Asking) -> APIRouter:
    """The routes for people."""
    router = APIRouter(
        include_in_schema=False,
        route_class=site.route_class(),
        dependencies=[Depends(asking.remember)],
    )

    async def show(template: str, facts: Callable[[Snapshot], Facts]) -> Response:
        # Rendered on the reader's thread too: a long page must not hold up the streams.
        return await reads.read(lambda view: site.page(template, facts(view)))

    home_pages(router, show, reads, site)

    @router.get("/menu")
    async def all_pages() -> Response:
        return await show("menu.html", menu)

    @router.get("/supply")
    async def supply() -> Response:
        return await show("supply.html", views.supply)

    @router.get("/indicators/{code}")
    async def indicator(
        request: Request, code: str, kind: Text = None, period: Text = None
    ) -> Response:
        asker = await asking.asker(request)
        return await show(
            "indicator.html", lambda view: one.indicator(view, code, kind, period, asker)
        )

    @router.get("/indicators/{code}/as-at")
    async def as_at(request: Request, code: str, kind: Text = None) -> Response:
        day = as_at_view.asked_day(request.query_params)
        return await show("as_at.html", lambda view: as_at_view.as_at(view, code, kind, day))

    @router.get("/indicators/{code}/values/{period}")
    async def value(
        request: Request,
        code: str,
        period: str,
        breakdown: Text = None,
        after: Text = None,
        version: Text = None,
        as_at: Text = None,
    ) -> Response:
        asked = asked_for(period, breakdown, version, as_at)
        signed_in = (await asking.asker(request)).signed_in
        return await show(
            "value.html",
            lambda view: value_view.value(view, code, asked, after or "", signed_in=signed_in),
        )

    search_pages(router, show)
    compare_pages(router, show)
    dashboard_pages(router, show)
    finance_pages(router, show, asking)

    strategic_pages(router, show)
    evidence_pages(router, show, reads)
    risk_pages(router, show, asking)
    plan_pages(router, show, reads, site)
    contract_pages(router, show)
    report_files(router, reads, asking)
    review_pages(router, show, asking)

    @router.get("/{anything:anything}")
    async def unknown(anything: str) -> Response:
        if anything.split("/")[0] == "v1":
            return problems.answer(Problem(404, "There is no such call; see /docs."))
        return site.error(404)

    return router
