"""What explaining a figure costs by how many records its dataset holds, and what taking them in
costs the publisher.

The publisher's handlers and readers on a store of their own, without a broker or a socket.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import msgspec

from services.publisher.api.explanation import explanation
from services.publisher.app import Publisher
from services.publisher.explaining import Asked, find
from services.publisher.readmodel import Snapshot
from services.publisher.record_index import MARK
from services.publisher.settings import Settings
from services.publisher.store.repository import store_id
from services.publisher.store.tables import TABLES
from shared.catalogue.figures import Measure
from shared.catalogue.model import Catalogue, Indicator, definitions
from shared.catalogue.periods import Period, parse_period
from shared.contracts.judged import RagState
from shared.contracts.states import IndicatorValue, MeasureInput, PeriodState, Record
from shared.contracts.subjects import indicator_value
from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS
from shared.delivery.marks import Marks
from tests.benchmarks import read_model
from tests.benchmarks.fed import Fact, Fed
from tests.benchmarks.machine import say
from tests.benchmarks.report import Report

RECORDS_HELD = (5_000, 50_000)
LONG = 500_000
BATCH, TIMES, SHOWN = 2_000, 5, 25
DATASET = "environmental-protection-requests"
FIRST, DAYS = date(2023, 4, 1), 1_096
FEW = "ward == 'Ward 7'"
# What is counted, in which period.
ASKED = {
    "a month's count": ("counted", "2026-03"),
    "a year's count": ("counted", "2025-26"),
    "a month of a year ago": ("counted", "2025-03"),
    "a month's few": ("few", "2026-03"),
    "open at the end": ("open", "2026-03"),
    "different kinds in a month": ("kinds", "2026-03"),
    "a latest value": ("latest", "2026-03"),
}

_encode = msgspec.json.Encoder().encode


def explained(report: Report, *, full: bool) -> None:
    """Measures and prints; with `full` also a dataset of half a million."""
    rows = []
    for count in (*RECORDS_HELD, *([LONG] if full else [])):
        say(f"  {count:,} records")
        rows += measure(count)
    report.table("What explaining a figure costs (CPU)", rows)
    report.note(
        f"one dataset over three years that came in one load, {SHOWN} records a page; taken in"
        f" {BATCH:,} at a time; the mean of {TIMES} explanations"
    )


def measure(count: int) -> list[dict[str, Any]]:
    """One size of a dataset, in this process."""
    with TemporaryDirectory(prefix="irf-explained-") as folder:
        publisher: list[Publisher] = []

        def made(address: str) -> Any:
            publisher.append(Publisher(Settings(store_url=address)))
            return publisher[0].service

        fed = Fed(Path(folder) / "publisher.db", made)
        # A service does this as it starts.
        fed.service.store.write_now(store_id)
        catalogue = _catalogue()
        fed.feed([(CATALOGUE, each, body) for each, body in definitions(catalogue).items()])
        fed.feed(list(_values()))
        records = list(_records(count))
        fed.spent = 0.0
        for start in range(0, count, BATCH):
            fed.feed(records[start : start + BATCH])
        taken = fed.spent
        found = {name: _cost(publisher[0], *asked) for name, asked in ASKED.items()}
        # As if nothing were known of its months: each explanation looks through the dataset.
        fed.service.store.write_now(lambda tx: Marks(TABLES).remove(tx, MARK))
        rows = [
            {
                "records": count,
                "taken in a CPU second": count / taken,
                "explained": name,
                "ms": found[name],
                "looked through, ms": _cost(publisher[0], *asked),
            }
            for name, asked in ASKED.items()
        ]
        fed.service.store.close()
    return rows


def _cost(publisher: Publisher, code: str, period: str) -> float:
    reads = publisher.reads

    def explain(view: Snapshot) -> None:
        found = find(view, view.catalogue.indicators[code.upper()], Asked(period))
        told = explanation(view, found, "", SHOWN, signed_in=True)
        assert told.records

    publisher.service.store.read_now(lambda tx: explain(reads.snapshot(tx)))
    began = process_time()
    for _ in range(TIMES):
        publisher.service.store.read_now(lambda tx: explain(reads.snapshot(tx)))
    return (process_time() - began) * 1000 / TIMES


def _catalogue() -> Catalogue:
    sample = read_model.sample()
    ways: dict[str, dict[str, Any]] = {
        "counted": {"aggregate": "count", "date": "received"},
        # One in thirty-three: most of what is looked at does not count.
        "few": {"aggregate": "count", "date": "received", "where": FEW},
        "open": {"aggregate": "open", "opened": "received", "closed": "closed"},
        "kinds": {"aggregate": "distinct", "of": "kind", "date": "received"},
        "latest": {"aggregate": "latest", "of": "1", "date": "received", "carry_months": 2},
    }
    return Catalogue(
        council=sample.council,
        datasets={DATASET: sample.datasets[DATASET]},
        measures={code: Measure(code=code, dataset=DATASET, **way) for code, way in ways.items()},
        indicators={
            code.upper(): Indicator(
                code=code.upper(),
                title=code,
                formula=code,
                unit="count",
                polarity="none",
                periods=["month", "financial-year"],
                owner="Owner",
            )
            for code in ways
        },
    )


def _values() -> Iterator[Fact]:
    for code, text in {*ASKED.values()}:
        period = parse_period(text)
        # Said twice: an explanation tells also what changed.
        for number in ("1", "2"):
            yield _value(code, period, number)


def _value(code: str, period: Period, number: str) -> Fact:
    span = PeriodState(period.code, period.kind, period.start.isoformat(), period.end.isoformat())
    inputs = {code: MeasureInput(number, 1, 1)}
    rag = RagState("information", "For information.")
    value = IndicatorValue(
        code.upper(), span, None, number, None, "count", code, 1, inputs, None, rag
    )
    return INDICATORS, indicator_value(code.upper(), period.code, "all"), _encode(value)


def _records(count: int) -> Iterator[Fact]:
    chance = Random(5)
    for number in range(count):
        received = FIRST + timedelta(chance.randrange(DAYS))
        closed = received + timedelta(chance.randrange(60))
        fields = {
            "ref": f"R{number:07}",
            "kind": f"Kind {chance.randrange(12)}",
            "type": f"Type {chance.randrange(40)}",
            "ward": f"Ward {chance.randrange(33)}",
            "received": received.isoformat(),
            "closed": closed.isoformat() if closed < date(2026, 4, 1) else None,
        }
        key = fields["ref"]
        yield RECORDS, f"{DATASET}/{key}", _encode(Record(DATASET, str(key), fields))
