"""The states of risks, actions and projects as the recompute behind `irf verify` has them, for
tests of the engine: it shares no code with what it is held against."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from deploy.verify.prompts import Around
from deploy.verify.registers import register_states
from deploy.verify.report import Mismatch
from deploy.verify.source import Definitions, Record, Row
from deploy.verify.states import READ_OF_RISK, compared_states
from shared.contracts.topics import CONTRACTS, FINANCE, INDICATORS

Json = dict[str, Any]
KINDS = ("risk/", "action/", "project/")
# Definitions by their subject, `{kind}/{code}`, as JSON has them.
Catalogue = Mapping[str, Json]
# Records by dataset: the key and the fields of each.
Records = Mapping[str, Iterable[tuple[str, Json]]]
# What other services say, by topic and subject.
Heard = Mapping[str, Mapping[str, Json]]


def around(heard: Heard, today: str) -> Around:
    """What other services say, as the recompute has it."""

    def newest(code: str, kind: str) -> tuple[str, str] | None:
        over = [
            state
            for subject, state in heard.get(INDICATORS, {}).items()
            if subject.split("/")[:1] == [code]
            and subject.count("/") == 1
            and state["period"]["kind"] == kind
            and state["period"]["end"] <= today
        ]
        if not over:
            return None
        state = max(over, key=lambda each: str(each["period"]["end"]))
        return state["period"]["code"], state["rag"]["outcome"]

    money = {
        s: each | {"rag": each["rag"]["outcome"]} for s, each in heard.get(FINANCE, {}).items()
    }
    return Around(newest, money, heard.get(CONTRACTS, {}))


def recounted(catalogue: Catalogue, records: Records, today: str, heard: Heard) -> dict[str, Json]:
    """Every expected state of these kinds, by its subject."""
    definitions = Definitions(
        Row("irf.catalogue", subject, 1, json.dumps(body).encode())
        for subject, body in catalogue.items()
    )
    held = {
        dataset: [Record(key, fields) for key, fields in each] for dataset, each in records.items()
    }
    return register_states(definitions, held, date.fromisoformat(today), around(heard, today))


def mismatches(
    catalogue: Catalogue,
    records: Records,
    today: str,
    heard: Heard,
    published: Mapping[str, Json | None],
) -> list[Mismatch]:
    """Where published states of these kinds, by subject, are not as expected."""
    ours = {s: state for s, state in published.items() if s.startswith(KINDS)}
    return compared_states(
        recounted(catalogue, records, today, heard), ours, READ_OF_RISK
    ).mismatches
