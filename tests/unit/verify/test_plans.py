"""Savings, reserves, reconciliations and capital schemes of the recompute, by hand."""

from typing import Any

import pytest

from deploy.verify.source import Json
from tests.unit.verify.small_books import ACCOUNTS, states

Y = "2025-26"


@pytest.mark.parametrize(
    ("delivered", "forecast", "undeliverable", "stage", "rag"),
    [
        ("100.00", "0.00", 0, "delivered", "green"),
        ("120.00", None, 0, "delivered", "green"),
        ("40.00", "60.00", 0, "on track", "green"),
        ("40.00", "70.00", 0, "on track", "green"),
        ("40.00", "35.00", 2500, "at risk", "amber"),
        ("40.00", "34.99", 2501, "undeliverable", "red"),
        ("0.00", None, 10000, "undeliverable", "red"),
    ],
)
def test_a_saving_is_staged_by_what_cannot_be_delivered(
    delivered: str, forecast: str | None, undeliverable: int, stage: str, rag: str
) -> None:
    saving = {"reference": "S/1", "title": "Fewer", "year": Y, "target": "100.00",
              "delivered": delivered, "forecast": forecast, "service": "roads"}  # fmt: skip
    found = states({"saving": [saving]})["saving/2025-26/S%2F1"]
    assert (found["undeliverable"], found["stage"], found["rag"]) == (undeliverable, stage, rag)
    owners = (found["service"], found["directorate"], found["portfolio"])
    assert owners == ("roads", "place", "transport")


def test_what_counts_as_undeliverable_is_the_councils_and_a_portfolio_of_its_own_comes_first() -> (
    None
):
    accounts = ACCOUNTS | {"savings": {"red_over": "50"}}
    saving = {"reference": "S", "year": Y, "target": "10.00", "delivered": "5.00",
              "service": "roads", "portfolio": "leader"}  # fmt: skip
    found = states({"saving": [saving]}, accounts)["saving/2025-26/S"]
    assert (found["stage"], found["portfolio"]) == ("at risk", "leader")


@pytest.mark.parametrize(
    ("opening", "minimum", "closing", "rag"),
    [
        ("100.00", "100.01", 10000, "red"),
        ("100.00", "100.00", 10000, "amber"),
        ("110.00", "100.00", 11000, "amber"),
        ("110.01", "100.00", 11001, "green"),
        ("100.00", None, 10000, "information"),
        ("-0.01", None, -1, "red"),
        ("-0.01", "-5.00", -1, "red"),
    ],
)
def test_a_reserve_is_judged_by_its_minimum(
    opening: str, minimum: str | None, closing: int, rag: str
) -> None:
    reserve = {"reserve": "R", "name": "R", "year": Y, "opening": opening, "minimum": minimum}
    found = states({"reserve": [reserve]})["reserve/2025-26/R"]
    assert (found["closing"], found["rag"]) == (closing, rag)


def test_a_reserve_closes_with_what_is_put_in_and_used() -> None:
    reserve = {"reserve": "R", "name": "R", "year": Y, "opening": "100.00",
               "planned_in": "5.50", "planned_out": "20.00"}  # fmt: skip
    assert states({"reserve": [reserve]})["reserve/2025-26/R"]["closing"] == 8550


# Reconciliations

POSTINGS: list[Json] = [
    {"cost_centre": "A", "year": Y, "period": "P07", "amount": "10.00", "batch": "b/1"},
    {"cost_centre": "A", "year": Y, "period": "P07", "amount": "-2.00"},
    {"cost_centre": "A", "year": Y, "period": "P08", "amount": "1.00", "batch": "b/1"},
    {"cost_centre": "A", "year": Y, "amount": "0.50"},
]


def reconciliation(subject: str, *totals: Json) -> tuple[Any, ...]:
    """How many postings, what they come to, difference, agreement, and missing postings."""
    found = states({"posting": POSTINGS, "control-total": totals})[f"reconciliation/{subject}"]
    names = ("transactions", "amount", "difference", "agrees", "missing_transactions")
    return tuple(found[name] for name in names)


@pytest.mark.parametrize(
    ("subject", "totals", "found"),
    [
        ("period/2025-26-P07", [], (2, 800, None, None, None)),
        (
            "period/2025-26-P07",
            [{"year": Y, "period": "P07", "amount": "8.00", "transactions": 2}],
            (2, 800, 0, True, 0),
        ),
        ("period/2025-26-P07", [{"period": "2025-26-P07", "amount": "8.01"}],
         (2, 800, -1, False, None)),
        (
            "period/2025-26-P07",
            [
                {"year": Y, "period": "P07", "amount": "5.00", "transactions": 3},
                {"year": Y, "period": "P07", "amount": "2.00"},
            ],
            (2, 800, 100, False, None),  # one does not say how many
        ),
        (
            "period/2025-26-P07",
            [
                {"year": Y, "period": "P07", "amount": "5.00", "transactions": 2},
                {"year": Y, "period": "P07", "amount": "2.00", "transactions": 1},
            ],
            (2, 800, 100, False, 1),
        ),
        ("batch/b%2F1", [{"batch": "b/1", "amount": "11.00", "transactions": 1}],
         (2, 1100, 0, False, -1)),
        ("batch/b2", [{"batch": "b2", "year": Y, "period": "P07", "amount": "3.00"}],
         (0, 0, -300, False, None)),
        ("period/2025-26-P09", [{"year": Y, "period": "P09", "amount": "0.00"}],
         (0, 0, 0, True, None)),
        ("period/unplaced", [], (1, 50, None, None, None)),
    ],
)  # fmt: skip
def test_postings_held_stand_beside_what_the_ledger_says(
    subject: str, totals: list[Json], found: tuple[Any, ...]
) -> None:
    assert reconciliation(subject, *totals) == found


def test_a_reconciliation_names_its_year_and_period_and_a_batch_has_none() -> None:
    found = states({"posting": POSTINGS})
    period, batch = found["reconciliation/period/2025-26-P07"], found["reconciliation/batch/b%2F1"]
    assert (period["year"], period["period"]) == (Y, 7)
    assert (batch["year"], batch["period"]) == ("", 0)


# Capital


def scheme(**rows: Any) -> Json:
    """The scheme K over these records."""
    named: Json = {
        f"capital-{role}": [{"scheme": "K", "year": Y, "status": "Approved"} | row for row in each]
        for role, each in rows.items()
    }
    if "milestone" in rows:
        named["milestone"] = named.pop("capital-milestone")
    return states(named)["scheme/K"]


def test_a_scheme_has_its_budgets_movements_spending_funding_and_forecast_by_year() -> None:
    found = scheme(
        scheme=[{"title": "Bridge", "service": "roads", "status": "On site"}],
        budget=[
            {"amount": "100.00", "approval": "Fully approved"},
            {"amount": "40.00", "approval": "Provisional"},
            {"amount": "7.00", "approval": "Hoped for"},
        ],
        movement=[
            {"change": "Rephasing", "amount": "30.00", "from_year": Y, "to_year": "2026-27"},
            {"change": "Addition", "amount": "5.00", "to_year": Y},
            {"change": "Reduction", "amount": "2.00", "from_year": Y},
            {"change": "Removal", "amount": "1.00", "from_year": Y},
            {"change": "Addition", "amount": "9.00", "to_year": Y, "status": "Proposed"},
        ],
        posting=[
            {"period": "P02", "amount": "10.00"},
            {"period": "P02", "amount": "-1.00"},
            {"period": "P13", "amount": "2.00"},
        ],
        funding=[
            {"source": "Grant", "amount": "50.00"},
            {"source": "Grant", "amount": "10.00"},
            {"source": "CIL", "amount": "11.00"},
        ],
        forecast=[{"period": "P06", "amount": "73.50"}, {"period": "P03", "amount": "99.00"}],
    )
    assert found["years"][Y] == {
        "provisional": 4000,
        "original": 10000,
        "rephased_in": 0,
        "rephased_out": 3000,
        "additions": 500,
        "reductions": 300,
        "approved": 7200,
        "spend": 1100,
        "transactions": 3,
        "forecast": 7350,
        "variance": 150,
        "funding": {"Grant": 6000, "CIL": 1100},
        "unfunded": 100,
    }
    assert found["years"]["2026-27"]["approved"] == 3000
    assert found["years"]["2026-27"]["forecast"] == 3000  # nobody forecast it
    assert found["total"]["approved"] == 10200
    assert (found["total"]["forecast"], found["total"]["variance"]) == (10350, 150)
    assert found["total"]["funding"] == {"Grant": 6000, "CIL": 1100}
    assert found["spend"] == {Y: [0, 900] + [0] * 10 + [200]}
    assert (found["known"], found["title"], found["directorate"]) == (True, "Bridge", "place")
    assert found["held_movements"] == 0
    assert found["rag"] == "amber"  # 1.50 over 102.00 is 1.47 %


@pytest.mark.parametrize(
    "movement",
    [
        {"change": "Rephasing", "from_year": Y},
        {"change": "Rephasing", "to_year": Y},
        {"change": "Addition", "from_year": Y},
        {"change": "Reduction", "to_year": Y},
        {"change": "Removal", "to_year": Y},
        {"change": "Whim", "from_year": Y, "to_year": Y},
    ],
)
def test_an_approved_movement_without_the_years_it_needs_is_held(movement: Json) -> None:
    found = scheme(movement=[movement | {"amount": "1.00"}])
    assert (found["held_movements"], found["years"]) == (1, {})
    assert found["known"] is False


@pytest.mark.parametrize(
    ("milestone", "outcome"),
    [
        ({"planned": "2025-09-01", "achieved": "2025-10-01"}, "green"),
        ({"planned": "2025-10-14"}, "red"),
        ({"planned": "2025-10-15"}, "green"),
        ({"planned": "2025-10-14", "forecast": "2025-11-01"}, "amber"),
        ({"planned": "2025-11-02", "forecast": "2025-11-01"}, "green"),
        ({"planned": "2025-11-02", "forecast": "2025-10-01"}, "red"),
    ],
)
def test_a_milestone_is_judged_on_the_business_day_and_the_worst_judges_the_scheme(
    milestone: Json, outcome: str
) -> None:
    met = {"planned": "2025-01-01", "achieved": "2025-01-01"}
    found = scheme(milestone=[met, milestone])
    assert found["milestones"] == sorted(["green", outcome])
    assert found["rag"] == outcome


def test_a_scheme_of_which_nothing_is_known_yet_is_for_information() -> None:
    assert scheme(scheme=[{"title": "Idea"}])["rag"] == "information"


def test_capital_spending_in_no_period_is_not_lost() -> None:
    found = scheme(posting=[{"amount": "3.00"}])
    assert (found["years"][""]["spend"], found["total"]["spend"]) == (300, 300)
