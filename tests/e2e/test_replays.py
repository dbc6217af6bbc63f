"""Events that come again, come out of order, or can never be applied."""

import asyncio
import json
from collections.abc import Iterable

import httpx2
from aiokafka import AIOKafkaProducer

from deploy.brokers import Broker
from shared.contracts import envelope, subjects
from shared.contracts.topics import CATALOGUE, FINANCE, INDICATORS, RECORDS, RISKS
from shared.messaging.connection import KafkaSettings
from tests.e2e import council
from tests.e2e.conftest import on_one_broker
from tests.e2e.system import CONSUMES, Running
from tests.e2e.watch import FORGED

EVENTS = 400


def produce(
    broker: Broker, partitions: int, events: Iterable[tuple[str, bytes | None, bytes | None]]
) -> None:
    """Puts (topic, key, bytes) on the topics as they are."""
    kafka = KafkaSettings(bootstrap=broker.address, service="replayer", partitions=partitions)

    async def send() -> None:
        producer = AIOKafkaProducer(
            bootstrap_servers=broker.address,
            acks="all",
            enable_idempotence=broker.idempotent_producer,
        )
        await producer.start()
        try:
            sent = [
                await producer.send(
                    topic, raw, key, partition=kafka.partition((key or b"").decode())
                )
                for topic, key, raw in events
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()

    asyncio.run(send())


@on_one_broker
def test_every_event_ten_times_more_and_backwards_changes_nothing(system: Running) -> None:
    with system.load() as load:
        load.go_on(10)
    system.check()
    before = {name: system.counter(name, "irf_events_applied_total") for name in CONSUMES}
    skipped = {name: system.counter(name, "irf_events_skipped_total") for name in CONSUMES}
    said = [
        (topic, key, raw)
        for topic in (CATALOGUE, RECORDS, INDICATORS, FINANCE, RISKS)
        for key, raw in system.topics.raw[topic][-EVENTS:]
    ]
    produce(system.broker, system.partitions, said[::-1] + said * 9)
    system.check()
    assert {name: system.counter(name, "irf_events_applied_total") for name in CONSUMES} == before
    for name, topics in CONSUMES.items():
        again = sum(topic in topics for topic, _, _ in said) * 10
        assert system.counter(name, "irf_events_skipped_total") >= skipped[name] + again


@on_one_broker
def test_projections_that_are_rebuilt_from_their_topics_are_what_they_were(
    system: Running,
) -> None:
    with system.load() as load:
        load.go_on(5)
    system.check()
    before = system.topics.counts()
    for name in CONSUMES:
        answer = httpx2.post(f"{system.processes[name].address}/admin/replay", timeout=30)
        assert answer.status_code == 202, answer.text
    system.rest()
    assert system.stream.repeats == [], "nothing that stayed as it was is told again"
    system.check()
    assert system.topics.counts() == before, "a rebuild that changed nothing cost events"


def letters(system: Running, service: str) -> list[dict[str, object]]:
    """The dead letters of a service that wait."""
    address = system.processes[service].address
    found: list[dict[str, object]] = httpx2.get(f"{address}/admin/dead-letters", timeout=30).json()
    return found


@on_one_broker
def test_poison_is_parked_with_its_reason_and_nobody_else_is_harmed(system: Running) -> None:
    key = f"poison-{system.broker.durable}"
    subject = subjects.record(council.REQUESTS, key)
    malformed = envelope.encode(
        RECORDS,
        subject,
        1,
        json.dumps({"dataset": council.REQUESTS, "key": key, "fields": "no fields"}).encode(),
        source=FORGED,
        time="2026-01-05T08:00:00.000+00:00",
        correlation="poison",
        origin="2026-01-05T08:00:00.000+00:00",
        epoch=0,
    )
    unreadable = b"\x00this is no event"
    poison = [(RECORDS, b"nonsense", unreadable), (RECORDS, subject.encode(), malformed)]
    with system.load() as load:
        load.go_on(5)
        produce(system.broker, system.partitions, poison)
        load.go_on(10)
    system.rest(forged=True)
    for service, topics in CONSUMES.items():
        reasons = [str(letter["reason"]) for letter in letters(system, service)]
        assert any(reason.startswith("unreadable:") for reason in reasons), (service, topics)
    [letter] = [x for x in letters(system, "indicators") if "unreadable" not in str(x["reason"])]
    assert (letter["topic"], letter["reason"]) == (
        RECORDS, "ValidationError: Expected `object`, got `str` - at `$.fields`",
    )  # fmt: skip
    replay = (
        f"{system.processes['indicators'].address}/admin/dead-letters/{letter['id']}/replay"
    )
    still = httpx2.post(replay, timeout=30)
    assert still.status_code == 422 and "Expected `object`" in still.json()["detail"]
    assert letter in letters(system, "indicators")
    # The owner says something sound about the same record: the cause is gone.
    load = system.load()
    for ward in ("North", "South"):
        fields = {"ref": key, "received": "2024-06-01", "closed": None, "ward": ward}
        load.send(council.REQUESTS, [(key, fields)])
    system.rest()
    assert httpx2.post(replay, timeout=30).json() == {"replayed": letter["id"]}
    assert letter not in letters(system, "indicators")
    system.check()
