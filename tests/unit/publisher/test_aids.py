"""Reading aids say in words what they rest on."""

from datetime import date
from decimal import Decimal as D
from typing import Any

import msgspec

from services.publisher.domain import aids
from services.publisher.domain.aids import Break, Compared, breaks_of, broken_at, limits_of
from services.publisher.domain.figures import decode_value
from services.publisher.domain.saying import Saying
from shared.catalogue.benchmarks import Standing
from shared.catalogue.model import Break as Defined
from shared.catalogue.model import Indicator, Source
from shared.contracts.states import IndicatorValue
from tests.integration.publisher_parcels import MONTHS, state

SAY = Saying("count", 0)
TODAY = date(2019, 10, 15)


def indicator(**more: Any) -> Indicator:
    return Indicator(code="X", title="X", formula="a", unit="count", **more)


def months(numbers: list[int | None]) -> list[IndicatorValue]:
    return [
        decode_value(msgspec.json.encode(state("X", month, None if n is None else str(n))))
        for month, n in zip(MONTHS, numbers, strict=False)
    ]


def test_breaks_and_changes_of_source_are_told_in_order() -> None:
    found = breaks_of(
        indicator(
            breaks=[Defined(from_="2019-06", note="by barcode")],
            earlier=[Source(until="2018-12", formula="b", note="the ledger")],
        )
    )
    assert [each.words() for each in found] == [
        "From January 2019: a new source; before, the ledger",
        "From June 2019: by barcode",
    ]


def test_a_break_lies_before_the_first_period_that_ends_in_or_after_its_month() -> None:
    found = Break("2019-05", "x", "break in the series")
    quarters = ["2018-19-Q4", "2019-20-Q1", "2019-20-Q2"]
    assert broken_at(quarters, [found]) == {1: [found]}
    assert broken_at(quarters[1:], [found]) == {}
    assert broken_at(["2018-19-Q4"], [found]) == {}


def test_what_is_unfinished_has_no_part_in_the_limits() -> None:
    values = months([10, 12, 10, 12, 10, 12, 10, 12, 90])
    (all_of_them,) = limits_of(indicator(), values, TODAY)
    assert all_of_them.limits.points == 9
    (finished,) = limits_of(indicator(), values, date(2018, 12, 31))
    assert finished.limits.points == 8
    broken = indicator(breaks=[Defined(from_="2018-06", note="x")])
    assert limits_of(broken, values[:9], date(2018, 12, 31)) == []


def test_years_have_no_control_limits() -> None:
    value = decode_value(msgspec.json.encode(state("X", "2018-19", "5")))
    assert limits_of(indicator(), [value] * 9, TODAY) == []


def words(numbers: list[int | None], place: int, **more: bool) -> str:
    values = months(numbers)
    return aids.control_words(limits_of(indicator(), values, TODAY), place, values, SAY, **more)


def test_the_usual_ups_and_downs_are_told_with_their_numbers() -> None:
    # Mean 11, every range 2: 11 -+ 5.32.
    assert words([10, 12] * 4, 3) == (
        "Within the usual ups and downs: the usual is between 5.7 and 16.3 around 11.0, from 8 "
        "months."
    )
    # Sum 94, mean 9.4; 18 / 9 = 2: 9.4 -+ 5.32.
    assert words([10, 11, 10, 11, 10, 11, 10, 11, 10, 0], 9) == (
        "More than the usual ups and downs: below the lower limit (the usual is between 4.1 and "
        "14.7 around 9.4, from 10 months)."
    )


def test_a_limit_below_nought_is_nought_where_no_figure_is_below_it() -> None:
    assert "between 0.0 and" in words([0, 9] * 4, 0)
    assert "between −" in words([-1, 9] * 4, 0)


def test_without_limits_the_reason_is_told() -> None:
    assert words([1, 2, 3], 0).startswith("No control limits: they take 8 finished months")
    assert words([1] * 9, 8, unfinished=True).endswith("when the period ends.")


def test_a_standing_is_told_with_rank_quartile_and_distance() -> None:
    ranked = Standing(4, D("26.25"), D("27.5"), 3, 2, D("32.5"), D("3.5"))
    assert Compared("n", "Neighbours", "2019-09", ranked, {}).words(SAY) == (
        "Neighbours, September 2019: mean 26.3 and median 27.5 of 4 other areas; rank 3 of 5, "
        "quartile 2, 3.5 from the best quartile."
    )
    unranked = Standing(1, D(2), D(2))
    assert Compared("n", "All areas", "2019-09", unranked, {}).words(SAY) == (
        "All areas, September 2019: mean 2.0 and median 2.0 of 1 other area."
    )
