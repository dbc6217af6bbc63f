"""Reads the risk service's own states. Never commits."""

from collections.abc import Sequence

from sqlalchemy import select

from shared.contracts.topics import RISKS
from shared.db.tx import Tx
from shared.delivery.tables import DeliveryTables


def risks(tx: Tx, tables: DeliveryTables) -> Sequence[tuple[str, bytes]]:
    """Every current risk: (subject, state)."""
    owned = tables.owned
    query = (
        select(owned.c.subject, owned.c.body)
        .where(owned.c.topic == RISKS, owned.c.body.is_not(None))
        .order_by(owned.c.subject)
    )
    return [(row.subject, row.body) for row in tx.connection.execute(query)]
