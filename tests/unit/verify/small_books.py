"""Books of a few records, changed as a test needs them, and what a right publisher would hold."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from deploy.verify.books import contract_states, finance_states
from deploy.verify.hints import hints
from deploy.verify.source import Definitions, Json, Row, records_by_dataset
from tests.unit.verify.a_council import definition, record

ACCOUNTS: Json = {
    "code": "accounts",
    "name": "Accounts",
    "funds": [{"code": "GF", "name": "General Fund"}, {"code": "HRA", "name": "Housing"}],
    "subjectives": [
        {"code": "1", "name": "Employees", "accounts": ["10*", "2099"]},
        {"code": "2", "name": "Premises", "accounts": ["20*", "105*"]},
        {"code": "9", "name": "Income", "accounts": ["9*"]},
    ],
    "profiles": [{"code": "winter", "shares": [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0]}],
    "virement_levels": [
        {"name": "Officer", "up_to": "500"},
        {"name": "Cabinet", "up_to": "5000", "approval": "for approval"},
        {"name": "Council", "approval": "for approval"},
    ],
}
SERVICES: list[Json] = [
    {
        "code": "roads",
        "name": "Roads",
        "directorate": "place",
        "portfolio": "transport",
        "earlier": [
            {"until": "2025-03", "directorate": "works", "portfolio": "streets"},
            {"until": "2025-05", "directorate": "works", "portfolio": "transport"},
        ],
    },
    {"code": "homes", "name": "Homes", "directorate": "people", "portfolio": "housing"},
]
TODAY = date(2025, 10, 15)
# Each field of a role stands under its own name; only the role matters to the recompute.
ROLES = (
    *("cost-centre", "posting", "budget", "virement", "commitment", "forecast", "saving"),
    *("reserve", "control-total", "capital-scheme", "capital-budget", "capital-movement"),
    *("capital-posting", "capital-forecast", "capital-funding", "milestone", "contract"),
    *("contract-kpi", "intention"),
)

# The records of each role, of which each names only the fields that matter; the role is the
# dataset, and the place in the list the key.
Rows = Mapping[str, Iterable[Mapping[str, Any]]]


def owned(rows: Rows, accounts: Json = ACCOUNTS, more: Iterable[Row] = ()) -> list[Row]:
    """Ingest's store."""
    return [
        definition("accounts", accounts),
        *(definition("service", service) for service in SERVICES),
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


def states(rows: Rows, accounts: Json = ACCOUNTS, today: date = TODAY) -> dict[str, Json]:
    """The recompute of money and contracts over these records."""
    held = owned(rows, accounts)
    definitions, records = Definitions(held), records_by_dataset(held)
    return finance_states(definitions, records, today) | contract_states(
        definitions, records, today
    )


def published(held: list[Row], today: date = TODAY) -> list[Row]:
    """What a right publisher would hold, in the shape of the contracts: what is blank unsaid."""
    definitions, records = Definitions(held), records_by_dataset(held)
    rows = [
        Row(topic, subject, 1, json.dumps(as_published(state)).encode())
        for topic, each in (
            ("irf.finance", finance_states(definitions, records, today)),
            ("irf.contracts", contract_states(definitions, records, today)),
        )
        for subject, state in each.items()
    ]
    for (ledger, kind), groups in hints(definitions, records).items():
        for mark, group in enumerate(sorted(sorted(group) for group in groups)):
            hint = {"ledger": ledger, "hint": kind, "records": group}
            subject = f"hint/{ledger}/{kind}/{mark}"
            rows.append(Row("irf.finance", subject, 1, json.dumps(hint).encode()))
    return rows


def as_published(state: Json) -> Json:
    """A state of the recompute as the contracts write it."""
    written = dict(state)
    if "rag" in state:
        written["rag"] = {"outcome": state["rag"], "rule": "By a rule."}
    if "stated" in state:
        written["stated"] = {str(n): {"amount": each} for n, each in enumerate(state["stated"])}
    if "milestones" in state:
        written["milestones"] = {
            str(n): {"title": "", "planned": "", "outcome": each}
            for n, each in enumerate(state["milestones"])
        }
    if "held_movements" in state:
        movements = range(written.pop("held_movements"))
        written["movements"] = {str(n): {"held": "It names no year"} for n in movements}
    if "kpis" in state:
        written["kpis"] = {str(n): {"indicator": each} for n, each in enumerate(state["kpis"])}
    if isinstance(state.get("held"), bool):
        written["held"] = "It does not net to nought" if state["held"] else ""
    return {name: value for name, value in written.items() if value not in ("", None, {}, [])}
