"""For which periods a return is due, and where each of them stands on a day."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as provided
from hypothesis import strategies as st

from services.ingest.domain.returns import due
from services.ingest.domain.returns.due import Given
from shared.catalogue.connectors import Return
from shared.catalogue.periods import parse_period

QUARTER = parse_period("2026-27-Q2")
KINDS = ("month", "quarter", "financial-year", "academic-year", "calendar-year")


def returned(**more: Any) -> Return:
    fields: dict[str, Any] = {
        "code": "r",
        "title": "R",
        "dataset": "d",
        "period": "p",
        "ask": ["n"],
    }
    return Return(**{**fields, "owner": "Somebody", **more})


def state(day: date, found: Given | None = None) -> str:
    return due.standing(returned(due_days=20), QUARTER, found, day).state


def test_it_is_due_from_the_day_after_until_the_last_day_and_overdue_from_then_on() -> None:
    assert state(date(2026, 9, 30)) == "not yet"
    assert state(date(2026, 10, 1)) == "due"
    assert state(date(2026, 10, 20)) == "due"
    assert state(date(2026, 10, 21)) == "overdue"


@pytest.mark.parametrize(
    ("version", "on", "by_hand", "expected"),
    [
        (1, date(2026, 10, 20), True, "given"),
        (1, date(2026, 10, 21), True, "given late"),
        # What a system brought, and what was corrected since, is nobody's lateness.
        (1, date(2026, 10, 21), False, "given"),
        (2, date(2026, 10, 21), True, "given"),
    ],
)
def test_lateness_is_said_only_of_what_a_person_gave(
    version: int, on: date, by_hand: bool, expected: str
) -> None:
    found = Given(QUARTER, ["1"], version=version, on=on, by_hand=by_hand)
    assert state(date(2026, 11, 1), found) == expected


def test_without_a_first_period_the_last_few_are_asked_for() -> None:
    codes = [each.code for each in due.periods(returned(), date(2026, 10, 12))]
    assert codes == ["2025-26-Q3", "2025-26-Q4", "2026-27-Q1", "2026-27-Q2", "2026-27-Q3"]


def test_from_its_first_period_on_every_period_is_asked_for() -> None:
    asked = returned(every="month", first="2025-11")
    codes = [each.code for each in due.periods(asked, date(2026, 2, 1))]
    assert codes == ["2025-11", "2025-12", "2026-01", "2026-02"]
    academic = returned(every="academic-year", first="2024-25-AY")
    assert [each.code for each in due.periods(academic, date(2026, 9, 1))] == [
        "2024-25-AY", "2025-26-AY", "2026-27-AY",
    ]  # fmt: skip


def test_a_return_that_begins_later_is_shown_as_coming() -> None:
    asked = returned(first="2027-28-Q1")
    [only] = due.periods(asked, date(2026, 10, 12))
    assert only.code == "2026-27-Q3"
    assert due.standing(asked, only, None, date(2026, 10, 12)).state == "not yet"


def test_what_is_asked_for_has_an_end_however_long_ago_it_began() -> None:
    assert len(due.periods(returned(every="month", first="1950-01"), date(2026, 10, 1))) == due.MOST


@pytest.mark.parametrize(
    ("kind", "period", "expected"),
    [
        ("date", "2026-27-Q2", "2026-09-30"),
        ("date", "2027", "2027-12-31"),
        ("period", "2026-09", "2026-27-P06"),
        ("period", "2026-27-Q4", "2026-27-P12"),
        ("financial-year", "2026-27", "2026-27"),
        ("financial-year", "2010-2011", "2010-2011"),
    ],
)
def test_a_period_is_written_as_its_field_says_it(kind: str, period: str, expected: str) -> None:
    assert due.written(kind, parse_period(period)) == expected


@provided(
    every=st.sampled_from(KINDS),
    today=st.dates(date(2000, 1, 1), date(2150, 1, 1)),
    due_days=st.integers(1, 366),
)
def test_periods_follow_each_other_and_the_last_one_holds_today(
    every: Any, today: date, due_days: int
) -> None:
    asked = returned(every=every, due_days=due_days)
    found = due.periods(asked, today)
    assert found[-1].start <= today <= found[-1].end
    for before, after in pairwise(found):
        assert before.end + timedelta(days=1) == after.start
    for each in found:
        assert due.period_named(asked, each.code, today) == each
        standing = due.standing(asked, each, None, today)
        assert (standing.state == "not yet") == (today <= each.end)
        assert (standing.state == "overdue") == (today > standing.due)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (None, 2),
        (Given(QUARTER, ["1", None]), 1),
        (Given(QUARTER, ["1", "2"]), 0),
        (Given(QUARTER, [None, None], "not applicable", explained=True), 0),
    ],
)
def test_what_is_missing_is_what_is_blank_without_a_reason(
    found: Given | None, expected: int
) -> None:
    asked = returned(ask=["numerator", "denominator"])
    assert due.missing(due.standing(asked, QUARTER, found, date(2026, 11, 1))) == expected
