"""The indicators service's calls: the history of a value as its owner holds it, for operators."""

from typing import Any

import msgspec
from fastapi import APIRouter

from services.indicators.api.schemas import History
from shared.contracts.topics import INDICATORS
from shared.db.tx import Tx
from shared.delivery.own import versions
from shared.runtime.problems import Problem
from shared.runtime.service import Service


def routes(service: Service) -> APIRouter:
    """The routes of the indicators service."""
    router = APIRouter(prefix="/v1", tags=["indicators"])

    @router.get("/values/{subject:path}")
    async def history(subject: str) -> History:
        """Every version of a value: the subject as in its event, such as EP01/2025-26-Q2."""

        def read(tx: Tx) -> list[dict[str, Any]]:
            return [
                {
                    "version": number,
                    "time": time,
                    "data": None if body is None else msgspec.json.decode(body),
                }
                for number, body, time in versions(tx, service.tables, INDICATORS, subject)
            ]

        found = await service.store.read(read)
        if not found:
            raise Problem(404, f"No value is called {subject[:200]!r}.")
        return History(subject=subject, versions=found)

    return router
