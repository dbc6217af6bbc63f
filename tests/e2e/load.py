"""Changes that keep coming while things break, and a ledger of what was acknowledged.

Rule: a change is acknowledged when its receipt came, and only then. One whose answer was lost is
sent again under the same Idempotency-Key until it is answered, as a business system would.
"""

import json
import threading
from collections.abc import Callable, Sequence
from itertools import cycle
from random import Random
from typing import Any

import httpx2

from deploy.verify.source import Row
from services.publisher.domain.live import KINDS
from shared.contracts import subjects
from shared.contracts.topics import RECORDS
from tests.e2e import council
from tests.e2e.council import Fields

BATCH = 6
PAUSE_SECONDS = 0.03
TIMEOUT = httpx2.Timeout(60, connect=2)
NOT_NOW = frozenset({500, 502, 503, 504})


class Ledger:
    """The newest acknowledged state of each record, and how often it was acknowledged to move."""

    def __init__(self) -> None:
        self.records: dict[str, Fields] = {}
        self.moves: dict[str, int] = {}
        self.rows = 0

    def acknowledge(self, subject: str, fields: Fields | None) -> None:
        """A row's receipt came. A row that restates what is known moves nothing."""
        self.rows += 1
        if self.records.get(subject) == fields:
            return
        self.moves[subject] = self.moves.get(subject, 0) + 1
        if fields is None:
            del self.records[subject]
        else:
            self.records[subject] = fields

    def broken(self, owned: Sequence[Row], held: Sequence[Row]) -> list[str]:
        """No acknowledged row is lost at the door, none was counted twice, and all are figures."""
        records = {row.subject: row for row in owned if row.topic == RECORDS}
        found = []
        for subject, moves in self.moves.items():
            row = records.get(subject)
            fields = self.records.get(subject)
            if row is None:
                found.append(f"{subject} was acknowledged and is not there")
                continue
            state = None if row.body is None else json.loads(row.body)["fields"]
            if state != fields:
                found.append(f"{subject} is {state}, but {fields} was acknowledged")
            if row.version != moves:
                found.append(f"{subject} was moved {moves} times and has version {row.version}")
        figures = {
            row.subject: council.published(row.topic, json.loads(row.body))
            for row in held
            if row.body is not None and row.topic in KINDS
        }
        for subject, count in council.figures(self.records).items():
            if figures.get(subject) != count:
                found.append(f"{subject} is {figures.get(subject)}; the ledger says {count}")
        return found


class Load:
    """Sends batches from one thread, through each door in turn, between `start` and `stop`."""

    def __init__(self, doors: Callable[[], Sequence[str]], ledger: Ledger, seed: int) -> None:
        self._doors = doors
        self._ledger = ledger
        self._random = Random(seed)
        self._seed = seed
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: BaseException | None = None
        self._turn = 0
        self.sent = 0
        self._keys: dict[str, list[str]] = {}

    def __enter__(self) -> "Load":
        self._over.clear()
        self._thread = threading.Thread(target=self._run, name="load", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        assert self._thread is not None
        self._thread.join()
        self.check()

    def check(self) -> None:
        """Raises what went wrong while sending."""
        if self._failure is not None:
            raise self._failure

    def go_on(self, batches: int) -> None:
        """Returns once so many more batches were acknowledged."""
        target = self.sent + batches
        while self.sent < target:
            self.check()
            self._over.wait(0.02)

    def send(self, dataset: str, rows: Sequence[tuple[str, Fields | None]]) -> None:
        """One batch, until it is acknowledged: (key, fields), or (key, None) for a deletion."""
        self._turn += 1
        body = [
            {"key": key, "deleted": True} if fields is None else {"data": fields}
            for key, fields in rows
        ]
        headers = {"Idempotency-Key": f"{self._seed}-{self._turn}"}
        for door in cycle(range(1_000_000)):
            doors = self._doors()
            address = f"{doors[(self._turn + door) % len(doors)]}/v1/datasets/{dataset}/records"
            try:
                answer = httpx2.post(address, json=body, headers=headers, timeout=TIMEOUT)
            except httpx2.TransportError:
                self._over.wait(0.1)
                continue
            if answer.status_code in NOT_NOW:
                self._over.wait(0.1)
                continue
            self._acknowledge(dataset, rows, answer)
            return

    def _acknowledge(
        self, dataset: str, rows: Sequence[tuple[str, Fields | None]], answer: httpx2.Response
    ) -> None:
        if answer.status_code != 202:
            raise AssertionError(f"refused: {answer.status_code} {answer.text[:500]}")
        receipt: dict[str, Any] = answer.json()
        assert receipt["received"] == len(rows) and not receipt["rejected"], receipt
        for key, fields in rows:
            self._ledger.acknowledge(subjects.record(dataset, key), fields)
        self.sent += 1

    def _run(self) -> None:
        try:
            while not self._over.is_set():
                dataset = self._random.choices(
                    (council.REQUESTS, council.CARDS, council.RISKS), (6, 2, 1)
                )[0]
                self.send(dataset, self._rows(dataset))
                self._over.wait(PAUSE_SECONDS)
        except BaseException as failure:
            self._failure = failure

    def _rows(self, dataset: str) -> list[tuple[str, Fields | None]]:
        known = self._keys.setdefault(dataset, [])
        rows: dict[str, Fields | None] = {}
        for _ in range(BATCH):
            kind = self._random.random()
            if kind < 0.5 or not known:
                known.append(f"{self._seed}/{len(known)}")
                rows[known[-1]] = council.some_fields(self._random, dataset, known[-1])
            elif kind < 0.85:
                key = self._random.choice(known)
                rows[key] = council.some_fields(self._random, dataset, key)
            else:
                rows[self._random.choice(known)] = None
        return list(rows.items())
