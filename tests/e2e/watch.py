"""Two onlookers: one reads every topic raw, one keeps a dashboard's state from the live stream.

Rule: neither trusts anybody. A version may come again, but only as it was; content that is new has
a version above all before it. On the stream a version of a subject comes once, newer every time.
"""

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx2
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from shared.contracts import envelope
from shared.contracts.subjects import SYSTEM
from shared.contracts.topics import DEAD_LETTERS, TOPICS
from shared.messaging.connection import hang_up

# The source of events that a test made up: no owner's versions are bound by them.
FORGED = "/forged"
OF_TIME = SYSTEM.encode()
STREAM_TIMEOUT = httpx2.Timeout(5, read=30)


class TopicReader:
    """Reads all topics from their beginning, without a group, for as long as it is open."""

    def __init__(self, kafka: str, prefix: str, partitions: int) -> None:
        self._kafka = kafka
        self._prefix = prefix
        self._places = [
            TopicPartition(f"{prefix}{topic}", partition)
            for topic in TOPICS
            for partition in range(partitions)
        ]
        self._states: dict[tuple[str, str], dict[int, bytes | None]] = defaultdict(dict)
        self._over = threading.Event()
        self._caught_up = threading.Event()
        self._caught_up.set()  # nobody asks yet
        self._thread: threading.Thread | None = None
        self.raw: dict[str, list[tuple[bytes | None, bytes | None]]] = defaultdict(list)
        self.violations: list[str] = []

    def open(self) -> None:
        """Starts reading; after a broker lost its logs, this starts at their beginning again."""
        self.close()
        self._over.clear()
        self._thread = threading.Thread(target=self._run, name="topic-reader", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stops reading."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(30)
            self._thread = None

    def versions(self, topic: str) -> dict[str, int]:
        """The newest version of each subject on a topic, once everything was read."""
        self._caught_up.clear()
        assert self._caught_up.wait(60), "the topics could not be read to their end"
        return {s: max(seen) for (named, s), seen in list(self._states.items()) if named == topic}

    def counts(self) -> dict[str, int]:
        """How many events there are on each topic, once everything was read. What the
        system says of itself comes when time passes, whatever a test does, so it is left out."""
        self._caught_up.clear()
        assert self._caught_up.wait(60), "the topics could not be read to their end"
        return {
            topic: sum(not (key or b"").startswith(OF_TIME) for key, _ in events)
            for topic, events in self.raw.items()
        }

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(KafkaError, OSError, TimeoutError):
                asyncio.run(self._read())

    async def _read(self) -> None:
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self._kafka,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
            fetch_max_wait_ms=50,
            request_timeout_ms=5_000,
        )
        await consumer.start()
        try:
            consumer.assign(self._places)
            while not self._over.is_set():
                asked = not self._caught_up.is_set()
                batches = await consumer.getmany(timeout_ms=500 if asked else 100)
                for place, events in batches.items():
                    for event in events:
                        self._take(place.topic[len(self._prefix) :], event.key, event.value)
                if asked and not batches and await self._at_end(consumer):
                    self._caught_up.set()
        finally:
            await hang_up(consumer)

    async def _at_end(self, consumer: AIOKafkaConsumer) -> bool:
        for place, end in (await consumer.end_offsets(self._places)).items():
            if await consumer.position(place) < end:
                return False
        return True

    def _take(self, topic: str, key: bytes | None, raw: bytes | None) -> None:
        self.raw[topic].append((key, raw))
        try:
            event = envelope.decode(raw)
        except envelope.UnreadableEvent:
            return  # poison that a test put there
        if topic == DEAD_LETTERS or event.source == FORGED:
            return  # every service writes there, each for itself
        seen = self._states[topic, event.subject]
        number, body = int(event.version), envelope.body_of(event)
        if number in seen:
            if seen[number] != body:
                self.violations.append(f"{event.id} came again with other content")
        elif seen and number < max(seen):
            self.violations.append(f"{event.id} is new, after version {max(seen)}")
        else:
            seen[number] = body


class StreamClient:
    """A dashboard that stays open: what it was told, merged by subject."""

    def __init__(self, address: str, read_all: Callable[[], dict[tuple[str, str], int]]) -> None:
        self._address = address
        self._read_all = read_all
        self._over = threading.Event()
        self._cut = threading.Event()
        self._thread: threading.Thread | None = None
        self._streamed: dict[tuple[str, str], int] = {}
        self.last_id: str | None = None
        self.state: dict[tuple[str, str], int] = {}
        self.bodies: dict[tuple[str, str], Any] = {}
        self.violations: list[str] = []
        self.repeats: list[str] = []
        self.connections = 0
        self.resyncs: list[str] = []

    def open(self) -> None:
        """Starts listening."""
        self._over.clear()
        self._thread = threading.Thread(target=self._run, name="stream", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hangs up."""
        self._over.set()
        if self._thread is not None:
            self._thread.join(40)

    def cut(self) -> None:
        """Drops the connection at the next line; it comes back after what it saw last."""
        self._cut.set()

    def _run(self) -> None:
        while not self._over.is_set():
            with suppress(httpx2.HTTPError):
                self._listen()
            self._over.wait(0.1)

    def _listen(self) -> None:
        headers = {} if self.last_id is None else {"Last-Event-ID": self.last_id}
        with httpx2.stream(
            "GET", f"{self._address}/v1/stream", headers=headers, timeout=STREAM_TIMEOUT
        ) as answer:
            if answer.status_code != 200:
                return
            self.connections += 1
            event: dict[str, str] = {}
            for line in answer.iter_lines():
                if self._over.is_set() or self._cut.is_set():
                    self._cut.clear()
                    return
                if line:
                    name, _, value = line.partition(":")
                    event[name] = value.strip()
                    continue
                self._take(event)
                event = {}

    def _take(self, event: dict[str, str]) -> None:
        kind = event.get("event")
        if kind == "resync":
            self.resyncs.append(json.loads(event["data"])["reason"])
            self.last_id = event["id"]
            # What is read now is at least as new as the resync; what is streamed may be older.
            self.state = self._read_all()
        elif kind is not None:
            told = json.loads(event["data"])
            subject = (kind, told["subject"])
            version = told["version"]
            if version == self._streamed.get(subject) and told["data"] == self.bodies[subject]:
                self.repeats.append(f"{subject} version {version} came again")
            elif version <= self._streamed.get(subject, 0):
                self.violations.append(
                    f"{subject} version {version} after {self._streamed[subject]}"
                )
            self._streamed[subject] = version
            self.state[subject] = max(version, self.state.get(subject, 0))
            self.bodies[subject] = told["data"]
        # Last, as a browser does: an event that was not taken in is asked for again.
        self.last_id = event.get("id", self.last_id)


def read_all(address: str) -> dict[tuple[str, str], int]:
    """Every figure's version, read from the publisher's calls as a page would."""
    found: dict[tuple[str, str], int] = {}
    with httpx2.Client(base_url=address, timeout=30) as client:
        for code in [each["code"] for each in _json(client, "/v1/indicators")["indicators"]]:
            for more in ({}, {"breakdown": "ward"}):
                told = _json(client, f"/v1/indicators/{code}/values", limit="10000", **more)
                assert not told["truncated"]
                found |= {("indicators", v["subject"]): v["version"] for v in told["values"]}
        for ledger in _json(client, "/v1/finance")["ledgers"]:
            one = _json(client, f"/v1/finance/{ledger['code']}")
            listed = [*one["spend"], *([one["control"]] if one["control"] else [])]
            found |= {("finance", each["subject"]): each["version"] for each in listed}
        for risk in _json(client, "/v1/risks")["risks"]:
            found["risks", risk["subject"]] = risk["version"]
    return found


def _json(client: httpx2.Client, path: str, **parameters: str) -> Any:
    answer = client.get(path, params=parameters)
    answer.raise_for_status()
    return answer.json()
