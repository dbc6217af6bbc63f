"""Judging values: the outcome, and what is green and amber."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.catalogue.model import Indicator
from shared.catalogue.rag import judge
from tests.unit.catalogue.others import NONE, Given
from tests.unit.catalogue.rules import (
    BELOW,
    BETTER,
    CEILING,
    FIXED,
    FIXED_LOW,
    FIXED_TWO,
    FLOOR,
    FLOOR_TOO,
    FLOOR_WITHIN,
    HIGH,
    LOW,
    MIDDLE,
    MIDPOINT,
    NARROW,
    NEAR_FLOOR,
    NOUGHT,
    ONLY_GREEN,
    PERCENT,
    PLAIN,
    POINTS,
    RANGE,
    RANGE_ONLY,
    RANGE_WIDER,
    YEAR,
    judged,
    made,
)


@pytest.mark.parametrize(
    ("indicator", "green", "amber", "red"),
    [
        # Judged as published: 89.95 is 90.0, 84.95 is 85.0.
        (POINTS, ["90", "100", "89.95"], ["89.94", "85", "84.95"], ["84.94", "-1"]),
        (PERCENT, ["20", "0", "20.04"], ["20.1", "22"], ["22.1", "500"]),
        (PLAIN, ["90"], [], ["89.9"]),
        (NARROW, ["89", "100"], ["88.9", "87"], ["86.9"]),
        (ONLY_GREEN, ["88"], [], ["87.9"]),
        (FIXED, ["95", "200"], ["94.9", "85"], ["84.9"]),
        (FIXED_LOW, ["5", "-3"], ["5.1", "7.5"], ["7.6"]),
        (FIXED_TWO, ["95"], [], ["94.9", "0"]),
        (FLOOR, ["95"], ["94.9", "85"], ["84.9"]),
        (CEILING, ["10"], ["10.1", "15"], ["15.1"]),
        (FLOOR_TOO, ["95"], ["94.9", "89.9", "85"], ["84.9"]),
        (NEAR_FLOOR, ["95"], ["94.9", "92", "90"], ["89.9"]),
        # A floor on the green side of the tolerance says nothing more.
        (FLOOR_WITHIN, ["95", "91", "90"], [], ["89.9"]),
        (MIDPOINT, ["100", "100.4"], ["95", "99", "101", "105"], ["94", "106", "0"]),
        # A tenth of the nearer limit: 9 below 90, 11 above 110.
        (RANGE, ["90", "100", "110"], ["81", "89", "111", "121"], ["80", "122"]),
        (RANGE_WIDER, ["93", "107"], ["90", "110"], ["89", "111"]),
        (RANGE_ONLY, ["95", "105"], [], ["94", "106"]),
        # A target of nought has no share; below nought a share is on the worse side.
        (NOUGHT, ["0", "0.04", "-3"], [], ["0.1"]),
        (BELOW, ["-100", "5"], ["-110"], ["-110.1"]),
    ],
)
def test_boundaries_belong_to_the_better_side(
    indicator: Indicator, green: list[str], amber: list[str], red: list[str]
) -> None:
    for outcome, values in (("green", green), ("amber", amber), ("red", red)):
        assert {value: judged(value, indicator).outcome for value in values} == dict.fromkeys(
            values, outcome
        )


def texts(band: Any) -> list[str | None] | None:
    return None if band is None else [None if end is None else f"{end:f}" for end in band]


@pytest.mark.parametrize(
    ("indicator", "green", "amber"),
    [
        (POINTS, ["90", None], ["85", "90"]),
        (PERCENT, [None, "20"], ["20", "22"]),
        (PLAIN, ["90", None], None),
        (NARROW, ["89", None], ["87", "89"]),
        (ONLY_GREEN, ["88", None], None),
        (FIXED, ["95", None], ["85", "95"]),
        (FIXED_LOW, [None, "5"], ["5", "7.5"]),
        (FIXED_TWO, ["95", None], None),
        (FLOOR, ["95", None], ["85", "95"]),
        (CEILING, [None, "10"], ["10", "15"]),
        (FLOOR_TOO, ["95", None], ["85", "95"]),
        (NEAR_FLOOR, ["95", None], ["90", "95"]),
        (FLOOR_WITHIN, ["90", None], None),
        (MIDPOINT, ["100", "100"], ["95", "105"]),
        (RANGE, ["90", "110"], ["81", "121"]),
        (RANGE_WIDER, ["93", "107"], ["90", "110"]),
        (RANGE_ONLY, ["95", "105"], None),
        (NOUGHT, [None, "0"], None),
        (BELOW, ["-100", None], ["-110", "-100"]),
    ],
)
def test_what_is_green_and_amber_is_told_with_any_value_or_none(
    indicator: Indicator, green: Any, amber: Any
) -> None:
    for value in ("0", "1000", None):
        found = judged(value, indicator)
        assert (texts(found.green), texts(found.amber)) == (green, amber)


def test_without_a_target_or_a_polarity_nothing_is_judged() -> None:
    assert judged("5", made(LOW))[:2] == (None, "no target")
    assert judged(None, made(LOW)).rule == "No target is set for this period."
    information = judged("5", made({"unit": "count"}))
    assert information == (
        *(None, "information", "For information: neither high nor low is good."),
        *(None, None),
    )
    # A rule without fixed thresholds says nothing without a target.
    elsewhere = made(HIGH, {"value": 5, "to": "2020-03"}, amber_within=1)
    assert judged("5", elsewhere).outcome == "no target"


def test_before_the_day_it_is_due_a_value_is_not_judged() -> None:
    def waiting(value: str | None, indicator: Indicator) -> tuple[str, str]:
        found = judge(
            None if value is None else Decimal(value),
            *(indicator, YEAR, NONE),
            not_due_until=date(2026, 10, 30),
        )
        return found.outcome, found.rule

    for value in ("100", "0", None):
        assert waiting(value, POINTS) == ("not due", "Not due until 30 October 2026.")
        assert waiting(value, FIXED)[0] == "not due"
    assert waiting("5", made(LOW))[0] == "no target"
    assert waiting("5", made({"unit": "count"}))[0] == "information"


def test_a_value_that_is_not_there_is_no_data_and_the_reason_may_be_that_it_is_not_due() -> None:
    outcomes = {
        reason: judge(None, POINTS, YEAR, NONE, reason=reason).outcome
        for reason in ("missing", "not calculable", "suppressed", "not applicable", "not due")
    }
    assert outcomes.pop("not due") == "not due"
    assert set(outcomes.values()) == {"no data"}


@pytest.mark.parametrize(
    ("rule", "value", "outcome"),
    [
        *(("better than a year ago", "80.1", "amber"), ("better than a year ago", "80.0", "red")),
        *(("better than a year ago", "79.9", "red"), ("no worse than a year ago", "80.0", "amber")),
        ("no worse than a year ago", "79.9", "red"),
        ("better than the period before", "85.0", "red"),
        ("better than the period before", "85.1", "amber"),
        ("no worse than the period before", "85.0", "amber"),
        # What is green or amber already stays so.
        ("better than a year ago", "95", "green"),
    ],
)
def test_what_is_better_than_it_was_may_be_amber(rule: str, value: str, outcome: str) -> None:
    indicator = made(HIGH, 90, amber_if=rule)
    assert judged(value, indicator, Given(BETTER)).outcome == outcome


def test_without_an_earlier_value_red_stays_red() -> None:
    indicator = made(HIGH, 90, amber_if="no worse than a year ago")
    assert judged("85", indicator).outcome == "red"
    assert judged("85", indicator, Given({"the period before": "1"})).outcome == "red"


def test_better_is_lower_where_low_is_good_and_nearer_where_the_middle_is() -> None:
    low = made(LOW, 10, amber_if="better than a year ago")
    assert judged("14", low, Given({"a year ago": "15"})).outcome == "amber"
    assert judged("16", low, Given({"a year ago": "15"})).outcome == "red"
    middle = made(MIDDLE, {"low": 95, "high": 105}, amber_if="better than a year ago")
    assert judged("92", middle, Given({"a year ago": "110"})).outcome == "amber"
    assert judged("92", middle, Given({"a year ago": "107"})).outcome == "red"
    assert judged("92", middle, Given({"a year ago": "100"})).outcome == "red"


numbers = st.decimals(-1000, 1000, places=1)
within = st.decimals(0, 100, places=1)


@st.composite
def rules(draw: Any) -> Indicator:
    """Any indicator with a rule that the check would let through."""
    target, near, far = draw(numbers), *sorted((draw(within), draw(within)))
    of = draw(st.sampled_from(["percent of target", "absolute"]))
    tolerance = draw(st.sampled_from([{}, {"amber_within": far}, {"green_within": near}]))
    like = draw(st.sampled_from([HIGH, LOW, MIDDLE]))
    if like is MIDDLE:
        return made(like, {"low": target, "high": target + draw(within)}, of=of, **tolerance)
    way = 1 if like is HIGH else -1
    if draw(st.booleans()):
        return made(like, green=target, amber=target - way * far)
    floor = draw(st.sampled_from([{}, {"floor": target - way * far}]))
    return made(like, {"value": target, **floor}, of=of, **tolerance)


@settings(deadline=None)
@given(numbers, rules())
def test_a_value_lies_in_the_band_of_its_outcome(value: Decimal, indicator: Indicator) -> None:
    found = judge(round(value, indicator.precision), indicator, YEAR, NONE)

    def inside(band: Any) -> bool:
        if band is None:
            return False
        low, high = band
        shown = round(value, indicator.precision)
        return (low is None or low <= shown) and (high is None or shown <= high)

    expected = "green" if inside(found.green) else "amber" if inside(found.amber) else "red"
    assert found.outcome == expected


@settings(deadline=None)
@given(numbers, rules(), within)
def test_a_better_value_is_never_judged_worse(
    value: Decimal, indicator: Indicator, step: Decimal
) -> None:
    ranks = {"red": 0, "amber": 1, "green": 2}
    if indicator.polarity == "goldilocks":
        target = indicator.targets[0]
        assert target.low is not None
        assert target.high is not None
        better = min(value + step, target.low) if value < target.low else value
        better = max(value - step, target.high) if value > target.high else better
    else:
        better = value + step if indicator.polarity == "high" else value - step
    rank = ranks[judge(value, indicator, YEAR, NONE).outcome]
    assert ranks[judge(better, indicator, YEAR, NONE).outcome] >= rank
