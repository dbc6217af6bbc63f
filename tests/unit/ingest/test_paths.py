"""Where things stand in JSON."""

from typing import Any

import pytest

from services.ingest.connect.paths import OtherShape, at, is_gone, key_in, record, rows_in
from services.ingest.domain.contract import Contract
from shared.catalogue.model import Dataset, Field

CONTRACT = Contract(
    Dataset(
        code="requests",
        title="Requests",
        key=["ref", "line"],
        fields=[
            Field(name="ref", type="text", headers=["Reference"]),
            Field(name="line", type="integer"),
            Field(name="ward", type="text"),
        ],
    )
)
NESTED = {"data": {"items": [{"a": 1}, {"a.b": 2}], "a.b": {"c": 3}}, "none": None}


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("", NESTED),
        ("data.items.0.a", 1),
        ("data.items.1.a.b", 2),
        ("data.a.b.c", 3),
        ("data.items.2", None),
        ("data.items.x", None),
        ("data.items.99999999999999999999", None),
        ("none.deeper", None),
        ("data.items.0.a.b", None),
        ("nowhere", None),
    ],
)
def test_a_path_leads_to_what_stands_there_or_to_none(path: str, there: Any) -> None:
    assert at(NESTED, path) == there


def test_rows_are_a_list_of_objects_or_one_object() -> None:
    assert rows_in({"data": {"items": [{"a": 1}]}}, "data.items") == [{"a": 1}]
    assert rows_in([{"a": 1}], "") == [{"a": 1}]
    assert rows_in({"a": 1}, "") == [{"a": 1}]
    assert rows_in({"items": []}, "items") == []


@pytest.mark.parametrize(
    ("answer", "items", "said"),
    [
        ({"error": "no"}, "items", "looked for at items, and there is nothing"),
        ({"items": "text"}, "items", "neither a list nor an object"),
        ([{"a": 1}, 2], "", "Row 2 in it is not an object"),
    ],
)
def test_rows_of_another_shape_are_said_to_be_so(answer: Any, items: str, said: str) -> None:
    with pytest.raises(OtherShape, match=said):
        rows_in(answer, items)


def test_fields_with_a_path_come_from_there_and_the_others_by_name() -> None:
    row = {"Reference": "other", "id": 7, "place": {"ward": "Mill"}, "Line": 1}
    assert record(row, {}, CONTRACT) == row
    said = record(row, {"ref": "id", "ward": "place.ward"}, CONTRACT)
    # What is called Reference would be the field ref a second time.
    assert said == {"id": 7, "place": {"ward": "Mill"}, "Line": 1, "ref": 7, "ward": "Mill"}
    assert key_in(said, CONTRACT) == {"Line": 1, "ref": 7}


@pytest.mark.parametrize(
    ("value", "gone"),
    [
        (True, True),
        ("2026-05-01T10:00:00Z", True),
        ("Y", True),
        (1, True),
        (False, False),
        (None, False),
        (0, False),
        (" false ", False),
        ("", False),
    ],
)
def test_a_row_is_gone_where_the_field_is_true_or_has_a_value(value: Any, gone: bool) -> None:
    assert is_gone({"deleted": value}, "deleted") is gone
    assert not is_gone({"deleted": value}, None)
    assert not is_gone({}, "deleted")
