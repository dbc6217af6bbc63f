"""What a request says about itself: content type, idempotency key, and how refusals are answered.

Rule: whatever is wrong with a request is a problem document of the 4xx kind, in plain words.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any

import msgspec
import structlog
from fastapi import Request
from fastapi.responses import Response

from services.ingest.delivery import Outcome
from services.ingest.domain.receipt import Receipt
from services.ingest.domain.refusals import RequestRefused
from services.ingest.grouping import Overloaded
from services.ingest.metrics import REQUESTS_REFUSED
from services.ingest.store.repository import Claim
from shared.runtime.problems import TITLES, Problem

LONGEST_KEY = 255

log = structlog.get_logger()

_encode = msgspec.json.Encoder().encode


@contextmanager
def refusals() -> Iterator[None]:
    """Answers a refusal of the domain as a problem document."""
    try:
        yield
    except Overloaded:
        REQUESTS_REFUSED.labels("503").inc()
        raise Problem(
            503,
            "More waits here than can be taken in soon. Nothing was kept; send it again shortly.",
            headers={"Retry-After": "1"},
        ) from None
    except RequestRefused as refused:
        REQUESTS_REFUSED.labels(str(refused.status)).inc()
        raise Problem(refused.status, refused.detail, problems=refused.problems) from None


def media_type(request: Request, *wanted: str) -> str:
    """The content type without parameters. Raises RequestRefused when it is none of `wanted`."""
    given, _, parameters = request.headers.get("content-type", "").partition(";")
    given = given.strip().lower()
    if given not in wanted:
        said = given[:100] or "missing"
        raise RequestRefused(415, f"The content type must be {' or '.join(wanted)}; it is {said}.")
    charset = parameters.partition("charset=")[2].partition(";")[0].strip(' "').lower()
    if charset not in ("", "utf-8", "utf8", "us-ascii"):
        raise RequestRefused(415, "The text must be UTF-8.")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RequestRefused(415, "Compressed bodies are not taken here.")
    return given


def claim(request: Request, scope: str, *said: bytes) -> Claim | None:
    """The request's claim to count once, where it makes one."""
    key = request.headers.get("idempotency-key")
    if key is None:
        return None
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise RequestRefused(
            400, f"An Idempotency-Key has 1 to {LONGEST_KEY} printable characters."
        )
    digest = sha256()
    for part in said:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return Claim(scope, key, digest.hexdigest())


def answer(receipt: Receipt) -> Response:
    """202 with the receipt; 422 with the same receipt in a problem document when rows came and
    every one of them was rejected."""
    if not receipt.all_rejected:
        return Response(_encode(receipt), status_code=202, media_type="application/json")
    problem: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES[422],
        "status": 422,
        "detail": "Every row was rejected; each rejection says why.",
        **msgspec.to_builtins(receipt),
    }
    return Response(_encode(problem), status_code=422, media_type="application/problem+json")


def told(dataset: str, outcome: Outcome) -> Response:
    """The answer to a delivery; the log hears of it. Raises what was refused."""
    if isinstance(outcome, RequestRefused):
        raise outcome
    tell(dataset, outcome)
    return answer(outcome)


def tell(dataset: str, outcome: Receipt) -> None:
    """Tells the log what a batch came to."""
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
