"""Reads the service's own states, and keeps the payments that hints compare. Never commits."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import select

from services.finance.store.tables import PAYMENTS, TABLES
from shared.contracts.topics import FINANCE, RECORDS
from shared.db.tx import Tx
from shared.delivery.change import Cause
from shared.delivery.pages import PAGE_ROWS
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


class PaymentRow(NamedTuple):
    """One row of `payments`."""

    ledger: str
    record: str
    near: str | None
    together: str | None
    day: str
    pence: int
    unit: str


class Payments:
    """The payments that hints compare, in one transaction."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    def keep(self, rows: Sequence[PaymentRow]) -> None:
        """Notes payments, in place of what was noted of the same records."""
        self._tx.upsert(PAYMENTS, rows, ["ledger", "record"])

    def forget(self, ledger: str, records: Sequence[str]) -> None:
        """Takes out records of a ledger."""
        for start in range(0, len(records), PAGE_ROWS):
            page = records[start : start + PAGE_ROWS]
            self._tx.connection.execute(
                PAYMENTS.delete().where(
                    PAYMENTS.c.ledger == ledger, PAYMENTS.c.record.in_(list(page))
                )
            )

    def forget_all(self) -> None:
        """Empties the table."""
        self._tx.connection.execute(PAYMENTS.delete())

    def of(self, column: str, marks: Iterable[str]) -> Iterator[PaymentRow]:
        """The payments whose `near` or `together` is one of these marks."""
        rows = self._tx.select_in(PAYMENTS, PaymentRow._fields, column, marks)
        return (PaymentRow(*row) for row in rows)

    def all_by(self, column: str) -> Iterator[PaymentRow]:
        """Every payment that has a mark in `near` or `together`, by that mark and its day: a page
        at a time, so that memory does not grow with their number."""
        # The name is one of two, values travel as parameters.
        sql = (
            f"SELECT {', '.join(PaymentRow._fields)} FROM payments"  # noqa: S608
            f" WHERE ({column}, day, record) > (?, ?, ?)"
            f" ORDER BY {column}, day, record LIMIT {PAGE_ROWS}"
        )
        last = ("", "", "")
        while True:
            rows = [PaymentRow(*row) for row in self._tx.run(sql, last).cursor.fetchall()]
            yield from rows
            if len(rows) < PAGE_ROWS:
                return
            last = (getattr(rows[-1], column), rows[-1].day, rows[-1].record)

    def causes(self, records: Iterable[str]) -> dict[str, Cause]:
        """Which accepted change each of these records came with."""
        columns = ("subject", "correlation", "origin")
        rows = self._tx.select_in(TABLES.held, columns, "subject", records, topic=RECORDS)
        return {subject: Cause(*cause) for subject, *cause in rows}
