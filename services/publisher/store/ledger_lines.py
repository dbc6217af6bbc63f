"""Reads and writes the index of records by cost centre, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.publisher.store.tables import LEDGER_LINES
from shared.db.tx import Tx
from shared.delivery.pages import prefix_end

_COLUMNS = "subject, role, year, cost_centre, period, subjective"
_FROM = f"SELECT {_COLUMNS} FROM ledger_lines WHERE cost_centre = ? AND year = ?"  # noqa: S608
_ORDER = " ORDER BY role, period, subject LIMIT ?"


class LedgerLine(NamedTuple):
    """Where a record stands in the accounts: one row of `ledger_lines`."""

    subject: str
    role: str
    year: str
    cost_centre: str
    period: int
    subjective: str


class After(NamedTuple):
    """The place of a record in the order of pages."""

    role: str
    period: int
    subject: str


def keep(tx: Tx, rows: Sequence[LedgerLine]) -> None:
    """Notes where records stand."""
    tx.upsert(LEDGER_LINES, rows, ["subject"])


def forget(tx: Tx, subjects: Iterable[str]) -> None:
    """Takes out records that are gone."""
    for subject in subjects:
        tx.run("DELETE FROM ledger_lines WHERE subject = ?", (subject,))


def forget_dataset(tx: Tx, dataset: str) -> None:
    """Takes out every record of a dataset."""
    prefix = f"{dataset}/"
    tx.run(
        "DELETE FROM ledger_lines WHERE subject >= ? AND subject < ?",
        (prefix, prefix_end(prefix)),
    )


def forget_all(tx: Tx) -> None:
    """Empties the index."""
    tx.run("DELETE FROM ledger_lines")


def page(
    tx: Tx, cost_centre: str, year: str, after: After | None, limit: int, role: str = ""
) -> list[LedgerLine]:
    """The records of a cost centre's year (of one role, if asked) after a place: one descent of
    the index, however many are held."""
    sql = _FROM
    asked: list[str | int] = [cost_centre, year]
    if role:
        sql += " AND role = ?"
        asked.append(role)
    if after is not None:
        sql += " AND (role, period, subject) > (?, ?, ?)"
        asked += after
    found = tx.run(sql + _ORDER, (*asked, limit))
    return [LedgerLine(*row) for row in found.cursor.fetchall()]
