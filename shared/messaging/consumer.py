"""The consumer: takes a batch, has it applied in one transaction, and only then commits offsets.

Rule: acknowledged by hand. FastStream's ready-made policies lose a failed batch or spin on it; here
a store that fails is tried again in place with back-off, and an event that can never succeed is
found by halving the batch and parked, so that its neighbours go on.

Offsets are only where to go on after a stop: they are committed a few times a second, not for every
batch, because the store knows what it has and a batch that comes again is skipped as old.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, cast

import psycopg
import stamina
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.dead_letters import DeadLetters, Parked
from shared.delivery.inbox import Applied, Inbox, Received
from shared.messaging.connection import KafkaSettings
from shared.runtime import failpoints
from shared.runtime.metrics import CONSUME_RETRIES

# How long FastStream sleeps after an empty poll; the waiting itself is the patient consumer's.
POLL_MS = 1
# Of one partition; bounds what a fetch holds in memory.
FETCH_BYTES = 6 * 1024 * 1024
REST_SECONDS = 0.05
QUIET_SECONDS = 0.04
ACKNOWLEDGE_SECONDS = 0.25

T = TypeVar("T")
log = structlog.get_logger()


class Consumer:
    """Feeds one service's inbox from its topics."""

    def __init__(
        self,
        broker: KafkaBroker,
        store: Store,
        inbox: Inbox,
        dead_letters: DeadLetters,
        kafka: KafkaSettings,
        topics: Sequence[str],
    ) -> None:
        self._store = store
        self.inbox = inbox
        self._dead_letters = dead_letters
        self._kafka = kafka
        self._rebuild: dict[TopicPartition, int] | None = None
        # Where to go on in each partition, if the broker does not know it yet.
        self._applied: dict[TopicPartition, int] = {}
        self.handled = 0
        self.topics = list(topics)
        self._subscriber = broker.subscriber(
            *(kafka.topic(topic) for topic in topics),
            batch=True,
            group_id=kafka.group,
            group_instance_id=f"{kafka.group}-{kafka.replica}",
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            fetch_max_wait_ms=kafka.fetch_wait_ms,
            max_partition_fetch_bytes=FETCH_BYTES,
            max_records=kafka.batch,
            batch_timeout_ms=POLL_MS,
            session_timeout_ms=kafka.session_ms,
            heartbeat_interval_ms=max(100, kafka.session_ms // 10),
            parser=self._parse,
            decoder=_undecoded,
            title=f"{kafka.service}-in",
        )
        self._subscriber(self._consume)

    @property
    def client(self) -> AIOKafkaConsumer | None:
        """The running Kafka consumer, once there is one."""
        return self._subscriber.consumer

    def unprefixed(self, topic: str) -> str:
        """Our name of a topic of the broker's."""
        return topic[len(self._kafka.prefix) :]

    async def _parse(self, records: Any) -> KafkaMessage:
        # FastStream's own parser decodes every record's headers, which costs more than our work.
        return KafkaMessage(
            body=b"",
            raw_message=records,
            consumer=cast(AIOKafkaConsumer, self.client),
            correlation_id=f"{records[0].topic}@{records[0].offset}",
        )

    async def _consume(self, records: Any) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        batch = self._received(records)
        applied = await self._apply_safely(batch)
        for record in records:
            self._applied[TopicPartition(record.topic, record.partition)] = record.offset + 1
        if applied.rewound:
            # Before the acknowledgement, which then keeps the beginning as our place.
            self._read_again(applied.rewound)
            await self.acknowledge()
            # Not before: a crash in between must find the epoch new, and the beginning unread.
            rewound = applied.rewound
            await self._write_patiently(lambda tx: self.inbox.saw_epochs(tx, rewound))
        self.handled += len(batch)
        await self._maybe_finish_rebuild()
        if len(batch) < self._kafka.batch // 4:
            # Rest as long as the work took: what comes meanwhile is folded into one next batch, so
            # a busy system does less for each change, and a quiet one hardly waits. Who had nothing
            # to say rests longer, and leaves the processor to those that somebody waits for.
            worked = min(loop.time() - began, REST_SECONDS)
            await asyncio.sleep(QUIET_SECONDS if applied.silent else worked)

    async def acknowledging(self) -> None:
        """Acknowledges until cancelled."""
        while True:
            await asyncio.sleep(ACKNOWLEDGE_SECONDS)
            try:
                await self.acknowledge()
            except (KafkaError, TimeoutError, OSError) as error:
                log.info("not-acknowledged", error=repr(error))

    async def acknowledge(self) -> None:
        """Commits the offsets behind what was applied, of the partitions that are still ours.

        Raises what the client raises, and forgets what was not taken: a group that no longer knows
        us would have to let us in anew at every further try, and never come to rest.
        """
        client = self.client
        if not self._applied or client is None:
            return
        ours = client.assignment()
        applied = {place: at for place, at in self._applied.items() if place in ours}
        self._applied.clear()
        failpoints.reach("consume.before-ack")
        if applied:
            await client.commit(applied)
        failpoints.reach("consume.after-ack")

    def _received(self, records: Sequence[ConsumerRecord[bytes, bytes]]) -> list[Received]:
        named = self.unprefixed
        return [Received(named(r.topic), r.partition, r.offset, r.value) for r in records]

    async def _apply_safely(self, batch: Sequence[Received]) -> Applied:
        """Applies the batch; retries what the store failed, parks what can never succeed."""
        try:
            return await self._apply_patiently(batch)
        except Exception as error:  # whatever a handler raises on this data, it will raise again
            if len(batch) == 1:
                await self._park(batch[0], error)
                return Applied()
        log.warning("batch-halved", events=len(batch))
        middle = len(batch) // 2
        first = await self._apply_safely(batch[:middle])
        second = await self._apply_safely(batch[middle:])
        first.changes += second.changes
        first.rewound |= second.rewound
        first.silent &= second.silent
        return first

    async def _apply_patiently(self, batch: Sequence[Received]) -> Applied:
        applied = await self._write_patiently(lambda tx: self.inbox.apply(tx, batch))
        if applied.changes:
            log.info(
                "batch-applied",
                events=len(batch),
                changes=len(applied.changes),
                skipped=applied.skipped,
                correlation_ids=_correlations(applied),
            )
        return applied

    async def _write_patiently(self, work: Callable[[Tx], T]) -> T:
        """Writes, however long the store is away. To give up would pass the batch by: the next
        acknowledgement is of everything before it."""
        async for attempt in stamina.retry_context(
            on=is_transient, attempts=None, timeout=None, wait_initial=0.1, wait_max=10.0
        ):
            with attempt:
                if attempt.num > 1:
                    CONSUME_RETRIES.inc()
                return await self._store.write(work)
        raise AssertionError("retries without end have ended")

    async def _park(self, received: Received, error: Exception) -> None:
        log.error(
            "event-parked", topic=received.topic, partition=received.partition,
            offset=received.offset, exc_info=error,
        )
        parked = Parked(received, None, f"{type(error).__name__}: {error}")
        await self._write_patiently(lambda tx: self._dead_letters.park(tx, parked))

    async def replay_dead_letter(self, number: int) -> bool:
        """Applies a parked event again. False when there is no such dead letter; raises what the
        handler raises, and then the event stays parked."""
        taken = await self._store.write(
            lambda tx: self._apply_letter(tx, number),
        )
        return taken

    def _apply_letter(self, tx: Any, number: int) -> bool:
        letter = self._dead_letters.take(tx, number)
        if letter is None:
            return False
        self.inbox.apply(tx, [Received(*letter)])
        return True

    def _read_again(self, rewound: Mapping[tuple[str, int], int]) -> None:
        """An owner said everything again after its log was rewound: what stands before our
        position may be new to us, so read from the beginning. Old versions are skipped."""
        consumer = self.client
        if consumer is None:
            return
        for place in consumer.assignment():
            if (self.unprefixed(place.topic), place.partition) in rewound:
                consumer.seek(place, 0)
                self._applied[place] = 0
        log.warning("topics-read-again", topics=sorted({topic for topic, _ in rewound}))

    async def start_rebuild(self) -> None:
        """Reads every topic from its beginning, and then says anew what follows."""
        consumer = self.client
        if consumer is None or not consumer.assignment():
            raise ConnectionError("not consuming yet: nothing to rebuild from")
        await self._store.write(self.inbox.start_rebuild)
        await self.resume_rebuild()

    async def resume_rebuild(self) -> None:
        """Takes up a rebuild that was started, here or before a crash."""
        consumer = self.client
        if consumer is None:
            return
        places = list(consumer.assignment())
        ends = await consumer.end_offsets(places)
        ends = {place: max(end, consumer.highwater(place) or 0) for place, end in ends.items()}
        self._rebuild = {place: end for place, end in ends.items() if end > 0}
        for place in self._rebuild:
            consumer.seek(place, 0)
        await self._maybe_finish_rebuild()

    async def _maybe_finish_rebuild(self) -> None:
        consumer = self.client
        if self._rebuild is None or consumer is None:
            return
        for place, end in self._rebuild.items():
            if place in consumer.assignment() and await consumer.position(place) < end:
                return
        events = await self._write_patiently(self.inbox.finish_rebuild)
        self._rebuild = None
        log.info("rebuilt", events=events)

    @property
    def rebuilding(self) -> bool:
        """Whether a rebuild is under way."""
        return self._rebuild is not None


async def _undecoded(message: KafkaMessage) -> Any:
    return message.raw_message


def _correlations(applied: Applied) -> list[str]:
    return sorted({change.cause.correlation for change in applied.changes[:200]})[:10]


def is_transient(error: Exception) -> bool:
    """Whether the store failed in a way that may pass: it is away, busy, full or restarting."""
    if isinstance(error, OperationalError | InterfaceError):
        return True
    # Bulk reads fetch from the driver's own cursor, whose errors nobody wraps.
    if isinstance(error, sqlite3.OperationalError | psycopg.OperationalError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated



