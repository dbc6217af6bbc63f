"""Starts the broker and the five services, keeps them alive, and ends every one of them.

Rule: the main thread only watches; whatever else is done (loading, simulating) runs beside it and
is told when it is over. Nothing that was started here is left behind, however it ends.
"""

import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType

import httpx2

from deploy.brokers import Broker, BrokerFailed, EmbeddedBroker
from deploy.local.process import ServiceProcess
from deploy.local.quiet import wait_until_quiet
from deploy.local.system import BROKER_PORT, PORTS, ROOT, STOPPING_ORDER, Over, System, environment
from shared.runtime.clock import Clock

READY_SECONDS = 90.0
LOOK_SECONDS = 0.2
END_SECONDS = 20.0
ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM)
ARRIVING_SECONDS = 30.0
GIVE_UP_DEATHS = 3

Say = Callable[[str], None]


class CannotStart(RuntimeError):
    """The system could not be started; the message says why and what to do."""


class Runner:
    """A local system's processes."""

    def __init__(
        self, system: System, embedded: bool, folder: Path, clock: Clock, say: Say
    ) -> None:
        self.system = system
        self.over = threading.Event()
        # Asked for the end again, while it was being prepared.
        self._pressed = threading.Event()
        self._folder = folder
        self._clock = clock
        self._say = say
        self._broker: Broker | None = None
        if embedded:
            port = int(system.kafka.rpartition(":")[2])
            self._broker = EmbeddedBroker(port, Path(system.data_dir) / "broker")
        self._services = [
            ServiceProcess(
                name,
                [sys.executable, "-m", f"services.{name}"],
                environment(system, name, embedded, os.environ),
                system.log_file(name),
                ROOT,
                clock,
            )
            for name in PORTS
        ]

    def run(self, work: Callable[["Runner"], None]) -> None:
        """Starts everything, does `work` beside it, and watches until it is over."""
        self._check_ports()
        before = [(name, signal.signal(name, self._asked_to_end)) for name in ENDING_SIGNALS]
        failures: list[BaseException] = []
        worker = threading.Thread(target=self._work, args=(work, failures), name="work")
        try:
            if self._broker is not None:
                self._broker.start()
            for service in self._services:
                service.start()
            self._remember()
            worker.start()
            while not self.over.wait(LOOK_SECONDS):
                self._watch()
        except BrokerFailed as failure:
            raise CannotStart(str(failure)) from failure
        finally:
            self.over.set()
            if worker.ident is not None:
                worker.join()
                if not failures:
                    self._let_arrive()
            self._end()
            for name, handler in before:
                signal.signal(name, handler)
        if failures:
            raise failures[0]

    def wait_until_ready(self, *names: str) -> None:
        """Returns once these services are ready (all, if none is named); Over when it is over."""
        until = self._clock.monotonic() + READY_SECONDS
        for service in self._services:
            if names and service.name not in names:
                continue
            while not _ready(self.system.address(service.name)):
                if self.over.wait(LOOK_SECONDS):
                    raise Over
                given_up = service.deaths >= GIVE_UP_DEATHS
                if given_up or self._clock.monotonic() > until:
                    what = "keeps ending" if given_up else f"was not ready in {READY_SECONDS:.0f} s"
                    raise CannotStart(
                        f"{service.name} {what}. The end of {service.log_file}:\n"
                        f"{service.last_words()}"
                    )

    def _work(self, work: Callable[["Runner"], None], failures: list[BaseException]) -> None:
        try:
            work(self)
        except Over:
            pass
        except BaseException as error:
            failures.append(error)
            self.over.set()

    def _watch(self) -> None:
        moved = False
        if self._broker is not None and not self._broker.running:
            self._say(f"{self._broker.name} ended; starting it again")
            with suppress(BrokerFailed):
                self._broker.start()
            moved = True
        for service in self._services:
            said = service.watch()
            if said is not None:
                self._say(said)
                moved = True
        if moved:
            self._remember()

    def _remember(self) -> None:
        pids = {service.name: service.pid for service in self._services}
        if self._broker is not None:
            pids["broker"] = self._broker.pid
        self.system.pids = {name: pid for name, pid in pids.items() if pid is not None}
        self.system.save(self._folder)

    def _let_arrive(self) -> None:
        """What was accepted reaches the publisher before the end, so that a system at rest agrees
        with itself. Asking for the end once more cuts it short; nothing is lost by that either."""
        broker_runs = self._broker is None or self._broker.running
        if not broker_runs or any(service.pid is None for service in self._services):
            return
        self._say("Ending: what was accepted is being passed on")
        arrived = False
        with suppress(Over):
            arrived = wait_until_quiet(
                self.system, self._clock, ARRIVING_SECONDS, self._wait_unless_pressed
            )
        if not arrived:
            self._say("Not everything has arrived; it will when the system is started again")

    def _wait_unless_pressed(self, seconds: float) -> None:
        if self._pressed.wait(seconds):
            raise Over

    def _end(self) -> None:
        by_name = {service.name: service for service in self._services}
        for names in STOPPING_ORDER:
            for name in names:
                by_name[name].ask_to_end()
            for name in names:
                by_name[name].end(END_SECONDS)
        if self._broker is not None:
            self._broker.stop()
        self._remember()

    def _asked_to_end(self, _signal: int, _frame: FrameType | None) -> None:
        if self.over.is_set():
            self._pressed.set()
        self.over.set()

    def _check_ports(self) -> None:
        ports = list(self.system.ports.values())
        if self._broker is not None:
            ports.append(self._broker.port)
        taken = [port for port in ports if _taken(port)]
        if taken:
            raise CannotStart(
                f"Port {', '.join(map(str, taken))} is in use: is a system running already? "
                f"Choose other ports with --port-base N (N to N+{BROKER_PORT} are used)."
            )


def _taken(port: int) -> bool:
    with socket.socket() as tried:
        # A port whose last connections are still fading is free for a server that says so too.
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _ready(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/health/ready", timeout=2).status_code == 200
    except httpx2.HTTPError:
        return False
