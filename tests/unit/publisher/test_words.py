"""Figures read as people say them, and the same wherever they are shown."""

from decimal import Decimal

import pytest

from services.publisher.domain import words
from services.publisher.domain.trend import trend


@pytest.mark.parametrize(
    ("value", "unit", "precision", "text"),
    [
        ("83.25", "percentage", 1, "83.3%"),
        ("1051", "count", 0, "1,051"),
        ("1234.565", "money", 2, "£1,234.57"),
        ("-12", "money", 2, "−£12.00"),
        ("1", "days", 0, "1 day"),
        ("1.0", "days", 1, "1.0 days"),
        ("10", "days", 0, "10 days"),
        ("-0.04", "ratio", 1, "0.0"),
        ("1" + "0" * 33, "score", 0, "1" + ",000" * 11),
    ],
)
def test_a_figure_is_rounded_half_up_and_carries_its_unit(
    value: str, unit: str, precision: int, text: str
) -> None:
    assert words.quantity(Decimal(value), unit, precision) == text


@pytest.mark.parametrize(
    ("pence", "short", "text"),
    [
        (123456, False, "£1,234.56"),
        (-5, False, "−£0.05"),
        (120_000_000, True, "£1.2 million"),
        (99_999_999, True, "£999,999.99"),
        (-245_000_000, True, "−£2.5 million"),
    ],
)
def test_money_is_exact_to_the_penny_or_short_from_a_million_on(
    pence: int, short: bool, text: str
) -> None:
    assert words.pence(pence, short=short) == text


def test_times_are_those_of_london() -> None:
    assert words.moment("2026-07-03T13:05:00.000+00:00") == "3 July 2026 at 2:05pm"
    assert words.moment("2026-01-03T00:05:00.000+00:00") == "3 January 2026 at 12:05am"
    assert words.moment("never") == "at an unknown time"


def test_fields_of_a_record_are_readable_and_text_stays_text() -> None:
    assert words.field("2019-07-01T09:00:00") == "1 July 2019, 9:00am"
    assert words.field("2019-07-01") == "1 July 2019"
    assert words.field("2019-13-01") == "2019-13-01"
    assert words.field("2019-07-01 or so") == "2019-07-01 or so"
    assert [words.field(each) for each in (None, True, 7)] == ["", "Yes", "7"]


@pytest.mark.parametrize(
    ("code", "short"),
    [
        ("2019-20-Q4", "Q4 2019/20"),
        ("2019-20-Q1", "Q1 2019/20"),
        ("2019-20", "2019/20"),
        ("2019-09", "Sep 2019"),
        ("nonsense", "nonsense"),
    ],
)
def test_short_periods_name_the_financial_year(code: str, short: str) -> None:
    assert words.short_period(code) == short


def told(now: str | None, then: str | None, **more: object) -> str:
    asked: dict[str, object] = {
        "unit": "percentage", "precision": 1, "polarity": "high", "since": "May",
        "unfinished": False,
    }  # fmt: skip
    return trend(
        None if now is None else Decimal(now),
        None if then is None else Decimal(then),
        **(asked | more),  # type: ignore[arg-type]
    ).text


def test_a_trend_says_how_far_which_way_and_whether_that_is_better() -> None:
    assert told("83.3", "80.2") == "Up 3.1 percentage points since May, getting better"
    assert told("81", "80") == "Up 1.0 percentage points since May, getting better"
    assert told("80.2", "83.3") == "Down 3.1 percentage points since May, getting worse"
    assert told("12", "10", unit="days", precision=0, polarity="low") == (
        "Up 2 days since May, getting worse"
    )
    assert told("12", "10", unit="count", precision=0, polarity="none") == "Up 2 since May"


def test_a_trend_compares_what_is_shown_not_what_is_hidden_by_rounding() -> None:
    assert told("80.04", "79.96") == "The same as in May"
    # 80.05 is shown as 80.1 and 80.04 as 80.0: the words agree with the numbers beside them.
    assert told("80.05", "80.04") == "Up 0.1 percentage points since May, getting better"


def test_half_a_quarter_of_counts_is_not_compared_with_a_whole_one() -> None:
    assert told("5", "9", unit="count", unfinished=True) == "Compared with May when the period ends"
    assert told("50", "90", unfinished=True).startswith("Down 40.0 percentage points")


def test_without_a_number_there_is_nothing_to_compare() -> None:
    assert told(None, "1") == told("1", None) == "Nothing to compare with for May"
