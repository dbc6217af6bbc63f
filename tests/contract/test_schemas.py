"""Schemas of events only grow; each way of breaking them is tried once, and noticed."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.contract.snapshots import Schema, breaks, current, recorded

OLD, NEW = "old readers would not take new events", "new readers would not take old events"


@pytest.mark.parametrize("name", sorted(current()))
def test_a_state_is_still_what_was_published_or_more(name: str) -> None:
    assert name in recorded(), "a new state: python -m tests.contract.snapshots"
    assert breaks(recorded()[name], current()[name]) == []


def test_the_snapshots_are_the_newest_schemas() -> None:
    assert recorded() == current(), "python -m tests.contract.snapshots"


def add_optional(schema: Schema) -> None:
    schema["properties"]["commentary"] = {"type": "string"}


def add_required(schema: Schema) -> None:
    schema["properties"]["commentary"] = {"type": "string"}
    schema["required"].append("commentary")


def remove(schema: Schema) -> None:
    del schema["properties"]["unit"]
    schema["required"].remove("unit")


def make_optional(schema: Schema) -> None:
    schema["required"].remove("unit")


def rename(schema: Schema) -> None:
    schema["properties"]["measure_unit"] = schema["properties"].pop("unit")
    schema["required"] = ["measure_unit" if n == "unit" else n for n in schema["required"]]


def retype(schema: Schema) -> None:
    schema["properties"]["unit"] = {"type": "integer"}


def widen(schema: Schema) -> None:
    schema["properties"]["definition"] = {"type": ["integer", "null"]}


def narrow(schema: Schema) -> None:
    schema["properties"]["unit"] = {"type": "string", "enum": ["count"]}


def nested(schema: Schema) -> None:
    del schema["$defs"]["RagState"]["properties"]["rule"]
    schema["$defs"]["RagState"]["required"].remove("rule")


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        (add_optional, []),
        (add_required, [NEW]),
        (remove, [OLD]),
        (make_optional, [OLD]),
        (rename, [NEW, OLD]),
        (retype, [NEW, OLD]),
        (widen, [OLD]),
        (narrow, [NEW]),
        (nested, [OLD]),
    ],
)
def test_a_planted_break_is_noticed(
    change: Callable[[Schema], None], broken: list[str]
) -> None:
    old: dict[str, Any] = current()["IndicatorValue"]
    new = deepcopy(old)
    change(new)
    assert breaks(old, new) == broken
