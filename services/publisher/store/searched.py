"""Which states can be searched, with their versions. Never commits."""

from typing import NamedTuple

from shared.db.tx import Tx
from shared.delivery.pages import prefix_end


class Searched(NamedTuple):
    """A state that can be searched."""

    topic: str
    subject: str
    version: int


def searched(tx: Tx, topic: str, prefix: str, limit: int) -> list[Searched]:
    """The existing states whose subjects start with `prefix`, the last ones first."""
    sql = (
        "SELECT topic, subject, version FROM held WHERE topic = ? AND subject >= ? AND subject < ?"
        " AND body IS NOT NULL ORDER BY subject DESC LIMIT ?"
    )
    rows = tx.run(sql, (topic, prefix, prefix_end(prefix), limit)).cursor.fetchall()
    return [Searched(*row) for row in rows]
