"""python -m tests.benchmarks: measures the IRF on this machine, prints, and passes no judgement.

Without arguments a short form of everything, in about five minutes, on both brokers where the
machine has Java. `--full` is the form whose figures are worth writing down: 500,000 changes
replayed, sixty seconds at each rate.
"""

import argparse
import asyncio
import logging
import os
import signal
import sys
from types import FrameType

from deploy.brokers import apache
from tests.benchmarks.end_to_end import Plan, end_to_end
from tests.benchmarks.explained import explained
from tests.benchmarks.growth import growth
from tests.benchmarks.intake import intake
from tests.benchmarks.ledger import ledger
from tests.benchmarks.machine import facts, say
from tests.benchmarks.memory import memory
from tests.benchmarks.queries import queries
from tests.benchmarks.register import register
from tests.benchmarks.replay import replay
from tests.benchmarks.report import Report
from tests.benchmarks.running import BROKERS, Stuck
from tests.benchmarks.watchers import watchers

PARTS = (
    "replay",
    "end-to-end",
    "memory",
    "watchers",
    "queries",
    "growth",
    "explained",
    "ledger",
    "register",
    "intake",
)
# These need no broker: once, after the others.
ALONE = {
    "growth": growth,
    "explained": explained,
    "ledger": ledger,
    "register": register,
    "intake": intake,
}


def main() -> None:
    given = _arguments()
    signal.signal(signal.SIGTERM, _end)
    # What a client says while a broker starts is no news here.
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    machine = facts()
    report = Report(machine, sys.argv[1:])
    say(machine)
    failed = False
    for broker in _brokers(given.broker, report):
        for part in given.only or PARTS:
            once = part in ("memory", "watchers", "queries") and not given.full and not given.only
            if once and broker != "embedded":
                continue  # the services' memory is the same; the short form is short
            if part in ALONE:
                continue
            try:
                asyncio.run(_part(part, report, broker, given))
            except Stuck as error:
                report.note(f"{part} on {broker} broke off: {error}")
                failed = True
    for part, work in ALONE.items():
        if part in (given.only or PARTS):
            work(report, full=given.full)
    path = report.save()
    say(f"\n{machine}\nAs JSON: {os.path.relpath(path)}")
    sys.exit(failed)


async def _part(part: str, report: Report, broker: str, given: argparse.Namespace) -> None:
    if part == "replay":
        await replay(report, broker, given.changes, given.port_base)
    elif part == "end-to-end":
        plan = Plan(given.latency_rates, given.latency_seconds, given.rates, given.seconds)
        await end_to_end(report, broker, plan, given.port_base)
    elif part == "watchers":
        await watchers(report, broker, given.port_base, full=given.full)
    elif part == "queries":
        await queries(report, broker, given.port_base, full=given.full)
    else:
        await memory(report, broker, given.records, given.clients, given.port_base)


def _brokers(wanted: str, report: Report) -> list[str]:
    if wanted != "both":
        return [wanted]
    if lacks := apache.missing():
        report.note(f"LEFT OUT: Apache Kafka. To measure it, get {'; and '.join(lacks)}")
        return ["embedded"]
    return list(BROKERS)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--broker", choices=(*BROKERS, "both"), default="both")
    add("--only", action="append", choices=PARTS, help="one part; may be given several times")
    add("--full", action="store_true", help="the long form; other arguments still win")
    add("--changes", type=int, help="changes to replay (100,000; full: 500,000)")
    add("--latency-rates", type=int, nargs="+", default=[100, 1_000], metavar="RATE")
    add("--latency-seconds", type=int, help="seconds at each of these rates (8; full: 30)")
    add("--rates", type=int, nargs="+", metavar="RATE", help="rates to try to sustain, upwards")
    add("--seconds", type=int, help="seconds to sustain each rate (10; full: 60)")
    add("--records", type=int, help="records to load for memory (20,000; full: 50,000)")
    add("--clients", type=int, default=500, help="clients of the stream for memory")
    add("--port-base", type=int, default=30_200, help="ports from here to 9 above are used")
    given = parser.parse_args()
    forms = {
        "changes": (100_000, 500_000),
        "latency_seconds": (8, 30),
        "seconds": (10, 60),
        "rates": ([2_000, 4_000, 8_000], [2_000, 4_000, 8_000, 12_000]),
        "records": (20_000, 50_000),
    }
    for name, (short, full) in forms.items():
        if getattr(given, name) is None:
            setattr(given, name, full if given.full else short)
    return given


def _end(_signal: int, _frame: FrameType | None) -> None:
    # As Ctrl-C does: through every `with`, so that no process is left behind.
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
