"""Which way a figure moved, and whether that is better."""

from decimal import Decimal as D

import pytest

from shared.catalogue.trend import Change, change, distance


@pytest.mark.parametrize(
    ("now", "then", "polarity", "way", "effect"),
    [
        ("83.3", "80.2", "high", "up", "better"),
        ("80.2", "83.3", "high", "down", "worse"),
        ("12", "10", "low", "up", "worse"),
        ("9", "10", "low", "down", "better"),
        ("12", "10", "none", "up", ""),
        ("10", "10.0", "high", "same", ""),
    ],
)
def test_up_is_better_where_high_is_good(
    now: str, then: str, polarity: str, way: str, effect: str
) -> None:
    assert change(D(now), D(then), polarity) == Change(way, effect, D(now) - D(then))


def test_a_change_within_the_stability_is_neither_better_nor_worse() -> None:
    assert change(D("80.5"), D(80), "high", stability=D("0.5")) == Change("stable", "", D("0.5"))
    assert change(D("79.5"), D(80), "high", stability=D("0.5")) == Change("stable", "", D("-0.5"))
    assert change(D("80.6"), D(80), "high", stability=D("0.5")) == Change("up", "better", D("0.6"))


@pytest.mark.parametrize(
    ("now", "then", "effect"),
    [
        ("1", "3", "better"),
        ("-1", "3", "better"),
        ("-4", "3", "worse"),
        ("3", "-3", ""),
        ("1", "0", "worse"),
    ],
)
def test_nearer_to_the_midpoint_is_better_for_goldilocks(now: str, then: str, effect: str) -> None:
    assert change(D(now), D(then), "goldilocks", aim=(D(0), D(0))).effect == effect


def test_within_a_range_nothing_is_nearer() -> None:
    aim = (D(-2), D(2))
    assert change(D(1), D(-1), "goldilocks", aim=aim).effect == ""
    assert change(D(1), D(5), "goldilocks", aim=aim).effect == "better"
    assert change(D("-2.1"), D(2), "goldilocks", aim=aim).effect == "worse"
    assert change(D(1), D(5), "goldilocks").effect == ""


def test_distance_is_counted_from_the_nearer_end() -> None:
    assert distance(D(-5), (D(-2), D(2))) == 3
    assert distance(D("2.5"), (D(-2), D(2))) == D("0.5")
    assert distance(D(2), (D(-2), D(2))) == 0
    assert distance(D(9), (D(1), None)) == 0
