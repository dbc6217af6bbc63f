"""How the cost of a change grows with what is held, and what a change of definition costs.

The indicators service's handlers on a store of their own, fed events as its topics would bring
them: everything between the topic and the outbox, without a broker, so that CPU time is that of
the engine and its store alone. Each case runs in a process of its own, for its memory's sake.
"""

import gc
import json
import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any, NamedTuple

import msgspec

from services.indicators.app import create
from services.indicators.settings import Settings
from shared.catalogue.check import read
from shared.catalogue.model import definitions
from shared.contracts.topics import CATALOGUE, RECORDS
from tests.benchmarks import workload
from tests.benchmarks.fed import Fed
from tests.benchmarks.machine import say
from tests.benchmarks.report import Report

BATCH = 500
CHANGES = 20_000
KIB = 1024


class Case(NamedTuple):
    """So many indicators over so many records. `touched`: every change touches its share of them;
    otherwise all but 24 look at datasets that do not change."""

    indicators: int
    records: int
    touched: bool = False


CASES = (
    Case(24, 50_000),
    Case(240, 50_000),
    Case(2_400, 50_000),
    Case(24, 500_000),
    Case(2_400, 500_000),
    Case(240, 20_000, touched=True),
)


def growth(report: Report, *, full: bool) -> None:
    """Measures and prints; without `full` at a tenth of the records and changes."""
    rows = []
    for case in CASES:
        say(f"  {case.indicators:,} indicators, {case.records // (1 if full else 10):,} records")
        rows.append(_run(case, 1 if full else 10))
    first = rows[0]["CPU µs/change"]
    for row in rows:
        row["ratio"] = row["CPU µs/change"] / first
    report.table("Cost of a change, by what is held", rows)
    report.note(
        f"batches of {BATCH}; recount: eight measures redefined, over all records, beside one"
        " pass over the same rows of the same store in plain Python"
    )


def _run(case: Case, shorter: int) -> dict[str, Any]:
    changes = CHANGES // shorter // (5 if case.touched else 1)
    given = (case.indicators, case.records // shorter, int(case.touched), changes)
    arguments = [str(each) for each in given]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.growth", *arguments],
        check=True, capture_output=True, text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _document(case: Case) -> dict[str, Any]:
    if case.touched:
        return workload.document(case.indicators)
    made = workload.document()
    datasets = {each["code"]: each for each in made["datasets"]}
    for copy in range(1, case.indicators // workload.INDICATORS):
        for code, dataset in datasets.items():
            made["datasets"].append({**dataset, "code": f"{code}-{copy}"})
        names = {each["code"]: f"{each['code']}x{copy}" for each in workload.document()["measures"]}
        for measure in workload.document()["measures"]:
            made["measures"].append(
                {**measure, "code": names[measure["code"]],
                 "dataset": f"{measure['dataset']}-{copy}"}
            )
        for indicator in workload.document()["indicators"]:
            formula = indicator["formula"]
            for old, new in names.items():
                formula = formula.replace(old, new)
            made["indicators"].append(
                {**indicator, "code": f"{indicator['code']}x{copy}", "formula": formula}
            )
    return made


def _fed(folder: Path) -> Fed:
    return Fed(
        folder / "indicators.db", lambda address: create(Settings(store_url=address))
    )


def measure(case: Case, changes: int) -> dict[str, Any]:
    """One case, in this process."""
    with TemporaryDirectory(prefix="irf-growth-") as folder:
        fed = _fed(Path(folder))
        document = _document(case)
        found = definitions(read(document))
        fed.feed([(CATALOGUE, subject, body) for subject, body in found.items()])
        gc.freeze()
        stream = workload.changes(case.records + changes, case.records, first=case.records)
        for batch in _batches(stream, case.records, 2_000):
            fed.feed(batch)
        fed.spent = 0.0
        for batch in _batches(stream, changes, BATCH):
            fed.feed(batch)
        change = fed.spent / changes * 1e6
        recount, plain = _recount(fed, document)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB
        fed.service.store.close()
    return {
        "indicators": case.indicators,
        "touched by a change": case.indicators // 8 if case.touched else workload.INDICATORS // 8,
        "records": case.records,
        "CPU µs/change": change,
        "peak MiB": round(peak),
        "recount s": recount,
        "plain pass s": plain,
        "recount ratio": recount / plain,
    }


def _batches(
    stream: Iterator[workload.Change], count: int, size: int
) -> Iterator[list[tuple[str, str, bytes | None]]]:
    for start in range(0, count, size):
        changes = islice(stream, min(size, count - start))
        yield [(RECORDS, change.subject, change.body()) for change in changes]


def _recount(fed: Fed, document: dict[str, Any]) -> tuple[float, float]:
    """CPU seconds to redefine the first measure of each dataset, and of a plain pass."""
    measures = {each.code: each for each in workload.definitions()[0]}
    chosen = {each.dataset: each for each in reversed(measures.values())}
    written = {each["code"]: each for each in document["measures"]}
    batch = []
    for each in chosen.values():
        where = f"{written[each.code]['where']} and amount >= 0"
        state = {**written[each.code], "where": where}
        batch.append((CATALOGUE, f"measure/{each.code}", msgspec.json.encode(state)))
    fed.spent = 0.0
    fed.feed(batch)
    recount = fed.spent
    began = process_time()
    _plain_pass(fed.path, chosen)
    return recount, process_time() - began


def _plain_pass(path: Path, chosen: dict[str, workload.Measure]) -> dict[Any, list[int]]:
    """What anybody would write: every record read, decoded, filtered and added up."""
    decode = msgspec.json.Decoder().decode
    cells: dict[Any, list[int]] = {}
    with sqlite3.connect(path) as store:
        rows = store.execute("SELECT body FROM held WHERE topic = ?", (RECORDS,))
        for (body,) in rows:
            if body is None:
                continue
            record = decode(body)
            fields, measure = record["fields"], chosen[record["dataset"]]
            if all(fields[name] in words for name, words in measure.filters):
                for ward in (fields["ward"], None):
                    cell = cells.setdefault((measure.code, ward, fields["day"][:7]), [0, 0])
                    cell[0] += 1
                    cell[1] += fields["amount"]
    return cells


if __name__ == "__main__":
    indicators, records, touched, changes = (int(each) for each in sys.argv[1:5])
    print(json.dumps(measure(Case(indicators, records, bool(touched)), changes)))
