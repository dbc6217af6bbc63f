"""Which target is applied to a period's value: by hand, for each sort of target."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from shared.catalogue.model import Indicator
from shared.catalogue.periods import parse_period
from shared.catalogue.targets import Applied, applied, looks_around, looks_back, percentile
from tests.unit.catalogue.others import NONE, Given


def indicator(*targets: dict[str, Any], **fields: Any) -> Indicator:
    written = {"code": "X", "title": "X", "formula": "x", "unit": "number", "polarity": "high"}
    return msgspec.convert({**written, "targets": targets, **fields}, Indicator, strict=False)


def aim(made: Indicator, period: str, others: Given = NONE) -> tuple[str, str] | None:
    found = applied(made, parse_period(period), others)
    return None if found is None else (f"{found.value:f}", found.basis)


def test_the_target_is_the_one_in_force_in_the_last_month() -> None:
    made = indicator(
        {"value": 1, "from": "2024-04", "to": "2025-03"},
        {"value": 2, "from": "2025-04", "to": "2025-09"},
        {"value": 3, "from": "2025-10"},
    )
    told = {
        **{"2024-03": None, "2024-04": 1, "2024-25": 1, "2025-03": 1, "2025-04": 2},
        **{"2025-26-Q2": 2, "2025-26-Q3": 3, "2025-26": 3, "2025-09-R12": 2, "2025-09-30": 2},
        **{"2025-26-P3": 3, "2199-12": 3, "2020-04-to-2025-09": 2},
    }
    for period, value in told.items():
        assert aim(made, period) == (None if value is None else (str(value), "set")), period


def test_a_target_without_months_is_always_in_force() -> None:
    assert aim(indicator({"value": "7.50"}), "1901-01") == ("7.50", "set")
    assert aim(indicator({"value": 5, "to": "2025-03"}), "1901-01") == ("5", "set")
    assert aim(indicator(), "2025-09") is None


def test_a_target_for_some_kinds_of_period_is_for_no_other() -> None:
    made = indicator({"value": 5, "periods": ["month", "rolling-12-months"]})
    told = {"2025-09": ("5", "set"), "2025-09-R12": ("5", "set"), "2025-26-Q2": None}
    told |= {"2025-26": None, "2025-09-30": None}
    assert {period: aim(made, period) for period in told} == told
    following = indicator({"relative": {"to": "a year ago"}, "periods": ["month"]})
    ago = Given({"a year ago": "7"})
    assert aim(following, "2025-09", ago) == ("7", "the same period a year before")
    assert aim(following, "2025-26", ago) is None


QUARTERS = {"Q1": 20, "Q2": 45, "Q3": 70, "Q4": 100}


@pytest.mark.parametrize(
    ("profile", "period", "told"),
    [
        # By quarter: for quarters, and for years to date that end with one.
        *((QUARTERS, "2025-26-Q1", "20"), (QUARTERS, "2025-26-Q4", "100")),
        *((QUARTERS, "2025-26-to-06", "20"), (QUARTERS, "2025-26-to-09", "45")),
        *((QUARTERS, "2025-26-to-08", None), (QUARTERS, "2025-09", None)),
        # Quarters are those of the financial year, whatever year it is to date.
        *((QUARTERS, "2025-to-03", "100"), (QUARTERS, "2025-26-AY-to-12", "70")),
        # By month: for months, for years to date, and for quarters by their last month.
        *(({"09": 50}, "2025-09", "50"), ({"09": 50}, "2025-26-to-09", "50")),
        *(({"09": 50}, "2025-26-Q2", "50"), ({"09": 50}, "2025-08", None)),
        # A quarter goes by its own name first, a year to date by its month.
        ({"09": 50, "Q2": 45}, "2025-26-Q2", "45"),
        ({"09": 50, "Q2": 45}, "2025-26-to-09", "50"),
        # No part of a year.
        *((QUARTERS, "2025-09-R12", None), (QUARTERS, "2025-26-P3", None)),
        *((QUARTERS, "2025-09-30", None), (QUARTERS, "2020-04-to-2025-09", None)),
        *((QUARTERS, "2025-26", None), (QUARTERS, "2025", None), (QUARTERS, "2025-26-AY", None)),
    ],
)
def test_a_profile_says_what_it_should_be_by_then(
    profile: dict[str, int], period: str, told: str | None
) -> None:
    found = aim(indicator({"profile": profile}), period)
    assert found == (None if told is None else (told, "profile"))


def test_beside_a_profile_the_value_is_for_whole_years() -> None:
    made = indicator({"profile": QUARTERS, "value": 110})
    assert aim(made, "2025-26-Q4") == ("100", "profile")
    for whole in ("2025-26", "2025-26-AY", "2025"):
        assert aim(made, whole) == ("110", "set")
    for other in ("2025-09-R12", "2025-26-P3", "2025-09"):
        assert aim(made, other) is None


@pytest.mark.parametrize(
    ("period", "told"),
    [
        *(("2025-09", ("100", "even share")), ("2025-26-Q2", ("300", "even share"))),
        *(("2025-26-to-04", ("100", "even share")), ("2025-26-to-11", ("800", "even share"))),
        *(("2025-26", ("1200", "set")), ("2025-26-to-03", ("1200", "set"))),
        *(("2025-09-R3", ("300", "even share")), ("2025-09-R12", ("1200", "set"))),
        *(("2025-09-R24", ("2400", "even share")), ("2025-26-P3", ("3600", "even share"))),
        *(("2025-P5", ("6000", "even share")), ("2025-04-to-2025-08", ("500", "even share"))),
        *(("2025-26-AY", ("1200", "set")), ("2025", ("1200", "set")), ("2025-09-30", None)),
    ],
)
def test_an_even_share_is_as_much_as_the_period_is_of_a_year(
    period: str, told: tuple[str, str] | None
) -> None:
    assert aim(indicator({"value": 1200, "spread": "even"}), period) == told


def test_a_share_has_one_place_more_than_the_value_and_halves_go_up() -> None:
    made = indicator({"value": 100, "spread": "even"})
    assert aim(made, "2025-09") == ("8.3", "even share")
    assert aim(made, "2025-26-to-08") == ("41.7", "even share")
    finer = indicator({"value": 100, "spread": "even"}, precision=2)
    assert aim(finer, "2025-09") == ("8.333", "even share")
    assert aim(indicator({"value": "0.6", "spread": "even"}), "2025-09") == ("0.1", "even share")


def relative(**given: Any) -> dict[str, Any]:
    return {"relative": given}


OTHERS = Given(
    before={"a year ago": "80.0", "the period before": "82.5"},
    areas={"E06000001": "91.25"},
    groups={"near": ["70", "90", "60", "80", "85"], "empty": []},
)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"to": "a year ago"}, ("80", "the same period a year before")),
        ({"to": "a year ago", "change": 2}, ("82", "the same period a year before")),
        ({"to": "a year ago", "change": -2}, ("78", "the same period a year before")),
        (
            {"to": "a year ago", "change": 5, "of": "percent"},
            ("84", "the same period a year before"),
        ),
        (
            {"to": "the period before", "change": "-10", "of": "percent"},
            ("74.25", "the period before"),
        ),
        ({"to": "area", "area": "E06000001"}, ("91.25", "E06000001")),
        ({"to": "area", "area": "E06000099"}, None),
        ({"to": "peers", "group": "near"}, ("77", "mean of Nearest neighbours")),
        (
            {"to": "peers", "group": "near", "statistic": "median"},
            ("80", "median of Nearest neighbours"),
        ),
        (
            {"to": "peers", "group": "near", "statistic": "best quartile"},
            ("85", "best quartile of Nearest neighbours"),
        ),
        (
            {"to": "peers", "group": "near", "statistic": "median", "change": 1},
            ("81", "median of Nearest neighbours"),
        ),
        ({"to": "peers", "group": "empty"}, None),
    ],
)
def test_a_relative_target_follows_another_figure(
    given: dict[str, Any], told: tuple[str, str] | None
) -> None:
    assert aim(indicator(relative(**given), precision=1), "2025-09", OTHERS) == told


def test_where_low_is_good_the_best_quartile_is_the_lower() -> None:
    made = indicator(relative(to="peers", group="near", statistic="best quartile"), polarity="low")
    assert aim(made, "2025-09", OTHERS) == ("70", "best quartile of Nearest neighbours")


def test_a_followed_figure_that_is_not_there_is_no_target() -> None:
    assert aim(indicator(relative(to="a year ago")), "2025-09") is None
    assert aim(indicator(relative(to="the period before")), "2025-09") is None


def test_a_relative_target_has_one_place_more_than_the_value() -> None:
    thirds = Given(groups={"near": ["1", "1", "2"]})
    made = indicator(relative(to="peers", group="near"), precision=1)
    assert aim(made, "2025-09", thirds) == ("1.33", "mean of Nearest neighbours")
    assert aim(indicator(relative(to="peers", group="near")), "2025-09", thirds) == (
        *("1.3", "mean of Nearest neighbours"),
    )


def test_a_range_a_floor_and_who_approved_it_travel_with_the_target() -> None:
    ranged = indicator({"low": 90, "high": 110}, polarity="goldilocks")
    assert applied(ranged, parse_period("2025-09"), NONE) == Applied(
        None, "set", Decimal(90), Decimal(110)
    )
    floored = indicator({"value": 95, "floor": 85, "approved_by": "Cabinet", "spread": "even"})
    assert applied(floored, parse_period("2025-26"), NONE) == Applied(
        Decimal(95), "set", None, None, Decimal(85), "Cabinet"
    )


def test_only_a_target_or_a_rule_that_needs_other_figures_looks_around() -> None:
    plain = indicator({"value": 5}, rag={"amber_within": 1})
    peers = indicator(relative(to="peers", group="near"))
    before = indicator(relative(to="the period before"))
    better = indicator({"value": 5}, rag={"amber_if": "better than a year ago"})
    assert [looks_around(each) for each in (plain, peers, before, better)] == [
        *(False, True, True, True),
    ]
    assert [looks_back(each) for each in (plain, peers, before, better)] == [
        *(False, False, True, True),
    ]


@pytest.mark.parametrize(
    ("values", "percent", "told"),
    [
        *(([5], 75, "5"), ([1, 2], 50, "1.5"), ([1, 2, 3], 50, "2"), ([1, 2, 3, 4], 25, "1.75")),
        *(([1, 2, 3, 4], 75, "3.25"), ([10, 20, 30, 40, 50], 90, "46"), ([4, 4, 4], 10, "4")),
    ],
)
def test_a_percentile_lies_between_two_values_where_it_falls_so(
    values: list[int], percent: int, told: str
) -> None:
    assert percentile([Decimal(each) for each in values], Decimal(percent)) == Decimal(told)
