"""Reads and writes the index of records by month, in the caller's transaction."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import groupby

from services.publisher.store.tables import RECORD_MONTHS
from shared.db.tx import Tx

# So many subjects of a month are read at first, and four times as many each time after that.
FIRST_ROWS, MOST_ROWS = 50, 2_000


# A month under which a record is found, by dataset, month and subject: a row of `record_months`.
Entry = tuple[str, str, str]


def keep(tx: Tx, entries: Sequence[Entry]) -> None:
    """Notes the months of records."""
    tx.upsert(RECORD_MONTHS, entries, ("dataset", "month", "subject"))


def forget(tx: Tx, entries: Iterable[Entry]) -> None:
    """Takes out months of records."""
    for entry in entries:
        tx.run("DELETE FROM record_months WHERE dataset = ? AND month = ? AND subject = ?", entry)


def forget_dataset(tx: Tx, dataset: str) -> None:
    """Takes out every record of a dataset."""
    tx.run("DELETE FROM record_months WHERE dataset = ?", (dataset,))


def forget_all(tx: Tx) -> None:
    """Empties the index."""
    tx.run("DELETE FROM record_months")


def months_from(tx: Tx, dataset: str, month: str) -> list[str]:
    """The months from one on under which a dataset has records, in order."""
    found: list[str] = []
    sql = "SELECT MIN(month) FROM record_months WHERE dataset = ? AND month "
    ((least,),) = tx.rows(f"{sql} >= ?", (dataset, month))
    while least is not None:
        found.append(least)
        ((least,),) = tx.rows(f"{sql} > ?", (dataset, least))
    return found


def subjects(tx: Tx, dataset: str, months: Iterable[str], after: str) -> Iterator[str]:
    """The records under any of these months, each once, by subject, after `after`: read as they
    are asked for, however many there are."""
    every = merge(*(_of_month(tx, dataset, month, after) for month in months))
    return (subject for subject, _ in groupby(every))


def _of_month(tx: Tx, dataset: str, month: str, after: str) -> Iterator[str]:
    size = FIRST_ROWS
    while True:
        found = tx.rows(
            "SELECT subject FROM record_months WHERE dataset = ? AND month = ? AND subject > ?"
            " ORDER BY subject LIMIT ?",
            (dataset, month, after, size),
        )
        for (subject,) in found:
            yield subject
        if len(found) < size:
            return
        after, size = found[-1][0], min(size * 4, MOST_ROWS)
