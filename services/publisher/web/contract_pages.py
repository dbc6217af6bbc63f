"""The pages about contracts and commissioning."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.publisher.readmodel import Snapshot
from services.publisher.web import contract_views as views
from services.publisher.web.tables import Facts

Text = Annotated[str | None, Query(max_length=300)]
Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def contract_pages(router: APIRouter, show: Show) -> None:
    """Adds the routes; the pipeline comes before the one that takes any reference."""

    @router.get("/contracts")
    async def contracts(service: Text = None, stage: Text = None) -> Response:
        return await show("contracts.html", lambda view: views.contracts(view, service, stage))

    @router.get("/contracts/pipeline")
    async def pipeline() -> Response:
        return await show("pipeline.html", views.pipeline)

    @router.get("/contracts/{reference:path}")
    async def contract(reference: str) -> Response:
        return await show("contract.html", lambda view: views.contract(view, reference))
