"""What operators ask of every service: health, metrics, documentation, dead letters, a rebuild."""

from typing import TYPE_CHECKING, Any

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.contracts.asyncapi import document
from shared.runtime.problems import Problem

if TYPE_CHECKING:
    from shared.runtime.service import Service


def operations(service: "Service") -> APIRouter:
    """The routes that every service has."""
    router = APIRouter(tags=["operations"])

    @router.get("/health/live")
    async def live() -> dict[str, str]:
        """Alive: the event loop answers."""
        return {"status": "alive", "service": service.name}

    @router.get("/health/ready")
    async def ready() -> JSONResponse:
        """Ready: the store answers, the broker is known, and events are flowing."""
        ok, checks = await service.health.ready()
        degraded = any(value != "ok" for value in checks.values())
        status = "ready" if not degraded else "degraded" if ok else "not ready"
        return JSONResponse(
            {"status": status, "service": service.name, "checks": checks},
            status_code=200 if ok else 503,
        )

    @router.get("/metrics")
    async def metrics() -> Response:
        """Metrics in the Prometheus text format."""
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @router.get("/asyncapi")
    async def asyncapi() -> Response:
        """The topics this service reads and writes, as AsyncAPI 3 with JSON Schemas."""
        text = msgspec.json.encode(document(service.name, service.owns, service.consumes))
        return Response(text, media_type="application/vnd.aai.asyncapi+json;version=3.0.0")

    @router.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        """The calls of this service, readable without any third-party script."""
        return HTMLResponse(_page(service, request.app.openapi()))

    @router.get("/admin/dead-letters")
    async def dead_letters() -> list[dict[str, Any]]:
        """Parked events that nobody has replayed: why, and where they stood."""
        return list(await service.store.read(service.dead_letters.waiting))

    @router.post("/admin/dead-letters/{number}/replay")
    async def replay_dead_letter(number: int) -> dict[str, Any]:
        """Applies a parked event again, after whatever was wrong with it was put right."""
        if service.consumer is None:
            raise Problem(404, "This service consumes nothing.")
        try:
            found = await service.consumer.replay_dead_letter(number)
        except Exception as error:
            raise Problem(
                422, f"It still cannot be applied: {type(error).__name__}: {error}"
            ) from error
        if not found:
            raise Problem(404, f"There is no dead letter {number}.")
        return {"replayed": number}

    @router.post("/admin/replay", status_code=202)
    async def replay() -> dict[str, str]:
        """Rebuilds this service's projections from its topics, while it goes on answering."""
        if service.consumer is None:
            raise Problem(404, "This service consumes nothing, so there is nothing to rebuild.")
        try:
            await service.consumer.start_rebuild()
        except ConnectionError as error:
            raise Problem(503, str(error)) from error
        return {"status": "rebuilding"}

    @router.get("/admin/replay")
    async def replay_status() -> dict[str, bool]:
        """Whether a rebuild is under way."""
        return {"rebuilding": bool(service.consumer and service.consumer.rebuilding)}

    return router


def _page(service: "Service", openapi: dict[str, Any]) -> str:
    from html import escape

    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td>"
        f"<td>{escape(call.get('description') or call.get('summary', ''))}</td></tr>"
        for path, calls in openapi["paths"].items()
        for method, call in calls.items()
    )
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>IRF {service.name}: calls</title></head><body><main>"
        f"<h1>IRF {service.name}</h1><p>{escape(service.about)}</p>"
        '<p><a href="/openapi.json">OpenAPI document</a>, '
        '<a href="/asyncapi">AsyncAPI document</a></p>'
        "<table><caption>Calls</caption><thead><tr><th scope='col'>Method</th>"
        "<th scope='col'>Address</th><th scope='col'>What it does</th></tr></thead>"
        f"<tbody>{rows}</tbody></table></main></body></html>"
    )
