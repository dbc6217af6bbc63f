"""Which values exist, and which do not."""

import pytest

from deploy.verify.indicators import Indicators
from tests.unit.verify import small

MAY = [{"on": "2025-05-10", "n": "5", "of": "4", "ward": "Abbey"}]


def codes(found: Indicators, indicator: str = "I") -> set[str]:
    """The periods of the values that exist, and their members."""
    subjects = (subject.partition("/") for subject in found.expected())
    return {rest for code, _, rest in subjects if code == indicator}


def months(year: int, first: int, last: int) -> set[str]:
    """The codes of some months of a year."""
    return {f"{year}-{month:02}" for month in range(first, last + 1)}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("month", months(2025, 4, 7)),
        ("quarter", {"2025-26-Q1", "2025-26-Q2"}),
        ("financial-year", {"2025-26"}),
        ("year-to-date", {f"2025-26-to-0{month}" for month in range(4, 8)}),
        ("academic-year", {"2024-25-AY"}),
        ("academic-year-to-date", {f"2024-25-AY-to-0{month}" for month in range(4, 8)}),
        ("calendar-year", {"2025"}),
        ("rolling-3-months", {f"2025-0{month}-R3" for month in range(4, 8)}),
        ("pooled-3-years", {"2025-26-P3"}),
        ("pooled-3-calendar-years", {"2025-P3"}),
        ("cumulative", {f"2025-03-to-2025-0{month}" for month in range(4, 8)}),
    ],
)
def test_a_financial_year_with_a_record_has_every_period_that_has_begun(
    kind: str, expected: set[str]
) -> None:
    made = small.indicator(periods=[kind], cumulative_from="2025-03")
    assert codes(small.figures(MAY, small.COUNT, made, today="2025-07-02")) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("month", months(2025, 4, 12) | months(2026, 1, 3)),
        ("calendar-year", {"2025", "2026"}),  # January to March 2026 are of the same year
        ("academic-year", {"2024-25-AY", "2025-26-AY"}),
        ("pooled-3-years", {"2025-26-P3", "2026-27-P3", "2027-28-P3"}),
        ("rolling-3-months", {f"{month}-R3" for month in months(2025, 4, 12) | months(2026, 1, 5)}),
    ],
)
def test_a_window_that_touches_the_year_of_a_record_has_a_value(
    kind: str, expected: set[str]
) -> None:
    made = small.indicator(periods=[kind])
    assert codes(small.figures(MAY, small.COUNT, made, today="2031-01-01")) == expected


def test_every_day_of_a_year_with_a_record_has_a_value_once_it_begins() -> None:
    found = codes(
        small.figures(MAY, small.COUNT, small.indicator(periods=["day"]), today="2025-06-01")
    )
    assert len(found) == 62  # 30 days of April, 31 of May, and the first of June
    assert {"2025-04-01", "2025-06-01"} <= found


def test_a_stock_has_values_from_its_first_opening_on() -> None:
    rows = [{"on": "2025-05-10", "left": "2025-05-20"}]
    found = small.figures(rows, small.OPEN, today="2026-06-15")
    assert codes(found) == months(2025, 5, 12) | months(2026, 1, 6)
    daily = small.indicator(periods=["day"])
    found = small.figures(rows, small.OPEN, daily, today="2025-05-12")
    assert codes(found) == {f"2025-05-{day:02}" for day in range(1, 13)}
    assert small.value(found, "I/2025-05-09") == ("0", None)


def test_a_record_dated_ahead_makes_no_value_before_its_time() -> None:
    rows = [{"on": "2026-05-01"}]
    assert codes(small.figures(rows, today="2026-03-31")) == set()
    assert codes(small.figures(rows, today="2026-04-01")) == {"2026-04"}


def test_each_member_has_the_values_of_the_years_in_which_it_has_a_record() -> None:
    rows = [*MAY, {"on": "2026-04-30", "ward": "Mill"}]
    made = small.indicator(periods=["financial-year"], breakdowns=["ward"])
    found = small.figures(rows, small.COUNT, made, today="2026-05-01")
    assert codes(found) == {"2025-26", "2026-27", "2025-26/ward=Abbey", "2026-27/ward=Mill"}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("month", months(2025, 6, 7)),
        ("quarter", {"2025-26-Q2"}),
        ("financial-year", set()),
        ("year-to-date", set()),
        ("rolling-3-months", set()),
        ("day", {f"2025-06-{day:02}" for day in range(1, 31)} | {"2025-07-01", "2025-07-02"}),
        ("cumulative", {"2025-06-to-2025-06", "2025-06-to-2025-07"}),
    ],
)
def test_no_figure_covers_a_month_before_the_first(kind: str, expected: set[str]) -> None:
    made = small.indicator(periods=[kind], since="2025-06", cumulative_from="2025-06")
    assert codes(small.figures(MAY, small.COUNT, made, today="2025-07-02")) == expected


def test_a_cumulative_code_of_another_start_is_no_value() -> None:
    made = small.indicator(periods=["cumulative"], cumulative_from="2025-04")
    found = small.figures(MAY, small.COUNT, made)
    assert small.value(found, "I/2025-04-to-2025-05") == ("1", None)
    assert found.state("I/2025-05-to-2025-05") is None


def test_a_carried_value_makes_no_value_exist() -> None:
    rows = [{"on": "2025-03-31", "n": "7"}]
    measure = small.amounts("latest", carry_months=12)
    found = small.figures(rows, measure, small.indicator(periods=["month"]), today="2025-05-01")
    assert "2025-03" in codes(found)
    assert "2025-04" not in codes(found)
