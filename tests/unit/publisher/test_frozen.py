"""A report's hash is of every entry and of their order; what moved since is said exactly."""

import json
from decimal import Decimal
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publisher.domain.figures import decode_value
from services.publisher.domain.frozen import (
    Entry,
    digest_of,
    in_scope,
    is_younger,
    mark_of,
    prefixes,
    quarter_in,
    reported_from,
)
from services.publisher.domain.reported import money_moved, risk_moved, value_moved
from shared.catalogue.model import Indicator
from shared.contracts.finance import Figures
from shared.contracts.judged import RagState
from shared.contracts.risks import Risk
from shared.contracts.topics import FINANCE, RISKS
from shared.review.about import read_quarter
from tests.integration.publisher_sample import Q2, risk, value

QUARTER = read_quarter("2019-20-Q2")
assert QUARTER is not None
text = st.text(st.characters(exclude_categories=["Cs"]))
entries = st.builds(
    Entry,
    topic=text,
    subject=text,
    version=st.integers(1, 10**9),
    time=text,
    body=text.map(str.encode),
)


def by_hand(listed: list[Entry]) -> str:
    """The hash of a listing, by the standard library alone."""
    whole = ""
    for entry in listed:
        line = [entry.topic, entry.subject, entry.version, entry.body.decode()]
        told = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
        whole += sha256(told.encode()).hexdigest() + "\n"
    return sha256(whole.encode()).hexdigest()


@given(st.lists(entries, max_size=6))
def test_the_hash_is_the_one_that_anybody_works_out(listed: list[Entry]) -> None:
    assert digest_of(listed).value() == by_hand(listed)


@given(st.lists(entries, min_size=1, max_size=5), st.data())
def test_no_entry_can_be_changed_dropped_or_moved_without_another_hash(
    listed: list[Entry], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(listed) - 1))
    was = listed[place]
    others = [
        was._replace(topic=was.topic + "x"),
        was._replace(subject=was.subject + "x"),
        was._replace(version=was.version + 1),
        was._replace(body=was.body + b" "),
    ]
    told = digest_of(listed).value()
    for other in others:
        assert digest_of([*listed[:place], other, *listed[place + 1 :]]).value() != told
    assert digest_of([*listed[:place], *listed[place + 1 :]]).value() != told
    if listed[::-1] != listed and any(
        mark_of(a) != mark_of(b) for a, b in zip(listed, listed[::-1], strict=True)
    ):
        assert digest_of(listed[::-1]).value() != told


@pytest.mark.parametrize("topic", [FINANCE, RISKS])
def test_prefixes_are_in_the_order_of_the_listing_and_apart(topic: str) -> None:
    assert QUARTER is not None
    found = prefixes(topic, QUARTER)
    assert list(found) == sorted(found)
    assert not any(a != b and b.startswith(a) for a in found for b in found)


@pytest.mark.parametrize(
    ("subject", "body", "taken"),
    [
        ("spend/cards/Parks/2019-04", {}, True),
        ("spend/cards/Parks/2020-03", {}, True),
        ("spend/cards/Parks/2020-04", {}, False),
        ("spend/cards/Parks/nonsense", {}, False),
        ("virement/V1", {"year": "2019-20"}, True),
        ("virement/V1", {"year": "2018-19"}, False),
        ("reconciliation/batch/B1", {}, False),
        ("challenge/C1", {"period": "2019-20-Q2"}, True),
        ("challenge/C1", {"period": "2019-20-Q1"}, False),
        ("cycle/2019-20-Q2", {}, True),
        ("cycle/2019-20-Q1", {}, False),
        ("risk/R1", {}, True),
    ],
)
def test_what_belongs_to_a_quarter(subject: str, body: dict[str, Any], taken: bool) -> None:
    assert QUARTER is not None
    assert in_scope(subject, json.dumps(body).encode(), QUARTER) is taken


def test_a_report_reaches_back_to_the_same_quarter_a_year_before() -> None:
    assert QUARTER is not None
    assert reported_from(QUARTER) == "2018-07-01"
    assert quarter_in("cycle/2019-20-Q2") == QUARTER
    assert quarter_in("cycle/2019-20") is None
    assert quarter_in("risk/2019-20-Q2") is None


@pytest.mark.parametrize(
    ("born", "frozen", "younger"),
    [
        ("", "2019-11-09T12:00:00+00:00", False),
        ("2019-11-09T12:00:00+00:00", "2019-11-09T12:00:00+00:00", False),
        ("2019-11-09T12:00:01+00:00", "2019-11-09T12:00:00+00:00", True),
        # 11:30 in UTC: the hour of the offset counts.
        ("2019-11-09T12:00:00+00:00", "2019-11-09T12:30:00+01:00", True),
        ("2019-11-09T12:00:00+00:00", "some day", False),
    ],
)
def test_a_store_is_younger_than_a_freeze_by_the_instant(
    born: str, frozen: str, younger: bool
) -> None:
    assert is_younger(born, frozen) is younger


PERCENT = Indicator(code="EP02", title="In time", formula="a", unit="percentage", precision=1)


def said(number: str | None, outcome: str = "red", **more: Any) -> Any:
    return decode_value(msgspec.json.encode(value("EP02", Q2, number, outcome=outcome, **more)))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("71.2", "70.9", "Corrected since: 71.2% now 70.9% (0.3 percentage points lower)"),
        ("71.2", None, "Corrected since: 71.2% now Not calculable"),
        ("66.66", "66.65", "Corrected since: 66.66% now 66.65% (0.01 percentage points lower)"),
        (None, "50", "Corrected since: Not calculable now 50.0%"),
    ],
)
def test_a_value_that_moved_says_both_and_how_far(
    was: str | None, now: str | None, told: str
) -> None:
    found = value_moved(said(was), said(now), PERCENT)
    assert found is not None
    assert found.text == told
    if was and now:
        assert Decimal(found.difference) == Decimal(now) - Decimal(was)


def test_a_value_that_did_not_move_says_nothing() -> None:
    assert value_moved(said("71.2"), said("71.2"), PERCENT) is None
    assert value_moved(said("71.2"), said("71.20"), PERCENT) is None
    judged = value_moved(said("71.2"), said("71.2", "amber"), PERCENT)
    assert judged is not None
    assert judged.text == "Judged otherwise since: now Amber"
    gone = value_moved(said("71.2"), None, PERCENT)
    assert gone is not None
    assert gone.text == "Withdrawn since: it was 71.2%"


def test_money_that_moved_says_which_way() -> None:
    red, green = RagState("red", ""), RagState("green", "")
    was = Figures(variance=60_00)
    assert money_moved((was, red), (Figures(variance=60_00), red)) is None
    for now, told in (
        ((Figures(variance=-5_00), red), "£60 over budget now £5 under budget (£65.00 less)"),
        ((Figures(variance=60_00, actual=1), red), "Corrected since, without another variance"),
        ((was, green), "Judged otherwise since: now Green"),
        (None, "Withdrawn since: it was £60 over budget"),
    ):
        found = money_moved((was, red), now)
        assert found is not None
        assert told in found.text


def test_a_risk_that_moved_says_to_what() -> None:
    def one(score: int, band: str, **more: Any) -> Risk:
        told = risk("R1", 4, 5, score, band, **more)
        return msgspec.convert(told, Risk)

    assert risk_moved(one(20, "very high"), one(20, "very high")) is None
    for now, told in (
        (one(10, "high"), "Since: 20 now 10 (high)"),
        (one(20, "high"), "Since: now high"),
        (one(20, "very high", open=False), "Closed since"),
        (None, "Taken off the register since"),
    ):
        found = risk_moved(one(20, "very high"), now)
        assert found is not None
        assert found.text == told
