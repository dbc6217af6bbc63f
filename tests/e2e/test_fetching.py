"""Files come to a folder while the door is killed: each counts once, and each is put aside."""

import csv
import time
from pathlib import Path
from random import Random
from typing import Any

import httpx2

from shared.contracts import subjects
from tests.e2e import council
from tests.e2e.conftest import on_one_broker
from tests.e2e.system import Running

FILES, ROWS, AT_ONCE = 12, 40, 4
SECONDS = 90.0
CONNECTOR: dict[str, Any] = {
    "code": "exports",
    "title": "Exports",
    "kind": "folder",
    "place": "exports",
    "dataset": council.REQUESTS,
    "mode": "changes",
    "files": {"pattern": "*.csv", "settle_seconds": 1},
}


def export(folder: Path, number: int) -> list[dict[str, Any]]:
    """A file of records that nobody else speaks of, written whole before it has its name."""
    random = Random(number)
    rows = [
        council.some_fields(random, council.REQUESTS, f"F{number}-{row}") for row in range(ROWS)
    ]
    arriving = folder / f"export-{number}.csv.part"
    with arriving.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    arriving.rename(folder / f"export-{number}.csv")
    return rows


def done(folder: Path) -> set[str]:
    return {path.name for path in (folder / "done").glob("*.csv")}


@on_one_broker
def test_files_that_come_while_the_door_is_killed_count_once(system: Running) -> None:
    folder = system.system.folder("drop") / CONNECTOR["place"]
    folder.mkdir(parents=True)
    system.apply({**council.CATALOGUE, "connectors": [CONNECTOR]})
    written: list[dict[str, Any]] = []
    try:
        with system.load() as load:
            for first in range(0, FILES, AT_ONCE):
                for number in range(first, first + AT_ONCE):
                    written += export(folder, number)
                load.go_on(5)
                # Wherever it is with them: reading, letting in, moving them away.
                time.sleep(0.7 * (1 + first / AT_ONCE))
                system.kill_and_start("ingest")
                load.go_on(5)
            until = time.monotonic() + SECONDS
            while len(done(folder)) < FILES:
                assert time.monotonic() < until, sorted(done(folder))
                time.sleep(0.2)
    finally:
        system.apply()
    for row in written:
        system.ledger.acknowledge(subjects.record(council.REQUESTS, row["ref"]), row)
    system.check()
    assert not list((folder / "failed").glob("*.csv"))
    assert {path.name for path in folder.iterdir()} <= {"done", "failed"}
    found = httpx2.get(f"{system.door()}/v1/datasets/{council.REQUESTS}/batches?limit=200").json()
    files = [each for each in found["batches"] if each["detail"].get("connector") == "exports"]
    # One that was let in before a kill and moved after it was taken again, and said nothing new.
    assert sum(each["accepted"] for each in files) == FILES * ROWS
    assert all(each["rejected"] == 0 for each in files)
