"""A register of a few risks, and plans of a few actions and projects, changed as a test needs them.

Each field of a role stands under its own name, and the role is the dataset.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from deploy.verify.prompts import Around
from deploy.verify.registers import register_states
from deploy.verify.source import Definitions, Json, Row, records_by_dataset
from tests.unit.verify.a_council import definition, record

TODAY = date(2026, 1, 5)
ROLES = (
    "risk", "risk-control", "risk-review", "risk-move", "action", "project", "project-milestone",
)  # fmt: skip
MATRIX: Json = {
    "code": "matrix",
    "likelihood": 5,
    "impact": 5,
    "bands": [
        {"name": "Low", "from": 1, "review_months": 12},
        {"name": "Medium", "from": 5, "review_months": 6},
        {"name": "High", "from": 10},
        {"name": "Severe", "from": 20, "review_months": 1},
    ],
    "criteria": [
        {"category": "money", "money": ["1000", "25000.50", "100000", "1000000"]},
        {"category": "people", "levels": ["a", "b", "c", "d", "e"]},
    ],
}
POLICY: Json = {
    "code": "policy",
    "categories": [
        {"code": "money", "name": "Money", "appetite_to": 6, "tolerance_to": 12},
        {"code": "people", "name": "People", "appetite": "averse", "appetite_to": 4},
        {"code": "law", "name": "Law", "appetite": "minimal"},
    ],
    "tiers": [
        {"code": "service", "name": "Service"},
        {"code": "directorate", "name": "Directorate", "escalate_from": 10},
        {"code": "corporate", "name": "Corporate", "escalate_from": 16},
    ],
}
SERVICES: list[Json] = [
    {"code": "roads", "name": "Roads", "directorate": "place", "portfolio": "transport"},
    {"code": "vault", "name": "Vault"},
]
INDICATORS: list[Json] = [
    {"code": "I-1", "title": "Potholes", "formula": "m", "unit": "count", "periods": ["month"]},
]

# What the indicator counts: of that there is nothing.
COUNTED: Json = {
    "code": "pits", "title": "Pits", "key": ["n"], "fields": [{"name": "on", "type": "date"}],
}  # fmt: skip
MEASURE: Json = {"code": "m", "dataset": "pits", "aggregate": "count", "date": "on"}

# The records of each role; the place in the list is the key.
Rows = Mapping[str, Iterable[Mapping[str, Any]]]
NOTHING = Around(lambda code, kind: None, {}, {})


def owned(
    rows: Rows, matrix: Json | None = MATRIX, policy: Json | None = POLICY, more: Iterable[Row] = ()
) -> list[Row]:
    """Ingest's store."""
    return [
        *(() if matrix is None else (definition("risk-matrix", matrix),)),
        *(() if policy is None else (definition("risk-policy", policy),)),
        *(definition("service", each) for each in SERVICES),
        *(definition("indicator", each) for each in INDICATORS),
        definition("dataset", COUNTED),
        definition("measure", MEASURE),
        *(
            definition("dataset", {"code": role, "title": role, "fields": [], "role": role})
            for role in ROLES
        ),
        *(
            record(role, str(number), **fields)
            for role, each in rows.items()
            for number, fields in enumerate(each)
        ),
        *more,
    ]


def states(
    rows: Rows,
    around: Around = NOTHING,
    today: date = TODAY,
    matrix: Json | None = MATRIX,
    policy: Json | None = POLICY,
) -> dict[str, Json]:
    """The recompute over these records."""
    held = owned(rows, matrix, policy)
    return register_states(Definitions(held), records_by_dataset(held), today, around)


def as_published(states: Mapping[str, Json]) -> dict[str, Json]:
    """States of the recompute as the contracts write them: actions and projects leave unsaid what
    is blank, and a project that it is open."""
    found = {}
    for subject, state in states.items():
        written = state | {"rag": {"outcome": state["rag"], "rule": "By a rule."}}
        if state["kind"] == "risk":
            written["prompts"] = {
                key: prompt | {"says": "Look."} for key, prompt in state["prompts"].items()
            }
        else:
            said = {name: each for name, each in written.items() if each or each == 0}
            if said.get("open"):
                del said["open"]
            written = said
        found[subject] = written
    return found
