"""The pages of review: the cycle of a quarter, and quarters as they were reported."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web import cycle_views, report_views
from services.publisher.web.asking import Asking
from services.publisher.web.report_file import report_file
from services.publisher.web.tables import Facts

Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def review_pages(router: APIRouter, show: Show, asking: Asking) -> None:
    """Adds the routes of cycles and reports."""

    @router.get("/cycle")
    async def cycles(request: Request) -> Response:
        asker = await asking.asker(request)
        return await show("cycles.html", lambda view: cycle_views.cycles(view, asker))

    @router.get("/cycle/{period}")
    async def cycle(request: Request, period: str) -> Response:
        asker = await asking.asker(request)
        return await show("cycle.html", lambda view: cycle_views.cycle(view, period, asker))

    @router.get("/reports")
    async def reports() -> Response:
        return await show("reports.html", report_views.reports)

    @router.get("/reports/{period}")
    async def report(request: Request, period: str) -> Response:
        asker = await asking.asker(request)
        return await show("report.html", lambda view: report_views.report(view, period, asker))


def report_files(router: APIRouter, reads: ReadModel, asking: Asking) -> None:
    """Adds the route of a report's file; it comes before that of its page."""

    @router.get("/reports/{period}.json")
    async def whole(request: Request, period: str) -> Response:
        asker = await asking.asker(request)
        content = await reads.read(
            lambda view: report_file(view, period, signed_in=asker.signed_in)
        )
        return Response(
            content,
            media_type="application/json",
            headers={
                "Content-Disposition": f'attachment; filename="report-{period}.json"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            },
        )
