"""The indicators service alone, replaying changes, beside the bare loop on the same topic.

The service starts with the catalogue and an empty records topic, and is held while the changes
are put there. The clock starts when it is let go, and stops at the time of its last event. Then
the bare loop reads the same bytes from the same topic; its clock starts at the first record. Both
answers are read back and compared with a recomputation from the final records, figure by figure.

The service does more in that time: versions, causes and history of every figure, the measures
topic with its cells, and figures over all wards beside those by ward.
"""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.contracts import envelope
from shared.contracts.states import IndicatorValue
from shared.contracts.topics import CATALOGUE, INDICATORS, MEASURES, RECORDS
from shared.messaging.connection import KafkaSettings
from tests.benchmarks import bare_loop, lean, topics, workload
from tests.benchmarks.machine import MIB, say
from tests.benchmarks.recompute import Expected, Figure, Place
from tests.benchmarks.report import Report
from tests.benchmarks.running import Running, Stuck

OUTPUT = "bare-loop"
PREFIX = "replay."
BATCH = 5_000
QUIET_SECONDS = 1.5
LONGEST_SECONDS = 900.0
LOOK_SECONDS = 0.2
SETTLE_SECONDS = 1.0

_value = msgspec.json.Decoder(IndicatorValue).decode


class Load:
    """The changes as events, and what is left in the end. Iterate it once."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.records: dict[str, tuple[str, dict[str, Any]]] = {}
        self.mix: Counter[str] = Counter()
        self.bytes = 0

    def __iter__(self) -> Iterator[tuple[str, bytes]]:
        versions: Counter[str] = Counter()
        for change in workload.changes(self.count, records_for(self.count)):
            subject = change.subject
            versions[subject] += 1
            self.mix[change.what] += 1
            if change.fields is None:
                del self.records[subject]
            else:
                self.records[subject] = (change.dataset, change.fields)
            raw = topics.event(RECORDS, subject, versions[subject], change.body())
            self.bytes += len(raw)
            yield subject, raw


class Outcome(NamedTuple):
    """How one program did. `ended` is the wall-clock instant of its last event."""

    seconds: float
    cpu: float
    broker: float
    peak: int
    events: int
    wrong: list[str]


def records_for(count: int) -> int:
    """Ten changes for each record."""
    return max(1_000, count // 10)


async def replay(report: Report, broker: str, count: int, port_base: int) -> None:
    """Measures and prints."""
    settings = {"topic_prefix": PREFIX}
    with Running(broker, port_base, ["indicators"], settings) as running:
        kafka = topics.settings(running.broker, PREFIX)
        await topics.prepare(kafka, OUTPUT)
        load = Load(count)
        service = await _service(running, kafka, load, running.ports["indicators"])
        bare = await _bare(running, kafka, load)
    for name, outcome in (("indicators", service), ("bare loop", bare)):
        for line in outcome.wrong[:5]:
            say(f"  {name}: {line}")
    shares = ", ".join(f"{100 * n / count:.0f} % {what}" for what, n in load.mix.most_common())
    report.table(
        f"Replay of {count:,} changes over {records_for(count):,} records, {running.broker.name}",
        [
            _row("indicators service", service, bare, count),
            _row("bare loop", bare, bare, count),
        ],
    )
    report.note(
        f"{shares}; {load.bytes / count:.0f} bytes an event; the bare loop takes {BATCH:,} a batch"
    )


def _row(name: str, outcome: Outcome, bare: Outcome, count: int) -> dict[str, Any]:
    rate = count / outcome.seconds
    return {
        "program": name,
        "changes/s": round(rate),
        "ratio": rate / (count / bare.seconds),
        "CPU ratio": bare.cpu / outcome.cpu,
        "CPU µs/change": outcome.cpu / count * 1e6,
        "broker µs/change": outcome.broker / count * 1e6,
        "peak MiB": round(outcome.peak / MIB),
        "events out": outcome.events,
        "seconds": outcome.seconds,
        "correct": not outcome.wrong,
    }


# The service.


async def _service(running: Running, kafka: KafkaSettings, load: Load, port: int) -> Outcome:
    stated = definitions(read(workload.document()))
    await topics.fill(
        kafka,
        CATALOGUE,
        ((name, topics.event(CATALOGUE, name, 1, body)) for name, body in stated.items()),
    )
    await running.start()

    async def knows() -> bool:
        found = await lean.metrics(port)
        applied = found.total("irf_events_applied_total", CATALOGUE)
        return applied >= len(stated)

    await running.until(knows, "the catalogue to be applied")
    await asyncio.sleep(SETTLE_SECONDS)  # it counts what it applies before it commits
    running.hold("indicators")
    try:
        await topics.fill(kafka, RECORDS, load)
        meter, started = running.meter(), time.time()
    finally:
        running.let_go("indicators")
    said, quiet, cpu = 0.0, time.perf_counter(), meter.cpu()
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        meter.look()
        told = await lean.metrics(port)
        published = told.total("irf_events_published_total")
        if published != said:
            said, quiet, cpu = published, time.perf_counter(), meter.cpu()
        elif _taken(told, load.count) and time.perf_counter() - quiet > QUIET_SECONDS:
            break
        elif meter.seconds() > LONGEST_SECONDS:
            raise Stuck("the replay did not end")
    async with topics.Reader(kafka) as reader:
        found, events, ended = await _published(reader)
    wrong = Expected(load.records.values()).differences(found, wards_only=False)
    return Outcome(
        ended - started, cpu["indicators"], cpu["broker"], meter.peaks["indicators"], events, wrong
    )


def _taken(told: lean.Metrics, count: int) -> bool:
    """Whether every change was applied (or skipped) and everything said was sent."""
    applied = told.total("irf_events_applied_total", RECORDS)
    skipped = told.total("irf_events_skipped_total", RECORDS)
    return applied + skipped >= count and told.total("irf_outbox_events") == 0


async def _published(reader: topics.Reader) -> tuple[dict[Place, Figure], int, float]:
    """The newest version of every figure, all events, and when the last of them was sent."""
    newest: dict[str, tuple[int, bytes | None]] = {}
    count, ended = 0, 0.0
    async for record in reader.read(INDICATORS):
        event = envelope.decode(record.value)
        version = int(event.version)
        if version > newest.get(event.subject, (0, None))[0]:
            newest[event.subject] = (version, envelope.body_of(event))
        count, ended = count + 1, max(ended, record.timestamp / 1000)
    async for record in reader.read(MEASURES):
        count, ended = count + 1, max(ended, record.timestamp / 1000)
    values = [_value(body) for _, body in newest.values() if body is not None]
    return {place(value): figure(value) for value in values}, count, ended


def place(value: IndicatorValue) -> Place:
    """Which figure a value of the IRF is."""
    ward = None if value.breakdown is None else value.breakdown.member
    return value.indicator, value.period.code, ward


def figure(value: IndicatorValue) -> Figure:
    """What it says."""
    inputs = tuple(int(Decimal(each.value or "0")) for each in value.measures.values())
    return Figure(value.value, value.rag.outcome, inputs)


# The bare loop.


async def _bare(running: Running, kafka: KafkaSettings, load: Load) -> Outcome:
    job = bare_loop.Job(
        kafka=kafka.bootstrap,
        idempotence=kafka.idempotence,
        topic=kafka.topic(RECORDS),
        output=kafka.topic(OUTPUT),
        partitions=kafka.partitions,
        changes=load.count,
        store=str(running.folder / "bare-loop.db"),
        batch=BATCH,
    )
    # The service is idle now; it is held so that it takes nothing at all.
    running.hold("indicators")
    try:
        meter = running.meter()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.benchmarks.bare_loop",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        said, _ = await process.communicate(msgspec.json.encode(job))
        cpu = meter.cpu()
    finally:
        running.let_go("indicators")
    done = msgspec.json.decode(said, type=bare_loop.Done)
    found: dict[Place, Figure] = {}
    async with topics.Reader(kafka) as reader:
        async for record in reader.read(OUTPUT):
            told = msgspec.json.decode(record.value)
            at = (told["indicator"], told["month"], told["ward"])
            found[at] = Figure(told["value"], told["outcome"], tuple(told["inputs"]))
    wrong = Expected(load.records.values()).differences(found, wards_only=True)
    return Outcome(
        done.ended - done.started, done.cpu, cpu["broker"], done.peak, done.events, wrong
    )
