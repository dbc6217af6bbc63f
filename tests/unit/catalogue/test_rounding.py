"""A value as it is published, and as a sentence shows it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.model import Indicator
from shared.catalogue.rounding import in_words, published, rounded


def indicator(**fields: Any) -> Indicator:
    return Indicator(code="X", title="X", formula="x", **{"unit": "number", **fields})


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "down"),
    [
        *(("2.5", "3", "2", "2"), ("3.5", "4", "4", "3"), ("-2.5", "-3", "-2", "-2")),
        *(("2.51", "3", "3", "2"), ("2.49", "2", "2", "2"), ("-0.9", "-1", "-1", "0")),
        *(("-0.4", "0", "0", "0"), ("0.5", "1", "0", "0"), ("7", "7", "7", "7")),
        ("999999999999999999.5", "1000000000000000000", "1000000000000000000", "9" * 18),
    ],
)
def test_each_way_of_rounding(value: str, half_up: str, half_even: str, down: str) -> None:
    ways = {"half up": half_up, "half even": half_even, "down": down}
    found = {way: str(published(Decimal(value), indicator(rounding=way))) for way in ways}
    assert found == ways


def test_a_value_has_as_many_places_as_its_indicator_says() -> None:
    assert str(published(7, indicator(precision=1))) == "7.0"
    assert str(published(Decimal("0.05"), indicator(precision=1))) == "0.1"
    assert str(published(Decimal("-0.05"), indicator(precision=1))) == "-0.1"
    assert str(published(Decimal("66.66666666"), indicator(precision=6))) == "66.666667"
    assert str(published(Decimal("0.25"), indicator(precision=1, rounding="half even"))) == "0.2"


def test_there_is_no_negative_zero() -> None:
    assert str(published(Decimal("-0.04"), indicator(precision=1))) == "0.0"
    assert str(rounded(Decimal("-0.9"), 0, "down")) == "0"


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 4))
def test_no_way_of_rounding_moves_a_value_by_a_whole_step(value: Decimal, places: int) -> None:
    step = Decimal(1).scaleb(-places)
    assert abs(rounded(value, places) - value) <= step / 2
    assert abs(rounded(value, places, "half even") - value) <= step / 2
    assert (
        abs(rounded(value, places, "down"))
        <= abs(value)
        < abs(rounded(value, places, "down")) + step
    )


@pytest.mark.parametrize(
    ("value", "fields", "words"),
    [
        ("92.0", {"unit": "percentage"}, "92.0%"),
        ("-1.5", {"unit": "percentage"}, "-1.5%"),
        ("1234567.80", {"unit": "money"}, "£1,234,567.80"),
        ("-50", {"unit": "money"}, "-£50"),
        ("1", {"unit": "days"}, "1 day"),
        ("1.0", {"unit": "days"}, "1.0 days"),
        ("0", {"unit": "days"}, "0 days"),
        ("1", {"unit": "hours"}, "1 hour"),
        ("2.5", {"unit": "hours"}, "2.5 hours"),
        ("1", {"unit": "yes/no"}, "yes"),
        ("0", {"unit": "yes/no"}, "no"),
        ("2", {"unit": "yes/no"}, "2"),
        ("73.4", {"unit": "rate", "per": 10000}, "73.4 per 10,000"),
        ("73.4", {"unit": "rate"}, "73.4"),
        ("480", {"unit": "number", "unit_label": "kg per household"}, "480 kg per household"),
        ("1200", {"unit": "count"}, "1,200"),
        ("3.25", {"unit": "score"}, "3.25"),
        ("1.20", {"unit": "ratio"}, "1.20"),
    ],
)
def test_each_unit_has_its_words(value: str, fields: dict[str, Any], words: str) -> None:
    assert in_words(Decimal(value), indicator(**fields)) == words
