"""The pages of the evidence base, and its files to take along."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from fastapi.responses import Response

from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web import evidence_views
from services.publisher.web.tables import Facts

Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def evidence_pages(router: APIRouter, show: Show, reads: ReadModel) -> None:
    """Adds the routes of the evidence base."""

    @router.get("/evidence")
    async def evidence() -> Response:
        return await show("evidence.html", evidence_views.index)

    @router.get("/evidence/{topic}.csv")
    async def topic_csv(topic: str) -> Response:
        name, content = await reads.read(lambda view: evidence_views.topic_csv(view, topic))
        response = Response(content, media_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @router.get("/evidence/{topic}")
    async def topic(topic: str) -> Response:
        return await show("evidence_topic.html", lambda view: evidence_views.topic(view, topic))
