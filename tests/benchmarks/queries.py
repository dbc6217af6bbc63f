"""Query calls beside the stream, on a read model with ten years of wards.

Calls come evenly, whether the one before was answered or not, on connections that stay open; each
is timed from the moment it was due. Changes flow to open pages at the same time. As many calls that
read nothing come after them, to tell the machine from the calls. At last each kind of call is made
many times, one after the other: what it costs the service. One value in ten was said again later,
with another number.
"""

import asyncio
from collections.abc import Iterator, Mapping
from itertools import islice
from random import Random
from statistics import quantiles
from time import perf_counter
from typing import Any

from shared.catalogue.model import Catalogue, Indicator
from tests.benchmarks import lean, read_model, topics
from tests.benchmarks.fed import Fact
from tests.benchmarks.machine import MIB, say
from tests.benchmarks.report import Report
from tests.benchmarks.running import Running
from tests.benchmarks.watchers import Changes, Watcher, open_all

INDICATORS, YEARS, WARDS = 2_400, 10, 40
SHORT = 240
LAST_MONTH = 2026 * 12 + 2
RATE, CONNECTIONS = 200, 40
COUNTED = 400
AGAIN = 10
PLAIN = "nothing (alive?)"
CALLS = {
    "an indicator": "/v1/indicators/{code}",
    "ten years": "/v1/indicators/{code}/values",
    "a year by ward": "/v1/indicators/{code}/values?from=2025-26&to=2025-26&breakdown=ward",
    "an explanation": "/v1/indicators/{code}/values/2025-26/explain",
}
PAGES = 200


async def queries(report: Report, broker: str, port_base: int, *, full: bool) -> None:
    """Measures and prints."""
    catalogue = _catalogue(INDICATORS if full else SHORT)
    with Running(broker, port_base, ["publisher"]) as running:
        say(f"  filling the read model: {len(catalogue.indicators):,} indicators")
        path = running.folder / "publisher.db"
        again = islice(_facts(catalogue, 1), 0, None, AGAIN)
        held = read_model.filled(path, catalogue, _facts(catalogue), again)
        size = path.stat().st_size
        await topics.prepare(topics.settings(running.broker, ""))
        await running.start()
        port = running.ports["publisher"]
        pages = [Watcher("/v1/stream?kinds=indicators", []) for _ in range(PAGES)]
        await open_all(port, pages)
        codes, times = list(catalogue.indicators), dict[str, list[float]]()
        for calls in (CALLS, {PLAIN: "/health/live"}):
            changing = asyncio.create_task(Changes(running, catalogue, LAST_MONTH).come(running))
            times |= await _asked(port, calls, codes, changing)
        memory = running.meter().memory()["publisher"]
        for page in pages:
            page.transport.abort()
        costs = await _costs(running, port, codes)
    rows = [_row(name, found) for name, found in sorted(times.items())]
    report.table(f"Query calls at {RATE} a second, {running.broker.name} (ms)", rows)
    report.table(
        "What a call costs the publisher",
        [
            {"call": name, "CPU ms": round(cost, 2), "times nothing": round(cost / costs[PLAIN], 1)}
            for name, cost in sorted(costs.items())
        ],
    )
    report.note(
        f"{held:,} values of {len(catalogue.indicators):,} indicators x {YEARS} years x"
        f" {WARDS} wards and all together; the store has {size / MIB:,.0f} MiB, the publisher"
        f" {memory / MIB:,.0f} MiB; {PAGES} open pages are told of every change meanwhile"
    )


def _row(name: str, found: list[float]) -> dict[str, Any]:
    parts = [each * 1000 for each in quantiles(found, n=100)]
    return {
        "call": name,
        "calls": len(found),
        "p50": round(parts[49], 1),
        "p95": round(parts[94], 1),
        "p99": round(parts[98], 1),
    }


def _catalogue(many: int) -> Catalogue:
    sample = read_model.sample()
    counted = next(each for each in sample.measures.values() if each.aggregate == "count")
    made = {
        f"Q{number:04}": Indicator(
            code=f"Q{number:04}",
            title=f"Indicator {number}",
            formula=counted.code.replace("-", "_"),
            unit="percentage",
            polarity="high",
            periods=["financial-year"],
            breakdowns=["ward"],
            owner="Owner",
        )
        for number in range(many)
    }
    return Catalogue(
        council=sample.council,
        datasets={counted.dataset: sample.datasets[counted.dataset]},
        measures={counted.code: counted},
        indicators=made,
    )


def _facts(catalogue: Catalogue, more: int = 0) -> Iterator[Fact]:
    for found in catalogue.indicators.values():
        for year, period in enumerate(read_model.periods(found, LAST_MONTH, YEARS), more):
            yield read_model.value(found, period, year)
            for ward in range(WARDS):
                yield read_model.value(found, period, year + ward, ward)


async def _asked(
    port: int, calls: Mapping[str, str], codes: list[str], until: "asyncio.Task[float]"
) -> dict[str, list[float]]:
    """Asks evenly until the changes are over; how long each kind of call took."""
    times: dict[str, list[float]] = {}
    rng = Random(7)
    free: asyncio.Queue[lean.Connection] = asyncio.Queue()
    connections = [lean.Connection(port) for _ in range(CONNECTIONS)]
    for each in connections:
        await each.__aenter__()
        free.put_nowait(each)
    asking: list[asyncio.Task[None]] = []
    begun, number = perf_counter(), 0
    while not until.done():
        due = begun + number / RATE
        await asyncio.sleep(max(0.0, due - perf_counter()))
        name = rng.choice(list(calls))
        path = calls[name].format(code=rng.choice(codes))
        asking.append(asyncio.create_task(_ask(free, path, due, times.setdefault(name, []))))
        number += 1
    await asyncio.gather(*asking)
    for each in connections:
        await each.__aexit__(None, None, None)
    return times


async def _ask(
    free: "asyncio.Queue[lean.Connection]", path: str, due: float, times: list[float]
) -> None:
    connection = await free.get()
    try:
        await connection.request(lean.request("GET", path))
        times.append(perf_counter() - due)
    finally:
        free.put_nowait(connection)


async def _costs(running: Running, port: int, codes: list[str]) -> dict[str, float]:
    """CPU milliseconds of each kind of call, of codes at random."""
    found = {}
    async with lean.Connection(port) as connection:
        for name, paths in {**CALLS, PLAIN: "/health/live"}.items():
            rng = Random(11)
            meter = running.meter()
            for _ in range(COUNTED):
                path = paths.format(code=rng.choice(codes))
                await connection.request(lean.request("GET", path))
            found[name] = meter.cpu()["publisher"] * 1000 / COUNTED
    return found
