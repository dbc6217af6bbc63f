"""A small council for the fault tests: three datasets that between them move every service.

Rule: what the figures must be is counted here from the acknowledged rows alone, in the plainest
way, so that it depends neither on a store nor on the recompute.
"""

from collections import Counter
from collections.abc import Mapping
from random import Random
from typing import Any

from shared.contracts import subjects

REQUESTS, CARDS, RISKS = "requests", "cards", "register"
WARDS = ("North", "South", "East")
MONTHS = [f"2024-{month:02}" for month in range(4, 13)] + ["2025-01", "2025-02", "2025-03"]

Fields = dict[str, Any]


def _field(name: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    return {"name": name, "headers": [name], "type": kind, **more}


def _dataset(code: str, *fields: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": code,
        "title": code.capitalize(),
        "service": "streets",
        "extract": "changes",
        "key": ["ref"],
        "fields": [_field("ref", required=True, max_length=64), *fields],
    }


def _register(*fields: dict[str, Any]) -> dict[str, Any]:
    reference = _field("reference", required=True, max_length=64)
    return _dataset(RISKS) | {
        "role": "risk",
        "key": ["reference"],
        "fields": [reference, *fields],
    }


def _indicator(code: str, formula: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "title": f"Indicator {code}",
        "formula": formula,
        "unit": "count",
        "precision": 0,
        "polarity": "none",
        "periods": ["month", "financial-year"],
        "breakdowns": ["ward"],
        "service": "streets",
        "owner": "Head of streets",
        **more,
    }


CATALOGUE: dict[str, Any] = {
    "council": {
        "code": "fault-council",
        "name": "Fault council",
        "sample": True,
        "no_denominator": "not calculable",
    },
    "directorates": [{"code": "place", "name": "Place"}],
    "services": [{"code": "streets", "name": "Streets", "directorate": "place"}],
    "datasets": [
        _dataset(
            REQUESTS,
            _field("received", "date", required=True),
            _field("closed", "date"),
            _field("ward"),
        ),
        _dataset(CARDS, _field("unit"), _field("paid", "date"), _field("amount", "money")),
        _register(
            _field("title"),
            _field("likelihood", "integer", minimum=1, maximum=5),
            _field("impact", "integer", minimum=1, maximum=5),
        ),
    ],
    "measures": [
        {"code": "received", "dataset": REQUESTS, "aggregate": "count", "date": "received"},
        {"code": "closed", "dataset": REQUESTS, "aggregate": "count", "date": "closed"},
        {
            "code": "open",
            "dataset": REQUESTS,
            "aggregate": "open",
            "opened": "received",
            "closed": "closed",
        },
    ],
    "indicators": [
        _indicator("R01", "received"),
        _indicator("R02", "100 * closed / received", unit="percentage", precision=1),
        _indicator("R03", "open", periods=["month"]),
    ],
    "ledgers": [
        {
            "code": CARDS,
            "title": "Cards",
            "dataset": CARDS,
            "unit": "unit",
            "date": "paid",
            "amount": "amount",
        }
    ],
    "risk_matrix": {
        "code": "default",
        "likelihood": 5,
        "impact": 5,
        "bands": [{"name": "low", "from": 1}, {"name": "high", "from": 10}],
    },
}


def some_fields(random: Random, dataset: str, key: str) -> Fields:
    """What a record may say."""
    day = f"{random.choice(MONTHS)}-{random.randint(1, 28):02}"
    if dataset == REQUESTS:
        closed = f"2025-03-{random.randint(28, 31)}" if random.random() < 0.5 else None
        return {"ref": key, "received": day, "closed": closed, "ward": random.choice(WARDS)}
    if dataset == CARDS:
        pence = random.randint(-5_000, 90_000)
        amount = f"{'-' if pence < 0 else ''}{abs(pence) // 100}.{abs(pence) % 100:02}"
        return {"ref": key, "unit": random.choice(WARDS), "paid": day, "amount": amount}
    likelihood, impact = random.randint(1, 5), random.randint(1, 5)
    return {"reference": key, "title": f"Risk {key}", "likelihood": likelihood, "impact": impact}


def figures(records: Mapping[str, Fields]) -> dict[str, object]:
    """What must be published of these records (by subject): some of it, counted by hand."""
    found: dict[str, object] = {}
    requests = [f for subject, f in records.items() if subject.startswith(f"{REQUESTS}/")]
    for month, count in Counter(f["received"][:7] for f in requests).items():
        found[f"R01/{month}"] = str(count)
    for (month, ward), count in Counter((f["received"][:7], f["ward"]) for f in requests).items():
        found[f"R01/{month}/ward={ward}"] = str(count)
    cards = [f for subject, f in records.items() if subject.startswith(f"{CARDS}/")]
    if cards:
        found[f"control/{CARDS}"] = sum(int(f["amount"].replace(".", "")) for f in cards)
    for subject, fields in records.items():
        if subject.startswith(f"{RISKS}/"):
            found[subjects.risk(fields["reference"])] = fields["likelihood"] * fields["impact"]
    return found


def published(topic: str, state: Mapping[str, Any]) -> object:
    """The number in a published state that `figures` counts."""
    if topic == "irf.indicators":
        return state["value"]
    return state.get("score") if topic == "irf.risks" else state.get("net_pence")
