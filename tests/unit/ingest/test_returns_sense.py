"""What is unusual in a figure, by what was given before."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as provided
from hypothesis import strategies as st

from services.ingest.domain.returns import sense
from services.ingest.domain.returns.due import neighbours
from services.ingest.domain.returns.sense import Figure
from shared.catalogue.connectors import Return
from shared.catalogue.periods import parse_period

NOW = parse_period("2026-27-Q2")
BEFORE = neighbours(NOW, 12)
NUMBERS = st.decimals(-1_000_000, 1_000_000, places=2).filter(bool)
WHOLES = st.decimals("0.01", 1_000_000, places=2)


def asked(times: str = "2", **more: Any) -> Return:
    fields: dict[str, Any] = {"code": "r", "title": "R", "dataset": "d", "period": "p"}
    return Return(**{**fields, "ask": ["n"], "owner": "O", "times": Decimal(times), **more})


def figure(*values: object) -> Figure:
    return Figure(NOW, [None if each is None else Decimal(str(each)) for each in values])


def earlier(*given: Any) -> list[Figure]:
    """Figures of the quarters before, the nearest first; a tuple is out of something."""
    made = []
    for period, each in zip(BEFORE, given, strict=False):
        values = each if isinstance(each, tuple) else (each,)
        if each != "missing":
            made.append(Figure(period, [None if v is None else Decimal(str(v)) for v in values]))
    return made


def said(times: str, now: Figure, *given: Any) -> list[str]:
    return sense.doubts(asked(times), now, earlier(*given))


@pytest.mark.parametrize(
    ("now", "before", "told"),
    [
        ("412", ["103"], "412 is four times last quarter's 103."),
        ("206", ["103"], "206 is twice last quarter's 103."),
        ("450", ["103"], "450 is about 4.4 times last quarter's 103."),
        ("103", ["412"], "103 is a quarter of last quarter's 412."),
        ("51.5", ["103"], "51.5 is half of last quarter's 103."),
        ("20", ["103"], "20 is about 19% of last quarter's 103."),
        ("1", ["10000"], "1 is less than 1% of last quarter's 10,000."),
        ("0", ["103"], "It is 0, unlike last quarter's 103."),
        ("-4", ["12"], "−4 is below nought, and last quarter's 12 was not."),
        ("-1234.5", ["-103"], "−1,234.5 is about 12 times last quarter's −103."),
        ("300", ["missing", "100"], "300 is three times the 100 of January to March 2026."),
        ("300", [None, "100"], "300 is three times the 100 of January to March 2026."),
    ],
)
def test_what_is_much_more_or_less_than_last_time_is_said_with_both_figures(
    now: str, before: list[Any], told: str
) -> None:
    assert said("2", figure(now), *before) == [told]


@pytest.mark.parametrize(("now", "before"), [("205", "103"), ("52", "103"), ("0", "0"), ("7", "0")])
def test_what_is_within_the_times_or_has_nothing_to_compare_with_is_not(
    now: str, before: str
) -> None:
    assert said("2", figure(now), before) == []


def test_nothing_is_asked_about_the_first_figure() -> None:
    assert said("2", figure("1000000")) == []


def test_the_same_quarter_a_year_ago_is_looked_at_too() -> None:
    assert said("2", figure("100"), "110", "missing", "missing", "40") == [
        "100 is about 2.5 times the 40 of July to September 2025."
    ]


def test_a_figure_far_outside_the_range_of_the_last_ones_is_asked_about() -> None:
    before = ["103", "98", "99", "110"]
    [told] = said("2", figure("128"), *before)
    assert told == (
        "128 is above the last 4 by more than half of their range: they were between 98 and 110."
    )
    assert said("2", figure("116"), *before) == []
    assert said("2", figure("128"), *before[:3]) == []
    assert said("2", figure("101"), *["100"] * 8) == []


def test_a_figure_out_of_another_is_compared_by_how_much_of_it_it_is() -> None:
    assert said("2", figure(248, 796), (124, 398)) == [
        "The 796 that it is out of is 100% more than last quarter's 398."
    ]
    assert said("2", figure(62, 398), (124, 398)) == [
        "62 out of 398 (15.6%) is half of last quarter's 124 out of 398 (31.2%)."
    ]


def test_a_part_larger_than_its_whole_is_asked_about_unless_it_always_was() -> None:
    assert said("2", figure(400, 398)) == ["400 is more than the 398 that it is out of."]
    assert said("2", figure(1900, 100), (1880, 99)) == []
    assert "19 each" in figure(1900, 100).text()


def test_a_whole_of_nothing_is_no_division() -> None:
    assert said("2", figure(0, 0), (1, 2)) == [
        "The 0 that it is out of is 100% less than last quarter's 2."
    ]
    assert said("2", figure(1, 2), (0, 0)) == []


def test_a_figure_that_is_withheld_is_not_doubted() -> None:
    assert said("2", figure(None, None), (1, 2)) == []


def test_doubts_are_known_by_what_they_say() -> None:
    one, other = said("2", figure("412"), "103"), said("2", figure("413"), "103")
    assert sense.mark(one) == sense.mark(list(one)) != sense.mark(other)
    assert sense.mark([]) == ""


@provided(now=NUMBERS, last=NUMBERS, times=st.decimals("1.1", "20", places=1))
def test_a_doubt_says_the_same_as_the_definition_of_times(
    now: Decimal, last: Decimal, times: Decimal
) -> None:
    found = said(str(times), figure(now), last)
    ratio = Fraction(now) / Fraction(last)
    unusual = ratio < 0 or ratio >= Fraction(times) or ratio <= 1 / Fraction(times)
    assert bool(found) == unusual
    for each in found:
        assert sense.plain(now) in each
        assert sense.plain(last) in each


@provided(part=WHOLES, whole=WHOLES, factor=st.decimals("0.51", "1.49", places=2))
def test_the_same_share_of_a_whole_of_about_the_same_size_is_never_doubted(
    part: Decimal, whole: Decimal, factor: Decimal
) -> None:
    assert said("2", figure(part * factor, whole * factor), (part, whole)) == [] or part > whole


@provided(now=NUMBERS, before=st.lists(NUMBERS, max_size=8))
def test_the_order_of_a_doubt_never_depends_on_chance_and_nothing_fails(
    now: Decimal, before: list[Decimal]
) -> None:
    first, second = said("2", figure(now), *before), said("2", figure(now), *before)
    assert first == second
    assert all(each.endswith(".") for each in first)
