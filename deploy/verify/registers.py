"""Every risk, action and project that must be published on irf.risks, by its subject."""

from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import quote

from deploy.verify.accounting import Books
from deploy.verify.plans_of_action import actions, projects
from deploy.verify.prompts import Around, Prompts
from deploy.verify.risks import Register
from deploy.verify.source import Definitions, Json, Record


def register_states(
    definitions: Definitions,
    records: Mapping[str, Sequence[Record]],
    today: date,
    around: Around,
) -> dict[str, Json]:
    """Every state of these kinds. Without a matrix nothing is scored, so no risk is published."""
    books = Books(definitions, records, today)
    found = {"action": actions(books), "project": projects(books)}
    matrix = next(iter(definitions.of("risk-matrix").values()), None)
    if matrix is not None:
        policy = next(iter(definitions.of("risk-policy").values()), {})
        prompts = Prompts(definitions.of("indicator"), policy, around, books.today)
        found["risk"] = Register(books, matrix, policy, prompts).risks()
    return {
        f"{kind}/{quote(reference, safe='')}": state
        for kind, states in found.items()
        for reference, state in states.items()
    }
