"""The recompute against figures worked out by hand, and against planted mistakes."""

import json
from typing import Any

import pytest

from deploy.verify.compare import verify
from deploy.verify.indicators import Indicators
from deploy.verify.money import finance, risks
from deploy.verify.source import Definitions, Row, records_by_dataset
from tests.unit.verify import a_council

OWNED = a_council.owned()
DEFINITIONS = Definitions(OWNED)
RECORDS = records_by_dataset(OWNED)
FIGURES = Indicators(DEFINITIONS, RECORDS)


def published() -> list[Row]:
    """What a right publisher would hold."""
    rows = []
    for subject in set(FIGURES.expected()):
        state = FIGURES.state(subject)
        assert state is not None
        inputs = {
            name: {"value": None if i.value is None else str(float(i.value)), "records": i.records}
            for name, i in state["measures"].items()
        }
        body = state | {"measures": inputs, "rag": {"outcome": state["rag"], "rule": ""}}
        rows.append(Row("irf.indicators", subject, 1, json.dumps(body).encode()))
    for topic, states in (
        ("irf.finance", finance(DEFINITIONS, RECORDS)),
        ("irf.risks", risks(DEFINITIONS, RECORDS)),
    ):
        rows += [Row(topic, s, 1, json.dumps(body).encode()) for s, body in states.items()]
    return rows


@pytest.mark.parametrize(
    ("subject", "value"),
    [
        ("REC/2025-04", "3"),
        ("REC/2025-05", "2"),
        ("REC/2025-26-Q1", "5"),
        ("REC/2025-26-to-04", "3"),
        ("REC/2025-26-to-05", "5"),
        ("REC/2025-26/ward=Old%20Town", "2"),
        ("REC/2025-26/ward=", "1"),
        ("PCT/2025-04", "33.3"),  # 1, 2 and 4 closed in April; 4 before it was received
        ("PCT/2025-05", "100.0"),
        ("PCT/2025-26", "50.0"),
        ("COST/2025-04", "10.75"),
        ("COST/2025-05", "0.90"),
        ("DAYS/2025-04", "6.5"),
        ("DAYS/2025-26", "4.7"),
        ("OPEN/2025-04", "1"),
        ("EACH/2025-04", "3.58"),
        ("EACH/2025-05", "0.45"),
    ],
)
def test_a_value_is_what_was_worked_out_by_hand(subject: str, value: str) -> None:
    state = FIGURES.state(subject)
    assert state is not None
    assert state["value"] == value
    assert subject in set(FIGURES.expected())


def test_a_year_to_date_and_a_stock_run_to_the_last_month_in_which_anything_happened() -> None:
    expected = set(FIGURES.expected())
    assert not {"REC/2025-26-to-06", "OPEN/2025-06"} & expected
    later = a_council.record(
        "requests",
        "7",
        ref="7",
        received="2025-07-01T09:00:00",
        closed=None,
        ward="Abbey",
        cost="1",
    )
    rows = [*OWNED, later]
    figures = Indicators(Definitions(rows), records_by_dataset(rows))
    assert {"REC/2025-26-to-06", "OPEN/2025-06", "OPEN/2025-07"} <= set(figures.expected())
    state = figures.state("OPEN/2025-06")
    assert state is not None
    assert state["value"] == "1"


def test_a_value_that_its_definition_no_longer_asks_for_must_be_deleted() -> None:
    for subject in ("OPEN/2025-26-Q1", "COST/2025-04/ward=Abbey"):
        kept = Row("irf.indicators", subject, 1, b'{"value": "1"}')
        found = verify(OWNED, [*published(), kept])
        assert [mismatch.subject for mismatch in found.mismatches] == [subject]
        assert verify(OWNED, [*published(), kept._replace(body=None)]).mismatches == []


def test_a_mean_of_nothing_and_a_division_by_zero_are_not_calculable() -> None:
    outcomes = {
        "DAYS/2030-01": "no target",
        "PCT/2030-01": "no data",
        "EACH/2030-01": "information",
    }
    for subject, outcome in outcomes.items():
        state = FIGURES.state(subject)
        assert state is not None
        said = (state["value"], state["reason"], state["rag"])
        assert said == (None, "not calculable", outcome)
    none = FIGURES.state("REC/2030-01")
    assert none is not None
    assert none["value"] == "0"


@pytest.mark.parametrize(
    ("subject", "outcome"),
    [
        ("PCT/2025-04", "red"),
        ("PCT/2025-05", "green"),
        ("DAYS/2025-04", "no target"),
        ("REC/2025-04", "information"),
    ],
)
def test_a_value_is_judged_by_its_target(subject: str, outcome: str) -> None:
    state = FIGURES.state(subject)
    assert state is not None
    assert state["rag"] == outcome


def test_money_is_whole_pence_with_credits_apart() -> None:
    states = finance(DEFINITIONS, RECORDS)
    assert states["spend/cards/Parks%20%26%20Open%20Spaces/2025-04"] == {
        "spend_pence": 1234,
        "credits_pence": 234,
        "net_pence": 1000,
        "transactions": 2,
    }
    assert states["control/cards"]["net_pence"] == 1700
    assert states["control/cards"]["transactions"] == 3


def test_risks_are_scored_and_one_off_the_matrix_is_not() -> None:
    states = risks(DEFINITIONS, RECORDS)
    assert set(states) == {"R%2F1", "R2"}
    assert (states["R%2F1"]["score"], states["R%2F1"]["band"]) == (10, "high")
    assert (states["R2"]["score"], states["R2"]["band"]) == (9, "low")


def test_a_right_publisher_has_no_mismatch() -> None:
    rows = published()
    report = verify(OWNED, rows)
    assert report.mismatches == []
    assert report.compared == len(rows)


def _changed(rows: list[Row], subject: str, change: Any) -> list[Row]:
    def body_of(row: Row) -> bytes | None:
        if row.subject != subject:
            return row.body
        return None if change is None else json.dumps(json.loads(row.body or b"") | change).encode()

    return [row._replace(body=body_of(row)) for row in rows]


@pytest.mark.parametrize(
    ("subject", "change"),
    [
        ("REC/2025-04", {"value": "4"}),
        ("REC/2025-26/ward=Old%20Town", {"value": "1"}),
        ("PCT/2025-04", {"rag": {"outcome": "amber", "rule": ""}}),
        ("PCT/2025-04", {"target": None}),
        ("PCT/2025-04", {"definition": 2}),
        ("DAYS/2025-04", {"measures": {"mean-days": {"value": "6.5", "records": 3}}}),
        ("COST/2025-04", {"measures": {"cost": {"value": "10.76", "records": 2}}}),
        ("REC/2025-04", None),
        ("control/cards", {"net_pence": 1701}),
        ("spend/cards/Libraries/2025-05", None),
        ("R2", {"band": "high"}),
        ("R2", None),
    ],
)
def test_a_planted_mistake_is_found_and_named(subject: str, change: Any) -> None:
    report = verify(OWNED, _changed(published(), subject, change))
    assert [mismatch.subject for mismatch in report.mismatches] == [subject]


def test_a_value_whose_records_have_all_gone_is_still_compared() -> None:
    left = [row for row in OWNED if row.subject != "requests/5"]
    stale = verify(left, published())
    assert "REC/2025-05" in {mismatch.subject for mismatch in stale.mismatches}
    april = verify(left, [row for row in published() if row.subject == "REC/2025-04"])
    assert "REC/2025-04" not in {mismatch.subject for mismatch in april.mismatches}


def test_a_value_that_no_definition_stands_behind_is_a_mismatch_until_it_is_deleted() -> None:
    ghost = Row("irf.indicators", "GHOST/2025-04", 1, b'{"value": "1"}')
    found = verify(OWNED, [*published(), ghost])
    assert [mismatch.subject for mismatch in found.mismatches] == ["GHOST/2025-04"]
    assert verify(OWNED, [*published(), ghost._replace(body=None)]).mismatches == []


def test_what_is_published_without_records_behind_it_must_be_deleted() -> None:
    for topic, subject in (("irf.finance", "spend/cards/Museums/2025-04"), ("irf.risks", "R9")):
        ghost = Row(topic, subject, 1, b"{}")
        assert verify(OWNED, [*published(), ghost._replace(body=None)]).mismatches == []
        found = verify(OWNED, [*published(), ghost])
        assert [mismatch.subject for mismatch in found.mismatches] == [subject]


def test_a_payment_that_no_month_can_take_is_counted_apart() -> None:
    undated = a_council.record("payments", "d", n="d", unit="Libraries", paid=None, amount="5")
    uncut = a_council.record(
        "payments", "e", n="e", unit="Libraries", paid="2025-05-01", amount="0.005"
    )
    rows = [*OWNED, undated, uncut]
    control = finance(Definitions(rows), records_by_dataset(rows))["control/cards"]
    assert (control["unplaced"], control["unplaced_pence"]) == (2, 500)
    assert (control["transactions"], control["net_pence"]) == (3, 1700)


def test_products_are_added_up_to_nine_decimal_places() -> None:
    thirds = a_council.MEASURES[3] | {"code": "thirds", "of": "1 / 3"}
    indicator = {"code": "T", "title": "T", "formula": "thirds", "precision": 9}
    rows = [
        *OWNED,
        a_council.definition("measure", thirds),
        a_council.definition("indicator", indicator),
    ]
    state = Indicators(Definitions(rows), records_by_dataset(rows)).state("T/2025-04")
    assert state is not None
    assert state["value"] == "0.999999999"
