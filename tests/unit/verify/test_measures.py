from typing import Any

import pytest

from deploy.verify.numbers import plain
from tests.unit.verify import small

Rows = list[dict[str, Any]]
FOUR: Rows = [
    {"on": "2025-04-03", "n": "2"},
    {"on": "2025-04-10", "n": "4"},
    {"on": "2025-04-30", "n": "4.0"},
    {"on": "2025-05-01", "n": "10"},
    {"on": "2025-05-02", "n": None},
    {"on": None, "n": "99"},
    {"on": "1899-12-31", "n": "99"},
]


def came_to(
    rows: Rows, measure: dict[str, Any], period: str, **indicator: Any
) -> tuple[str | None, int]:
    """What a measure came to over a period, and from how many records."""
    kinds = ["day", "month", "quarter", "rolling-3-months", "year-to-date"]
    found = small.figures(rows, measure, small.indicator(periods=kinds, **indicator))
    inputs = small.state_of(found, f"I/{period}")["measures"]["m"]
    assert inputs.definition == 7
    return None if inputs.value is None else plain(inputs.value), inputs.records


@pytest.mark.parametrize(
    ("aggregate", "april", "quarter"),
    [
        ("sum", ("10", 3), ("20", 4)),
        ("mean", ("3.333333333333333333333333333", 3), ("5", 4)),
        ("minimum", ("2", 3), ("2", 4)),
        ("maximum", ("4", 3), ("10", 4)),
        ("median", ("4", 3), ("4", 4)),
        ("distinct", ("2", 3), ("3", 4)),
        ("latest", ("4", 1), ("10", 1)),
    ],
)
def test_an_aggregate_is_that_of_all_amounts_in_the_window(
    aggregate: str, april: tuple[str, int], quarter: tuple[str, int]
) -> None:
    measure = small.amounts(aggregate)
    assert came_to(FOUR, measure, "2025-04") == april
    assert came_to(FOUR, measure, "2025-26-Q1") == quarter


def test_a_count_is_of_records_whether_they_have_an_amount_or_not() -> None:
    assert came_to(FOUR, small.COUNT, "2025-26-Q1") == ("5", 5)
    assert came_to(FOUR, small.COUNT, "2025-05-01") == ("1", 1)
    assert came_to(FOUR, small.COUNT, "2025-05-03") == ("0", 0)


@pytest.mark.parametrize(
    ("amounts", "percent", "value"),
    [
        (["1", "2", "3", "4"], "50", "2.5"),
        (["1", "2", "3", "4"], "90", "3.7"),  # rank 2.7: 3 and seven tenths of the way to 4
        (["4", "1", "3", "2"], "25", "1.75"),
        (["10", "20"], "33.3", "13.33"),
        (["7"], "99.9", "7"),
        (["-1", "-1", "5"], "50", "-1"),
    ],
)
def test_a_percentile_lies_between_two_values_in_proportion(
    amounts: list[str], percent: str, value: str
) -> None:
    rows: Rows = [{"on": "2025-04-01", "n": amount} for amount in amounts]
    measure = small.amounts("percentile", percentile=percent)
    assert came_to(rows, measure, "2025-04") == (value, len(amounts))


def test_distinct_values_are_told_apart_by_their_plain_text() -> None:
    rows: Rows = [
        {"on": "2025-04-01", "ward": "Abbey"},
        {"on": "2025-04-02", "ward": "Abbey"},
        {"on": "2025-04-03", "ward": "abbey"},
        {"on": "2025-04-04", "ward": None},
    ]
    assert came_to(rows, small.amounts("distinct", of="ward"), "2025-04") == ("2", 3)
    assert came_to(rows, small.amounts("distinct", of="month(on)"), "2025-04") == ("1", 4)
    assert came_to(rows, small.amounts("distinct", of="blank(ward)"), "2025-04") == ("2", 4)
    rows = [{"on": "2025-04-01", "n": n} for n in ("1", "1.0", "2.0000000003")]
    assert came_to(rows, small.amounts("distinct"), "2025-04") == ("2", 3)


@pytest.mark.parametrize(
    ("aggregate", "empty", "value"),
    [
        ("count", None, "0"),
        ("count", "missing", None),
        ("sum", None, "0"),
        ("sum", "missing", None),
        ("distinct", None, "0"),
        ("mean", None, None),
        ("mean", "zero", "0"),
        ("median", None, None),
        ("minimum", "zero", "0"),
        ("latest", None, None),
        ("latest", "zero", "0"),
    ],
)
def test_over_no_records_a_measure_is_nought_or_blank(
    aggregate: str, empty: str | None, value: str | None
) -> None:
    measure = small.amounts(aggregate, empty=empty)
    assert came_to(FOUR, measure, "2025-06") == (value, 0)


def test_a_sum_over_records_without_amounts_is_one_over_no_records() -> None:
    rows: Rows = [{"on": "2025-04-01"}, {"on": "2025-05-01", "n": "1"}]
    assert came_to(rows, small.amounts("sum", empty="missing"), "2025-04") == (None, 0)


def test_the_latest_value_is_the_sum_of_the_newest_day() -> None:
    rows: Rows = [
        {"on": "2025-04-03", "n": "100"},
        {"on": "2025-04-20", "n": "7"},
        {"on": "2025-04-20", "n": "0.5"},
        {"on": "2025-04-21", "n": None},  # neither a number nor a reason: it says nothing
    ]
    measure = small.amounts("latest", reason="why")
    assert came_to(rows, measure, "2025-04") == ("7.5", 2)
    assert came_to(rows, measure, "2025-04-03") == ("100", 1)
    assert came_to(rows, measure, "2025-04-21") == (None, 0)


@pytest.mark.parametrize(
    ("carry", "period", "value"),
    [
        (0, "2025-05", None),
        (1, "2025-05", "7"),
        (1, "2025-06", None),
        (2, "2025-06", "7"),
        (2, "2025-07-R3", "7"),
        (1, "2025-05-20", "7"),  # the month before begins on 20 April
        (1, "2025-05-21", None),
        (1, "2025-04-19", "100"),
    ],
)
def test_a_latest_value_holds_on_for_so_many_months(
    carry: int, period: str, value: str | None
) -> None:
    rows: Rows = [{"on": "2025-04-03", "n": "100"}, {"on": "2025-04-20", "n": "7"}]
    measure = small.amounts("latest", carry_months=carry)
    assert came_to(rows, measure, period)[0] == value


def test_a_value_is_not_carried_from_before_the_calendar() -> None:
    rows: Rows = [{"on": "1900-02-20", "n": "7"}]
    measure = small.amounts("latest", carry_months=24)
    found = small.figures(rows, measure, today="1900-04-01")
    assert small.value(found, "I/1900-03") == ("7", None)
    assert small.value(found, "I/1900-01") == (None, "missing")


STOCK: Rows = [
    {"on": "2025-04-03", "left": "2025-05-02"},
    {"on": "2025-04-10", "left": None},
    {"on": "2025-04-30", "left": "2025-04-01"},  # closed before it was opened: never open
    {"on": "2025-05-01", "left": "2025-05-01"},
    {"on": "2025-05-31", "left": "2200-01-01"},
]


@pytest.mark.parametrize(
    ("period", "open_then"),
    [
        ("2025-04", "2"),
        ("2025-05", "2"),
        ("2025-26-Q1", "2"),
        ("2025-04-02", "0"),
        ("2025-04-03", "1"),
        ("2025-04-30", "2"),
        ("2025-05-01", "2"),
        ("2025-05-02", "1"),
        ("2025-05-31", "2"),
    ],
)
def test_open_is_what_was_opened_and_not_closed_by_the_end(period: str, open_then: str) -> None:
    assert came_to(STOCK, small.OPEN, period) == (open_then, int(open_then))


def test_a_stock_of_nought_may_be_missing() -> None:
    rows: Rows = [{"on": "2025-04-10", "left": "2025-04-20"}]
    assert came_to(rows, small.OPEN | {"empty": "missing"}, "2025-05") == (None, 0)
    assert came_to(rows, small.OPEN | {"empty": "missing"}, "2025-04-10") == ("1", 1)


def test_amounts_are_added_up_to_nine_places_and_none_beyond_all_measure() -> None:
    rows: Rows = [{"on": "2025-04-01", "n": "1"}] * 3
    assert came_to(rows, small.amounts("sum", of="n / 3"), "2025-04") == ("0.999999999", 3)
    assert came_to(rows, small.amounts("maximum", of="2 * n / 3"), "2025-04")[0] == "0.666666667"
    rows = [{"on": "2025-04-01", "n": "999999999999999999"}, {"on": "2025-04-01", "n": "0"}]
    assert came_to(rows, small.amounts("sum", of="n + 1"), "2025-04") == ("1", 1)


def test_a_record_whose_filter_or_amount_has_no_number_is_not_counted() -> None:
    rows: Rows = [{"on": "2025-04-01", "n": "0"}, {"on": "2025-04-01", "n": "2"}]
    assert came_to(rows, small.COUNT | {"where": "1 / n < 1"}, "2025-04") == ("1", 1)
    assert came_to(rows, small.amounts("sum", of="1 / n"), "2025-04") == ("0.5", 1)


def test_a_crossed_breakdown_names_its_fields_in_their_order() -> None:
    rows: Rows = [
        {"on": "2025-04-01", "ward": "St Ann's & Mill", "kind": "Noise"},
        {"on": "2025-04-02", "ward": None, "kind": "Noise"},
        {"on": "2025-04-03", "ward": "Abbey", "kind": "a=b"},
    ]
    found = small.figures(
        rows, small.COUNT, small.indicator(breakdowns=["ward & kind"]), today="2025-04-30"
    )
    members = ["", "/ward=St%20Ann%27s%20%26%20Mill&kind=Noise", "/ward=&kind=Noise"]
    members += ["/ward=Abbey&kind=a%3Db"]
    assert sorted(found.expected()) == sorted(f"I/2025-04{member}" for member in members)
    assert [small.value(found, f"I/2025-04{member}")[0] for member in members] == list("3111")
    for member in ("ward=Abbey", "kind=Noise", "kind=Noise&ward="):
        assert found.state(f"I/2025-04/{member}") is None
