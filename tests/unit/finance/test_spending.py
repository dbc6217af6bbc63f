"""Amounts become exact pence or are refused; totals move and move back without a trace."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.finance.domain.spending import (
    Place,
    Totals,
    Transaction,
    places,
    state,
    transaction,
)
from shared.accounts.money import NotPence, pence
from shared.catalogue.model import Ledger
from shared.contracts.states import Control, Spend

CARDS = Ledger(code="cards", dataset="card-transactions", unit="unit", date="paid", amount="amount")


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("0", 0),
        ("0.00", 0),
        ("-0.00", 0),
        ("313.4", 31_340),
        ("313.40", 31_340),
        ("-27717.02", -2_771_702),
        ("0.07", 7),
        ("-0.07", -7),
        ("5.1000", 510),
        ("1.10", 110),  # 1.10 * 100 is 110.00000000000001 as a float
        ("999999999999.99", 99_999_999_999_999),
        (4, 400),
        (-4, -400),
    ],
)
def test_an_amount_in_pounds_is_whole_pence(amount: str | int, expected: int) -> None:
    assert pence(amount) == expected


@pytest.mark.parametrize(
    "amount",
    [
        "0.005", "1.001", "NaN", "Infinity", "-Infinity", "1e3", "", " 1", "1 ", "£1", "1,000.00",
        "(5.00)", "5.00-", "+5", ".5", "5.", "--5", "1000000000000", "٣", "1_000", True, 1.1,
        None, [], {"amount": "1"},
    ],
)  # fmt: skip
def test_what_is_not_whole_pence_is_refused_and_never_rounded(amount: Any) -> None:
    with pytest.raises(NotPence):
        pence(amount)


@given(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1))
def test_every_number_of_pence_survives_being_written_in_pounds(exact: int) -> None:
    assert pence(str(Decimal(exact).scaleb(-2).quantize(Decimal("0.01")))) == exact


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"unit": "Parks", "paid": "2025-03-28", "amount": "12.50"},
            Transaction("Parks", "2025-03", 1_250),
        ),
        (
            {"unit": "Parks", "paid": "2025-03-28T23:59:59", "amount": "-1"},
            Transaction("Parks", "2025-03", -100),
        ),
        ({"unit": None, "paid": "2025-03-28", "amount": "1"}, Transaction("", "2025-03", 100)),
        ({"unit": "Parks", "paid": None, "amount": "1"}, Transaction("Parks", "", 100)),
        ({"unit": "Parks", "amount": "1"}, Transaction("Parks", "", 100)),
        ({"unit": "Parks", "paid": "28/03/2025", "amount": "1"}, Transaction("Parks", "", 100)),
        ({"unit": "Parks", "paid": "2025-13-01", "amount": "1"}, Transaction("Parks", "", 100)),
        ({"unit": "Parks", "paid": "2025-03-28", "amount": None}, Transaction("Parks", "", 0)),
    ],
)
def test_a_record_is_read_as_a_transaction(fields: dict[str, Any], expected: Transaction) -> None:
    assert transaction(CARDS, fields) == expected


def test_an_amount_with_a_fraction_of_a_penny_is_in_no_month_and_says_why() -> None:
    found = transaction(CARDS, {"unit": "Parks", "paid": "2025-03-28", "amount": "1.005"})
    assert (found.month, found.pence) == ("", 0)
    assert "1.005" in found.refused


def test_spend_and_credits_are_kept_apart_and_net_is_their_difference() -> None:
    totals = Totals()
    for amount in (1_000, 250, -300, 0):
        totals.count(Transaction("Parks", "2025-03", amount), 1)
    assert state(Place("cards", "Parks", "2025-03"), totals) == Spend(
        ledger="cards",
        unit="Parks",
        month="2025-03",
        spend_pence=1_250,
        credits_pence=300,
        net_pence=950,
        transactions=4,
    )


def test_the_control_total_shows_what_no_month_could_take() -> None:
    totals = Totals()
    totals.count(Transaction("Parks", "2025-03", 1_000), 1)
    totals.count(Transaction("Parks", "", -250), 1)
    totals.count(Transaction("Parks", "", 0, "no amount"), 1)
    assert state(Place("cards"), totals) == Control(
        ledger="cards",
        transactions=1,
        spend_pence=1_000,
        credits_pence=0,
        net_pence=1_000,
        unplaced=2,
        unplaced_pence=-250,
    )


def test_no_transaction_is_no_state_but_one_of_nothing_is() -> None:
    totals = Totals()
    assert state(Place("cards", "Parks", "2025-03"), totals) is None
    totals.count(Transaction("Parks", "2025-03", 0), 1)
    found = state(Place("cards", "Parks", "2025-03"), totals)
    assert found is not None
    assert (found.transactions, found.net_pence) == (1, 0)


def test_a_unit_of_any_spelling_is_one_part_of_the_subject() -> None:
    found = Transaction("Street/Scene & 'Öffnung'=1", "2025-03", 1)
    control, month = places("cards", found)
    assert control.subject == "control/cards"
    assert month.subject == "spend/cards/Street%2FScene%20%26%20%27%C3%96ffnung%27%3D1/2025-03"


transactions = st.builds(
    Transaction,
    st.sampled_from(["Parks", "Libraries", ""]),
    st.sampled_from(["2025-03", "2025-04", ""]),
    st.integers(min_value=-(10**9), max_value=10**9),
)


@given(st.lists(transactions), st.lists(transactions), st.randoms(use_true_random=False))
def test_what_is_taken_away_again_leaves_no_trace(
    kept: list[Transaction], taken: list[Transaction], chance: random.Random
) -> None:
    moves = [(each, 1) for each in (*kept, *taken)] + [(each, -1) for each in taken]
    chance.shuffle(moves)
    moved, plain = Totals(), Totals()
    for each, times in moves:
        moved.count(each, times)
    for each in kept:
        plain.count(each, 1)
    assert moved == plain
