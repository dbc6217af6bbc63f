"""Makes the first page after a start as quick as the next.

Rule: before the service says that it is ready, one page of each kind is asked for, so that
templates are compiled, the board is read, and the process that draws has drawn. It serves speed
alone: a page that fails now is said and keeps nothing from starting.
"""

import asyncio
from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import structlog
from starlette.types import ASGIApp

from shared.catalogue.model import Catalogue

WHOLE = ("/", "/strategic", "/finance", "/risks", "/contracts", "/supply", "/search?q=a")
PATIENCE_SECONDS = 30.0

log = structlog.get_logger()


async def ask_for_pages(app: ASGIApp, catalogue: Catalogue) -> None:
    """Asks an application for one page of each kind; waits no longer than a moment for them."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    try:
        async with (
            asyncio.timeout(PATIENCE_SECONDS),
            httpx2.AsyncClient(transport=transport, base_url="http://publisher") as client,
        ):
            for address in addresses(catalogue):
                answer = await client.get(address)
                if answer.status_code >= httpx2.codes.INTERNAL_SERVER_ERROR:
                    log.warning("not-warmed", address=address, status=answer.status_code)
    except TimeoutError:
        log.warning("not-warmed", seconds=PATIENCE_SECONDS)


def addresses(catalogue: Catalogue) -> Iterator[str]:
    """One page of each kind that a catalogue gives."""
    yield from WHOLE
    indicators = catalogue.indicators.values()
    found = next((each for each in indicators if each.strategic), next(iter(indicators), None))
    one_of = {
        "services": (found and found.service) or next(iter(catalogue.services), None),
        "themes": next(iter(catalogue.themes), None),
        "directorates": next(iter(catalogue.directorates), None),
        "portfolios": next(iter(catalogue.portfolios), None),
        "indicators": found and found.code,
    }
    for kind, code in one_of.items():
        if code:
            yield f"/{kind}/{quote(code, safe='')}"
