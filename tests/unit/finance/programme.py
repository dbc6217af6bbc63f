"""A small capital programme, savings and reserves: the datasets, and short ways of writing their
records."""

from typing import Any

from tests.unit.finance.council import ACCOUNTS, SERVICES

Json = dict[str, Any]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "capital-scheme": (
        "scheme", "title", "service", "portfolio", "manager", "status", "summary",
    ),
    "capital-budget": ("reference", "scheme", "year", "amount", "approval", "decision"),
    "capital-movement": (
        "reference", "scheme", "change", "amount", "from_year", "to_year", "status", "reason",
        "decision",
    ),
    "capital-posting": ("scheme", "amount", "year", "period", "date"),
    "capital-forecast": ("scheme", "year", "period", "amount", "reason"),
    "capital-funding": ("reference", "scheme", "year", "source", "amount"),
    "milestone": ("scheme", "milestone", "title", "planned", "forecast", "achieved"),
    "saving": (
        "reference", "title", "year", "target", "delivered", "forecast", "service", "portfolio",
        "owner", "mitigation",
    ),
    "reserve": (
        "reserve", "name", "year", "opening", "planned_in", "planned_out", "minimum", "fund",
        "purpose",
    ),
}  # fmt: skip
# Of these roles one record says what a thing is.
KEYS = {
    "capital-scheme": ["scheme"], "saving": ["year", "reference"], "reserve": ["year", "reserve"],
}  # fmt: skip
_TYPES = {
    **dict.fromkeys(
        ("amount", "target", "delivered", "opening", "planned_in", "planned_out", "minimum"),
        "money",
    ),
    **dict.fromkeys(("year", "from_year", "to_year"), "financial-year"),
    **dict.fromkeys(("date", "planned", "achieved"), "date"),
    "period": "period",
}  # fmt: skip


def _type(role: str, name: str) -> str:
    if name == "forecast":
        return "date" if role == "milestone" else "money"
    return _TYPES.get(name, "text")


DATASETS: dict[str, Json] = {
    f"dataset/{role}s": {
        "code": f"{role}s",
        "title": role,
        "key": KEYS.get(role, "content"),
        "role": role,
        "fields": [{"name": name, "type": _type(role, name)} for name in columns],
    }
    for role, columns in _COLUMNS.items()
}
CATALOGUE: dict[str, Json] = {"accounts/council": ACCOUNTS, **SERVICES, **DATASETS}


def key_of(role: str, fields: Json) -> str | None:
    """The key of a record of a role of which one record says what a thing is."""
    names = KEYS.get(role)
    return None if names is None else "-".join(str(fields[name]) for name in names)


def record(role: str, key: str | None = None, **fields: Any) -> dict[str, Json]:
    """A record of the dataset of a role, by its subject."""
    key = key or key_of(role, fields)
    dataset = f"{role}s"
    filled = dict.fromkeys(_COLUMNS[role]) | fields
    return {f"{dataset}/{key}": {"dataset": dataset, "key": key, "fields": filled}}
