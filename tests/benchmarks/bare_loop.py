"""The ceiling: what plain Python does on this machine when it does nothing else.

A loop written by hand: aiokafka, msgspec, dictionaries, and one SQLite transaction a batch that
holds the changed records, the changed cells, the outbox and the offsets; the events go out in
batches built by hand. It reads the same bytes from the same topic as the indicators service and
publishes the same figures by ward. It has no versions, catalogue, expressions, history, causes,
measures topic, figures over all wards, dead letters, health, second partition of work or way to
start again: it bounds what can be had and is not a product.

`python -m tests.benchmarks.bare_loop` runs it as a process of its own, told what to do by a JSON
document on standard input, and prints one JSON document when it has read that many changes.
"""

import asyncio
import gc
import sqlite3
import sys
import time
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import msgspec
import psutil
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from tests.benchmarks.workload import AMBER_POINTS, MONTHS, WARDS, Indicator, definitions

TABLES = """
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA wal_autocheckpoint = 20000;
PRAGMA cache_size = -200000;
CREATE TABLE records (
    id INTEGER PRIMARY KEY, subject TEXT, cell INTEGER, facts TEXT, amount INTEGER
);
CREATE TABLE cells (id INTEGER PRIMARY KEY, value INTEGER);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, events BLOB);
CREATE TABLE offsets (partition INTEGER PRIMARY KEY, position INTEGER);
"""


class Job(msgspec.Struct):
    """What to do."""

    kafka: str
    idempotence: bool
    topic: str
    output: str
    partitions: int
    changes: int
    store: str
    batch: int = 5_000


class Done(msgspec.Struct):
    """What came of it: wall-clock instants, CPU seconds between them, bytes of memory."""

    started: float
    ended: float
    cpu: float
    peak: int
    events: int
    seconds: dict[str, float]


class _Fields(msgspec.Struct, gc=False):
    day: str
    ward: str
    amount: int
    outcome: str
    category: str
    priority: str


class _Record(msgspec.Struct, gc=False):
    dataset: str
    fields: _Fields


class _Event(msgspec.Struct, gc=False):
    subject: str
    data: _Record | None


class Effect(NamedTuple):
    """Which measures a combination of words feeds, and which indicators those feed."""

    counts: tuple[int, ...]
    sums: tuple[int, ...]
    indicators: tuple[int, ...]
    indicators_of_sums: tuple[int, ...]


Facts = tuple[str, str, str, str]


class Held(NamedTuple):
    """A record as it counts: its row, its cell (month and ward), its words and its amount."""

    row: int
    cell: int
    facts: Facts
    amount: int


MEASURES, INDICATORS = definitions()
WIDTH = len(MEASURES)
MONTH = {month: number * len(WARDS) for number, month in enumerate(MONTHS)}
WARD = {ward: number for number, ward in enumerate(WARDS)}
USERS = [
    [number for number, each in enumerate(INDICATORS) if measure in each.inputs]
    for measure in range(WIDTH)
]


class Step(NamedTuple):
    """What a batch came to: records as they are now, rows that are gone, cells, events."""

    moved: dict[str, Held]
    gone: list[int]
    touched: set[int]
    events: list[tuple[bytes, bytes]]


class Loop:
    """The state, and one step for a batch."""

    def __init__(self) -> None:
        self.records: dict[str, Held] = {}
        self.cells: dict[int, list[int]] = {}
        self._effects: dict[Facts, Effect] = {}
        self._rows = 0
        self._decode = msgspec.json.Decoder(_Event).decode
        self._encode = msgspec.json.Encoder().encode

    def _effect(self, facts: Facts) -> Effect:
        known = self._effects.get(facts)
        if known is None:
            dataset, *words = facts
            said = dict(zip(("outcome", "category", "priority"), words, strict=True))
            counts: list[int] = []
            sums: list[int] = []
            for number, measure in enumerate(MEASURES):
                if measure.dataset == dataset and all(
                    said[field] in allowed for field, allowed in measure.filters
                ):
                    (sums if measure.sums else counts).append(number)
            known = self._effects[facts] = Effect(
                tuple(counts),
                tuple(sums),
                tuple({user for number in (*counts, *sums) for user in USERS[number]}),
                tuple({user for number in sums for user in USERS[number]}),
            )
        return known

    def step(self, batch: list[bytes]) -> Step:
        """Applies a batch."""
        records, cells, width = self.records, self.cells, WIDTH
        moved: dict[str, Held] = {}
        gone: list[int] = []
        touched: set[int] = set()
        steps: tuple[tuple[Held, int], ...]
        wanted: dict[int, set[int]] = {}
        for raw in batch:
            event = self._decode(raw)
            subject, record = event.subject, event.data
            old = records.get(subject)
            if record is None:
                if old is None:
                    continue
                del records[subject]
                moved.pop(subject, None)
                gone.append(old.row)
                steps = ((old, -1),)
            else:
                said = record.fields
                cell = MONTH[said.day[:7]] + WARD[said.ward]
                facts = (record.dataset, said.outcome, said.category, said.priority)
                if old is None:
                    self._rows += 1
                    new = Held(self._rows, cell, facts, said.amount)
                    steps = ((new, 1),)
                else:
                    new = Held(old.row, cell, facts, said.amount)
                    if new == old:
                        continue
                    if old.cell == cell and old.facts == facts:
                        # Only the amount is another: one addition to each sum.
                        records[subject] = moved[subject] = new
                        effect = self._effect(facts)
                        if effect.sums:
                            values = cells[cell]
                            for number in effect.sums:
                                values[number] += said.amount - old.amount
                                touched.add(cell * width + number)
                            wanted.setdefault(cell, set()).update(effect.indicators_of_sums)
                        continue
                    steps = ((old, -1), (new, 1))
                records[subject] = moved[subject] = new
            for held, sign in steps:
                effect = self._effect(held.facts)
                known = cells.get(held.cell)
                values = cells.setdefault(held.cell, [0] * width) if known is None else known
                base = held.cell * width
                for number in effect.counts:
                    values[number] += sign
                    touched.add(base + number)
                for number in effect.sums:
                    values[number] += sign * held.amount
                    touched.add(base + number)
                wanted.setdefault(held.cell, set()).update(effect.indicators)
        events = [
            self._figure(INDICATORS[number], cell)
            for cell, numbers in wanted.items()
            for number in numbers
        ]
        return Step(moved, gone, touched, events)

    def _figure(self, indicator: Indicator, cell: int) -> tuple[bytes, bytes]:
        values = self.cells[cell]
        inputs = [values[number] for number in indicator.inputs]
        value, outcome = figure(indicator, inputs)
        month, ward = MONTHS[cell // len(WARDS)], WARDS[cell % len(WARDS)]
        return f"{indicator.code}/{month}/{ward}".encode(), self._encode(
            {
                "indicator": indicator.code,
                "month": month,
                "ward": ward,
                "value": value,
                "outcome": outcome,
                "inputs": inputs,
            }
        )


def figure(indicator: Indicator, inputs: list[int]) -> tuple[str | None, str]:
    """The value to one decimal, halves away from zero, in whole numbers; and its outcome."""
    first, second = inputs[0], inputs[1]
    if indicator.kind == "difference":
        tenths = 10 * (first - second)
    else:
        if indicator.kind == "rate":
            first, second = 1000 * (first + second), inputs[2]
        elif indicator.kind == "percentage":
            first *= 100
        if not second:
            return None, "no data"
        tenths = (20 * first + second) // (2 * second)
    ahead = tenths - 10 * indicator.target
    if not indicator.high:
        ahead = -ahead
    outcome = "green" if ahead >= 0 else "amber" if ahead >= -10 * AMBER_POINTS else "red"
    whole, tenth = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}.{tenth}", outcome


class Saver:
    """The store: one transaction a batch."""

    def __init__(self, path: str) -> None:
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.executescript(TABLES)

    def save(self, loop: Loop, step: Step, positions: dict[int, int]) -> None:
        """Makes a batch durable."""
        run, run_many = self._database.execute, self._database.executemany
        run("BEGIN IMMEDIATE")
        rows = [
            (each.row, subject, each.cell, "|".join(each.facts), each.amount)
            for subject, each in step.moved.items()
        ]
        run_many("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?)", rows)
        run_many("DELETE FROM records WHERE id = ?", [(row,) for row in step.gone])
        cells = [(number, loop.cells[number // WIDTH][number % WIDTH]) for number in step.touched]
        run_many("INSERT OR REPLACE INTO cells VALUES (?, ?)", cells)
        events = b"\n".join(event for _, event in step.events)
        run("INSERT INTO outbox (events) VALUES (?)", (events,))
        run_many("INSERT OR REPLACE INTO offsets VALUES (?, ?)", list(positions.items()))
        run("COMMIT")

    def sent(self) -> None:
        """Everything in the outbox was acknowledged."""
        self._database.execute("DELETE FROM outbox")


async def send(
    producer: AIOKafkaProducer, topic: str, partitions: int, events: list[tuple[bytes, bytes]]
) -> None:
    """Sends events in batches built by hand, and waits until all are acknowledged."""
    partition = {key: crc32(key) % partitions for key, _ in events}
    sorted_events = sorted(events, key=lambda each: partition[each[0]])
    waiting = []
    for number, group in groupby(sorted_events, key=lambda each: partition[each[0]]):
        batch = producer.create_batch()
        for key, value in group:
            if batch.append(key=key, value=value, timestamp=None) is None:
                waiting.append(await producer.send_batch(batch, topic, partition=number))
                batch = producer.create_batch()
                batch.append(key=key, value=value, timestamp=None)
        waiting.append(await producer.send_batch(batch, topic, partition=number))
    await asyncio.gather(*waiting)


async def run(job: Job) -> Done:
    """Reads so many changes from the beginning of the topic, and says how that went."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=job.kafka, enable_auto_commit=False, max_partition_fetch_bytes=4 << 20
    )
    producer = AIOKafkaProducer(
        bootstrap_servers=job.kafka,
        enable_idempotence=job.idempotence,
        acks="all",
        max_batch_size=256 * 1024,
    )
    await consumer.start()
    await producer.start()
    places = [TopicPartition(job.topic, number) for number in range(job.partitions)]
    consumer.assign(places)
    await consumer.seek_to_beginning(*places)
    loop, saver = Loop(), Saver(job.store)
    spent = dict.fromkeys(("consume", "compute", "store", "produce"), 0.0)
    process, started, cpu, seen, told = psutil.Process(), 0.0, 0.0, 0, 0
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)
    while seen < job.changes:
        before = time.perf_counter()
        got = await consumer.getmany(timeout_ms=1000, max_records=job.batch)
        if not got:
            continue
        if not started:
            started, cpu, before = time.time(), sum(process.cpu_times()[:2]), time.perf_counter()
        batch = [each.value for records in got.values() for each in records]
        positions = {place.partition: records[-1].offset + 1 for place, records in got.items()}
        instants = [before, time.perf_counter()]
        step = loop.step(batch)
        instants.append(time.perf_counter())
        saver.save(loop, step, positions)
        instants.append(time.perf_counter())
        await send(producer, job.output, job.partitions, step.events)
        saver.sent()
        instants.append(time.perf_counter())
        for number, part in enumerate(spent):
            spent[part] += instants[number + 1] - instants[number]
        seen += len(batch)
        told += len(step.events)
    ended = time.time()
    cpu = sum(process.cpu_times()[:2]) - cpu
    await producer.stop()
    await consumer.stop()
    return Done(started, ended, cpu, peak(process), told, spent)


def peak(process: psutil.Process) -> int:
    """The most memory that a process held, where the system says; else what it holds now."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
        return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        return int(process.memory_info().rss)


def main() -> None:
    import uvloop

    job = msgspec.json.decode(sys.stdin.buffer.read(), type=Job)
    print(msgspec.json.encode(uvloop.run(run(job))).decode())


if __name__ == "__main__":
    main()
