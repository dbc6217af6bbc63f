"""What holds for any period, whatever its kind and wherever in the calendar."""

from calendar import monthrange
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.catalogue.kinds_of_period import CUMULATIVE, DAY
from shared.catalogue.periods import (
    KINDS,
    following,
    months_of,
    parse_period,
    periods_containing,
    previous,
    same_period_last_year,
    year_of,
)

# Every kind whose periods a month's figures are part of; the cumulative one needs a start.
OF_MONTHS = [kind for kind in KINDS if kind not in (DAY, CUMULATIVE)]
STARTED = [*OF_MONTHS, f"{CUMULATIVE}:1901-01"]

days = st.dates(date(1903, 1, 1), date(2190, 12, 31))


def month(day: date) -> str:
    return day.isoformat()[:7]


@settings(max_examples=40, deadline=None)
@given(days)
def test_a_period_contains_a_month_exactly_when_the_month_is_one_of_its_months(day: date) -> None:
    first = date(day.year - 1, 4, 1)
    nearby = {month(first + timedelta(days=31 * n)) for n in range(30)}
    until = month(first + timedelta(days=1000))
    periods = {each for m in nearby for each in periods_containing(m, STARTED, until)}
    containing = set(periods_containing(month(day), STARTED, until))
    for period in periods:
        assert (period in containing) == (month(day) in months_of(period))
        assert (period in containing) == (period.start <= day <= period.end)


@settings(deadline=None)
@given(days)
def test_every_code_means_its_period_and_no_other(day: date) -> None:
    until = f"{day.year + 1}-12"
    periods = [
        *periods_containing(month(day), STARTED, until),
        parse_period(day.isoformat()),
    ]
    assert len({period.code for period in periods}) == len(periods)
    for period in periods:
        assert parse_period(period.code) == period


@settings(deadline=None)
@given(days)
def test_blocks_fill_the_calendar_without_gap_or_overlap(day: date) -> None:
    blocks = ["month", "quarter", "financial-year", "academic-year", "calendar-year"]
    found = periods_containing(month(day), blocks)
    assert [period.kind for period in found] == blocks
    for period in (*found, parse_period(day.isoformat())):
        before = previous(period)
        assert before is not None
        assert before.end + timedelta(days=1) == period.start
        assert before.kind == period.kind
    assert found[2].code == year_of(month(day))


@settings(deadline=None)
@given(days)
def test_a_period_begins_on_a_first_and_ends_on_a_last_day(day: date) -> None:
    for period in periods_containing(month(day), STARTED, f"{day.year + 1}-12"):
        assert period.start.day == 1
        assert period.end.day == monthrange(period.end.year, period.end.month)[1]
        assert months_of(period)[0] == month(period.start)
        assert months_of(period)[-1] == month(period.end)


@settings(deadline=None)
@given(days)
def test_windows_are_as_long_as_their_kind_says(day: date) -> None:
    months = {"month": 1, "quarter": 3, "rolling-3-months": 3, "rolling-24-months": 24}
    months |= {"pooled-3-years": 36, "pooled-3-calendar-years": 36}
    months |= {"pooled-5-years": 60, "pooled-5-calendar-years": 60}
    months |= dict.fromkeys(
        ("rolling-12-months", "financial-year", "academic-year", "calendar-year"), 12
    )
    for period in periods_containing(month(day), list(months)):
        assert len(months_of(period)) == months[period.kind]


@settings(deadline=None)
@given(days)
def test_the_same_period_last_year_is_a_year_before(day: date) -> None:
    for period in periods_containing(month(day), OF_MONTHS, f"{day.year + 1}-12"):
        before = same_period_last_year(period)
        assert before is not None
        assert before.kind == period.kind
        assert before.start == period.start.replace(year=period.start.year - 1)
        assert (before.end.year, before.end.month) == (period.end.year - 1, period.end.month)


@settings(deadline=None)
@given(days)
def test_before_and_after_undo_each_other(day: date) -> None:
    until = f"{day.year + 1}-12"
    periods = [*periods_containing(month(day), STARTED, until), parse_period(day.isoformat())]
    for period in periods:
        assert previous(following(period)) == period
