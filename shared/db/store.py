"""The store: one writing transaction at a time, readers beside it, and the one commit.

Rule: callers hand over a function of a transaction; it runs on the writer thread, so the event
loop stays free for heartbeats and streams. Nobody else commits, and nobody holds a transaction
across an await.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from hashlib import sha256
from typing import Any, TypeVar

import sqlalchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine

from shared.db.tx import Tx
from shared.runtime import failpoints
from shared.runtime.metrics import STORE_WRITE_SECONDS

T = TypeVar("T")

READERS = 4
CACHE_KIB = 16_384
LOG_BYTES = 64 * 1024 * 1024
MAPPED_BYTES = 4 * 1024**3


class Store:
    """A service's own database.

    `url` is a SQLAlchemy address (`sqlite:////path` or `postgresql+psycopg://...`). On PostgreSQL
    a transaction-scoped advisory lock keeps the rule of one writer across replicas.
    """

    def __init__(self, url: str, service: str) -> None:
        self.url = url
        self.service = service
        self.sqlite = url.startswith("sqlite")
        self._lock_key = lock_key(f"write/{service}")
        self._writer = _engine(url, writing=True)
        self._reader = _engine(url, writing=False)
        self._write_thread = ThreadPoolExecutor(1, thread_name_prefix=f"{service}-writer")
        self._read_threads = ThreadPoolExecutor(READERS, thread_name_prefix=f"{service}-reader")

    async def write(self, work: Callable[[Tx], T]) -> T:
        """Runs `work` in one transaction on the writer thread, commits, and returns its answer.

        What `work` asked for with `tx.after_commit` is called on the event loop once the commit
        is durable. Any exception rolls everything back and is raised here.
        """
        loop = asyncio.get_running_loop()
        # Shielded: a caller that goes away (a client that hangs up) must not leave a half-told
        # outcome; the transaction finishes and its hooks run whatever happens to the caller.
        return await asyncio.shield(loop.create_task(self._write(loop, work)))

    async def _write(self, loop: asyncio.AbstractEventLoop, work: Callable[[Tx], T]) -> T:
        answer, hooks = await loop.run_in_executor(self._write_thread, self.write_now, work)
        for hook in hooks:
            hook()
        return answer

    def write_now(self, work: Callable[[Tx], T]) -> tuple[T, list[Callable[[], None]]]:
        """The same on the calling thread; answers with the hooks, not yet called."""
        with (
            STORE_WRITE_SECONDS.time(),
            self._writer.connect() as connection,
            connection.begin() as transaction,
        ):
            if not self.sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (self._lock_key,))
            tx = Tx(connection)
            answer = work(tx)
            failpoints.reach("store.before-commit")
            transaction.commit()
        failpoints.reach("store.after-commit")
        return answer, tx.hooks

    async def read(self, work: Callable[[Tx], T]) -> T:
        """Runs `work` on a reader thread, on one consistent snapshot that cannot write."""
        loop = asyncio.get_running_loop()
        # In the caller's context: what is known of the request is known to what reads for it.
        return await loop.run_in_executor(
            self._read_threads, copy_context().run, self.read_now, work
        )

    def read_now(self, work: Callable[[Tx], T]) -> T:
        """The same on the calling thread."""
        # Begun before anything is read: reads straight from the driver begin nothing themselves.
        with self._reader.connect() as connection, connection.begin():
            if not self.sqlite:
                connection.exec_driver_sql(
                    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                )
            return work(Tx(connection))

    @property
    def writer_engine(self) -> Engine:
        """For migrations only."""
        return self._writer

    def close(self) -> None:
        """Lets running work finish, then closes every connection."""
        self._write_thread.shutdown(wait=True)
        self._read_threads.shutdown(wait=True)
        with suppress(sqlalchemy.exc.SQLAlchemyError):
            self._reader.dispose()
            self._writer.dispose()


def lock_key(name: str) -> int:
    """The number of the PostgreSQL advisory lock called `name`."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)


def _engine(url: str, *, writing: bool) -> Engine:
    if not url.startswith("sqlite"):
        # psycopg needs no cache of ours; pre-ping turns a restarted server into one retry.
        return sqlalchemy.create_engine(
            url, pool_size=1 if writing else READERS, max_overflow=1, pool_pre_ping=True
        )
    engine = sqlalchemy.create_engine(
        url,
        poolclass=sqlalchemy.pool.QueuePool,
        pool_size=1 if writing else READERS,
        max_overflow=0 if writing else 2,
        connect_args={"check_same_thread": False, "timeout": 30},
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling is switched off: BEGIN is ours, see below.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: a receipt promises durability, and an offset may be committed right after us.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KIB if writing else CACHE_KIB // 8}")
        connection.execute("PRAGMA wal_autocheckpoint=16000")
        # A large transaction makes a large log; its disk is given back once it is in the store.
        connection.execute(f"PRAGMA journal_size_limit={LOG_BYTES}")
        if not writing:
            connection.execute("PRAGMA query_only=1")
            # Each commit empties a reader's cache: mapped, its pages are there without a read.
            connection.execute(f"PRAGMA mmap_size={MAPPED_BYTES}")

    @event.listens_for(engine, "begin")
    def _begin(connection: sqlalchemy.Connection) -> None:
        # A deferred transaction that reads, then writes, fails at once when another wrote.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine
