"""Reads which loads of a dataset came last."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import or_, select

from services.ingest.store.tables import BATCHES
from shared.db.tx import Tx


class Load(NamedTuple):
    """A batch that let something in; `changed` says whether that changed a record."""

    name: str
    created: str
    changed: bool


def newest(tx: Tx, dataset: str, modes: Collection[str]) -> Load | None:
    """The newest batch of these modes of which a row was let in, or that had none."""
    known = BATCHES.c
    query = (
        select(known.id, known.created, known.accepted + known.deleted)
        .where(
            known.dataset == dataset,
            known.mode.in_(modes),
            or_(known.received == 0, known.rejected < known.received),
        )
        .order_by(known.created.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).first()
    return None if row is None else Load(row[0], row[1], row[2] > 0)
