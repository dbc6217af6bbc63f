"""Holds what is published against the recompute, subject by subject.

Rule: every published state is compared, every state that must exist is looked for, and one that
must not exist must be deleted. A mismatch names the subject, what is published and what it should
be. Numbers are compared as numbers, however they are written; values of indicators as written.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from deploy.verify.books import contract_states, finance_states
from deploy.verify.desk import Published
from deploy.verify.hints import hints
from deploy.verify.identities import identities
from deploy.verify.indicators import Indicators
from deploy.verify.measures import Input
from deploy.verify.numbers import plain
from deploy.verify.prompts import Around
from deploy.verify.registers import register_states
from deploy.verify.report import ABSENT, Mismatch, Report
from deploy.verify.reviews import as_compared, is_of_review, review_states
from deploy.verify.source import Definitions, Json, Row, london_today, records_by_dataset
from deploy.verify.states import READ_OF_RISK, compared_hints, compared_states

__all__ = ["Mismatch", "Report", "differing", "verify"]

UNDEFINED = "nothing: there is no such value"
# What a published state leaves unsaid.
UNSAID: Json = {"status": "", "due": None, "small": False, "source": "", "target": None}


def verify(owned: Iterable[Row], held: Iterable[Row], today: date | None = None) -> Report:
    """Compares ingest's current records and definitions with the publisher's states, as they are
    on the system's business date (today's date in London where none is given)."""
    rows = list(owned)
    definitions = Definitions(rows)
    records = records_by_dataset(rows)
    published: dict[str, dict[str, Json | None]] = {}
    for row in held:
        state = None if row.body is None else json.loads(row.body)
        published.setdefault(row.topic, {})[row.subject] = state
    today = today or london_today()
    figures = Indicators(definitions, records, today)
    money = published.get("irf.finance", {})
    pointers = {s: state for s, state in money.items() if s.startswith("hint/")}
    others = {s: state for s, state in money.items() if s not in pointers}
    budgets = finance_states(definitions, records, today)
    contracts = contract_states(definitions, records, today)
    registers = register_states(
        definitions, records, today, Around(figures.newest, budgets, contracts)
    )
    risks = published.get("irf.risks", {})
    said = Published(figures.expected, figures.state, budgets, registers)
    reports = [
        _indicators(figures, published.get("irf.indicators", {})),
        compared_states(budgets, others),
        compared_hints(hints(definitions, records), pointers),
        identities(definitions, records, today, money),
        compared_states(contracts, published.get("irf.contracts", {})),
        compared_states(
            registers,
            {s: state for s, state in risks.items() if not is_of_review(s)},
            READ_OF_RISK,
        ),
        compared_states(
            review_states(definitions, records, today, said),
            {s: as_compared(state) for s, state in risks.items() if is_of_review(s)},
        ),
    ]
    return Report(
        sum(report.compared for report in reports),
        [mismatch for report in reports for mismatch in report.mismatches],
    )


def _indicators(expected: Indicators, published: Mapping[str, Json | None]) -> Report:
    subjects = sorted({*expected.expected(), *published})
    found = []
    for subject in subjects:
        state = published.get(subject)
        should = expected.state(subject)
        if state is None:
            if should is not None:
                found.append(Mismatch(subject, ABSENT, _short(should, should)))
        elif should is None:
            found.append(Mismatch(subject, _short(state, state), UNDEFINED))
        elif wrong := differing(state, should):
            found.append(Mismatch(subject, _short(state, wrong), _short(should, wrong)))
    return Report(len(subjects), found)


def differing(state: Json, should: Json) -> list[str]:
    """The names of what differs between a published state of an indicator and the recompute."""
    return [name for name in should if not _agree(name, state, should[name])]


def _agree(name: str, state: Json, should: Any) -> bool:
    said: Any = state.get(name, UNSAID.get(name))
    if name == "measures":
        return set(said) == set(should) and all(
            _same_input(said[code], came_to) for code, came_to in should.items()
        )
    if name == "rag":
        return bool(said["outcome"] == should["outcome"]) and all(
            _same_limits(said.get(colour) or [], should[colour]) for colour in ("green", "amber")
        )
    if name == "target" and said and should:
        return bool(said.get("basis", "set") == should["basis"]) and all(
            _same_number(said.get(part), should[part]) for part in ("value", "low", "high", "floor")
        )
    return bool(said == should)


def _same_number(said: str | None, should: str | None) -> bool:
    if not said or not should:
        return not said and not should
    return Fraction(said) == Fraction(should)


def _same_limits(said: list[str | None], should: list[str | None]) -> bool:
    return len(said) == len(should) and all(map(_same_number, said, should))


def _same_input(state: Json, came_to: Input) -> bool:
    if (state["records"], state.get("definition", 0)) != (came_to.records, came_to.definition):
        return False
    return _same_number(state["value"], None if came_to.value is None else plain(came_to.value))


def _short(state: Json, names: Iterable[str]) -> str:
    shown = {name: _plain(state.get(name)) for name in names}
    return json.dumps(shown, ensure_ascii=False)[:400]


def _plain(value: Any) -> Any:
    if isinstance(value, Input):
        shown = None if value.value is None else plain(value.value)
        return {"value": shown, "records": value.records, "definition": value.definition}
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
