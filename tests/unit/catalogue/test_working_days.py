"""Working days, against the calendar that the package itself keeps."""

from datetime import date, timedelta

import pytest
from govuk_bank_holidays.bank_holidays import BankHolidays
from hypothesis import given
from hypothesis import strategies as st

from shared.catalogue.working_days import ORDINALS, working_days_table

DAYS = st.dates(date(2012, 1, 1), date(2028, 12, 31))
HOLIDAYS = BankHolidays(use_cached_holidays=True)


def counted(start: date, end: date, closures: set[date]) -> int:
    """Day by day, with the package's own rule."""
    if end < start:
        return -counted(end, start, closures)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(
        HOLIDAYS.is_work_day(day, BankHolidays.ENGLAND_AND_WALES) and day not in closures
        for day in days
    )


@given(DAYS, st.integers(-400, 400), st.sets(DAYS, max_size=5))
def test_equal_a_count_day_by_day(start: date, distance: int, closures: set[date]) -> None:
    end = start + timedelta(days=distance)
    table = working_days_table(day.isoformat() for day in closures)
    found = table[end.isoformat()] - table[start.isoformat()]
    assert found == counted(start, end, closures)


def test_easter_is_left_out() -> None:
    table = working_days_table()
    # From Maundy Thursday 2025 to the Tuesday after Easter.
    assert table["2025-04-22"] - table["2025-04-17"] == 1
    assert ORDINALS["2025-04-22"] - ORDINALS["2025-04-17"] == 5


def test_a_closure_day_is_left_out_once_and_only_where_it_would_have_been_worked() -> None:
    plain = working_days_table()
    closed = working_days_table(["2025-12-29", "2025-12-25", "2025-12-27"])
    assert plain["2025-12-31"] - plain["2025-12-24"] == 3
    assert closed["2025-12-31"] - closed["2025-12-24"] == 2


def test_before_the_first_published_holiday_only_weekends_are_days_off() -> None:
    table = working_days_table()
    assert table["2000-01-07"] - table["1999-12-31"] == 5


@pytest.mark.parametrize(
    "text", ["2025-02-29", "1899-12-31", "2200-01-01", "20250401", "2025-W14-2", "x", ""]
)
def test_what_is_no_date_of_the_calendar_is_refused_and_not_kept(text: str) -> None:
    with pytest.raises(ValueError):
        ORDINALS[text]
    assert text not in ORDINALS
