"""Derived fields: worked out per record, in order, and used wherever a field can be."""

from typing import Any

import pytest

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.model import Dataset, Derived, Field, Measure

SENT = {
    "ref": "text",
    "born": "date",
    "referred": "datetime",
    "assessed": "datetime",
    "cost": "money",
    "visits": "integer",
    "hours": "decimal",
    "state": "text",
    "urgent": "boolean",
}
# Name, type, what it is.
DERIVED = [
    ("age_then", "integer", "age(born, referred)"),
    ("age_band", "text", "band(age_then, 18, 65)"),
    ("due", "date", "add_working_days(referred, 10)"),
    ("in_time", "boolean", "assessed <= due"),
    ("each_visit", "decimal", "cost / visits"),
    ("to_pay", "money", "cost - 10"),
    ("started", "datetime", "coalesce(assessed, referred)"),
    ("half", "integer", "visits / 2"),
    ("third", "decimal", "cost / 3"),
    ("huge", "decimal", "cost * 999999999999999999"),
    ("why", "text", "when(state == 'not held', 'not applicable', state)"),
    ("later", "date", "add_days(due, visits * 100000)"),
]
PEOPLE = Dataset(
    code="people",
    title="People",
    key=["ref"],
    fields=[Field(name=name, type=kind) for name, kind in SENT.items()],  # type: ignore[arg-type]
    derived=[Derived(name=name, type=kind, is_=text) for name, kind, text in DERIVED],  # type: ignore[arg-type]
)
RECORD: dict[str, Any] = {
    "ref": "1",
    "born": "2000-05-10",
    "referred": "2025-04-17T09:00:00",
    "assessed": "2025-05-02T16:00:00",
    "cost": "120.00",
    "visits": 4,
    "hours": "1.5",
    "state": "held",
    "urgent": True,
}


def compiled(*breakdowns: str, by_day: bool = False, **definition: Any) -> CompiledMeasure:
    measure = Measure(code="m", dataset="people", **{"date": "referred", **definition})
    return CompiledMeasure(measure, PEOPLE, breakdowns, ["2025-05-06"], by_day=by_day)


def member(field: str, **fields: Any) -> str:
    """What a record has in a field, as breakdowns show it."""
    found = compiled(field, aggregate="count").members({**RECORD, **fields})
    return found[1].partition("=")[2]


@pytest.mark.parametrize(
    ("field", "told"),
    [
        *(("age_then", "24"), ("age_band", "18%20to%2064"), ("in_time", "true")),
        # From Maundy Thursday: Easter, a bank holiday and a closure day lie between.
        *(("due", "2025-05-07"), ("half", "2"), ("each_visit", "30.00"), ("to_pay", "110.00")),
        *(("started", "2025-05-02T16%3A00%3A00"), ("third", "40.00"), ("why", "held")),
    ],
)
def test_each_type_is_worked_out(field: str, told: str) -> None:
    assert member(field) == told


def test_a_derived_field_may_use_those_before_it_however_many() -> None:
    assert member("age_band", born="1950-01-01") == "65%20and%20over"
    assert member("in_time", assessed="2025-05-08T00:00:00") == "false"


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        # Nought to divide by, half a number where whole ones are needed, too large, too far off.
        *(("each_visit", {"visits": 0}), ("half", {"visits": 3}), ("huge", {})),
        *(("later", {}), ("age_band", {"born": None}), ("due", {"referred": None})),
        # A value that does not fit its contract any more.
        *(("to_pay", {"cost": "much"}), ("each_visit", {"visits": "4"}), ("why", {"state": None})),
    ],
)
def test_what_cannot_be_worked_out_is_blank(field: str, fields: dict[str, Any]) -> None:
    assert member(field, **fields) == ""


def test_a_record_counts_although_a_field_cannot_be_worked_out() -> None:
    everyone = compiled("each_visit", aggregate="count")
    nobody_came = {**RECORD, "visits": 0}
    assert everyone.contributions(nobody_came) == [("2025-04", 1, 0)]
    assert everyone.members(nobody_came) == ("all", "each_visit=")
    slow = compiled(aggregate="count", where="each_visit > 10")
    assert slow.contributions(nobody_came) == []
    not_fast = compiled(aggregate="count", where="not (each_visit > 10)")
    assert not_fast.contributions(nobody_came) == [("2025-04", 1, 0)]


def test_it_is_used_as_date_opened_and_closed() -> None:
    by_due = compiled(aggregate="count", date="due")
    assert by_due.contributions(RECORD) == [("2025-05", 1, 0)]
    assert by_due.contributions({**RECORD, "referred": None}) == []
    stock = compiled(aggregate="open", date=None, opened="referred", closed="due")
    assert stock.contributions(RECORD) == [("2025-04", 1, 0), ("2025-05", 0, 1)]
    stock = compiled(aggregate="open", date=None, opened="due", closed="assessed")
    assert stock.contributions(RECORD) == [("2025-05", 1, 0), ("2025-05", 0, 1)]


def test_it_is_used_as_amount_and_in_filters() -> None:
    paid = compiled(aggregate="sum", of="to_pay", where="in_time and age_then >= 18")
    assert paid.contributions(RECORD) == [("2025-04", 1, 110)]
    assert paid.contributions({**RECORD, "born": "2010-01-01"}) == []
    each = compiled(aggregate="mean", of="each_visit + 1")
    assert each.contributions(RECORD) == [("2025-04", 1, 31)]
    assert each.contributions({**RECORD, "visits": 0}) == []


def test_it_is_used_in_crossed_breakdowns() -> None:
    crossed = compiled("age_band & urgent", "in_time", aggregate="count")
    assert crossed.members(RECORD) == (
        *("all", "age_band=18%20to%2064&urgent=true", "in_time=true"),
    )


def test_it_is_used_as_reason() -> None:
    latest = compiled(aggregate="latest", of="hours", reason="why")
    assert latest.contributions(RECORD) == [("2025-04", 1, "2025-04-17|1.5")]
    not_held = {**RECORD, "hours": None, "state": "not held"}
    assert latest.contributions(not_held) == [("2025-04", 1, "2025-04-17|~not applicable")]


def test_a_measure_knows_the_sent_fields_that_lie_behind() -> None:
    assert compiled(aggregate="count", date="due").uses == {"referred"}
    banded = compiled("age_band", aggregate="count", where="in_time")
    assert banded.uses == {"born", "referred", "assessed"}


def test_an_amount_with_decimals_of_its_own_is_kept_to_nine_places() -> None:
    thirds = compiled(aggregate="sum", of="third")
    (found,) = thirds.contributions({**RECORD, "cost": "1.00"})
    assert str(found[2]) == "0.333333333"


def test_a_dataset_knows_the_types_of_all_its_fields() -> None:
    types = PEOPLE.types()
    assert types["due"] == "date"
    assert types["born"] == "date"
    assert len(types) == len(SENT) + len(DERIVED)
