"""Reads the finance service's own states. Never commits."""

from collections.abc import Sequence

from sqlalchemy import select

from shared.contracts.topics import FINANCE
from shared.db.tx import Tx
from shared.delivery.tables import DeliveryTables


def positions(tx: Tx, tables: DeliveryTables) -> Sequence[tuple[str, bytes]]:
    """Every current position and control total: (subject, state)."""
    owned = tables.owned
    query = (
        select(owned.c.subject, owned.c.body)
        .where(owned.c.topic == FINANCE, owned.c.body.is_not(None))
        .order_by(owned.c.subject)
    )
    return [(row.subject, row.body) for row in tx.connection.execute(query)]
