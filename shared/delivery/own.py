"""What a service itself said last, for handlers to read."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from shared.db.tx import Tx
from shared.delivery.pages import pages
from shared.delivery.tables import DeliveryTables


class Own:
    """Reads the `owned` table."""

    def __init__(self, tables: DeliveryTables) -> None:
        self._table = tables.owned

    def get(self, tx: Tx, topic: str, subjects: Iterable[str]) -> dict[str, bytes]:
        """The bodies of those subjects that exist."""
        rows = tx.select_in(
            self._table, ("subject", "body"), "subject", list(subjects), topic=topic
        )
        return {subject: body for subject, body in rows if body is not None}

    def scan(self, tx: Tx, topic: str, prefix: str = "") -> Iterator[tuple[str, bytes]]:
        """Every existing state whose subject starts with `prefix`: (subject, body), in order."""
        return pages(tx, self._table.name, (), topic, prefix)

    def subjects(self, tx: Tx, topic: str, prefix: str = "") -> list[str]:
        """The subjects that exist."""
        return [subject for subject, _ in self.scan(tx, topic, prefix)]


def versions(
    tx: Tx, tables: DeliveryTables, topic: str, subject: str
) -> list[tuple[int, bytes | None, str]]:
    """Every kept version of a subject, oldest first: (version, body, time)."""
    history = tables.history
    query = (
        select(history.c.version, history.c.body, history.c.time)
        .where(history.c.topic == topic, history.c.subject == subject)
        .order_by(history.c.version)
    )
    return [(row.version, row.body, row.time) for row in tx.connection.execute(query)]
