"""A broker and services as real processes, for as long as a benchmark needs them."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from types import TracebackType
from typing import Self

from deploy.brokers import ApacheKafka, Broker, EmbeddedBroker
from deploy.local.process import ServiceProcess
from deploy.local.system import BROKER_PORT, PORTS, ROOT, STOPPING_ORDER, environment, plan
from shared.runtime.clock import SystemClock
from tests.benchmarks import lean
from tests.benchmarks.machine import Meter

BROKERS: dict[str, type[Broker]] = {"embedded": EmbeddedBroker, "apache": ApacheKafka}
START_SECONDS = 90.0
END_SECONDS = 20.0
LOOK_SECONDS = 0.1


class Stuck(RuntimeError):
    """Something that had to happen did not."""


class Running:
    """A broker of its own, and services beside it; everything ends with the `with`.

    `settings` are more settings for every service, without their prefix.
    """

    def __init__(
        self,
        broker: str,
        port_base: int,
        services: Sequence[str] = tuple(PORTS),
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self._folder = TemporaryDirectory(prefix="irf-benchmark-")
        self.folder = Path(self._folder.name)
        self.broker = BROKERS[broker](port_base + BROKER_PORT, self.folder / "broker")
        self._system = plan(self.folder, port_base, None, True, {})
        self.ports = {name: self._system.ports[name] for name in services}
        self._processes = {
            name: ServiceProcess(
                name,
                [sys.executable, "-m", f"services.{name}"],
                self._environment(name, settings or {}),
                self._system.log_file(name),
                ROOT,
                SystemClock(),
            )
            for name in services
        }

    def _environment(self, name: str, settings: Mapping[str, object]) -> dict[str, str]:
        more = {f"{name.upper()}_{key.upper()}": str(value) for key, value in settings.items()}
        return environment(self._system, name, not self.broker.durable, os.environ) | more

    def __enter__(self) -> Self:
        taken = [port for port in (*self.ports.values(), self.broker.port) if _taken(port)]
        if taken:
            raise Stuck(f"port {taken[0]} is in use: choose others with --port-base")
        self.broker.start()
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for names in STOPPING_ORDER:
            ending = [self._processes[name] for name in names if name in self._processes]
            for process in ending:
                process.ask_to_end()
            for process in ending:
                process.end(END_SECONDS)
        self.broker.stop()
        self._folder.cleanup()

    async def start(self) -> None:
        """Starts the services, and waits until each is ready."""
        for process in self._processes.values():
            process.start()
        for name, port in self.ports.items():
            await self.until(partial(lean.ready, port), f"{name} to be ready")

    async def until(
        self,
        happened: Callable[[], Awaitable[bool]],
        what: str,
        seconds: float = START_SECONDS,
    ) -> None:
        """Waits for something to happen; raises Stuck with the services' last words."""
        end = perf_counter() + seconds
        while not await happened():
            if perf_counter() > end:
                said = "\n".join(each.last_words()[-1000:] for each in self._processes.values())
                raise Stuck(f"waited {seconds:.0f} s for {what}\n{said}")
            await asyncio.sleep(LOOK_SECONDS)

    def meter(self, *, myself: bool = False) -> Meter:
        """Measures the broker and the services from now on."""
        pids = {"broker": self.broker.pid}
        pids |= {name: process.pid for name, process in self._processes.items()}
        return Meter(pids | ({"generator": os.getpid()} if myself else {}))

    def hold(self, name: str) -> None:
        """Stops a service in its tracks, as a debugger does."""
        os.kill(self._pid(name), signal.SIGSTOP)

    def let_go(self, name: str) -> None:
        """Lets it go on."""
        os.kill(self._pid(name), signal.SIGCONT)

    def _pid(self, name: str) -> int:
        pid = self._processes[name].pid
        if pid is None:
            raise Stuck(f"{name} is not running")
        return pid


def _taken(port: int) -> bool:
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0
