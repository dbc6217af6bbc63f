from datetime import date

import pytest

from deploy.verify.dates import (
    UnknownPeriod,
    days_between,
    first_day,
    last_day,
    month_number,
    periods_with,
    window,
    working_days_between,
)

SEPTEMBER = month_number("2025-09")


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("month", ["2025-09"]),
        ("quarter", ["2025-26-Q2"]),
        ("financial-year", ["2025-26"]),
        (
            "year-to-date",
            [
                "2025-26-to-09",
                "2025-26-to-10",
                "2025-26-to-11",
                "2025-26-to-12",
                "2025-26-to-01",
                "2025-26-to-02",
                "2025-26-to-03",
            ],
        ),
    ],
)
def test_september_lies_in_these_periods(kind: str, codes: list[str]) -> None:
    assert periods_with(SEPTEMBER, kind) == codes


@pytest.mark.parametrize(
    ("code", "kind", "start", "end"),
    [
        ("2024-02", "month", "2024-02-01", "2024-02-29"),
        ("2025-26-Q4", "quarter", "2026-01-01", "2026-03-31"),
        ("1999-00", "financial-year", "1999-04-01", "2000-03-31"),
        ("2025-26-to-01", "year-to-date", "2025-04-01", "2026-01-31"),
        ("2010-11", "month", "2010-11-01", "2010-11-30"),
        ("2010-2011", "financial-year", "2010-04-01", "2011-03-31"),
        ("2010-2011-Q1", "quarter", "2010-04-01", "2010-06-30"),
    ],
)
def test_a_code_names_one_stretch_of_days(code: str, kind: str, start: str, end: str) -> None:
    found, first, last = window(code)
    assert (found, first_day(first), last_day(last)) == (kind, start, end)


@pytest.mark.parametrize(
    "code", ["", "2025", "2025-13", "2025-27", "2010-11-Q1", "2025-26-Q5", "2025-26-to-13"]
)
def test_other_texts_are_no_periods(code: str) -> None:
    with pytest.raises(UnknownPeriod):
        window(code)


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
    assert working_days_between(start, end, frozenset()) == days


def test_the_councils_own_closure_days_are_not_worked() -> None:
    closed = frozenset({date(2025, 12, 29)})
    assert working_days_between("2025-12-24", "2025-12-30", closed) == 1


def test_days_between_dates_pass_over_the_time_of_day_and_the_clock_change() -> None:
    assert days_between("2025-03-29T23:59:00", "2025-03-31T00:01:00") == 2
