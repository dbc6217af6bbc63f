"""Before it is ready, the publisher asks itself for a page of each kind; nothing is lost by it."""

import asyncio

from starlette.types import Receive, Scope, Send

from services.publisher.warming import WHOLE, addresses, ask_for_pages
from shared.catalogue.model import Catalogue, Service, Theme
from tests.unit.publisher.headline_figures import indicator

CATALOGUE = Catalogue(
    services={"parks": Service("parks", "Parks"), "a/b": Service("a/b", "Odd")},
    themes={"climate": Theme("climate", "Climate")},
    indicators={
        "A": indicator("A"),
        "B": indicator("B", strategic=True, service="a/b"),
    },
)


def test_there_is_a_page_of_each_kind_that_a_catalogue_gives() -> None:
    assert list(addresses(CATALOGUE)) == [
        *WHOLE, "/services/a%2Fb", "/themes/climate", "/indicators/B",
    ]  # fmt: skip
    assert list(addresses(Catalogue())) == list(WHOLE)


def test_every_page_is_asked_for_even_after_one_that_fails() -> None:
    asked = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])
        if scope["path"] == "/finance":
            raise RuntimeError("planted")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    asyncio.run(ask_for_pages(app, Catalogue()))
    assert asked == [each.partition("?")[0] for each in WHOLE]
