"""A council small enough to work out by hand, as rows of the two stores."""

import json
from typing import Any

from deploy.verify.source import Row

DATASET = {
    "code": "requests",
    "title": "Requests",
    "key": ["ref"],
    "fields": [
        {"name": "ref", "type": "text"},
        {"name": "received", "type": "datetime"},
        {"name": "closed", "type": "datetime"},
        {"name": "ward", "type": "text"},
        {"name": "cost", "type": "money"},
    ],
}
MEASURES: list[dict[str, Any]] = [
    {"code": "received", "dataset": "requests", "aggregate": "count", "date": "received"},
    {"code": "closed", "dataset": "requests", "aggregate": "count", "date": "closed"},
    {
        "code": "closed-in-2",
        "dataset": "requests",
        "aggregate": "count",
        "date": "closed",
        "where": "closed >= received and working_days(received, closed) <= 2",
    },
    {
        "code": "cost",
        "dataset": "requests",
        "aggregate": "sum",
        "of": "cost",
        "date": "received",
    },
    {
        "code": "mean-days",
        "dataset": "requests",
        "aggregate": "mean",
        "of": "days(received, closed)",
        "date": "closed",
        "where": "closed >= received",
    },
    {
        "code": "open-now",
        "dataset": "requests",
        "aggregate": "open",
        "opened": "received",
        "closed": "closed",
    },
]
INDICATORS: list[dict[str, Any]] = [
    {"code": "REC", "title": "Received", "formula": "received", "breakdowns": ["ward"]},
    {
        "code": "PCT",
        "title": "Closed in 2 working days",
        "formula": "percent(closed_in_2, closed)",
        "precision": 1,
        "polarity": "high",
        "targets": [{"from": "2025-04", "value": "70"}],
        "rag": {"amber_within": "5", "of": "points"},
    },
    {"code": "COST", "title": "Cost", "formula": "cost", "precision": 2},
    {"code": "DAYS", "title": "Days", "formula": "mean_days", "precision": 1, "polarity": "low"},
    {"code": "OPEN", "unit": "count", "title": "Open", "formula": "open_now", "periods": ["month"]},
    {"code": "EACH", "title": "Cost of each", "formula": "COST / received", "precision": 2},
]
LEDGER = {
    "code": "cards",
    "dataset": "payments",
    "unit": "unit",
    "date": "paid",
    "amount": "amount",
}
PAYMENTS = {
    "code": "payments",
    "title": "Payments",
    "key": ["n"],
    "fields": [
        {"name": "n", "type": "text"},
        {"name": "unit", "type": "text"},
        {"name": "paid", "type": "date"},
        {"name": "amount", "type": "money"},
    ],
}
MATRIX = {
    "code": "default",
    "likelihood": 5,
    "impact": 5,
    "bands": [{"name": "low", "from": 1}, {"name": "high", "from": 10}],
}
RISKS = {
    "code": "risks",
    "title": "Risks",
    "role": "risk",
    "key": ["reference"],
    "fields": [
        {"name": "reference", "type": "text"},
        {"name": "title", "type": "text"},
        {"name": "likelihood", "type": "integer"},
        {"name": "impact", "type": "integer"},
        {"name": "indicators", "type": "text"},
    ],
}

# Good Friday 2025 is 18 April, Easter Monday the 21st.
REQUESTS = [
    ("1", "2025-04-17T09:00:00", "2025-04-23T00:00:00", "Abbey", "10.50"),  # 2 working days
    ("2", "2025-04-17T09:00:00", "2025-04-24T00:00:00", "Abbey", "0.25"),  # 3 working days
    ("3", "2025-04-30T16:00:00", "2025-05-01T08:00:00", None, None),  # 1 working day
    ("4", "2025-05-02T10:00:00", "2025-04-30T00:00:00", "Old Town", "4"),  # closed before
    ("5", "2025-05-05T10:00:00", None, "Old Town", "-3.10"),
]


def definition(kind: str, body: dict[str, Any], version: int = 1) -> Row:
    """A definition as ingest's store keeps it."""
    return Row("irf.catalogue", f"{kind}/{body['code']}", version, json.dumps(body).encode())


def record(dataset: str, key: str, **fields: Any) -> Row:
    """A record as ingest's store keeps it."""
    body = {"dataset": dataset, "key": key, "fields": fields}
    return Row("irf.records", f"{dataset}/{key}", 1, json.dumps(body).encode())


def owned() -> list[Row]:
    """Ingest's store."""
    return [
        *(definition("dataset", body) for body in (DATASET, PAYMENTS, RISKS)),
        *(definition("measure", body) for body in MEASURES),
        *(definition("indicator", body, version=3) for body in INDICATORS),
        definition("ledger", LEDGER),
        definition("risk-matrix", MATRIX),
        *(
            record("requests", ref, ref=ref, received=received, closed=closed, ward=ward, cost=cost)
            for ref, received, closed, ward, cost in REQUESTS
        ),
        Row("irf.records", "requests/6", 2, None),
        record(
            "payments", "a", n="a", unit="Parks & Open Spaces", paid="2025-04-03", amount="12.34"
        ),
        record(
            "payments", "b", n="b", unit="Parks & Open Spaces", paid="2025-04-09", amount="-2.34"
        ),
        record("payments", "c", n="c", unit="Libraries", paid="2025-05-09", amount="7"),
        record(
            "risks", "R/1", reference="R/1", title="One", likelihood=5, impact=2, indicators="PCT"
        ),
        record("risks", "R2", reference="R2", title="Two", likelihood=3, impact=3),
        record("risks", "R3", reference="R3", title="Off the matrix", likelihood=6, impact=3),
    ]
