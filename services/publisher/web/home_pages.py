"""The pages that everybody starts from: the overview, lists, parts of the council, and themes."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher.domain import looks
from services.publisher.domain.looks import COOKIE, KEPT_SECONDS, Look, Looks
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web import home_views, list_views, place_views, service_view, theme_view
from services.publisher.web.site import Site
from services.publisher.web.tables import Facts

Text = Annotated[str | None, Query(max_length=300)]
Words = Annotated[str | None, Query(max_length=100)]
Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def home_pages(router: APIRouter, show: Show, reads: ReadModel, site: Site) -> None:
    """Adds their routes."""

    @router.get("/")
    async def overview(request: Request) -> Response:
        def work(view: Snapshot) -> Response:
            seen = _looks(request, reads, view)
            answer = site.page("overview.html", home_views.home(view, seen))
            _remember(request, answer, seen, view)
            return answer

        return await reads.read(work)

    @router.get("/changes")
    async def changes(request: Request) -> Response:
        # Another page of the same look: it remembers nothing.
        return await show(
            "changes.html",
            lambda view: home_views.changed(view, _looks(request, reads, view)),
        )

    @router.get("/indicators")
    async def indicators(
        q: Words = None,
        service: Text = None,
        portfolio: Text = None,
        directorate: Text = None,
        rag: Text = None,
        trend: Text = None,
        kind: Text = None,
        page: Text = None,
    ) -> Response:
        asked = {
            "q": (q or "").strip(),
            "service": service or "",
            "portfolio": portfolio or "",
            "directorate": directorate or "",
            "rag": rag or "",
            "trend": trend or "",
            "kind": kind or "",
        }
        return await show("indicators.html", lambda view: list_views.indicators(view, asked, page))

    @router.get("/portfolios/{code}")
    async def portfolio(code: str, page: Text = None) -> Response:
        return await show(
            "place.html", lambda view: place_views.place(view, "portfolio", code, page)
        )

    @router.get("/directorates/{code}")
    async def directorate(code: str, page: Text = None) -> Response:
        return await show(
            "place.html", lambda view: place_views.place(view, "directorate", code, page)
        )

    @router.get("/services/{code}")
    async def service(code: str) -> Response:
        return await show("service.html", lambda view: service_view.service(view, code))

    @router.get("/themes")
    async def themes() -> Response:
        return await show("themes.html", theme_view.themes)

    @router.get("/themes/{code}")
    async def theme(code: str) -> Response:
        return await show("theme.html", lambda view: theme_view.theme(view, code))


def _looks(request: Request, reads: ReadModel, view: Snapshot) -> Looks:
    before = looks.read(request.cookies.get(COOKIE), view.store_id)
    return looks.looking(before, Look(reads.clock.now(), view.cursor))


def _remember(request: Request, answer: Response, seen: Looks, view: Snapshot) -> None:
    # A strict cookie does not come along from another site's link, which must not wipe it out.
    if request.headers.get("sec-fetch-site") == "cross-site":
        return
    answer.set_cookie(
        COOKIE,
        seen.text(view.store_id),
        max_age=KEPT_SECONDS,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
