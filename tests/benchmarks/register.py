"""A risk register through the risk service: what one late review costs by how many risks are held,
and what a state costs that it hears of and no risk names.

The risk service's handlers on a store of their own, without a broker.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from services.risk.app import create
from services.risk.settings import Settings
from shared.contracts.judged import RagState
from shared.contracts.states import IndicatorValue, PeriodState, Record
from shared.contracts.topics import CATALOGUE, INDICATORS, RECORDS
from tests.benchmarks.fed import Fact, Fed
from tests.benchmarks.machine import say
from tests.benchmarks.report import Report

RISKS = (500, 5_000)
REVIEWS, CONTROLS, INDICATORS_NAMED = 4, 2, 300
LATE, HEARD, BATCH = 200, 2_000, 2_000
QUARTER = PeriodState("2025-26-Q2", "quarter", "2025-07-01", "2025-09-30")

_encode = msgspec.json.Encoder().encode


def register(report: Report, *, full: bool) -> None:
    """Measures and prints; with `full` with ten times the risks."""
    rows = []
    for count in RISKS:
        risks = count * (10 if full else 1)
        say(f"  {risks:,} risks")
        rows.append(measure(risks))
    report.table("A risk register", rows)
    report.note(
        f"{REVIEWS} reviews and {CONTROLS} controls a risk, {INDICATORS_NAMED} indicators named;"
        " each late review in a batch of its own; heard states in batches of 100"
    )


def measure(risks: int) -> dict[str, Any]:
    """One case, in this process."""
    with TemporaryDirectory(prefix="irf-register-") as folder:
        path = Path(folder) / "risk.db"
        fed = Fed(path, lambda address: create(Settings(store_url=address)))
        fed.feed(list(_definitions()))
        fed.feed([_value(number, "green") for number in range(INDICATORS_NAMED)])
        records = list(_records(risks))
        fed.spent = 0.0
        for batch in _batches(iter(records), BATCH):
            fed.feed(batch)
        load = fed.spent
        fed.spent = 0.0
        for number in range(LATE):
            fed.feed([_review(number * 7 % risks, REVIEWS, "2026-02-01")])
        late = fed.spent
        fed.spent = 0.0
        for batch in _batches((_value(1_000 + n, "red") for n in range(HEARD)), 100):
            fed.feed(batch)
        heard = fed.spent
        fed.service.store.close()
    return {
        "risks": risks,
        "records": len(records),
        "loaded a CPU second": len(records) / load,
        "late review, ms": late / LATE * 1000,
        "heard of in vain, µs": heard / HEARD * 1_000_000,
    }


def _definitions() -> Iterator[Fact]:
    def fact(subject: str, **body: Any) -> Fact:
        return CATALOGUE, subject, _encode(body)

    for role in ("risk", "risk-review", "risk-control"):
        yield fact(f"dataset/{role}s", code=f"{role}s", title=role, key=["k"], fields=[], role=role)
    bands = [{"name": name, "from": start} for name, start in (("low", 1), ("high", 10))]
    yield fact("risk-matrix/default", code="default", likelihood=5, impact=5, bands=bands)
    for number in range(INDICATORS_NAMED):
        yield fact(f"indicator/I{number}", code=f"I{number}", title="An indicator", service="s",
                   formula="m", unit="count", polarity="low", periods=["quarter"])  # fmt: skip


def _records(risks: int) -> Iterator[Fact]:
    for number in range(risks):
        name, named = f"R{number}", f"I{number % INDICATORS_NAMED}"
        yield _record("risks", name, reference=name, title="A risk", likelihood=3, impact=4,
                      indicators=named, opened="2025-01-01")  # fmt: skip
        for turn in range(CONTROLS):
            control = {"risk": name, "control": str(turn), "title": "A control"}
            yield _record("risk-controls", f"{name}-{turn}", **control)
        for turn in range(REVIEWS):
            yield _review(number, turn, f"2025-{turn * 3 + 1:02}-15")


def _review(number: int, turn: int, day: str) -> Fact:
    return _record("risk-reviews", f"R{number}-{turn}", risk=f"R{number}", reviewed=day,
                   likelihood=turn % 5 + 1, reason="As found")  # fmt: skip


def _record(dataset: str, key: str, **fields: Any) -> Fact:
    return RECORDS, f"{dataset}/{key}", _encode(Record(dataset, key, fields))


def _value(number: int, outcome: str) -> Fact:
    code = f"I{number}"
    value = IndicatorValue(code, QUARTER, None, "1", None, "count", "m", 1, {}, None,
                           RagState(outcome, "As judged"))  # fmt: skip
    return INDICATORS, f"{code}/{QUARTER.code}", _encode(value)


def _batches(facts: Iterator[Fact], size: int) -> Iterator[list[Fact]]:
    while batch := list(islice(facts, size)):
        yield batch
