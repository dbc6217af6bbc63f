"""Reads the risk service's own states. Never commits."""

from collections.abc import Sequence

from shared.contracts.topics import INDICATORS, RISKS
from shared.db.tx import Tx
from shared.delivery.own import Own
from shared.delivery.pages import prefix_end
from shared.delivery.tables import DeliveryTables


def risks(tx: Tx, tables: DeliveryTables) -> Sequence[tuple[str, bytes]]:
    """Every current risk: (subject, state)."""
    return list(Own(tables).scan(tx, RISKS, "risk/"))


def whole_values(tx: Tx, indicator: str) -> list[bytes]:
    """An indicator's values over all records, of every period; not those of breakdown members,
    of which there may be very many more."""
    prefix = f"{indicator}/"
    query = (
        "SELECT body FROM held WHERE topic = ? AND subject > ? AND subject < ?"
        " AND subject NOT LIKE ? AND body IS NOT NULL ORDER BY subject"
    )
    # Codes are letters, digits and hyphens: nothing that LIKE would read otherwise.
    bounds = (INDICATORS, prefix, prefix_end(prefix), f"{prefix}%/%")
    return [row[0] for row in tx.run(query, bounds).cursor.fetchall()]
