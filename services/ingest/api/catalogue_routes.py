"""The call that puts a catalogue in force."""

import asyncio
from decimal import Decimal
from typing import Any

import msgspec
from fastapi import APIRouter, Request

from services.ingest.api.requests import media_type, refusals
from services.ingest.api.schemas import CATALOGUE_BODY
from services.ingest.contracts import ContractKeeper
from services.ingest.domain.refusals import RequestRefused
from services.ingest.settings import Settings
from shared.catalogue.check import check, read
from shared.catalogue.model import Catalogue
from shared.runtime.service import Service

_decode = msgspec.json.Decoder(float_hook=Decimal).decode


def catalogue_routes(service: Service, keeper: ContractKeeper, settings: Settings) -> APIRouter:
    """The routes of the catalogue."""
    router = APIRouter(prefix="/v1", tags=["catalogue"])

    @router.put(
        "/catalogue", max_body_size=settings.max_records_bytes, openapi_extra=CATALOGUE_BODY
    )
    async def put(request: Request) -> dict[str, Any]:
        """Puts a whole catalogue in force: what is not in it is removed. Answers with what
        changed, or with every problem and where it is."""
        with refusals():
            media_type(request, "application/json")
            arrived = service.clock.now()
            document = _document(await request.body())
            catalogue = await asyncio.to_thread(_checked, document)
            change = await keeper.apply(catalogue, arrived)
        return change._asdict()

    return router


def _document(body: bytes) -> dict[str, Any]:
    try:
        document = _decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise RequestRefused(400, f"The body must be JSON: {error}.") from None
    if not isinstance(document, dict):
        raise RequestRefused(422, "A catalogue is one object of sections, such as `datasets`.")
    return document


def _checked(document: dict[str, Any]) -> Catalogue:
    problems = check(document, None)
    if problems:
        raise RequestRefused(
            422,
            f"The catalogue has {len(problems)} problem(s). Nothing was changed.",
            [msgspec.to_builtins(problem) for problem in problems],
        )
    return read(document)
