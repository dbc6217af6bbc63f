"""One delivery of rows on its way through a transaction: what it claims, counts and is told.

Rule: a batch and everything said about it are written in the transaction that lets its rows in.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any, Literal

from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import Prepared
from services.ingest.domain.receipt import Batch, Receipt, RejectionLine
from services.ingest.domain.refusals import Rejection, RequestRefused
from services.ingest.metrics import (
    RECORDS_DELETED,
    ROWS_ACCEPTED,
    ROWS_RECEIVED,
    ROWS_REJECTED,
    ROWS_UNCHANGED,
)
from services.ingest.store import rejected, repository
from services.ingest.store.repository import RECEIPT_REJECTIONS, Claim
from shared.db.tx import Tx
from shared.delivery.change import Cause
from shared.runtime.clock import iso

NO_CAUSE = Cause("", "")
_BATCH_NAME = re.compile(r"[0-9a-f]{12}-[0-9a-f]{16}")
Mode = Literal["full", "changes"]
Outcome = Receipt | RequestRefused
# The modes of batches that somebody sent, beside those of the door itself.
LOADS = ("full", "changes")


def batch_name(arrived: datetime) -> str:
    """A new batch's name: grows with time, and cannot be guessed."""
    return f"{int(arrived.timestamp() * 1000):012x}-{token_hex(8)}"


def is_batch_name(text: str) -> bool:
    """Whether a text could name a batch."""
    return _BATCH_NAME.fullmatch(text) is not None


@dataclass(slots=True)
class Delivery:
    """Rows at the door, and what became of them so far."""

    contract: Contract
    arrived: datetime
    mode: Mode | Literal["undo"] = "changes"
    claim: Claim | None = None
    detail: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    cause: Cause = field(default=NO_CAUSE)
    received: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0
    deleted: int = 0
    faults: int = 0
    kept_rows: int = 0
    first: list[RejectionLine] = field(default_factory=list)

    def begin(self) -> None:
        """Takes a new name, with everything counted from nothing."""
        self.name = batch_name(self.arrived)
        self.cause = Cause(self.name, iso(self.arrived))
        self.received = self.accepted = self.unchanged = self.rejected = self.deleted = 0
        self.faults = self.kept_rows = 0
        self.first = []

    def reject(self, tx: Tx, prepared: Prepared) -> None:
        """Counts checked rows, and keeps their rejections."""
        self.received += prepared.received
        self.rejected += prepared.rejected
        if not prepared.rejections:
            return
        repository.save_rejections(tx, self.name, self.faults + 1, prepared.rejections)
        self.faults += len(prepared.rejections)
        room = RECEIPT_REJECTIONS - len(self.first)
        self.first += [_line(each) for each in prepared.rejections[:room]]
        kept = prepared.cells[: rejected.MOST_ROWS - self.kept_rows]
        rejected.save(tx, self.name, kept)
        self.kept_rows += len(kept)

    def batch(self) -> Batch:
        """The batch as it is kept."""
        return Batch(
            self.name,
            self.received,
            self.accepted,
            self.unchanged,
            self.rejected,
            self.deleted,
            self.cause.origin,
            self.contract.code,
            self.mode,
            self.detail,
        )

    def receipt(self) -> Receipt:
        """What the sender is told."""
        return self.batch().receipt(self.first)


def save(tx: Tx, deliveries: Sequence[Delivery]) -> None:
    """Writes what deliveries came to, and counts them once that is durable."""
    repository.save_batches(tx, [each.batch() for each in deliveries])
    repository.save_claims(
        tx,
        [
            (each.claim, each.name, each.cause.origin)
            for each in deliveries
            if each.claim is not None
        ],
    )
    tx.after_commit(lambda: _count(deliveries))


def earlier(tx: Tx, claim: Claim) -> Outcome | None:
    """The outcome of a request that used the same key before."""
    found = repository.claimed(tx, claim)
    if found is None:
        return None
    body_hash, batch = found
    return repository.receipt(tx, batch) if body_hash == claim.body_hash else used_for_another()


def used_for_another() -> RequestRefused:
    """Says that a key stands for another request."""
    return RequestRefused(
        409,
        "This Idempotency-Key was used before, for a request with another body. Nothing was "
        "changed. Use a new key for a new request.",
    )


def _count(deliveries: Sequence[Delivery]) -> None:
    for each in deliveries:
        dataset = each.contract.code
        ROWS_RECEIVED.labels(dataset).inc(each.received)
        ROWS_ACCEPTED.labels(dataset).inc(each.accepted)
        ROWS_UNCHANGED.labels(dataset).inc(each.unchanged)
        ROWS_REJECTED.labels(dataset).inc(each.rejected)
        RECORDS_DELETED.labels(dataset).inc(each.deleted)


def _line(rejection: Rejection) -> RejectionLine:
    return RejectionLine(*rejection)
