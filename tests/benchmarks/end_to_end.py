"""Broker, five services and the load generator together: how soon, how much, at what cost.

Soon: from the instant at which a request was due to the instant at which a client of the live
stream holds an event that names its batch. A figure that several batches move at once names the
newest of them, so a batch may be told of by fewer events than it moved figures; requests that no
event names are counted. Much: a rate is kept up when the generator was not made late and nothing
waits anywhere within two seconds of the end.
"""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from shared.contracts.states import IndicatorValue
from tests.benchmarks import lean
from tests.benchmarks.generator import Generator, Offered
from tests.benchmarks.machine import say
from tests.benchmarks.recompute import Expected, Figure, Place
from tests.benchmarks.replay import figure, place
from tests.benchmarks.report import Report, percentile
from tests.benchmarks.running import Running
from tests.benchmarks.workload import definitions

RECORDS = 20_000
FIRST_CHANGES = 20_000
REQUESTS_A_SECOND = 100
WARM_SECONDS = 2
IDLE_SECONDS = 3
# Two seconds, and one because the gauges may be as old as that.
BACK_SECONDS = 3.0
LATE_SECONDS = 0.5
SETTLE_SECONDS = 60.0


class Plan(NamedTuple):
    """What to measure."""

    latency_rates: Sequence[int]
    latency_seconds: int
    rates: Sequence[int]
    seconds: int

    @property
    def changes(self) -> int:
        """All changes that may be offered."""
        warm = WARM_SECONDS * sum(self.latency_rates)
        timed = self.latency_seconds * sum(self.latency_rates) + self.seconds * sum(self.rates)
        return FIRST_CHANGES + warm + timed


async def end_to_end(report: Report, broker: str, plan: Plan, port_base: int) -> None:
    """Measures and prints."""
    with Running(broker, port_base) as running:
        await running.start()
        async with Generator(running, plan.changes, RECORDS) as generator:
            await generator.apply_catalogue()
            await generator.load(FIRST_CHANGES)
            await generator.settle(SETTLE_SECONDS)
            async with lean.Stream(running.ports["publisher"]) as stream:
                await _latency(report, running, generator, stream, plan)
                await _sustained(report, running, generator, stream, plan)
            wrong = await _wrong(running, generator)
    for line in wrong[:5]:
        say(f"  {line}")
    verdict = "every figure is right" if not wrong else f"{len(wrong):,} FIGURES ARE WRONG"
    report.note(f"{running.broker.name}: in the end {verdict}")


async def _latency(
    report: Report, running: Running, generator: Generator, stream: lean.Stream, plan: Plan
) -> None:
    rows: list[dict[str, Any]] = []
    idle = running.meter(myself=True)
    await asyncio.sleep(IDLE_SECONDS)
    costs = [_share(0, idle.cpu(), IDLE_SECONDS)]
    for rate in plan.latency_rates:
        batch = max(1, rate // REQUESTS_A_SECOND)
        await generator.offer(rate, WARM_SECONDS, batch)
        await generator.settle(SETTLE_SECONDS)
        stream.events.clear()
        stream.counts.clear()
        meter = running.meter(myself=True)
        offered = await generator.offer(rate, plan.latency_seconds, batch)
        costs.append(_share(rate, meter.cpu(), offered.seconds))
        await generator.settle(SETTLE_SECONDS)
        rows.append(_latency_row(rate, batch, offered, stream))
    report.table(
        f"From HTTP request to the stream's client, {running.broker.name} (milliseconds)", rows
    )
    report.table(f"CPU milliseconds in a second at these rates, {running.broker.name}", costs)


def _latency_row(rate: int, batch: int, offered: Offered, stream: lean.Stream) -> dict[str, Any]:
    due = {each.batch: each.due for each in offered.sent}
    events = [(named, at - due[named]) for named, at in stream.events if named in due]
    newest = dict(events)  # the last event of each batch: all of it is visible then
    each_event = [1000 * late for _, late in events]
    whole = [1000 * late for late in newest.values()]
    answers = [1000 * (each.answered - each.due) for each in offered.sent]
    late = [1000 * (each.sent - each.due) for each in offered.sent]
    return {
        "changes/s": rate,
        "a request": batch,
        "receipt p50": percentile(answers, 0.5),
        "receipt p99": percentile(answers, 0.99),
        "event p50": percentile(each_event, 0.5),
        "event p99": percentile(each_event, 0.99),
        "last event p50": percentile(whole, 0.5),
        "last event p99": percentile(whole, 0.99),
        "sender late p99": percentile(late, 0.99),
        "requests": len(due),
        "named": len(newest),
        "events": len(events),
        "resyncs": stream.counts["resyncs"],
    }


async def _sustained(
    report: Report, running: Running, generator: Generator, stream: lean.Stream, plan: Plan
) -> None:
    stream.keep = False
    rows: list[dict[str, Any]] = []
    costs: list[dict[str, Any]] = []
    for rate in plan.rates:
        batch = max(1, rate // REQUESTS_A_SECOND)
        stream.counts.clear()
        meter = running.meter(myself=True)
        offered = await generator.offer(rate, plan.seconds, batch)
        back = await generator.settle(SETTLE_SECONDS)
        cpu = meter.cpu()
        kept_up = (
            offered.complete
            and offered.seconds < plan.seconds + LATE_SECONDS
            and back is not None
            and back <= BACK_SECONDS
        )
        answers = [1000 * (each.answered - each.due) for each in offered.sent]
        rows.append(
            {
                "offered/s": rate,
                "a request": batch,
                "accepted/s": round(offered.changes / offered.seconds),
                "receipt p50 ms": percentile(answers, 0.5),
                "receipt p99 ms": percentile(answers, 0.99),
                **_backlog(offered.backlog),
                "back to none, s": f"over {SETTLE_SECONDS:.0f}" if back is None else back,
                "resyncs": stream.counts["resyncs"],
                "kept up": kept_up,
            }
        )
        costs.append(_cost(rate, cpu, offered.changes))
        if not kept_up:
            break
    report.table(f"Sustained for {plan.seconds} s, {running.broker.name}", rows)
    report.table(f"CPU microseconds for each change, {running.broker.name}", costs)


def _backlog(looks: list[int]) -> dict[str, int]:
    """What waited, by thirds of the time: it must not grow."""
    third = max(1, len(looks) // 3)
    parts = (looks[:third], looks[third : 2 * third], looks[2 * third :])
    return {
        f"waiting {name}": round(sum(part) / len(part)) if part else 0
        for name, part in zip(("first", "then", "last"), parts, strict=True)
    }


def _share(rate: int, cpu: Mapping[str, float], seconds: float) -> dict[str, Any]:
    each = {name: round(1000 * used / seconds) for name, used in cpu.items()}
    return {"changes/s": rate, **each, "all": sum(each.values())}


def _cost(rate: int, cpu: Mapping[str, float], changes: int) -> dict[str, Any]:
    each = {name: round(1e6 * seconds / max(1, changes)) for name, seconds in cpu.items()}
    return {"offered/s": rate, **each, "all": sum(each.values())}


async def _wrong(running: Running, generator: Generator) -> list[str]:
    """Every figure that the publisher answers with and that is not what it must be."""
    found: dict[Place, Figure] = {}
    for indicator in definitions()[1]:
        for breakdown in ("", "&breakdown=ward"):
            path = f"/v1/indicators/{indicator.code}/values?kind=month&limit=10000{breakdown}"
            told = await lean.get_json(running.ports["publisher"], path)
            for each in told["values"]:
                value = msgspec.convert(each["data"], IndicatorValue)
                found[place(value)] = figure(value)
    return Expected(generator.records()).differences(found, wards_only=False)
