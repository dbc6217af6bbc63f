"""Savings and reserves by hand. Today is 5 January 2026."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from shared.contracts.topics import CATALOGUE, RECORDS
from tests.unit.fed import Fed
from tests.unit.finance.council import ACCOUNTS, SERVICES
from tests.unit.finance.moving import pass_time_to
from tests.unit.finance.programme import CATALOGUE as DEFINED
from tests.unit.finance.programme import record

YEAR = "2025-26"
Json = dict[str, Any]


@pytest.fixture
def council(finance: Fed) -> Fed:
    finance.say(CATALOGUE, dict(DEFINED))
    return finance


def saving(target: str, delivered: str, forecast: str | None = None, **fields: Any) -> Json:
    told = {"reference": "S1", "title": "Fleet", "year": YEAR} | fields
    return record("saving", target=target, delivered=delivered, forecast=forecast, **told)


def reserve(opening: str, **fields: Any) -> Json:
    return record(
        "reserve", opening=opening, **({"reserve": "R1", "name": "Working", "year": YEAR} | fields)
    )


def told(council: Fed, subject: str = f"saving/{YEAR}/S1") -> Json:
    return council.states()[subject]


# Savings


@pytest.mark.parametrize(
    ("amounts", "undeliverable", "stage", "outcome"),
    [
        (("100.00", "100.00", None), 0, "delivered", "green"),
        (("100.00", "120.00", "5.00"), 0, "delivered", "green"),
        (("100.00", "40.00", "60.00"), 0, "on track", "green"),
        (("100.00", "40.00", "59.99"), 1, "at risk", "amber"),
        (("100.00", "40.00", "35.00"), 2500, "at risk", "amber"),
        (("100.00", "40.00", "34.99"), 2501, "undeliverable", "red"),
        (("100.00", "0.00", None), 10000, "undeliverable", "red"),
        (("0.00", "0.00", None), 0, "delivered", "green"),
    ],
)
def test_a_saving_is_delivered_on_track_at_risk_or_undeliverable(
    council: Fed,
    amounts: tuple[str, str, str | None],
    undeliverable: int,
    stage: str,
    outcome: str,
) -> None:
    council.say(RECORDS, saving(*amounts))
    found = told(council)
    assert (found["undeliverable"], found["stage"], found["rag"]["outcome"]) == (
        undeliverable, stage, outcome,
    )  # fmt: skip


def test_a_saving_says_the_rule_and_the_numbers(council: Fed) -> None:
    council.say(RECORDS, saving("1200.00", "40.00", "1060.00"))
    assert told(council)["rag"]["rule"] == (
        "£100.00 of the target of £1,200.00 cannot be delivered: red if that is more than 25% of "
        "it, amber if it is anything"
    )
    council.say(RECORDS, saving("1200.00", "1300.00"))
    assert told(council)["rag"]["rule"] == (
        "£1,300.00 of the target of £1,200.00 is delivered: green from all"
    )


def test_the_councils_own_threshold_judges_a_saving(council: Fed) -> None:
    council.say(RECORDS, saving("100.00", "0.00", "95.00"))
    assert told(council)["stage"] == "at risk"
    council.say(CATALOGUE, {"accounts/council": ACCOUNTS | {"savings": {"red_over": "2.5"}}})
    assert told(council)["stage"] == "undeliverable"
    assert "more than 2.5% of it" in told(council)["rag"]["rule"]


def test_a_saving_of_another_year_leaves_the_first(council: Fed) -> None:
    council.say(RECORDS, saving("1.00", "0.00") | saving("2.00", "0.00", year="2026-27"))
    assert set(council.states()) == {f"saving/{YEAR}/S1", "saving/2026-27/S1"}
    council.say(RECORDS, {f"savings/{YEAR}-S1": None})
    assert set(council.states()) == {"saving/2026-27/S1"}


def test_a_corrected_reference_moves_the_saving(council: Fed) -> None:
    council.say(RECORDS, saving("1.00", "0.00"))
    council.say(RECORDS, record("saving", f"{YEAR}-S1", year=YEAR, reference="S2", target="1.00"))
    assert set(council.states()) == {f"saving/{YEAR}/S2"}


def test_a_saving_is_its_services_and_moves_with_it_on_the_day(
    council: Fed, monkeypatch: pytest.MonkeyPatch
) -> None:
    leaving = {"until": "2026-01", "directorate": "place", "portfolio": "streets"}
    council.say(CATALOGUE, {"service/waste": SERVICES["service/waste"] | {"earlier": [leaving]}})
    council.say(
        RECORDS,
        saving("1.00", "0.00", service="waste", owner="Head", mitigation="None yet")
        | saving("1.00", "0.00", reference="S2", service="waste", portfolio="streets"),
    )
    found = told(council)
    assert (found["directorate"], found["portfolio"]) == ("place", "streets")
    assert (found["owner"], found["mitigation"]) == ("Head", "None yet")
    pass_time_to(monkeypatch, council, 2026, 2, 1)
    assert told(council)["portfolio"] == "neighbourhoods"
    assert told(council, f"saving/{YEAR}/S2")["portfolio"] == "streets"
    assert council.rebuild() == 0


# Reserves


@pytest.mark.parametrize(
    ("fields", "closing", "outcome"),
    [
        ({}, 10000, "information"),
        ({"planned_in": "5.00", "planned_out": "1.50"}, 10350, "information"),
        ({"planned_out": "100.01"}, -1, "red"),
        ({"planned_out": "0.01", "minimum": "100.00"}, 9999, "red"),
        ({"minimum": "100.00"}, 10000, "amber"),
        ({"planned_in": "10.00", "minimum": "100.00"}, 11000, "amber"),
        ({"planned_in": "10.01", "minimum": "100.00"}, 11001, "green"),
        ({"planned_out": "101.00", "minimum": "-5.00"}, -100, "red"),
    ],
)
def test_a_reserve_closes_at_what_is_left_and_is_judged_beside_its_minimum(
    council: Fed, fields: Json, closing: int, outcome: str
) -> None:
    council.say(RECORDS, reserve("100.00", **fields))
    found = told(council, f"reserve/{YEAR}/R1")
    assert (found["closing"], found["rag"]["outcome"]) == (closing, outcome)
    assert f"£{abs(closing) // 100}.{abs(closing) % 100:02}" in found["rag"]["rule"]
    assert ("minimum" in found) is ("minimum" in fields)


def test_a_reserve_says_the_rule_and_the_numbers(council: Fed) -> None:
    council.say(RECORDS, reserve("1000.00", minimum="900.00", fund="general", purpose="General"))
    found = told(council, f"reserve/{YEAR}/R1")
    assert found["rag"]["rule"] == (
        "It would close the year at £1,000.00: red below its minimum of £900.00 or below nought, "
        "amber up to 10% above it"
    )
    assert (found["name"], found["fund"], found["purpose"]) == ("Working", "general", "General")
    council.say(RECORDS, {f"reserves/{YEAR}-R1": None})
    assert council.states() == {}


def test_an_amount_with_part_of_a_penny_counts_as_nought_and_says_so(council: Fed) -> None:
    with capture_logs() as logs:
        council.say(RECORDS, saving("1.005", "0.00") | reserve("1.00", minimum="0.001"))
    assert (told(council)["target"], told(council)["stage"]) == (0, "delivered")
    assert told(council, f"reserve/{YEAR}/R1")["rag"]["outcome"] == "information"
    refused = [line["record"] for line in logs if line["event"] == "amount-refused"]
    assert refused == [f"savings/{YEAR}-S1", f"reserves/{YEAR}-R1"]
