"""The system under test: a broker, five services as processes, their stores, and onlookers.

Rule: faults are done to processes from outside. What must hold afterwards is asked of the stores
and topics themselves, and of code that shares nothing with the services.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx2

from deploy.brokers import Broker
from deploy.brokers.ports import free_port
from deploy.local.quiet import under_way
from deploy.local.system import PORTS, ROOT, System, environment
from deploy.verify.compare import verify
from deploy.verify.source import Row, read
from services.publisher.domain.live import KINDS
from shared.contracts.topics import (
    CATALOGUE,
    FINANCE,
    INDICATORS,
    MEASURES,
    RECORDS,
    RISKS,
    TOPICS,
)
from tests.e2e import council
from tests.e2e.load import Ledger, Load
from tests.e2e.watch import StreamClient, TopicReader

SERVICES = tuple(PORTS)
OWNED_BY = {name: topic.owner for name, topic in TOPICS.items()}
CONSUMES = {
    "indicators": (CATALOGUE, RECORDS),
    "finance": (CATALOGUE, RECORDS),
    "risk": (CATALOGUE, RECORDS),
    "publisher": (CATALOGUE, RECORDS, INDICATORS, FINANCE, RISKS),
}
SESSION_MS = 6_000
LOOK_SECONDS = 1.1
REST_SECONDS = 90.0
SEEN_SECONDS = 15.0


class Process:
    """One process of a service: started, killed, started again."""

    def __init__(self, name: str, address: str, env: Mapping[str, str], log: Path) -> None:
        self.name = name
        self.address = address
        self.log = log
        self._env = dict(env)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, failpoint: str = "") -> None:
        """Starts it, armed to die at a failpoint if one is named."""
        assert not self.alive
        env = self._env | {f"{self.name.upper()}_FAILPOINT": failpoint}
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"services.{self.name}"],
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Ends it as a power cut would: kill -9."""
        self.end(signal.SIGKILL)

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Ends it and waits until it is gone."""
        if self._process is not None:
            self._process.send_signal(how)
            try:
                self._process.wait(40)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def killed_itself(self) -> bool:
        """Whether it ended at a failpoint."""
        return self._process is not None and self._process.poll() == -signal.SIGKILL

    def checks(self) -> dict[str, str]:
        """What readiness says of each part, or nothing where it does not answer."""
        try:
            answer = httpx2.get(f"{self.address}/health/ready", timeout=5)
        except httpx2.HTTPError:
            return {}
        checks: dict[str, str] = answer.json()["checks"]
        return checks

    def metrics(self) -> str:
        """The metrics, in Prometheus' text format."""
        return httpx2.get(f"{self.address}/metrics", timeout=5).text

    def lines(self) -> list[dict[str, Any]]:
        """Its log, line by line."""
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            if line.startswith("{"):
                found.append(json.loads(line))
        return found


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

    def revive(self) -> None:
        """Starts again whatever a failed test left dead."""
        if not self.broker.running:
            self.broker.start()
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
            assert not dead, f"{dead} ended by itself: {self._last_words(dead[0])}"
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
        found: dict[tuple[str, str], int] = {}
        address = self.system.address("publisher")
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

    def broken(self) -> list[str]:
        """Everything that does not hold, now that the system is at rest. Nothing, one hopes."""
        rows = {name: read(self.system.stores[name], "owned") for name in SERVICES}
        held = {name: read(self.system.stores[name], "held") for name in CONSUMES}
        return [
            *self._acknowledged(rows["ingest"], held["publisher"]),
            *self._passed_on(rows, held),
            *self._recomputed(rows["ingest"], held["publisher"]),
            *self._published(rows),
            *self._streamed(held["publisher"]),
            *self.topics.violations,
            *self.stream.violations,
            *self.stream.repeats,
        ]

    def _acknowledged(self, owned: Sequence[Row], held: Sequence[Row]) -> list[str]:
        """No acknowledged row is lost at the door, none was counted twice, and all are figures."""
        records = {row.subject: row for row in owned if row.topic == RECORDS}
        found = []
        for subject, moves in self.ledger.moves.items():
            row = records.get(subject)
            fields = self.ledger.records.get(subject)
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
        for subject, count in council.figures(self.ledger.records).items():
            if figures.get(subject) != count:
                found.append(f"{subject} is {figures.get(subject)}; the ledger says {count}")
        return found

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

    def _last_words(self, name: str) -> str:
        return self.processes[name].log.read_text(errors="replace")[-1500:]

    def counter(self, service: str, name: str) -> float:
        """The sum of a metric of a service over its labels."""
        line = rf"^{name}(?:\{{[^}}]*\}})? (\S+)"
        found = re.findall(line, self.processes[service].metrics(), re.MULTILINE)
        return sum(map(float, found))


def _json(client: httpx2.Client, path: str, **parameters: str) -> Any:
    answer = client.get(path, params=parameters)
    answer.raise_for_status()
    return answer.json()
