"""Revenue by hand: what a cost centre and its nodes come to, and who may move budgets."""

from typing import Any

import pytest

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed
from tests.unit.finance.council import CATALOGUE as DEFINED
from tests.unit.finance.council import centre, record

YEAR = "2025-26"
Json = dict[str, Any]


@pytest.fixture
def council(finance: Fed) -> Fed:
    """Two services in the General Fund, one in the Housing Revenue Account. Today is 5 January
    2026, so the newest period that is over is P09."""
    finance.say(CATALOGUE, dict(DEFINED))
    finance.say(
        RECORDS, centre("P1", "parks") | centre("W1", "waste") | centre("H1", "homes", "hra")
    )
    return finance


def budget(key: str, cost_centre: str, amount: str, **fields: Any) -> dict[str, Json]:
    account = fields.pop("subjective", "1000")
    return record(
        "budget", key, cost_centre=cost_centre, subjective=account, year=YEAR, amount=amount,
        **fields,
    )  # fmt: skip


def posting(key: str, cost_centre: str, amount: str, period: str, **fields: Any) -> dict[str, Json]:
    account = fields.pop("subjective", "1000")
    return record(
        "posting", key, cost_centre=cost_centre, subjective=account, amount=amount, period=period,
        **fields,
    )  # fmt: skip


def line(
    key: str, cost_centre: str, amount: str, period: str = "P07", **fields: Any
) -> dict[str, Json]:
    told = {"reference": "V1", "status": "Approved", "decision": "E100"} | fields
    return record(
        "virement", key, line=key, cost_centre=cost_centre, subjective="1000", year=YEAR,
        period=period, amount=amount, **told,
    )  # fmt: skip


def figures(found: Fed, subject: str) -> dict[str, int]:
    figures: dict[str, int] = found.states()[subject]["figures"]
    return figures


def centre_of(code: str) -> str:
    return f"cost-centre/{YEAR}/{code}"


def node(level: str, code: str, fund: str = "general", basis: str = "as-is") -> str:
    return f"position/{basis}/{YEAR}/{fund}/{level}/{code}"


def test_a_budget_falls_due_evenly_and_spending_adds_up_to_the_newest_period_that_is_over(
    council: Fed,
) -> None:
    council.say(RECORDS, budget("b", "P1", "1200.01"))
    council.say(
        RECORDS,
        posting("1", "P1", "300.00", f"{YEAR}-P01")
        | posting("2", "P1", "-50.25", f"{YEAR}-P09")
        | posting("3", "P1", "999.00", f"{YEAR}-P10"),
    )
    assert figures(council, centre_of("P1")) == {
        "original_budget": 120001,
        "current_budget": 120001,
        # Nine twelfths, rounded down to the penny.
        "budget_to_date": 90000,
        "actual": 24975,
        "forecast": 120001,
        "assumed": 120001,
        "run_rate": 33300,
    }
    state = council.states()[centre_of("P1")]
    assert state["period"] == 9
    assert state["lines"]["employees"]["transactions"] == [1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0]
    assert state["rag"]["outcome"] == "green"


def test_a_profile_and_a_named_period_say_when_a_budget_falls_due(council: Fed) -> None:
    council.say(
        RECORDS,
        budget("s", "P1", "12.00", profile="summer")
        | budget("p", "P1", "5.00", period="P12", subjective="9001")
        | budget("x", "P1", "0.24", profile="nobody knows it", subjective="4100"),
    )
    lines = council.states()[centre_of("P1")]["lines"]
    assert lines["employees"]["profile"] == [0, 100, 200, 300, 300, 200, 100, 0, 0, 0, 0, 0, 0]
    assert lines["income"]["profile"] == [0] * 11 + [500, 0]
    assert lines["supplies"]["profile"] == [2] * 12 + [0]


def test_funds_are_never_netted_and_every_cut_adds_up_to_the_same(council: Fed) -> None:
    council.say(RECORDS, budget("p", "P1", "100.00") | budget("w", "W1", "50.00"))
    council.say(RECORDS, budget("h", "H1", "-30.00", subjective="9000"))
    assert figures(council, node("fund", "general"))["original_budget"] == 15000
    assert figures(council, node("fund", "hra", "hra"))["original_budget"] == -3000
    for level in ("directorate", "portfolio", "service"):
        listed = [
            state["figures"]["original_budget"]
            for subject, state in council.states().items()
            if subject.startswith(f"position/as-is/{YEAR}/general/{level}/")
        ]
        assert (len(listed), sum(listed)) == (2, 15000)


def test_a_reorganisation_cuts_history_as_it_was_and_as_it_is(council: Fed) -> None:
    council.say(RECORDS, budget("p", "P1", "120.00"))
    council.say(RECORDS, posting("1", "P1", "7.00", f"{YEAR}-P02"))
    council.say(RECORDS, posting("2", "P1", "5.00", f"{YEAR}-P08"))
    # As it is: all of it in Communities, also what was spent before the move.
    assert figures(council, node("directorate", "communities"))["actual"] == 1200
    assert node("directorate", "place") not in council.states()
    # As it was: in Place up to P06, whole, and from P07 on whole in Communities.
    was = council.states()[node("directorate", "place", basis="as-was")]["lines"]["employees"]
    now = council.states()[node("directorate", "communities", basis="as-was")]["lines"]["employees"]
    assert was["actual"] == [0, 700, 0, 0, 0, 0, -700, 0, 0, 0, 0, 0, 0]
    assert now["actual"] == [0, 0, 0, 0, 0, 0, 700, 500, 0, 0, 0, 0, 0]
    assert was["forecast"] == [12000] * 6 + [0] * 7
    assert figures(council, node("directorate", "communities", basis="as-was"))["actual"] == 1200


def test_a_cost_centre_that_moves_takes_its_money_along(council: Fed) -> None:
    council.say(RECORDS, budget("w", "W1", "120.00"))
    council.say(RECORDS, centre("W1", "waste", valid_to="2025-10-31"))
    council.say(RECORDS, centre("W1", "parks", valid_from="2025-11-01"))
    assert figures(council, node("service", "parks"))["original_budget"] == 12000
    assert node("service", "waste") not in council.states()
    was = council.states()[node("service", "waste", basis="as-was")]["lines"]["employees"]
    assert was["original"] == [12000, 0, 0, 0, 0, 0, 0, -12000, 0, 0, 0, 0, 0]


def test_an_unknown_cost_centre_is_held_and_shown_and_placed_once_it_is_known(
    council: Fed,
) -> None:
    council.say(RECORDS, posting("1", "Z9", "8.00", f"{YEAR}-P03"))
    state = council.states()[centre_of("Z9")]
    assert (state["known"], state["is_now"]) == (False, {})
    assert figures(council, node("service", "", ""))["actual"] == 800
    council.say(RECORDS, centre("Z9", "waste"))
    assert council.states()[centre_of("Z9")]["known"] is True
    assert figures(council, node("service", "waste"))["actual"] == 800
    assert node("service", "", "") not in council.states()


def test_an_approved_virement_counts_from_its_period_and_falls_due_over_the_rest(
    council: Fed,
) -> None:
    council.say(RECORDS, budget("p", "P1", "1200.00") | budget("w", "W1", "600.00"))
    council.say(RECORDS, line("a", "P1", "60.00") | line("b", "W1", "-60.00"))
    parks = figures(council, centre_of("P1"))
    assert (parks["virements"], parks["current_budget"]) == (6000, 126000)
    # Nine of twelve months of the budget, and three of six of the virement.
    assert parks["budget_to_date"] == 90000 + 3000
    state = council.states()["virement/V1"]
    assert (state["applied"], state["net"], state["moved"]) == (True, 0, 6000)
    assert (state["level"], state["approval"]) == ("Officer", "for information")


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (line("a", "P1", "60.00") | line("b", "W1", "-59.99"), "adds £0.01"),
        (line("a", "P1", "60.00") | line("b", "H1", "-60.00"), "between funds: general, hra"),
        (line("a", "P1", "60.00") | line("b", "Q7", "-60.00"), "in no structure"),
        (
            line("a", "P1", "6.00", decision=None) | line("b", "W1", "-6.00", decision=None),
            "no reference of a decision",
        ),
        (
            line("a", "P1", "6.00")
            | record(
                "virement", "b", reference="V1", line="b", cost_centre="W1", subjective="1000",
                year="2024-25", period="P07", amount="-6.00", status="Approved", decision="E1",
            ),
            "more than one financial year",
        ),
    ],
)  # fmt: skip
def test_an_approved_virement_that_cannot_count_is_held_and_says_why(
    council: Fed, lines: dict[str, Json], why: str
) -> None:
    council.say(RECORDS, budget("p", "P1", "1200.00") | lines)
    state = council.states()["virement/V1"]
    assert state["applied"] is False
    assert why in state["held"]
    assert "virements" not in figures(council, centre_of("P1"))


def test_a_held_virement_counts_once_its_missing_line_comes_and_no_more_when_it_is_taken_back(
    council: Fed,
) -> None:
    council.say(RECORDS, budget("p", "P1", "1200.00") | line("a", "P1", "600.00"))
    assert council.states()["virement/V1"]["held"]
    council.say(RECORDS, line("b", "W1", "-600.00"))
    assert council.states()["virement/V1"]["applied"] is True
    assert council.states()["virement/V1"]["level"] == "Cabinet"
    assert figures(council, centre_of("P1"))["virements"] == 60000
    council.say(RECORDS, line("a", "P1", "600.00", status="Rejected"))
    assert council.states()["virement/V1"]["status"] == "Rejected"
    assert "virements" not in figures(council, centre_of("P1"))
    assert centre_of("W1") not in council.states()


def test_the_newest_forecast_stands_with_its_movement_and_what_is_one_off(council: Fed) -> None:
    def forecast(key: str, period: str, amount: str, **more: Any) -> dict[str, Json]:
        return record(
            "forecast", key, cost_centre="P1", subjective="1000", year=YEAR, period=period,
            amount=amount, **more,
        )  # fmt: skip

    council.say(RECORDS, budget("p", "P1", "1000.00") | forecast("3", "P03", "1010.00"))
    council.say(RECORDS, forecast("6", "P06", "1100.00", one_off="30.00", reason="Agency staff"))
    found = figures(council, centre_of("P1"))
    assert (found["forecast"], found["variance"], found["movement"]) == (110000, 10000, 9000)
    assert (found["one_off"], found["ongoing"]) == (3000, 7000)
    assert "assumed" not in found
    state = council.states()[centre_of("P1")]
    assert state["rag"]["outcome"] == "red"
    assert state["forecasts"]["forecasts/6"]["reason"] == "Agency staff"
    line = state["lines"]["employees"]
    assert line["forecast"] == [100000] * 2 + [101000] * 3 + [110000] * 8
    assert line["assumed"] == [100000] * 2 + [0] * 11
    # Withdrawn: what stood before stands again.
    council.say(RECORDS, dict.fromkeys(forecast("6", "P06", "0")))
    assert figures(council, centre_of("P1"))["forecast"] == 101000


def test_control_totals_agree_to_the_penny_or_say_by_how_much_they_do_not(council: Fed) -> None:
    council.say(
        RECORDS,
        posting("1", "P1", "10.00", f"{YEAR}-P01", batch="B1")
        | posting("2", "Z9", "0.01", f"{YEAR}-P01")
        | posting("3", "P1", "4.00", "P02"),
    )
    states = council.states()
    assert states[f"reconciliation/period/{YEAR}-P01"]["agrees"] is None
    # A period without a year is no place in the accounts: it is not lost.
    assert states["reconciliation/period/unplaced"]["amount"] == 400
    told = {"year": YEAR, "period": "P01", "amount": "10.01", "transactions": 2}
    council.say(RECORDS, record("control-total", "t", **told))
    assert council.states()[f"reconciliation/period/{YEAR}-P01"]["agrees"] is True
    council.say(RECORDS, record("control-total", "b", batch="B1", amount="12.50"))
    batch = council.states()["reconciliation/batch/B1"]
    assert (batch["difference"], batch["agrees"]) == (-250, False)
    council.say(RECORDS, posting("2", "Z9", "0.02", f"{YEAR}-P01"))
    assert council.states()[f"reconciliation/period/{YEAR}-P01"]["difference"] == 1


def test_a_definition_that_reads_the_records_otherwise_recounts_them(council: Fed) -> None:
    council.say(RECORDS, posting("1", "P1", "10.00", f"{YEAR}-P01"))
    groups = [{"code": "staff", "name": "Staff", "accounts": ["1*"]}]
    accounts = DEFINED["accounts/council"] | {"subjectives": groups}
    council.say(CATALOGUE, {"accounts/council": accounts})
    assert list(council.states()[centre_of("P1")]["lines"]) == ["staff"]
    moved = DEFINED["service/parks"] | {"directorate": "place", "earlier": []}
    council.say(CATALOGUE, {"service/parks": moved})
    assert figures(council, node("directorate", "place"))["actual"] == 1000


def test_nothing_is_said_where_nothing_moved(council: Fed) -> None:
    council.say(RECORDS, budget("p", "P1", "100.00") | posting("1", "P1", "1.00", f"{YEAR}-P01"))
    before = council.owned()
    council.say(RECORDS, posting("1", "P1", "1.00", f"{YEAR}-P01"))
    assert council.owned() == before
    assert council.rebuild() == 0


@pytest.mark.parametrize(
    ("outturn", "outcome"), [("1000.00", "green"), ("1015.00", "amber"), ("1020.01", "red")]
)
def test_a_fund_whose_budget_nets_to_nought_is_judged_by_what_it_is_to_spend(
    council: Fed, outturn: str, outcome: str
) -> None:
    council.say(RECORDS, budget("s", "H1", "1000.00"))
    council.say(RECORDS, budget("i", "H1", "-1000.00", subjective="9000"))
    told = {"cost_centre": "H1", "subjective": "1000", "year": YEAR, "period": "P06"}
    council.say(RECORDS, record("forecast", "f", amount=outturn, **told))
    rag = council.states()[node("fund", "hra", "hra")]["rag"]
    assert rag["outcome"] == outcome
    assert "since its net budget is nought" in rag["rule"]
