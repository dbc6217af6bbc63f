"""Money in words: over is over, adverse is adverse, and every sentence has the state's numbers."""

from datetime import date
from typing import Any

import msgspec
import pytest

from services.publisher.domain import finance, finance_words
from services.publisher.domain.finance_sums import in_force, placed, reasons
from services.publisher.domain.live import Filter, Message
from services.publisher.domain.messages import HeldRow, message
from shared.accounts.calendar import When
from shared.accounts.figures import figures
from shared.catalogue.model import Catalogue, Placed, Service
from shared.contracts.finance import Forecast, Line, Reconciliation, Saving, Virement
from shared.contracts.judged import RagState
from shared.contracts.topics import FINANCE
from tests.integration.publisher_money import (
    YEAR,
    centre,
    centres,
    data,
    line,
    positions,
    reserves,
    savings,
    schemes,
    totals,
    virements,
)
from tests.integration.publisher_money import forecast as manager_says
from tests.integration.publisher_sample import control

TODAY = date(2026, 11, 15)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (120_000_000_00, "£120.0 million over budget"),
        (1_234_567_89, "£1.2 million over budget"),
        (999_999_99, "£1,000,000 over budget"),
        (45_000_00, "£45,000 over budget"),
        (12_34, "£12.34 over budget"),
        (1, "£0.01 over budget"),
        (0, "on budget"),
        (-1, "£0.01 under budget"),
        (-345_000_49, "£345,000 under budget"),
    ],
)
def test_a_positive_variance_is_over_budget(amount: int, words: str) -> None:
    assert finance.variance(amount) == words


def test_a_movement_upwards_is_adverse() -> None:
    assert finance.movement(500_00).startswith("£500 adverse movement")
    assert finance.movement(-500_00).startswith("£500 favourable movement")
    assert finance.movement(0).startswith("no movement")


@pytest.mark.parametrize(
    ("amount", "plain", "signed"),
    [(49, "£0", "£0"), (-49, "£0", "£0"), (50, "£1", "+£1"), (-150, "−£2", "−£2"),
     (1_234_50, "£1,235", "+£1,235")],
)  # fmt: skip
def test_tables_are_in_whole_pounds_half_up(amount: int, plain: str, signed: str) -> None:
    assert finance.pounds(amount) == plain
    assert finance.pounds(amount, signed=True) == signed


def test_a_period_says_to_when_it_counts() -> None:
    assert finance.period(When("2026-27", 1)) == "April 2026 (P01)"
    assert finance.period(When("2026-27", 12)) == "April 2026 to March 2027 (P12)"
    assert finance.period(When("2026-27", 13)) == "all of 2026/27 with its adjustments (P13)"
    assert finance.one_period(When("2026-27", 7)) == "October 2026 (P07)"
    assert finance.one_period(When("2026-27", 13)) == "the adjustments after 2026/27 (P13)"


def test_every_number_of_a_position_has_its_sentence() -> None:
    found = figures([line(1_200, 800, 1_300, 1_250, one_off=30, ordered=5)], 7)
    told = dict(finance.worked_out(found, When(YEAR, 7)))
    assert len(told) == 10
    assert told["Variance"] == (
        "Forecast £1,300.00 less current budget £1,200.00 is £100.00: £100 over budget. Of this "
        "£30.00 is one-off and £70.00 ongoing."
    )
    moved = "The forecast of £1,300.00 less the one before it, £1,250.00"
    assert told["Movement"].startswith(moved)
    assert "£800.00 times 12 over 7 periods" in told["Run rate"]
    over = dict(finance.worked_out(figures([line(1_200, 800, 1_300)], 13), When(YEAR, 13)))
    assert "The year has run" in over["Run rate"]


def test_a_node_without_budget_says_what_was_spent() -> None:
    spent = figures([Line(actual=[100, *[0] * 12])], 7)
    assert finance.headline("X", spent) == "X: £1 spent, with neither a budget nor a forecast."
    nothing = figures([], 7)
    assert finance.headline("X", nothing) == "X has no budget, forecast or spending."


def test_the_newest_forecast_by_then_stands_and_those_of_one_period_together() -> None:
    made = [Forecast("a", 2, 1), Forecast("a", 5, 2), Forecast("a", 5, 3), Forecast("b", 6, 4)]
    assert in_force(made, 1) == {}
    assert [each.amount for each in in_force(made, 4)["a"]] == [1]
    assert [each.amount for each in in_force(made, 5)["a"]] == [2, 3]
    assert sorted(in_force(made, 6)) == ["a", "b"]


def test_reasons_come_with_the_largest_variance_first() -> None:
    found = reasons(centres(), "as-is", 7)
    assert [each.variance // 100 for each in found] == [1_200_000, 40_000, -30_000, 30_000, 20_000]
    assert found[0].mitigation == "Routes are settled by January"
    assert reasons(centres(), "as-is", 6) == []


def test_reasons_of_one_group_are_said_once() -> None:
    twice = [manager_says("a", 60, "Rain", "Roof"), manager_says("a", 60, "Rain", "Walls")]
    state = centre("C", "", centres()[0].is_now, {"a": line(100, 50, 120)})
    state.forecasts = {"1": twice[0], "2": twice[1]}
    (found,) = reasons([state], "as-is", 7)
    assert (found.name, found.reason, found.mitigation) == ("C", "Rain", "Roof; Walls")


def test_a_service_stands_where_it_stood_up_to_its_month() -> None:
    moved = Service("parks", "Parks", "new", "p", [Placed("2026-06", "old", "p")])
    catalogue = Catalogue(services={"parks": moved})
    assert placed(catalogue, "parks", "2026-06") == ("old", "p")
    assert placed(catalogue, "parks", "2026-07") == ("new", "p")
    assert placed(catalogue, "nothing", "2026-07") == ("", "")


def test_a_virement_says_why_it_does_not_count() -> None:
    held = Virement("V", "", "Approved", YEAR, 6, 100, 5, "", "", one_off=False, applied=False,
                    held="it does not net to nought")  # fmt: skip
    assert finance_words.virement_status(held) == "Held"
    assert finance_words.virement(held).endswith("no budget: it does not net to nought.")
    proposed = Virement("V", "", "Proposed", YEAR, 6, 100, 0, "", "", one_off=False, applied=False)
    assert finance_words.virement_status(proposed) == "Proposed"


def test_savings_add_up_in_a_sentence() -> None:
    made = Saving("S", "", YEAR, 890, 290, 500, 100, "at risk", RagState("amber", ""))
    total = finance_words.SavingTotal([made])
    assert "33% delivered" in total.sentence()
    assert "11% not deliverable" in total.sentence()
    assert finance_words.SavingTotal([]).sentence() == "No savings are planned."


def test_a_control_total_is_put_beside_what_is_held() -> None:
    more = Reconciliation("period", f"{YEAR}-P07", 5, 10_00, 3_00, False, -1, YEAR, 7)
    assert finance_words.reconciliation(more) == (
        "5 postings of £10.00 are held; the ledger states £7.00: a difference of £3.00. "
        "1 posting is held that it does not count."
    )


def told(subject: str, state: dict[str, Any] | None) -> tuple[Message, dict[str, Any]]:
    body = None if state is None else msgspec.json.encode(state)
    row = HeldRow(FINANCE, subject, 2, body, "2026-11-15T10:00:00Z", "batch-1", "", 9)
    made = message(row, "0123abcd", Catalogue(), TODAY, {})
    wire: dict[str, Any] = msgspec.json.decode(made.wire.split(b"\ndata: ")[1].rstrip())
    return made, wire


def test_every_state_of_money_has_words_on_the_stream() -> None:
    every: dict[str, dict[str, Any]] = {**positions(centres()), **virements(), **savings()}
    every |= {**reserves(), **totals(), "control/cards": control(5, 1, 2)}
    every |= {f"scheme/{each.scheme}": data(each) for each in schemes()}
    every |= {f"cost-centre/{YEAR}/{each.cost_centre}": data(each) for each in centres()}
    for subject, state in every.items():
        shown = told(subject, state)[1]["display"]
        assert shown, subject
        assert all(isinstance(text, str) for text in shown.values())
        assert shown["fresh"] == "Updated 15 November 2026 at 10:00am"


def test_a_position_is_told_in_the_words_of_its_page() -> None:
    subject = f"position/as-is/{YEAR}/general/service/waste-and-recycling"
    made, wire = told(subject, positions(centres())[subject])
    shown = wire["display"]
    assert shown["variance"] == "+£1,230,000"
    assert shown["variance_words"] == "£1.2 million over budget"
    assert (shown["outcome"], shown["outcome_word"]) == ("red", "Red")
    assert shown["period"] == "April to October 2026 (P07)"
    assert made.service == "waste-and-recycling"
    assert Filter(service="waste-and-recycling").wants(made)
    assert not Filter(service="parks").wants(made)


def test_whose_service_a_state_of_money_is() -> None:
    cost_centre = {each.cost_centre: data(each) for each in centres()}
    assert told(f"cost-centre/{YEAR}/P100", cost_centre["P100"])[0].service == "parks"
    assert told(f"cost-centre/{YEAR}/X999", cost_centre["X999"])[0].service is None
    assert told("scheme/depot", data(schemes()[0]))[0].service == "waste-and-recycling"
    subject = f"position/as-is/{YEAR}/general/service/waste%20and"
    assert told(subject, None)[0].service == "waste and"
    assert told(f"position/as-is/{YEAR}/general/directorate/place", None)[0].service is None


@pytest.mark.parametrize(
    ("subject", "state"),
    [
        ("novel/1", {"kind": "novel"}),
        ("position/odd", {"kind": "position"}),
        ("position/as-is/2026-27/general/service/x", {"kind": "position", "period": "seven"}),
        ("cost-centre", {}),
        ("", {}),
    ],
)
def test_an_odd_state_is_told_without_words(subject: str, state: dict[str, Any]) -> None:
    assert not told(subject, state)[1]["display"]
