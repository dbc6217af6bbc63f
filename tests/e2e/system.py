"""The system under test: a broker, five services as processes, their stores, and onlookers.

Rule: faults are done to processes from outside. What must hold afterwards is asked of the stores
and topics themselves, and of code that shares nothing with the services.
"""

import os
import re
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from deploy.brokers import Broker
from deploy.brokers.ports import free_port
from deploy.local.quiet import under_way
from deploy.local.system import PORTS, System, environment
from deploy.verify.compare import verify
from deploy.verify.source import Row, read
from services.publisher.domain.live import KINDS
from shared.contracts.topics import (
    CATALOGUE,
    CONTRACTS,
    FINANCE,
    INDICATORS,
    MEASURES,
    RECORDS,
    RISKS,
    TOPICS,
)
from tests.e2e import council
from tests.e2e.load import Ledger, Load
from tests.e2e.process import Process
from tests.e2e.watch import StreamClient, TopicReader, read_all

SERVICES = tuple(PORTS)
OWNED_BY = {name: topic.owner for name, topic in TOPICS.items()}
CONSUMES = {
    "indicators": (CATALOGUE, RECORDS),
    "finance": (CATALOGUE, RECORDS),
    "risk": (CATALOGUE, RECORDS, INDICATORS, FINANCE, CONTRACTS),
    "publisher": (CATALOGUE, RECORDS, INDICATORS, FINANCE, CONTRACTS, RISKS),
}
SESSION_MS = 6_000
LOOK_SECONDS = 1.1
REST_SECONDS = 90.0
SEEN_SECONDS = 15.0


class Running:
    """Five services on a broker, with load, ledger and onlookers."""

    def __init__(
        self,
        folder: Path,
        broker: Broker,
        stores: Mapping[str, str] | None = None,
        prefix: str = "",
        **env: str,
    ) -> None:
        self.folder = folder
        self.broker = broker
        self.system = System(
            data_dir=str(folder),
            ports={name: free_port() for name in SERVICES},
            stores=dict(stores or {name: f"sqlite:///{folder / name}.db" for name in SERVICES}),
            kafka=broker.address,
        )
        self.partitions = 6 if broker.durable else 1
        self._env = env
        self.prefix = prefix
        self.processes = {name: self._process(name) for name in SERVICES}
        self.ledger = Ledger()
        self.topics = TopicReader(broker.address, prefix, self.partitions)
        self.stream = StreamClient(self.system.address("publisher"), self.read_all)
        self._loads = 0

    def _process(self, name: str, replica: str = "0") -> Process:
        port = self.system.ports[name] if replica == "0" else free_port()
        own = {
            "SESSION_MS": str(SESSION_MS),
            "TOPIC_PREFIX": self.prefix,
            "REPLICA": replica,
            "PORT": str(port),
        }
        # Forms and pages lead to each other, wherever they listen.
        if name == "publisher":
            own["FORMS"] = self.system.address("ingest")
        elif name == "ingest":
            own["PUBLISHER"] = self.system.address("publisher")
        given = dict(os.environ) | {f"{name.upper()}_{key}": value for key, value in own.items()}
        given |= self._env
        env = environment(self.system, name, not self.broker.idempotent_producer, given)
        log = self.folder / f"{name}-{replica}.log"
        return Process(name, f"http://127.0.0.1:{port}", env, log)

    def replica(self, name: str) -> Process:
        """A second process of a service, on the same store; not yet started."""
        self.processes[f"{name}-1"] = found = self._process(name, "1")
        return found

    def start(self) -> None:
        """Starts every process and the onlookers; returns once all are ready."""
        for process in self.processes.values():
            process.start()
        self.ready()
        self.topics.open()
        self.stream.open()

    def end(self) -> None:
        """Ends everything that was started here."""
        self.stream.close()
        self.topics.close()
        for process in self.processes.values():
            process.end()

    def lose_broker(self, *, at_once: bool) -> None:
        """The broker goes away: in order, or at once. An onlooker whose logs go with it hangs up
        first: one that came back to a new log would go on at its old place, in the middle."""
        if not self.broker.durable:
            self.topics.close()
        if at_once:
            self.broker.kill()
        else:
            self.broker.stop()

    def regain_broker(self) -> None:
        """The broker is back, and onlookers read what it has from the beginning."""
        self.broker.start()
        if not self.broker.durable:
            self.topics.open()

    def revive(self) -> None:
        """Starts again whatever a failed test left dead, and forgets what it reported."""
        if not self.broker.running:
            self.regain_broker()
        for told in (self.topics.violations, self.stream.violations, self.stream.repeats):
            told.clear()
        for process in self.processes.values():
            if not process.alive:
                process.start()

    def ready(self, seconds: float = 60.0) -> None:
        """Returns once every service says that every part of it is well."""
        until = time.monotonic() + seconds
        while waiting := {
            name: checks
            for name, process in self.processes.items()
            if set((checks := process.checks()).values()) != {"ok"}
        }:
            assert time.monotonic() < until, f"not ready: {waiting}"
            dead = [name for name, process in self.processes.items() if not process.alive]
            assert not dead, f"{self._ends(dead)} by itself: {self._last_words(dead[0])}"
            time.sleep(0.1)

    def apply(self, document: Mapping[str, Any] = council.CATALOGUE) -> None:
        """Puts a catalogue in force."""
        answer = httpx2.put(f"{self.door()}/v1/catalogue", json=document, timeout=30)
        assert answer.status_code == 200, answer.text

    def address(self, service: str) -> str:
        """Where a service answers."""
        return self.processes[service].address

    def door(self) -> str:
        """Where ingest answers."""
        return self.processes["ingest"].address

    def load(self) -> Load:
        """Load, with keys and a course of its own; used with `with`."""
        self._loads += 1
        return Load(self._doors, self.ledger, self._loads)

    def _doors(self) -> Sequence[str]:
        return [p.address for name, p in self.processes.items() if name.startswith("ingest")]

    def kill_and_start(self, name: str) -> None:
        """kill -9, and back again."""
        self.processes[name].kill()
        self.processes[name].start()

    def rest(self, seconds: float = REST_SECONDS, *, forged: bool = False) -> None:
        """Returns once nothing is under way: all ready, no event waiting, nobody behind, twice.

        With `forged` events on a topic, consumers may hold what no owner ever said.
        """
        until = time.monotonic() + seconds
        self.ready(seconds)
        calm = 0
        while calm < 2:
            moving = {name: self._moving(process) for name, process in self.processes.items()}
            calm = 0 if any(moving.values()) else calm + 1
            if calm < 2:
                assert time.monotonic() < until, f"no rest: {moving}"
                time.sleep(LOOK_SECONDS)
        # The embedded broker is vague about where its logs end, so lag may be seen too small.
        while not (self.broker.durable or forged) and self._on_its_way():
            assert time.monotonic() < until, f"no rest: {self._on_its_way()}"
            time.sleep(LOOK_SECONDS)

    def _on_its_way(self) -> list[str]:
        owned = {name: read(self.system.stores[name], "owned") for name in SERVICES}
        held = {name: read(self.system.stores[name], "held") for name in CONSUMES}
        return self._passed_on(owned, held)

    def _moving(self, process: Process) -> float:
        try:
            return under_way(process.metrics())
        except httpx2.HTTPError:
            return 1.0

    def states(self, service: str, table: str, topic: str) -> dict[str, Row]:
        """A service's states of a topic as they are in its store, by subject."""
        rows = read(self.system.stores[service], table)
        return {row.subject: row for row in rows if row.topic == topic}

    def read_all(self) -> dict[tuple[str, str], int]:
        """Every figure's version, read from the publisher's calls as a page would."""
        return read_all(self.system.address("publisher"))

    def broken(self) -> list[str]:
        """Everything that does not hold, now that the system is at rest. Nothing, one hopes."""
        rows = {name: read(self.system.stores[name], "owned") for name in SERVICES}
        held = {name: read(self.system.stores[name], "held") for name in CONSUMES}
        return [
            *self.ledger.broken(rows["ingest"], held["publisher"]),
            *self._passed_on(rows, held),
            *self._recomputed(rows["ingest"], held["publisher"]),
            *self._published(rows),
            *self._streamed(held["publisher"]),
            *self.topics.violations,
            *self.stream.violations,
            *self.stream.repeats,
        ]

    def _passed_on(
        self, owned: Mapping[str, Sequence[Row]], held: Mapping[str, Sequence[Row]]
    ) -> list[str]:
        """Whoever consumes a topic holds exactly what its owner says."""
        found = []
        said: dict[str, dict[str, tuple[int, bytes | None]]] = {}
        for service, rows in owned.items():
            for row in rows:
                if OWNED_BY[row.topic] == service:
                    said.setdefault(row.topic, {})[row.subject] = (row.version, row.body)
        for service, topics in CONSUMES.items():
            for topic in topics:
                got = {r.subject: (r.version, r.body) for r in held[service] if r.topic == topic}
                differing = {
                    subject
                    for subject in said.get(topic, {}).keys() | got.keys()
                    if said.get(topic, {}).get(subject) != got.get(subject)
                }
                found += [f"{service} holds another {topic} {s}" for s in sorted(differing)[:5]]
        return found

    def _recomputed(self, owned: Sequence[Row], held: Sequence[Row]) -> list[str]:
        report = verify(owned, held)
        if not report.compared:
            return ["the recompute compared nothing"]
        return [f"recompute: {mismatch}" for mismatch in report.mismatches[:5]]

    def _published(self, owned: Mapping[str, Sequence[Row]]) -> list[str]:
        """The newest version of everything that is said stands on its topic."""
        until = time.monotonic() + SEEN_SECONDS
        while True:
            found = []
            for topic in (CATALOGUE, RECORDS, MEASURES, INDICATORS, FINANCE, RISKS):
                on_topic = self.topics.versions(topic)
                said = {r.subject: r.version for r in owned[OWNED_BY[topic]] if r.topic == topic}
                found += [
                    f"{topic} has version {on_topic.get(subject)} of {subject}, not {version}"
                    for subject, version in said.items()
                    if on_topic.get(subject, 0) < version
                ][:5]
            if not found or time.monotonic() > until:
                return found

    def _streamed(self, held: Sequence[Row]) -> list[str]:
        """What the stream's client merged is what the publisher holds."""
        is_now = {
            (KINDS[row.topic], row.subject): (row.version, row.body is not None)
            for row in held
            if row.topic in KINDS
        }
        until = time.monotonic() + SEEN_SECONDS
        while missed := [
            f"the stream's client has version {self.stream.state.get(subject)} of {subject}, "
            f"not {version}"
            for subject, (version, exists) in is_now.items()
            # What was deleted before a client read everything is not there for it to see.
            if self.stream.state.get(subject, 0 if exists else version) != version
        ]:
            if time.monotonic() > until:
                return [*missed[:5], f"resyncs: {self.stream.resyncs}"]
            time.sleep(0.1)
        return []

    def check(self) -> None:
        """At rest, everything holds."""
        self.rest()
        found = self.broken()
        assert not found, "\n".join(found[:40])

    def _ends(self, names: Sequence[str]) -> str:
        return ", ".join(f"{name} ended with {self.processes[name].code}" for name in names)

    def _last_words(self, name: str) -> str:
        return self.processes[name].log.read_text(errors="replace")[-1500:]

    def counter(self, service: str, name: str) -> float:
        """The sum of a metric of a service over its labels."""
        line = rf"^{name}(?:\{{[^}}]*\}})? (\S+)"
        found = re.findall(line, self.processes[service].metrics(), re.MULTILINE)
        return sum(map(float, found))
