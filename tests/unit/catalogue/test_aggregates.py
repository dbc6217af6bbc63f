"""What a record adds to each kind of measure, and the members that it belongs to."""

from typing import Any

import pytest

from shared.catalogue.breakdowns import breakdown_of, fields_of, parts_of
from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.model import Dataset, Field, Measure

TYPES = {
    "ref": "text",
    "ward": "text",
    "kind": "text",
    "day": "date",
    "opened": "datetime",
    "closed": "datetime",
    "visits": "integer",
    "hours": "decimal",
    "cost": "money",
    "urgent": "boolean",
    "why": "text",
}
CASES = Dataset(
    code="cases",
    title="Cases",
    key=["ref"],
    fields=[Field(name=name, type=kind) for name, kind in TYPES.items()],  # type: ignore[arg-type]
)
RECORD: dict[str, Any] = {
    "ref": "c1",
    "ward": "Abbey & Mill",
    "kind": "Noise",
    "day": "2025-09-14",
    "opened": "2025-09-14T09:00:00",
    "closed": "2025-10-01T10:00:00",
    "visits": 3,
    "hours": "1.50",
    "cost": "20.10",
    "urgent": False,
    "why": None,
}


def compiled(*breakdowns: str, by_day: bool = False, **definition: Any) -> CompiledMeasure:
    settings = {"date": "day", **definition}
    if definition["aggregate"] == "percentile":
        settings["percentile"] = 90
    if definition["aggregate"] == "open":
        settings["date"] = None
    measure = Measure(code="m", dataset="cases", **settings)
    return CompiledMeasure(measure, CASES, breakdowns, (), by_day=by_day)


def added(measure: CompiledMeasure, **fields: Any) -> list[Any]:
    return measure.contributions({**RECORD, **fields})


@pytest.mark.parametrize("aggregate", ["minimum", "maximum", "median", "percentile"])
def test_where_the_order_counts_every_value_is_kept(aggregate: Any) -> None:
    measure = compiled(aggregate=aggregate, of="hours")
    assert measure.spread
    assert added(measure) == [("2025-09", 1, "1.5")]
    assert added(measure, hours="1.5") == added(measure, hours="1.500")
    assert added(measure, hours="0.00") == [("2025-09", 1, "0")]
    assert added(measure, hours=None) == added(measure, day=None) == []


def test_values_are_kept_in_one_spelling_and_to_nine_places() -> None:
    third = compiled(aggregate="median", of="visits / 9")
    assert added(third) == [("2025-09", 1, "0.333333333")]
    assert added(compiled(aggregate="maximum", of="visits")) == [("2025-09", 1, "3")]
    assert added(compiled(aggregate="minimum", of="0 - cost")) == [("2025-09", 1, "-20.1")]
    large = compiled(aggregate="median", of="visits * 100000000000")
    assert added(large) == [("2025-09", 1, "300000000000")]
    assert added(compiled(aggregate="median", of="visits / (visits - 3)")) == []


@pytest.mark.parametrize(
    ("of", "told"),
    [
        *(("ward", "Abbey & Mill"), ("visits", "3"), ("hours", "1.5"), ("urgent", "false")),
        *(("day", "2025-09-14"), ("opened", "2025-09-14T09:00:00"), ("lower(kind)", "noise")),
        *(("add_days(day, 1)", "2025-09-15"), ("band(visits, 1, 5)", "1 to 4")),
        *(("hours * 2", "3"), ("visits > 2", "true")),
    ],
)
def test_any_value_can_be_counted_once(of: str, told: str) -> None:
    assert added(compiled(aggregate="distinct", of=of)) == [("2025-09", 1, told)]


def test_a_blank_is_no_value() -> None:
    assert added(compiled(aggregate="distinct", of="why")) == []
    assert added(compiled(aggregate="distinct", of="why"), why="x") == [("2025-09", 1, "x")]


def test_the_latest_keeps_each_value_with_its_day() -> None:
    measure = compiled(aggregate="latest", of="visits")
    assert measure.spread
    assert added(measure) == [("2025-09", 1, "2025-09-14|3")]
    assert added(measure, visits=None) == []
    moment = compiled(aggregate="latest", of="hours", date="opened")
    assert added(moment) == [("2025-09", 1, "2025-09-14|1.5")]


def test_the_latest_may_be_blank_with_a_reason() -> None:
    measure = compiled(aggregate="latest", of="visits", reason="why")
    assert added(measure) == [("2025-09", 1, "2025-09-14|3")]
    # With a number the reason does not matter.
    assert added(measure, why="suppressed") == [("2025-09", 1, "2025-09-14|3")]
    assert added(measure, visits=None) == []
    for why in ("suppressed", "not applicable", "not due", "missing"):
        assert added(measure, visits=None, why=why) == [("2025-09", 1, f"2025-09-14|~{why}")]
    # An empty text says nothing.
    assert added(measure, visits=None, why="") == []
    for why in ("asked twice", "Suppressed"):
        assert added(measure, visits=None, why=why) == [("2025-09", 1, "2025-09-14|~missing")]
    assert measure.uses == {"day", "visits", "why"}


def test_by_day_a_record_adds_to_its_day() -> None:
    assert added(compiled(aggregate="count", by_day=True)) == [("2025-09-14", 1, 0)]
    latest = compiled(aggregate="latest", of="visits", by_day=True)
    assert added(latest) == [("2025-09-14", 1, "2025-09-14|3")]
    stock = compiled(aggregate="open", opened="opened", closed="closed", by_day=True)
    assert added(stock) == [("2025-09-14", 1, 0), ("2025-10-01", 0, 1)]
    assert added(stock, closed="2025-09-01T00:00:00") == [
        *(("2025-09-14", 1, 0), ("2025-09-14", 0, 1)),
    ]
    assert added(stock, closed="2300-01-01T00:00:00") == [("2025-09-14", 1, 0)]
    assert added(compiled(aggregate="count", by_day=True), day="2200-01-01") == []


def test_a_filter_comes_before_the_value() -> None:
    measure = compiled(aggregate="median", of="cost / visits", where="visits > 0")
    assert added(measure) == [("2025-09", 1, "6.7")]
    assert added(measure, visits=0) == []


def test_crossed_members_name_every_field_in_the_order_written() -> None:
    measure = compiled("ward & kind", "kind&urgent", "ward", aggregate="count")
    assert measure.members(RECORD) == (
        "all",
        "ward=Abbey%20%26%20Mill&kind=Noise",
        "kind=Noise&urgent=false",
        "ward=Abbey%20%26%20Mill",
    )
    assert measure.members({}) == ("all", "ward=&kind=", "kind=&urgent=", "ward=")
    assert measure.breakdowns == ("ward & kind", "kind&urgent", "ward")


def test_a_member_tells_its_breakdown_and_its_parts() -> None:
    crossed = "ward=Abbey%20%26%20Mill&kind=Noise%3D1"
    assert breakdown_of(crossed) == "ward & kind"
    assert parts_of(crossed) == {"ward": "Abbey & Mill", "kind": "Noise=1"}
    assert breakdown_of("ward=") == "ward"
    assert parts_of("ward=") == {"ward": ""}
    assert breakdown_of("all") == ""
    assert fields_of("ward & kind") == fields_of("ward&kind") == ("ward", "kind")
    assert fields_of("ward") == ("ward",)
