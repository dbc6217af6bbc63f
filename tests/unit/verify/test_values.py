"""What values come to, why some have no number, and when they are due, final or too small."""

from typing import Any

import pytest

from deploy.verify.source import Json, Row
from tests.unit.verify import small
from tests.unit.verify.a_council import definition

MAY = [{"on": "2025-05-10", "n": "5", "of": "4", "ward": "Abbey"}]
OTHER = small.COUNT | {"code": "other", "where": "kind == 'Noise'"}

CHANGED: Json = {
    "formula": "m * 10",
    "earlier": [
        {"until": "2025-06", "formula": "other * 100", "note": "By hand"},
        {"until": "2025-04", "formula": "other + 1"},
    ],
}


def test_the_source_in_force_in_the_last_month_of_a_period_gives_its_value() -> None:
    rows = [{"on": "2025-05-10", "kind": "Noise"}, {"on": "2025-05-11"}]
    made = small.indicator(periods=["month", "quarter", "year-to-date"], **CHANGED)
    outer = small.indicator(code="J", formula="I + 0")
    more = [definition("measure", OTHER)]
    found = small.figures(rows, small.COUNT, made, outer, more=more)
    expected = {
        "2025-04": ("1", "other + 1", "", {"other"}),
        "2025-05": ("100", "other * 100", "By hand", {"other"}),
        "2025-26-Q1": ("100", "other * 100", "By hand", {"other"}),
        "2025-07": ("0", "m * 10", "", {"m"}),
        "2025-26-to-07": ("20", "m * 10", "", {"m"}),
    }
    for period, said in expected.items():
        state = small.state_of(found, f"I/{period}")
        assert (state["value"], state["formula"], state["source"], set(state["measures"])) == said
    assert small.value(found, "J/2025-05") == ("100", None)
    assert set(small.state_of(found, "J/2025-05")["measures"]) == {"other"}


def test_a_value_exists_by_the_measures_of_its_own_source() -> None:
    rows = [{"on": "2025-05-11"}]
    made = small.indicator(**CHANGED)
    found = small.figures(rows, small.COUNT, made, more=[definition("measure", OTHER)])
    expected = {f"I/2025-{month:02}" for month in range(7, 13)}
    assert set(found.expected()) == expected | {f"I/2026-0{month}" for month in range(1, 4)}


# Values and reasons


@pytest.mark.parametrize(
    ("rounding", "value"), [(None, "0.13"), ("half up", "0.13"), ("half even", "0.12")]
)
def test_a_value_is_rounded_once_as_its_definition_says(rounding: str | None, value: str) -> None:
    made = small.indicator(formula="m / 8", precision=2, rounding=rounding)
    assert small.value(small.figures(MAY, small.COUNT, made), "I/2025-05") == (value, None)


@pytest.mark.parametrize(
    ("own", "council", "outcome"),
    [
        (None, None, (None, "not calculable")),
        (None, "not applicable", (None, "not applicable")),
        ("zero", "not applicable", ("0", None)),
        ("not calculable", "zero", (None, "not calculable")),
        (None, "zero", ("0", None)),
    ],
)
@pytest.mark.parametrize("formula", ["percent(m, m)", "rate(m, m, 1000)", "5 / m"])
def test_nothing_to_divide_by_is_what_the_catalogue_says(
    own: str | None, council: str | None, outcome: tuple[str | None, str | None], formula: str
) -> None:
    more = [definition("council", {"code": "c", "no_denominator": council})]
    made = small.indicator(formula=formula, no_denominator=own)
    found = small.figures(MAY, small.COUNT, made, more=more)
    assert small.value(found, "I/2025-06") == outcome


@pytest.mark.parametrize(
    ("inner", "outer", "outcome"),
    [
        ("zero", "I + 3", ("3", None)),
        ("not applicable", "I + 3", (None, "not applicable")),
        ("not calculable", "I + 3", (None, "not calculable")),
        (None, "coalesce(I, 9)", ("9", None)),
    ],
)
def test_an_indicator_without_denominator_counts_as_nought_or_gives_its_reason(
    inner: str | None, outer: str, outcome: tuple[str | None, str | None]
) -> None:
    made = small.indicator(formula="percent(m, m)", no_denominator=inner)
    second = small.indicator(code="J", formula=outer, no_denominator="zero")
    found = small.figures(MAY, small.COUNT, made, second)
    assert small.value(found, "J/2025-06") == outcome


def test_the_exact_value_of_an_indicator_goes_into_a_formula() -> None:
    made = small.indicator(formula="m / 3")
    second = small.indicator(code="J", formula="I * 3", precision=2)
    found = small.figures(MAY, small.COUNT, made, second)
    assert small.value(found, "I/2025-05") == ("0", None)
    assert small.value(found, "J/2025-05") == ("1.00", None)


@pytest.mark.parametrize(
    ("reasons", "reason"),
    [
        (["missing"], "missing"),
        (["survey was late"], "missing"),
        (["Suppressed"], "missing"),
        (["suppressed"], "suppressed"),
        (["missing", "not due"], "not due"),
        (["not due", "not applicable", "missing"], "not applicable"),
        (["not applicable", "suppressed"], "suppressed"),
    ],
)
def test_a_blank_latest_value_says_why(reasons: list[str], reason: str) -> None:
    rows: list[Json] = [{"on": "2025-05-10", "n": None, "why": why} for why in reasons]
    rows.append({"on": "2025-05-10", "n": "5", "why": None})
    rows.append({"on": "2025-05-09", "n": "5", "why": "suppressed"})
    measure = small.amounts("latest", reason="why")
    found = small.figures(rows, measure)
    assert small.value(found, "I/2025-05") == (None, reason)
    inputs = small.state_of(found, "I/2025-05")["measures"]["m"]
    assert (inputs.value, inputs.records) == (None, len(reasons) + 1)


def test_of_several_blank_inputs_the_weightiest_reason_is_given() -> None:
    rows: list[Json] = [{"on": "2025-05-10", "why": "not due", "ward": "suppressed"}]
    rows.append({"on": "2025-04-02", "n": "1"})
    one = small.amounts("latest", reason="why")
    two = small.amounts("latest", reason="ward", code="two")
    mean = small.amounts("mean", code="mean")
    more = [definition("measure", two), definition("measure", mean)]
    for formula, reason in [
        ("m + two", "suppressed"),
        ("mean + m", "not due"),
        ("mean + 1", "missing"),
    ]:
        made = small.indicator(formula=formula)
        assert small.value(small.figures(rows, one, made, more=more), "I/2025-05")[1] == reason


def test_a_number_beyond_all_measure_is_not_calculable() -> None:
    made = small.indicator(formula="m * 999999999999999999 + 1")
    assert small.value(small.figures(MAY, small.COUNT, made), "I/2025-05") == (
        None,
        "not calculable",
    )


# Due, final, small


@pytest.mark.parametrize(
    ("changes", "due", "today", "reason"),
    [
        ({}, None, "2025-06-01", "missing"),
        ({"due_days": 30}, "2025-07-30", "2025-07-29", "not due"),
        ({"due_days": 30}, "2025-07-30", "2025-07-30", "missing"),
        ({"due_days": 0}, "2025-06-30", "2025-06-29", "not due"),
        ({"follow_up_days": 91}, "2025-09-29", "2025-09-28", "not due"),
        ({"due_days": 30, "follow_up_days": 91}, "2025-10-29", "2025-10-29", "missing"),
    ],
)
def test_what_is_missing_before_it_is_due_is_not_due(
    changes: dict[str, Any], due: str | None, today: str, reason: str
) -> None:
    made = small.indicator(**changes)
    found = small.figures(MAY, small.amounts("mean"), made, today=today)
    assert small.value(found, "I/2025-06") == (None, reason)
    assert small.state_of(found, "I/2025-06")["due"] == due


def test_what_is_not_calculable_is_so_before_it_is_due_as_well() -> None:
    made = small.indicator(formula="1 / m", due_days=30)
    found = small.figures(MAY, small.COUNT, made, today="2025-06-10")
    assert small.value(found, "I/2025-06") == (None, "not calculable")


def test_an_indicator_made_of_others_is_due_by_its_own_rule() -> None:
    made = small.indicator(due_days=30)
    outer = [small.indicator(code="J", formula="I + 1")]
    outer += [small.indicator(code="K", formula="I + 1", due_days=1)]
    found = small.figures(MAY, small.amounts("mean"), made, *outer, today="2025-06-10")
    assert small.value(found, "I/2025-06") == (None, "not due")
    assert small.value(found, "J/2025-06") == (None, "missing")
    assert small.value(found, "K/2025-06") == (None, "not due")


@pytest.mark.parametrize(
    ("changes", "today", "status"),
    [
        ({}, "2025-12-31", ""),
        ({"final_after_days": 30}, "2025-06-29", "provisional"),
        ({"final_after_days": 30}, "2025-06-30", "final"),
        ({"final_after_days": 0}, "2025-05-31", "final"),
        ({"final_after_days": 30, "follow_up_days": 91}, "2025-09-28", "provisional"),
        ({"final_after_days": 30, "follow_up_days": 91}, "2025-09-29", "final"),
    ],
)
def test_a_value_is_final_so_long_after_its_period(
    changes: dict[str, Any], today: str, status: str
) -> None:
    found = small.figures(MAY, small.COUNT, small.indicator(**changes), today=today)
    assert small.state_of(found, "I/2025-05")["status"] == status


@pytest.mark.parametrize(
    ("measure", "records", "is_small"),
    [
        (small.COUNT, 1, True),
        (small.COUNT, 4, True),
        (small.COUNT, 5, False),
        (small.OPEN, 4, True),
        (small.OPEN, 5, False),
        (small.amounts("mean"), 4, True),
        (small.amounts("mean"), 5, False),
        (small.amounts("sum"), 4, True),
        (small.amounts("distinct"), 5, True),  # one value, in five records
        (small.COUNT | {"where": "n == 0"}, 4, False),  # none at all is not small
    ],
)
def test_what_rests_on_fewer_records_than_five_but_some_is_small(
    measure: Json, records: int, is_small: bool
) -> None:
    made = small.indicator(small_numbers_under=5)
    april = {"on": "2025-04-01", "left": "2025-04-01", "n": "0"}
    found = small.figures([*MAY * records, april], measure, made)
    assert small.state_of(found, "I/2025-05")["small"] is is_small


def test_any_part_of_a_formula_may_be_too_small() -> None:
    rows = [*MAY * 9, {"on": "2025-05-01", "kind": "Noise"}]
    made = small.indicator(formula="percent(other, m)", small_numbers_under=5)
    outer = small.indicator(code="J", formula="I", small_numbers_under=2)
    more: list[Row] = [definition("measure", OTHER)]
    found = small.figures(rows, small.COUNT, made, outer, more=more)
    assert small.state_of(found, "I/2025-05")["small"] is True
    assert small.state_of(found, "J/2025-05")["small"] is True
    assert small.state_of(found, "I/2025-06")["small"] is False
