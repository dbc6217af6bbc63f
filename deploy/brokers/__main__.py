"""python -m deploy.brokers: Apache Kafka on this machine, until Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from deploy.brokers import ApacheKafka, BrokerFailed, apache


def main() -> None:
    parser = argparse.ArgumentParser(description="Apache Kafka on this machine, until Ctrl-C")
    parser.add_argument("--port", type=int, default=9092)
    parser.add_argument("--data-dir", type=Path, default=Path(".data/kafka"))
    parser.add_argument(
        "--fetch-only", action="store_true", help="bring its jars where Maven is, and run nothing"
    )
    options = parser.parse_args()
    try:
        if options.fetch_only:
            fetch()
        else:
            run(options.port, options.data_dir.resolve())
    except BrokerFailed as failure:
        sys.exit(str(failure))


def fetch() -> None:
    if lacks := apache.missing():
        sys.stderr.write("Apache Kafka is left out; it needs " + "; and ".join(lacks) + "\n")
    else:
        apache.jars()


def run(port: int, data_dir: Path) -> None:
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    with ApacheKafka(port, data_dir) as kafka:
        sys.stdout.write(f"Apache Kafka is ready at {kafka.address}; Ctrl-C stops it\n")
        sys.stdout.flush()
        while not stopped.wait(1.0):
            if not kafka.running:
                raise BrokerFailed(f"Apache Kafka ended by itself: see {kafka.log_file}")


if __name__ == "__main__":
    main()
