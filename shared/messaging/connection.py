"""How a service connects to the broker, and the topics it makes sure exist."""

from dataclasses import dataclass
from zlib import crc32

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from shared.contracts.topics import TOPICS


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
    fetch_wait_ms: int = 10
    batch: int = 5_000
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


def watcher(kafka: KafkaSettings) -> AIOKafkaConsumer:
    """A consumer without group or subscription, to ask where logs end."""
    return AIOKafkaConsumer(bootstrap_servers=kafka.bootstrap, enable_auto_commit=False)


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
