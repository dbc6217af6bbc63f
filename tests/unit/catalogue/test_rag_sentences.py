"""The sentence beside a figure: the rule that gave its colour, with its numbers."""

import pytest

from shared.catalogue.model import Indicator
from tests.unit.catalogue.others import Given
from tests.unit.catalogue.rules import (
    BETTER,
    CEILING,
    FIXED,
    FIXED_LOW,
    FIXED_TWO,
    FLOOR,
    HIGH,
    LOW,
    MIDPOINT,
    NARROW,
    PERCENT,
    PLAIN,
    POINTS,
    RANGE,
    judged,
    made,
)

AGO = {"relative": {"to": "a year ago", "change": 10}}
NEIGHBOURS = {"relative": {"to": "peers", "group": "near", "statistic": "median"}}


@pytest.mark.parametrize(
    ("value", "indicator", "sentence"),
    [
        ("92.04", POINTS, "92.0% against a target of at least 90%: green, the target is met."),
        (
            *("86", POINTS),
            "86.0% against a target of at least 90%: amber, no lower than 85%"
            " (within 5 points of the target).",
        ),
        (
            *("84", POINTS),
            "84.0% against a target of at least 90%: red, below 85%"
            " (within 5 points of the target).",
        ),
        (
            *("89.5", NARROW),
            "89.5% against a target of at least 90%: green, no lower than 89%"
            " (within 1 point of the target).",
        ),
        (
            *("21", PERCENT),
            "21.0 days against a target of at most 20 days: amber, no higher than"
            " 22 days (within 10% of the target).",
        ),
        (
            "1250",
            made(
                {**LOW, "unit": "money", "precision": 2},
                *(1000,),
                **{"amber_within": 10, "of": "percent of target"},
            ),
            "£1,250.00 against a target of at most £1,000: red, above £1,100"
            " (within 10% of the target).",
        ),
        (
            *("3", made({**LOW, "precision": 0}, 1, amber_within=2)),
            "3 days against a target of at most 1 day: amber, no higher than 3 days"
            " (within 2 days of the target).",
        ),
        (
            *("80", PLAIN),
            "80.0% against a target of at least 90%: red, the target is not met"
            " and has no tolerance.",
        ),
        (None, POINTS, "There is no value to judge against the target of 90%."),
        (None, FIXED, "There is no value to judge against the thresholds."),
        (None, RANGE, "There is no value to judge against the target of 90 to 110."),
        ("96", FIXED, "96.0%, with green from 95% and amber from 85%: green."),
        ("90", FIXED, "90.0%, with green from 95% and amber from 85%: amber."),
        ("80", FIXED, "80.0%, with green from 95% and amber from 85%: red, below both."),
        ("8", FIXED_LOW, "8.0 days, with green up to 5 days and amber up to 7.5 days: red,"
            " above both."),
        ("80", FIXED_TWO, "80.0%, with green from 95%: red."),
        (
            *("90", FLOOR),
            "90.0% against a target of at least 95%: amber, not met but within the"
            " floor of 85%.",
        ),
        ("80", FLOOR, "80.0% against a target of at least 95%: red, below the floor of 85%."),
        (
            *("12", CEILING),
            "12.0 days against a target of at most 10 days: amber, not met but"
            " within the ceiling of 15 days.",
        ),
        (
            *("16", CEILING),
            "16.0 days against a target of at most 10 days: red, above the"
            " ceiling of 15 days.",
        ),
        ("100", RANGE, "100 against a target of 90 to 110: green, the target is met."),
        (
            *("85", RANGE),
            "85 against a target of 90 to 110: amber, no lower than 81"
            " (within 10% of the target).",
        ),
        (
            *("130", RANGE),
            "130 against a target of 90 to 110: red, above 121"
            " (within 10% of the target).",
        ),
        ("94", MIDPOINT, "94 against a target of 100: red, below 95 (within 5 of the target)."),
        (
            *("85", made(HIGH, AGO, amber_within=5, of="points")),
            "85.0% against a target of at least 90% (the same period a year before): amber,"
            " no lower than 85% (within 5 points of the target).",
        ),
        (
            *("85", made(HIGH, NEIGHBOURS)),
            "85.0% against a target of at least 75% (median of Nearest neighbours): green,"
            " the target is met.",
        ),
        (
            *("85", made(HIGH, 90, amber_if="better than a year ago")),
            "85.0% against a target of at least 90%: amber, the target is not met and has no"
            " tolerance, but better than the 80.0% a year ago.",
        ),
        (
            *("85", made(HIGH, green=90, amber_if="no worse than the period before")),
            "85.0%, with green from 90%: amber, but no worse than the 85.0% in the period before.",
        ),
    ],
)  # fmt: skip
def test_the_rule_is_a_sentence_with_its_numbers(
    value: str | None, indicator: Indicator, sentence: str
) -> None:
    others = Given(BETTER, groups={"near": ["70", "75", "80"]})
    assert judged(value, indicator, others).rule == sentence
