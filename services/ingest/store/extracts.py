"""Reads and writes which files are kept. Never commits."""

from collections.abc import Collection

import msgspec
from sqlalchemy import delete, select

from services.ingest.store.tables import EXTRACTS
from shared.db.tx import Tx


class KeptFile(msgspec.Struct):
    """A file that is kept: one that waits to be applied (`batch` None), or what became a batch.
    `name` is what its sender called it, `path` its name on our disk, `until` when it goes,
    `sheet` which one of a workbook's is meant."""

    id: str
    created: str
    until: str
    dataset: str
    mode: str
    form: str
    name: str
    path: str
    bytes: int
    by: str
    batch: str | None = None
    sheet: str | None = None


def save(tx: Tx, kept: KeptFile) -> None:
    """Writes that a file is kept."""
    tx.upsert(EXTRACTS, [msgspec.structs.astuple(kept)], ("id",))


def find(tx: Tx, name: str) -> KeptFile | None:
    """A kept file by its id."""
    row = tx.connection.execute(select(EXTRACTS).where(EXTRACTS.c.id == name)).first()
    return None if row is None else KeptFile(*row)


def of_batch(tx: Tx, batch: str) -> list[KeptFile]:
    """The files that became a batch."""
    query = select(EXTRACTS).where(EXTRACTS.c.batch == batch).order_by(EXTRACTS.c.id)
    return [KeptFile(*row) for row in tx.connection.execute(query)]


def past(tx: Tx, now: str) -> list[KeptFile]:
    """The files whose time is over."""
    query = select(EXTRACTS).where(EXTRACTS.c.until <= now).order_by(EXTRACTS.c.until).limit(1_000)
    return [KeptFile(*row) for row in tx.connection.execute(query)]


def known(tx: Tx, names: Collection[str]) -> set[str]:
    """Of these ids, those that have a row."""
    return {row[0] for row in tx.select_in(EXTRACTS, ("id",), "id", names)}


def forget(tx: Tx, names: Collection[str]) -> None:
    """These files are kept no more."""
    tx.connection.execute(delete(EXTRACTS).where(EXTRACTS.c.id.in_(names)))
