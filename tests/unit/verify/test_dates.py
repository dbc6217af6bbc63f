from datetime import date
from fractions import Fraction

import pytest

from deploy.verify.dates import (
    OffTheCalendar,
    add_days,
    add_months,
    add_working_days,
    age,
    days_between,
    hours_between,
    months_between,
    working_days_between,
)

NONE: frozenset[date] = frozenset()


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("2025-04-17T23:59:00", "2025-04-17T00:00:00", 0),
        ("2025-04-17", "2025-04-22", 1),  # Easter: Friday and Monday are bank holidays
        ("2025-04-17", "2025-04-21", 0),
        ("2025-12-24", "2025-12-29", 1),
        ("2025-09-05", "2025-09-08", 1),
        ("2025-09-08", "2025-09-05", -1),
    ],
)
def test_working_days_skip_weekends_and_the_bank_holidays_of_england(
    start: str, end: str, days: int
) -> None:
    assert working_days_between(start, end, NONE) == days


def test_the_councils_own_closure_days_are_not_worked() -> None:
    closed = frozenset({date(2025, 12, 29)})
    assert working_days_between("2025-12-24", "2025-12-30", closed) == 1
    assert add_working_days("2025-12-24", Fraction(1), closed) == date(2025, 12, 30)


def test_days_between_dates_pass_over_the_time_of_day_and_the_clock_change() -> None:
    assert days_between("2025-03-29T23:59:00", "2025-03-31T00:01:00") == 2


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        ("2000-06-15", "2018-06-14", 17),
        ("2000-06-15", "2018-06-15", 18),
        ("2000-06-15", "2018-06-15T00:00:00", 18),
        ("2004-02-29", "2022-02-28", 17),
        ("2004-02-29", "2022-03-01", 18),
        ("2004-02-29", "2024-02-28", 19),
        ("2004-02-29", "2024-02-29", 20),
        ("2025-06-15", "2025-06-14", -1),
        ("2025-06-15", "2025-06-15", 0),
    ],
)
def test_a_birthday_is_reached_on_its_day_and_that_of_a_leap_day_on_the_first_of_march(
    born: str, on: str, years: int
) -> None:
    assert age(born, on) == years


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2025-01-31", "2025-02-28", 0),
        ("2025-01-31", "2025-03-30", 1),
        ("2025-01-31", "2025-03-31", 2),
        ("2025-01-15", "2025-02-14", 0),
        ("2025-01-15", "2025-02-15", 1),
        ("2023-11-30", "2025-01-01", 13),
        ("2025-02-15", "2025-01-15", -1),
        ("2025-02-14", "2025-01-15", 0),
        ("2025-04-02T10:00:00", "2025-04-02T09:00:00", 0),
    ],
)
def test_a_month_is_complete_on_the_same_day_of_the_next(start: str, end: str, months: int) -> None:
    assert months_between(start, end) == months


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2025-06-01T09:00:00", "2025-06-01T10:30:00", Fraction(3, 2)),
        ("2025-06-01T10:30:00", "2025-06-01T09:00:00", Fraction(-3, 2)),
        # The clocks go forward on 30 March 2025 at one, and back on 26 October at two.
        ("2025-03-30T00:30:00", "2025-03-30T02:30:00", Fraction(1)),
        ("2025-03-30T01:30:00", "2025-03-30T02:30:00", Fraction(0)),
        ("2025-10-26T00:30:00", "2025-10-26T02:30:00", Fraction(3)),
        ("2025-10-26T00:30:00", "2025-10-26T01:30:00", Fraction(1)),
        ("2025-03-30", "2025-03-31", Fraction(23)),
        ("2025-10-26", "2025-10-27T00:00:00", Fraction(25)),
        ("2025-06-01", "2025-06-01T00:20:00", Fraction(333333333, 10**9)),
        ("2025-06-01", "2025-06-01T00:40:00", Fraction(666666667, 10**9)),
    ],
)
def test_hours_are_those_that_really_went_by(start: str, end: str, hours: Fraction) -> None:
    assert hours_between(start, end) == hours


@pytest.mark.parametrize(
    ("start", "months", "day"),
    [
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-31", 1, "2024-02-29"),
        ("2025-03-31", -1, "2025-02-28"),
        ("2025-03-31", 12, "2026-03-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-11-30T12:00:00", 3, "2026-02-28"),
    ],
)
def test_months_later_is_the_same_day_or_the_months_last(start: str, months: int, day: str) -> None:
    assert add_months(start, Fraction(months)).isoformat() == day


@pytest.mark.parametrize(
    ("start", "days", "day"),
    [
        ("2025-04-17", 1, "2025-04-22"),  # over Easter
        ("2025-04-22", -1, "2025-04-17"),
        ("2025-04-19", 0, "2025-04-19"),  # a Saturday, left as it is
        ("2025-04-19", 1, "2025-04-22"),
        ("2025-04-19", -1, "2025-04-17"),
        ("2025-09-01", 20, "2025-09-29"),
        ("2025-09-29T08:00:00", -20, "2025-09-01"),
    ],
)
def test_the_nth_working_day_after_or_before_a_date(start: str, days: int, day: str) -> None:
    assert add_working_days(start, Fraction(days), NONE).isoformat() == day


def test_days_later() -> None:
    assert add_days("2024-02-28", Fraction(2)) == date(2024, 3, 1)
    assert add_days("2024-03-01T09:00:00", Fraction(-1)) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("start", "number"),
    [("2199-12-31", 1), ("1900-01-01", -1), ("2025-01-01", 10**9), ("2025-01-01", Fraction(1, 2))],
)
def test_no_date_lies_off_the_calendar_or_half_a_day_away(
    start: str, number: int | Fraction
) -> None:
    with pytest.raises(OffTheCalendar):
        add_days(start, Fraction(number))
    with pytest.raises(OffTheCalendar):
        add_working_days(start, Fraction(number), NONE)
    with pytest.raises(OffTheCalendar):
        add_months(start, Fraction(number))
