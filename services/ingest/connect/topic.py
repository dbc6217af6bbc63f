"""Reads a topic of changes as they come.

Rule: the offsets move in the transaction that lets the rows in, and Kafka keeps none of ours: each
message counts once, and what is read again is unchanged. Where the topic is not the one that was
read before, or has lost what was not read yet, it is read from its beginning, and that is told.
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, NoOffsetForPartitionError, OffsetOutOfRangeError

from services.ingest.connect import broker
from services.ingest.connect.debezium import Debezium
from services.ingest.connect.messages import Emptied, Plain, Unreadable
from services.ingest.connect.source import Extract, Fetching, Outcome, Rows, SourceFailed
from shared.catalogue.connectors import Messages
from shared.messaging.connection import hang_up

Record: TypeAlias = ConsumerRecord[bytes | None, bytes | None]

AT_A_TIME = 5_000
POLL_MS = 500
# A run listens for so long before it gives its place back: the next one begins at once.
LISTENS_SECONDS = 300.0
# Empty polls in a row after which nothing more comes, whatever the ends of the log say: what lies
# before them can be a transaction's marks.
QUIET_POLLS = 10
# Empty polls after which the broker is asked whether it is there: what is away sends nothing.
ASKED_AFTER = 20

log = structlog.get_logger()


class Topic:
    """A connector to a topic."""

    def __init__(self, listens: float = LISTENS_SECONDS) -> None:
        self._listens = listens

    async def waits(self, asked: Fetching) -> bool:
        """Only reading tells."""
        return True

    async def fetch(self, asked: Fetching) -> AsyncGenerator[Extract, None]:
        """What is in the topic behind our offsets, and what comes while it is listened to."""
        topic = broker.topic_of(asked.connector.place)
        if asked.contract.by_content:
            raise SourceFailed(
                "Records that are known by all that they say cannot be read from a topic: nothing"
                " tells which of them a message changes. Give the dataset a key."
            )
        made = broker.consumer(asked)
        try:
            await _start(made)
            reading = await _begin(made, topic, asked.position)
            async for extract in self._read(made, asked, reading):
                yield extract
        except KafkaError as error:
            broker.refused(made)
            raise SourceFailed(
                f"The broker does not answer as it should: {_named(error)}."
            ) from None
        finally:
            await hang_up(made)

    async def settled(self, asked: Fetching, extract: Extract, outcome: Outcome) -> None:
        """Nothing is told to the broker: our offsets are in our store."""

    async def _read(
        self, made: AIOKafkaConsumer, asked: Fetching, reading: "_Reading"
    ) -> AsyncGenerator[Extract, None]:
        loop = asyncio.get_running_loop()
        until = loop.time() + self._listens
        quiet = number = 0
        while not asked.ended():
            try:
                found = await made.getmany(timeout_ms=POLL_MS, max_records=AT_A_TIME)
            except (OffsetOutOfRangeError, NoOffsetForPartitionError) as lost:
                await reading.begin_again(made, [tp.partition for tp in lost.args[0]])
                continue
            broker.refused(made)
            records = [each for listed in found.values() for each in listed]
            quiet = 0 if records else quiet + 1
            records = await reading.check(made, records)
            if records:
                number += 1
                path = asked.folder / f"messages-{number}"
                yield await asyncio.to_thread(reading.write, asked, path, records)
                if reading.emptied is not None:
                    raise SourceFailed(reading.emptied)
            if loop.time() >= until and (reading.is_through(made) or quiet >= QUIET_POLLS):
                break
            if quiet and quiet % ASKED_AFTER == 0:
                await reading.firsts(made)


@dataclass
class _Reading:
    """Where the reading of a topic stands: by partition the offset that comes next, and the mark of
    the message before it."""

    partitions: Mapping[int, TopicPartition]
    next: dict[int, int] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    # Partitions whose last message is read again, to see whether it is the same topic still.
    doubted: set[int] = field(default_factory=set)
    # Where the logs ended when it was time to come to an end.
    ends: dict[int, int] = field(default_factory=dict)
    passed_over: int = 0
    emptied: str | None = None

    @property
    def topic(self) -> str:
        """Its name."""
        return str(next(iter(self.partitions.values())).topic)

    async def firsts(self, made: AIOKafkaConsumer) -> dict[int, int]:
        """Where the logs begin, asked anew. Raises SourceFailed where nobody answers."""
        try:
            async with asyncio.timeout(2 * broker.PATIENCE_MS / 1000):
                found = await made.beginning_offsets(list(self.partitions.values()))
        except TimeoutError:
            raise SourceFailed("The broker does not answer any more.") from None
        return {tp.partition: first for tp, first in found.items()}

    def is_through(self, made: AIOKafkaConsumer) -> bool:
        """Whether all is read that was there when this was asked first."""
        for each, tp in self.partitions.items():
            # As the broker says with what it sends: no question is needed, and every broker does.
            end = made.highwater(tp)
            if end is None or each in self.doubted:
                return False
            self.ends.setdefault(each, end)
        return all(self.next[each] >= end for each, end in self.ends.items())

    async def check(self, made: AIOKafkaConsumer, records: Sequence[Record]) -> list[Record]:
        """Without what was read before; the beginning again where the topic is another one."""
        again = []
        for each in records:
            if each.partition in self.doubted:
                self.doubted.discard(each.partition)
                behind = each.offset == self.next[each.partition] - 1
                if behind and _mark(each) != self.marks[each.partition]:
                    again.append(each.partition)
        for number, tp in self.partitions.items():
            end = made.highwater(tp)
            if end is not None and end < self.next[number] and number not in again:
                again.append(number)
        if again:
            await self.begin_again(made, again)
        return [
            each
            for each in records
            if each.partition not in again and each.offset >= self.next[each.partition]
        ]

    async def begin_again(self, made: AIOKafkaConsumer, again: Sequence[int]) -> None:
        """Reads partitions from their beginnings, and says why."""
        firsts = await self.firsts(made)
        for each in sorted(again):
            self.begin(made, each, firsts[each], self.next[each])

    def begin(self, made: AIOKafkaConsumer, partition: int, first: int, ours: int | None) -> None:
        """Reads a partition from its first message, where ours is not to be had."""
        if ours is not None and first > ours:
            self.notes.append(
                f"Partition {partition}: the messages {ours} to {first - 1} were deleted before"
                " they were read. A full compare tells what they said."
            )
        elif ours is not None:
            self.notes.append(
                f"Partition {partition}: the topic is not the one that was read before. It is read"
                " from its beginning; a full compare tells what was only in the other one."
            )
        if ours is not None:
            # In the log as well: a batch tells the note, once there are rows for one.
            log.warning("topic-read-from-its-beginning", topic=self.topic, partition=partition)
        self.doubted.discard(partition)
        self.marks.pop(partition, None)
        self.ends.pop(partition, None)
        self.next[partition] = first
        made.seek(self.partitions[partition], first)

    def write(self, asked: Fetching, path: Path, records: Sequence[Record]) -> Extract:
        """The messages as rows, and where the topic is then read on."""
        said = asked.connector.messages or Messages()
        envelope = Debezium if said.envelope == "debezium" else Plain
        reader = envelope(asked.contract, said)
        offsets: dict[str, list[int]] = {}
        with Rows(path) as rows:
            for each in records:
                where = f"Partition {each.partition}, offset {each.offset}"
                try:
                    changes = reader.read(each.key, each.value)
                except Unreadable as why:
                    rows.bad(f"{where}: {why}")
                except Emptied:
                    self.emptied = (
                        f"{where}: the table was emptied there, and no message says which records"
                        " are gone. A full compare tells."
                    )
                    rows.bad(self.emptied)
                else:
                    self.passed_over += not changes
                    for change in changes:
                        (rows.gone if change.gone else rows.said)(change.data)
                self.next[each.partition] = each.offset + 1
                self.marks[each.partition] = _mark(each)
                offsets.setdefault(str(each.partition), [each.offset, 0])[1] = each.offset
                if self.emptied is not None:
                    break
        detail: dict[str, Any] = {"offsets": offsets}
        if self.passed_over:
            detail["messages_passed_over"] = self.passed_over
        if self.notes:
            detail["notes"] = self.notes
        if reader.naming.dropped:
            detail["columns_dropped"] = list(reader.naming.dropped)
        if rows.count:
            self.notes, self.passed_over = [], 0
        position = {
            "offsets": {str(each): at for each, at in self.next.items()},
            "marks": {str(each): mark for each, mark in self.marks.items()},
        }
        return Extract(path, self.topic, "rows", "changes", position, detail)


async def _start(made: AIOKafkaConsumer) -> None:
    try:
        async with asyncio.timeout(3 * broker.PATIENCE_MS / 1000):
            await made.start()
    except (KafkaError, TimeoutError, OSError):
        raise SourceFailed(
            "No broker lets us in: it is away, or the credentials or its certificate are not the"
            " right ones."
        ) from None


async def _begin(made: AIOKafkaConsumer, topic: str, position: Mapping[str, Any]) -> _Reading:
    """Takes all partitions, each where we are in it. Raises SourceFailed."""
    # All topics are asked for, and ours looked up: to ask for one by name can make it.
    cluster = await made._client.fetch_all_metadata()
    numbers = sorted(cluster.partitions_for_topic(topic) or ())
    if not numbers:
        raise SourceFailed(f"The broker has no topic {topic}, or we may not see it.")
    partitions = {each: TopicPartition(topic, each) for each in numbers}
    made.assign(list(partitions.values()))
    reading = _Reading(partitions)
    firsts = await reading.firsts(made)
    ours = {int(each): at for each, at in position.get("offsets", {}).items()}
    marks = {int(each): mark for each, mark in position.get("marks", {}).items()}
    for each, tp in partitions.items():
        at = ours.get(each)
        if at is None or at < firsts[each]:
            reading.begin(made, each, firsts[each], at)
            continue
        reading.next[each] = at
        if each in marks and at > firsts[each]:
            reading.marks[each] = marks[each]
            reading.doubted.add(each)
        made.seek(tp, at - (each in reading.doubted))
    return reading


def _mark(record: Record) -> str:
    """Tells a message from another at the same place."""
    said = repr((record.timestamp, record.key, record.value))
    return sha256(said.encode()).hexdigest()[:16]


def _named(error: KafkaError) -> str:
    return type(error).__name__.removesuffix("Error")
