"""Cost centres' years, positions and virements of the recompute, against figures by hand."""

from datetime import date
from typing import Any

import pytest

from deploy.verify.revenue import run_rate
from deploy.verify.source import Json
from tests.unit.verify.small_books import ACCOUNTS, TODAY, states

Y = "2025-26"
STRUCTURE: list[Json] = [
    {"cost_centre": "A", "name": "Gritting", "service": "roads", "fund": "GF", "manager": "Head"},
    {"cost_centre": "B", "name": "Repairs", "service": "homes", "fund": "HRA"},
    {"cost_centre": "C", "name": "Kerbs", "service": "roads", "fund": "GF"},
]
A = {"cost_centre": "A", "subjective": "10110", "year": Y}


def year(subject: str = "cost-centre/2025-26/A", today: date = TODAY, **rows: Any) -> Json:
    """A state over these records and the structure."""
    roles = {name.replace("_", "-"): each for name, each in rows.items()}
    return states({"cost-centre": STRUCTURE} | roles, today=today)[subject]


def line(group: str = "1", **rows: Any) -> Json:
    """A line of cost centre A."""
    found: Json = year(**rows)["lines"][group]
    return found


def move(cost_centre: str, amount: str, **changes: Any) -> Json:
    """A line of an approved virement."""
    return {
        "reference": "V1", "line": "1", "cost_centre": cost_centre, "subjective": "10110",
        "year": Y, "period": "P04", "amount": amount, "status": "Approved", "decision": "D1",
    } | changes  # fmt: skip


def test_postings_commitments_and_their_number_stand_in_their_periods() -> None:
    postings = [
        A | {"period": "P01", "amount": "10.00"},
        A | {"period": "P01", "amount": "-2.50"},
        A | {"period": "P13", "amount": "0.01"},
        {"cost_centre": "A", "subjective": "10120", "date": "2025-12-24", "amount": "1.00"},
    ]
    orders = [A | {"period": "P02", "amount": "7.00"}]
    found = line(posting=postings, commitment=orders)
    assert found["actual"] == [750, 0, 0, 0, 0, 0, 0, 0, 100, 0, 0, 0, 1]
    assert found["transactions"] == [2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]
    assert found["commitments"] == [0, 700] + [0] * 11


@pytest.mark.parametrize(
    ("budget", "profile"),
    [
        ({}, [8, 8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 0]),
        ({"profile": "unheard-of"}, [8, 8, 9, 8, 8, 9, 8, 8, 9, 8, 8, 9, 0]),
        ({"profile": "winter"}, [0, 0, 0, 0, 0, 0, 33, 33, 34, 0, 0, 0, 0]),
        ({"period": "P03"}, [0, 0, 100] + [0] * 10),
        ({"period": "P13"}, [0] * 12 + [100]),
    ],
)
def test_a_budget_falls_due_by_its_profile_and_was_approved_in_p01(
    budget: Json, profile: list[int]
) -> None:
    found = line(budget=[A | {"amount": "1.00"} | budget])
    assert found["profile"] == profile
    assert found["original"] == [100] + [0] * 12


@pytest.mark.parametrize(
    ("period", "profile"),
    [
        ("P10", [0] * 9 + [33, 33, 34, 0]),
        ("P12", [0] * 11 + [100, 0]),
        ("P13", [0] * 12 + [100]),
    ],
)
def test_a_virement_counts_from_its_period_and_falls_due_over_the_rest(
    period: str, profile: list[int]
) -> None:
    both = [move("A", "1.00", period=period), move("C", "-1.00", period=period)]
    found = line(virement=both)
    assert found["profile"] == profile
    at = int(period[1:]) - 1
    assert found["virements"] == [0] * at + [100] + [0] * (12 - at)


def test_the_newest_forecast_is_in_force_and_before_any_the_current_budget_is() -> None:
    found = line(
        budget=[A | {"amount": "10.00"}],
        virement=[move("A", "2.00", period="P02"), move("C", "-2.00", period="P02")],
        forecast=[
            A | {"period": "P05", "amount": "20.00", "one_off": "3.00"},
            A | {"period": "P03", "amount": "11.00", "one_off": "1.00"},
            # The same group at the same period by another account: added up.
            A | {"subjective": "10200", "period": "P05", "amount": "5.00"},
        ],
    )
    assert found["forecast"] == [1000, 1200, 1100, 1100, *[2500] * 9]
    assert found["previous"] == [1000, 1200, 1200, 1200, *[1100] * 9]
    assert found["assumed"] == [1000, 1200] + [0] * 11
    assert found["one_off"] == [0, 0, 100, 100, *[300] * 9]


def test_before_a_forecast_is_there_the_one_before_is_the_current_budget() -> None:
    found = line(
        budget=[A | {"amount": "10.00"}],
        virement=[move("A", "2.00"), move("C", "-2.00")],
        forecast=[A | {"period": "P02", "amount": "15.00"}],
    )
    assert found["previous"] == [1000, 1000, 1000, *[1200] * 10]


def test_figures_are_read_off_at_the_newest_period_that_was_over() -> None:
    found = year(
        budget=[A | {"amount": "1200.00"}],
        virement=[move("A", "60.00", period="P07"), move("C", "-60.00", period="P07")],
        posting=[A | {"period": f"P{p:02}", "amount": "100.01"} for p in range(1, 8)],
        commitment=[A | {"period": "P06", "amount": "9.00"}],
        forecast=[
            A | {"period": "P03", "amount": "1250.00"},
            A | {"period": "P06", "amount": "1225.00", "one_off": "5.00"},
        ],
    )
    assert found["period"] == 6
    assert found["figures"] == {
        "original_budget": 120000,
        "virements": 0,  # from P07 on
        "current_budget": 120000,
        "budget_to_date": 60000,
        "actual": 60006,
        "commitments": 900,
        "forecast": 122500,
        "variance": 2500,
        "movement": -2500,
        "one_off": 500,
        "ongoing": 2000,
        "assumed": 0,
        "run_rate": 120012,
    }
    assert found["rag"] == "red"  # 25 over 1200 is 2.08 %


@pytest.mark.parametrize(
    ("actual", "period", "rate"),
    [(1, 5, 2), (3, 7, 5), (-1, 5, -2), (1, 8, 2), (-1, 8, -2), (100, 12, 100), (100, 13, 100)],
)
def test_a_run_rate_is_rounded_half_a_penny_away_from_nought(
    actual: int, period: int, rate: int
) -> None:
    assert run_rate(actual, period) == rate


def test_a_cost_centre_is_named_by_its_row_in_force_and_stands_where_that_says() -> None:
    found = year(posting=[A | {"period": "P01", "amount": "1.00"}])
    now = {"fund": "GF", "service": "roads", "directorate": "place", "portfolio": "transport"}
    then = now | {"directorate": "works"}
    assert (found["name"], found["manager"], found["known"]) == ("Gritting", "Head", True)
    assert found["is_now"] == now
    assert found["was"] == [then, then, *[now] * 11]


def test_money_of_an_unknown_cost_centre_and_account_is_shown_and_nowhere() -> None:
    stray = {"cost_centre": "Z/9", "subjective": "77", "period": "P01", "year": Y, "amount": "1.00"}
    found = states({"posting": [stray]})
    state = found["cost-centre/2025-26/Z%2F9"]
    nowhere = {"fund": "", "service": "", "directorate": "", "portfolio": ""}
    assert (state["known"], state["name"], state["is_now"]) == (False, "", nowhere)
    assert state["lines"][""]["actual"][0] == 100
    assert found["position/as-is/2025-26//service/"]["figures"]["actual"] == 100
    assert found["position/as-was/2025-26//fund/"]["cost_centres"] == 1


def test_a_year_is_there_for_whatever_stands_in_it_and_not_for_what_does_not_count() -> None:
    for role in ("posting", "budget", "commitment", "forecast"):
        assert "cost-centre/2024-25/A" in states(
            {role: [A | {"year": "2024-25", "period": "P01", "amount": "1.00"}]}
        )
    proposed = [move("A", "1.00", status="Proposed"), move("C", "-1.00", status="Proposed")]
    assert "cost-centre/2025-26/A" not in states({"virement": proposed})
    assert "cost-centre/2025-26/A" not in states({"posting": [{"cost_centre": "A"}]})


# Positions


def test_a_node_is_the_sum_of_its_cost_centres_and_funds_are_apart() -> None:
    found = states(
        {
            "cost-centre": STRUCTURE,
            "budget": [
                A | {"amount": "12.00"},
                A | {"cost_centre": "C", "amount": "6.00"},
                A | {"cost_centre": "B", "amount": "100.00"},
            ],
            "posting": [
                A | {"period": "P06", "amount": "2.00"},
                A | {"cost_centre": "C", "subjective": "9", "period": "P06", "amount": "-0.50"},
            ],
        }
    )
    roads = found["position/as-is/2025-26/GF/service/roads"]
    assert roads["cost_centres"] == 2
    assert roads["lines"]["1"]["original"][0] == 1800
    assert roads["figures"]["actual"] == 150
    assert roads["figures"]["budget_to_date"] == 900
    assert roads["rag"] == "green"
    for node in ("fund/GF", "directorate/place", "portfolio/transport"):
        assert found[f"position/as-is/2025-26/GF/{node}"]["lines"] == roads["lines"]
    assert found["position/as-is/2025-26/HRA/fund/HRA"]["figures"]["current_budget"] == 10000
    assert "position/as-is/2025-26/GF/service/homes" not in found


def test_a_reorganisation_recuts_history_as_it_was_and_as_it_is() -> None:
    moved = [
        {"cost_centre": "A", "name": "A", "service": "homes", "fund": "GF",
         "valid_to": "2025-07-14"},
        {"cost_centre": "A", "name": "A", "service": "roads", "fund": "GF",
         "valid_from": "2025-07-15"},
    ]  # fmt: skip
    found = states(
        {
            "cost-centre": moved,
            "budget": [A | {"amount": "12.00"}],
            "posting": [A | {"period": f"P{p:02}", "amount": "1.00"} for p in range(1, 7)],
        }
    )
    is_now = found["position/as-is/2025-26/GF/service/roads"]
    assert is_now["lines"]["1"]["actual"] == [100] * 6 + [0] * 7
    assert "position/as-is/2025-26/GF/service/homes" not in found
    # July is P04: from then on it stands in roads, with all that it brought along.
    before = found["position/as-was/2025-26/GF/service/homes"]
    after = found["position/as-was/2025-26/GF/service/roads"]
    assert before["lines"]["1"]["actual"] == [100, 100, 100, -300] + [0] * 9
    assert after["lines"]["1"]["actual"] == [0, 0, 0, 400, 100, 100] + [0] * 7
    assert before["lines"]["1"]["original"] == [1200, 0, 0, -1200] + [0] * 9
    assert after["lines"]["1"]["original"] == [0, 0, 0, 1200] + [0] * 9
    assert before["lines"]["1"]["forecast"] == [1200] * 3 + [0] * 10
    assert after["lines"]["1"]["forecast"] == [0] * 3 + [1200] * 10
    assert (before["figures"]["actual"], after["figures"]["actual"]) == (0, 600)
    assert (before["rag"], after["rag"]) == ("information", "green")
    assert (before["cost_centres"], after["cost_centres"]) == (1, 1)
    fund = found["position/as-was/2025-26/GF/fund/GF"]
    assert fund["lines"] == found["position/as-is/2025-26/GF/fund/GF"]["lines"]


def test_positions_of_other_years_are_read_at_their_own_period() -> None:
    old, new = ({"year": year, "amount": "1.00"} for year in ("2024-25", "2026-27"))
    found = states({"cost-centre": STRUCTURE, "budget": [A | old, A | new]})
    periods = [
        found[f"position/as-is/{year}/GF/fund/GF"]["period"] for year in ("2024-25", "2026-27")
    ]
    assert periods == [13, 1]


# Virements


def virement(*lines: Json, accounts: Json = ACCOUNTS) -> Json:
    """The one virement of these lines."""
    return states({"cost-centre": STRUCTURE, "virement": lines}, accounts)["virement/V1"]


def test_a_virement_that_is_in_order_is_applied() -> None:
    assert virement(move("A", "5.00"), move("C", "-3.00"), move("C", "-2.00")) == {
        "status": "Approved",
        "year": Y,
        "period": 4,
        "moved": 500,
        "net": 0,
        "level": "Officer",
        "approval": "for information",
        "applied": True,
        "held": False,
        "fund": "GF",
    }


@pytest.mark.parametrize(
    ("lines", "net", "fund"),
    [
        ([move("A", "5.00"), move("C", "-4.99")], 1, "GF"),
        ([move("A", "5.00"), move("B", "-5.00")], 0, ""),  # from fund to fund
        ([move("A", "5.00"), move("Z", "-5.00")], 0, ""),  # from one that nobody knows
        ([move("A", "5.00"), move("C", "-5.00", year="2024-25")], 0, "GF"),
        ([move("A", "5.00", decision=""), move("C", "-5.00", decision=None)], 0, "GF"),
        ([move("A", "5.00"), move("C", "-5.00"), move("C", None)], 0, "GF"),  # type: ignore[arg-type]
        ([move("A", "5.00"), move("C", "-5.00", period=None)], 0, "GF"),
    ],
)
def test_an_approved_virement_that_is_not_in_order_is_held(
    lines: list[Json], net: int, fund: str
) -> None:
    found = virement(*lines)
    assert (found["applied"], found["held"]) == (False, True)
    assert (found["net"], found["fund"]) == (net, fund)
    budgets = states({"cost-centre": STRUCTURE, "virement": lines})
    assert not any(subject.startswith("cost-centre/") for subject in budgets)


@pytest.mark.parametrize(
    ("statuses", "status"),
    [
        (("Proposed", "Proposed"), "Proposed"),
        (("Approved", "Rejected"), "Rejected"),
        (("Approved", ""), ""),
    ],
)
def test_a_virement_that_is_not_approved_as_a_whole_is_neither_applied_nor_held(
    statuses: tuple[str, str], status: str
) -> None:
    one, other = statuses
    found = virement(move("A", "5.00", status=one), move("C", "-5.00", status=other))
    assert (found["status"], found["applied"], found["held"]) == (status, False, False)


@pytest.mark.parametrize(
    ("amount", "level", "approval"),
    [
        ("500.00", "Officer", "for information"),
        ("500.01", "Cabinet", "for approval"),
        ("5000.01", "Council", "for approval"),
    ],
)
def test_the_first_level_that_reaches_far_enough_decides(
    amount: str, level: str, approval: str
) -> None:
    found = virement(move("A", amount), move("C", f"-{amount}"))
    assert (found["level"], found["approval"]) == (level, approval)


def test_without_levels_a_virement_is_for_information() -> None:
    found = virement(move("A", "5.00"), accounts=ACCOUNTS | {"virement_levels": []})
    assert (found["level"], found["approval"]) == ("", "for information")
