"""The council's calendar: codes, labels, windows, and what came before."""

from datetime import date, timedelta

import pytest

from shared.catalogue.kinds_of_period import CUMULATIVE, DAY
from shared.catalogue.periods import (
    KINDS,
    Period,
    begun,
    following,
    later,
    month_number,
    parse_period,
    period_ending,
    periods_containing,
    previous,
    same_period_last_year,
    year_months,
    year_of,
    years_over,
)

OF_MONTHS = [kind for kind in KINDS if kind not in (DAY, CUMULATIVE)]

# The code, its kind, its first and its last day, and what it is called.
CODES = [
    ("2025-09-14", "day", "2025-09-14", "2025-09-14", "14 September 2025"),
    ("2025-09", "month", "2025-09-01", "2025-09-30", "September 2025"),
    ("2025-26-Q2", "quarter", "2025-07-01", "2025-09-30", "July to September 2025"),
    ("2025-26-Q4", "quarter", "2026-01-01", "2026-03-31", "January to March 2026"),
    ("2010-2011-Q3", "quarter", "2010-10-01", "2010-12-31", "October to December 2010"),
    ("2025-26", "financial-year", "2025-04-01", "2026-03-31", "2025/26"),
    ("1999-00", "financial-year", "1999-04-01", "2000-03-31", "1999/00"),
    ("2010-2011", "financial-year", "2010-04-01", "2011-03-31", "2010/11"),
    ("2025-26-to-09", "year-to-date", "2025-04-01", "2025-09-30", "April to September 2025"),
    ("2025-26-to-04", "year-to-date", "2025-04-01", "2025-04-30", "April 2025"),
    (
        *("2025-26-to-02", "year-to-date", "2025-04-01", "2026-02-28"),
        "April 2025 to February 2026",
    ),
    ("2025-26-AY", "academic-year", "2025-09-01", "2026-08-31", "2025/26 academic year"),
    ("2010-2011-AY", "academic-year", "2010-09-01", "2011-08-31", "2010/11 academic year"),
    (
        *("2025-26-AY-to-11", "academic-year-to-date", "2025-09-01", "2025-11-30"),
        "September to November 2025",
    ),
    (
        *("2025-26-AY-to-08", "academic-year-to-date", "2025-09-01", "2026-08-31"),
        "September 2025 to August 2026",
    ),
    ("2025", "calendar-year", "2025-01-01", "2025-12-31", "2025"),
    (
        *("2025-to-09", "calendar-year-to-date", "2025-01-01", "2025-09-30"),
        "January to September 2025",
    ),
    ("2025-09-R3", "rolling-3-months", "2025-07-01", "2025-09-30", "3 months to September 2025"),
    ("2025-09-R12", "rolling-12-months", "2024-10-01", "2025-09-30", "12 months to September 2025"),
    ("2024-02-R24", "rolling-24-months", "2022-03-01", "2024-02-29", "24 months to February 2024"),
    ("2025-26-P3", "pooled-3-years", "2023-04-01", "2026-03-31", "2023/24 to 2025/26"),
    ("2010-2011-P5", "pooled-5-years", "2006-04-01", "2011-03-31", "2006/07 to 2010/11"),
    ("2025-P3", "pooled-3-calendar-years", "2023-01-01", "2025-12-31", "2023 to 2025"),
    ("2025-P5", "pooled-5-calendar-years", "2021-01-01", "2025-12-31", "2021 to 2025"),
    (
        *("2021-04-to-2025-09", "cumulative", "2021-04-01", "2025-09-30"),
        "April 2021 to September 2025",
    ),
    ("2021-04-to-2021-04", "cumulative", "2021-04-01", "2021-04-30", "April 2021"),
]


@pytest.mark.parametrize(("code", "kind", "start", "end", "label"), CODES)
def test_each_kind_has_its_code_its_days_and_its_label(
    code: str, kind: str, start: str, end: str, label: str
) -> None:
    first, last = (int(each[:4]) * 12 + int(each[5:7]) - 1 for each in (start, end))
    assert parse_period(code) == Period(
        code, kind, date.fromisoformat(start), date.fromisoformat(end), first, last
    )
    assert parse_period(code).label() == label


def test_every_kind_is_among_the_examples() -> None:
    assert {kind for _, kind, *_ in CODES} == set(KINDS)


def test_the_year_ends_on_31_march_and_begins_on_1_april() -> None:
    assert year_of("2026-03") == "2025-26"
    assert year_of("2026-04") == "2026-27"
    assert parse_period("2025-26").end + timedelta(days=1) == parse_period("2026-27").start


def test_february_ends_on_its_leap_day() -> None:
    assert parse_period("2024-02").end == date(2024, 2, 29)
    assert parse_period("2023-24-to-02").end == date(2024, 2, 29)
    assert parse_period("2100-02").end == date(2100, 2, 28)
    assert parse_period("2023-02").end == date(2023, 2, 28)


def test_a_year_that_could_be_read_as_a_month_is_written_in_full() -> None:
    assert parse_period("2010-11").label() == "November 2010"
    assert year_of("2010-11") == "2010-2011"
    assert parse_period("2010-2011").label() == "2010/11"
    assert year_of("2012-04") == "2012-13"
    assert year_of("2011-04") == "2011-2012"


@pytest.mark.parametrize(
    "code",
    [
        *("", "2025-13", "2025-00", "2025-27", "2025-2026", "25-26", "2025-26-Q0", "25"),
        *("2025-26-Q5", "2025-26-q1", "2025-26-to-00", "2025-26-to-13", "2025-26-to-9"),
        *("2010-11-Q1", "2025-09 ", "２０２５-09", "1850-51", "2300-01", "2025-09\n", "1899"),
        # Parts of one kind on another.
        *("2025-26-AY-Q1", "2025-Q1", "2025-26-AY-P3", "2025-26-P2", "2025-26-P10", "2025-AY"),
        *("2010-11-AY", "2010-11-P3", "2010-11-to-09", "2025-09-R6", "2025-09-R03", "2025-26-R12"),
        # Days that there are not, or not in the calendar.
        *("2025-02-29", "2025-9-14", "2025-09-31", "9999-12-31", "0001-01-01", "1899-12-31"),
        # The end before the start.
        *("2025-09-to-2021-04", "2021-04-to-09", "2021-13-to-2021-14", "2021-04-to-2025-09-14"),
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
    for kind in ("week", "cumulative", "cumulative:", "day"):
        with pytest.raises(ValueError, match="is not one of"):
            periods_containing("2025-09", [kind])


def codes_containing(of_month: str, kinds: list[str], until: str = "2199-12") -> list[str]:
    return [period.code for period in periods_containing(of_month, kinds, until)]


def test_a_months_figures_are_part_of_these_periods() -> None:
    kinds = ["month", "quarter", "financial-year", "year-to-date", "academic-year", "calendar-year"]
    assert codes_containing("2026-02", kinds) == [
        *("2026-02", "2025-26-Q4", "2025-26", "2025-26-to-02", "2025-26-to-03"),
        *("2025-26-AY", "2026"),
    ]
    assert codes_containing("2026-02", ["rolling-3-months", "pooled-3-years"]) == [
        *("2026-02-R3", "2026-03-R3", "2026-04-R3", "2025-26-P3", "2026-27-P3", "2027-28-P3"),
    ]
    assert codes_containing("2025-12", ["calendar-year-to-date", "pooled-5-calendar-years"]) == [
        *("2025-to-12", "2025-P5", "2026-P5", "2027-P5", "2028-P5", "2029-P5"),
    ]
    assert codes_containing("2025-07", ["academic-year-to-date"]) == [
        *("2024-25-AY-to-07", "2024-25-AY-to-08"),
    ]


def test_periods_that_have_not_begun_are_left_out() -> None:
    assert codes_containing("2026-02", OF_MONTHS, "2026-02") == [
        *("2026-02", "2025-26-Q4", "2025-26", "2025-26-to-02", "2025-26-AY", "2025-26-AY-to-02"),
        *("2026", "2026-to-02", "2026-02-R3", "2026-02-R12", "2026-02-R24"),
        *("2025-26-P3", "2026-P3", "2025-26-P5", "2026-P5"),
    ]
    # Pooled years begin with the last of them.
    assert codes_containing("2026-02", ["pooled-3-years"], "2026-04") == [
        *("2025-26-P3", "2026-27-P3"),
    ]
    assert codes_containing("2026-02", ["month", "quarter", "year-to-date"], "2026-01") == [
        "2025-26-Q4"
    ]


def test_cumulative_periods_begin_with_their_first_month() -> None:
    kind = ["cumulative:2026-01"]
    assert codes_containing("2026-02", kind, "2026-03") == [
        *("2026-01-to-2026-02", "2026-01-to-2026-03"),
    ]
    assert codes_containing("2025-12", kind, "2026-03") == []


@pytest.mark.parametrize(
    ("code", "first"),
    [
        *(("2025-09", "2025-09"), ("2025-26-Q2", "2025-07"), ("2025-26", "2025-04")),
        *(("2025-26-AY", "2025-09"), ("2025", "2025-01"), ("2025-09-14", "2025-09")),
        *(("2025-26-to-09", "2025-09"), ("2025-26-AY-to-11", "2025-11"), ("2025-to-09", "2025-09")),
        *(("2025-09-R12", "2025-09"), ("2021-04-to-2025-09", "2025-09")),
        *(("2025-26-P3", "2025-04"), ("2025-P5", "2025-01")),
    ],
)
def test_a_period_has_begun_from_this_month_on(code: str, first: str) -> None:
    period = parse_period(code)
    assert begun(period, month_number(first))
    assert not begun(period, month_number(first) - 1)


@pytest.mark.parametrize(
    ("code", "kind", "found"),
    [
        *(("2025-09", "month", "2025-09"), ("2025-09", "quarter", "2025-26-Q2")),
        *(("2025-08", "quarter", None), ("2026-03", "financial-year", "2025-26")),
        *(("2025-12", "financial-year", None), ("2025-12", "calendar-year", "2025")),
        *(("2025-08", "academic-year", "2024-25-AY"),),
        *(("2025-08", "rolling-3-months", "2025-08-R3"),),
        *(("2026-03", "pooled-3-years", "2025-26-P3"), ("2025-12", "pooled-3-years", None)),
        *(("2025-03", "cumulative:2025-04", None),),
        *(("2025-04", "cumulative:2025-04", "2025-04-to-2025-04"),),
    ],
)
def test_a_period_ends_with_a_month_or_none_does(code: str, kind: str, found: str | None) -> None:
    period = period_ending(month_number(code), kind)
    assert (None if period is None else period.code) == found


# The period, the one before it, the one a year before, and the one after it.
NEIGHBOURS = [
    ("2025-09-14", "2025-09-13", "2024-09-14", "2025-09-15"),
    ("2024-02-29", "2024-02-28", "2023-02-28", "2024-03-01"),
    ("2025-03-01", "2025-02-28", "2024-03-01", "2025-03-02"),
    ("2026-01-01", "2025-12-31", "2025-01-01", "2026-01-02"),
    ("2025-01", "2024-12", "2024-01", "2025-02"),
    ("2025-26-Q1", "2024-25-Q4", "2024-25-Q1", "2025-26-Q2"),
    ("2010-2011", "2009-2010", "2009-2010", "2011-2012"),
    ("2025-26-to-04", "2024-25-to-03", "2024-25-to-04", "2025-26-to-05"),
    ("2025-26-to-03", "2025-26-to-02", "2024-25-to-03", "2026-27-to-04"),
    ("2025-26-AY", "2024-25-AY", "2024-25-AY", "2026-27-AY"),
    ("2025-26-AY-to-09", "2024-25-AY-to-08", "2024-25-AY-to-09", "2025-26-AY-to-10"),
    ("2025", "2024", "2024", "2026"),
    ("2025-to-01", "2024-to-12", "2024-to-01", "2025-to-02"),
    ("2025-09-R3", "2025-08-R3", "2024-09-R3", "2025-10-R3"),
    ("2025-01-R12", "2024-12-R12", "2024-01-R12", "2025-02-R12"),
    ("2024-02-R24", "2024-01-R24", "2023-02-R24", "2024-03-R24"),
    ("2025-26-P3", "2024-25-P3", "2024-25-P3", "2026-27-P3"),
    ("2011-2012-P5", "2010-2011-P5", "2010-2011-P5", "2012-13-P5"),
    ("2025-P3", "2024-P3", "2024-P3", "2026-P3"),
    ("2025-P5", "2024-P5", "2024-P5", "2026-P5"),
    ("2021-04-to-2025-09", "2021-04-to-2025-08", "2021-04-to-2024-09", "2021-04-to-2025-10"),
    ("2021-04-to-2022-03", "2021-04-to-2022-02", None, "2021-04-to-2022-04"),
    ("2021-04-to-2021-04", None, None, "2021-04-to-2021-05"),
]


@pytest.mark.parametrize(("code", "before", "year_before", "after"), NEIGHBOURS)
def test_each_period_has_its_neighbours(
    code: str, before: str | None, year_before: str | None, after: str
) -> None:
    period = parse_period(code)
    found = [previous(period), same_period_last_year(period), following(period)]
    assert [None if each is None else each.code for each in found] == [before, year_before, after]


def test_every_kind_has_its_neighbours_told() -> None:
    assert {parse_period(code).kind for code, *_ in NEIGHBOURS} == set(KINDS)


def test_the_same_date_months_later_is_the_months_last_where_it_has_no_such_day() -> None:
    assert later(parse_period("2024-01-31"), 1).code == "2024-02-29"
    assert later(parse_period("2024-02-29"), 12).code == "2025-02-28"
    assert later(parse_period("2024-02-29"), 1).code == "2024-03-29"


def test_financial_years_over_a_window() -> None:
    assert years_over(month_number("2025-03"), month_number("2026-04")) == (
        *("2024-25", "2025-26", "2026-27"),
    )
    assert years_over(month_number("2010-11"), month_number("2010-11")) == ("2010-2011",)
    assert year_months("2025-26") == range(month_number("2025-04"), month_number("2026-04"))
