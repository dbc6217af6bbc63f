"""The pages that compare the council with other areas."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.publisher.readmodel import Snapshot
from services.publisher.web import compare_views as views
from services.publisher.web.tables import Facts

Text = Annotated[str | None, Query(max_length=300)]
Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def compare_pages(router: APIRouter, show: Show) -> None:
    """Adds the routes."""

    @router.get("/compare")
    async def overview(group: Text = None, service: Text = None, sort: Text = None) -> Response:
        return await show("compare.html", lambda view: views.overview(view, group, service, sort))

    @router.get("/compare/{code}")
    async def indicator(code: str, group: Text = None) -> Response:
        return await show("compare_indicator.html", lambda view: views.indicator(view, code, group))
