"""What a benchmark does with topics itself: fills them, and reads them to their end."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Self

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.brokers import Broker
from shared.contracts import envelope
from shared.messaging.connection import KafkaSettings, ensure_topics

# (subject, event bytes)
Events = Iterable[tuple[str, bytes]]
TIME = "2026-11-23T09:00:00.000+00:00"


def settings(broker: Broker, prefix: str) -> KafkaSettings:
    """How to speak to this broker, as a local system does: one partition when it is embedded."""
    found = KafkaSettings(
        bootstrap=broker.address,
        service="benchmark",
        idempotence=broker.idempotent_producer,
        prefix=prefix,
    )
    return found if broker.durable else replace(found, partitions=1)


def event(topic: str, subject: str, version: int, body: bytes | None, time: str = TIME) -> bytes:
    """An event as ingest would have sent it."""
    return envelope.encode(
        topic,
        subject,
        version,
        body,
        source="/irf/ingest",
        time=time,
        correlation="019ac0ffee00-00112233aabbccdd",
        origin=time,
        epoch=0,
    )


async def prepare(kafka: KafkaSettings, *others: str) -> None:
    """Makes the IRF's topics, and others of the benchmark's own."""
    await ensure_topics(kafka)
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        await admin.create_topics(
            [NewTopic(kafka.topic(name), kafka.partitions, kafka.replication) for name in others]
        )
    finally:
        await admin.close()


async def fill(kafka: KafkaSettings, topic: str, events: Events) -> None:
    """Puts events on a topic, each where its subject belongs, in order."""
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap,
        enable_idempotence=kafka.idempotence,
        acks="all",
        max_batch_size=256 * 1024,
        linger_ms=5,
    )
    await producer.start()
    waiting: list[asyncio.Future[object]] = []
    try:
        for subject, raw in events:
            waiting.append(
                await producer.send(
                    kafka.topic(topic),
                    raw,
                    subject.encode(),
                    partition=kafka.partition(subject),
                )
            )
            if len(waiting) >= 20_000:
                await asyncio.gather(*waiting)
                waiting.clear()
        await asyncio.gather(*waiting)
    finally:
        await producer.stop()


class Sender:
    """Sends single events, each at once."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._producer = AIOKafkaProducer(
            bootstrap_servers=kafka.bootstrap, enable_idempotence=kafka.idempotence, acks="all"
        )

    async def __aenter__(self) -> Self:
        await self._producer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._producer.stop()

    async def send(self, topic: str, subject: str, raw: bytes) -> None:
        """Sends an event to where its subject belongs, and waits until it is taken."""
        await self._producer.send_and_wait(
            self._kafka.topic(topic),
            raw,
            subject.encode(),
            partition=self._kafka.partition(subject),
        )


class Reader:
    """Reads topics whole."""

    def __init__(self, kafka: KafkaSettings) -> None:
        self._kafka = kafka
        self._consumer = AIOKafkaConsumer(
            bootstrap_servers=kafka.bootstrap,
            enable_auto_commit=False,
            max_partition_fetch_bytes=8 << 20,
        )

    async def __aenter__(self) -> Self:
        await self._consumer.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()

    async def read(self, topic: str) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
        """Every event of a topic, in the order of each partition."""
        name = self._kafka.topic(topic)
        places = {TopicPartition(name, number) for number in range(self._kafka.partitions)}
        self._consumer.assign(list(places))
        await self._consumer.seek_to_beginning(*places)
        while places:
            got = await self._consumer.getmany(timeout_ms=200, max_records=20_000)
            for records in got.values():
                for record in records:
                    yield record
            for place in list(places):
                # The end as a fetch tells it: the embedded broker's answer to the question where
                # a log ends is the first offset of its last batch.
                end = self._consumer.highwater(place)
                if end is not None and await self._consumer.position(place) >= end:
                    places.discard(place)
