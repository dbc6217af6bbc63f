"""Figures read as people say them, and the same wherever they are shown."""

from decimal import Decimal

import pytest

from services.publisher.domain import words
from services.publisher.domain.trend import trend
from shared.catalogue.periods import KINDS


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
        ("4.5", "hours", 1, "4.5 hours"),
        ("1", "hours", 0, "1 hour"),
        ("1", "yes/no", 0, "Yes"),
        ("0", "yes/no", 0, "No"),
        ("0.5", "yes/no", 1, "0.5"),
        ("1" + "0" * 33, "score", 0, "1" + ",000" * 11),
    ],
)
def test_a_figure_is_rounded_half_up_and_carries_its_unit(
    value: str, unit: str, precision: int, text: str
) -> None:
    assert words.quantity(Decimal(value), unit, precision) == text


def test_a_rate_says_per_how_many_and_a_number_has_its_own_label() -> None:
    assert words.quantity(Decimal("12.34"), "rate", 1, per=1000) == "12.3 per 1,000"
    assert words.quantity(Decimal(412), "number", 0, label="kg") == "412 kg"
    assert words.quantity(Decimal("12.34"), "rate", 1) == "12.3"


def test_every_kind_of_period_and_every_reason_has_words() -> None:
    assert set(words.KINDS) == set(KINDS)
    assert words.no_value("not due") == "Not due"
    assert words.no_value(None) == "No data"
    reasons = {"missing", "suppressed", "not applicable", "not due", "not calculable"}
    assert set(words.REASONS) == reasons


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
        ("2019-20-AY", "2019/20"),
        ("2019", "2019"),
        ("2019-09-05", "5 Sep 2019"),
        ("2019-20-P3", "2017 to 2020"),
        ("2019-09-R12", "Sep 2019"),
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


def test_a_change_within_the_stability_is_stable() -> None:
    assert told("83.3", "83.0", stability=Decimal("0.5")) == (
        "Stable: up 0.3 percentage points since May"
    )
    assert told("82.4", "83.0", stability=Decimal("0.5")) == (
        "Down 0.6 percentage points since May, getting worse"
    )


def test_of_goldilocks_what_comes_nearer_to_its_target_is_better() -> None:
    aim = (Decimal(-2), Decimal(2))
    assert told("3", "5", polarity="goldilocks", aim=aim).endswith("getting better")
    assert told("-4", "3", polarity="goldilocks", aim=aim).endswith("getting worse")


def test_a_yes_or_no_changes_without_a_distance() -> None:
    assert told("1", "0", unit="yes/no") == "Changed since May, getting better"


def test_half_a_quarter_of_counts_is_not_compared_with_a_whole_one() -> None:
    assert told("5", "9", unit="count", unfinished=True) == "Compared with May when the period ends"
    assert told("50", "90", unfinished=True).startswith("Down 40.0 percentage points")


def test_without_a_number_there_is_nothing_to_compare() -> None:
    assert told(None, "1") == told("1", None) == "Nothing to compare with for May"


def test_what_a_record_says_of_time_is_of_london_where_it_names_no_other() -> None:
    assert words.said("2019-07-08T10:00:00") == "8 July 2019 at 10:00am"
    assert words.said("2019-07-08T10:00:00+00:00") == "8 July 2019 at 11:00am"
    assert words.said("2019-12-08T10:00:00") == "8 December 2019 at 10:00am"
    assert words.said("soon") == "at an unknown time"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it was due on 2026-09-30", "it was due on 30 September 2026"),
        ("is red for 2026-27-Q2", "is red for July to September 2026"),
        ("red for 2026-09.", "red for September 2026."),
        ("over budget in 2026-27", "over budget in 2026/27"),
        ("position/2026-27/D2030@P07", "position/2026-27/D2030@P07"),
        ("call 2026-13-45 or 0117-20", "call 2026-13-45 or 0117-20"),
    ],
)  # fmt: skip
def test_days_and_periods_in_a_sentence_are_said_as_people_say_them(text: str, said: str) -> None:
    assert words.said_plainly(text) == said


def test_a_field_in_a_sentence() -> None:
    assert words.field_name("area_code") == "area"
    assert words.field_name("age_band") == "age band"
