"""Reads and writes which columns the last file of a dataset had. Never commits."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import select

from services.ingest.store.tables import COLUMNS
from shared.db.tx import Tx

_names = msgspec.json.Decoder(list[str]).decode


def last(tx: Tx, dataset: str) -> list[str] | None:
    """The columns of a dataset's last file; None where there was none."""
    query = select(COLUMNS.c.names).where(COLUMNS.c.dataset == dataset)
    found = tx.connection.execute(query).scalar()
    return None if found is None else _names(found)


def save(tx: Tx, dataset: str, names: Sequence[str], seen: str) -> None:
    """Remembers the columns of a file."""
    tx.upsert(COLUMNS, [(dataset, msgspec.json.encode(names).decode(), seen)], ("dataset",))
