"""A broker as a child process: started, ready, stopped, killed, started again.

The rule kept here: `start` returns only when a Kafka client gets an answer, and no method leaves a
process behind that it started.
"""

import abc
import asyncio
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError


class BrokerFailed(RuntimeError):
    """A broker could not be had, did not start, or ended by itself."""


class Broker(abc.ABC):
    """One broker on the loopback address. `stop` and `kill` keep its data directory as it is."""

    name: ClassVar[str]
    idempotent_producer: ClassVar[bool]
    """Whether producers may ask for idempotence, as they always should where they can."""
    durable: ClassVar[bool]
    """Whether what was acknowledged is still there after a restart."""
    start_seconds: ClassVar[float]

    def __init__(self, port: int, data_dir: Path) -> None:
        self.port = port
        self.data_dir = data_dir
        self.log_file = data_dir / "broker.out"
        self._process: subprocess.Popen[bytes] | None = None

    @abc.abstractmethod
    def command(self) -> list[str]:
        """The command line of the broker; whatever it needs on disk is prepared here."""

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        if self.running:
            return
        self.data_dir.mkdir(parents=True, exist_ok=True)
        command = self.command()
        with self.log_file.open("ab") as log:
            # A session of its own: Ctrl-C in the terminal reaches whoever started us, and they end
            # the broker last, when the services have said what they had to say.
            self._process = subprocess.Popen(
                command,
                cwd=self.data_dir,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._wait_until_ready()
        except BaseException:
            self.kill()
            raise

    def stop(self, seconds: float = 30.0) -> None:
        """Ask the broker to end, and insist when it has not within `seconds`."""
        process = self._process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._process = None

    def kill(self) -> None:
        """End the broker as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + self.start_seconds
        while not _answers(self.address):
            if not self.running:
                raise BrokerFailed(f"{self.name} ended at its start: {self._last_words()}")
            if time.monotonic() > until:
                raise BrokerFailed(
                    f"{self.name} gave no answer in {self.start_seconds:.0f} s: "
                    f"{self._last_words()}"
                )
            time.sleep(0.1)

    def _last_words(self) -> str:
        return self.log_file.read_text(errors="replace")[-2000:].strip() or "it printed nothing"


def _answers(address: str) -> bool:
    """Whether a Kafka client learns the cluster's brokers from this address."""
    if not _listens(address):
        return False
    answers: list[bool] = []

    async def ask() -> None:
        client = AIOKafkaClient(bootstrap_servers=address, request_timeout_ms=2000)
        try:
            await client.bootstrap()
            answers.append(bool(client.cluster.brokers()))
        except (KafkaError, OSError):
            answers.append(False)
        finally:
            await client.close()

    # In a thread: whoever starts a broker may have an event loop of their own that is running.
    thread = threading.Thread(target=lambda: asyncio.run(ask()))
    thread.start()
    thread.join()
    return answers == [True]


def _listens(address: str) -> bool:
    host, port = address.rsplit(":", 1)
    with socket.socket() as tried:
        return tried.connect_ex((host, int(port))) == 0
