"""The load generator: sends the workload to ingest over HTTP, at a rate or as fast as it is taken.

Rule: change number k comes to pass k / rate seconds after the start, and a request is due when the
last of its changes has. Times count from then, so a system that makes senders wait is charged for
it. Every dataset has a connection of its own and sends in order, so the final records are known.
All requests are encoded before the clock starts.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import islice
from time import perf_counter
from types import TracebackType
from typing import Any, NamedTuple, Self

import msgspec

from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS, TOPICS
from tests.benchmarks import lean, workload
from tests.benchmarks.running import Running
from tests.benchmarks.workload import DATASETS, Change

NDJSON = "application/x-ndjson"
CATALOGUE_PATH = "/v1/catalogue"
SETTLED_SECONDS = 1.3  # the depth of an outbox is measured once a second
LOOK_SECONDS = 0.25

CONSUMES = {
    "indicators": (CATALOGUE, RECORDS),
    "finance": (CATALOGUE, RECORDS),
    "risk": (CATALOGUE, RECORDS),
    "publisher": (CATALOGUE, RECORDS, INDICATORS),
}

_encode = msgspec.json.Encoder().encode


class Request(NamedTuple):
    """A request, when it is due after the start, and how many changes it holds."""

    due: float
    raw: bytes
    changes: int


class Sent(NamedTuple):
    """A request that was answered: instants, and the batch that it became."""

    due: float
    sent: float
    answered: float
    batch: bytes
    changes: int


class Offered(NamedTuple):
    """How a phase went. `backlog` is what waited, once a second, in events."""

    sent: list[Sent]
    started: float
    seconds: float
    backlog: list[int]
    complete: bool

    @property
    def changes(self) -> int:
        """How many changes were accepted."""
        return sum(each.changes for each in self.sent)


class Generator:
    """Offers parts of one long stream of changes, each continuing where the last one ended."""

    def __init__(self, running: Running, total: int, records: int, first: int = 0) -> None:
        """Of `total` changes over so many records the first `first` are all insertions."""
        self._running = running
        self._arguments = (total, records, first)
        self._stream = workload.changes(*self._arguments)
        self._accepted: Counter[str] = Counter()
        self._connections: dict[str, lean.Connection] = {}

    async def __aenter__(self) -> Self:
        for dataset in DATASETS:
            connection = lean.Connection(self._running.ports["ingest"])
            self._connections[dataset] = await connection.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for connection in self._connections.values():
            await connection.__aexit__(kind, error, trace)

    async def apply_catalogue(self) -> None:
        """Puts the workload's catalogue in force."""
        raw = lean.request("PUT", CATALOGUE_PATH, _encode(workload.document()))
        async with lean.Connection(self._running.ports["ingest"]) as connection:
            await connection.request(raw)

    async def load(self, changes: int, batch: int = 500) -> Offered:
        """Sends changes as fast as they are taken."""
        return await self._send(self._requests(changes, batch, None), None)

    async def offer(self, rate: int, seconds: float, batch: int) -> Offered:
        """Offers a rate. Gives up (`complete` is False) when it takes half as long again."""
        requests = self._requests(round(rate * seconds), batch, rate)
        return await self._send(requests, 1.5 * seconds + 1)

    def _requests(self, count: int, batch: int, rate: int | None) -> dict[str, list[Request]]:
        waiting: dict[str, list[Change]] = defaultdict(list)
        requests: dict[str, list[Request]] = {dataset: [] for dataset in DATASETS}

        def close(dataset: str, number: int) -> None:
            due = 0.0 if rate is None else number / rate
            requests[dataset].append(_request(dataset, waiting.pop(dataset), due))

        for number, change in enumerate(islice(self._stream, count), 1):
            waiting[change.dataset].append(change)
            if len(waiting[change.dataset]) >= batch:
                close(change.dataset, number)
        for dataset in list(waiting):
            close(dataset, count)
        return requests

    async def _send(self, requests: dict[str, list[Request]], limit: float | None) -> Offered:
        started = perf_counter()
        end = None if limit is None else started + limit
        watching = asyncio.create_task(self._watch())
        sent: list[Sent] = []
        try:
            finished = await asyncio.gather(
                *(self._send_dataset(*each, started, end, sent) for each in requests.items())
            )
        finally:
            watching.cancel()
            (backlog,) = await asyncio.gather(watching, return_exceptions=True)
        looked = backlog if isinstance(backlog, list) else []
        return Offered(sent, started, perf_counter() - started, looked, all(finished))

    async def _send_dataset(
        self,
        dataset: str,
        requests: list[Request],
        started: float,
        end: float | None,
        sent: list[Sent],
    ) -> bool:
        connection = self._connections[dataset]
        for request in requests:
            due = started + request.due
            now = perf_counter()
            if now < due:
                await asyncio.sleep(due - now)
                now = perf_counter()
            if end is not None and now > end:
                return False
            answer = await connection.request(request.raw)
            at = answer.index(b'"batch":"') + 9
            batch = answer[at : answer.index(b'"', at)]
            sent.append(Sent(due, now, perf_counter(), batch, request.changes))
            self._accepted[dataset] += request.changes
        return True

    async def _watch(self) -> list[int]:
        looks: list[int] = []
        try:
            while True:
                await asyncio.sleep(1)
                looks.append(await self.backlog())
        except asyncio.CancelledError:
            return looks

    async def backlog(self) -> int:
        """Events that wait anywhere: in an outbox, or on a topic and not yet consumed.

        What is on a topic and not consumed is told by counters, which are never old: what was
        published less what was applied or skipped.
        """
        names = list(self._running.ports)
        answers = await asyncio.gather(*(lean.metrics(self._running.ports[name]) for name in names))
        found = dict(zip(names, answers, strict=True))
        waiting = sum(each.total("irf_outbox_events") for each in answers)
        for name, topics in CONSUMES.items():
            for topic in topics:
                label = f'"{topic}"'
                said = found[TOPICS[topic].owner].total("irf_events_published_total", label)
                applied = found[name].total("irf_events_applied_total", label)
                skipped = found[name].total("irf_events_skipped_total", label)
                waiting += max(0.0, said - applied - skipped)
        return round(waiting)

    async def settle(self, limit: float) -> float | None:
        """Waits until nothing waits any more; answers how long that took, None for too long."""
        began = perf_counter()
        since: float | None = None
        while perf_counter() - began < limit + SETTLED_SECONDS:
            now = perf_counter()
            if await self.backlog():
                since = None
            else:
                since = since or now
                if now - since > SETTLED_SECONDS:
                    return since - began
            await asyncio.sleep(LOOK_SECONDS)
        return None

    def records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(dataset, fields) of every record that exists after what was accepted."""
        left = Counter(self._accepted)
        held: dict[tuple[str, str], dict[str, Any]] = {}
        for change in workload.changes(*self._arguments):
            if not left[change.dataset]:
                if not any(left.values()):
                    break
                continue
            left[change.dataset] -= 1
            if change.fields is None:
                held.pop((change.dataset, change.key), None)
            else:
                held[change.dataset, change.key] = change.fields
        for (dataset, _), fields in held.items():
            yield dataset, fields


def _request(dataset: str, changes: list[Change], due: float) -> Request:
    lines = [
        {"key": change.key, "deleted": True} if change.fields is None else {"data": change.fields}
        for change in changes
    ]
    body = b"\n".join(_encode(line) for line in lines)
    path = f"/v1/datasets/{dataset}/records"
    return Request(due, lean.request("POST", path, body, NDJSON), len(changes))
