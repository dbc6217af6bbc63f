"""A service's handlers on a store of their own, fed events as topics would bring them.

Everything between the topic and the outbox is the real thing: envelope, inbox, handlers, store.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import event

from shared.contracts import envelope
from shared.db.migrate import migrate
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.dead_letters import DeadLetters
from shared.delivery.inbox import Handlers, Inbox, Received
from shared.delivery.marks import CURSOR
from shared.delivery.outbox import Outbox
from shared.delivery.tables import DeliveryTables

BATCH = 2_000


class StoppedClock:
    """A clock that a test may forget about."""

    def now(self) -> datetime:
        return datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


class Said(NamedTuple):
    """A version of a subject, as its owner said it. `state` None: it is gone."""

    topic: str
    subject: str
    version: int
    state: dict[str, Any] | None
    origin: str = "2026-01-05T08:00:00.000+00:00"
    correlation: str = "batch-1"

    def received(self) -> Received:
        body = None if self.state is None else json.dumps(self.state).encode()
        raw = envelope.encode(
            self.topic,
            self.subject,
            self.version,
            body,
            source="/irf/ingest",
            time=self.origin,
            correlation=self.correlation,
            origin=self.origin,
            epoch=0,
        )
        return Received(self.topic, 0, 0, raw)


class Fed:
    """One service and what it came to say."""

    def __init__(
        self, store: Store, tables: DeliveryTables, handlers: Handlers, *owns: str
    ) -> None:
        self.store = store
        self.tables = tables
        self.handlers = handlers
        self.owns = owns
        outbox = Outbox(tables, StoppedClock(), store.service, owns)
        self.inbox = Inbox(outbox, handlers, DeadLetters(outbox, StoppedClock(), store.service))
        self._versions: dict[tuple[str, str], int] = {}

    def feed(self, *batches: Iterable[Said]) -> None:
        """Batches, one after the other. They share a transaction only to spare the disk."""
        received = [[each.received() for each in batch] for batch in batches]
        self.store.write_now(lambda tx: [self.inbox.apply(tx, batch) for batch in received])

    def say(self, topic: str, states: Mapping[str, dict[str, Any] | None], **cause: str) -> None:
        """The next version of these subjects, in batches of a bounded size."""
        batch = []
        for subject, state in states.items():
            version = self._versions.get((topic, subject), 0) + 1
            self._versions[topic, subject] = version
            batch.append(Said(topic, subject, version, state, **cause))
        for start in range(0, len(batch), BATCH):
            self.feed(batch[start : start + BATCH])

    def rebuild(self) -> int:
        """Rebuilds from what is held, as after a replay; answers with the events that it cost."""
        return self.store.write_now(self.inbox.finish_rebuild)[0]

    def owned(self) -> dict[str, tuple[int, dict[str, Any] | None, str, str]]:
        """Everything it ever said, by subject: newest version, state, correlation, origin."""
        owned = self.tables.owned

        def read(tx: Tx) -> dict[str, tuple[int, dict[str, Any] | None, str, str]]:
            query = owned.select().where(owned.c.topic.in_(self.owns))
            return {
                row.subject: (
                    row.version,
                    None if row.body is None else json.loads(row.body),
                    row.correlation,
                    row.origin,
                )
                for row in tx.connection.execute(query)
            }

        return self.store.read_now(read)

    def states(self) -> dict[str, dict[str, Any]]:
        """What it says now, by subject."""
        return {
            subject: state for subject, (_, state, *_) in self.owned().items() if state is not None
        }

    def forget(self) -> None:
        """Empties the store: the next example begins. Only the cursor goes on, since handlers
        know by it that what they remember of the last example is old."""
        self._versions.clear()

        def empty(tx: Tx) -> None:
            for table in self.tables.owned.metadata.sorted_tables:
                if table is not self.tables.marks:
                    tx.connection.execute(table.delete())
            marks = self.tables.marks
            tx.connection.execute(marks.delete().where(marks.c.name != CURSOR))

        self.store.write_now(empty)


@contextmanager
def fed(
    folder: Path,
    service: str,
    tables: DeliveryTables,
    make: Callable[[DeliveryTables], Handlers],
    *owns: str,
) -> Iterator[Fed]:
    """The service's handlers on a new SQLite store in `folder`."""
    store = Store(f"sqlite:///{folder / service}.db", service)
    # Nothing here outlives the test, so nothing waits for the disk.
    event.listen(
        store.writer_engine,
        "connect",
        lambda connection, _: connection.execute("PRAGMA synchronous=OFF"),
    )
    try:
        migrate(store)
        yield Fed(store, tables, make(tables), *owns)
    finally:
        store.close()


def cut(events: Sequence[Said], sizes: Sequence[int]) -> Iterator[Sequence[Said]]:
    """The events in batches of these sizes, over and over."""
    start = turn = 0
    while start < len(events):
        size = sizes[turn % len(sizes)]
        yield events[start : start + size]
        start += size
        turn += 1
