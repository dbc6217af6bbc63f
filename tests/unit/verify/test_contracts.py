"""Contracts, intentions and hints of the recompute, by hand."""

from typing import Any

import pytest

from deploy.verify.hints import hints
from deploy.verify.source import Definitions, Json, Row, records_by_dataset
from tests.unit.verify.a_council import definition, record
from tests.unit.verify.small_books import ACCOUNTS, states

# The business day is 15 October 2025.
CONTRACT: Json = {"reference": "C1", "title": "Bins", "start": "2020-04-01", "end": "2030-03-31"}


def contract(accounts: Json = ACCOUNTS, changes: Json | None = None, **rows: Any) -> Json:
    """The contract C1, changed, among these records."""
    named = {name.replace("_", "-"): each for name, each in rows.items()}
    return states(named | {"contract": [CONTRACT | (changes or {})]}, accounts)["contract/C1"]


@pytest.mark.parametrize(
    ("changes", "extensions", "expiry", "last_expiry"),
    [
        ({}, [], "2030-03-31", "2030-03-31"),
        ({"extension_months": "12+6"}, [12, 6], "2030-03-31", "2031-09-30"),
        ({"extension_months": "12 + 6", "extensions_taken": 1}, [12, 6], "2031-03-31",
         "2031-09-30"),
        ({"extension_months": "12+6", "extensions_taken": 2}, [12, 6], "2031-09-30", "2031-09-30"),
        ({"extension_months": "12", "extensions_taken": 3}, [12], "2033-03-31", "2033-03-31"),
        ({"extension_months": "a year", "extensions_taken": 1}, [], "2030-03-31", "2030-03-31"),
        ({"extension_months": "12 + a year"}, [], "2030-03-31", "2030-03-31"),
        ({"extension_months": "2 x 12 months"}, [12, 12], "2030-03-31", "2032-03-31"),
        ({"extension_months": "12", "extensions_taken": 99_999_999}, [12], "", ""),
        ({"end": "2024-02-29", "extension_months": 12, "extensions_taken": 1}, [12], "2025-02-28",
         "2025-02-28"),
        ({"expiry": "2029-01-15", "extension_months": "12"}, [12], "2029-01-15", "2031-03-31"),
        ({"expiry": "2035-01-15"}, [], "2035-01-15", "2035-01-15"),
    ],
)  # fmt: skip
def test_a_contract_expires_with_the_extensions_taken_or_when_its_register_says(
    changes: Json, extensions: list[int], expiry: str, last_expiry: str
) -> None:
    found = contract(changes=changes)
    assert found["extensions"] == extensions
    assert (found["expiry"], found["last_expiry"]) == (expiry, last_expiry)


def test_notice_and_decision_are_months_before_it_expires_or_when_the_register_says() -> None:
    found = contract(changes={"notice_months": 1})
    assert (found["notice_by"], found["decision_by"]) == ("2030-02-28", "2029-03-31")
    found = contract(changes={"decision_by": "2027-01-01"})
    assert (found["notice_by"], found["decision_by"]) == ("", "2027-01-01")
    found = contract(ACCOUNTS | {"contracts": {"decision_months": 6}})
    assert found["decision_by"] == "2029-09-30"


def intends(status: str, decided: str | None = None, reference: str = "I1") -> Json:
    return {"reference": reference, "contract": "C1", "status": status, "decided": decided}


@pytest.mark.parametrize(
    ("changes", "intentions", "stage", "on_horizon"),
    [
        ({"start": "2025-10-16"}, [], "not started", False),
        ({"start": "2025-10-15"}, [], "in force", False),
        ({"end": "2025-10-14"}, [], "expired", False),
        ({"end": "2025-10-15"}, [], "decision overdue", True),
        ({"end": "2026-10-14"}, [], "decision overdue", True),
        ({"end": "2026-10-15"}, [], "decision due", True),
        ({"end": "2027-04-15"}, [], "decision due", True),
        ({"end": "2027-04-16"}, [], "in force", False),
        ({"decision_by": "2025-10-14"}, [], "decision overdue", False),
        ({"end": "2026-10-14"}, [intends("Proposed")], "decision overdue", True),
        ({"end": "2026-10-14"}, [intends("Agreed", "2025-09-01")], "decision due", True),
        ({"end": "2026-10-14"}, [intends("Agreed")], "decision due", True),
        ({"end": "2026-10-14"}, [intends("In procurement")], "decision due", True),
        ({"end": "2026-10-14"}, [intends("Awarded")], "decision due", True),
        ({"end": "2026-10-14"}, [intends("Withdrawn", "2025-09-01")], "decision overdue", True),
        ({"decision_by": "2025-10-14"}, [intends("Awarded")], "in force", False),
    ],
)
def test_a_contract_is_at_the_stage_of_the_business_day(
    changes: Json, intentions: list[Json], stage: str, on_horizon: bool
) -> None:
    found = contract(changes=changes, intention=intentions)
    assert (found["stage"], found["on_horizon"]) == (stage, on_horizon)


def test_what_follows_a_contract_is_the_last_intention_that_is_not_withdrawn() -> None:
    every = [intends("Proposed", reference=name) for name in ("I2", "I1")]
    assert contract(intention=every)["intention"] == "I2"
    assert contract(intention=[*every, intends("Withdrawn", reference="I3")])["intention"] == "I2"
    assert contract()["intention"] == ""


@pytest.mark.parametrize(
    ("value", "named", "short"),
    [
        ("5000000.01", 0, 3),
        ("5000000.01", 2, 1),
        ("5000000.01", 4, 0),
        ("5000000.00", 0, 0),
        (None, 0, 0),
    ],
)
def test_a_large_contract_names_key_performance_indicators(
    value: str | None, named: int, short: int
) -> None:
    kpis = [{"contract": "C1", "indicator": f"I-{number}"} for number in range(named)]
    found = contract(changes={"total_value": value}, contract_kpi=kpis)
    assert found["kpis_short"] == short
    assert found["kpis"] == [each["indicator"] for each in kpis]


PAID: Json = {
    "posting": [
        {"cost_centre": "A", "date": "2025-05-01", "amount": "10.00", "contract": "C1"},
        {"cost_centre": "A", "date": "2025-05-01", "amount": "1.00"},
        {"cost_centre": "A", "date": "2024-05-01", "amount": "-2.00", "contract": "C/9"},
    ],
    "capital-posting": [
        {"scheme": "K", "year": "2024-25", "period": "P13", "amount": "5.00", "contract": "C1"}
    ],
}


def test_what_was_paid_under_a_reference_is_added_up_whether_it_is_registered_or_not() -> None:
    found = states(PAID | {"contract": [CONTRACT]})
    assert found["contract-spend/C1"] == {
        "reference": "C1",
        "spent": 1500,
        "transactions": 2,
        "years": {"2025-26": 1000, "2024-25": 500},
        "registered": True,
        "kpis": [],
        "intentions": {},
    }
    assert found["contract-spend/C%2F9"]["registered"] is False
    assert found["contract-spend/C%2F9"]["years"] == {"2024-25": -200}
    assert (found["contract/C1"]["spent"], found["contract/C1"]["spent_transactions"]) == (1500, 2)
    assert "contract-spend/C1" not in states({"contract": [CONTRACT]})


def test_what_names_a_reference_is_kept_though_nothing_was_paid_and_nobody_registered_it() -> None:
    named = [
        intends("Proposed"),
        intends("Agreed", reference="I2"),
        intends("Withdrawn", reference="I3"),
    ]
    found = states({"contract-kpi": [{"contract": "C1", "indicator": "K1"}], "intention": named})
    assert found["contract-spend/C1"] == {
        "reference": "C1",
        "spent": 0,
        "transactions": 0,
        "years": {},
        "registered": False,
        "kpis": ["K1"],
        "intentions": {"I1": "open", "I2": "decided", "I3": "withdrawn"},
    }


@pytest.mark.parametrize(
    ("changes", "overdue"),
    [
        ({"decision_by": "2025-10-14"}, True),
        ({"decision_by": "2025-10-15"}, False),
        ({}, False),
        ({"decision_by": "2025-10-14", "decided": "2025-10-01"}, False),
        ({"decision_by": "2025-10-14", "status": "Awarded"}, False),
        ({"decision_by": "2025-10-14", "status": "Withdrawn"}, False),
    ],
)
def test_an_intention_is_overdue_when_its_day_has_passed_undecided(
    changes: Json, overdue: bool
) -> None:
    intention = intends("Proposed") | {
        "title": "Again", "option": "Recommission", "value": "1.50", "service": "homes",
        "indicators": "I-1, I-2,", "risks": "R/1",
    } | changes  # fmt: skip
    found = states({"contract": [CONTRACT], "intention": [intention]})["intention/I1"]
    assert found["overdue"] is overdue
    assert (found["contract_expiry"], found["value"]) == ("2030-03-31", 150)
    assert (found["indicators"], found["risks"]) == (["I-1", "I-2"], ["R/1"])
    assert (found["directorate"], found["portfolio"]) == ("people", "housing")


# Hints

LEDGER: Json = {
    "code": "spend", "dataset": "paid", "unit": "unit", "date": "on", "amount": "amount",
    "supplier": "to", "duplicate_days": 10, "split_from": "500", "redacted": ["Redacted  Person"],
}  # fmt: skip


def pay(
    amount: str | None, on: str | None = "2025-05-01", to: str = "Acme Ltd", **more: Any
) -> Json:
    """A payment."""
    return {"unit": "Parks", "on": on, "amount": amount, "to": to} | more


def hinted(payments: list[Json], **changes: Any) -> dict[str, list[list[str]]]:
    """The hints by their kind, each as the numbers of its payments."""
    rows: list[Row] = [
        definition("ledger", LEDGER | changes),
        *(record("paid", str(number), **fields) for number, fields in enumerate(payments)),
    ]
    found = hints(Definitions(rows), records_by_dataset(rows))
    return {
        kind: sorted(sorted(each.removeprefix("paid/") for each in group) for group in groups)
        for (_, kind), groups in found.items()
    }


@pytest.mark.parametrize(
    ("payments", "groups"),
    [
        ([pay("7.00"), pay("7.00", "2025-05-11", " ACME  ltd")], [["0", "1"]]),
        ([pay("7.00"), pay("7.00", "2025-05-12")], []),
        # Each within ten days of the one before, though the first and the last are not.
        ([pay("7.00"), pay("7.00", "2025-05-19"), pay("7.00", "2025-05-10")], [["0", "1", "2"]]),
        (
            [pay("7.00", f"2025-05-{day:02}") for day in (1, 2, 20, 21)],
            [["0", "1"], ["2", "3"]],
        ),
        ([pay("7.00"), pay("7.01")], []),
        ([pay("7.00"), pay("7.00", to="Acme")], []),
        ([pay("-7.00"), pay("-7.00")], []),
        ([pay("0.00"), pay("0.00")], []),
        ([pay("7.00", None), pay("7.00", None)], []),
        ([pay(None), pay(None)], []),
        ([pay("7.00", to=" redacted person"), pay("7.00", to="REDACTED PERSON")], []),
        ([pay("7.00", to=" "), pay("7.00", to=" ")], []),
    ],
)
def test_the_same_amount_to_the_same_supplier_soon_after_may_be_a_duplicate(
    payments: list[Json], groups: list[list[str]]
) -> None:
    assert hinted(payments, split_from=None)["duplicate"] == groups


@pytest.mark.parametrize(
    ("first", "second", "groups"),
    [("N1", "N1", [["0", "1"]]), ("N1", "N2", []), ("N1", None, []), (None, "", [])],
)
def test_where_there_are_invoices_a_duplicate_has_the_same(
    first: str | None, second: str | None, groups: list[list[str]]
) -> None:
    payments = [pay("7.00", invoice=first), pay("7.00", invoice=second)]
    assert hinted(payments, invoice="invoice")["duplicate"] == groups


@pytest.mark.parametrize(
    ("payments", "groups"),
    [
        ([pay("499.99"), pay("0.01")], [["0", "1"]]),
        ([pay("499.98"), pay("0.01")], []),
        ([pay("500.00"), pay("300.00")], []),
        ([pay("500.00"), pay("300.00"), pay("200.00")], [["1", "2"]]),
        ([pay("300.00"), pay("300.00", "2025-05-02")], []),
        ([pay("300.00"), pay("310.00", unit="Roads")], []),
        ([pay("300.00"), pay("310.00", to="Other")], []),
        ([pay("300.00"), pay("310.00"), pay("-200.00")], [["0", "1"]]),
    ],
)
def test_payments_that_stay_below_a_limit_only_one_by_one_may_be_split(
    payments: list[Json], groups: list[list[str]]
) -> None:
    assert hinted(payments)["split"] == groups


def test_more_payments_than_anyone_would_look_at_are_no_hint() -> None:
    alike = [pay("7.00", f"2025-05-{1 + number % 28:02}") for number in range(501)]
    assert hinted(alike, split_from=None)["duplicate"] == []
    assert [len(each) for each in hinted(alike[1:], split_from=None)["duplicate"]] == [500]


def test_a_ledger_without_suppliers_or_a_limit_makes_no_such_hints() -> None:
    twice = [pay("300.00"), pay("300.00")]
    assert hinted(twice, supplier=None) == {}
    assert hinted(twice, split_from=None)["split"] == []
