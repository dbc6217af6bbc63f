"""The calls that tell of connectors and their runs, and start one."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.ingest.api.requests import refusals
from services.ingest.api.schemas import RUNS, STANDINGS, answers
from services.ingest.connect.running import AlreadyRuns, Connectors
from services.ingest.contracts import ContractKeeper
from services.ingest.store import connections
from services.ingest.store.connections import Standing
from shared.runtime.problems import Problem
from shared.runtime.service import Service

BY_CALL = "a call"
_encode = msgspec.json.Encoder().encode


def connector_routes(
    service: Service, keeper: ContractKeeper, connectors: Connectors
) -> APIRouter:
    """The routes of connectors."""
    router = APIRouter(prefix="/v1", tags=["connectors"])
    store = service.store

    @router.get(
        "/connectors",
        responses=answers(200, "Every connector and where it stands.", STANDINGS),
        response_class=Response,
    )
    async def listed() -> Response:
        """The connectors of the catalogue in force: where each stands and what its last run came
        to. Nothing of their credentials."""
        found = await store.read(connections.standings)
        latest = await store.read(connections.latest_runs)
        catalogue = await keeper.catalogue()
        rows: list[dict[str, Any]] = []
        for code in sorted(catalogue.connectors):
            each = catalogue.connectors[code]
            standing = found.get(code) or Standing(code)
            rows.append(
                {
                    "code": code,
                    "title": each.title,
                    "kind": each.kind,
                    "dataset": each.dataset,
                    "schedule": each.schedule,
                    "paused": each.paused,
                    "due": standing.due,
                    "failures": standing.failures,
                    "reason": standing.reason,
                    "last_run": latest.get(code),
                }
            )
        return Response(_encode({"connectors": rows}), media_type="application/json")

    @router.get(
        "/connectors/{code}/runs",
        responses=answers(200, "A page of runs.", RUNS),
        response_class=Response,
    )
    async def runs(
        code: str,
        before: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=200)] = 50,
    ) -> Response:
        """The runs of a connector, the newest first; `before` is the start of the last one seen."""
        if code not in (await keeper.catalogue()).connectors:
            raise Problem(404, "There is no such connector.")
        found = await store.read(lambda tx: connections.runs(tx, code, before, limit))
        following = found[-1].started if len(found) == limit else None
        return Response(
            _encode({"connector": code, "runs": found, "next": following}),
            media_type="application/json",
        )

    @router.post("/connectors/{code}/runs", status_code=202, response_class=Response)
    async def start(code: str, confirm_deletions: bool = False) -> Response:
        """Runs a connector now. 409 where it is running already."""
        with refusals():
            try:
                await connectors.start(code, BY_CALL, confirmed=confirm_deletions)
            except AlreadyRuns:
                raise Problem(409, "The connector is running already.") from None
        return Response(_encode({"connector": code}), 202, media_type="application/json")

    return router
