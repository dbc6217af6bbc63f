"""Change events as Debezium shapes them, and a topic to put them on."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewTopic, RecordsToDelete

from deploy.brokers import Broker

COLUMNS: list[dict[str, Any]] = [
    {"type": "string", "optional": False, "field": "Ref"},
    {"type": "int32", "optional": True, "name": "io.debezium.time.Date", "version": 1,
     "field": "received"},
    {"type": "bytes", "optional": True, "name": "org.apache.kafka.connect.data.Decimal",
     "version": 1, "parameters": {"scale": "2", "connect.decimal.precision": "12"},
     "field": "amount"},
    {"type": "int32", "optional": True, "field": "ward"},
    {"type": "string", "optional": True, "field": "resident"},
]  # fmt: skip


def decimal(pence: int) -> str:
    """An amount as the JSON converter writes bytes of a Decimal of scale 2."""
    length = pence.bit_length() // 8 + 1
    return b64encode(pence.to_bytes(length, "big", signed=True)).decode()


def row(ref: str, received: int | None = None, pence: int | None = None, ward: Any = None) -> Any:
    """A row of the table, in the types of its schema."""
    amount = None if pence is None else decimal(pence)
    return {"Ref": ref, "received": received, "amount": amount, "ward": ward, "resident": "a name"}


def schema(columns: list[dict[str, Any]] = COLUMNS) -> dict[str, Any]:
    """The schema of the envelope."""
    struct = {"type": "struct", "fields": columns, "optional": True, "name": "council.public.Value"}
    return {
        "type": "struct",
        "optional": False,
        "name": "council.public.requests.Envelope",
        "version": 2,
        "fields": [
            {**struct, "field": "before"},
            {**struct, "field": "after"},
            {"type": "struct", "fields": [], "optional": False, "field": "source"},
            {"type": "string", "optional": False, "field": "op"},
            {"type": "int64", "optional": True, "field": "ts_ms"},
        ],
    }


def change(op: str, before: Any, after: Any, **more: Any) -> dict[str, Any]:
    """What happened to a row."""
    source = {"version": "3.0.0.Final", "connector": "postgresql", "table": "requests"}
    return {"before": before, "after": after, "source": source, "op": op, "ts_ms": 1, **more}


def wrapped(payload: Any, columns: list[dict[str, Any]] = COLUMNS) -> dict[str, Any]:
    """With its schema, as the JSON converter sends it unless told otherwise."""
    return {"schema": schema(columns), "payload": payload}


def key(ref: str) -> dict[str, Any]:
    """The key of a message, with its schema."""
    struct = {"type": "struct", "fields": COLUMNS[:1], "optional": False, "name": "council.Key"}
    return {"schema": struct, "payload": {"Ref": ref}}


Message = tuple[Any, Any]


class Stream:
    """A topic that a test says changes on: objects as JSON, bytes as they are, None as none."""

    def __init__(self, broker: Broker, topic: str) -> None:
        self.broker = broker
        self.topic = topic
        self.place = f"kafka://{broker.address}/{topic}"

    async def make(self, partitions: int = 2) -> None:
        async with self._admin() as admin:
            await admin.create_topics([NewTopic(self.topic, partitions, 1)])

    async def remove(self) -> None:
        """Returns once it is gone."""
        async with self._admin() as admin:
            await admin.delete_topics([self.topic])
            while self.topic in await admin.list_topics():
                await asyncio.sleep(0.05)

    async def forget(self, before: int) -> None:
        """Deletes what lies before an offset, as retention does."""
        async with self._admin() as admin:
            await admin.delete_records({TopicPartition(self.topic, 0): RecordsToDelete(before)})

    async def take_back(self, messages: Iterable[Message]) -> None:
        """Says it in a transaction that is aborted."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.broker.address, transactional_id=self.topic
        )
        await producer.start()
        try:
            await producer.begin_transaction()
            for by, said in messages:
                await producer.send_and_wait(self.topic, _raw(said), key=_raw(by), partition=0)
            await producer.abort_transaction()
        finally:
            await producer.stop()

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator[AIOKafkaAdminClient]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self.broker.address)
        await admin.start()
        try:
            yield admin
        finally:
            await admin.close()

    async def say(
        self, messages: Iterable[Message], partition: int = 0, compression: str | None = None
    ) -> None:
        """Returns when each is acknowledged."""
        producer = AIOKafkaProducer(
            bootstrap_servers=self.broker.address, acks="all", compression_type=compression
        )
        await producer.start()
        try:
            sent = [
                await producer.send(self.topic, _raw(said), key=_raw(by), partition=partition)
                for by, said in messages
            ]
            await asyncio.gather(*sent)
        finally:
            await producer.stop()


def _raw(said: Any) -> bytes | None:
    return said if said is None or isinstance(said, bytes) else json.dumps(said).encode()
