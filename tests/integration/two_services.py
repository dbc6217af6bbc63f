"""Two services in one process, as small as they can be: one says records, one adds them up.

Everything between them is the real thing (outbox, relay, broker, consumer, inbox, two stores), so
that a test can let any part of it fail at the worst moment, or plant a bug in it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from faststream.kafka import KafkaBroker
from sqlalchemy import MetaData

from deploy.brokers import Broker
from shared.contracts.topics import FINANCE, RECORDS
from shared.db.store import Store
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.dead_letters import DeadLetters
from shared.delivery.inbox import Inbox
from shared.delivery.outbox import Outbox
from shared.delivery.own import Own
from shared.delivery.tables import delivery_tables
from shared.messaging.connection import KafkaSettings, connect, consuming
from shared.messaging.consumer import Consumer
from shared.messaging.relay import Relay
from shared.runtime.clock import SystemClock

METADATA = MetaData()
TABLES = delivery_tables(METADATA)
CAUSE = Cause("batch", "2026-01-05T08:00:00.000+00:00")
PARTITIONS = 2
SECONDS = 45.0

State = dict[str, Any]
Said = list[tuple[str, State | None]]


class Died(BaseException):
    """The process is gone: nobody catches this."""


def settings(broker: Broker, prefix: str, service: str) -> KafkaSettings:
    """How a service speaks to a test's broker."""
    return KafkaSettings(
        bootstrap=broker.address,
        service=service,
        partitions=PARTITIONS,
        idempotence=broker.idempotent_producer,
        fetch_wait_ms=500 if broker.idempotent_producer else 10,
        session_ms=1_000,
        prefix=prefix,
    )


async def until(holds: Callable[[], bool | Awaitable[bool]], what: str) -> None:
    """Returns once it holds."""
    try:
        async with asyncio.timeout(SECONDS):
            while True:
                found = holds()
                if (found if isinstance(found, bool) else await found):
                    return
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"never: {what}") from None


class Totals:
    """Adds records up by unit, and takes back what a record was before. May be told to fail."""

    def __init__(self) -> None:
        self._own = Own(TABLES)
        self.refuses: set[str] = set()

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        moved: Counter[str] = Counter()
        for change in changes:
            if change.subject in self.refuses:
                raise ValueError(f"{change.subject} cannot be understood")
            for body, sign in ((change.before, -1), (change.after, 1)):
                if body is not None:
                    state = json.loads(body)
                    moved[state["unit"]] += sign * state["pence"]
        known = self._own.get(tx, FINANCE, moved)
        for unit, pence in moved.items():
            before = json.loads(known[unit])["pence"] if unit in known else 0
            body = json.dumps({"pence": before + pence}).encode()
            yield Statement(FINANCE, unit, body, CAUSE)

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        return ()


class Source:
    """The service that says records."""

    def __init__(self, url: str, kafka: KafkaSettings) -> None:
        self.store = Store(url, kafka.service)
        METADATA.create_all(self.store.writer_engine)
        self.kafka = kafka
        self.outbox = Outbox(TABLES, SystemClock(), kafka.service, [RECORDS])
        self.relay = Relay(self.store, self.outbox, kafka)

    async def say(self, states: Said) -> None:
        """The next version of these subjects, in one transaction."""
        statements = [
            Statement(RECORDS, subject, None if state is None else _json(state), CAUSE)
            for subject, state in states
        ]
        await self.store.write(lambda tx: self.outbox.publish(tx, statements))

    async def published(self, happened: Callable[[], bool] = lambda: True) -> None:
        """Runs the relay until nothing waits, and until this has happened to it."""
        relaying = asyncio.create_task(self.relay.run())
        try:
            await until(self.empty, "the outbox is empty")
            await until(happened, "what was to happen to the relay")
        finally:
            relaying.cancel()
            await asyncio.gather(relaying, return_exceptions=True)

    async def empty(self) -> bool:
        """Whether nothing waits to be published."""
        return not (await self.store.read(self.outbox.depth))[0]


class Sink:
    """The service that adds up. `versions` are those that were applied, in order."""

    def __init__(self, url: str, kafka: KafkaSettings) -> None:
        self.store = Store(url, kafka.service)
        METADATA.create_all(self.store.writer_engine)
        self.kafka = kafka
        self.handlers = Totals()
        self.outbox = Outbox(TABLES, SystemClock(), kafka.service, [FINANCE])
        self.dead_letters = DeadLetters(self.outbox, SystemClock(), kafka.service)
        self.inbox = Inbox(self.outbox, self.handlers, self.dead_letters)
        self.inbox.on_applied = self._applied
        self.versions: list[tuple[str, int]] = []
        self._open: list[tuple[KafkaBroker, Consumer, asyncio.Task[None]]] = []

    def _applied(self, changes: list[Change]) -> None:
        self.versions += [(change.subject, change.version) for change in changes]

    @property
    def running(self) -> bool:
        """Whether it consumes."""
        return bool(self._open)

    @property
    def consumer(self) -> Consumer:
        """The consumer that runs."""
        return self._open[-1][1]

    async def start(self) -> None:
        """Starts consuming, as a process that has just begun."""
        broker = consuming(self.kafka, patience=1)
        consumer = Consumer(
            broker, self.store, self.inbox, self.dead_letters, self.kafka, [RECORDS]
        )
        acknowledging = asyncio.create_task(consumer.acknowledging())
        self._open.append((broker, consumer, acknowledging))
        await connect(broker)
        await broker.start()

    async def stop(self) -> None:
        """Stops consuming; what was not acknowledged stays so."""
        for broker, _, acknowledging in self._open:
            acknowledging.cancel()
            await broker.stop()
        self._open.clear()

    async def stand_at(self, offsets: Mapping[int, int]) -> None:
        """Commits these offsets of the topic of records, as a consumer before this one did."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.kafka.bootstrap,
            group_id=self.kafka.group,
            enable_auto_commit=False,
        )
        await consumer.start()
        try:
            places = {
                TopicPartition(self.kafka.topic(RECORDS), partition): offset
                for partition, offset in offsets.items()
            }
            consumer.assign(list(places))
            await consumer.commit(places)
        finally:
            await consumer.stop()

    async def caught_up(self, ends: Mapping[int, int]) -> None:
        """Returns once everything before these offsets was handled and acknowledged."""
        topic = self.kafka.topic(RECORDS)

        async def at_end() -> bool:
            client = self.consumer.client
            if client is None or not client.assignment():
                return False
            for partition, end in ends.items():
                if (await client.committed(TopicPartition(topic, partition)) or 0) < end:
                    return False
            return True

        await until(at_end, "everything is consumed")


def _json(state: State) -> bytes:
    return json.dumps(state).encode()
