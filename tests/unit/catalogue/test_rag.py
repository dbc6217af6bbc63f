"""Judging values against targets."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.model import Indicator, RagRule, Target
from shared.catalogue.periods import parse_period
from shared.catalogue.rag import judge, published, target_of

YEAR = parse_period("2025-26")


def indicator(target: str = "90", within: str | None = "5", **fields: Any) -> Indicator:
    settings: dict[str, Any] = {
        **{"unit": "percentage", "precision": 1, "polarity": "high", "of": "points"},
        **fields,
    }
    of = settings.pop("of")
    return Indicator(
        code="X",
        title="X",
        formula="x",
        targets=[Target(value=Decimal(target))],
        rag=RagRule(amber_within=Decimal(within), of=of) if within is not None else None,
        **settings,
    )


def outcome(value: str | None, judged: Indicator) -> str:
    return judge(None if value is None else Decimal(value), judged, YEAR).outcome


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *(("90", "green"), ("100", "green"), ("89.9", "amber"), ("85", "amber")),
        *(("84.9", "red"), ("-1", "red"), (None, "no data")),
        # Judged as published, to one place.
        *(("89.95", "green"), ("89.94", "amber"), ("84.95", "amber"), ("84.94", "red")),
    ],
)
def test_high_is_good(value: str | None, expected: str) -> None:
    assert outcome(value, indicator()) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("20", "green"), ("0", "green"), ("20.1", "amber"), ("22", "amber"), ("22.1", "red")],
)
def test_low_is_good_and_tolerance_may_be_a_share_of_the_target(value: str, expected: str) -> None:
    judged = indicator("20", "10", polarity="low", unit="days", of="percent of target")
    assert outcome(value, judged) == expected


def test_a_target_of_zero_has_no_share_and_divides_nothing() -> None:
    judged = indicator("0", "10", polarity="low", unit="count", of="percent of target")
    assert [outcome(each, judged) for each in ("0", "0.04", "0.1", "-3")] == [
        *("green", "green", "red", "green"),
    ]
    absolute = indicator("0", "2", polarity="low", unit="count", of="absolute")
    assert [outcome(each, absolute) for each in ("0", "2", "2.1")] == ["green", "amber", "red"]


def test_a_negative_target_has_its_tolerance_on_the_worse_side() -> None:
    judged = indicator("-100", "10", unit="money", of="percent of target")
    assert [outcome(each, judged) for each in ("-100", "-110", "-110.1")] == [
        *("green", "amber", "red"),
    ]


def test_without_a_tolerance_there_is_no_amber() -> None:
    assert outcome("89.9", indicator(within=None)) == "red"
    assert outcome("90", indicator(within=None)) == "green"


def test_without_a_target_or_a_polarity_nothing_is_judged() -> None:
    no_target = Indicator(code="X", title="X", formula="x", unit="count", polarity="low")
    assert judge(Decimal(5), no_target, YEAR)[:2] == (None, "no target")
    information = Indicator(code="X", title="X", formula="x", unit="count")
    assert judge(Decimal(5), information, YEAR)[:2] == (None, "information")


def test_the_target_is_the_one_in_force_in_the_last_month() -> None:
    judged = Indicator(
        code="X",
        title="X",
        formula="x",
        unit="count",
        polarity="low",
        targets=[
            Target(value=Decimal(1), from_="2024-04", to="2025-03"),
            Target(value=Decimal(2), from_="2025-04", to="2025-09"),
            Target(value=Decimal(3), from_="2025-10"),
        ],
    )
    found = {
        code: target_of(judged, parse_period(code))
        for code in ("2024-03", "2024-04", "2024-25", "2025-26-Q2", "2025-26-Q3", "2025-26")
    }
    assert found == {
        **{"2024-03": None, "2024-04": 1, "2024-25": 1},
        **{"2025-26-Q2": 2, "2025-26-Q3": 3, "2025-26": 3},
    }


@pytest.mark.parametrize(
    ("value", "judged", "rule"),
    [
        (
            "92.04",
            indicator(),
            "92.0% against a target of at least 90%: green, the target is met.",
        ),
        (
            "86",
            indicator(),
            "86.0% against a target of at least 90%: amber, no lower than 85%"
            " (within 5 points of the target).",
        ),
        (
            "1250",
            indicator(
                "1000", "10", polarity="low", unit="money", precision=2, of="percent of target"
            ),
            "£1,250.00 against a target of at most £1,000: red, above £1,100"
            " (within 10% of the target).",
        ),
        (
            "3",
            indicator("1", "2", polarity="low", unit="days", precision=0, of="absolute"),
            "3 days against a target of at most 1 day: amber, no higher than 3 days"
            " (within 2 days of the target).",
        ),
        (
            "80",
            indicator(within=None),
            "80.0% against a target of at least 90%: red, the target is not met"
            " and has no tolerance.",
        ),
        (None, indicator(), "There is no value to judge against the target of 90%."),
    ],
)
def test_the_rule_is_a_sentence_with_its_numbers(
    value: str | None, judged: Indicator, rule: str
) -> None:
    assert judge(None if value is None else Decimal(value), judged, YEAR).rule == rule


def test_what_is_published_rounds_halves_away_from_zero_and_has_no_negative_zero() -> None:
    judged = indicator()
    assert [str(published(Decimal(each), judged)) for each in ("0.05", "-0.05", "-0.04", "7")] == [
        *("0.1", "-0.1", "0.0", "7.0"),
    ]
    assert str(published(7, judged)) == "7.0"


numbers = st.decimals(-1000, 1000, places=2)


@given(numbers, numbers, st.decimals(0, 100, places=1), st.sampled_from(["high", "low"]))
def test_a_better_value_is_never_judged_worse(
    value: Decimal, target: Decimal, within: Decimal, polarity: str
) -> None:
    ranks = {"red": 0, "amber": 1, "green": 2}
    judged = indicator(str(target), str(within), polarity=polarity, of="percent of target")
    better = value + 1 if polarity == "high" else value - 1
    rank = ranks[judge(value, judged, YEAR).outcome]
    assert ranks[judge(better, judged, YEAR).outcome] >= rank
    assert judge(target, indicator(str(target), polarity=polarity, precision=2), YEAR)[1] == "green"
