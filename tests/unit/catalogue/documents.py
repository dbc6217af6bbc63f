"""A small catalogue without a problem, for tests to break in one place at a time."""

from copy import deepcopy
from typing import Any

_SMALL: dict[str, Any] = {
    "council": {
        "code": "sample-council",
        "name": "Sample council",
        "area_code": "E06999999",
        "sample": True,
        "closure_days": ["2025-12-29"],
        "no_denominator": "not calculable",
    },
    "directorates": [{"code": "place", "name": "Place"}],
    "portfolios": [{"code": "neighbourhoods", "name": "Neighbourhoods"}],
    "services": [
        {
            "code": "environmental-health",
            "name": "Environmental health",
            "directorate": "place",
            "portfolio": "neighbourhoods",
        }
    ],
    "themes": [{"code": "climate", "name": "Climate", "summary": "Carbon and waste"}],
    "datasets": [
        {
            "code": "requests",
            "title": "Requests",
            "system": "Uniform",
            "service": "environmental-health",
            "owner": "Manager",
            "key": ["ref"],
            "freshness_days": 7,
            "null_markers": ["", "-1"],
            "fields": [
                {"name": "ref", "headers": ["Ref"], "type": "text", "max_length": 64},
                {"name": "kind", "type": "text", "choices": ["Noise", "Odour"]},
                {
                    "name": "received",
                    "type": "datetime",
                    "formats": ["%d/%m/%Y %I:%M:%S %p"],
                    "required": True,
                },
                {"name": "closed", "type": "datetime"},
                {"name": "ward", "type": "text"},
                {"name": "cost", "type": "money", "minimum": "0", "maximum": "100.50"},
                {"name": "score", "type": "integer"},
            ],
        },
        {
            "code": "payments",
            "title": "Payments",
            "key": "content",
            "fields": [
                {"name": "unit", "type": "text"},
                {"name": "paid", "type": "date", "formats": ["%d/%m/%Y"]},
                {"name": "amount", "type": "money"},
            ],
        },
        {
            "code": "register",
            "title": "Risk register",
            "role": "risk",
            "key": ["reference"],
            "fields": [
                {"name": "reference", "type": "text"},
                {"name": "title", "type": "text"},
                {"name": "likelihood", "type": "integer"},
                {"name": "impact", "type": "integer"},
            ],
        },
    ],
    "measures": [
        {"code": "received", "dataset": "requests", "aggregate": "count", "date": "received"},
        {
            "code": "closed-in-10",
            "dataset": "requests",
            "aggregate": "count",
            "date": "closed",
            "where": "closed >= received and working_days(received, closed) <= 10",
        },
        {
            "code": "days-to-close",
            "dataset": "requests",
            "aggregate": "mean",
            "of": "days(received, closed)",
            "date": "closed",
        },
        {
            "code": "open-requests",
            "dataset": "requests",
            "aggregate": "open",
            "opened": "received",
            "closed": "closed",
        },
        {
            "code": "spend",
            "dataset": "payments",
            "aggregate": "sum",
            "of": "amount",
            "date": "paid",
        },
    ],
    "indicators": [
        {
            "code": "EP01",
            "title": "Requests received",
            "formula": "received",
            "unit": "count",
            "owner": "Manager",
            "breakdowns": ["ward"],
        },
        {
            "code": "EP02",
            "title": "Closed within 10 working days",
            "formula": "percent(closed_in_10, EP01)",
            "unit": "percentage",
            "precision": 1,
            "polarity": "high",
            "periods": ["month", "quarter"],
            "breakdowns": ["ward", "kind"],
            "service": "environmental-health",
            "owner": "Manager",
            "themes": ["climate"],
            "influence": "control",
            "targets": [
                {"from": "2014-04", "to": "2020-03", "value": "90"},
                {"from": "2020-04", "to": None, "value": 92.5},
            ],
            "rag": {"amber_within": 5, "of": "points"},
        },
        {
            "code": "EP03",
            "title": "Spend",
            "formula": "spend / received",
            "unit": "money",
            "owner": "Manager",
        },
    ],
    "ledgers": [
        {
            "code": "cards",
            "dataset": "payments",
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
        "criteria": [{"category": "money", "money": ["100", "200.50", "300", "400"]}],
    },
    "risk_policy": {
        "code": "policy",
        "categories": [
            {"code": "money", "name": "Money", "appetite_to": 4, "tolerance_to": 9},
            {"code": "people", "name": "People"},
        ],
        "tiers": [{"code": "team", "name": "Team"}, {"code": "top", "name": "Top"}],
    },
    "people": [
        {
            "code": "manager",
            "name": "A Manager",
            "post": "Manager",
            "roles": ["owner"],
            "services": ["environmental-health"],
            "directorates": ["place"],
            "portfolios": ["neighbourhoods"],
        },
        {"code": "officer", "name": "An Officer", "post": "Officer", "roles": ["publisher"]},
    ],
    "review_cycle": {"code": "quarterly", "owner_days": 20, "director_days": 30},
    "connectors": [
        {
            "code": "nightly",
            "title": "Nightly export",
            "kind": "folder",
            "place": "uniform/out",
            "dataset": "requests",
        }
    ],
}


def small() -> dict[str, Any]:
    return deepcopy(_SMALL)


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    """The small catalogue with one thing put in its place."""
    document = small()
    at: Any = document
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return document
