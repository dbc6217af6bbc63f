"""What each function of the language gives, by hand."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shared.catalogue
from shared.catalogue.expressions import ExpressionError, NotCalculable, parse
from shared.catalogue.functions import SHAPES
from shared.catalogue.words import FUNCTIONS

FIELDS = {
    "born": "date",
    "on": "date",
    "at": "datetime",
    "until": "datetime",
    "n": "integer",
    "x": "decimal",
    "t": "text",
    "yes": "boolean",
}


def value(text: str, closures: tuple[str, ...] = (), **fields: Any) -> Any:
    return parse(text).compile(FIELDS, None, closures)(fields)


def test_every_function_has_a_shape_that_shows_how_it_is_written() -> None:
    assert set(SHAPES) == FUNCTIONS
    assert all(shape.example.startswith(f"{name}(") for name, shape in SHAPES.items())


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        *(("2000-05-10", "2018-05-09", 17), ("2000-05-10", "2018-05-10", 18)),
        *(("2000-05-10", "2018-12-31", 18), ("2025-09-14", "2025-09-14", 0)),
        # Born on a leap day: a year older on 1 March, or on the next leap day.
        *(("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18)),
        *(("2008-02-29", "2024-02-28", 15), ("2008-02-29", "2024-02-29", 16)),
        *(("1999-12-31", "2000-01-01", 0), ("1925-01-01", "2025-01-01", 100)),
    ],
)
def test_age_is_the_whole_years_reached(born: str, on: str, years: int) -> None:
    assert value("age(born, on)", born=born, on=on) == years
    assert value(f'age("{born}", at)', at=f"{on}T23:59:59") == years


@pytest.mark.parametrize(
    ("start", "end", "whole"),
    [
        *(("2025-01-15", "2025-02-14", 0), ("2025-01-15", "2025-02-15", 1)),
        *(("2025-01-31", "2025-02-28", 0), ("2025-01-31", "2025-03-01", 1)),
        *(("2025-01-31", "2025-03-31", 2), ("2024-02-29", "2025-02-28", 11)),
        *(("2024-02-29", "2025-03-01", 12), ("2023-11-10", "2025-11-10", 24)),
        *(("2025-02-14", "2025-01-15", 0), ("2025-03-31", "2025-01-31", -2)),
        *(("2025-09-14", "2025-09-14", 0),),
    ],
)
def test_months_are_those_completed(start: str, end: str, whole: int) -> None:
    assert value("months(born, on)", born=start, on=end) == whole
    assert value("months(on, born)", born=start, on=end) == -whole


@pytest.mark.parametrize(
    ("start", "end", "elapsed"),
    [
        ("2025-09-14T09:00:00", "2025-09-14T17:30:00", "8.5"),
        ("2025-09-14T09:00:00", "2025-09-15T09:00:00", "24"),
        ("2025-09-14T09:00:00", "2025-09-14T09:00:10", "0.002777778"),
        ("2025-09-14T17:30:00", "2025-09-14T09:00:00", "-8.5"),
        # The clocks go forward: 1 a.m. is 2 a.m. The half hour between has never been.
        ("2025-03-30T00:30:00", "2025-03-30T03:30:00", "2"),
        ("2025-03-29T12:00:00", "2025-03-30T12:00:00", "23"),
        # The clocks go back: 2 a.m. is 1 a.m. again. A time that came twice is the first.
        ("2025-10-26T00:30:00", "2025-10-26T03:30:00", "4"),
        ("2025-10-26T00:30:00", "2025-10-26T01:30:00", "1"),
        ("2025-10-25T12:00:00", "2025-10-26T12:00:00", "25"),
        # All of 1970 was summer time.
        ("1970-06-01T00:00:00", "1970-06-02T00:00:00", "24"),
    ],
)
def test_hours_are_those_that_passed_on_a_wall_in_london(
    start: str, end: str, elapsed: str
) -> None:
    assert value("hours(at, until)", at=start, until=end) == Decimal(elapsed)


def test_a_date_counts_as_its_midnight_among_hours() -> None:
    assert value("hours(on, at)", on="2025-09-14", at="2025-09-14T06:00:00") == 6
    assert value('hours("2025-01-01", "2025-04-11")') == 2399
    assert str(value('hours("2025-01-01", "2025-01-11")')) == "240"
    # From the last day of winter time to the day after the clocks changed.
    assert value("hours(born, on)", born="2025-03-29", on="2025-03-31") == 47


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(('add_days("2024-02-28", 1)', "2024-02-29"), ('add_days("2025-02-28", 1)', "2025-03-01")),
        ('add_days("2025-01-01", -1)', "2024-12-31"),
        ('add_days("2025-01-01", 0)', "2025-01-01"),
        ('add_days("2025-09-14", 28)', "2025-10-12"),
        ('add_days("2199-12-30", 1)', "2199-12-31"),
        ('add_days("1900-01-02", -1)', "1900-01-01"),
        ('add_months("2025-01-31", 1)', "2025-02-28"),
        ('add_months("2024-01-31", 1)', "2024-02-29"),
        ('add_months("2024-02-29", 12)', "2025-02-28"),
        ('add_months("2024-02-29", 48)', "2028-02-29"),
        ('add_months("2025-03-31", -1)', "2025-02-28"),
        ('add_months("2025-01-15", -1)', "2024-12-15"),
        ('add_months("2025-01-15", -13)', "2023-12-15"),
        ('add_months("2025-05-31", 0)', "2025-05-31"),
        # From Maundy Thursday over Easter, there and back.
        ('add_working_days("2025-04-17", 1)', "2025-04-22"),
        ('add_working_days("2025-04-22", -1)', "2025-04-17"),
        ('add_working_days("2025-04-17", 10)', "2025-05-06"),
        # From a Saturday: the Monday after, the Friday before, itself.
        ('add_working_days("2025-09-13", 1)', "2025-09-15"),
        ('add_working_days("2025-09-13", -1)', "2025-09-12"),
        ('add_working_days("2025-09-13", 0)', "2025-09-13"),
        ('add_working_days("2025-09-12", 1)', "2025-09-15"),
        ('add_working_days("2025-12-24", 1)', "2025-12-29"),
    ],
)
def test_a_date_so_long_after_another(text: str, told: str) -> None:
    assert value(text) == told


def test_closure_days_are_passed_over_by_added_working_days() -> None:
    shut = ("2025-12-29", "2025-12-27")
    assert value('add_working_days("2025-12-24", 1)', shut) == "2025-12-30"
    assert value('add_working_days("2025-12-30", -1)', shut) == "2025-12-24"


def test_what_is_added_to_may_be_a_moment_and_what_comes_is_a_date() -> None:
    assert value("add_days(at, n)", at="2025-09-14T23:59:59", n=2) == "2025-09-16"
    assert value('add_days(on, 28) < "2025-10-13"', on="2025-09-14") is True
    assert value("add_working_days(on, 5) >= at", on="2025-09-12", at="2025-09-19T23:00:00") is True
    assert value("days(on, add_days(on, 7))", on="2025-09-14") == 7


@pytest.mark.parametrize(
    "text",
    [
        *('add_days("2025-09-14", 0.5)', 'add_months("2025-09-14", 1.5)'),
        *('add_working_days("2025-09-14", 0.5)', 'add_days("2025-09-14", 999999999999999999)'),
        *('add_days("2025-09-14", -999999999999999999)', 'add_days("2199-12-31", 1)'),
        *('add_days("1900-01-01", -1)', 'add_months("2199-12-01", 1)'),
        *('add_months("1900-01-31", -1)', 'add_months("2025-09-14", 999999999999)'),
        *('add_working_days("2025-09-14", 999999999999)', 'add_working_days("2199-12-31", 1)'),
        *('add_working_days("1900-01-01", -1)', 'add_working_days("2025-09-14", 200000)'),
        *('add_days("2025-09-14", 1 / 0)', "rate(1, 0, 1000)", "rate(0, 0, 1000)"),
        "rate(999999999999999999, 0.000000001, 1)",
    ],
)
def test_a_date_outside_the_calendar_or_half_a_day_is_not_calculable(text: str) -> None:
    with pytest.raises(NotCalculable):
        value(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(('weekday("2025-09-15")', 1), ('weekday("2025-09-14")', 7), ('weekday("2024-02-29")', 4)),
        *(('financial_year("2025-03-31")', 2024), ('financial_year("2025-04-01")', 2025)),
        *(('financial_year("2025-12-31")', 2025), ('financial_year("2026-01-01")', 2025)),
        *(('academic_year("2025-08-31")', 2024), ('academic_year("2025-09-01")', 2025)),
        *(('academic_year("2026-01-01")', 2025), ('hour("2025-09-14T00:59:59")', 0)),
        *(('hour("2025-09-14T23:00:00")', 23), ('hour("2025-09-14T09:30:00") >= 9', True)),
    ],
)
def test_parts_of_dates(text: str, told: Any) -> None:
    assert value(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *(("band(0 - 1, 18, 65)", "Under 18"), ("band(17, 18, 65)", "Under 18")),
        *(("band(18, 18, 65)", "18 to 64"), ("band(64, 18, 65)", "18 to 64")),
        *(("band(65, 18, 65)", "65 and over"), ("band(101, 18, 65)", "65 and over")),
        # Fractions belong to the whole number below them.
        *(("band(17.999, 18, 65)", "Under 18"), ("band(64.5, 18, 65)", "18 to 64")),
        *(("band(0 - 0.5, 0, 5)", "Under 0"), ("band(4, 4, 5, 11)", "4")),
        *(("band(5, 4, 5, 11)", "5 to 10"), ("band(3, 5)", "Under 5")),
        *(("band(5, 5)", "5 and over"),),
        *(("band(999999999999999999, 0)", "0 and over"), ("band(0, 0, 1)", "0")),
    ],
)
def test_a_number_has_a_band(text: str, told: str) -> None:
    assert value(text) == told


def test_a_rate_is_per_so_many() -> None:
    assert value("rate(3, 4, 100)") == 75
    assert value("rate(n, 25000, 10000)", n=5) == 2
    assert value("rate(0, 5, 1000)") == 0
    assert value("rate(x, 2, 1)", x="0.5") == Decimal("0.25")
    assert value("rate(n, 8, 100) == percent(n, 8)", n=3) is True


def test_lower_case_is_for_comparing_whatever_the_capitals() -> None:
    assert value("lower(t)", t="Noise FROM Dogs") == "noise from dogs"
    assert value("contains(lower(t), 'dog')", t="DOGS") is True
    assert value("lower(t) in ('yes', 'y')", t="Y") is True


@pytest.mark.parametrize(
    "text",
    [
        *("age(born, on)", "months(born, on)", "hours(at, until)", "add_days(on, n)"),
        *("add_days(born, 1)", "add_working_days(on, n)", "add_months(on, n)", "weekday(born)"),
        *("hour(at)", "financial_year(born)", "academic_year(born)", "band(n, 18, 65)"),
        *("rate(n, 2, 1000)", "rate(2, n, 1000)", "rate(1, 2, n)", "lower(t)"),
        "age(add_months(born, 1), on)",
    ],
)
def test_what_is_made_of_a_blank_is_blank(text: str) -> None:
    assert value(text, on="2025-09-14", until="2025-09-14T09:00:00") is None


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        *(("hour(on)", 6, "a date with time is needed"), ("hour(t)", 6, "a date with time")),
        *(("hours(t, at)", 7, "a date with time is needed"), ("age(n, on)", 5, "a date is needed")),
        *(("months(born, 'x')", 14, '"2025-09-30"'), ("add_days(n, on)", 10, "a date is needed")),
        *(("add_days(on, t)", 14, "a number is needed"), ("weekday(yes)", 9, "a date is needed")),
        *(("band(t, 18)", 6, "a number is needed"), ("rate(n, 2)", 1, "rate(part, whole, per)")),
        *(("lower(n)", 7, "a text is needed"), ("lower(add_days(on, 1))", 7, "a text is needed")),
        ("band(n, 18, 65) + 1", 1, "arithmetic needs numbers"),
        ("add_days(on, 1) + 1", 1, "arithmetic needs numbers"),
        ("band(n, 18, 65) > 3", 19, "a text and a number"),
    ],
)
def test_what_does_not_fit_a_function_is_told(text: str, position: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text).check(FIELDS)
    assert reason in refusal.value.message
    assert refusal.value.position == position


days = st.dates(date(2012, 1, 1), date(2027, 12, 31))


@settings(deadline=None)
@given(days, st.integers(-300, 300))
def test_added_working_days_are_counted_back(start: date, number: int) -> None:
    found = value("add_working_days(on, n)", on=start.isoformat(), n=number)
    counted = value("working_days(on, born)", on=start.isoformat(), born=found)
    if number > 0:
        assert counted == number
    elif number < 0:
        # Counted from the day before the one that was found up to the day before the start.
        first = (date.fromisoformat(found) - timedelta(days=1)).isoformat()
        last = (start - timedelta(days=1)).isoformat()
        assert value("working_days(on, born)", on=first, born=last) == -number
    else:
        assert found == start.isoformat()
    if number:
        assert value("weekday(on)", on=found) <= 5


@settings(deadline=None)
@given(days, days)
def test_an_age_is_a_twelfth_of_the_months(born: date, on: date) -> None:
    start, end = min(born, on), max(born, on)
    years, months = (
        value(f"{name}(born, on)", born=start.isoformat(), on=end.isoformat())
        for name in ("age", "months")
    )
    assert years == months // 12


def test_the_languages_card_names_every_function() -> None:
    assert {name for name in FUNCTIONS if name not in (shared.catalogue.__doc__ or "")} == set()
