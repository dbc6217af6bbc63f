"""A matrix, two registers over their own datasets, and records to fill them."""

from typing import Any

from shared.contracts import subjects

MATRIX: dict[str, Any] = {
    "code": "default",
    "likelihood": 5,
    "impact": 5,
    "bands": [
        {"name": "low", "from": 1},
        {"name": "medium", "from": 5},
        {"name": "high", "from": 10},
        {"name": "very high", "from": 16},
    ],
}
REGISTER: dict[str, Any] = {
    "code": "corporate",
    "dataset": "risk-register",
    "reference": "ref",
    "title": "title",
    "service": "service",
    "owner": "owner",
    "status": "status",
    "likelihood": "likelihood",
    "impact": "impact",
    "target_likelihood": "target_likelihood",
    "target_impact": "target_impact",
}
SECOND: dict[str, Any] = {**REGISTER, "code": "directorate", "dataset": "place-risks"}
# Where the dataset's key is the reference, and where it is not.
KEYED: dict[str, Any] = {
    "code": "risk-register",
    "title": "Corporate risk register",
    "key": ["ref"],
    "fields": [{"name": "ref", "type": "text"}],
}
DEFINITIONS: dict[str, dict[str, Any] | None] = {
    "risk-matrix/default": MATRIX,
    "risk-register/corporate": REGISTER,
    "dataset/risk-register": KEYED,
}


def record(ref: str | None, likelihood: Any, impact: Any, **others: Any) -> dict[str, Any]:
    """A record of the corporate register, whose key is its reference."""
    fields = {"ref": ref, "title": "Loss of a supplier", "likelihood": likelihood} | others
    return {"dataset": "risk-register", "key": ref or "?", "fields": fields | {"impact": impact}}


def records(*found: dict[str, Any]) -> dict[str, dict[str, Any] | None]:
    """Records by subject."""
    return {subjects.record(each["dataset"], each["key"]): each for each in found}
