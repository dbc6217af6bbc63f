"""My dashboard: the page that its address describes, and the buttons that change it.

Rule: a GET changes nothing. A button answers with the address of the dashboard as it is then, and
this browser remembers that address if the dashboard was its own before: somebody else's, opened
from a link, takes its place only where one says so. No other site can press a button: what does not
come from a page of ours changes nothing that is remembered.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, parse_qsl, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.publisher.domain.pins import Dashboard, dashboard, pin
from services.publisher.readmodel import Snapshot
from services.publisher.web import dashboard_view
from services.publisher.web.asking import own_address
from services.publisher.web.tables import Facts
from shared.runtime.problems import Problem

HERE = "/dashboard"
COOKIE = "irf_dashboard"
# What a browser keeps of one cookie, and for how long it is kept: 400 days, the most they allow.
MOST_COOKIE = 3_900
KEPT_SECONDS = 400 * 24 * 3600
# So much of an address or a form is looked at.
MOST_FIELDS = 500
MOST_BODY = 100_000
STEPS = {"up": -1, "down": 1}

Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def dashboard_pages(router: APIRouter, show: Show) -> None:
    """Adds the routes."""

    @router.get(HERE)
    async def mine(request: Request) -> Response:
        asked = _asked(request)
        kept = _kept(request)
        if not request.url.query and kept.pins:
            return RedirectResponse(kept.address, 303)
        own = kept.pins == asked.pins
        new = request.query_params.get("pinned", "")
        address = f"{own_address(request)}{asked.address}"
        return await show(
            "dashboard.html",
            lambda view: dashboard_view.page(
                view, asked, address, own=own, remembers=bool(kept.pins), new=new
            ),
        )

    @router.post(HERE)
    async def change(request: Request) -> Response:
        fields = await _form(request)
        before, kept = _asked(request), _kept(request)
        after = _changed(before, fields)
        own = not kept.pins or kept.pins == before.pins or "keep" in fields
        return _answer(request, after, after.address, remember=own)

    @router.post(f"{HERE}/pins")
    async def add(request: Request) -> Response:
        new = pin((await _form(request)).get("pin", ""))
        kept = _kept(request)
        if new is None:
            raise Problem(400, "That cannot be pinned to a dashboard.")
        after = dashboard([each.text() for each in kept.with_pin(new).pins])
        told = f"{after.address}&{_pinned(new.text())}" if after.query else after.address
        return _answer(request, after, told, remember=True)


def _pinned(text: str) -> str:
    return Dashboard([p] if (p := pin(text)) else []).query.replace("pin=", "pinned=", 1)


def _changed(before: Dashboard, fields: dict[str, str]) -> Dashboard:
    """The dashboard after a button; the same where the button says nothing that can be done."""
    for name, by in STEPS.items():
        if name in fields:
            return before.moved(_place(fields[name]), by)
    if "remove" in fields:
        return before.without(_place(fields["remove"]))
    return before.named(fields["name"]) if "rename" in fields else before


def _place(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else -1


def _asked(request: Request) -> Dashboard:
    """The dashboard that an address asks for."""
    query = request.url.query[:MOST_BODY]
    fields = parse_qsl(query, keep_blank_values=True)[:MOST_FIELDS]
    name = next((text for field, text in fields if field == "name"), "")
    return dashboard((text for field, text in fields if field == "pin"), name)


def _kept(request: Request) -> Dashboard:
    """The dashboard that this browser remembers."""
    return dashboard(request.cookies.get(COOKIE, "").split("|")[:MOST_FIELDS])


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form of a few short ones."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BODY:
            raise Problem(413, "The form is too large.")
    found = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)
    return {name: texts[0] for name, texts in found.items()}


def _answer(request: Request, after: Dashboard, to: str, *, remember: bool) -> Response:
    response = RedirectResponse(to, 303)
    if remember and _is_ours(request):
        text = "|".join(each.text() for each in after.pins)
        secure = request.url.scheme == "https"
        if not text:
            response.delete_cookie(COOKIE, HERE, secure=secure, httponly=True, samesite="strict")
        elif len(text) <= MOST_COOKIE:
            response.set_cookie(
                COOKIE,
                text,
                max_age=KEPT_SECONDS,
                path=HERE,
                secure=secure,
                httponly=True,
                samesite="strict",
            )
    return response


def _is_ours(request: Request) -> bool:
    """Whether a form was sent from a page of this service."""
    site = request.headers.get("sec-fetch-site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")
