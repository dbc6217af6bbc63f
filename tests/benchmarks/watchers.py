"""Thousands of open pages on one publisher: what each costs, and what pages cost meanwhile.

Each client holds the stream of a page open: the overview's, a service's or an indicator's. Changes
come through the broker as the engine would send them. A delivery is one event at one client. The
publisher serves pages at the same time, asked for one after the other on connections of their own.
"""

import asyncio
import re
import resource
from collections.abc import Mapping, Sequence
from statistics import quantiles
from time import perf_counter
from typing import Any
from urllib.parse import urlencode

from shared.catalogue.model import Catalogue
from shared.contracts import envelope
from shared.contracts.topics import INDICATORS
from tests.benchmarks import lean, read_model, topics
from tests.benchmarks.machine import MIB, say
from tests.benchmarks.report import Report
from tests.benchmarks.running import Running

LAST_MONTH = 2026 * 12 + 8
PERIODS = 12
OPENING_AT_ONCE = 200
RATE = 10
SECONDS = 15
SHORT, FULL = 1_000, 5_000
# Of a hundred pages, how many are overviews and how many services; the others are indicators.
OVERVIEWS, SERVICES = 5, 45
PAGES_EACH = 24
_CORRELATION = re.compile(rb'"correlation":"w-([0-9]+)"')


class Watcher(asyncio.Protocol):
    """An open page: it notes when events came, and keeps nothing else."""

    def __init__(self, path: str, heard: list[tuple[int, float]]) -> None:
        self._path = path
        self._heard = heard
        self._rest = b""
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(f"GET {self._path} HTTP/1.1\r\nHost: benchmark\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        now = perf_counter()
        if not self.opened.done():
            self.opened.set_result(data[:15])
        text = self._rest + data
        found = _CORRELATION.findall(text)
        self._heard += [(int(number), now) for number in found]
        # Less than a whole name may be left at the end.
        self._rest = b"" if found else text[-64:]


async def watchers(report: Report, broker: str, port_base: int, *, full: bool) -> None:
    """Measures and prints."""
    many = FULL if full else SHORT
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit[1], limit[1]))
    catalogue = read_model.sample()
    with Running(broker, port_base, ["publisher"]) as running:
        say("  filling the read model")
        facts = (
            read_model.value(each, period, number)
            for each in catalogue.indicators.values()
            for number, period in enumerate(read_model.periods(each, LAST_MONTH, PERIODS))
        )
        held = read_model.filled(running.folder / "publisher.db", catalogue, facts)
        await topics.prepare(topics.settings(running.broker, ""))
        await running.start()
        await _watched(report, running, catalogue, many, held)


async def _watched(
    report: Report, running: Running, catalogue: Catalogue, many: int, held: int
) -> None:
    port = running.ports["publisher"]
    changes = Changes(running, catalogue)
    first, second = [await _pages(port, _addresses(catalogue), 1) for _ in range(2)]
    report.table(
        f"Pages after a start, ms, {running.broker.name}",
        [
            {
                "page": path,
                "first": round(first[path][0] * 1000),
                "second": round(second[path][0] * 1000),
            }
            for path in first
        ],
    )
    heard: list[tuple[int, float]] = []
    # One that hears everything, so that all is worded: what a change costs before its deliveries.
    everything = Watcher("/v1/stream", heard)
    await open_all(port, [everything])
    alone = await changes.come(running)
    few = len(heard)
    before = running.meter().memory()["publisher"]
    say(f"  opening {many:,} pages")
    clients = [Watcher(path, heard) for path in _streams(catalogue, many)]
    await open_all(port, clients)
    quiet = running.meter()
    await asyncio.sleep(SECONDS / 2)
    idle = quiet.cpu()["publisher"] / quiet.seconds()
    heard.clear()
    together = await changes.come(running)
    after = running.meter().memory()["publisher"]
    deliveries = len(heard)
    # What keeps the streams open costs the same whether something comes or not.
    more = together - alone - idle * SECONDS
    parts = _percentiles(heard, changes.sent)
    report.table(
        f"{many:,} open pages on one publisher, {running.broker.name}",
        [
            {
                "KiB a client": round((after - before) / 1024 / many, 1),
                "publisher MiB": round(after / MIB),
                "idle, % of a core": round(idle * 100, 1),
                "changes": RATE * SECONDS,
                "ms CPU a change": round(alone / (RATE * SECONDS) * 1000, 1),
                "deliveries": deliveries,
                "µs CPU a delivery": round(more / max(1, deliveries - few) * 1e6, 1),
                "p50 ms": round(parts[49]),
                "p99 ms": round(parts[98]),
            }
        ],
    )
    heard.clear()
    coming = asyncio.create_task(changes.come(running))
    times = await _pages(port, _addresses(catalogue), PAGES_EACH)
    await coming
    parts = _percentiles(heard, changes.sent)
    rows = [_row(path, found) for path, found in times.items()]
    report.table(f"Pages meanwhile: whole answers, ms, {running.broker.name}", rows)
    report.note(
        f"{held:,} values held; {RATE} changes a second for {SECONDS} s; of a hundred pages"
        f" {OVERVIEWS} are overviews, {SERVICES} services, the others indicators; while pages were"
        f" asked for as well, deliveries took {parts[49]:.0f} ms (p50) and {parts[98]:.0f} (p99)"
    )
    for client in (everything, *clients):
        client.transport.abort()


def _percentiles(heard: Sequence[tuple[int, float]], sent: Mapping[int, float]) -> list[float]:
    late = [(now - sent[number]) * 1000 for number, now in heard if number in sent]
    return quantiles(late, n=100) if len(late) > 1 else [0.0] * 99


def _row(path: str, found: Sequence[float]) -> dict[str, Any]:
    ordered = sorted(found)
    middle = ordered[len(ordered) // 2]
    ninety_fifth = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return {"page": path, "p50": round(middle * 1000), "p95": round(ninety_fifth * 1000)}


def _streams(catalogue: Catalogue, many: int) -> list[str]:
    """What the pages listen to, evenly mixed."""
    services, indicators = list(catalogue.services), list(catalogue.indicators)
    found = []
    for number in range(many):
        place = number % 100
        if place < OVERVIEWS:
            wanted = {"kinds": "indicators"}
        elif place < OVERVIEWS + SERVICES:
            wanted = {"kinds": "indicators", "service": services[number % len(services)]}
        else:
            wanted = {"kinds": "indicators", "indicator": indicators[number % len(indicators)]}
        found.append("/v1/stream?" + urlencode(wanted))
    return found


async def open_all(port: int, clients: Sequence[Watcher]) -> None:
    """Opens pages, and waits until each listens."""
    loop = asyncio.get_running_loop()
    for start in range(0, len(clients), OPENING_AT_ONCE):
        some = clients[start : start + OPENING_AT_ONCE]
        await asyncio.gather(
            *(
                loop.create_connection(lambda each=each: each, "127.0.0.1", port)  # type: ignore[misc]
                for each in some
            )
        )
        answers = await asyncio.wait_for(asyncio.gather(*(each.opened for each in some)), 60)
        assert all(answer[9:12] == b"200" for answer in answers), answers[:3]


class Changes:
    """New versions of newest values, sent evenly, one event each."""

    def __init__(
        self, running: Running, catalogue: Catalogue, last_month: int = LAST_MONTH
    ) -> None:
        self._last_month = last_month
        self._kafka = topics.settings(running.broker, "")
        self._indicators = list(catalogue.indicators.values())
        self.sent: dict[int, float] = {}

    async def come(self, running: Running) -> float:
        """Sends them for some seconds, and waits a moment; the publisher's CPU seconds."""
        meter = running.meter()
        begun, first = perf_counter(), len(self.sent)
        async with topics.Sender(self._kafka) as sender:
            for turn in range(RATE * SECONDS):
                await asyncio.sleep(max(0.0, begun + turn / RATE - perf_counter()))
                number = first + turn
                subject, raw = self._change(number)
                self.sent[number] = perf_counter()
                await sender.send(INDICATORS, subject, raw)
        await asyncio.sleep(1)
        return meter.cpu()["publisher"]

    def _change(self, number: int) -> tuple[str, bytes]:
        found = self._indicators[number * 7 % len(self._indicators)]
        [period] = read_model.periods(found, self._last_month, 1)
        _, subject, body = read_model.value(found, period, number + 1)
        raw = envelope.encode(
            INDICATORS,
            subject,
            number + 2,
            body,
            source="/irf/indicators",
            time=topics.TIME,
            correlation=f"w-{number}",
            origin=topics.TIME,
            epoch=0,
        )
        return subject, raw


def _addresses(catalogue: Catalogue) -> list[str]:
    service = max(
        catalogue.services,
        key=lambda code: sum(each.service == code for each in catalogue.indicators.values()),
    )
    indicator = next(each.code for each in catalogue.indicators.values() if each.strategic)
    theme = next(iter(catalogue.themes))
    return [
        "/",
        f"/services/{service}",
        f"/themes/{theme}",
        "/strategic",
        f"/indicators/{indicator}",
        "/finance",
        "/risks",
        "/contracts",
    ]


async def _pages(port: int, paths: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """How long each page took, asked for again and again, one page at a time."""
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(rounds):
        for path in paths:
            began = perf_counter()
            await lean.get(port, path)
            times[path].append(perf_counter() - began)
            await asyncio.sleep(0.05)
    return times
