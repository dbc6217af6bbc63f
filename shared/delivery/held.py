"""What a service consumed: the newest state of each subject, for handlers to read."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from shared.db.tx import Tx
from shared.delivery.pages import pages
from shared.delivery.tables import DeliveryTables


class HeldState(NamedTuple):
    """A consumed state. `correlation` is the batch it came in."""

    subject: str
    body: bytes
    version: int
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

    def states(self, tx: Tx, topic: str, subjects: Iterable[str], **equals: str) -> list[HeldState]:
        """Those of the subjects that exist (and whose columns equal `equals`), by subject."""
        columns = HeldState._fields
        rows = tx.select_in(self._table, columns, "subject", list(subjects), topic=topic, **equals)
        return sorted(HeldState(*row) for row in rows if row[1] is not None)

    def scan(self, tx: Tx, topic: str, prefix: str = "", after: str = "") -> Iterator[HeldState]:
        """Every existing state whose subject starts with `prefix`, by subject, after `after`."""
        columns = HeldState._fields[2:]
        for row in pages(tx, self._table.name, columns, topic, prefix, after):
            yield HeldState(*row)

    def bodies(self, tx: Tx, topic: str, prefix: str) -> Iterator[tuple[str, bytes, str, str]]:
        """(subject, body, correlation, origin) of the same: for those who go through all of them
        and need no more."""
        return pages(tx, self._table.name, ("correlation", "origin"), topic, prefix)
