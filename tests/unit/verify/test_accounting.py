"""Periods, pence, groups of accounts and places in the structure, worked out by hand."""

from datetime import date
from typing import Any

import pytest

from deploy.verify.accounting import (
    Books,
    When,
    end_of,
    months_on,
    reporting_period,
    spread,
    when_of,
    year_code,
)
from deploy.verify.source import Definitions, Json, records_by_dataset
from deploy.verify.structure import Structure
from tests.unit.verify.small_books import ACCOUNTS, TODAY, owned


def books(rows: Any = None, accounts: Json = ACCOUNTS, today: date = TODAY) -> Books:
    held = owned(rows or {}, accounts)
    return Books(Definitions(held), records_by_dataset(held), today)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"period": "2025-26-P07"}, When("2025-26", 7)),
        ({"period": "P13", "year": "2025-26"}, When("2025-26", 13)),
        ({"period": "2024-25-P12", "year": "2025-26"}, When("2024-25", 12)),
        ({"period": "P07", "date": "2026-03-31"}, When("2025-26", 7)),
        ({"date": "2025-04-01"}, When("2025-26", 1)),
        ({"date": "2026-03-31T09:00:00", "year": "2024-25"}, When("2025-26", 12)),
        ({"period": "2011-2012-P01"}, When("2011-2012", 1)),
        ({"period": "P07"}, None),
        ({"period": "P00", "year": "2025-26"}, None),
        ({"period": "P14", "year": "2025-26"}, None),
        ({"year": "2025-26"}, None),
        ({"period": None, "date": None}, None),
    ],
)
def test_a_record_stands_in_its_period_or_in_the_month_of_its_day(
    fields: Json, where: When | None
) -> None:
    assert when_of(fields) == where


def test_years_that_would_read_as_months_are_written_in_full() -> None:
    codes = [year_code(year) for year in (1999, 2000, 2011, 2012)]
    assert codes == ["1999-00", "2000-2001", "2011-2012", "2012-13"]


def test_p13_stands_where_the_year_ends() -> None:
    assert end_of("2025-26", 1) == date(2025, 4, 30)
    assert end_of("2025-26", 10) == date(2026, 1, 31)
    assert end_of("2025-26", 12) == end_of("2025-26", 13) == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("year", "today", "period"),
    [
        ("2025-26", "2025-04-01", 1),
        ("2025-26", "2025-05-31", 1),
        ("2025-26", "2025-06-01", 2),
        ("2025-26", "2026-03-31", 11),
        ("2025-26", "2026-04-01", 13),
        ("2026-27", "2026-03-31", 1),
    ],
)
def test_the_period_reported_on_is_the_newest_that_was_over(
    year: str, today: str, period: int
) -> None:
    assert reporting_period(year, today) == period


@pytest.mark.parametrize(
    ("amount", "shares", "parts"),
    [
        (100, [1, 1, 1], [33, 33, 34]),
        (-100, [1, 1, 1], [-33, -33, -34]),
        (10, [0, 3, 1], [0, 7, 3]),
        (5, [0, 0, 1], [0, 0, 5]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_what_is_spread_adds_up_to_the_penny(
    amount: int, shares: list[int], parts: list[int]
) -> None:
    assert spread(amount, shares) == parts


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        ("2025-03-31", 12, "2026-03-31"),
        ("2025-04-30", 1, "2025-05-31"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2023-02-28", 12, "2024-02-29"),
        ("2025-01-30", 1, "2025-02-27"),
        ("2025-06-14", -6, "2024-12-14"),
        ("2025-05-31", -3, "2025-02-28"),
    ],
)
def test_months_are_added_to_the_day_after_a_last_day(day: str, months: int, moved: str) -> None:
    assert months_on(date.fromisoformat(day), months).isoformat() == moved


@pytest.mark.parametrize(
    ("account", "group"),
    [
        ("10110", "1"),
        ("10510", "2"),  # 105* is longer than 10*
        ("2099", "1"),  # named whole, though 20* fits
        ("20990", "2"),
        ("9", "9"),
        ("2", "2"),  # the group's own code
        ("77", ""),
        ("", ""),
    ],
)
def test_an_account_is_in_the_group_that_names_it_best(account: str, group: str) -> None:
    assert books().group(account) == group


def test_a_forecast_is_judged_by_the_percentage_that_it_is_over() -> None:
    by_default = books()
    told = [by_default.judge(10000, forecast) for forecast in (9000, 10000, 10001, 10200, 10201)]
    assert told == ["green", "green", "amber", "amber", "red"]
    # Income short by more than two percent of it is adverse too.
    assert by_default.judge(-10000, -9799) == "red"
    assert by_default.judge(-10000, -10100) == "green"
    assert by_default.judge(0, 1) == "red"
    assert by_default.judge(0, 0) == "information"
    own = books(accounts=ACCOUNTS | {"variance": {"amber_over": "1.5", "red_over": "5"}})
    told = [own.judge(10000, forecast) for forecast in (10150, 10151, 10501)]
    assert told == ["green", "amber", "red"]


ROWS = {
    "cost-centre": [
        {"cost_centre": "A", "name": "Old", "service": "homes", "fund": "HRA",
         "valid_from": "2024-04-01", "valid_to": "2025-06-15"},
        {"cost_centre": "A", "name": "New", "service": "roads", "fund": "GF",
         "valid_from": "2025-07-01"},
        {"cost_centre": "B", "name": "Ever", "service": "roads", "fund": "GF"},
        {"cost_centre": "B", "name": "Newest", "service": "homes", "fund": "GF",
         "valid_from": "2025-09-30"},
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("cost_centre", "day", "service", "fund"),
    [
        ("A", "2024-01-01", "homes", "HRA"),  # before the first: the first
        ("A", "2025-06-15", "homes", "HRA"),
        ("A", "2025-06-20", "homes", "HRA"),  # in a gap: the one before
        ("A", "2025-07-01", "roads", "GF"),
        ("B", "2025-09-29", "roads", "GF"),
        ("B", "2025-09-30", "homes", "GF"),  # of two that hold, the newest
        ("C", "2025-09-30", "", ""),
    ],
)
def test_a_cost_centre_stands_in_the_row_in_force(
    cost_centre: str, day: str, service: str, fund: str
) -> None:
    node = Structure(books(ROWS)).node(cost_centre, date.fromisoformat(day))
    assert (node["service"], node["fund"]) == (service, fund)


@pytest.mark.parametrize(
    ("day", "directorate", "portfolio"),
    [
        ("2025-03-31", "works", "streets"),
        ("2025-04-01", "works", "transport"),
        ("2025-05-31", "works", "transport"),
        ("2025-06-01", "place", "transport"),
    ],
)
def test_a_service_stood_elsewhere_up_to_and_with_a_month(
    day: str, directorate: str, portfolio: str
) -> None:
    placed = Structure(books()).service("roads", date.fromisoformat(day))
    assert placed == {"directorate": directorate, "portfolio": portfolio}


def test_a_service_that_the_catalogue_does_not_know_is_nowhere() -> None:
    placed = Structure(books()).service("unheard-of", TODAY)
    assert placed == {"directorate": "", "portfolio": ""}
