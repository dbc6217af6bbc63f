"""Reads the batches of a dataset, the newest first. Never commits."""

from collections.abc import Collection
from typing import Any

import msgspec
from sqlalchemy import Select, func, select

from services.ingest.domain.receipt import Batch
from services.ingest.store.tables import BATCHES
from shared.db.tx import Tx


def of_dataset(tx: Tx, dataset: str, before: str, limit: int) -> list[Batch]:
    """Batches of a dataset that are older than the batch `before` (all where it is blank)."""
    known = BATCHES.c
    query = select(BATCHES).where(known.dataset == dataset)
    return _newest(tx, query.order_by(known.created.desc(), known.id.desc()), before, limit)


def of_all(tx: Tx, before: str, limit: int) -> list[Batch]:
    """The same of all datasets."""
    return _newest(tx, select(BATCHES).order_by(BATCHES.c.id.desc()), before, limit)


def newest_change(tx: Tx, dataset: str) -> str:
    """The newest batch that changed a record of a dataset; blank where none did."""
    known = BATCHES.c
    query = (
        select(known.id)
        .where(known.dataset == dataset, known.accepted + known.deleted > 0)
        .order_by(known.created.desc(), known.id.desc())
        .limit(1)
    )
    return tx.connection.execute(query).scalar() or ""


def _newest(tx: Tx, query: Select[Any], before: str, limit: int) -> list[Batch]:
    query = query.limit(limit)
    if before:
        # A batch's name begins with the instant it was accepted.
        query = query.where(BATCHES.c.id < before)
    return [_batch(row) for row in tx.connection.execute(query)]


def changed_since(tx: Tx, dataset: str, batch: str, modes: Collection[str]) -> int:
    """How many later batches of these modes changed a record of the dataset."""
    known = BATCHES.c
    query = select(func.count()).where(
        known.dataset == dataset,
        known.id > batch,
        known.mode.in_(modes),
        known.accepted + known.deleted > 0,
    )
    return int(tx.connection.execute(query).scalar_one())


def _batch(row: Any) -> Batch:
    counts = (row.received, row.accepted, row.unchanged, row.rejected, row.deleted)
    detail: dict[str, Any] = msgspec.json.decode(row.detail)
    return Batch(row.id, *counts, row.created, row.dataset, row.mode, detail)


def count(tx: Tx, dataset: str) -> int:
    """How many batches of a dataset there are: whatever changes a record of it is one more. (But
    for retention, which lets go slice by slice; what it takes is not let in again.)"""
    query = select(func.count()).where(BATCHES.c.dataset == dataset)
    return int(tx.connection.execute(query).scalar_one())
