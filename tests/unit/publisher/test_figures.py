"""A figure says what it is, how sure it is, and what it is held against."""

from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from services.publisher.api.query import breakdown
from services.publisher.domain.figures import (
    Figure,
    Stamp,
    decode_value,
    figure,
    opens,
)
from services.publisher.domain.saying import saying
from services.publisher.handlers import place
from shared.catalogue.headline import headline_kind
from shared.catalogue.model import Indicator
from shared.catalogue.periods import parse_period
from shared.contracts.states import IndicatorValue, PeriodState, TargetState
from shared.contracts.subjects import member
from tests.integration.publisher_parcels import state

TODAY = date(2019, 10, 15)


def definition(**more: Any) -> Indicator:
    asked: dict[str, Any] = {"code": "X", "title": "X", "formula": "a", "unit": "count"}
    return Indicator(**(asked | more))


def value(number: str | None = "3", period: str = "2019-09", **more: Any) -> IndicatorValue:
    return decode_value(msgspec.json.encode(state("X", period, number, **more)))


def shown(found: IndicatorValue, **more: Any) -> Figure:
    made = definition(**more)
    return figure(f"X/{found.period.code}", found, made, Stamp("", ""), TODAY, {})


def test_a_provisional_value_is_marked_and_says_until_when() -> None:
    told = shown(value(status="provisional"), final_after_days=30, follow_up_days=10)
    assert told.marks == "(P)"
    assert told.standing == "Provisional (P): it may still change until 9 November 2019."
    final = shown(value(status="final"), final_after_days=3)
    assert (final.marks, final.standing) == ("", "Final.")
    assert shown(value()).standing == ""


def test_a_small_number_is_marked_for_officers() -> None:
    told = shown(value(small=True, status="provisional"), small_numbers_under=5)
    assert told.marks == "(P, S)"
    assert told.small == "Rests on fewer than 5: not for publication"
    assert shown(value()).small == ""


def test_without_a_number_the_reason_stands_in_words() -> None:
    told = shown(value(None, reason="suppressed", status="provisional"))
    assert (told.text, told.marks, told.standing) == ("Suppressed", "", "")
    assert told.why == "The number is held back, since it could tell who people are."
    assert shown(value()).why == ""


@pytest.mark.parametrize(
    ("target", "text", "basis"),
    [
        ({"value": "75"}, "75%", ""),
        ({"value": "66.67", "basis": "even share"}, "66.67%", "(an even share of the year's)"),
        ({"value": "70", "basis": "mean of Neighbours"}, "70%", "(mean of Neighbours)"),
        ({"value": "", "low": "-2", "high": "2"}, "−2% to 2%", ""),
        ({"value": "", "low": None, "high": "2"}, "2% or less", ""),
        (None, "None set", ""),
    ],
)
def test_a_target_is_shown_as_it_was_set_with_where_it_comes_from(
    target: dict[str, Any] | None, text: str, basis: str
) -> None:
    told = shown(value(target=target, unit="percentage"), unit="percentage", precision=1)
    assert (told.target, told.basis) == (text, basis)


def test_a_target_in_pounds_has_no_half_pence() -> None:
    say = saying(definition(unit="money", precision=2), "money")
    assert say.target(TargetState("12.5")) == "£12.50"


def test_the_kind_that_stands_for_an_indicator_is_how_often_it_is_reported() -> None:
    assert headline_kind(definition()) == "quarter"
    assert headline_kind(definition(frequency="month")) == "month"
    assert headline_kind(definition(frequency="month", periods=["quarter"])) == "quarter"
    assert headline_kind(definition(periods=["rolling-12-months"])) == "rolling-12-months"


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("2019-09", "2019-09-01"),
        ("2019-20-Q2", "2019-07-01"),
        ("2019-20-AY", "2019-09-01"),
        ("2019-20-to-09", "2019-09-01"),
        ("2019-to-09", "2019-09-01"),
        ("2019-09-R12", "2019-09-01"),
        ("2019-04-to-2019-09", "2019-09-01"),
        ("2019-20-P3", "2019-04-01"),
        ("2019-P5", "2019-01-01"),
        ("2019-09-05", "2019-09-05"),
    ],
)
def test_a_period_is_shown_from_its_last_month_or_year_on(code: str, day: str) -> None:
    found = parse_period(code)
    told = PeriodState(code, found.kind, found.start.isoformat(), found.end.isoformat())
    assert opens(told) == day


def test_a_crossed_member_is_named_by_its_parts_and_stored_by_its_text() -> None:
    parts = {"ward": "Abbey", "kind": ""}
    crossed = {"field": "ward & kind", "member": "Abbey & ", "parts": parts}
    found = value(breakdown=crossed)
    assert shown(found).member == "Abbey & Not recorded"
    where = place("X/2019-09/ward=Abbey&kind=", found)
    assert (where.field, where.member) == ("ward & kind", "ward=Abbey&kind=")
    single = value(breakdown={"field": "ward", "member": "A & B"})
    assert place("X/2019-09/ward=A%20%26%20B", single).member == "A & B"


@pytest.mark.parametrize(
    "values",
    [["Learning disability"], ["27"], [""], ["A & B"], ["100%"], ["a=b"], ["50%25"], [" edge "],
     ["50% & 20%", "é/ü"], ["North", "Noise Request"], ["x+y", "<i>"]],
)  # fmt: skip
def test_the_address_of_a_member_leads_back_to_it(values: list[str]) -> None:
    fields = ["ward", "kind"][: len(values)]
    made = definition(breakdowns=[" & ".join(fields)])
    spelled = "&".join(member(field, text) for field, text in zip(fields, values, strict=True))
    told = replace(shown(value()), subject=f"X/2019-09/{spelled}")
    asked = parse_qs(urlsplit(told.link).query, keep_blank_values=True)["breakdown"]
    assert breakdown(asked[0], made).text == spelled


def test_the_address_of_a_plain_member_is_encoded_once() -> None:
    told = replace(shown(value()), subject=f"X/2019-09/{member('kind', 'Noise Request')}")
    assert told.link == "/indicators/X/values/2019-09?breakdown=kind%3DNoise%20Request"
