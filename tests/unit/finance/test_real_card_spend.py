"""A real year of procurement card transactions, to the penny."""

import csv
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.data import real_file
from tests.unit.fed import Fed
from tests.unit.finance.ledgers import CARDS


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    path = real_file("trafford/gpc_transactions_2024-25.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _records(rows: list[dict[str, str]]) -> dict[str, dict[str, Any] | None]:
    found: dict[str, dict[str, Any] | None] = {}
    for number, row in enumerate(rows):
        fields = {
            "unit": row["OrganisationalUnit"],
            "paid": row["PaymentDate"],
            "amount": row["Amount"],
        }
        record = {"dataset": "card-transactions", "key": str(number), "fields": fields}
        found[f"card-transactions/{number}"] = record
    return found


def _pence(amount: str) -> int:
    exact = Decimal(amount) * 100
    assert exact == int(exact)
    return int(exact)


def test_a_real_year_of_card_spend_is_right_to_the_penny(
    finance: Fed, rows: list[dict[str, str]]
) -> None:
    finance.say(CATALOGUE, {"ledger/cards": CARDS})
    finance.say(RECORDS, _records(rows))

    amounts = [_pence(row["Amount"]) for row in rows]
    control = finance.states()["control/cards"]
    assert control["transactions"] == len(rows) == 8_134
    assert control["net_pence"] == sum(amounts) == 215_014_420
    assert control["credits_pence"] == -sum(each for each in amounts if each < 0) == 2_771_702
    assert control["spend_pence"] == sum(each for each in amounts if each > 0)
    assert (control["unplaced"], control["unplaced_pence"]) == (0, 0)

    expected: Counter[tuple[str, str]] = Counter()
    for row, amount in zip(rows, amounts, strict=True):
        expected[row["OrganisationalUnit"], row["PaymentDate"][:7]] += amount
    spend = [state for state in finance.states().values() if state["kind"] == "spend"]
    assert {(each["unit"], each["month"]): each["net_pence"] for each in spend} == expected


def test_a_real_year_taken_back_row_by_row_leaves_nothing(
    finance: Fed, rows: list[dict[str, str]]
) -> None:
    finance.say(CATALOGUE, {"ledger/cards": CARDS})
    records = _records(rows)
    finance.say(RECORDS, records)
    finance.say(RECORDS, dict.fromkeys(records))
    assert finance.states() == {}
