"""Holds what is published against the recompute, subject by subject.

Rule: every published state is compared, also those with no record left, and every state that
must exist is looked for. A mismatch names the subject, what is published and what it should be.
"""

import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from deploy.verify.indicators import Indicators
from deploy.verify.measures import Input
from deploy.verify.money import finance, risks
from deploy.verify.source import Definitions, Json, Row, records_by_dataset

ABSENT = "not published"
UNDEFINED = "nothing: no definition asks for it"
# A mean that does not end is published cut to some digits; anything beyond is no difference.
SAME_ENOUGH = Fraction(1, 10**9)


class Mismatch(NamedTuple):
    """One published state that is not what the records say."""

    subject: str
    published: str
    recomputed: str


class Report(NamedTuple):
    """How many states were compared, and which were wrong."""

    compared: int
    mismatches: list[Mismatch]


def verify(owned: Iterable[Row], held: Iterable[Row]) -> Report:
    """Compares ingest's current records and definitions with the publisher's states."""
    rows = list(owned)
    definitions = Definitions(rows)
    records = records_by_dataset(rows)
    published: dict[str, dict[str, Json | None]] = {}
    for row in held:
        state = None if row.body is None else json.loads(row.body)
        published.setdefault(row.topic, {})[row.subject] = state
    reports = [
        _indicators(Indicators(definitions, records), published.get("irf.indicators", {})),
        _states(finance(definitions, records), published.get("irf.finance", {})),
        _states(risks(definitions, records), published.get("irf.risks", {})),
    ]
    return Report(
        sum(report.compared for report in reports),
        [mismatch for report in reports for mismatch in report.mismatches],
    )


def _indicators(expected: Indicators, published: Mapping[str, Json | None]) -> Report:
    required = set(expected.expected())
    subjects = sorted({*required, *published})
    found = []
    for subject in subjects:
        state = published.get(subject)
        should = expected.state(subject)
        if state is None:
            if subject in required:
                found.append(Mismatch(subject, ABSENT, _short(should or {}, should or {})))
        elif should is None:
            found.append(Mismatch(subject, _short(state, state), UNDEFINED))
        elif wrong := [name for name in should if not _agree(name, state, should)]:
            differing = {name: should[name] for name in wrong}
            found.append(Mismatch(subject, _short(state, differing), _short(should, differing)))
    return Report(len(subjects), found)


def _agree(name: str, state: Json, should: Json) -> bool:
    if name == "rag":
        return bool(state["rag"]["outcome"] == should["rag"])
    if name == "measures":
        return set(state["measures"]) == set(should["measures"]) and all(
            _same_input(state["measures"][code], came_to)
            for code, came_to in should["measures"].items()
        )
    if name == "target" and state["target"] and should["target"]:
        return Fraction(state["target"]["value"]) == Fraction(should["target"]["value"])
    return bool(state[name] == should[name])


def _same_input(state: Json, came_to: Input) -> bool:
    if state["records"] != came_to.records or (state["value"] is None) != (came_to.value is None):
        return False
    if came_to.value is None:
        return True
    allowed = SAME_ENOUGH * max(Fraction(1), abs(came_to.value))
    return abs(Fraction(state["value"]) - came_to.value) <= allowed


def _states(expected: Mapping[str, Json], published: Mapping[str, Json | None]) -> Report:
    subjects = sorted({*expected, *published})
    found = []
    for subject in subjects:
        state = published.get(subject)
        should = expected.get(subject)
        if should is None:
            if state is not None:
                found.append(Mismatch(subject, _short(state, state), "deleted"))
        elif state is None:
            found.append(Mismatch(subject, ABSENT, _short(should, should)))
        elif any(state.get(name) != value for name, value in should.items()):
            found.append(Mismatch(subject, _short(state, should), _short(should, should)))
    return Report(len(subjects), found)


def _short(state: Json, names: Iterable[str]) -> str:
    shown = {name: _plain(state.get(name)) for name in names}
    return json.dumps(shown, ensure_ascii=False)[:400]


def _plain(value: Any) -> Any:
    if isinstance(value, Input):
        return {
            "value": None if value.value is None else str(value.value),
            "records": value.records,
        }
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return value
