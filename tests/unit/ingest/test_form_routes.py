"""Every route by which people write asks who acts."""

from pathlib import Path

from fastapi import APIRouter
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from services.ingest.app import create
from services.ingest.settings import Settings

# What systems send, let in by the network; and where somebody says who they are.
OTHERS = {
    "/v1/catalogue",
    "/v1/datasets/{dataset}/records",
    "/v1/datasets/{dataset}/files",
    "/v1/batches/{batch}/undo",
    "/v1/batches/{batch}/replay",
    "/v1/connectors/{code}/runs",
    "/v1/hooks/{connector}",
    "/who",
}


def asks(dependant: Dependant) -> bool:
    """Whether a route depends on what `Identity.needs` gives."""
    named = getattr(dependant.call, "__qualname__", "")
    return named.startswith("Identity.needs.") or any(map(asks, dependant.dependencies))


def unguarded(routers: list[APIRouter]) -> set[str]:
    """The addresses that take something and do not ask who acts."""
    return {
        route.path
        for router in routers
        for route in router.routes
        if isinstance(route, APIRoute)
        and not (route.methods or set()) <= {"GET", "HEAD"}
        and not asks(route.dependant)
    }


def test_every_form_asks_who_acts(tmp_path: Path) -> None:
    service = create(Settings(store_url=f"sqlite:///{tmp_path / 'ingest.db'}"))
    assert unguarded(service.routers) == OTHERS


def test_a_route_that_does_not_ask_is_found() -> None:
    router = APIRouter()

    @router.post("/open")
    async def anybody() -> None: ...

    assert unguarded([router]) == {"/open"}
