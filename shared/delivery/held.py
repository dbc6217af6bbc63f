"""What a service consumed: the newest state of each subject, for handlers to read."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import select

from shared.db.tx import Tx
from shared.delivery.tables import DeliveryTables

SCAN_ROWS = 2_000


class HeldState(NamedTuple):
    """A consumed state. `correlation` is the batch it came in."""

    subject: str
    version: int
    body: bytes
    time: str
    correlation: str
    origin: str


class Held:
    """Reads the `held` table."""

    def __init__(self, tables: DeliveryTables) -> None:
        self._table = tables.held

    def get(self, tx: Tx, topic: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """The bodies of those subjects that exist."""
        rows = tx.select_in(
            self._table, ("subject", "body"), "subject", list(subjects), topic=topic
        )
        return {subject: body for subject, body in rows if body is not None}

    def scan(self, tx: Tx, topic: str, prefix: str = "", after: str = "") -> Iterator[HeldState]:
        """Every existing state whose subject starts with `prefix`, by subject, after `after`.

        Reads in pages: what is kept in memory does not grow with what is held.
        """
        table = self._table
        last = after
        while True:
            query = (
                select(
                    table.c.subject,
                    table.c.version,
                    table.c.body,
                    table.c.time,
                    table.c.correlation,
                    table.c.origin,
                )
                .where(table.c.topic == topic, table.c.subject > last)
                .order_by(table.c.subject)
                .limit(SCAN_ROWS)
            )
            if prefix:
                query = query.where(
                    table.c.subject >= prefix, table.c.subject < prefix_end(prefix)
                )
            rows = tx.connection.execute(query).all()
            for row in rows:
                if row.body is not None:
                    yield HeldState(*row)
            if len(rows) < SCAN_ROWS:
                return
            last = rows[-1].subject


    def bodies(self, tx: Tx, topic: str, prefix: str) -> Iterator[tuple[bytes, str, str]]:
        """(body, correlation, origin) of every existing state whose subject starts with `prefix`:
        the same as `scan`, for those who go through all of them and need no more."""
        last, end = prefix, prefix_end(prefix)
        while True:
            rows = tx.run(
                "SELECT subject, body, correlation, origin FROM held"
                " WHERE topic = ? AND subject > ? AND subject < ? ORDER BY subject LIMIT ?",
                (topic, last, end, SCAN_ROWS),
            ).cursor.fetchall()
            for _, body, correlation, origin in rows:
                if body is not None:
                    yield body, correlation, origin
            if len(rows) < SCAN_ROWS:
                return
            last = rows[-1][0]


def prefix_end(prefix: str) -> str:
    """The first text after all that start with `prefix` (which is not empty)."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
