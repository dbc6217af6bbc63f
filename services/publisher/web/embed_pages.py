"""What can stand on other web pages: indicators, positions of money, capital schemes, contracts and
risks. Each in a frame and as data; as an image where there is a chart."""

from collections.abc import Callable, Mapping
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher.painting.painter import Painter
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.settings import Settings
from services.publisher.web import embed_how, embed_stated
from services.publisher.web import embed_views as views
from services.publisher.web.asking import own_address
from services.publisher.web.embed_answers import FORMS, Embeds, Make, Piece, preflight
from services.publisher.web.site import Site

Text = Annotated[str | None, Query(max_length=300)]
# What the path of an address names, and what its query chooses.
Given = Mapping[str, str]


class _Shown(NamedTuple):
    """Something to embed: where, how it is made, and whether it has a chart."""

    path: str
    make: Callable[[Snapshot, Given], Piece]
    drawn: bool


# Where a page is /risks/R1, its frame is /embed/risks/R1.
SHOWN = (
    _Shown(
        "/embed/indicators/{code}",
        lambda view, at: views.indicator(view, at["code"], at.get("kind")),
        drawn=True,
    ),
    _Shown(
        "/embed/finance/capital/{scheme}",
        lambda view, at: embed_stated.scheme(view, at["scheme"]),
        drawn=True,
    ),
    _Shown(
        "/embed/finance/{level}/{code}",
        lambda view, at: embed_stated.position(view, at["level"], at["code"], at.get("fund")),
        drawn=True,
    ),
    _Shown(
        "/embed/contracts/{reference:path}",
        lambda view, at: embed_stated.contract(view, at["reference"]),
        drawn=False,
    ),
    _Shown(
        "/embed/risks/{reference:path}",
        lambda view, at: embed_stated.risk(view, at["reference"]),
        drawn=False,
    ),
)


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

    for each in SHOWN:
        _add(router, embeds, each)
    return router


def _add(router: APIRouter, embeds: Embeds, shown: _Shown) -> None:
    def of(request: Request, kind: str | None, fund: str | None) -> Make:
        chosen = {"kind": kind, "fund": fund}
        at = {**request.path_params, **{name: text for name, text in chosen.items() if text}}
        return lambda view: shown.make(view, at)

    async def data(request: Request, kind: Text = None, fund: Text = None) -> Response:
        return await embeds.data(request, of(request, kind, fund))

    async def fragment(request: Request, kind: Text = None, fund: Text = None) -> Response:
        return await embeds.fragment(of(request, kind, fund))

    router.add_api_route(f"{shown.path}.json", data, methods=["GET"])
    router.add_api_route(f"{shown.path}.json", preflight, methods=["OPTIONS"])
    for form in FORMS if shown.drawn else ():
        router.add_api_route(f"{shown.path}.{form}", _image(embeds, of, form), methods=["GET"])
    router.add_api_route(shown.path, fragment, methods=["GET"])


def _image(
    embeds: Embeds, of: Callable[[Request, str | None, str | None], Make], form: str
) -> Callable[..., object]:
    async def image(request: Request, kind: Text = None, fund: Text = None) -> Response:
        return await embeds.image(request, of(request, kind, fund), form)

    return image
