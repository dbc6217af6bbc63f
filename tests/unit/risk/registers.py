"""A small council's risk part: definitions, short ways of writing its records, and what other
services say of the things that its risks name."""

from typing import Any

import msgspec

from shared.contracts import subjects
from shared.contracts.commissioning import Contract
from shared.contracts.finance import CostCentreYear, Figures, Node
from shared.contracts.judged import RagState
from shared.contracts.states import IndicatorValue, PeriodState

Json = dict[str, Any]

MATRIX: Json = {
    "code": "matrix",
    "likelihood": 5,
    "impact": 5,
    "bands": [
        {"name": "Low", "from": 1, "review_months": 12},
        {"name": "Medium", "from": 5, "review_months": 6},
        {"name": "High", "from": 10},
        {"name": "Very high", "from": 16, "review_months": 1},
    ],
    "criteria": [{"category": "money", "money": ["1000", "25000", "100000", "1000000"]}],
}
POLICY: Json = {
    "code": "policy",
    "categories": [
        {"code": "money", "name": "Money", "appetite_to": 6, "tolerance_to": 12},
        {"code": "people", "name": "People", "appetite": "averse", "appetite_to": 4},
    ],
    "tiers": [
        {"code": "service", "name": "Service"},
        {"code": "directorate", "name": "Directorate", "escalate_from": 10},
        {"code": "corporate", "name": "Corporate", "escalate_from": 16},
    ],
}
SERVICES: dict[str, Json] = {
    "service/parks": {
        "code": "parks", "name": "Parks", "directorate": "place", "portfolio": "nature",
    },
    "service/waste": {"code": "waste", "name": "Waste", "directorate": "place"},
}  # fmt: skip
INDICATORS: dict[str, Json] = {
    f"indicator/{code}": {
        "code": code, "title": code, "formula": "m", "unit": "count", "polarity": "low", **more,
    }
    for code, more in (("I-1", {}), ("I-2", {"frequency": "month"}), ("I-3", {"periods": ["day"]}))
}  # fmt: skip

_LINKS = ("indicators", "cost_centres")
_COLUMNS: dict[str, tuple[str, ...]] = {
    "risk": (
        "reference", "title", "service", "portfolio", "owner", "status", "nature", "cause", "event",
        "consequence", "category", "tier", "likelihood", "impact", "inherent_likelihood",
        "inherent_impact", "target_likelihood", "target_impact", "target_date", "response",
        "proximity", "velocity", "exposure", "opened", "closed", "objective", *_LINKS, "contracts",
        "projects",
    ),
    "risk-control": ("risk", "control", "title", "owner", "line", "effectiveness", "assured"),
    "risk-review": (
        "risk", "reviewed", "review", "likelihood", "impact", "reason", "considered", "by",
    ),
    "risk-move": ("risk", "moved", "tier", "reason", "by"),
    "action": (
        "reference", "title", "service", "portfolio", "owner", "description", "status", "progress",
        "start", "due", "forecast", "done", *_LINKS, "risks", "projects",
    ),
    "project": (
        "reference", "title", "service", "portfolio", "programme", "sponsor", "manager", "status",
        "rag", "start", "end", "forecast_end", "budget", "scheme", "summary", *_LINKS, "risks",
    ),
    "project-milestone": ("project", "milestone", "title", "planned", "forecast", "achieved"),
}  # fmt: skip
_DAYS = (
    "target_date", "opened", "closed", "assured", "reviewed", "moved", "start", "due", "forecast",
    "done", "end", "forecast_end", "planned", "achieved",
)  # fmt: skip
_TYPES = {
    **dict.fromkeys(_DAYS, "date"), "exposure": "money", "budget": "money", "progress": "integer",
    **{
        name: "integer"
        for of in ("", "inherent_", "target_")
        for name in (f"{of}likelihood", f"{of}impact")
    },
}  # fmt: skip
# Datasets by the roles they have: a partnership has a register of its own.
ROLE_OF = {f"{role}s": role for role in _COLUMNS} | {"partnership": "risk"}
DATASETS: dict[str, Json] = {
    f"dataset/{code}": {
        "code": code,
        "title": code,
        "key": ["reference"] if "reference" in _COLUMNS[role] else "content",
        "role": role,
        "fields": [{"name": name, "type": _TYPES.get(name, "text")} for name in _COLUMNS[role]],
    }
    for code, role in ROLE_OF.items()
}
CATALOGUE: dict[str, Json] = {
    "risk-matrix/matrix": MATRIX, "risk-policy/policy": POLICY, **SERVICES, **INDICATORS,
    **DATASETS,
}  # fmt: skip


def record(dataset: str, key: str, **fields: Any) -> dict[str, Json | None]:
    """A record of a dataset, by its subject."""
    blank = dict.fromkeys(_COLUMNS[ROLE_OF[dataset]])
    body = {"dataset": dataset, "key": key, "fields": {**blank, **fields}}
    return {subjects.record(dataset, key): body}


def risk(reference: str = "R1", likelihood: Any = 3, impact: Any = 3, **more: Any) -> Any:
    """A risk of the council's register."""
    usual = {"title": "Loss of a supplier", "likelihood": likelihood, "impact": impact}
    return record("risks", reference, reference=reference, **{**usual, **more})


def review(key: str, on: str, reference: str = "R1", **more: Any) -> Any:
    """A review of a risk."""
    return record("risk-reviews", key, risk=reference, reviewed=on, **more)


def move(key: str, on: str, tier: str, reference: str = "R1", **more: Any) -> Any:
    """A move of a risk to a tier."""
    return record("risk-moves", key, risk=reference, moved=on, tier=tier, **more)


# What other services say

# Kinds of period, first and last days, by the codes of periods.
PERIODS = {
    "2025-26-Q2": ("quarter", "2025-07-01", "2025-09-30"),
    "2025-26-Q3": ("quarter", "2025-10-01", "2025-12-31"),
    "2025-26-Q4": ("quarter", "2026-01-01", "2026-03-31"),
    "2025-11": ("month", "2025-11-01", "2025-11-30"),
    "2025-12": ("month", "2025-12-01", "2025-12-31"),
    "2026-01": ("month", "2026-01-01", "2026-01-31"),
    "2026-01-04": ("day", "2026-01-04", "2026-01-04"),
    "2026-01-05": ("day", "2026-01-05", "2026-01-05"),
    "2026-01-06": ("day", "2026-01-06", "2026-01-06"),
}


def value(code: str, period: str, outcome: str, member: str = "all") -> dict[str, Json | None]:
    """An indicator's value, as its service says it."""
    state = IndicatorValue(
        indicator=code,
        period=PeriodState(period, *PERIODS[period]),
        breakdown=None,
        value="1",
        reason=None,
        unit="count",
        formula="m",
        definition=1,
        measures={},
        target=None,
        rag=RagState(outcome, "By a rule."),
    )
    return {subjects.indicator_value(code, period, member): _json(state)}


def budget(cost_centre: str, year: str, period: int, outcome: str) -> dict[str, Json | None]:
    """A cost centre's year, as finance says it."""
    state = CostCentreYear(
        cost_centre=cost_centre,
        year=year,
        name=f"{cost_centre} name",
        known=True,
        is_now=Node(),
        was=[],
        period=period,
        figures=Figures(),
        rag=RagState(outcome, "By a rule."),
        lines={},
    )
    return {subjects.cost_centre_year(year, cost_centre): _json(state)}


def contract(reference: str, stage: str, expiry: str = "2026-03-31") -> dict[str, Json | None]:
    """A contract, as finance says it."""
    state = Contract(
        reference=reference,
        title="Bins",
        start="2020-04-01",
        end="2026-03-31",
        expiry=expiry,
        last_expiry=expiry,
        decision_by="",
        stage=stage,
        on_horizon=False,
        spent=0,
    )
    return {subjects.contract(reference): _json(state)}


def _json(state: msgspec.Struct) -> Json:
    found: Json = msgspec.json.decode(msgspec.json.encode(state))
    return found
