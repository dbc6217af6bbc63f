"""Dead letters: events that can never succeed, parked with their reason and their place.

Rule: the parked copy lives in the consumer's own store, in the transaction that passes it by; the
dead-letters topic only tells others. A parked event never blocks its neighbours, and because
events carry full state the next one about its subject heals it.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import msgspec
from sqlalchemy import select, update

from shared.contracts.states import DeadLetter
from shared.contracts.topics import DEAD_LETTERS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Statement
from shared.delivery.outbox import Outbox
from shared.runtime.clock import Clock, iso
from shared.runtime.metrics import EVENTS_DEAD_LETTERED


class Place(Protocol):
    """Where an event stood."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def raw(self) -> bytes | None: ...


class Parked(NamedTuple):
    """An event to park: its place, its subject where it could be read, and why."""

    received: Place
    subject: str | None
    reason: str


class DeadLetters:
    """Parks, lists and hands back dead letters of one service."""

    def __init__(self, outbox: Outbox, clock: Clock, service: str) -> None:
        self._table = outbox.tables.dead_letters
        self._outbox = outbox
        self._clock = clock
        self._service = service

    def park(self, tx: Tx, parked: Parked) -> None:
        """Keeps the event and its reason, and tells the dead-letters topic."""
        received, subject, reason = parked
        place = (received.topic, received.partition, received.offset)
        known = self._table.c
        raw = received.raw or b""
        at = (known.topic == place[0], known.partition == place[1], known.position == place[2])
        # The same event delivered again is the same dead letter. A rewound log may hold another
        # event at that place, so the bytes are compared too.
        seen = tx.connection.execute(select(known.raw).where(*at)).scalars()
        if any(bytes(other) == raw for other in seen):
            return
        now = iso(self._clock.now())
        tx.connection.execute(
            self._table.insert(),
            {
                "parked": now,
                "topic": place[0],
                "partition": place[1],
                "position": place[2],
                "subject": subject,
                "reason": reason[:1000],
                "raw": raw,
            },
        )
        letter = DeadLetter(self._service, *place, subject, reason[:1000])
        self._outbox.publish(
            tx,
            [
                Statement(
                    DEAD_LETTERS,
                    f"{self._service}/{place[0]}/{place[1]}/{place[2]}",
                    msgspec.json.encode(letter),
                    Cause("", now),
                )
            ],
        )
        EVENTS_DEAD_LETTERED.labels(received.topic).inc()

    def waiting(self, tx: Tx, limit: int = 100) -> Sequence[dict[str, object]]:
        """Parked events not yet replayed, oldest first, without their bytes."""
        known = self._table.c
        query = (
            select(
                known.id, known.parked, known.topic, known.partition, known.position,
                known.subject, known.reason,
            )
            .where(known.replayed.is_(None))
            .order_by(known.id)
            .limit(limit)
        )
        return [dict(row._mapping) for row in tx.connection.execute(query)]

    def take(self, tx: Tx, number: int) -> tuple[str, int, int, bytes] | None:
        """Marks a dead letter as replayed and answers with (topic, partition, offset, bytes)."""
        known = self._table.c
        query = select(known.topic, known.partition, known.position, known.raw)
        row = tx.connection.execute(query.where(known.id == number)).first()
        if row is None:
            return None
        tx.connection.execute(
            update(self._table)
            .where(known.id == number)
            .values(replayed=iso(self._clock.now()))
        )
        return row[0], row[1], row[2], bytes(row[3])
