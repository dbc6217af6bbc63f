"""Finds the records whose time is over, and takes out what else is kept of them. Never commits."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import delete, select, update

from services.ingest.domain.receipt import Batch
from services.ingest.domain.retention import KEPT
from services.ingest.store.tables import BATCHES, BEFORE, REJECTED_ROWS, REJECTIONS, TABLES
from shared.contracts.topics import RECORDS
from shared.db.tx import Tx
from shared.delivery.pages import pages


def bodies(tx: Tx, dataset: str, after: str) -> Iterator[tuple[str, bytes]]:
    """The records of a dataset after a subject, without what is left of those that went."""
    left = f"{dataset}/{KEPT}"
    for subject, body in pages(tx, TABLES.owned.name, (), RECORDS, f"{dataset}/", after):
        if not subject.startswith(left):
            yield subject, body


def purge(tx: Tx, subjects: Sequence[str]) -> None:
    """Takes out what these records were before batches changed them."""
    tx.connection.execute(delete(BEFORE).where(BEFORE.c.subject.in_(subjects)))


def purge_batches(tx: Tx, dataset: str, before: str) -> None:
    """Takes out what is kept of rows that came before a day; how many there were stays known."""
    known = BATCHES.c
    old = select(known.id).where(known.dataset == dataset, known.created < before)
    for table in (BEFORE, REJECTED_ROWS):
        tx.connection.execute(delete(table).where(table.c.batch.in_(old)))
    tx.connection.execute(
        update(REJECTIONS)
        .where(REJECTIONS.c.batch.in_(old), REJECTIONS.c.raw.is_not(None))
        .values(raw=None)
    )


def save(tx: Tx, batch: Batch) -> None:
    """Writes what a run came to so far."""
    counts = (batch.received, batch.accepted, batch.unchanged, batch.rejected, batch.deleted)
    detail: dict[str, Any] = batch.detail
    row = (batch.batch, batch.created, batch.dataset, batch.mode, *counts)
    tx.upsert(BATCHES, [(*row, msgspec.json.encode(detail).decode())], ("id",))
