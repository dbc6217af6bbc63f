"""The states of money and contracts as the recompute behind `irf verify` has them, for tests of the
engine: it shares no code with what it is held against."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from deploy.verify.books import contract_states, finance_states
from deploy.verify.hints import hints
from deploy.verify.identities import identities
from deploy.verify.report import Mismatch
from deploy.verify.source import Definitions, Record, Row
from deploy.verify.states import compared_hints, compared_states

Json = dict[str, Any]
# Definitions by their subject, `{kind}/{code}`, as JSON has them.
Catalogue = Mapping[str, Json]
# Records by dataset: the key and the fields of each.
Records = Mapping[str, Iterable[tuple[str, Json]]]


def _read(catalogue: Catalogue, records: Records) -> tuple[Definitions, dict[str, list[Record]]]:
    rows = [
        Row("irf.catalogue", subject, 1, json.dumps(body).encode())
        for subject, body in catalogue.items()
    ]
    held = {
        dataset: [Record(key, fields) for key, fields in each] for dataset, each in records.items()
    }
    return Definitions(rows), held


def recounted(catalogue: Catalogue, records: Records, today: str) -> dict[str, Json]:
    """Every expected state of irf.finance and irf.contracts by its subject, hints aside."""
    definitions, held = _read(catalogue, records)
    day = date.fromisoformat(today)
    return finance_states(definitions, held, day) | contract_states(definitions, held, day)


def hinted(catalogue: Catalogue, records: Records) -> set[tuple[str, str, frozenset[str]]]:
    """Every expected hint: its ledger, its kind and the subjects of its records."""
    return {
        (ledger, kind, group)
        for (ledger, kind), groups in hints(*_read(catalogue, records)).items()
        for group in groups
    }


def mismatches(
    catalogue: Catalogue, records: Records, today: str, published: Mapping[str, Json | None]
) -> list[Mismatch]:
    """Where published states (of both topics, by subject, as JSON has them) are not as expected, or
    do not hang together."""
    definitions, held = _read(catalogue, records)
    day = date.fromisoformat(today)
    pointers = {s: state for s, state in published.items() if s.startswith("hint/")}
    others = {s: state for s, state in published.items() if s not in pointers}
    return [
        *compared_states(recounted(catalogue, records, today), others).mismatches,
        *compared_hints(hints(definitions, held), pointers).mismatches,
        *identities(definitions, held, day, published).mismatches,
    ]
