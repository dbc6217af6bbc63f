"""Sending many events: batches built by hand, one after the other for each partition.

Rule: nothing follows a batch into its partition before that batch is acknowledged. Were one lost
and the next one not, sending both again would put an older version behind a newer one.

The client's own `send` makes a future and a wait of each event, which costs several times what the
event does. A batch is one of each.
"""

import asyncio
from collections.abc import Iterable
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from shared.messaging.connection import KafkaSettings

# (topic, partition)
Place = tuple[str, int]


class Sent(NamedTuple):
    """An acknowledged batch: where it went, its first offset, and how many events it holds."""

    topic: str
    partition: int
    offset: int
    events: int


class EventTooLarge(ValueError):
    """An event that no batch can hold."""


async def send(
    sender: AIOKafkaProducer, kafka: KafkaSettings, events: Iterable[tuple[str, str, bytes]]
) -> list[Sent]:
    """Sends (topic, subject, bytes) events in order, and waits until all are acknowledged."""
    filling: dict[Place, Any] = {}
    waiting: list[tuple[Place, int, asyncio.Future[Any]]] = []
    last: dict[Place, asyncio.Future[Any]] = {}

    async def seal(place: Place) -> None:
        batch = filling.pop(place)
        count = batch.record_count()
        topic, partition = place
        if place in last:
            await last[place]
        future = await sender.send_batch(batch, kafka.topic(topic), partition=partition)
        last[place] = future
        waiting.append((place, count, future))

    for topic, subject, raw in events:
        place = (topic, kafka.partition(subject))
        key = subject.encode()
        batch = filling.get(place)
        if batch is None:
            batch = filling[place] = sender.create_batch()
        if batch.append(key=key, value=raw, timestamp=None) is None:
            await seal(place)
            batch = filling[place] = sender.create_batch()
            if batch.append(key=key, value=raw, timestamp=None) is None:
                raise EventTooLarge(f"{subject} is {len(raw)} bytes")
    for place in list(filling):
        await seal(place)
    answers = await asyncio.gather(*(future for _, _, future in waiting))
    return [
        Sent(*place, answer.offset, count)
        for (place, count, _), answer in zip(waiting, answers, strict=True)
    ]
