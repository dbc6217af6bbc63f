"""Query calls beside the stream, on a read model with ten years of wards.

Calls come evenly, whether the one before was answered or not, on connections that stay open; each
is timed from the moment it was due. Changes flow to open pages at the same time.
"""

import asyncio
from collections.abc import Iterator
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
PAGES = 200


async def queries(report: Report, broker: str, port_base: int, *, full: bool) -> None:
    """Measures and prints."""
    catalogue = _catalogue(INDICATORS if full else SHORT)
    with Running(broker, port_base, ["publisher"]) as running:
        say(f"  filling the read model: {len(catalogue.indicators):,} indicators")
        path = running.folder / "publisher.db"
        held = read_model.filled(path, catalogue, _facts(catalogue))
        size = path.stat().st_size
        await topics.prepare(topics.settings(running.broker, ""))
        await running.start()
        port = running.ports["publisher"]
        pages = [Watcher("/v1/stream?kinds=indicators", []) for _ in range(PAGES)]
        await open_all(port, pages)
        changing = asyncio.create_task(Changes(running, catalogue, LAST_MONTH).come(running))
        times = await _asked(port, list(catalogue.indicators), changing)
        memory = running.meter().memory()["publisher"]
        for page in pages:
            page.transport.abort()
    rows = [_row(name, found) for name, found in sorted(times.items())]
    report.table(f"Query calls at {RATE} a second, {running.broker.name} (ms)", rows)
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


def _facts(catalogue: Catalogue) -> Iterator[Fact]:
    for found in catalogue.indicators.values():
        for year, period in enumerate(read_model.periods(found, LAST_MONTH, YEARS)):
            yield read_model.value(found, period, year)
            for ward in range(WARDS):
                yield read_model.value(found, period, year + ward, ward)


async def _asked(
    port: int, codes: list[str], until: "asyncio.Task[float]"
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
        name, path = _call(rng, codes)
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


def _call(rng: Random, codes: list[str]) -> tuple[str, str]:
    code, turn = rng.choice(codes), rng.randrange(4)
    base = f"/v1/indicators/{code}"
    if turn == 0:
        return "an indicator", base
    if turn == 1:
        return "ten years", f"{base}/values"
    if turn == 2:
        return "a year by ward", f"{base}/values?from=2025-26&to=2025-26&breakdown=ward"
    return "an explanation", f"{base}/values/2025-26/explain"
