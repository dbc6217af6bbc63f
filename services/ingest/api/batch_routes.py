"""The calls that tell what became of a batch, and those that take it back or take it again."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query
from fastapi.responses import Response

from services.ingest.api.requests import refusals, tell
from services.ingest.api.schemas import (
    BATCH,
    BATCHES,
    RECEIPT,
    REJECTED_ROWS,
    REJECTIONS,
    answers,
)
from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import Outcome, is_batch_name
from services.ingest.domain.receipt import Batch
from services.ingest.domain.refusals import RequestRefused
from services.ingest.extracts import Extracts
from services.ingest.store import batches, rejected, repository
from services.ingest.undoing import Undoing
from shared.db.tx import Tx
from shared.runtime.problems import Problem
from shared.runtime.service import Service

JSON = "application/json"
BY = "a call"

_encode = msgspec.json.Encoder().encode


def batch_routes(
    service: Service, keeper: ContractKeeper, undoing: Undoing, extracts: Extracts
) -> APIRouter:
    """The routes of batches."""
    router = APIRouter(prefix="/v1", tags=["batches"])
    store = service.store

    @router.get(
        "/datasets/{dataset}/batches",
        responses=answers(200, "A page of batches, the newest first.", BATCHES),
        response_class=Response,
    )
    async def of_dataset(
        dataset: str,
        before: Annotated[str, Query(max_length=40)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> Response:
        """The batches of a dataset, the newest first; `before` is the last one of the page before,
        as `next` says it."""
        with refusals():
            await keeper.contract(dataset)
            if before and not is_batch_name(before):
                raise RequestRefused(422, "`before` must be the id of a batch.")
            page = await store.read(lambda tx: batches.of_dataset(tx, dataset, before, limit))
        following = page[-1].batch if len(page) == limit else None
        return Response(_encode({"batches": page, "next": following}), media_type=JSON)

    @router.get(
        "/batches/{batch}",
        responses=answers(200, "The batch.", BATCH),
        response_class=Response,
    )
    async def batch(batch: str) -> Response:
        """What a batch came to, and how its request was read."""
        found = await store.read(lambda tx: _found(tx, batch))
        return Response(_encode(found), media_type=JSON)

    @router.get(
        "/batches/{batch}/rejections",
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

    @router.get(
        "/batches/{batch}/rejected-rows",
        responses=answers(200, "A page of rejected rows.", REJECTED_ROWS),
        response_class=Response,
    )
    async def rejected_rows(
        batch: str,
        after: Annotated[int, Query(ge=0, le=rejected.LAST_ROW)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> Response:
        """The rejected rows of a file, in pages: what each said in the fields of its contract, as
        it came, and what was wrong. The first 10,000 of a batch are kept, for some weeks."""
        await store.read(lambda tx: _found(tx, batch))
        page = await store.read(lambda tx: rejected.rows(tx, batch, after, limit))
        following = page[-1].row if len(page) == limit else None
        return Response(_encode({"batch": batch, "rows": page, "next": following}), media_type=JSON)

    @router.post(
        "/batches/{batch}/undo",
        status_code=202,
        responses=answers(202, "The receipt of the batch that undoes it.", RECEIPT),
        response_class=Response,
    )
    async def undo(batch: str) -> Response:
        """Takes a batch back: every record that it changed is again what it was before. What
        something later changed stays as it is: those rows are among the rejections. 409 where it
        is not kept any more what the records were."""
        with refusals():
            return await _told(await undoing.take_back(batch, BY))

    @router.post(
        "/batches/{batch}/replay",
        status_code=202,
        responses=answers(202, "The receipt of the batch that it became.", RECEIPT),
        response_class=Response,
    )
    async def replay(batch: str, confirm: bool = False) -> Response:
        """Takes what was sent again, by the contract in force. 409 where it is not kept. `confirm`
        lets it stand over what came later, and lets a full extract delete what it lacks."""
        with refusals():
            return await _told(await extracts.replay(batch, BY, confirmed=confirm))

    async def _told(outcome: Outcome) -> Response:
        if isinstance(outcome, RequestRefused):
            raise outcome
        found = await store.read(lambda tx: _found(tx, outcome.batch))
        tell(found.dataset, outcome)
        return Response(_encode(outcome), status_code=202, media_type=JSON)

    return router


def _found(tx: Tx, batch: str) -> Batch:
    found = repository.batch(tx, batch) if is_batch_name(batch) else None
    if found is None:
        raise Problem(404, "There is no such batch.")
    return found
