"""The capital programme by hand. Today is 5 January 2026."""

from decimal import Decimal
from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed
from tests.unit.finance.council import SERVICES
from tests.unit.finance.moving import pass_time_to
from tests.unit.finance.programme import CATALOGUE as DEFINED
from tests.unit.finance.programme import record

THIS, NEXT = "2025-26", "2026-27"
Json = dict[str, Any]


@pytest.fixture
def council(finance: Fed) -> Fed:
    finance.say(CATALOGUE, dict(DEFINED))
    return finance


def scheme(**fields: Any) -> dict[str, Json]:
    return record("capital-scheme", **({"scheme": "K", "title": "Bridge"} | fields))


def budget(key: str, amount: str, **fields: Any) -> dict[str, Json]:
    told = {"scheme": "K", "year": THIS, "approval": "Fully approved"} | fields
    return record("capital-budget", key, amount=amount, **told)


def movement(key: str, change: str, amount: str, **fields: Any) -> dict[str, Json]:
    told = {"scheme": "K", "status": "Approved"} | fields
    return record("capital-movement", key, change=change, amount=amount, **told)


def posting(key: str, amount: str, **fields: Any) -> dict[str, Json]:
    return record("capital-posting", key, **({"scheme": "K"} | fields), amount=amount)


def forecast(key: str, period: str, amount: str, **fields: Any) -> dict[str, Json]:
    told = {"scheme": "K", "year": THIS} | fields
    return record("capital-forecast", key, period=period, amount=amount, **told)


def funding(key: str, source: str, amount: str, **fields: Any) -> dict[str, Json]:
    told = {"scheme": "K", "year": THIS} | fields
    return record("capital-funding", key, source=source, amount=amount, **told)


def milestone(key: str, planned: str | None, **fields: Any) -> dict[str, Json]:
    return record(
        "milestone", key, scheme="K", milestone=key, title=f"Stage {key}", planned=planned, **fields
    )


def told(council: Fed, code: str = "K") -> Json:
    return council.states()[f"scheme/{code}"]


def test_a_provisional_budget_is_beside_what_is_approved_and_never_in_it(council: Fed) -> None:
    council.say(
        RECORDS,
        budget("1", "100.00")
        | budget("2", "40.00", approval="provisional")
        | budget("3", "7.00", approval="Hoped for")
        | budget("4", "0.05", approval="FULLY APPROVED"),
    )
    year = told(council)["years"][THIS]
    assert (year["provisional"], year["original"], year["approved"]) == (4000, 10005, 10005)
    # As approvals are written in the contract, whatever the record's capitals.
    assert [each["approval"] for each in told(council)["budgets"].values()] == [
        "Fully approved", "Provisional", "Hoped for", "Fully approved",
    ]  # fmt: skip


def test_a_provisional_budget_that_is_approved_in_full_moves_over_once(council: Fed) -> None:
    council.say(RECORDS, budget("1", "100.00", approval="Provisional"))
    council.say(RECORDS, budget("1", "100.00", decision="C1"))
    year = told(council)["years"][THIS]
    assert (year.get("provisional", 0), year["approved"]) == (0, 10000)
    assert list(told(council)["budgets"]) == ["capital-budgets/1"]


def test_rephasing_moves_money_between_years_and_leaves_the_whole_alone(council: Fed) -> None:
    council.say(
        RECORDS,
        budget("1", "100.00")
        | movement("m", "Rephasing", "30.00", from_year=THIS, to_year=NEXT, reason="Late"),
    )
    found = told(council)
    assert (found["years"][THIS]["rephased_out"], found["years"][THIS]["approved"]) == (3000, 7000)
    assert (found["years"][NEXT]["rephased_in"], found["years"][NEXT]["approved"]) == (3000, 3000)
    assert found["total"]["approved"] == 10000
    assert "held" not in found["movements"]["capital-movements/m"]


def test_additions_and_reductions_change_what_is_approved_and_a_removal_reduces(
    council: Fed,
) -> None:
    council.say(
        RECORDS,
        budget("1", "100.00")
        | movement("a", "addition", "5.00", to_year=THIS, status="approved")
        | movement("b", "Reduction", "2.00", from_year=THIS)
        | movement("c", "Removal", "1.00", from_year=THIS)
        | movement("d", "Addition", "9.00", to_year=THIS, status="Proposed")
        | movement("e", "Addition", "9.00", to_year=THIS, status="Rejected"),
    )
    year = told(council)["years"][THIS]
    assert (year["additions"], year["reductions"], year["approved"]) == (500, 300, 10200)
    movements = told(council)["movements"]
    assert (movements["capital-movements/a"]["change"], len(movements)) == ("Addition", 5)
    assert not any("held" in each for each in movements.values())


@pytest.mark.parametrize(
    ("fields", "held"),
    [
        ({"change": "Rephasing", "from_year": THIS}, "does not name the year it is moved to"),
        ({"change": "Rephasing", "to_year": NEXT}, "does not name the year it is taken from"),
        ({"change": "Rephasing"}, "the year it is taken from nor the year it is moved to"),
        ({"change": "Addition", "from_year": THIS}, "does not name the year it is added to"),
        ({"change": "Reduction", "to_year": THIS}, "does not name the year it is taken from"),
        ({"change": "Removal"}, "does not name the year it is taken from"),
        ({"change": "Whim", "from_year": THIS, "to_year": NEXT}, "is none of Rephasing"),
    ],
)
def test_an_approved_movement_that_does_not_say_enough_is_held_and_says_why(
    council: Fed, fields: Json, held: str
) -> None:
    council.say(RECORDS, budget("1", "10.00") | movement("m", amount="1.00", **fields))
    found = told(council)
    assert held in found["movements"]["capital-movements/m"]["held"]
    assert found["years"] == {THIS: {"original": 1000, "approved": 1000, "forecast": 1000,
                                     "unfunded": 1000}}  # fmt: skip


def test_spending_adds_up_by_year_and_period_and_none_is_lost(council: Fed) -> None:
    council.say(
        RECORDS,
        posting("1", "10.00", year=THIS, period="P02")
        | posting("2", "-1.00", year=THIS, period="P02")
        | posting("3", "2.00", period=f"{THIS}-P13")
        | posting("4", "5.00", date="2026-04-01")
        | posting("5", "0.10"),
    )
    found = told(council)
    assert (found["known"], found["title"]) == (False, "")
    assert found["spend"] == {THIS: [0, 900, *[0] * 10, 200], NEXT: [500, *[0] * 12]}
    assert [(y, e["spend"], e["transactions"]) for y, e in found["years"].items()] == [
        ("", 10, 1), (THIS, 1100, 3), (NEXT, 500, 1),
    ]  # fmt: skip
    council.say(RECORDS, {"capital-postings/1": None, "capital-postings/5": None})
    found = told(council)
    assert found["spend"][THIS] == [0, -100, *[0] * 10, 200]
    assert (list(found["years"]), found["total"]["spend"]) == ([THIS, NEXT], 600)


def test_the_newest_forecast_of_a_year_stands_and_two_of_one_period_are_added_up(
    council: Fed,
) -> None:
    council.say(RECORDS, budget("1", "100.00") | budget("2", "50.00", year=NEXT))
    council.say(
        RECORDS,
        forecast("a", "P06", "60.00", reason="Ground")
        | forecast("b", "P06", "20.50")
        | forecast("c", "P03", "99.00", reason="Old"),
    )
    years = told(council)["years"]
    assert (years[THIS]["forecast"], years[THIS]["variance"]) == (8050, -1950)
    assert years[THIS]["reason"] == "Ground"
    # Nobody forecast the next year.
    assert (years[NEXT]["forecast"], years[NEXT].get("variance", 0)) == (5000, 0)
    assert told(council)["total"]["forecast"] == 13050


def test_what_is_approved_and_not_funded_is_told(council: Fed) -> None:
    council.say(
        RECORDS,
        budget("1", "100.00")
        | funding("g", "Grant", "50.00")
        | funding("h", "Grant", "10.00")
        | funding("c", "CIL", "11.00")
        | funding("n", "CIL", "1.00", year=NEXT),
    )
    found = told(council)
    assert found["years"][THIS]["funding"] == {"CIL": 1100, "Grant": 6000}
    assert (found["years"][THIS]["unfunded"], found["years"][NEXT]["unfunded"]) == (2900, -100)
    assert (found["total"]["funding"], found["total"]["unfunded"]) == (
        {"CIL": 1200, "Grant": 6000}, 2800,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({"planned": "2025-09-01", "achieved": "2025-10-01"}, "green"),
        ({"planned": "2026-01-04"}, "red"),
        ({"planned": "2026-01-05"}, "green"),
        ({"planned": "2026-01-04", "forecast": "2026-02-01"}, "amber"),
        ({"planned": "2026-02-02", "forecast": "2026-02-01"}, "green"),
        ({"planned": "2026-02-02", "forecast": "2026-01-01"}, "red"),
        ({"planned": None}, "green"),
    ],
)
def test_a_milestone_is_judged_on_the_business_day(
    council: Fed, fields: Json, outcome: str
) -> None:
    council.say(RECORDS, scheme() | milestone("m", **fields))
    assert told(council)["milestones"]["milestones/m"]["outcome"] == outcome
    assert told(council)["rag"]["outcome"] == outcome


@pytest.mark.parametrize(
    ("made", "outcome"),
    [("100.00", "green"), ("100.01", "amber"), ("102.00", "amber"), ("102.01", "red")],
)
def test_a_scheme_is_judged_by_its_forecast_and_says_the_rule_and_the_numbers(
    council: Fed, made: str, outcome: str
) -> None:
    council.say(RECORDS, scheme() | budget("1", "100.00") | forecast("f", "P06", made))
    rag = told(council)["rag"]
    assert rag["outcome"] == outcome
    assert rag["rule"] == (
        f"The forecast of £{made} is £{Decimal(made) - 100} over the approved £100.00: red if "
        "over by more than 2% of it, amber if by more than 0%"
    )


def test_the_worst_of_money_and_milestones_judges_a_scheme(council: Fed) -> None:
    council.say(RECORDS, scheme() | budget("1", "100.00") | forecast("f", "P06", "101.00"))
    council.say(RECORDS, milestone("a", "2025-02-01", achieved="2025-02-01"))
    assert told(council)["rag"]["outcome"] == "amber"
    council.say(RECORDS, milestone("b", "2025-12-31") | milestone("c", "2026-02-01"))
    rag = told(council)["rag"]
    assert rag["outcome"] == "red"
    assert rag["rule"].endswith(
        "; of 3 milestones, 1 overdue (red) and 0 expected later than planned (amber)"
    )


def test_a_scheme_of_which_nothing_but_its_name_is_known_is_for_information(council: Fed) -> None:
    council.say(RECORDS, scheme(manager="Engineer", status="Design", summary="Over the river"))
    found = told(council)
    assert found["rag"]["outcome"] == "information"
    assert (found["known"], found["title"], found["manager"], found["status"]) == (
        True, "Bridge", "Engineer", "Design",
    )  # fmt: skip
    council.say(RECORDS, {"capital-schemes/K": None})
    assert council.states() == {}


def test_a_scheme_whose_own_record_goes_stands_while_money_names_it(council: Fed) -> None:
    council.say(RECORDS, scheme(service="parks") | posting("1", "1.00", year=THIS, period="P01"))
    council.say(RECORDS, {"capital-schemes/K": None})
    found = told(council)
    assert (found["known"], found["title"], found.get("directorate", "")) == (False, "", "")
    council.say(RECORDS, scheme(scheme="L") | posting("1", "1.00", scheme="L"))
    assert set(council.states()) == {"scheme/L"}


def test_a_scheme_is_its_services_unless_its_record_names_the_portfolio(council: Fed) -> None:
    council.say(
        RECORDS,
        scheme(service="parks") | scheme(scheme="L", service="parks", portfolio="waters")
        | scheme(scheme="M", service="nobody"),
    )  # fmt: skip
    placed = [(s["directorate"], s["portfolio"]) for s in (told(council, "K"), told(council, "L"))]
    assert placed == [("communities", "nature"), ("communities", "waters")]
    assert "directorate" not in told(council, "M")
    # The catalogue says otherwise.
    council.say(CATALOGUE, {"service/parks": SERVICES["service/parks"] | {"directorate": "place"}})
    assert told(council)["directorate"] == "place"


def test_the_day_alone_moves_milestones_and_where_a_service_stands(
    council: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = {"until": "2026-01", "directorate": "place", "portfolio": "streets"}
    council.say(CATALOGUE, {"service/waste": SERVICES["service/waste"] | {"earlier": [leaving]}})
    council.say(
        RECORDS,
        scheme(service="waste") | milestone("m", "2026-01-31")
        | scheme(scheme="L", service="waste", portfolio="streets")
        | scheme(scheme="O", service="homes"),
    )  # fmt: skip
    before = council.owned()
    assert (told(council)["rag"]["outcome"], told(council)["portfolio"]) == ("green", "streets")
    pass_time_to(monkeypatch, council, 2026, 2, 1)
    assert told(council)["milestones"]["milestones/m"]["outcome"] == "red"
    assert (told(council)["rag"]["outcome"], told(council)["portfolio"]) == (
        "red", "neighbourhoods",
    )  # fmt: skip
    # Its record still says so itself, and the last is not touched by the day at all.
    assert council.owned()["scheme/L"][0] == before["scheme/L"][0]
    assert council.owned()["scheme/O"] == before["scheme/O"]
    assert council.rebuild() == 0


def test_an_amount_with_part_of_a_penny_counts_as_nought_and_says_so(council: Fed) -> None:
    with capture_logs() as logs:
        council.say(RECORDS, budget("1", "1.005") | budget("2", "3.00"))
    assert told(council)["total"]["approved"] == 300
    (refused,) = [line for line in logs if line["event"] == "amount-refused"]
    assert refused["record"] == "capital-budgets/1"


def test_a_forecast_of_no_period_is_kept_and_counts_nowhere(council: Fed) -> None:
    council.say(RECORDS, record("capital-forecast", "x", scheme="K", amount="5.00"))
    found = told(council)
    assert (len(found["forecasts"]), found["years"]) == (1, {})
