"""What can stand on other web pages: indicators, positions of money and risks. Each in a frame and
as data; as an image where there is a chart."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher.painting.painter import Painter
from services.publisher.readmodel import ReadModel
from services.publisher.settings import Settings
from services.publisher.web import embed_how, embed_stated
from services.publisher.web import embed_views as views
from services.publisher.web.asking import own_address
from services.publisher.web.embed_answers import Embeds, preflight
from services.publisher.web.site import Site

Text = Annotated[str | None, Query(max_length=300)]
INDICATOR = "/embed/indicators/{code}"
POSITION = "/embed/finance/{level}/{code}"
RISK = "/embed/risks/{reference:path}"


def embed_pages(reads: ReadModel, site: Site, painter: Painter, settings: Settings) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    embeds = Embeds(reads, site, painter, settings.embed_in)

    @router.get("/embed")
    async def how(
        request: Request, indicator: Text = None, kind: Text = None, pin: Text = None
    ) -> Response:
        base = own_address(request)
        return await reads.read(
            lambda view: site.page("embed.html", embed_how.how(view, indicator, kind, pin, base))
        )

    @router.get(f"{INDICATOR}.json")
    async def indicator_data(request: Request, code: str, kind: Text = None) -> Response:
        return await embeds.data(request, lambda view: views.indicator(view, code, kind))

    @router.get(f"{INDICATOR}.svg")
    async def indicator_svg(request: Request, code: str, kind: Text = None) -> Response:
        return await embeds.image(request, lambda view: views.indicator(view, code, kind), "svg")

    @router.get(f"{INDICATOR}.png")
    async def indicator_png(request: Request, code: str, kind: Text = None) -> Response:
        return await embeds.image(request, lambda view: views.indicator(view, code, kind), "png")

    @router.get(INDICATOR)
    async def indicator(code: str, kind: Text = None) -> Response:
        return await embeds.fragment(lambda view: views.indicator(view, code, kind))

    @router.get(f"{POSITION}.json")
    async def position_data(request: Request, level: str, code: str, fund: Text = None) -> Response:
        return await embeds.data(
            request, lambda view: embed_stated.position(view, level, code, fund)
        )

    @router.get(f"{POSITION}.svg")
    async def position_svg(request: Request, level: str, code: str, fund: Text = None) -> Response:
        return await embeds.image(
            request, lambda view: embed_stated.position(view, level, code, fund), "svg"
        )

    @router.get(f"{POSITION}.png")
    async def position_png(request: Request, level: str, code: str, fund: Text = None) -> Response:
        return await embeds.image(
            request, lambda view: embed_stated.position(view, level, code, fund), "png"
        )

    @router.get(POSITION)
    async def position(level: str, code: str, fund: Text = None) -> Response:
        return await embeds.fragment(lambda view: embed_stated.position(view, level, code, fund))

    @router.get(f"{RISK}.json")
    async def risk_data(request: Request, reference: str) -> Response:
        return await embeds.data(request, lambda view: embed_stated.risk(view, reference))

    @router.get(RISK)
    async def risk(reference: str) -> Response:
        return await embeds.fragment(lambda view: embed_stated.risk(view, reference))

    for path in (INDICATOR, POSITION, RISK):
        router.add_api_route(f"{path}.json", preflight, methods=["OPTIONS"])
    return router
