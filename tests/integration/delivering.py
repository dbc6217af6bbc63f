"""The two services on a broker, what is done to them, and what must hold between them."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from sqlalchemy import select

from deploy.brokers import Broker
from shared.contracts import envelope
from shared.contracts.topics import FINANCE, RECORDS
from shared.db.tx import Tx
from shared.delivery.marks import Marks, published_to
from shared.messaging.connection import KafkaSettings, ensure_topics
from shared.messaging.relay import Relay
from tests.integration.two_services import (
    METADATA,
    PARTITIONS,
    TABLES,
    Said,
    Sink,
    Source,
    State,
    settings,
)


class Pair:
    """The two of them on a broker, and what must hold between them."""

    def __init__(self, broker: Broker, prefix: str, urls: Sequence[str]) -> None:
        self.broker = broker
        self.source = Source(urls[0], settings(broker, prefix, "ingest"))
        self.sink = Sink(urls[1], settings(broker, prefix, "finance"))
        # Where the topic of records ends, as the broker acknowledged it: asked for its ends, the
        # embedded one answers with the beginning of its last batch.
        self._produced: dict[int, int] = {}

    async def open(self) -> None:
        """Makes the topics."""
        await ensure_topics(self.source.kafka)

    async def move(self, prefix: str) -> None:
        """The same services, whose topics are empty now: all that stood on them is gone."""
        self.source.kafka = replace(self.source.kafka, prefix=prefix)
        self.source.relay = Relay(self.source.store, self.source.outbox, self.source.kafka)
        self.sink.kafka = replace(self.sink.kafka, prefix=prefix)
        await self.open()

    async def close(self) -> None:
        """Ends everything."""
        await self.sink.stop()
        self.source.store.close()
        self.sink.store.close()

    async def delivered(self) -> None:
        """Everything said is published, and everything published is consumed."""
        await self.source.published()
        if not self.sink.running:
            await self.sink.start()
        await self.sink.caught_up(await self.ends())

    async def ends(self) -> dict[int, int]:
        """Where each partition of the topic of records ends."""

        def marked(tx: Tx) -> dict[int, int]:
            marks = Marks(TABLES)
            ends = {p: marks.number(tx, published_to(RECORDS, p)) for p in range(PARTITIONS)}
            return {partition: end + 1 for partition, end in ends.items() if end is not None}

        relayed = await self.source.store.read(marked)
        return {
            partition: max(relayed.get(partition, 0), self._produced.get(partition, 0))
            for partition in range(PARTITIONS)
        }

    async def raw(self) -> list[tuple[bytes, bytes]]:
        """Every event on the topic of records, in order within its partition."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.broker.address, auto_offset_reset="earliest"
        )
        await consumer.start()
        found: list[tuple[bytes, bytes]] = []
        try:
            topic = self.source.kafka.topic(RECORDS)
            ends = await self.ends()
            consumer.assign([TopicPartition(topic, partition) for partition in ends])
            for partition, end in ends.items():
                place = TopicPartition(topic, partition)
                while await consumer.position(place) < end:
                    events = await consumer.getmany(place, timeout_ms=500)
                    found += [(e.key, e.value) for batch in events.values() for e in batch]
        finally:
            await consumer.stop()
        return found

    async def produce(
        self, events: Iterable[tuple[bytes, bytes]], kafka: KafkaSettings | None = None
    ) -> dict[int, int]:
        """Puts bytes on the topic of records (or on another's, whose ends it answers with)."""
        own = kafka is None
        kafka = kafka or self.source.kafka
        ends: dict[int, int] = {}
        producer = AIOKafkaProducer(
            bootstrap_servers=self.broker.address,
            acks="all",
            enable_idempotence=self.broker.idempotent_producer,
        )
        await producer.start()
        try:
            sent = [
                await producer.send(
                    kafka.topic(RECORDS), raw, key, partition=kafka.partition(key.decode())
                )
                for key, raw in events
            ]
            for placed in await asyncio.gather(*sent):
                ends[placed.partition] = max(ends.get(placed.partition, 0), placed.offset + 1)
        finally:
            await producer.stop()
        if own:
            self._produced |= ends
        return ends

    async def unpublished(self) -> list[str]:
        """What was said and does not stand on the topic."""
        said = await self.source.store.read(lambda tx: _states(tx, "owned", RECORDS))
        on_topic = Counter[str]()
        for _, raw in await self.raw():
            try:
                event = envelope.decode(raw)
            except envelope.UnreadableEvent:
                continue  # poison that a test put there
            on_topic[event.subject] = max(int(event.version), on_topic[event.subject])
        return [
            f"{subject} version {version} is not on the topic"
            for subject, (version, _) in said.items()
            if on_topic[subject] < version
        ]

    async def wrong(self) -> list[str]:
        """Whatever does not hold, now that all is delivered."""
        said = await self.source.store.read(lambda tx: _states(tx, "owned", RECORDS))
        held = await self.sink.store.read(lambda tx: _states(tx, "held", RECORDS))
        totals = await self.sink.store.read(lambda tx: _states(tx, "owned", FINANCE))
        found = [f"{s} is held as {held.get(s)}, said as {is_}" for s, is_ in said.items()
                 if held.get(s) != is_]
        should: Counter[str] = Counter()
        for _, body in said.values():
            if body is not None:
                state = json.loads(body)
                should[state["unit"]] += state["pence"]
        for unit in should.keys() | totals.keys():
            body = totals.get(unit, (0, None))[1]
            pence = 0 if body is None else json.loads(body)["pence"]
            if pence != should[unit]:
                found.append(f"{unit} comes to {pence}, should be {should[unit]}")
        newest: dict[str, int] = {}
        for subject, version in self.sink.versions:
            if version <= newest.get(subject, 0):
                found.append(f"{subject} version {version} applied after {newest[subject]}")
            newest[subject] = version
        return found + await self.unpublished()


def some_course(seed: int, rounds: int = 4) -> list[Said]:
    """Rounds of records said, corrected, moved to another unit, deleted and said again."""
    random = Random(seed)
    course: list[Said] = []
    for _ in range(rounds):
        states: dict[str, State | None] = {}
        for number in random.sample(range(60), 30):
            subject = f"cards/{number}"
            gone = random.random() < 0.2
            states[subject] = None if gone else {
                "unit": random.choice("ABC"), "pence": random.randint(-500, 9_000)
            }
        course.append(list(states.items()))
    return course


def _states(tx: Tx, table: str, topic: str) -> dict[str, tuple[int, bytes | None]]:
    known = METADATA.tables[table].c
    query = select(known.subject, known.version, known.body).where(known.topic == topic)
    return {
        row.subject: (row.version, None if row.body is None else bytes(row.body))
        for row in tx.connection.execute(query)
    }
