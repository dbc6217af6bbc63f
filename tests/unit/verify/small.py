"""A catalogue of one dataset, one measure and one indicator, changed as a test needs it."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from deploy.verify.indicators import Indicators
from deploy.verify.source import Definitions, Json, Row, records_by_dataset
from tests.unit.verify.a_council import definition, record

FIELDS = [
    {"name": "ref", "type": "text"},
    {"name": "on", "type": "date"},
    {"name": "left", "type": "date"},
    {"name": "ward", "type": "text"},
    {"name": "kind", "type": "text"},
    {"name": "area", "type": "text"},
    {"name": "n", "type": "decimal"},
    {"name": "of", "type": "decimal"},
    {"name": "why", "type": "text"},
]
COUNT = {"code": "m", "dataset": "d", "aggregate": "count", "date": "on"}
OPEN = {"code": "m", "dataset": "d", "aggregate": "open", "opened": "on", "closed": "left"}


def amounts(aggregate: str, **changes: Any) -> Json:
    """A measure of the field `n`."""
    return COUNT | {"aggregate": aggregate, "of": "n"} | changes


def indicator(**changes: Any) -> Json:
    """An indicator that is the measure itself, by month."""
    plain = {"code": "I", "title": "I", "formula": "m", "unit": "count", "periods": ["month"]}
    return plain | changes


def figures(
    rows: Iterable[Mapping[str, Any]],
    measure: Json = COUNT,
    *indicators: Json,
    today: str = "2026-03-31",
    fields: Iterable[Json] = FIELDS,
    derived: Iterable[Json] = (),
    more: Iterable[Row] = (),
) -> Indicators:
    """The recompute over some records, of which each names only the fields that matter."""
    dataset = {"code": "d", "key": ["ref"], "fields": list(fields), "derived": list(derived)}
    owned = [
        definition("dataset", dataset),
        definition("measure", measure, version=7),
        *(definition("indicator", each) for each in indicators or (indicator(),)),
        *(record("d", str(number), **row) for number, row in enumerate(rows)),
        *more,
    ]
    return Indicators(Definitions(owned), records_by_dataset(owned), date.fromisoformat(today))


def state_of(found: Indicators, subject: str) -> Json:
    """A state that must be there."""
    state = found.state(subject)
    assert state is not None, f"there is no {subject}"
    return state


def value(found: Indicators, subject: str) -> tuple[str | None, str | None]:
    """The published value under a subject, and the reason where there is none."""
    state = state_of(found, subject)
    return state["value"], state["reason"]
