"""A small contracts register: the datasets, and short ways of writing their records."""

from typing import Any

from tests.unit.finance.council import ACCOUNTS, SERVICES

Json = dict[str, Any]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "contract": (
        "reference", "title", "supplier", "start", "end", "expiry", "total_value", "annual_value",
        "extension_months", "extensions_taken", "notice_months", "decision_by", "service",
        "portfolio", "sme",
    ),
    "contract-kpi": ("contract", "indicator", "title"),
    "intention": (
        "reference", "title", "option", "status", "contract", "decision_by", "decided", "service",
        "indicators", "risks", "value",
    ),
    "posting": ("cost_centre", "subjective", "amount", "year", "period", "date", "contract"),
    "capital-posting": ("scheme", "amount", "year", "period", "date", "contract"),
}  # fmt: skip
_TYPES = {
    "amount": "money", "year": "financial-year", "period": "period", "date": "date",
    "start": "date", "end": "date", "expiry": "date", "decision_by": "date", "decided": "date",
    "total_value": "money", "annual_value": "money", "value": "money",
    "extensions_taken": "integer", "notice_months": "integer", "sme": "boolean",
}  # fmt: skip
DATASETS: dict[str, Json] = {
    f"dataset/{role}s": {
        "code": f"{role}s",
        "title": role,
        "key": "content",
        "role": role,
        "fields": [{"name": name, "type": _TYPES.get(name, "text")} for name in columns],
    }
    for role, columns in _COLUMNS.items()
}
CATALOGUE: dict[str, Json] = {"accounts/council": ACCOUNTS, **SERVICES, **DATASETS}


def record(role: str, key: str, **fields: Any) -> dict[str, Json]:
    """A record of the dataset of a role, by its subject."""
    body = {
        "dataset": f"{role}s",
        "key": key,
        "fields": {**dict.fromkeys(_COLUMNS[role]), **fields},
    }
    return {f"{role}s/{key}": body}


def contract(key: str = "C1", **fields: Any) -> dict[str, Json]:
    """A contract that is in force for years to come; its reference is its key."""
    usual = {"reference": key, "title": "Bins", "start": "2020-04-01", "end": "2030-03-31"}
    return record("contract", key, **{**usual, **fields})


def intention(key: str = "I1", **fields: Any) -> dict[str, Json]:
    """What follows contract C1, proposed; its reference is its key."""
    usual = {
        "reference": key, "title": "Bins again", "option": "Recommission", "status": "Proposed",
        "contract": "C1",
    }  # fmt: skip
    return record("intention", key, **{**usual, **fields})


def payment(key: str, amount: str, contract: str | None = "C1", **fields: Any) -> dict[str, Json]:
    """A posting of P01 of 2025-26, under a contract's reference."""
    usual = {"cost_centre": "A", "subjective": "4100", "year": "2025-26", "period": "P01"}
    return record("posting", key, **{**usual, "amount": amount, "contract": contract, **fields})
