"""Reads and writes batches, rejections and idempotency keys. Never commits."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from services.ingest.domain.receipt import Batch, Receipt, RejectionLine
from services.ingest.domain.refusals import Rejection
from services.ingest.domain.retention import KEPT
from services.ingest.store.tables import BATCHES, IDEMPOTENCY, REJECTIONS, TABLES
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.pages import prefix_end

RECEIPT_REJECTIONS = 100
SCAN_SUBJECTS = 10_000


class Claim(NamedTuple):
    """The wish that a request counts once: its key, the call it is for, and what it says."""

    scope: str
    key: str
    body_hash: str

    def slot(self) -> "Claim":
        """The same claim whatever the request says: the place that only one request can take."""
        return self._replace(body_hash="")


def claimed(tx: Tx, claim: Claim) -> tuple[str, str] | None:
    """The body hash and batch of the request that used this key before."""
    known = IDEMPOTENCY.c
    query = select(known.body_hash, known.batch).where(
        known.scope == claim.scope, known.key == claim.key
    )
    row = tx.connection.execute(query).first()
    return None if row is None else (row.body_hash, row.batch)


def save_claims(tx: Tx, claims: Sequence[tuple[Claim, str, str]]) -> None:
    """Remembers which keys became which batches, and when."""
    tx.insert(IDEMPOTENCY, [(*claim, batch, now) for claim, batch, now in claims])


def forget_claims(tx: Tx, before: str) -> int:
    """Forgets keys that were used before an instant."""
    found = tx.connection.execute(delete(IDEMPOTENCY).where(IDEMPOTENCY.c.created < before))
    return int(found.rowcount)


def save_batches(tx: Tx, batches: Sequence[Batch]) -> None:
    """Writes what batches came to."""
    tx.insert(
        BATCHES,
        [
            (
                batch.batch,
                batch.created,
                batch.dataset,
                batch.mode,
                batch.received,
                batch.accepted,
                batch.unchanged,
                batch.rejected,
                batch.deleted,
                msgspec.json.encode(batch.detail).decode() if batch.detail else "{}",
            )
            for batch in batches
        ],
    )


def save_rejections(tx: Tx, batch: str, first: int, rejections: Sequence[Rejection]) -> None:
    """Writes rejections, numbered from `first` within their batch."""
    tx.insert(
        REJECTIONS,
        [(batch, number, *rejection) for number, rejection in enumerate(rejections, first)],
    )


def batch(tx: Tx, name: str) -> Batch | None:
    """What is known about a batch."""
    row = tx.connection.execute(select(BATCHES).where(BATCHES.c.id == name)).first()
    if row is None:
        return None
    counts = (row.received, row.accepted, row.unchanged, row.rejected, row.deleted)
    detail: dict[str, Any] = msgspec.json.decode(row.detail)
    return Batch(row.id, *counts, row.created, row.dataset, row.mode, detail)


def details(tx: Tx, names: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The details of these batches, by their names."""
    rows = tx.select_in(BATCHES, ("id", "detail"), "id", names)
    return {name: msgspec.json.decode(detail) for name, detail in rows}


def rejections(tx: Tx, name: str, after: int, limit: int) -> list[tuple[int, RejectionLine]]:
    """Rejections of a batch numbered above `after`, in order, each with its number."""
    known = REJECTIONS.c
    query = (
        select(known.number, known.row, known.field, known.rule, known.reason, known.raw)
        .where(known.batch == name, known.number > after)
        .order_by(known.number)
        .limit(limit)
    )
    return [(row[0], RejectionLine(*row[1:])) for row in tx.connection.execute(query)]


def receipt(tx: Tx, name: str) -> Receipt:
    """The receipt of a batch, as it was sent."""
    found = batch(tx, name)
    if found is None:
        raise LookupError(f"no batch {name}, though its claim was written with it")
    lines = [line for _, line in rejections(tx, name, 0, RECEIPT_REJECTIONS)]
    return found.receipt(lines)


class OwnedRecord(NamedTuple):
    """A record as it was said last, and by which batch. `body` is None where it is gone."""

    version: int
    body: bytes | None
    time: str
    correlation: str


def record(tx: Tx, subject: str) -> OwnedRecord | None:
    """A record with its version; None where nothing was ever said of it."""
    columns = OwnedRecord._fields
    rows = tx.select_in(TABLES.owned, columns, "subject", [subject], topic=RECORDS)
    return OwnedRecord(*rows[0]) if rows else None


def records(tx: Tx, subjects: Iterable[str]) -> dict[str, OwnedRecord]:
    """Records with their versions, by subject; those of which nothing was said are left out."""
    columns = ("subject", *OwnedRecord._fields)
    rows = tx.select_in(TABLES.owned, columns, "subject", subjects, topic=RECORDS)
    return {row[0]: OwnedRecord(*row[1:]) for row in rows}


def _sent(prefix: str) -> ColumnElement[bool]:
    """Whether a subject starts with `prefix` and is not of what is left of a record that went: no
    extract names these."""
    subject, left = TABLES.owned.c.subject, f"{prefix}{KEPT}"
    return and_(
        subject >= prefix,
        subject < prefix_end(prefix),
        or_(subject < left, subject >= prefix_end(left)),
    )


def count_records(tx: Tx, prefix: str) -> int:
    """How many records exist whose subject starts with `prefix`."""
    known = TABLES.owned.c
    query = select(func.count()).where(
        known.topic == RECORDS, _sent(prefix), known.body.is_not(None)
    )
    return int(tx.connection.execute(query).scalar_one())


def any_record(tx: Tx, prefix: str) -> bool:
    """Whether there is any of those records."""
    return next(record_subjects(tx, prefix), None) is not None


def record_subjects(tx: Tx, prefix: str) -> Iterator[str]:
    """The subjects of those records, in pages, without their states."""
    last, end = prefix, prefix_end(prefix)
    sql = (
        "SELECT subject, body IS NOT NULL FROM owned WHERE topic = ? AND subject > ?"
        " AND subject < ? ORDER BY subject LIMIT ?"
    )
    while True:
        rows = tx.run(sql, (RECORDS, last, end, SCAN_SUBJECTS)).cursor.fetchall()
        for subject, exists in rows:
            if exists:
                yield subject
        if len(rows) < SCAN_SUBJECTS:
            return
        last = rows[-1][0]
