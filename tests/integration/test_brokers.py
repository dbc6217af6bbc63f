"""The brokers that the project starts itself do what the services rely on."""

import asyncio
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.brokers import Broker, BrokerFailed, EmbeddedBroker
from deploy.brokers.ports import free_port

PARTITIONS = 3


async def create(broker: Broker, topic: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.address)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(topic, PARTITIONS, 1)])
    finally:
        await admin.close()


async def produce(broker: Broker, topic: str, keys: range) -> None:
    """Returns when every one of the events is acknowledged."""
    producer = AIOKafkaProducer(
        bootstrap_servers=broker.address,
        acks="all",
        enable_idempotence=broker.idempotent_producer,
    )
    await producer.start()
    try:
        sent = [
            await producer.send(topic, b"state", key=str(key).encode(), partition=key % PARTITIONS)
            for key in keys
        ]
        await producer.flush()
        await asyncio.gather(*sent)
    finally:
        await producer.stop()


async def consume(broker: Broker, topic: str, group: str, count: int) -> list[int]:
    """Takes `count` keys in the name of a group, and commits where it got to."""
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=broker.address,
        group_id=group,
        group_instance_id=f"{group}-0",
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=10,
    )
    await consumer.start()
    keys: list[int] = []
    try:
        async with asyncio.timeout(60):
            while len(keys) < count:
                batches = await consumer.getmany(timeout_ms=200)
                keys += [int(event.key) for events in batches.values() for event in events]
        await consumer.commit()
    finally:
        await consumer.stop()
    return keys


async def test_a_group_takes_every_event_once_and_goes_on_where_it_committed(
    broker: Broker, topic_prefix: str
) -> None:
    topic, group = f"{topic_prefix}events", f"{topic_prefix}group"
    await create(broker, topic)
    await produce(broker, topic, range(100))
    assert sorted(await consume(broker, topic, group, 100)) == list(range(100))
    await produce(broker, topic, range(100, 150))
    assert sorted(await consume(broker, topic, group, 50)) == list(range(100, 150))


@pytest.mark.apache
async def test_apache_kafka_keeps_what_it_acknowledged_when_it_is_killed(
    own_apache_broker: Broker, topic_prefix: str
) -> None:
    topic, group = f"{topic_prefix}events", f"{topic_prefix}group"
    await create(own_apache_broker, topic)
    await produce(own_apache_broker, topic, range(200))
    assert len(await consume(own_apache_broker, topic, group, 200)) == 200
    await produce(own_apache_broker, topic, range(200, 300))
    own_apache_broker.kill()
    own_apache_broker.start()
    assert sorted(await consume(own_apache_broker, topic, group, 100)) == list(range(200, 300))


async def test_the_embedded_broker_forgets_at_its_stop_as_it_says(
    own_embedded_broker: Broker, topic_prefix: str
) -> None:
    topic = f"{topic_prefix}events"
    await create(own_embedded_broker, topic)
    await produce(own_embedded_broker, topic, range(10))
    own_embedded_broker.restart()
    admin = AIOKafkaAdminClient(bootstrap_servers=own_embedded_broker.address)
    await admin.start()
    try:
        assert topic not in await admin.list_topics()
    finally:
        await admin.close()
    assert not own_embedded_broker.durable


def test_a_broker_that_ends_at_its_start_says_why(tmp_path: Path) -> None:
    broker = BrokenBroker(free_port(), tmp_path / "broken")
    with pytest.raises(BrokerFailed, match="no room on the disk"):
        broker.start()
    assert not broker.running


class BrokenBroker(EmbeddedBroker):
    """Ends at once, as a broker does whose port or disk is not to be had."""

    def command(self) -> list[str]:
        return ["sh", "-c", "echo no room on the disk; exit 3"]
