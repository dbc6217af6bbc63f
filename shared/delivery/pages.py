"""Reading many states in order, a page at a time: memory does not grow with their number."""

from collections.abc import Iterator, Sequence
from typing import Any

from shared.db.tx import Tx

PAGE_ROWS = 2_000


def pages(
    tx: Tx, table: str, columns: Sequence[str], topic: str, prefix: str = "", after: str = ""
) -> Iterator[tuple[Any, ...]]:
    """(subject, body, *columns) of every existing state of a table whose subject starts with
    `prefix` and comes after `after`, by subject."""
    last = max(prefix, after) if prefix else after
    bound, end = (" AND subject < ?", (prefix_end(prefix),)) if prefix else ("", ())
    # Names come from table definitions, values travel as parameters.
    sql = (
        f"SELECT {', '.join(('subject', 'body', *columns))} FROM {table}"  # noqa: S608
        f" WHERE topic = ? AND subject > ?{bound} ORDER BY subject LIMIT {PAGE_ROWS}"
    )
    while True:
        rows = tx.rows(sql, (topic, last, *end))
        for row in rows:
            if row[1] is not None:
                yield row
        if len(rows) < PAGE_ROWS:
            return
        last = rows[-1][0]


def prefix_end(prefix: str) -> str:
    """The first text after all that start with `prefix` (which is not empty)."""
    return prefix[:-1] + chr(ord(prefix[-1]) + 1)
