"""A small council's accounts: definitions, and short ways of writing its records."""

from typing import Any

Json = dict[str, Any]

FUNDS = [
    {"code": "general", "name": "General Fund"},
    {"code": "hra", "name": "Housing Revenue Account"},
]
ACCOUNTS: Json = {
    "code": "council",
    "name": "The council's accounts",
    "funds": FUNDS,
    "subjectives": [
        {"code": "employees", "name": "Employees", "accounts": ["1*"]},
        {"code": "supplies", "name": "Supplies and services", "accounts": ["4*", "1999"]},
        {"code": "income", "name": "Income", "accounts": ["9*"]},
    ],
    "profiles": [{"code": "summer", "shares": [0, 1, 2, 3, 3, 2, 1, 0, 0, 0, 0, 0]}],
    "virement_levels": [
        {"name": "Officer", "up_to": "500"},
        {"name": "Cabinet", "approval": "for approval"},
    ],
    "variance": {"amber_over": "0", "red_over": "2"},
}
# Parks was moved from Place to Communities after September 2025.
SERVICES: dict[str, Json] = {
    "service/parks": {
        "code": "parks",
        "name": "Parks",
        "directorate": "communities",
        "portfolio": "nature",
        "earlier": [{"until": "2025-09", "directorate": "place", "portfolio": "nature"}],
    },
    "service/waste": {
        "code": "waste", "name": "Waste", "directorate": "place", "portfolio": "neighbourhoods",
    },
    "service/homes": {"code": "homes", "name": "Council homes", "directorate": "place"},
}  # fmt: skip

_TEXT, _MONEY = "text", "money"
_COLUMNS: dict[str, tuple[str, ...]] = {
    "cost-centre": ("cost_centre", "name", "service", "fund", "valid_from", "valid_to", "manager"),
    "posting": ("cost_centre", "subjective", "amount", "year", "period", "date", "batch"),
    "budget": ("cost_centre", "subjective", "year", "amount", "period", "profile"),
    "virement": (
        "reference", "line", "cost_centre", "subjective", "year", "period", "amount", "status",
        "decision",
    ),
    "commitment": ("order", "cost_centre", "subjective", "amount", "year", "period", "date"),
    "forecast": (
        "cost_centre", "subjective", "year", "period", "amount", "one_off", "reason", "mitigation",
    ),
    "control-total": ("year", "period", "batch", "amount", "transactions"),
}  # fmt: skip
_TYPES = {
    "amount": "money", "one_off": "money", "year": "financial-year", "period": "period",
    "date": "date", "valid_from": "date", "valid_to": "date", "transactions": "integer",
}  # fmt: skip

# The datasets of the ledger, by their roles, and called as they are.
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
    blank = dict.fromkeys(_COLUMNS[role])
    dataset = f"{role}s"
    body = {"dataset": dataset, "key": key, "fields": {**blank, **fields}}
    return {f"{dataset}/{key}": body}


def centre(code: str, service: str, fund: str = "general", **fields: Any) -> dict[str, Json]:
    """A cost centre's record."""
    key = f"{code}-{fields.get('valid_from') or ''}"
    return record(
        "cost-centre", key, cost_centre=code, name=f"{code} name", service=service, fund=fund,
        **fields,
    )  # fmt: skip
