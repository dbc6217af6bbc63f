"""What each service holds in memory: with records loaded, with many clients, with a dead one.

Resident memory as the system counts it, broker included. A client costs what the publisher grew
by, divided by the clients, after each of them was told something. The client that reads nothing
is there while changes flow; it is dropped, and a client beside it goes on being told.
"""

import asyncio
from contextlib import AsyncExitStack
from time import perf_counter
from typing import Any

from tests.benchmarks import lean
from tests.benchmarks.generator import Generator
from tests.benchmarks.machine import MIB
from tests.benchmarks.report import Report
from tests.benchmarks.running import Running

SETTLE_SECONDS = 120.0
FIRST_RECORDS = 1_000
LOAD_BATCH = 1_000
CLIENT_RATE = 10
CLIENT_SECONDS = 5
SEND_SECONDS = 3
SILENT_RATE = 1_000
SILENT_SECONDS = 6
SILENT_ROUNDS = 5
LOOK_SECONDS = 0.5


async def memory(report: Report, broker: str, records: int, clients: int, port_base: int) -> None:
    """Measures and prints."""
    with Running(broker, port_base, settings={"send_seconds": SEND_SECONDS}) as running:
        await running.start()
        meter = running.meter()
        began = meter.memory()
        more = CLIENT_RATE * CLIENT_SECONDS + SILENT_RATE * SILENT_SECONDS * SILENT_ROUNDS
        async with Generator(running, records + more, records, first=records) as generator:
            await generator.apply_catalogue()
            # First the clients: after the load the heap has room in which they would not show.
            await generator.load(FIRST_RECORDS, LOAD_BATCH)
            await generator.settle(SETTLE_SECONDS)
            await _clients(report, running, generator, clients)
            loaded = await generator.load(records - FIRST_RECORDS, LOAD_BATCH)
            back = await generator.settle(SETTLE_SECONDS)
            meter.look()
            now = meter.memory()
            report.table(
                f"Memory with {records:,} records, {running.broker.name} (MiB)",
                [
                    {"": "after the start", **_mib(began)},
                    {"": "records loaded", **_mib(now)},
                ],
            )
            rate = loaded.changes / loaded.seconds
            left = "more than that" if back is None else f"{back:.0f} s"
            report.note(f"{rate:,.0f} records/s were taken; all were visible {left} later")
            await _silent(report, running, generator)


async def _clients(report: Report, running: Running, generator: Generator, clients: int) -> None:
    port = running.ports["publisher"]
    meter = running.meter()
    before = meter.memory()["publisher"]
    async with AsyncExitStack() as stack:
        streams = [lean.Stream(port) for _ in range(clients)]
        for stream in streams:
            stream.keep = False
            await stack.enter_async_context(stream)
        await _told(streams)
        idle = meter.memory()["publisher"]
        await generator.offer(CLIENT_RATE, CLIENT_SECONDS, 1)
        await generator.settle(SETTLE_SECONDS)
        busy = meter.memory()["publisher"]
        reached = sum(1 for stream in streams if stream.counts["events"])
    report.table(
        f"{clients} clients of the stream, {running.broker.name}",
        [
            {
                "publisher MiB before": round(before / MIB),
                "with clients": round(idle / MIB),
                "after changes": round(busy / MIB),
                "KiB a client": round((busy - before) / 1024 / clients, 1),
                "clients told": reached,
            }
        ],
    )


async def _told(streams: list[lean.Stream]) -> None:
    """Waits until every stream was opened."""
    end = perf_counter() + 30
    while not all(stream.counts["bytes"] for stream in streams) and perf_counter() < end:
        await asyncio.sleep(0.1)


async def _silent(report: Report, running: Running, generator: Generator) -> None:
    port = running.ports["publisher"]
    before = running.meter().memory()["publisher"]
    silent = await lean.silent(port)
    row: dict[str, Any] = {"publisher MiB before": round(before / MIB)}
    began = perf_counter()
    taken: float | None = None
    async with lean.Stream(port) as reading:
        for _ in range(SILENT_ROUNDS):
            offering = asyncio.create_task(
                generator.offer(SILENT_RATE, SILENT_SECONDS, SILENT_RATE // 100)
            )
            while not offering.done():
                await asyncio.wait({offering}, timeout=LOOK_SECONDS)
                found = await lean.metrics(port)
                if taken is None and found.total("irf_stream_dropped_total"):
                    taken = perf_counter() - began
            await offering
            if taken is not None:
                break
        await generator.settle(SETTLE_SECONDS)
        row |= {
            "after": round(running.meter().memory()["publisher"] / MIB),
            "dropped": taken is not None,
            "after s": "-" if taken is None else round(taken),
            "events to the client beside it": reading.counts["events"],
        }
    silent.close()
    report.table(f"A client that reads nothing, {running.broker.name}", [row])


def _mib(found: dict[str, int]) -> dict[str, int]:
    return {name: round(held / MIB) for name, held in found.items()}
