"""Offsets are committed of what was applied, now and then; a broker that refuses is not pressed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import CommitFailedError

from services.risk.store.tables import TABLES
from shared.contracts.topics import RECORDS, RISKS
from shared.db.tx import Tx
from shared.delivery.change import Cause, Change, Statement
from shared.delivery.dead_letters import DeadLetters
from shared.delivery.inbox import Applied
from shared.delivery.outbox import Outbox
from shared.messaging.connection import KafkaSettings, consuming
from shared.messaging.consumer import Consumer
from tests.unit.fed import Fed, Said, StoppedClock, fed

FIRST, SECOND = TopicPartition(RECORDS, 0), TopicPartition(RECORDS, 1)


class Client:
    """What a consumer asks of its Kafka client."""

    def __init__(self) -> None:
        self.ours = {FIRST, SECOND}
        self.commits: list[dict[TopicPartition, int]] = []
        self.refuses = False

    def assignment(self) -> set[TopicPartition]:
        return self.ours

    async def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        self.commits.append(dict(offsets))
        if self.refuses:
            raise CommitFailedError("the group does not know us")


class Telling:
    """Handlers that say something of the records that have a number."""

    def apply(self, changes: Sequence[Change], tx: Tx) -> Iterable[Statement]:
        return [
            Statement(RISKS, f"risk/{change.subject}", b"{}", Cause("", change.time))
            for change in changes
            if b'"n"' in (change.after or b"")
        ]

    def rebuild(self, tx: Tx) -> Iterable[Statement]:
        return ()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Fed]:
    with fed(tmp_path, "risk", TABLES, lambda _tables: Telling(), RISKS) as found:
        yield found


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def consumer(service: Fed, client: Client) -> Consumer:
    kafka = KafkaSettings("127.0.0.1:1", "risk", partitions=2)
    outbox = Outbox(TABLES, StoppedClock(), "risk", [RISKS])
    letters = DeadLetters(outbox, StoppedClock(), "risk")
    made = Consumer(consuming(kafka), service.store, service.inbox, letters, kafka, [RECORDS])
    made._subscriber.consumer = client
    return made


def said(key: str, **fields: int) -> Said:
    return Said(RECORDS, f"d/{key}", 1, {"dataset": "d", "key": key, "fields": fields})


def record(place: TopicPartition, offset: int, key: str) -> Any:
    raw = said(key, n=offset).received().raw
    return ConsumerRecord(
        place.topic, place.partition, offset, 0, 0, key.encode(), raw, None, 0, len(raw or b""), ()
    )


async def test_what_was_applied_is_acknowledged_once(consumer: Consumer, client: Client) -> None:
    await consumer.acknowledge()
    assert client.commits == []
    await consumer._consume([record(FIRST, 4, "a"), record(SECOND, 7, "b")])
    await consumer._consume([record(FIRST, 5, "c")])
    assert client.commits == []  # not batch by batch
    await consumer.acknowledge()
    await consumer.acknowledge()
    assert client.commits == [{FIRST: 6, SECOND: 8}]
    await consumer._consume([record(SECOND, 8, "d")])
    await consumer.acknowledge()
    assert client.commits[1:] == [{SECOND: 9}]


async def test_partitions_that_another_replica_took_are_left_to_it(
    consumer: Consumer, client: Client
) -> None:
    await consumer._consume([record(FIRST, 4, "a"), record(SECOND, 7, "b")])
    client.ours = {SECOND}
    await consumer.acknowledge()
    assert client.commits == [{SECOND: 8}]


async def test_what_was_refused_is_not_tried_again_until_more_is_applied(
    consumer: Consumer, client: Client
) -> None:
    await consumer._consume([record(FIRST, 4, "a")])
    client.refuses = True
    with pytest.raises(CommitFailedError):
        await consumer.acknowledge()
    await consumer.acknowledge()
    assert len(client.commits) == 1
    client.refuses = False
    await consumer._consume([record(FIRST, 5, "b")])
    await consumer.acknowledge()
    assert client.commits[1:] == [{FIRST: 6}]


def test_a_batch_of_which_nothing_follows_is_silent(service: Fed) -> None:
    def apply(*batch: Said) -> Applied:
        received = [each.received() for each in batch]
        return service.store.write_now(lambda tx: service.inbox.apply(tx, received))[0]

    assert apply(said("a")).silent
    assert not apply(said("b"), said("c", n=1)).silent
    assert apply(said("c", n=1)).silent  # it was here before
