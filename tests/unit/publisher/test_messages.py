"""A stream event carries the words of the page, also those of figures it is compared with."""

import json
from datetime import date
from typing import Any

import msgspec

from services.publisher.domain.figures import compared_by, compared_with, decode_value
from services.publisher.domain.messages import HeldRow, message, neighbours
from shared.catalogue.model import Catalogue, Indicator
from shared.contracts.topics import FINANCE, INDICATORS, RISKS
from tests.integration.publisher_sample import Q1, Q2, control, risk, value

CATALOGUE = Catalogue(
    indicators={
        "EP02": Indicator(
            code="EP02", title="Closed in time", formula="a", unit="percentage", precision=1,
            polarity="high", service="environmental-health", themes=["living-well"],
        )
    }
)  # fmt: skip
TODAY = date(2019, 8, 1)


def row(topic: str, subject: str, state: dict[str, Any] | None) -> HeldRow:
    body = None if state is None else msgspec.json.encode(state)
    return HeldRow(topic, subject, 7, body, "2019-08-01T10:00:00.000+00:00", "batch-9",
                   "2019-08-01T09:00:00.000+00:00", 41)  # fmt: skip


def read(found: HeldRow, **known: dict[str, Any]) -> dict[str, Any]:
    values = {subject: decode_value(msgspec.json.encode(each)) for subject, each in known.items()}
    made = message(found, "0123abcd", CATALOGUE, TODAY, values)
    identity, kind, data, *rest = made.wire.decode().split("\n")
    assert (identity, rest) == ("id: 0123abcd-41", ["", ""])
    assert kind == f"event: {made.kind}"
    answer: dict[str, Any] = json.loads(data.removeprefix("data: "))
    return answer


def test_an_event_carries_the_state_and_its_words() -> None:
    judged: dict[str, Any] = {"target": "75", "outcome": "red", "rule": "red: too low"}
    event = read(
        row(INDICATORS, "EP02/2019-20-Q2", value("EP02", Q2, "66.66", **judged)),
        **{"EP02/2019-20-Q1": value("EP02", Q1, "81.3")},
    )
    assert event["version"] == 7
    assert event["correlation"] == "batch-9"
    assert event["data"]["value"] == "66.66"
    shown = event["display"]
    assert shown["value"] == "66.7%"
    assert shown["period"] == "July to September 2019 so far"
    assert shown["target"] == "75%"
    assert (shown["outcome"], shown["outcome_word"], shown["rule"]) == (
        "red",
        "Red",
        "Red: too low",
    )
    assert shown["fresh"] == "Updated 1 August 2019 at 10:00am"
    assert shown["previous"] == (
        "Down 14.6 percentage points since April to June 2019, getting worse"
    )
    assert shown["link"] == "/indicators/EP02/values/2019-20-Q2"
    assert shown["announce"] == ("Closed in time, July to September 2019 so far: 66.7%, Red")


def test_a_corrected_quarter_also_tells_the_trend_of_the_quarter_after_it() -> None:
    corrected = row(INDICATORS, "EP02/2019-20-Q1", value("EP02", Q1, "60"))
    event = read(corrected, **{"EP02/2019-20-Q2": value("EP02", Q2, "66.66")})
    assert event["also"] == {
        "EP02/2019-20-Q2": {
            "previous": "Up 6.7 percentage points since April to June 2019, getting better",
            "previous_way": "up",
        }
    }


def test_a_member_of_a_breakdown_needs_no_neighbours() -> None:
    found = row(
        INDICATORS, "EP02/2019-20-Q2/ward=27", value("EP02", Q2, "50", member=("ward", "27"))
    )
    assert neighbours([found]) == set()
    shown = read(found)["display"]
    assert shown["value"] == "50.0%"
    assert "previous" not in shown
    assert shown["link"] == "/indicators/EP02/values/2019-20-Q2?breakdown=ward%3D27"


def test_a_figure_that_is_gone_says_so() -> None:
    event = read(row(INDICATORS, "EP02/2019-20-Q2", None))
    assert event["data"] is None
    assert event["display"] is None


def test_money_and_risks_come_with_their_words() -> None:
    money = read(row(FINANCE, "control/cards", control(150_000_00, 0, 3)))
    assert money["display"]["net"] == "£150,000.00"
    scored = read(row(RISKS, "risk/R1", risk("R1", 4, 5, 20, "very high")))
    assert scored["display"]["band"] == "Very high"
    assert scored["display"]["announce"] == "The risk R1: score 20, Very high"


def test_a_message_knows_its_service_and_themes() -> None:
    made = message(
        row(INDICATORS, "EP02/2019-20-Q1", value("EP02", Q1, "1")), "0123abcd", CATALOGUE, TODAY, {}
    )
    assert (made.service, made.themes) == (
        "environmental-health",
        frozenset(["living-well"]),
    )
    risky = message(
        row(RISKS, "risk/R1", risk("R1", 1, 1, 1, "low")), "0123abcd", CATALOGUE, TODAY, {}
    )
    assert risky.service == "environmental-health"


def test_text_in_a_state_cannot_start_another_event() -> None:
    nasty = risk("R1", 1, 1, 1, "low") | {"title": "x\n\nevent: resync\ndata: {}\u2028\r\n\r\n"}
    made = message(row(RISKS, "risk/R1", nasty), "0123abcd", CATALOGUE, TODAY, {})
    assert made.wire.count(b"\n") == 4
    assert b"\r" not in made.wire


def test_periods_compare_both_ways() -> None:
    assert compared_with("EP02/2019-20-Q1") == ["EP02/2018-19-Q4", "EP02/2018-19-Q1"]
    assert compared_by("EP02/2018-19-Q4") == ["EP02/2019-20-Q1", "EP02/2019-20-Q4"]
    assert compared_by("EP02/2019-12") == ["EP02/2020-01", "EP02/2020-12"]
    assert compared_by("EP02/2019-20-to-12") == ["EP02/2019-20-to-01", "EP02/2020-21-to-12"]
    assert compared_with("EP02/nonsense") == compared_by("EP02/nonsense") == []
