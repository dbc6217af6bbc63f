"""Figures for other web pages: in a frame, as an image, as data.

Rule: what is embedded needs no script and no cookie, says nothing that is not for everybody, and
may stand in the frames of those whom a setting names; every other page stands in none. Images and
data have a mark of their content: who has the newest is told so in a few bytes.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.publisher.domain.embedding import Embedded, picture
from services.publisher.painting.painter import Painter
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.settings import Settings
from services.publisher.web import embed_views as views
from services.publisher.web.asking import own_address
from services.publisher.web.pictures import standalone
from services.publisher.web.site import Site
from services.publisher.web.tables import Facts
from shared.runtime import problems
from shared.runtime.problems import Problem

Text = Annotated[str | None, Query(max_length=300)]
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {}"
)
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
FORMS = {"svg": "image/svg+xml", "png": "image/png"}


def embed_pages(reads: ReadModel, site: Site, painter: Painter, settings: Settings) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False, route_class=site.route_class())
    policy = POLICY.format(" ".join(["'self'", *settings.embed_in.split()]))

    @router.get("/embed")
    async def how(request: Request, indicator: Text = None, kind: Text = None) -> Response:
        base = own_address(request)
        return await reads.read(
            lambda view: site.page("embed.html", views.how(view, indicator, kind, base))
        )

    @router.get("/embed/indicators/{code}.json")
    async def data(request: Request, code: str, kind: Text = None) -> Response:
        base = own_address(request)
        try:
            found = await reads.read(lambda view: views.as_data(view, code, kind, base))
        except Problem as problem:
            answer = problems.answer(problem)
            answer.headers.update(OPEN)
            return answer
        content = msgspec.json.encode(found)
        return _kept(request, sha256(content).hexdigest(), "application/json", lambda: content)

    @router.options("/embed/indicators/{code}.json")
    async def may(code: str) -> Response:
        """What a page elsewhere may send: a GET that names what it has."""
        allowed = {
            "Access-Control-Allow-Methods": "GET",
            "Access-Control-Allow-Headers": "If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status_code=204, headers={**OPEN, **allowed})

    @router.get("/embed/indicators/{code}.svg")
    async def svg(request: Request, code: str, kind: Text = None) -> Response:
        return await image(request, code, kind, "svg")

    @router.get("/embed/indicators/{code}.png")
    async def png(request: Request, code: str, kind: Text = None) -> Response:
        return await image(request, code, kind, "png")

    async def image(request: Request, code: str, kind: str | None, form: str) -> Response:
        def work(view: Snapshot) -> Response:
            made, _, _ = views.figure(view, code, kind)
            spec = picture(made)
            mark = sha256(msgspec.json.encode([form, made.finding, spec], order="sorted"))

            def draw() -> bytes:
                drawn = _drawn(painter, made, spec, form)
                if drawn is None:
                    raise Problem(503, "The picture cannot be drawn at the moment.")
                return drawn

            answer = _kept(request, mark.hexdigest(), FORMS[form], draw)
            answer.headers["Content-Security-Policy"] = policy
            return answer

        return await reads.read(work)

    @router.get("/embed/indicators/{code}")
    async def fragment(code: str, kind: Text = None) -> Response:
        def work(view: Snapshot) -> Response:
            try:
                answer = site.page("embedded.html", views.page(view, code, kind))
            except Problem as problem:
                facts = {"council": view.catalogue.council, "problem": problem.detail}
                answer = site.page("embedded.html", facts, problem.status)
            answer.headers["Content-Security-Policy"] = policy
            return answer

        return await reads.read(work)

    return router


def _drawn(painter: Painter, made: Embedded, spec: Facts, form: str) -> bytes | None:
    if form == "png":
        return painter.png(spec)
    drawn = painter.svg(spec)
    found = standalone(drawn, made.finding) if drawn else None
    return None if found is None else found.encode()


def _kept(request: Request, mark: str, kind: str, content: Callable[[], bytes]) -> Response:
    """An answer with its mark; without its content for whoever has that already."""
    tag = f'"{mark[:32]}"'
    headers = {
        **OPEN,
        "ETag": tag,
        "Cache-Control": "no-cache",
        "X-Content-Type-Options": "nosniff",
    }
    known = request.headers.get("if-none-match", "")
    if tag in (each.strip().removeprefix("W/") for each in known.split(",")) or known == "*":
        return Response(status_code=304, headers=headers)
    return Response(content(), headers=headers, media_type=kind)
