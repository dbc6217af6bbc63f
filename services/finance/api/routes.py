"""The finance service's calls: its positions as they stand, for operators."""

import msgspec
from fastapi import APIRouter

from services.finance.api.schemas import Finance
from services.finance.store import repository
from shared.runtime.service import Service


def routes(service: Service) -> APIRouter:
    """The routes of the finance service."""
    router = APIRouter(prefix="/v1", tags=["finance"])

    @router.get("/finance")
    async def finance() -> Finance:
        """Every control total and every unit's months, as this service holds them."""
        rows = await service.store.read(lambda tx: repository.positions(tx, service.tables))
        states = [msgspec.json.decode(body) for _, body in rows]
        return Finance(
            controls=[state for state in states if state["kind"] == "control"],
            spend=[state for state in states if state["kind"] == "spend"],
        )

    return router
