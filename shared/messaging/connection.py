"""How a service connects to the broker, and the topics it makes sure exist."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from zlib import crc32

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError
from faststream.kafka import KafkaBroker

from shared.contracts.topics import TOPICS

PATIENCE_MS = 1_000
HANG_UP_SECONDS = 5.0


@dataclass(frozen=True)
class KafkaSettings:
    """Where the broker is and how to speak to it.

    `idempotence` is off for the embedded broker alone, which does not offer it.
    """

    bootstrap: str
    service: str
    replica: str = "0"
    partitions: int = 6
    replication: int = 1
    idempotence: bool = True
    fetch_wait_ms: int = 500
    batch: int = 10_000
    session_ms: int = 30_000
    prefix: str = ""

    @property
    def group(self) -> str:
        """The consumer group of the service."""
        return f"{self.prefix}irf.{self.service}"

    def topic(self, name: str) -> str:
        """The name on the broker of one of our topics."""
        return self.prefix + name

    def partition(self, subject: str) -> int:
        """The partition that a subject always goes to, so that its order is kept."""
        return crc32(subject.encode()) % self.partitions


def producer(kafka: KafkaSettings) -> AIOKafkaProducer:
    """A producer that loses nothing: acknowledged by all replicas, idempotent where offered."""
    return AIOKafkaProducer(
        bootstrap_servers=kafka.bootstrap,
        client_id=f"{kafka.group}-{kafka.replica}",
        acks="all",
        enable_idempotence=kafka.idempotence,
        max_batch_size=512 * 1024,
        max_request_size=8 * 1024 * 1024,
        request_timeout_ms=20_000,
    )


class PatientConsumer(AIOKafkaConsumer):  # type: ignore[misc]  # aiokafka has no types
    """Waits for events instead of answering with none.

    FastStream polls for a moment and, where nothing came, sleeps as long again: a short poll burns
    a processor on a quiet topic, a long one lets events lie. This one answers as soon as there is
    something, whatever the poll's own bound.
    """

    async def getmany(
        self, *partitions: TopicPartition, timeout_ms: int = 0, max_records: int | None = None
    ) -> dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]:
        """What has come, at once; nothing only after PATIENCE_MS."""
        patience = max(timeout_ms, PATIENCE_MS)
        found: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]] = await super().getmany(
            *partitions, timeout_ms=patience, max_records=max_records
        )
        return found


def consuming(kafka: KafkaSettings, patience: float = 20) -> KafkaBroker:
    """FastStream's broker for one service's consumer; when it stops, what is under way has
    `patience` seconds to end."""
    return KafkaBroker(
        kafka.bootstrap,
        client_id=f"{kafka.group}-{kafka.replica}",
        graceful_timeout=patience,
        logger=None,
        # Handlers take records as they came: injecting and validating costs more than applying.
        apply_types=False,
        # Publishing is the relay's, on a producer of its own.
        consumer_only=True,
        # Topics are made once, with their partitions, by ensure_topics.
        allow_auto_create_topics=False,
    )


async def connect(broker: KafkaBroker) -> None:
    """Connects FastStream's broker, with patient consumers."""
    ordinary = await broker.connect()
    options = ordinary.keywords if isinstance(ordinary, partial) else {}
    broker.config.broker_config.builder = partial(PatientConsumer, **options)


def watcher(kafka: KafkaSettings) -> AIOKafkaConsumer:
    """A consumer without group or subscription, to ask where logs end."""
    return AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)


async def hang_up(client: AIOKafkaProducer | AIOKafkaConsumer) -> None:
    """Stops a client, whatever it says of that.

    A consumer whose broker is gone lets the cancellation of its own fetches out of its `stop`. Only
    a cancellation of who hangs up goes on: the other would end the caller's work as if asked to.
    """
    caller = asyncio.current_task()
    asked = caller.cancelling() if caller else 0
    with suppress(KafkaError, TimeoutError, OSError, asyncio.CancelledError):
        await asyncio.wait_for(client.stop(), HANG_UP_SECONDS)
    # Asked for even where the client, or the wait for it, kept it to itself.
    if caller and caller.cancelling() > asked:
        raise asyncio.CancelledError


async def ensure_topics(kafka: KafkaSettings) -> None:
    """Creates the topics that do not exist. Every one of them may be compacted."""
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    try:
        existing = set(await admin.list_topics())
        missing = [
            NewTopic(
                kafka.topic(name),
                kafka.partitions,
                kafka.replication,
                topic_configs={"cleanup.policy": "compact"},
            )
            for name in TOPICS
            if kafka.topic(name) not in existing
        ]
        if missing:
            # Five services start at once: that another made the topic first is no error.
            await admin.create_topics(missing)
    finally:
        await admin.close()
