from decimal import Decimal
from typing import Any

import pytest

from deploy.verify.dates import month_number
from deploy.verify.rag import judge

JUNE = month_number("2025-06")


def an_indicator(**changes: Any) -> dict[str, Any]:
    target = {"from": "2025-04", "to": "2026-03", "value": "80"}
    rag = {"amber_within": "5", "of": "points"}
    return {"polarity": "high", "targets": [target], "rag": rag} | changes


@pytest.mark.parametrize(
    ("value", "changes", "outcome"),
    [
        ("80", {}, "green"),
        ("79.9", {}, "amber"),
        ("75", {}, "amber"),
        ("74.9", {}, "red"),
        ("80", {"polarity": "low"}, "green"),
        ("85", {"polarity": "low"}, "amber"),
        ("85.1", {"polarity": "low"}, "red"),
        ("76", {"rag": {"amber_within": "5", "of": "percent of target"}}, "amber"),
        ("75.9", {"rag": {"amber_within": "5", "of": "percent of target"}}, "red"),
        ("79.9", {"rag": None}, "red"),
        (None, {}, "no data"),
        ("80", {"targets": []}, "no target"),
        (None, {"targets": []}, "no target"),
        ("10", {"polarity": "none"}, "information"),
        ("0", {"polarity": "low", "targets": [{"value": "0"}]}, "green"),
        ("1", {"polarity": "low", "targets": [{"value": "0"}], "rag": None}, "red"),
    ],
)
def test_a_boundary_belongs_to_the_better_side(
    value: str | None, changes: dict[str, Any], outcome: str
) -> None:
    number = None if value is None else Decimal(value)
    assert judge(number, an_indicator(**changes), JUNE)[1] == outcome


def test_the_target_is_the_one_in_force_when_the_period_ends() -> None:
    targets = [{"to": "2025-03", "value": "70"}, {"from": "2025-04", "value": "90"}]
    indicator = an_indicator(targets=targets)
    assert judge(Decimal(1), indicator, month_number("2025-03"))[0] == {"value": "70"}
    assert judge(Decimal(1), indicator, month_number("2025-04"))[0] == {"value": "90"}
