"""The recompute against figures worked out by hand, and against planted mistakes."""

import json
from datetime import date
from typing import Any

import pytest

from deploy.verify.compare import verify
from deploy.verify.indicators import Indicators
from deploy.verify.money import finance
from deploy.verify.numbers import plain
from deploy.verify.prompts import Around
from deploy.verify.registers import register_states
from deploy.verify.source import Definitions, Json, Row, london_today, records_by_dataset
from tests.unit.verify import a_council, small
from tests.unit.verify.small_registers import as_published

OWNED = a_council.owned()
DEFINITIONS = Definitions(OWNED)
RECORDS = records_by_dataset(OWNED)
TODAY = date(2025, 7, 10)
FIGURES = Indicators(DEFINITIONS, RECORDS, TODAY)


def right(figures: Indicators) -> list[Row]:
    """The indicators that a right publisher would hold."""
    rows = []
    for subject in set(figures.expected()):
        state = figures.state(subject)
        assert state is not None
        inputs = {
            name: {
                "value": None if each.value is None else plain(each.value),
                "records": each.records,
                "definition": each.definition,
            }
            for name, each in state["measures"].items()
        }
        body = state | {"measures": inputs, "rag": state["rag"] | {"rule": ""}}
        rows.append(Row("irf.indicators", subject, 1, json.dumps(body).encode()))
    return rows


def registers(figures: Indicators, today: date) -> dict[str, Json]:
    """The recompute of risks, in this council without budgets or contracts."""
    return register_states(DEFINITIONS, RECORDS, today, Around(figures.newest, {}, {}))


def published(today: date | None = None) -> list[Row]:
    """What a right publisher would hold on a day, such as this one."""
    day = today or london_today()
    figures = Indicators(DEFINITIONS, RECORDS, day)
    rows = right(figures)
    for topic, states in (
        ("irf.finance", finance(DEFINITIONS, RECORDS)),
        ("irf.risks", as_published(registers(figures, day))),
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
    assert small.value(FIGURES, subject) == (value, None)
    assert subject in set(FIGURES.expected())


def test_what_runs_on_runs_to_this_month_and_blocks_are_given_once_begun() -> None:
    expected = set(FIGURES.expected())
    assert {"REC/2025-07", "REC/2025-26-to-07", "REC/2025-26-Q2", "OPEN/2025-07"} <= expected
    assert not {"REC/2025-08", "REC/2025-26-to-08", "REC/2025-26-Q3", "OPEN/2025-08"} & expected
    assert small.value(FIGURES, "OPEN/2025-07") == ("1", None)
    assert small.value(FIGURES, "REC/2025-07") == ("0", None)


def test_a_value_that_its_definition_no_longer_asks_for_must_be_deleted() -> None:
    for subject in ("OPEN/2025-26-Q1", "COST/2025-04/ward=Abbey", "REC/2025-08", "REC/soon"):
        kept = Row("irf.indicators", subject, 1, b'{"value": "1"}')
        found = verify(OWNED, [*published(TODAY), kept], TODAY)
        assert [mismatch.subject for mismatch in found.mismatches] == [subject]
        kept = kept._replace(body=None)
        assert verify(OWNED, [*published(TODAY), kept], TODAY).mismatches == []


def test_a_mean_of_nothing_is_missing_and_a_division_by_zero_is_not_calculable() -> None:
    outcomes = {
        "DAYS/2025-06": ("missing", "no target"),
        "PCT/2025-06": ("not calculable", "no data"),
        "EACH/2025-06": ("not calculable", "information"),
    }
    for subject, (reason, outcome) in outcomes.items():
        state = small.state_of(FIGURES, subject)
        said = (state["value"], state["reason"], state["rag"]["outcome"])
        assert said == (None, reason, outcome)
    assert small.value(FIGURES, "REC/2025-06") == ("0", None)


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
    assert small.state_of(FIGURES, subject)["rag"]["outcome"] == outcome


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
    states = registers(FIGURES, TODAY)
    assert set(states) == {"risk/R%2F1", "risk/R2"}
    first, second = states["risk/R%2F1"], states["risk/R2"]
    assert (first["score"], first["band"]) == (10, "high")
    assert (second["score"], second["band"]) == (9, "low")


@pytest.mark.parametrize(
    ("today", "keys"),
    [
        # In quarter 1, two of the four that were closed were closed in time; 70% are asked for.
        (date(2025, 7, 10), {"indicator/PCT@2025-26-Q1"}),
        (date(2025, 6, 30), {"indicator/PCT@2025-26-Q1"}),
        (date(2025, 6, 29), set()),  # no quarter is over yet
        (date(2025, 9, 30), set()),  # nothing was closed in quarter 2: there is no figure to judge
    ],
)
def test_a_risk_is_prompted_by_an_indicator_that_the_recompute_finds_red(
    today: date, keys: set[str]
) -> None:
    figures = Indicators(DEFINITIONS, RECORDS, today)
    assert set(registers(figures, today)["risk/R%2F1"]["prompts"]) == keys


def test_a_right_publisher_has_no_mismatch() -> None:
    rows = published(TODAY)
    report = verify(OWNED, rows, TODAY)
    assert report.mismatches == []
    assert report.compared == len(rows)


THIRDS = "4.666666666666666666666666667"


def a_mean(value: str, records: int, definition: int = 1) -> Json:
    """What a measure came to, as it is published."""
    return {"value": value, "records": records, "definition": definition}


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
        ("PCT/2025-05", {"value": "100"}),
        ("PCT/2025-06", {"reason": "missing"}),
        ("REC/2025-26/ward=Old%20Town", {"value": "1"}),
        ("REC/2025-04", {"unit": "days"}),
        ("REC/2025-04", {"formula": "closed"}),
        ("REC/2025-04", {"source": "Before 2025"}),
        ("REC/2025-04", {"status": "final"}),
        ("REC/2025-04", {"due": "2025-05-30"}),
        ("REC/2025-04", {"small": True}),
        (
            "PCT/2025-04",
            {"rag": {"outcome": "amber", "green": ["70", None], "amber": ["65", "70"]}},
        ),
        (
            "PCT/2025-04",
            {"rag": {"outcome": "red", "green": ["70.1", None], "amber": ["65", "70"]}},
        ),
        ("PCT/2025-04", {"rag": {"outcome": "red", "green": ["70", None]}}),
        ("PCT/2025-04", {"target": None}),
        ("REC/2025-04", {"target": {"value": "70"}}),
        ("PCT/2025-04", {"target": {"value": "71"}}),
        ("PCT/2025-04", {"target": {"value": "70", "basis": "profile"}}),
        ("PCT/2025-04", {"target": {"value": "70", "floor": "60"}}),
        ("PCT/2025-04", {"definition": 2}),
        ("DAYS/2025-04", {"measures": {"mean-days": a_mean("6.5", 3)}}),
        ("DAYS/2025-26", {"measures": {"mean-days": a_mean("4.6666666667", 3)}}),
        ("DAYS/2025-26", {"measures": {"mean-days": a_mean(THIRDS, 3, definition=2)}}),
        ("DAYS/2025-06", {"measures": {"mean-days": a_mean("0", 0)}}),
        ("COST/2025-04", {"measures": {"cost": a_mean("10.76", 2)}}),
        ("COST/2025-04", {"measures": {}}),
        ("REC/2025-04", None),
        ("control/cards", {"net_pence": 1701}),
        ("spend/cards/Libraries/2025-05", None),
        ("risk/R2", {"band": "high"}),
        ("risk/R2", None),
        ("risk/R%2F1", {"prompts": {}}),
    ],
)
def test_a_planted_mistake_is_found_and_named(subject: str, change: Any) -> None:
    report = verify(OWNED, _changed(published(TODAY), subject, change), TODAY)
    assert [mismatch.subject for mismatch in report.mismatches] == [subject]


@pytest.mark.parametrize(
    ("subject", "change"),
    [
        ("PCT/2025-04", {"target": {"value": "70.00", "approved_by": "Cabinet"}}),
        (
            "PCT/2025-04",
            {"rag": {"outcome": "red", "green": ["70", None], "amber": ["65", "70"]}},
        ),
        ("DAYS/2025-26", {"measures": {"mean-days": a_mean(THIRDS, 3)}}),
        ("REC/2025-04", {"rag": {"outcome": "information", "rule": "For information."}}),
    ],
)
def test_what_is_only_written_in_another_way_is_no_mistake(subject: str, change: Any) -> None:
    assert verify(OWNED, _changed(published(TODAY), subject, change), TODAY).mismatches == []


def test_what_a_state_leaves_unsaid_is_what_it_would_say_by_itself() -> None:
    unsaid = ("status", "due", "small", "source")
    rows = []
    for row in published(TODAY):
        body = json.loads(row.body or b"")
        kept = {name: value for name, value in body.items() if name not in unsaid}
        rows.append(row._replace(body=json.dumps(kept).encode()))
    assert verify(OWNED, rows, TODAY).mismatches == []


def test_a_value_whose_records_have_all_gone_must_be_deleted_and_prompts_no_more() -> None:
    only = [row for row in OWNED if not row.subject.startswith("requests/")]
    rows = published(TODAY)
    values = {row.subject for row in rows if row.topic == "irf.indicators"}
    left = {mismatch.subject for mismatch in verify(only, rows, TODAY).mismatches}
    assert left == {*values, "risk/R%2F1"}
    gone = [row._replace(body=None) if row.subject in values else row for row in rows]
    quiet = _changed(gone, "risk/R%2F1", {"prompts": {}})
    assert verify(only, quiet, TODAY).mismatches == []


def test_a_value_that_no_definition_stands_behind_is_a_mismatch_until_it_is_deleted() -> None:
    ghost = Row("irf.indicators", "GHOST/2025-04", 1, b'{"value": "1"}')
    found = verify(OWNED, [*published(TODAY), ghost], TODAY)
    assert [mismatch.subject for mismatch in found.mismatches] == ["GHOST/2025-04"]
    ghost = ghost._replace(body=None)
    assert verify(OWNED, [*published(TODAY), ghost], TODAY).mismatches == []


def test_without_a_day_the_day_is_todays() -> None:
    assert verify(OWNED, published()).mismatches == []
    assert "REC/2025-08" in {each.subject for each in verify(OWNED, published(TODAY)).mismatches}


def test_what_is_published_without_records_behind_it_must_be_deleted() -> None:
    for topic, subject in (
        ("irf.finance", "spend/cards/Museums/2025-04"),
        ("irf.risks", "risk/R9"),
    ):
        ghost = Row(topic, subject, 1, b"{}")
        gone = ghost._replace(body=None)
        assert verify(OWNED, [*published(TODAY), gone], TODAY).mismatches == []
        found = verify(OWNED, [*published(TODAY), ghost], TODAY)
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
