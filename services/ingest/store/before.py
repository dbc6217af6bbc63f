"""Reads and writes what records were before a batch changed them. Never commits."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from sqlalchemy import delete, func, select

from services.ingest.store.tables import BEFORE
from shared.db.tx import Tx
from shared.delivery.outbox import Published


class Before(NamedTuple):
    """A record before a batch: its body (None: it was not there), and a fingerprint of the state
    that the batch made of it."""

    subject: str
    made: int
    body: bytes | None


def fingerprint(body: bytes | None) -> int:
    """What a state is told by: small, and the same in every process."""
    if body is None:
        return 0
    return int.from_bytes(blake2b(body, digest_size=8).digest(), "big", signed=True)


def write(tx: Tx, rows: Iterable[tuple[str, Before]]) -> None:
    """Writes what is known of batches."""
    tx.insert(BEFORE, [(batch, *row) for batch, row in rows])


def save(tx: Tx, batch: str, changes: Iterable[Published]) -> None:
    """Writes what a batch replaced; none of it is told twice."""
    rows = [(batch, each.subject, fingerprint(each.body), each.before) for each in changes]
    tx.insert(BEFORE, rows)


def amend(tx: Tx, batch: str, changes: Sequence[Published]) -> None:
    """The same for a batch that may have changed some of these subjects before: what they were
    first counts, with what was made of them last."""
    subjects = [each.subject for each in changes]
    found = tx.select_in(BEFORE, ("subject", "body"), "subject", subjects, batch=batch)
    earlier = {subject: body for subject, body in found}  # noqa: C416 - rows have any length
    tx.upsert(
        BEFORE,
        [
            (
                batch,
                each.subject,
                fingerprint(each.body),
                earlier.get(each.subject, each.before),
            )
            for each in changes
        ],
        ("batch", "subject"),
    )


def rows(tx: Tx, batch: str, after: str, limit: int) -> list[Before]:
    """What is known of a batch, by subject, in pages."""
    known = BEFORE.c
    query = (
        select(known.subject, known.made, known.body)
        .where(known.batch == batch, known.subject > after)
        .order_by(known.subject)
        .limit(limit)
    )
    return [Before(*row) for row in tx.connection.execute(query)]


def count(tx: Tx, batch: str) -> int:
    """Of how many records it is known what they were."""
    query = select(func.count()).where(BEFORE.c.batch == batch)
    return int(tx.connection.execute(query).scalar_one())


def forget(tx: Tx, oldest: str, limit: int) -> int:
    """Forgets what is kept of batches whose names are less than this; at most so many rows, of one
    batch. Answers with how many."""
    known = BEFORE.c
    first = select(func.min(known.batch)).where(known.batch < oldest)
    batch = tx.connection.execute(first).scalar()
    if batch is None:
        return 0
    mine = known.batch == batch
    last = select(known.subject).where(mine).order_by(known.subject).offset(limit - 1).limit(1)
    statement = delete(BEFORE).where(mine)
    if (bound := tx.connection.execute(last).scalar()) is not None:
        statement = statement.where(known.subject <= bound)
    return int(tx.connection.execute(statement).rowcount)
