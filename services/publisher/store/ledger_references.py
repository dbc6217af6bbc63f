"""Reads and writes the index of payments by what they were made under, in the caller's transaction:
a contract's reference, or a capital scheme."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.publisher.store.tables import LEDGER_REFERENCES
from shared.db.tx import Tx
from shared.delivery.pages import prefix_end

CONTRACT, SCHEME = "contract", "scheme"

_FROM = (
    "SELECT subject, kind, reference, year, period FROM ledger_references"
    " WHERE kind = ? AND reference = ?"
)
_ORDER = " ORDER BY year DESC, period DESC, subject DESC LIMIT ?"


class Reference(NamedTuple):
    """A payment under a contract or a scheme: one row of `ledger_references`."""

    subject: str
    kind: str
    reference: str
    year: str
    period: int


class Before(NamedTuple):
    """The place of a payment in the order of pages, the newest first."""

    year: str
    period: int
    subject: str


def keep(tx: Tx, rows: Sequence[Reference]) -> None:
    """Notes what payments were made under."""
    tx.upsert(LEDGER_REFERENCES, rows, ["subject", "kind"])


def forget(tx: Tx, subjects: Iterable[str]) -> None:
    """Takes out records."""
    for subject in subjects:
        tx.run("DELETE FROM ledger_references WHERE subject = ?", (subject,))


def forget_dataset(tx: Tx, dataset: str) -> None:
    """Takes out every record of a dataset."""
    prefix = f"{dataset}/"
    tx.run(
        "DELETE FROM ledger_references WHERE subject >= ? AND subject < ?",
        (prefix, prefix_end(prefix)),
    )


def forget_all(tx: Tx) -> None:
    """Empties the index."""
    tx.run("DELETE FROM ledger_references")


def page(tx: Tx, kind: str, reference: str, before: Before | None, limit: int) -> list[Reference]:
    """Payments under a reference before a place, the newest first: one descent of the index."""
    sql, asked = _FROM, [kind, reference]
    further: tuple[str | int, ...] = ()
    if before is not None:
        sql += " AND (year, period, subject) < (?, ?, ?)"
        further = before
    found = tx.run(sql + _ORDER, (*asked, *further, limit))
    return [Reference(*row) for row in found.cursor.fetchall()]
