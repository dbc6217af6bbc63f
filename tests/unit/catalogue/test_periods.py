"""The council's calendar."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.periods import (
    KINDS,
    Period,
    months_of,
    parse_period,
    periods_containing,
    previous,
    same_period_last_year,
    year_of,
)

days = st.dates(date(1901, 1, 1), date(2198, 12, 31))


def month(day: date) -> str:
    return day.isoformat()[:7]


def test_each_kind_has_its_code_its_days_and_its_label() -> None:
    assert parse_period("2025-09") == Period(
        "2025-09", "month", date(2025, 9, 1), date(2025, 9, 30)
    )
    assert parse_period("2025-26-Q2") == Period(
        "2025-26-Q2", "quarter", date(2025, 7, 1), date(2025, 9, 30)
    )
    assert parse_period("2025-26") == Period(
        "2025-26", "financial-year", date(2025, 4, 1), date(2026, 3, 31)
    )
    assert parse_period("2025-26-to-09") == Period(
        "2025-26-to-09", "year-to-date", date(2025, 4, 1), date(2025, 9, 30)
    )


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("2025-09", "September 2025"),
        ("2025-26-Q2", "July to September 2025"),
        ("2025-26-Q4", "January to March 2026"),
        ("2025-26", "2025/26"),
        ("1999-00", "1999/00"),
        ("2010-2011", "2010/11"),
        ("2025-26-to-09", "April to September 2025"),
        ("2025-26-to-04", "April 2025"),
        ("2025-26-to-02", "April 2025 to February 2026"),
    ],
)
def test_labels_are_the_councils_words(code: str, label: str) -> None:
    assert parse_period(code).label() == label


def test_the_year_ends_on_31_march_and_begins_on_1_april() -> None:
    assert year_of("2026-03") == "2025-26"
    assert year_of("2026-04") == "2026-27"
    assert parse_period("2025-26").end + timedelta(days=1) == parse_period("2026-27").start


def test_february_ends_on_its_leap_day() -> None:
    assert parse_period("2024-02").end == date(2024, 2, 29)
    assert parse_period("2023-24-to-02").end == date(2024, 2, 29)
    assert parse_period("2100-02").end == date(2100, 2, 28)
    assert same_period_last_year(parse_period("2024-02")).end == date(2023, 2, 28)


def test_a_year_that_could_be_read_as_a_month_is_written_in_full() -> None:
    assert parse_period("2010-11").label() == "November 2010"
    assert year_of("2010-11") == "2010-2011"
    assert parse_period("2010-2011").label() == "2010/11"
    assert year_of("2012-04") == "2012-13"
    assert year_of("2011-04") == "2011-2012"


@pytest.mark.parametrize(
    "code",
    [
        *("", "2025", "2025-13", "2025-00", "2025-27", "2025-2026", "25-26", "2025-26-Q0"),
        *("2025-26-Q5", "2025-26-q1", "2025-26-to-00", "2025-26-to-13", "2025-26-to-9"),
        *("2010-11-Q1", "2025-09-01", "2025-09 ", "２０２５-09", "1850-51", "2300-01", "2025-09\n"),
    ],
)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="is not a period such as"):
        parse_period(code)


def test_a_month_that_is_none_is_refused() -> None:
    for text in ("2025-13", "2025-1", "2025-09-01", "9999-12", "1066-10"):
        with pytest.raises(ValueError, match="is not a month"):
            year_of(text)


def test_a_kind_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'week' is not one of"):
        periods_containing("2025-09", ["week"])


def test_a_months_figures_are_part_of_these_periods() -> None:
    codes = [period.code for period in periods_containing("2026-02", KINDS)]
    assert codes == [
        *("2026-02", "2025-26-Q4", "2025-26", "2025-26-to-02", "2025-26-to-03"),
    ]


@given(days)
def test_a_period_contains_a_month_exactly_when_the_month_is_one_of_its_months(day: date) -> None:
    first = date(day.year - 1, 4, 1)
    nearby = {month(first + timedelta(days=31 * n)) for n in range(30)}
    periods = {period for each in nearby for period in periods_containing(each, KINDS)}
    containing = set(periods_containing(month(day), KINDS))
    for period in periods:
        assert (period in containing) == (month(day) in months_of(period))
        assert (period in containing) == (period.start <= day <= period.end)


@given(days)
def test_every_code_means_its_period_and_no_other(day: date) -> None:
    periods = periods_containing(month(day), KINDS)
    assert len({period.code for period in periods}) == len(periods)
    for period in periods:
        assert parse_period(period.code) == period


@given(days)
def test_months_quarters_and_years_fill_the_calendar_without_gap_or_overlap(day: date) -> None:
    for period in periods_containing(month(day), ["month", "quarter", "financial-year"]):
        assert previous(period).end + timedelta(days=1) == period.start
        assert previous(period).kind == period.kind
    (year,) = periods_containing(month(day), ["financial-year"])
    assert year.code == year_of(month(day))
    assert (year.start.month, year.start.day) == (4, 1)
    assert (year.end.month, year.end.day) == (3, 31)
    assert len(months_of(year)) == 12


@given(days)
def test_a_period_begins_on_a_first_and_ends_on_a_last_day(day: date) -> None:
    for period in periods_containing(month(day), KINDS):
        assert period.start.day == 1
        assert period.end.day == monthrange(period.end.year, period.end.month)[1]
        assert months_of(period)[0] == month(period.start)
        assert months_of(period)[-1] == month(period.end)


@given(days)
def test_the_same_period_last_year_is_a_year_before(day: date) -> None:
    for period in periods_containing(month(day), KINDS):
        before = same_period_last_year(period)
        assert before.kind == period.kind
        assert before.start == period.start.replace(year=period.start.year - 1)
        assert (before.end.year, before.end.month) == (period.end.year - 1, period.end.month)


def test_before_the_first_year_to_date_comes_the_last_of_the_year_before() -> None:
    assert previous(parse_period("2025-26-to-04")).code == "2024-25-to-03"
    assert previous(parse_period("2025-26-to-09")).code == "2025-26-to-08"
