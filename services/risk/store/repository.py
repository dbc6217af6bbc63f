"""Reads the risk service's own states. Never commits."""

from collections.abc import Sequence

from shared.contracts.topics import RISKS
from shared.db.tx import Tx
from shared.delivery.own import Own
from shared.delivery.tables import DeliveryTables


def risks(tx: Tx, tables: DeliveryTables) -> Sequence[tuple[str, bytes]]:
    """Every current risk: (subject, state)."""
    return list(Own(tables).scan(tx, RISKS, "risk/"))
