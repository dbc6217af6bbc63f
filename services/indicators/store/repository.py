"""Reads and writes how measures were counted. Never commits."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Table, select

from shared.db.tx import Tx


class Counted:
    """How each measure was counted."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def all(self, tx: Tx) -> dict[str, str]:
        """How every measure that was ever counted was counted last."""
        query = select(self._table.c.measure, self._table.c.how)
        return {row.measure: row.how for row in tx.connection.execute(query)}

    def set(self, tx: Tx, how: Mapping[str, str]) -> None:
        """Says how measures are counted now."""
        tx.upsert(self._table, list(how.items()), ["measure"])

    def forget(self, tx: Tx, measures: Iterable[str]) -> None:
        """Measures that are no more."""
        for code in measures:
            tx.connection.execute(self._table.delete().where(self._table.c.measure == code))
