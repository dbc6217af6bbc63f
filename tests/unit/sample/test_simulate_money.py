"""What happens to the council's money in a day, change by change."""

from collections import defaultdict
from collections.abc import Sequence
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

from deploy.sample.areas import capital, contracts, ledger
from deploy.sample.changes import Change
from deploy.sample.generate import records
from deploy.sample.made import Fields, Record
from deploy.sample.simulate import Simulator

NOW = datetime(2026, 3, 1, 14, 5, 6)
END = date(2026, 2, 28)
Data = dict[str, Any]


@cache
def the_sample() -> list[Record]:
    return list(records(END))


def held(dataset: str) -> list[Fields]:
    """The dataset's records as they were before the day began."""
    return [each.fields for each in the_sample() if each.dataset == dataset]


@cache
def simulated(changes: int = 4_000) -> Sequence[Change]:
    simulator = Simulator(deepcopy(the_sample()), Random("money"), lambda: NOW, "m")
    found = []
    for _ in range(changes):
        found.append(simulator.next_change())
        # What a run does for each change that it sends.
        simulator._made += 1
    return found


def sent(dataset: str) -> list[Data]:
    return [
        item["data"]
        for change in simulated()
        if change.dataset == dataset
        for item in change.items
        if "data" in item
    ]


def test_a_control_total_follows_every_late_posting_and_agrees_with_it() -> None:
    late = [each for each in sent(ledger.POSTINGS) if each["period"] == "202511"]
    assert len(late) > 20
    assert {each["date"] for each in late} == {"01/03/2026"}
    before = next(each for each in held(ledger.TOTALS) if each["reference"] == "P252611")
    stated = [each for each in sent(ledger.TOTALS) if each["reference"] == "P252611"]
    count = stated[-1]["transactions"] - before["transactions"]
    assert len(late) >= count > 20
    added = sum(Decimal(each["amount"]) for each in late[:count])
    assert Decimal(stated[-1]["amount"]) == before["amount"] + added


def test_an_order_that_is_paid_is_open_no_more_and_is_posted() -> None:
    open_orders = {each["order"]: str(each["amount"]) for each in held(ledger.ORDERS)}
    paid: list[str] = []
    for change in simulated():
        if change.dataset != ledger.ORDERS:
            continue
        for item in change.items:
            if item.get("deleted"):
                paid.append(open_orders.pop(item["key"]))
            else:
                assert item["data"]["order"] not in open_orders
                open_orders[item["data"]["order"]] = item["data"]["amount"]
    assert len(paid) > 40
    assert len(open_orders) >= 19
    posted = {each["amount"] for each in sent(ledger.POSTINGS)}
    # The newest may still be about to be posted.
    assert set(paid[:40]) <= posted


def test_a_virement_is_proposed_whole_then_approved_whole_with_its_decision() -> None:
    stages: defaultdict[str, list[str]] = defaultdict(list)
    for change in simulated():
        if change.dataset != ledger.VIREMENTS:
            continue
        lines = [item["data"] for item in change.items]
        assert len(lines) >= 2
        assert sum(Decimal(each["amount"]) for each in lines) == 0
        (reference,) = {each["reference"] for each in lines}
        (status,) = {each["status"] for each in lines}
        assert all(bool(each["decision"]) == (status == "Approved") for each in lines)
        stages[reference].append(status)
    assert ["Proposed", "Approved"] in stages.values()
    # Those that were waiting when the day began are approved too.
    assert ["Approved"] in stages.values()
    assert all(len(each) <= 2 for each in stages.values())


def test_a_forecast_that_is_revised_says_why() -> None:
    revised = sent(ledger.FORECASTS)
    assert len(revised) > 50
    assert all(each["reason"] for each in revised)
    assert {(each["year"], each["period"]) for each in revised} == {("2025-26", "P09")}


def test_a_saving_that_delivers_more_has_less_to_come_and_never_more_than_its_target() -> None:
    delivered = {each["reference"]: each["delivered"] for each in held(ledger.SAVINGS)}
    assert sent(ledger.SAVINGS)
    for each in sent(ledger.SAVINGS):
        assert Decimal(each["delivered"]) > delivered[each["reference"]]
        assert Decimal(each["forecast"]) >= 0
        assert Decimal(each["delivered"]) + Decimal(each["forecast"]) <= Decimal(each["target"])
        delivered[each["reference"]] = Decimal(each["delivered"])


def test_a_milestone_is_reached_once_and_a_contract_extended_by_what_it_allows() -> None:
    reached = [(each["scheme"], each["milestone"]) for each in sent(capital.MILESTONES)]
    assert reached
    assert len(set(reached)) == len(reached)
    assert all(each["achieved"] == "01/03/2026" for each in sent(capital.MILESTONES))
    extended = sent(contracts.REGISTER)
    assert extended
    for each in extended:
        allowed = [int(months) for months in each["extension_months"].split("+")]
        taken = allowed[: each["extensions_taken"]]
        end = datetime.strptime(each["end"], "%d/%m/%Y")  # noqa: DTZ007 - a day
        expiry = datetime.strptime(each["expiry"], "%d/%m/%Y")  # noqa: DTZ007 - a day
        months = (expiry.year - end.year) * 12 + expiry.month - end.month
        assert months == sum(taken) > 0


def test_payments_under_contracts_name_them_and_schemes_are_spent_on() -> None:
    under = [each for each in sent(ledger.POSTINGS) if each["contract"]]
    assert len(under) > 50
    assert all(each["supplier"] for each in under)
    assert {each["period"] for each in sent(capital.POSTINGS)} == {"202512"}


def test_no_two_postings_share_a_number() -> None:
    numbers = [each["transaction"] for each in sent(ledger.POSTINGS)]
    numbers += [each["transaction"] for each in held(ledger.POSTINGS)]
    assert len(set(numbers)) == len(numbers)
