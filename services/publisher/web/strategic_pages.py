"""The pages of the set that members watch: live, as reported, and for a meeting."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.publisher.readmodel import Snapshot
from services.publisher.web import strategic_views
from services.publisher.web.tables import Facts

Text = Annotated[str | None, Query(max_length=300)]
Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def strategic_pages(router: APIRouter, show: Show) -> None:
    """Adds the routes of the strategic pages."""

    @router.get("/strategic")
    async def strategic(report: Text = None) -> Response:
        if report:
            return await show("strategic.html", lambda view: strategic_views.reported(view, report))
        return await show("strategic.html", strategic_views.live)

    @router.get("/strategic/meeting")
    async def meeting(
        show_: Annotated[str | None, Query(alias="show", max_length=300)] = None,
    ) -> Response:
        return await show("meeting.html", lambda view: strategic_views.meeting(view, show_))
