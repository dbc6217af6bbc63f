"""Small facts that delivery remembers, each in the transaction that makes it true."""

from collections.abc import Mapping
from secrets import token_hex

from shared.db.tx import Tx
from shared.delivery.tables import DeliveryTables

CURSOR = "cursor"
DEFINITIONS = "definitions"
STORE_ID = "store-id"
REBUILDING = "rebuilding"


def epoch_of(topic: str) -> str:
    """The owner's log epoch of a topic: grows each time it must say everything again."""
    return f"epoch/{topic}"


def epoch_seen(topic: str, partition: int) -> str:
    """The newest log epoch that a consumer has met on a partition."""
    return f"epoch-seen/{topic}/{partition}"


def published_to(topic: str, partition: int) -> str:
    """The offset of the newest event that the broker acknowledged on a partition."""
    return f"published/{topic}/{partition}"


class Marks:
    """Reads and writes marks inside a transaction."""

    def __init__(self, tables: DeliveryTables) -> None:
        self._table = tables.marks

    def get(self, tx: Tx, name: str) -> str | None:
        """The value of a mark, or None."""
        # Asked several times a batch: plain SQL, where building a query would cost more.
        found = tx.rows("SELECT value FROM marks WHERE name = ?", (name,))
        return found[0][0] if found else None

    def number(self, tx: Tx, name: str) -> int | None:
        """The value of a mark that is a number."""
        value = self.get(tx, name)
        return None if value is None else int(value)

    def set(self, tx: Tx, values: Mapping[str, object]) -> None:
        """Writes marks."""
        tx.upsert(self._table, [(name, str(value)) for name, value in values.items()], ["name"])

    def renew(self, tx: Tx, name: str) -> None:
        """Gives a mark a value it never had: not even a rolled-back transaction can have it."""
        self.set(tx, {name: token_hex(8)})

    def remove(self, tx: Tx, name: str) -> None:
        """Forgets a mark."""
        tx.connection.execute(self._table.delete().where(self._table.c.name == name))

    def store_id(self, tx: Tx) -> str:
        """This store's own random name, made once: cursors of another store never fit here."""
        known = self.get(tx, STORE_ID)
        if known is None:
            known = token_hex(4)
            self.set(tx, {STORE_ID: known})
        return known
