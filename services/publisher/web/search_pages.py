"""The page of what was found, by kind, with the words that were looked for marked."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.publisher import finding
from services.publisher.domain.searching import KINDS, MOST_LETTERS
from services.publisher.readmodel import Snapshot
from services.publisher.web.tables import Facts, frame

SHOWN = 8
SHOWN_OF_ONE = 100
# So much of an address is looked at; the rest of it says nothing that could be found.
LOOKED_AT = 2_000

Show = Callable[[str, Callable[[Snapshot], Facts]], Awaitable[Response]]


def search_pages(router: APIRouter, show: Show) -> None:
    """Adds the route."""

    @router.get("/search")
    async def search(request: Request) -> Response:
        asked = request.query_params.get("q", "")[:LOOKED_AT]
        kind = request.query_params.get("kind", "")
        return await show("search.html", lambda view: found(view, asked, kind))


def found(view: Snapshot, asked: str, kind: str) -> Facts:
    """What fits a text. A kind that there is none of asks for everything."""
    text = asked[:MOST_LETTERS].strip()
    result = finding.index(view).find(text)
    groups = result.groups()
    chosen = kind if kind in groups else ""
    limit = SHOWN_OF_ONE if chosen else SHOWN
    return {
        **frame(view, "/search", None),
        "q": text,
        "found": result,
        "kinds": [
            {
                "name": name,
                "count": len(groups[code]),
                "href": f"/search?{urlencode({'q': text, 'kind': code})}",
                "chosen": code == chosen,
            }
            for code, name in KINDS.items()
            if code in groups
        ],
        "all_href": f"/search?{urlencode({'q': text})}" if chosen else "",
        "count": sum(map(len, groups.values())),
        "groups": [
            {
                "kind": code,
                "name": KINDS[code],
                "docs": docs[:limit],
                "more": max(0, len(docs) - limit),
                "href": f"/search?{urlencode({'q': text, 'kind': code})}",
            }
            for code, docs in groups.items()
            if chosen in ("", code)
        ],
    }
