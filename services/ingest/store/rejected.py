"""Reads and writes what rejected rows said, so that they can be mended. Never commits."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import delete, func, select, update

from services.ingest.domain.receipt import RejectionLine
from services.ingest.store.tables import REJECTED_ROWS, REJECTIONS
from shared.db.tx import Tx

# Of a batch; the rejections of the others are kept all the same.
MOST_ROWS = 10_000
# No row has a greater number: every store can be asked for it.
LAST_ROW = 2**53

_encode = msgspec.json.Encoder().encode
_cells = msgspec.json.Decoder(dict[str, str]).decode


class RejectedRow(msgspec.Struct):
    """A rejected row: what it said, field by field, as it came, and each of its faults.
    `fixed_by` is the batch that brought it in after all."""

    row: int
    cells: dict[str, str]
    rejections: list[RejectionLine]
    fixed_by: str | None = None


def save(tx: Tx, batch: str, rows: Sequence[tuple[int, Mapping[str, str]]]) -> None:
    """Writes what rejected rows said."""
    tx.insert(REJECTED_ROWS, [(batch, row, _encode(cells).decode(), None) for row, cells in rows])


def rows(tx: Tx, batch: str, after: int, limit: int) -> list[RejectedRow]:
    """The rejected rows of a batch that come after a row, in order."""
    known, faults = REJECTED_ROWS.c, REJECTIONS.c
    query = (
        select(known.row, known.cells, known.fixed_by)
        .where(known.batch == batch, known.row > after)
        .order_by(known.row)
        .limit(limit)
    )
    found = {
        row: RejectedRow(row, _cells(cells), [], fixed_by)
        for row, cells, fixed_by in tx.connection.execute(query)
    }
    if not found:
        return []
    lines = (
        select(faults.row, faults.field, faults.rule, faults.reason, faults.raw)
        .where(faults.batch == batch, faults.row >= min(found), faults.row <= max(found))
        .order_by(faults.number)
    )
    for line in tx.connection.execute(lines):
        if line.row in found:
            found[line.row].rejections.append(RejectionLine(*line))
    return list(found.values())


def count(tx: Tx, batch: str) -> int:
    """How many rejected rows of a batch are kept."""
    query = select(func.count()).where(REJECTED_ROWS.c.batch == batch)
    return int(tx.connection.execute(query).scalar_one())


def mark_fixed(tx: Tx, batch: str, row: int, by_batch: str) -> None:
    """A rejected row came in after all, by another batch."""
    known = REJECTED_ROWS.c
    tx.connection.execute(
        update(REJECTED_ROWS)
        .where(known.batch == batch, known.row == row)
        .values(fixed_by=by_batch)
    )


def forget(tx: Tx, oldest: str, limit: int) -> int:
    """Forgets what is kept of batches whose names are less than this; at most so many rows, of one
    batch. Answers with how many."""
    known = REJECTED_ROWS.c
    first = select(func.min(known.batch)).where(known.batch < oldest)
    batch = tx.connection.execute(first).scalar()
    if batch is None:
        return 0
    mine = known.batch == batch
    last = select(known.row).where(mine).order_by(known.row).offset(limit - 1).limit(1)
    statement = delete(REJECTED_ROWS).where(mine)
    if (bound := tx.connection.execute(last).scalar()) is not None:
        statement = statement.where(known.row <= bound)
    return int(tx.connection.execute(statement).rowcount)
