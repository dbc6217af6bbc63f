"""How what is embedded is answered: as a frame's page, as an image, as data.

Rule: what is embedded needs no script and no cookie, says nothing that is not for everybody, and
may stand in the frames of those whom a setting names; every other page stands in none. Images and
data have a mark of their content: who has the newest is told so in a few bytes.
"""

from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

import msgspec
from fastapi import Request
from fastapi.responses import Response

from services.publisher.domain.embedding import Shown, picture
from services.publisher.domain.vega import Spec
from services.publisher.painting.painter import Painter
from services.publisher.readmodel import ReadModel, Snapshot
from services.publisher.web.asking import own_address
from services.publisher.web.pictures import standalone
from services.publisher.web.site import Site
from services.publisher.web.tables import Facts
from shared.runtime import problems
from shared.runtime.problems import Problem

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors {}"
)
OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "Cross-Origin-Resource-Policy": "cross-origin",
}
# What a page elsewhere may send: a GET that names what it has.
ALLOWED = {
    "Access-Control-Allow-Methods": "GET",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}
FORMS = {"svg": "image/svg+xml", "png": "image/png"}


class Piece(NamedTuple):
    """Something to embed: what it shows, the facts of its frame, and itself as data, given the
    address that this service is asked under."""

    made: Shown
    facts: Facts
    data: Callable[[str], Any]


Make = Callable[[Snapshot], Piece]


class Embeds:
    """The answers for whatever can be embedded."""

    def __init__(self, reads: ReadModel, site: Site, painter: Painter, embed_in: str) -> None:
        self._reads, self._site, self._painter = reads, site, painter
        self._policy = POLICY.format(" ".join(["'self'", *embed_in.split()]))

    async def data(self, request: Request, make: Make) -> Response:
        """As data, for any origin."""
        base = own_address(request)
        try:
            found = await self._reads.read(lambda view: make(view).data(base))
        except Problem as problem:
            answer = problems.answer(problem)
            answer.headers.update(OPEN)
            return answer
        content = msgspec.json.encode(found)
        return _kept(request, sha256(content).hexdigest(), "application/json", lambda: content)

    async def image(self, request: Request, make: Make, form: str) -> Response:
        """As an image of its own."""

        def work(view: Snapshot) -> Response:
            made = make(view).made
            spec = picture(made)
            mark = sha256(msgspec.json.encode([form, made.finding, spec], order="sorted"))

            def draw() -> bytes:
                drawn = self._drawn(made, spec, form)
                if drawn is None:
                    raise Problem(503, "The picture cannot be drawn at the moment.")
                return drawn

            answer = _kept(request, mark.hexdigest(), FORMS[form], draw)
            answer.headers["Content-Security-Policy"] = self._policy
            return answer

        return await self._reads.read(work)

    async def fragment(self, make: Make) -> Response:
        """As a page for a frame."""

        def work(view: Snapshot) -> Response:
            council = {"council": view.catalogue.council}
            try:
                answer = self._site.page("embedded.html", {**council, **make(view).facts})
            except Problem as problem:
                facts = {**council, "problem": problem.detail}
                answer = self._site.page("embedded.html", facts, problem.status)
            answer.headers["Content-Security-Policy"] = self._policy
            return answer

        return await self._reads.read(work)

    def _drawn(self, made: Shown, spec: Spec, form: str) -> bytes | None:
        if form == "png":
            return self._painter.png(spec)
        drawn = self._painter.svg(spec)
        found = standalone(drawn, made.finding) if drawn else None
        return None if found is None else found.encode()


def preflight() -> Response:
    """The answer to a browser that asks first."""
    return Response(status_code=204, headers={**OPEN, **ALLOWED})


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
