"""The risk service's calls: its register as it stands, for operators."""

from typing import Any

import msgspec
from fastapi import APIRouter

from services.risk.api.schemas import Register
from services.risk.store import repository
from shared.runtime.service import Service


def routes(service: Service) -> APIRouter:
    """The routes of the risk service."""
    router = APIRouter(prefix="/v1", tags=["risk"])

    @router.get("/risks")
    async def register() -> Register:
        """The register as this service holds it."""
        rows = await service.store.read(lambda tx: repository.risks(tx, service.tables))
        states: list[dict[str, Any]] = [msgspec.json.decode(body) for _, body in rows]
        return Register(risks=states)

    return router
