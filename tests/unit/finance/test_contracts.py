"""Contracts and commissioning intentions, each rule by hand. The business day is 5 January 2026."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.finance.domain.contracts import extensions
from shared.accounts.terms import months_on, months_taken
from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed, StoppedClock
from tests.unit.finance.council import ACCOUNTS
from tests.unit.finance.register import CATALOGUE as DEFINED
from tests.unit.finance.register import contract, intention, payment, record

Json = dict[str, Any]


def told(finance: Fed, *records: dict[str, Json]) -> dict[str, Json]:
    """The states after these records came, each in a batch of its own."""
    if not finance.owned():
        finance.say(CATALOGUE, dict(DEFINED))
    for each in records:
        finance.say(RECORDS, dict(each))
    return finance.states()


# Days


@pytest.mark.parametrize(
    ("day", "months", "moved"),
    [
        ("2030-03-31", 12, "2031-03-31"),
        ("2030-03-31", -1, "2030-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-02-28", 12, "2026-02-28"),
        ("2027-02-28", 12, "2028-02-29"),
        ("2026-01-30", 1, "2026-02-27"),
        ("2026-01-15", 6, "2026-07-15"),
        ("9999-12-31", 0, "9999-12-31"),
        ("9999-12-31", 12, ""),
        ("2026-01-15", 999_999, ""),
        ("", 12, ""),
        ("soon", 12, ""),
    ],
)
def test_months_are_counted_from_the_day_after_a_last_day(
    day: str, months: int, moved: str
) -> None:
    assert months_on(day, months) == moved


@pytest.mark.parametrize(("taken", "months"), [(0, 0), (1, 12), (2, 18), (3, 24), (5, 36)])
def test_of_more_extensions_than_are_listed_each_is_the_last(taken: int, months: int) -> None:
    assert months_taken([12, 6], taken) == months
    assert months_taken([], taken) == 0


@pytest.mark.parametrize(
    ("listed", "months"),
    [
        ("12", [12]),
        ("12+12", [12, 12]),
        (" 24 + 12 ", [24, 12]),
        ("2 x 12", [12, 12]),
        ("2x12 months", [12, 12]),
        ("2 × 12 + 6", [12, 12, 6]),
        ("0", []),
        ("", []),
        ("a year", []),
        ("12 + a year", []),
        ("-12", []),
        ("12.5", []),
        ("99999999999", []),
        ("99 x 12", []),
        ("١٢", []),
    ],
)
def test_extensions_are_read_in_turn_and_one_that_cannot_be_read_allows_none(
    listed: str, months: list[int]
) -> None:
    assert extensions(listed) == months


@pytest.mark.parametrize(
    ("fields", "expiry", "last_expiry"),
    [
        ({}, "2030-03-31", "2030-03-31"),
        ({"extension_months": "12+6"}, "2030-03-31", "2031-09-30"),
        ({"extension_months": "12+6", "extensions_taken": 1}, "2031-03-31", "2031-09-30"),
        ({"extension_months": "12+6", "extensions_taken": 4}, "2032-09-30", "2032-09-30"),
        ({"extension_months": "12", "extensions_taken": -1}, "2030-03-31", "2031-03-31"),
        ({"extension_months": "some", "extensions_taken": 2}, "2030-03-31", "2030-03-31"),
        ({"expiry": "2029-01-15", "extension_months": "12"}, "2029-01-15", "2031-03-31"),
        ({"expiry": "2035-01-15"}, "2035-01-15", "2035-01-15"),
        ({"extension_months": "999", "extensions_taken": 99_999}, "", ""),
    ],
)
def test_a_contract_expires_with_the_extensions_taken_or_when_the_register_says(
    finance: Fed, fields: Json, expiry: str, last_expiry: str
) -> None:
    found = told(finance, contract(**fields))["contract/C1"]
    assert (found["expiry"], found["last_expiry"]) == (expiry, last_expiry)
    assert found.get("expiry_set", False) is ("expiry" in fields)


def test_notice_and_decision_are_months_before_it_expires_or_when_the_register_says(
    finance: Fed,
) -> None:
    found = told(finance, contract(notice_months=1))["contract/C1"]
    assert (found["notice_by"], found["decision_by"]) == ("2030-02-28", "2029-03-31")
    found = told(finance, contract(decision_by="2027-01-01"))["contract/C1"]
    assert found["decision_by"] == "2027-01-01"
    assert found["decision_set"] is True
    assert "notice_by" not in found


def test_a_rule_of_the_accounts_that_changes_moves_every_contract(finance: Fed) -> None:
    told(finance, contract())
    accounts = ACCOUNTS | {"contracts": {"decision_months": 6, "horizon_months": 60}}
    finance.say(CATALOGUE, {"accounts/council": accounts})
    found = finance.states()["contract/C1"]
    assert (found["decision_by"], found["stage"]) == ("2029-09-30", "decision due")


# Stages


@pytest.mark.parametrize(
    ("fields", "following", "stage", "on_horizon"),
    [
        ({"start": "2026-01-06"}, [], "not started", False),
        ({"start": "2026-01-05"}, [], "in force", False),
        ({"end": "2026-01-04"}, [], "expired", False),
        ({"end": "2026-01-05"}, [], "decision overdue", True),
        ({"end": "2027-01-04"}, [], "decision overdue", True),
        ({"end": "2027-01-05"}, [], "decision due", True),
        ({"end": "2027-07-05"}, [], "decision due", True),
        ({"end": "2027-07-06"}, [], "in force", False),
        ({"decision_by": "2026-01-04"}, [], "decision overdue", False),
        ({"decision_by": "2026-01-04"}, [{"status": "Proposed"}], "decision overdue", False),
        ({"decision_by": "2026-01-04"}, [{"status": "Agreed"}], "in force", False),
        ({"decision_by": "2026-01-04"}, [{"status": "In procurement"}], "in force", False),
        ({"decision_by": "2026-01-04"}, [{"decided": "2025-12-01"}], "in force", False),
        (
            {"decision_by": "2026-01-04"},
            [{"status": "Withdrawn", "decided": "2025-12-01"}],
            "decision overdue",
            False,
        ),
        (
            {"decision_by": "2026-01-04"},
            [{"status": "Awarded"}, {"status": "Proposed"}],
            "in force",
            False,
        ),
        ({"end": "2026-06-30"}, [{"status": "Agreed"}], "decision due", True),
    ],
)
def test_a_contract_is_at_the_stage_of_the_business_day(
    finance: Fed, fields: Json, following: list[Json], stage: str, on_horizon: bool
) -> None:
    intentions = [intention(f"I{number}", **each) for number, each in enumerate(following)]
    found = told(finance, *intentions, contract(**fields))["contract/C1"]
    assert (found["stage"], found["on_horizon"]) == (stage, on_horizon)


def test_stages_and_overdue_decisions_move_with_the_day(
    finance: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = told(
        finance,
        contract(end="2027-01-31", service="parks"),
        intention(decision_by="2026-01-31", service="parks"),
    )
    assert before["contract/C1"]["stage"] == "decision due"
    assert before["intention/I1"]["overdue"] is False
    monkeypatch.setattr(StoppedClock, "now", lambda _: datetime(2026, 2, 1, 9, tzinfo=UTC))
    handlers: Any = finance.handlers
    finance.store.write_now(lambda tx: finance.inbox._outbox.say(tx, handlers.pass_time(tx)))
    after = finance.states()
    assert after["contract/C1"]["stage"] == "decision overdue"
    assert after["intention/I1"]["overdue"] is True
    assert finance.rebuild() == 0


# What is known under a reference


def test_payments_are_added_up_by_year_whether_the_register_knows_the_reference_or_not(
    finance: Fed,
) -> None:
    found = told(
        finance,
        payment("1", "10.00"),
        payment("2", "2.50", year="2024-25", period="P13"),
        payment("3", "-1.00", contract="X/9"),
        payment("4", "7.00", contract=None),
        record("capital-posting", "1", scheme="S", amount="5.00", date="2025-05-01", contract="C1"),
    )
    assert found["contract-spend/C1"] == {
        "kind": "contract-spend",
        "reference": "C1",
        "spent": 1750,
        "transactions": 3,
        "years": {"2024-25": 250, "2025-26": 1500},
        "registered": False,
    }
    assert found["contract-spend/X%2F9"]["spent"] == -100
    found = told(finance, contract())
    assert found["contract-spend/C1"]["registered"] is True
    assert found["contract/C1"]["spent"] == 1750
    assert found["contract/C1"]["spent_transactions"] == 3


def test_a_payment_that_is_corrected_or_deleted_moves_its_contract(finance: Fed) -> None:
    told(finance, contract(), payment("1", "10.00"), payment("2", "4.00"))
    found = told(finance, payment("1", "12.00", contract="C2"))
    assert found["contract/C1"]["spent"] == 400
    assert found["contract-spend/C2"]["spent"] == 1200
    finance.say(RECORDS, {"postings/1": None, "postings/2": None})
    found = finance.states()
    assert "contract-spend/C1" not in found
    assert "contract-spend/C2" not in found
    assert found["contract/C1"]["spent"] == 0


@pytest.mark.parametrize(
    ("value", "named", "short"),
    [("5000000.01", 0, 3), ("5000000.01", 2, 1), ("5000000.01", 4, 0), ("5000000.00", 0, 0),
     (None, 0, 0)],
)  # fmt: skip
def test_a_contract_over_a_limit_names_three_indicators_whichever_comes_first(
    finance: Fed, value: str | None, named: int, short: int
) -> None:
    kpis = [record("contract-kpi", f"{n}", contract="C1", indicator=f"K{n}") for n in range(named)]
    found = told(finance, *kpis, contract(total_value=value))["contract/C1"]
    assert found.get("kpis_short", 0) == short
    assert [each["indicator"] for each in found.get("kpis", {}).values()] == [
        f"K{n}" for n in range(named)
    ]


def test_of_several_records_with_a_reference_the_last_holds_until_it_goes(finance: Fed) -> None:
    first, last = contract("a", reference="C1"), contract("b", reference="C1", title="New bins")
    found = told(finance, last, first)["contract/C1"]
    assert (found["title"], found["records"]) == ("New bins", ["contracts/a", "contracts/b"])
    finance.say(RECORDS, {"contracts/b": None})
    assert finance.states()["contract/C1"]["title"] == "Bins"
    told(finance, contract("a", reference="C2"))
    assert "contract/C1" not in finance.states()
    assert "contract/C2" in finance.states()


def test_an_amount_with_part_of_a_penny_is_not_known(finance: Fed) -> None:
    found = told(finance, contract(total_value="0.005", annual_value="1.50"))["contract/C1"]
    assert "total_value" not in found
    assert found["annual_value"] == 150


# Intentions


def test_what_follows_a_contract_is_the_last_intention_that_is_not_withdrawn(finance: Fed) -> None:
    found = told(finance, intention("I2"), intention("I1"), contract())
    assert found["contract/C1"]["intention"] == "I2"
    assert found["intention/I1"]["contract_expiry"] == "2030-03-31"
    found = told(finance, intention("I2", status="Withdrawn"))
    assert found["contract/C1"]["intention"] == "I1"
    found = told(finance, intention("I1", contract="C2"))
    assert "intention" not in found["contract/C1"]
    assert "contract_expiry" not in found["intention/I1"]
    assert found["contract-spend/C2"]["intentions"] == {"I1": "open"}
    finance.say(RECORDS, {"intentions/I1": None})
    assert "contract-spend/C2" not in finance.states()


def test_an_intention_learns_when_its_contract_expires_however_that_moves(finance: Fed) -> None:
    told(finance, contract(), intention())
    found = told(finance, contract(extension_months="12", extensions_taken=1))
    assert found["intention/I1"]["contract_expiry"] == "2031-03-31"
    finance.say(RECORDS, {"contracts/C1": None})
    assert "contract_expiry" not in finance.states()["intention/I1"]


@pytest.mark.parametrize(
    ("fields", "overdue"),
    [
        ({"decision_by": "2026-01-04"}, True),
        ({"decision_by": "2026-01-05"}, False),
        ({}, False),
        ({"decision_by": "2026-01-04", "decided": "2025-12-01"}, False),
        ({"decision_by": "2026-01-04", "status": "Agreed"}, False),
        ({"decision_by": "2026-01-04", "status": "Withdrawn"}, False),
    ],
)
def test_an_intention_is_overdue_while_it_is_only_proposed(
    finance: Fed, fields: Json, overdue: bool
) -> None:
    assert told(finance, intention(**fields))["intention/I1"]["overdue"] is overdue


def test_an_intention_names_indicators_and_risks_and_stands_where_its_service_does(
    finance: Fed,
) -> None:
    told(finance, intention(indicators=" K1, K2,,", risks="R/1", service="parks", value="12.30"))
    found = finance.states()["intention/I1"]
    assert (found["indicators"], found["risks"]) == (["K1", "K2"], ["R/1"])
    assert (found["directorate"], found["portfolio"]) == ("communities", "nature")
    assert found["value"] == 1230
