"""What is green, amber and red, and where one ends."""

from fractions import Fraction
from typing import Any

import pytest

from deploy.verify import rag
from deploy.verify.source import Json
from deploy.verify.targets import Goal
from tests.unit.verify import small

TWELVE = [None, "12"], ["12", "13.2"]
FIVE = {"amber_within": "5", "of": "points"}


def number(text: str | None) -> Fraction | None:
    """A number or none."""
    return None if text is None else Fraction(text)


def a_goal(text: str | None, floor: str | None = None) -> Goal | None:
    """`80`, or the range `95..105`, or none at all."""
    if text is None:
        return None
    low, dots, high = text.partition("..")
    if dots:
        return Goal(None, number(low), number(high), number(floor))
    return Goal(number(text), floor=number(floor))


def outcome(
    polarity: str, target: str | None, rule: Json | None, value: str, floor: str | None = None
) -> str:
    """The outcome of a value that is there and due."""
    indicator = {"polarity": polarity, "rag": rule}
    return rag.outcome(indicator, a_goal(target, floor), number(value), None, False)


@pytest.mark.parametrize(
    ("polarity", "target", "rule", "green", "amber", "red"),
    [
        ("high", "80", FIVE, "80", "79.9 75", "74.9"),
        ("low", "80", FIVE, "80", "80.1 85", "85.1"),
        ("high", "80", None, "80 81", "", "79.9"),
        ("high", "80", {"amber_within": "5", "of": "percent of target"}, "80", "76", "75.9"),
        ("high", "-80", {"amber_within": "5", "of": "percent of target"}, "-80", "-84", "-84.1"),
        ("low", "0", {"amber_within": "50", "of": "percent of target"}, "0 -1", "", "1"),
        ("low", "0", {"amber_within": "2", "of": "absolute"}, "0", "1 2", "3"),
        ("high", "80", FIVE | {"green_within": "2"}, "80 78", "77.9 75", "74.9"),
        ("low", "80", {"green_within": "10", "of": "percent of target"}, "88", "", "88.1"),
        ("high", "80", FIVE | {"green_within": "6"}, "74", "", "73.9"),
        ("goldilocks", "100", FIVE, "100", "99.9 95 100.1 105", "94.9 105.1"),
        ("goldilocks", "100", FIVE | {"green_within": "1"}, "99 101", "98.9 105", "94.9"),
        ("goldilocks", "95..105", FIVE, "95 100 105", "90 110", "89.9 110.1"),
        (
            "goldilocks",
            "100..200",
            {"amber_within": "10", "of": "percent of target"},
            "100 200",
            "90 220",  # ten per cent of the nearer limit
            "89.9 220.1",
        ),
        ("goldilocks", "0", {"amber_within": "10", "of": "percent of target"}, "0", "", "0.1 -0.1"),
        ("high", None, {"green": "80", "amber": "70"}, "80 81", "79.9 70", "69.9"),
        ("low", None, {"green": "80", "amber": "90"}, "80 79", "80.1 90", "90.1"),
        ("high", "99", {"green": "80"}, "80", "", "79.9"),
    ],
)
def test_a_boundary_belongs_to_the_better_side(
    polarity: str, target: str | None, rule: Json | None, green: str, amber: str, red: str
) -> None:
    for colour, values in (("green", green), ("amber", amber), ("red", red)):
        for value in values.split():
            assert outcome(polarity, target, rule, value) == colour, value


@pytest.mark.parametrize(
    ("polarity", "rule", "floor", "amber", "red"),
    [
        ("high", None, "60", "79.9 60", "59.9"),
        ("high", FIVE, "60", "75 74.9 60", "59.9"),
        ("high", FIVE, "78", "75", "74.9"),
        ("low", None, "95", "80.1 95", "95.1"),
        ("low", FIVE, "95", "85.1 95", "95.1"),
        ("goldilocks", FIVE, "60", "75", "74.9"),  # the middle has no floor
    ],
)
def test_down_to_the_floor_is_amber(
    polarity: str, rule: Json | None, floor: str, amber: str, red: str
) -> None:
    for colour, values in (("amber", amber), ("red", red)):
        for value in values.split():
            assert outcome(polarity, "80", rule, value, floor) == colour, value


@pytest.mark.parametrize(
    ("polarity", "goal", "rule", "value", "reason", "early", "expected"),
    [
        ("none", "80", FIVE, "80", None, True, "information"),
        ("high", None, FIVE, "80", None, True, "no target"),
        ("high", None, None, None, "not due", True, "no target"),
        ("goldilocks", None, {"green": "80"}, "80", None, False, "no target"),
        ("high", "80", FIVE, "90", None, True, "not due"),
        ("high", "80", FIVE, None, "suppressed", True, "not due"),
        ("high", "80", FIVE, None, "not due", False, "not due"),
        ("high", None, {"green": "80"}, "90", None, True, "not due"),
        ("high", "80", FIVE, None, "missing", False, "no data"),
        ("high", "80", FIVE, None, "suppressed", False, "no data"),
        ("high", "80", FIVE, None, "not applicable", False, "no data"),
        ("high", None, {"green": "80"}, None, "not calculable", False, "no data"),
    ],
)
def test_what_cannot_be_judged_is_told_apart(
    polarity: str,
    goal: str | None,
    rule: Json | None,
    value: str | None,
    reason: str | None,
    early: bool,
    expected: str,
) -> None:
    indicator = {"polarity": polarity, "rag": rule}
    assert rag.outcome(indicator, a_goal(goal), number(value), reason, early) == expected


@pytest.mark.parametrize(
    ("polarity", "target", "rule", "floor", "green", "amber"),
    [
        ("none", "80", FIVE, None, [], []),
        ("high", None, FIVE, None, [], []),
        ("high", "80", None, None, ["80", None], []),
        ("high", "80", FIVE, None, ["80", None], ["75", "80"]),
        ("low", "80", FIVE, None, [None, "80"], ["80", "85"]),
        ("high", "80.25", FIVE, None, ["80.25", None], ["75.25", "80.25"]),
        ("high", "80", FIVE | {"green_within": "2"}, None, ["78", None], ["75", "78"]),
        ("high", "80", FIVE | {"green_within": "5"}, None, ["75", None], []),
        ("high", "80", FIVE, "60", ["80", None], ["60", "80"]),
        ("high", "80", FIVE, "78", ["80", None], ["75", "80"]),
        ("low", "80", None, "95", [None, "80"], ["80", "95"]),
        ("goldilocks", "100", FIVE, None, ["100", "100"], ["95", "105"]),
        ("goldilocks", "95..105", FIVE, None, ["95", "105"], ["90", "110"]),
        ("goldilocks", "95..105", None, None, ["95", "105"], []),
        ("goldilocks", "95..105", {"amber_within": "0"}, None, ["95", "105"], []),
        ("low", "0", {"amber_within": "9", "of": "percent of target"}, None, [None, "0"], []),
        ("low", "12", {"amber_within": "10", "of": "percent of target"}, None, *TWELVE),
        ("high", None, {"green": "80", "amber": "70"}, None, ["80", None], ["70", "80"]),
        ("low", None, {"green": "80", "amber": "90"}, None, [None, "80"], ["80", "90"]),
        ("high", None, {"green": "80", "amber": "80"}, None, ["80", None], []),
        ("low", "99", {"green": "80"}, None, [None, "80"], []),
    ],
)
def test_amber_ends_where_green_begins(
    polarity: str,
    target: str | None,
    rule: Json | None,
    floor: str | None,
    green: list[str | None],
    amber: list[str | None],
) -> None:
    indicator = {"polarity": polarity, "rag": rule, "precision": 1}
    found = rag.limits(indicator, a_goal(target, floor))
    assert found == {"green": green, "amber": amber}


# Amber because it is better than it was

BY_MONTH = {"2024-05": 5, "2025-04": 7, "2025-05": 6, "2025-06": 6}
ROWS = [{"on": f"{month}-01"} for month, records in BY_MONTH.items() for _ in range(records)]


def eased(amber_if: str, period: str, polarity: str = "high", **rule: Any) -> str:
    """The outcome of a count that is far off its target of 50 (or of 1, where low is good)."""
    target = {"value": "1" if polarity == "low" else "50"}
    made = small.indicator(
        polarity=polarity, targets=[target], rag={"amber_if": amber_if, "of": "points"} | rule
    )
    found = small.figures(ROWS, small.COUNT, made)
    result: str = small.state_of(found, f"I/{period}")["rag"]["outcome"]
    return result


@pytest.mark.parametrize(
    ("amber_if", "period", "high", "low"),
    [
        ("better than a year ago", "2025-05", "amber", "red"),  # 6 after 5
        ("better than the period before", "2025-05", "red", "amber"),  # 6 after 7
        ("better than the period before", "2025-06", "red", "red"),  # 6 after 6
        ("no worse than the period before", "2025-06", "amber", "amber"),
        ("no worse than the period before", "2025-05", "red", "amber"),
        ("no worse than a year ago", "2025-05", "amber", "red"),
        ("no worse than a year ago", "2024-05", "red", "red"),  # there was no year before
    ],
)
def test_red_is_amber_where_it_is_better_or_no_worse_than_before(
    amber_if: str, period: str, high: str, low: str
) -> None:
    assert eased(amber_if, period) == high
    assert eased(amber_if, period, "goldilocks") == high
    assert eased(amber_if, period, "low") == low
    assert eased(amber_if, period, green="51") == high


def test_what_is_green_or_amber_already_stays_so() -> None:
    assert eased("better than the period before", "2025-05", amber_within="44") == "amber"
    assert eased("better than a year ago", "2025-05", green_within="44") == "green"


def test_bands_are_those_of_the_rule_without_what_eases_it() -> None:
    rule = {"amber_if": "better than a year ago"}
    made = small.indicator(polarity="high", targets=[{"value": "50"}], rag=rule)
    state = small.state_of(small.figures(ROWS, small.COUNT, made), "I/2025-05")
    assert state["rag"] == {"outcome": "amber", "green": ["50", None], "amber": []}


def test_bands_are_given_before_a_value_is_due() -> None:
    made = small.indicator(polarity="low", targets=[{"value": "5"}], due_days=30)
    found = small.figures(ROWS, small.COUNT, made, today="2025-06-29")
    expected = {"green": [None, "5"], "amber": []}
    assert small.state_of(found, "I/2025-05")["rag"] == {"outcome": "not due"} | expected
    found = small.figures(ROWS, small.COUNT, made, today="2025-06-30")
    assert small.state_of(found, "I/2025-05")["rag"] == {"outcome": "red"} | expected
