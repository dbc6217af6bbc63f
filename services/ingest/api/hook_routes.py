"""The call by which a system sends what changed by itself: a webhook.

Rule: nothing is read of a message before its signature is good, and the sender is answered once
its rows are durable. The same message sent again has one effect. What a connector was sent is
counted by the hour, so that its page tells of it at little cost.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec
import structlog
from fastapi import APIRouter, Request
from fastapi.responses import Response

from services.ingest.api.requests import media_type, refusals
from services.ingest.api.schemas import HOOK_BODY, RECEIPT, answers
from services.ingest.connect.hooks import NotSigned, rows_of, signed_id
from services.ingest.connect.running import Connectors
from services.ingest.connect.source import Outcome, SourceFailed
from services.ingest.contracts import ContractKeeper
from services.ingest.delivery import Delivery
from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared, from_records
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused, shown
from services.ingest.grouping import Grouping
from services.ingest.handlers import Ingest
from services.ingest.settings import Settings
from services.ingest.store import sent
from services.ingest.store.repository import Claim
from services.ingest.store.sent import Sent
from shared.catalogue.connectors import Connector, Messages
from shared.db.tx import Tx
from shared.runtime.problems import Problem
from shared.runtime.service import Service

GROUP_ROWS = 2_000
LARGE_BYTES = 64 * 1024
KINDS = ("application/json", "application/cloudevents+json")

log = structlog.get_logger()
_encode = msgspec.json.Encoder().encode


class Message(NamedTuple):
    """A message whose signature is good, with its rows checked."""

    connector: Connector
    delivery: Delivery
    prepared: Prepared
    size: int


def hook_routes(
    service: Service,
    ingest: Ingest,
    keeper: ContractKeeper,
    connectors: Connectors,
    settings: Settings,
) -> APIRouter:
    """The route of webhooks."""
    router = APIRouter(prefix="/v1", tags=["connectors"])
    store, clock = service.store, service.clock

    async def accept(group: Sequence[Message]) -> Sequence[Outcome]:
        def work(tx: Tx) -> Sequence[Outcome]:
            keeper.look(tx, [each.delivery.contract for each in group])
            outcomes = ingest.accept_records(tx, [(each.delivery, each.prepared) for each in group])
            # One that came before was counted then.
            new = [
                Sent(each.connector.code, outcome, each.size)
                for each, outcome in zip(group, outcomes, strict=True)
                if isinstance(outcome, Receipt) and outcome.batch == each.delivery.name
            ]
            sent.count(tx, clock.now(), new)
            return outcomes

        return await store.write(work)

    grouping: Grouping[Message, Outcome] = Grouping(
        accept, group_size=GROUP_ROWS, most_waiting=settings.max_waiting_rows
    )

    @router.post(
        "/hooks/{connector}",
        status_code=202,
        max_body_size=settings.max_records_bytes,
        openapi_extra=HOOK_BODY,
        responses=answers(202, "The receipt; its accepted rows are durable.", RECEIPT),
        response_class=Response,
    )
    async def hook(connector: str, request: Request) -> Response:
        """Takes a signed message (Standard Webhooks) for a connector of the kind `webhook`. The
        same `webhook-id` again has one effect and the same receipt."""
        with refusals():
            found = (await keeper.catalogue()).connectors.get(connector)
            if found is None or found.kind != "webhook":
                raise RequestRefused(404, "There is no webhook of that name.")
            if found.paused:
                raise Problem(503, "The webhook is paused.", headers={"Retry-After": "300"})
            arrived = clock.now()
            body = await request.body()
            name = _signed(connectors, found, request, body, arrived)
            media_type(request, *KINDS)
            claim = Claim(f"hooks/{found.code}", name, sha256(body).hexdigest())
            messages = found.messages or Messages()

            async def attempt(contract: Contract) -> Outcome:
                if len(body) > LARGE_BYTES:
                    prepared = await asyncio.to_thread(_prepare, contract, messages, body)
                else:
                    prepared = _prepare(contract, messages, body)
                detail = {"connector": found.code, "message": shown(name)}
                delivery = Delivery(contract, arrived, claim=claim, detail=detail)
                message = Message(found, delivery, prepared, len(body))
                return await grouping.add(message, prepared.received)

            try:
                outcome = await keeper.retrying(found.dataset, attempt)
            except RequestRefused as refused:
                reason = refused.detail
                await store.write(lambda tx: sent.refuse(tx, found.code, reason, arrived))
                raise
            if isinstance(outcome, RequestRefused):
                raise outcome
            return Response(_encode(outcome), 202, media_type=KINDS[0])

    return router


def _signed(
    connectors: Connectors, found: Connector, request: Request, body: bytes, now: datetime
) -> str:
    """The id of a message that is from whom it should be."""
    try:
        secret = connectors.secrets.get(found.credentials)
        return signed_id(secret, request.headers, body, now)
    except NotSigned:
        raise RequestRefused(401, "The message is not signed as it should be.") from None
    except SourceFailed as failed:
        log.error("webhook-without-secret", connector=found.code, reason=str(failed))
        raise Problem(503, "The webhook cannot be used yet.") from None


def _prepare(contract: Contract, messages: Messages, body: bytes) -> Prepared:
    return from_records(contract, rows_of(contract, messages, body))
