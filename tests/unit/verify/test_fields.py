from fractions import Fraction
from typing import Any

import pytest

from deploy.verify.expressions import Around, Moment, Value
from deploy.verify.fields import Dataset, Fields, lookup_in
from deploy.verify.source import Record
from tests.unit.verify import small
from tests.unit.verify.a_council import definition, record

WARDS = {
    "code": "wards",
    "key": ["year", "ward"],
    "fields": [
        {"name": "year", "type": "integer"},
        {"name": "ward", "type": "text"},
        {"name": "locality", "type": "text"},
        {"name": "people", "type": "decimal"},
    ],
}
WARD_RECORDS = [
    Record("1", {"year": 2025, "ward": "Abbey", "locality": "North", "people": "1200.50"}),
    Record("2", {"year": 2025, "ward": "Mill", "locality": None, "people": None}),
]
CASES = {
    "code": "cases",
    "key": ["ref"],
    "fields": [
        {"name": "born", "type": "date"},
        {"name": "opened", "type": "datetime"},
        {"name": "ward", "type": "text"},
        {"name": "cost", "type": "money"},
        {"name": "urgent", "type": "boolean"},
    ],
}


def derive(fields: dict[str, Any], *derived: tuple[str, str, str]) -> list[Value]:
    """What each derived field is for a record; they may use each other in their order."""
    datasets = {
        "wards": Dataset(WARDS),
        "cases": Dataset(
            CASES | {"derived": [{"name": n, "type": t, "is": text} for n, t, text in derived]}
        ),
    }
    around = Around(lookup=lookup_in(datasets, {"wards": WARD_RECORDS}))
    found = Fields(fields, datasets["cases"], around)
    return [found[name] for name, _, _ in derived]


A_CASE = {
    "born": "2007-06-15",
    "opened": "2025-06-14T09:30:00",
    "ward": "Abbey",
    "cost": "10.00",
    "urgent": True,
}


def test_a_derived_field_may_use_those_before_it() -> None:
    found = derive(
        A_CASE,
        ("years", "integer", "age(born, opened)"),
        ("group", "text", "band(years, 18, 65)"),
        ("young", "boolean", "group == 'Under 18'"),
        ("due", "date", "add_working_days(opened, 1)"),
        ("late", "boolean", "opened > due"),
    )
    assert found == [Fraction(17), "Under 18", True, "2025-06-16", False]
    assert isinstance(found[3], Moment)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("integer", "cost / 4", None),  # 2.5 is not whole
        ("integer", "cost / 5", Fraction(2)),
        ("decimal", "cost / 3", Fraction(3333333333, 10**9)),
        ("money", "cost / 3", Fraction(3333333333, 10**9)),
        ("decimal", "cost / (cost - 10)", None),
        ("decimal", "cost * 999999999999999999", None),
        ("date", "add_days(born, 0.5)", None),
        ("boolean", "cost / 0 > 1", None),
        ("boolean", "blank(ward)", False),
        ("boolean", "gone", None),
        ("boolean", "gone or urgent", True),
        ("text", "lower(ward)", "abbey"),
        ("datetime", "opened", "2025-06-14T09:30:00"),
    ],
)
def test_what_cannot_be_worked_out_is_blank(kind: str, text: str, value: Value) -> None:
    assert derive(A_CASE, ("gone", "boolean", "cost / 0 > 1"), ("x", kind, text))[1] == value


def test_a_value_that_does_not_fit_its_type_makes_what_needs_it_blank() -> None:
    odd = A_CASE | {"cost": "ten", "born": "15 June", "ward": 7, "urgent": "yes"}
    assert derive(odd, ("x", "decimal", "cost + 1"), ("y", "date", "born")) == [None, None]
    assert derive(odd, ("x", "text", "lower(ward)"), ("y", "boolean", "urgent")) == [None, None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lookup('wards', 2025, ward, 'locality')", "North"),
        ("lookup('wards', 2025.0, 'Abbey', 'locality')", "North"),
        ("lookup('wards', year(opened), ward, 'locality')", "North"),
        ("lookup('wards', 2024, ward, 'locality')", None),
        ("lookup('wards', 2025, 'abbey', 'locality')", None),
        ("lookup('wards', 2025, 'Mill', 'locality')", None),
        ("coalesce(lookup('wards', 2025, 'Mill', 'locality'), 'Elsewhere')", "Elsewhere"),
    ],
)
def test_a_field_of_another_dataset_is_found_by_its_key(text: str, value: Value) -> None:
    assert derive(A_CASE, ("x", "text", text)) == [value]


def test_a_number_that_is_looked_up_is_a_number() -> None:
    people = "lookup('wards', 2025, ward, 'people') * 2"
    assert derive(A_CASE, ("x", "decimal", people)) == [Fraction(2401)]
    assert derive(A_CASE | {"ward": None}, ("x", "decimal", people)) == [None]


def test_derived_fields_serve_as_dates_filters_amounts_and_breakdowns() -> None:
    derived = [
        {"name": "due", "type": "date", "is": "add_months(on, 1)"},
        {"name": "twice", "type": "decimal", "is": "n * 2"},
        {"name": "big", "type": "boolean", "is": "twice > 5"},
        {"name": "half", "type": "integer", "is": "n / 2"},
        {"name": "locality", "type": "text", "is": "lookup('wards', 2025, ward, 'locality')"},
    ]
    measure = small.amounts("sum", date="due", of="twice", where="big")
    wards = [definition("dataset", WARDS)]
    wards += [record("wards", each.key, **each.fields) for each in WARD_RECORDS]
    found = small.figures(
        [
            {"on": "2025-01-31", "n": "3", "ward": "Abbey"},
            {"on": "2025-01-31", "n": "4", "ward": "Mill"},
            {"on": "2025-02-01", "n": "2"},
        ],
        measure,
        small.indicator(breakdowns=["locality", "big", "half"]),
        derived=derived,
        more=wards,
    )
    expected = {
        "I/2025-02": "14",
        "I/2025-02/locality=North": "6",
        "I/2025-02/locality=": "8",
        "I/2025-02/big=true": "14",
        "I/2025-02/half=": "6",  # half of 3 is not whole
        "I/2025-02/half=2": "8",
    }
    assert {each for each in found.expected() if "/2025-02" in each} == set(expected)
    assert {subject: small.value(found, subject)[0] for subject in expected} == expected
