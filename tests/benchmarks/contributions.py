"""What it costs to ask six measures about a record. Prints; passes no judgement.

Run: python -m tests.benchmarks.contributions
"""

from datetime import datetime, timedelta
from random import Random
from time import perf_counter
from typing import Any

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.model import Dataset, Field, Measure

RECORDS = 50_000

TYPES = {
    "ref": "text",
    "kind": "text",
    "ward": "text",
    "received": "datetime",
    "closed": "datetime",
    "cost": "money",
}
DATASET = Dataset(
    code="requests",
    title="Requests",
    key=["ref"],
    fields=[Field(name=name, type=kind) for name, kind in TYPES.items()],  # type: ignore[arg-type]
)
IN_TIME = "closed >= received and working_days(received, closed) <= 10"
MEASURES = [
    Measure(code="received", dataset="requests", aggregate="count", date="received"),
    Measure(code="closed", dataset="requests", aggregate="count", date="closed"),
    Measure(code="in-10", dataset="requests", aggregate="count", date="closed", where=IN_TIME),
    Measure(
        code="days-to-close",
        dataset="requests",
        aggregate="sum",
        of="days(received, closed)",
        date="closed",
        where="closed >= received",
    ),
    Measure(code="open", dataset="requests", aggregate="open", opened="received", closed="closed"),
    Measure(code="cost", dataset="requests", aggregate="sum", of="cost", date="received"),
]


def sample(number: int) -> list[dict[str, Any]]:
    """Sample records, the same at each run."""
    chance = Random(1)
    start = datetime(2022, 4, 1, 9)
    found = []
    for ref in range(number):
        received = start + timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
        closed = received + timedelta(minutes=chance.randrange(60 * 24 * 60))
        found.append(
            {
                "ref": str(ref),
                "kind": chance.choice(["Noise", "Odour", "Light", None]),
                "ward": str(chance.randrange(37)),
                "received": received.isoformat(),
                "closed": closed.isoformat() if chance.random() < 0.9 else None,
                "cost": f"{chance.randrange(10_000) / 100:.2f}",
            }
        )
    return found


def main() -> None:
    records = sample(RECORDS)
    measures = [CompiledMeasure(each, DATASET, ["ward", "kind"]) for each in MEASURES]
    print(f"{RECORDS:,} sample records")
    for measure in measures:
        contributions = measure.contributions
        began = perf_counter()
        for fields in records:
            contributions(fields)
        spent = perf_counter() - began
        print(f"  {measure.measure.code:<14} {spent / RECORDS * 1e9:7.0f} ns a record")
    members = measures[0].members
    began = perf_counter()
    for fields in records:
        members(fields)
    spent = perf_counter() - began
    print(f"  {'members':<14} {spent / RECORDS * 1e9:7.0f} ns a record")
    asked = [measure.contributions for measure in measures]
    began = perf_counter()
    for fields in records:
        for contributions in asked:
            contributions(fields)
        members(fields)
    spent = perf_counter() - began
    print(f"all six and the members: {RECORDS / spent:,.0f} record versions a second")


if __name__ == "__main__":
    main()
