"""Leadership: at most one process at a time does a thing for a store.

On SQLite there is one process per store anyway. On PostgreSQL a session advisory lock decides; it
is gone with the connection, so a dead leader needs nobody to tidy up.
"""

import asyncio

import sqlalchemy
from sqlalchemy import Connection

from shared.db.store import Store, lock_key

ASK_SECONDS = 1.0


class Leadership:
    """The right to do `what` for `store`."""

    def __init__(self, store: Store, what: str) -> None:
        self._store = store
        self._key = lock_key(f"{what}/{store.service}")
        self._engine: sqlalchemy.Engine | None = None
        self._connection: Connection | None = None
        # Whether another process leads, and this one would take over.
        self.standing_by = False

    async def acquire(self) -> None:
        """Waits until this process leads."""
        if self._store.sqlite:
            return
        try:
            while not await asyncio.to_thread(self._try):
                self.standing_by = True
                await asyncio.sleep(ASK_SECONDS)
        except BaseException:
            # The connection may be dead: whoever asks again must ask on another.
            await self.release()
            raise
        finally:
            self.standing_by = False

    def _try(self) -> bool:
        if self._connection is None:
            if self._engine is None:
                self._engine = sqlalchemy.create_engine(
                    self._store.url, poolclass=sqlalchemy.NullPool, isolation_level="AUTOCOMMIT"
                )
            self._connection = self._engine.connect()
        return bool(
            self._connection.exec_driver_sql(
                "SELECT pg_try_advisory_lock(%s)", (self._key,)
            ).scalar()
        )

    async def check(self) -> None:
        """Raises when the connection that holds the lock is gone: somebody else may lead now."""
        if self._connection is not None:
            await asyncio.to_thread(self._connection.exec_driver_sql, "SELECT 1")

    async def release(self) -> None:
        """Gives leadership up."""
        connection, self._connection = self._connection, None
        if connection is not None:
            # Closing may meet a dead server; the lock is gone then, which is all we want.
            await asyncio.to_thread(_close, connection)


def _close(connection: Connection) -> None:
    try:
        connection.close()
    except sqlalchemy.exc.SQLAlchemyError:
        connection.invalidate()
