"""The calls that bring rows in, and those that tell what became of them."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec
import structlog
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from services.ingest.api.requests import answer, claim, media_type, refusals
from services.ingest.api.schemas import (
    BATCH,
    FILE_BODY,
    RECEIPT,
    RECORDS_BODY,
    REJECTIONS,
    answers,
)
from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import Delivery, Mode, is_batch_name
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared, from_records
from services.ingest.domain.json_rows import Numbered, read_array, read_lines
from services.ingest.domain.receipt import Batch
from services.ingest.domain.refusals import RequestRefused, file_name
from services.ingest.grouping import Grouping
from services.ingest.handlers import Ingest, Outcome
from services.ingest.opening import open_table
from services.ingest.settings import MIB, Settings
from services.ingest.store import repository
from shared.db.tx import Tx
from shared.runtime.problems import Problem
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
    service: Service, ingest: Ingest, keeper: ContractKeeper, settings: Settings
) -> APIRouter:
    """The routes of datasets and batches."""
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

            return _told(dataset, await keeper.retrying(dataset, attempt))

    @router.post(
        "/datasets/{dataset}/files",
        tags=["datasets"],
        status_code=202,
        # The form around the file is counted too.
        max_body_size=settings.max_file_bytes + MIB // 16,
        openapi_extra=FILE_BODY,
        responses=answers(202, "The receipt; its accepted rows are durable.", RECEIPT),
        response_class=Response,
    )
    async def files(
        dataset: str,
        request: Request,
        mode: Mode | None = None,
        confirm_deletions: bool = False,
        sheet: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        """Takes a CSV file, a sheet of a workbook (XLSX or ODS; `sheet` names another than the one
        that fits best) or, for a register of contracts, an OCDS package in JSON: all of its good
        rows, or nothing. A full extract (`mode=full`) is compared with what is known: what it does
        not name is deleted."""
        with refusals():
            media_type(request, "multipart/form-data")
            arrived = clock.now()
            await keeper.contract(dataset)
            async with request.form(max_files=1, max_fields=10) as form:
                upload = form.get("file")
                if not isinstance(upload, UploadFile):
                    raise RequestRefused(422, "The form must hold the file in a part named `file`.")
                name = file_name(upload.filename or "")

                async def attempt(contract: Contract) -> Outcome:
                    file = await asyncio.to_thread(
                        open_table, upload.file, contract, name, "file", sheet
                    )
                    meant: Mode = mode or ("changes" if file.partial else contract.dataset.extract)
                    said = [file.digest, meant, str(confirm_deletions), *([sheet] if sheet else [])]
                    wanted = claim(request, f"files/{dataset}", *(each.encode() for each in said))
                    detail = {"file": name}
                    delivery = Delivery(contract, arrived, meant, wanted, detail)

                    def work(tx: Tx) -> Outcome:
                        keeper.look(tx, [contract])
                        return ingest.accept_file(tx, delivery, file, confirmed=confirm_deletions)

                    return await store.write(work)

                return _told(dataset, await keeper.retrying(dataset, attempt))

    @router.get(
        "/batches/{batch}",
        tags=["batches"],
        responses=answers(200, "The batch.", BATCH),
        response_class=Response,
    )
    async def batch(batch: str) -> Response:
        """What a batch came to, and how its request was read."""
        found = await store.read(lambda tx: _found(tx, batch))
        return Response(_encode(found), media_type=JSON)

    @router.get(
        "/batches/{batch}/rejections",
        tags=["batches"],
        responses=answers(200, "A page of rejections.", REJECTIONS),
        response_class=Response,
    )
    async def rejections(
        batch: str,
        after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """Every rejection of a batch, in pages: row, field, rule, reason and raw value."""
        await store.read(lambda tx: _found(tx, batch))
        page = await store.read(lambda tx: repository.rejections(tx, batch, after, limit))
        following = page[-1][0] if len(page) == limit else None
        lines = [line for _, line in page]
        return Response(
            _encode({"batch": batch, "rejections": lines, "next": following}), media_type=JSON
        )

    return router


def _found(tx: Tx, batch: str) -> Batch:
    found = repository.batch(tx, batch) if is_batch_name(batch) else None
    if found is None:
        raise Problem(404, "There is no such batch.")
    return found


def _prepare(contract: Contract, kind: str, body: bytes) -> Prepared:
    rows: Iterable[Numbered] = read_array(body) if kind == JSON else read_lines(body)
    return from_records(contract, rows)


def _told(dataset: str, outcome: Outcome) -> Response:
    if isinstance(outcome, RequestRefused):
        raise outcome
    log.info(
        "batch-received",
        correlation=outcome.batch,
        dataset=dataset,
        received=outcome.received,
        accepted=outcome.accepted,
        unchanged=outcome.unchanged,
        rejected=outcome.rejected,
        deleted=outcome.deleted,
    )
    return answer(outcome)


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
