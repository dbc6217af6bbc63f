"""A large CSV file through the door: contract, comparison and store, without a broker.

Each case in a process of its own, so that its memory is its own: a first load, the same file again,
and the file with one row in a hundred changed. Meanwhile somebody else reads and writes. Beside it
in the same process the bare minimum: csv and msgspec over the same file, nothing checked or kept.
"""

import asyncio
import csv
import json
import resource
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import msgspec

from services.ingest.app import DoorIn
from services.ingest.domain.receipt import Receipt
from services.ingest.settings import Settings
from services.ingest.taking_files import Coming
from shared.catalogue.check import read
from shared.db.migrate import migrate
from shared.db.tx import Tx
from shared.runtime.clock import SystemClock
from tests.benchmarks.machine import MIB, say
from tests.benchmarks.report import Report

ROWS, FULL_ROWS = 200_000, 1_000_000
LOOK_SECONDS = 0.05
WARDS = 32
HEADER = "Case ref,Received,Closed,Category,Ward,Fee,Visits,Status,Notes"
DATASET: dict[str, Any] = {
    "code": "cases",
    "title": "Cases",
    "extract": "full",
    "key": ["ref"],
    "fields": [
        {"name": "ref", "headers": ["Case ref"], "type": "text", "required": True},
        {"name": "received", "type": "date", "formats": ["%d/%m/%Y"], "required": True},
        {"name": "closed", "type": "date", "formats": ["%d/%m/%Y"]},
        {"name": "category", "type": "text", "choices": ["noise", "food", "pest", "air", "other"]},
        {"name": "ward", "type": "text"},
        {"name": "fee", "type": "money"},
        {"name": "visits", "type": "integer", "minimum": 0},
        {"name": "status", "type": "text"},
        {"name": "notes", "type": "text", "max_length": 200},
    ],
}


def intake(report: Report, *, full: bool) -> None:
    """Measures and prints; with `full` a million rows."""
    count = FULL_ROWS if full else ROWS
    with TemporaryDirectory(prefix="irf-intake-") as folder:
        rows = []
        for case in ("first load", "the same again", "1 % changed"):
            say(f"  {count:,} rows: {case}")
            command = [sys.executable, "-m", "tests.benchmarks.intake", folder, str(count), case]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            rows.append(json.loads(done.stdout.splitlines()[-1]))
        report.table("A large file at the door", rows)
    report.note(
        "CPU of the whole process, all its threads; the wait is the longest that another writer's "
        "small transaction took while the file was taken"
    )


def write(path: Path, count: int, changed: bool) -> None:
    """Writes the file; with `changed`, one row in a hundred says something else."""
    with path.open("w") as out:
        out.write(HEADER + "\n")
        for n in range(count):
            fee = n % 9_000 + (1 if changed and n % 100 == 7 else 0)
            out.write(
                f"C/{n:07},{n % 28 + 1:02}/{n % 12 + 1:02}/2025,,{('noise', 'food', 'pest')[n % 3]}"
                f",Ward {n % WARDS},{fee}.50,{n % 7},open,Reported by telephone no {n % 977}\n"
            )


def bare(path: Path) -> float:
    """CPU seconds of csv and msgspec alone over the file."""
    encode = msgspec.json.Encoder().encode
    began = process_time()
    with path.open(newline="") as source:
        reader = csv.reader(source)
        names = next(reader)
        for cells in reader:
            encode(dict(zip(names, cells, strict=True)))
    return process_time() - began


async def measure(folder: Path, count: int, case: str) -> dict[str, Any]:
    """One case, in this process."""
    path = folder / "cases.csv"
    write(path, count, changed=case == "1 % changed")
    alone = bare(path)
    settings = Settings(
        store_url=f"sqlite:///{folder / 'ingest.db'}", kafka="127.0.0.1:1", files=folder / "files"
    )
    door = DoorIn(settings, SystemClock())
    migrate(door.service.store)
    await door.keeper.apply(read({"datasets": [DATASET]}), SystemClock().now())
    idle = _peak()
    waits = {"longest wait to write, s": 0.0, "to read, s": 0.0}
    others = asyncio.create_task(_others(door, waits))
    began, spent = perf_counter(), process_time()
    with path.open("rb") as source:
        outcome = await door.taking_files.take(Coming(source, "cases", "cases.csv", "bench"))
    seconds, spent = perf_counter() - began, process_time() - spent
    others.cancel()
    await asyncio.gather(others, return_exceptions=True)
    assert isinstance(outcome, Receipt), outcome
    assert outcome.received == count, outcome
    found = {
        "": case,
        "rows": count,
        "changed": outcome.accepted,
        "rows/s": count / seconds,
        "rows/CPU s": count / spent,
        "csv + msgspec alone, rows/CPU s": count / alone,
        "ratio": alone / spent,
        "peak MiB": _peak() / MIB,
        "before it, MiB": idle / MIB,
        **waits,
    }
    # A relay would have emptied it.
    await door.service.store.write(lambda tx: tx.run("DELETE FROM outbox"))
    door.service.store.close()
    return found


async def _others(door: DoorIn, waits: dict[str, float]) -> None:
    """Somebody who writes and reads all the while."""
    store = door.service.store

    def look(tx: Tx) -> None:
        tx.scalar("SELECT count(*) FROM runs")

    while True:
        for name, work in zip(waits, (store.write, store.read), strict=True):
            began = perf_counter()
            try:
                await work(look)
            finally:
                waits[name] = max(waits[name], perf_counter() - began)
        await asyncio.sleep(LOOK_SECONDS)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))))
