"""The relay: publishes what is not yet marked published, in order, and marks it.

Rule: never "id greater than the last one" (rows that commit late would be lost): a parcel stays in
the outbox until every event in it is acknowledged. A crash between publishing and marking repeats
events, which is harmless; nothing can be skipped.

One relay at a time per store: on PostgreSQL a session advisory lock keeps a second replica's relay
idle, because two of them could publish an older version after a newer one.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from itertools import chain
from typing import Any

import stamina
import structlog
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import KafkaError
from sqlalchemy.exc import SQLAlchemyError

from shared.db.leader import Leadership
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.marks import Marks, published_to
from shared.delivery.outbox import Outbox, Parcel, unpack
from shared.messaging.connection import (
    KafkaSettings,
    ensure_topics,
    hang_up,
    producer,
    watcher,
)
from shared.messaging.sending import Sent, send
from shared.runtime import failpoints
from shared.runtime.metrics import EVENTS_PUBLISHED, RELAY_FAILURES, REPUBLISHED

PARCELS = 16
IDLE_SECONDS = 0.5
WATCH_SECONDS = 5.0
MARK_SECONDS = 0.1
PACE_SECONDS = 0.02
SEND_SECONDS = 30.0

log = structlog.get_logger()

# The newest acknowledged offset of each (topic, partition).
Ends = dict[tuple[str, int], int]


class Relay:
    """Moves the outbox of one store to the broker."""

    def __init__(self, store: Store, outbox: Outbox, kafka: KafkaSettings) -> None:
        self._store = store
        self._outbox = outbox
        self._kafka = kafka
        self._marks = Marks(outbox.tables)
        self.leadership = Leadership(store, "relay")
        self._work = asyncio.Event()
        self._ends: Ends = {}
        # Acknowledged by the broker but not yet marked here, and where the logs then ended.
        self._sent: set[int] = set()
        self._moved: Ends = {}
        self._marked = 0.0
        self.connected = False
        outbox.wake = self._work.set

    async def run(self) -> None:
        """Runs until cancelled. Whatever fails is tried again with back-off, from the outbox."""
        while True:
            async for attempt in stamina.retry_context(
                on=(KafkaError, SQLAlchemyError, OSError, TimeoutError),
                attempts=None,
                timeout=None,
                wait_initial=0.2,
                wait_max=5.0,
            ):
                with attempt:
                    if attempt.num > 1:
                        RELAY_FAILURES.inc()
                    await self._session()

    async def _session(self) -> None:
        """One connection's worth of relaying. A fresh producer each time: one that met an
        out-of-order sequence number never recovers."""
        await self.leadership.acquire()
        await ensure_topics(self._kafka)
        sender = producer(self._kafka)
        ends = watcher(self._kafka)
        try:
            await sender.start()
            await ends.start()
            self.connected = True
            await self._relay(sender, ends)
        except BaseException:
            self.connected = False
            raise
        finally:
            for client in (sender, ends):
                await hang_up(client)
            await self.leadership.release()

    async def _relay(self, sender: AIOKafkaProducer, ends: AIOKafkaConsumer) -> None:
        loop = asyncio.get_running_loop()
        self._ends = await self._store.read(self._read_ends)
        self._sent, self._moved = set(), {}
        watched = 0.0
        while True:
            if loop.time() - watched > WATCH_SECONDS:
                await self._mark_sent()
                await self._watch(ends)
                await self.leadership.check()
                watched = loop.time()
            if loop.time() - self._marked > MARK_SECONDS or len(self._sent) > PARCELS:
                await self._mark_sent()
            self._work.clear()
            parcels = await self._store.read(self._next_parcels)
            if parcels:
                await self._send(sender, parcels)
                if len(parcels) == PARCELS:
                    continue
                # What is committed meanwhile goes together. Every service behind works batch by
                # batch: a busy system of small pieces would be busy with their number alone.
                await asyncio.sleep(PACE_SECONDS)
            # Not `wait_for`: one that is cancelled just as work comes forgets that it was.
            with suppress(TimeoutError):
                async with asyncio.timeout(MARK_SECONDS if self._sent else IDLE_SECONDS):
                    await self._work.wait()

    def _next_parcels(self, tx: Tx) -> Sequence[tuple[int, Parcel]]:
        """The oldest parcels that are not acknowledged yet."""
        limit = PARCELS + len(self._sent)
        rows: Sequence[Any] = tx.run(
            "SELECT id, parcel FROM outbox ORDER BY id LIMIT ?", (limit,)
        ).all()
        return [(id_, unpack(parcel)) for id_, parcel in rows if id_ not in self._sent]

    async def _send(
        self, sender: AIOKafkaProducer, parcels: Sequence[tuple[int, Parcel]]
    ) -> None:
        failpoints.reach("relay.before-send")
        # An idempotent producer never gives up a batch by itself: the bound is ours.
        async with asyncio.timeout(SEND_SECONDS):
            acknowledged = await send(sender, self._kafka, chain(*(each for _, each in parcels)))
        failpoints.reach("relay.after-send")
        ends, rewound = self._read_acknowledged(acknowledged)
        self._sent.update(id_ for id_, _ in parcels)
        self._ends.update(ends)
        self._moved.update(ends)
        for sent in acknowledged:
            EVENTS_PUBLISHED.labels(sent.topic).inc(sent.events)
        if rewound:
            await self._mark_sent()
            await self._repair(rewound)

    async def _mark_sent(self) -> None:
        """Marks what was acknowledged as published. Done every so often, not each time: what a
        crash leaves unmarked is sent again, and skipped as old."""
        if not self._sent:
            return
        sent, moved = self._sent, self._moved
        await self._store.write(lambda tx: self._mark(tx, sorted(sent), moved))
        failpoints.reach("relay.after-mark")
        self._sent, self._moved = set(), {}
        self._marked = asyncio.get_running_loop().time()

    def _read_acknowledged(self, acknowledged: Sequence[Sent]) -> tuple[Ends, set[str]]:
        """The new end of each log, and the topics that were rewound: an event was acknowledged at
        a place that an earlier one had been acknowledged at."""
        ends: Ends = {}
        rewound: set[str] = set()
        for sent in acknowledged:
            place = (sent.topic, sent.partition)
            # The broker answers -1 for what it already has from this producer.
            if 0 <= sent.offset <= self._ends.get(place, -1):
                rewound.add(sent.topic)
            ends[place] = max(sent.offset + sent.events - 1, ends.get(place, -1))
        return ends, rewound & set(self._outbox.owns)

    def _mark(self, tx: Tx, ids: Sequence[int], ends: Ends) -> None:
        marks = ", ".join("?" * len(ids))
        tx.run(f"DELETE FROM outbox WHERE id IN ({marks})", tuple(ids))  # noqa: S608
        if ends:
            self._marks.set(tx, {published_to(*place): end for place, end in ends.items()})

    def _read_ends(self, tx: Tx) -> Ends:
        ends: Ends = {}
        for topic in self._outbox.owns:
            for partition in range(self._kafka.partitions):
                end = self._marks.number(tx, published_to(topic, partition))
                if end is not None:
                    ends[topic, partition] = end
        return ends

    async def _watch(self, client: AIOKafkaConsumer) -> None:
        """Finds topics whose log is new or rewound, and says everything about them again."""
        if not self._ends:
            return
        places = {
            TopicPartition(self._kafka.topic(topic), partition): (topic, partition)
            for topic, partition in self._ends
        }
        found = await client.end_offsets(list(places))
        # The embedded broker tells where its last batch begins, not where it ends; all it can
        # lose is everything.
        exact = self._kafka.idempotence
        rewound = {
            places[place][0]
            for place, end in found.items()
            if end <= (self._ends[places[place]] if exact else 0)
        }
        await self._repair(rewound)

    async def _repair(self, rewound: set[str]) -> None:
        if rewound:
            # A log that is gone may have gone with its topic. The embedded broker acknowledges what
            # is sent to a topic that is not there, and nobody ever reads it.
            await ensure_topics(self._kafka)
        for topic in rewound:
            count = await self._store.write(partial(self._republish, topic=topic))
            self._ends = {place: end for place, end in self._ends.items() if place[0] != topic}
            REPUBLISHED.labels(topic).inc()
            log.warning("topic-republished", topic=topic, events=count)

    def _republish(self, tx: Tx, topic: str) -> int:
        for partition in range(self._kafka.partitions):
            self._marks.remove(tx, published_to(topic, partition))
        return self._outbox.republish(tx, topic)
