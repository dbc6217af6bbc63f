"""The calls that bring rows in."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any

import msgspec
import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from services.ingest.api.requests import claim, media_type, refusals, told
from services.ingest.api.schemas import (
    FILE_BODY,
    PREVIEW,
    RECEIPT,
    RECORDS_BODY,
    answers,
)
from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import Delivery, Mode, Outcome
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared, from_records
from services.ingest.domain.json_rows import Numbered, read_array, read_lines
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.grouping import Grouping
from services.ingest.handlers import Ingest
from services.ingest.settings import MIB, Settings
from services.ingest.store.repository import Claim
from services.ingest.taking_files import Coming, TakingFiles, no_room
from shared.db.tx import Tx
from shared.runtime.service import Service

JSON = "application/json"
NDJSON = ("application/x-ndjson", "application/ndjson", "application/jsonl")
# A body above this is read and checked on another thread, so that the loop stays free.
LARGE_BYTES = 64 * 1024
# What one transaction takes in, so that none keeps the next ones waiting for long.
GROUP_ROWS = 2_000

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


def routes(
    service: Service,
    ingest: Ingest,
    keeper: ContractKeeper,
    taking: TakingFiles,
    settings: Settings,
) -> APIRouter:
    """The routes of datasets."""
    router = APIRouter(prefix="/v1")
    store, clock = service.store, service.clock

    async def accept(group: Sequence[tuple[Delivery, Prepared]]) -> Sequence[Outcome]:
        def work(tx: Tx) -> Sequence[Outcome]:
            keeper.look(tx, [delivery.contract for delivery, _ in group])
            return ingest.accept_records(tx, group)

        return await store.write(work)

    grouping = Grouping(accept, group_size=GROUP_ROWS, most_waiting=settings.max_waiting_rows)

    @router.get("/datasets", tags=["datasets"])
    async def datasets() -> dict[str, list[dict[str, Any]]]:
        """The datasets that may be sent: their codes, titles, keys and fields."""
        await keeper.load()
        return {"datasets": [_described(contract) for contract in keeper.contracts.all()]}

    @router.post(
        "/datasets/{dataset}/records",
        tags=["datasets"],
        status_code=202,
        max_body_size=settings.max_records_bytes,
        openapi_extra=RECORDS_BODY,
        responses=answers(202, "The receipt; its accepted rows are durable.", RECEIPT),
        response_class=Response,
    )
    async def records(dataset: str, request: Request) -> Response:
        """Takes records as JSON or NDJSON: `{"data": {...}}` says what a record is now,
        `{"key": ..., "deleted": true}` that it is gone. With an `Idempotency-Key`, a repeated
        request has one effect and the same outcome."""
        with refusals():
            kind = media_type(request, JSON, *NDJSON)
            arrived = clock.now()
            body = await request.body()
            wanted = claim(request, f"records/{dataset}", kind.encode(), body)

            async def attempt(contract: Contract) -> Outcome:
                if len(body) > LARGE_BYTES:
                    prepared = await asyncio.to_thread(_prepare, contract, kind, body)
                else:
                    prepared = _prepare(contract, kind, body)
                delivery = Delivery(contract, arrived, claim=wanted)
                return await grouping.add((delivery, prepared), prepared.received)

            return told(dataset, await keeper.retrying(dataset, attempt))

    @router.post(
        "/datasets/{dataset}/files",
        tags=["datasets"],
        status_code=202,
        # The form around the file is counted too.
        max_body_size=settings.max_file_bytes + MIB // 16,
        openapi_extra=FILE_BODY,
        responses=answers(202, "The receipt; its accepted rows are durable.", RECEIPT)
        | answers(200, "With `preview=true`: what the file would come to.", PREVIEW),
        response_class=Response,
    )
    async def files(
        dataset: str,
        request: Request,
        mode: Mode | None = None,
        confirm_deletions: bool = False,
        sheet: Annotated[str | None, Query(max_length=100)] = None,
        preview: bool = False,
        asked: Annotated[list[str] | None, Query(max_length=50)] = None,
    ) -> Response:
        """Takes a CSV file, a sheet of a workbook (XLSX or ODS; `sheet` names another than the one
        that fits best) or, for a register of contracts, an OCDS package in JSON: all of its good
        rows, or nothing. A full extract (`mode=full`) is compared with what is known: what it does
        not name is deleted. Rows in which every field named by `asked` is blank are passed over, as
        of a form that was partly filled in. With `preview=true` nothing is changed: the answer
        (200) is what the file would come to."""
        with refusals():
            media_type(request, "multipart/form-data")
            await keeper.contract(dataset)
            with no_room():
                form = await request.form(max_files=1, max_fields=10)
            try:
                upload = form.get("file")
                if not isinstance(upload, UploadFile):
                    raise RequestRefused(422, "The form must hold the file in a part named `file`.")
                coming = Coming(
                    upload.file,
                    dataset,
                    file_name(upload.filename or ""),
                    "a call",
                    mode,
                    sheet=sheet,
                    confirmed=confirm_deletions,
                    asked=asked or (),
                    claim=partial(
                        _file_claim,
                        request,
                        f"files/{dataset}",
                        [str(confirm_deletions), *([sheet] if sheet else []), *(asked or ())],
                    ),
                )
                if preview:
                    found = await taking.preview(coming)
                    return Response(_encode(found), media_type=JSON)
                return told(dataset, await taking.take(coming))
            finally:
                await form.close()

    return router


def _prepare(contract: Contract, kind: str, body: bytes) -> Prepared:
    rows: Iterable[Numbered] = read_array(body) if kind == JSON else read_lines(body)
    return from_records(contract, rows)


def _file_claim(
    request: Request, scope: str, said: Sequence[str], digest: str, mode: Mode
) -> Claim | None:
    return claim(request, scope, *(each.encode() for each in (digest, mode, *said)))


def _described(contract: Contract) -> dict[str, Any]:
    dataset = contract.dataset
    return {
        "code": dataset.code,
        "title": dataset.title,
        "system": dataset.system,
        "extract": dataset.extract,
        "key": dataset.key,
        "freshness_days": dataset.freshness_days,
        "fields": [each.name for each in dataset.fields],
    }
