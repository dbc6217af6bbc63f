"""What a thread asks of a store: through SQLAlchemy, and straight from the driver."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.engine import Engine

from shared.db.tx import Tx


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements of this thread, as they come."""
    mine, seen = threading.get_ident(), list[str]()
    fetched = Tx._fetched

    def note(sql: str) -> None:
        # A feed looks into the store all the while, on other threads.
        if threading.get_ident() == mine:
            seen.append(sql)

    def by_sqlalchemy(*told: Any) -> None:
        note(told[2])

    def by_driver(tx: Tx, sql: str, parameters: Any) -> Any:
        note(sql)
        return fetched(tx, sql, parameters)

    event.listen(Engine, "before_cursor_execute", by_sqlalchemy)
    try:
        with patch.object(Tx, "_fetched", by_driver):
            yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", by_sqlalchemy)
