"""Looking into a reference dataset, by its key."""

from typing import Any

import pytest

from shared.catalogue.contributions import CompiledMeasure
from shared.catalogue.expressions import ExpressionError, parse
from shared.catalogue.model import Dataset, Derived, Field, Measure
from shared.catalogue.references import References, table_of

WARDS = Dataset(
    code="wards",
    title="Wards",
    key=["code"],
    fields=[
        Field(name="code", type="text"),
        Field(name="name", type="text"),
        Field(name="households", type="integer"),
        Field(name="area", type="decimal"),
        Field(name="since", type="date"),
        Field(name="urban", type="boolean"),
    ],
    derived=[Derived(name="large", type="boolean", is_="households > 1000")],
)
RATES = Dataset(
    code="rates",
    title="Rates by year",
    key=["year", "band"],
    fields=[
        Field(name="year", type="integer"),
        Field(name="band", type="text"),
        Field(name="pounds", type="money"),
    ],
)
ROWS = Dataset(code="rows", title="Rows", key="content", fields=[Field(name="code", type="text")])
VISITS = Dataset(
    code="visits",
    title="Visits",
    key=["ref"],
    fields=[
        Field(name="ref", type="text"),
        Field(name="on", type="date"),
        Field(name="ward", type="text"),
        Field(name="number", type="integer"),
        Field(name="band", type="text"),
    ],
    derived=[
        Derived(name="ward_name", type="text", is_='lookup("wards", ward, "name")'),
        Derived(name="urban", type="boolean", is_='lookup("wards", lower(ward), "urban")'),
        Derived(name="near", type="text", is_='coalesce(ward_name, "Elsewhere")'),
    ],
)
TABLES = {
    "wards": table_of(
        ["code"],
        [
            {
                **{"code": "w1", "name": "Abbey", "households": 1200, "area": "2.50"},
                **{"since": "2019-05-02", "urban": True},
            },
            {"code": "w2", "name": None, "households": 0, "area": "4", "urban": False},
            {"code": "27", "name": "Twenty-seven"},
        ],
    ),
    "rates": table_of(
        ["year", "band"],
        [
            {"year": 2024, "band": "A", "pounds": "10.00"},
            {"year": 2025, "band": "A", "pounds": "11.50"},
        ],
    ),
}
DATASETS = {each.code: each for each in (WARDS, RATES, ROWS, VISITS)}
KNOWN = References(DATASETS, TABLES)
RECORD: dict[str, Any] = {
    "ref": "1",
    "on": "2025-09-14",
    "ward": "w1",
    "number": 3,
    "band": "A",
}


def compiled(*breakdowns: str, **definition: Any) -> CompiledMeasure:
    measure = Measure(code="m", dataset="visits", date="on", **definition)
    return CompiledMeasure(measure, VISITS, breakdowns, (), KNOWN)


def amount(of: str, **fields: Any) -> Any:
    found = compiled(aggregate="sum", of=of).contributions({**RECORD, **fields})
    return found[0][2] if found else None


def counted(where: str, **fields: Any) -> bool:
    return bool(compiled(aggregate="count", where=where).contributions({**RECORD, **fields}))


def test_each_type_is_looked_up() -> None:
    assert amount('number * lookup("wards", ward, "households")') == 3600
    assert str(amount('lookup("wards", ward, "area") * 2')) == "5.00"
    assert counted('lookup("wards", ward, "name") == "Abbey"')
    assert counted('lookup("wards", ward, "since") < "2019-05-03"')
    assert counted('lookup("wards", ward, "urban")')
    assert not counted('lookup("wards", ward, "urban")', ward="w2")
    assert amount('months(lookup("wards", ward, "since"), on)') == 76


def test_a_key_of_several_fields_is_given_in_its_order() -> None:
    assert str(amount('lookup("rates", year(on), band, "pounds")')) == "11.50"
    assert str(amount('lookup("rates", year(on) - 1, band, "pounds")')) == "10.00"
    assert str(amount('lookup("rates", financial_year(on), "A", "pounds")')) == "11.50"
    assert amount('lookup("rates", band, year(on), "pounds")') is None


def test_keys_are_compared_as_texts() -> None:
    assert counted('lookup("wards", number, "name") == "Twenty-seven"', number=27)
    assert not counted('lookup("wards", number, "name") == "Twenty-seven"', number=270)
    assert not counted('lookup("wards", ward, "name") == "Abbey"', ward="W1")


@pytest.mark.parametrize(
    ("of", "fields"),
    [
        # No such record, a blank key, a record without that field, a reference without records.
        ('lookup("wards", ward, "households")', {"ward": "w9"}),
        ('lookup("wards", ward, "households")', {"ward": None}),
        ('lookup("rates", year(on), band, "pounds")', {"band": None}),
        ('lookup("wards", ward, "households")', {"ward": "27"}),
        ('lookup("rates", year(on), ward, "pounds")', {}),
        ('number + lookup("wards", ward, "area")', {"ward": "w9"}),
    ],
)
def test_what_is_not_found_is_blank(of: str, fields: dict[str, Any]) -> None:
    assert amount(of, **fields) is None
    assert counted(f"blank({of})", **fields)
    assert amount(f"coalesce({of}, 7)", **fields) == 7


def test_a_reference_that_has_not_been_loaded_holds_nothing() -> None:
    measure = Measure(
        code="m", dataset="visits", date="on", aggregate="sum",
        of='coalesce(lookup("wards", ward, "households"), 1)',
    )  # fmt: skip
    found = CompiledMeasure(measure, VISITS, (), (), References(DATASETS))
    assert found.contributions(RECORD) == [("2025-09", 1, 1)]


def test_members_may_be_looked_up() -> None:
    near = compiled("near", "urban", aggregate="count")
    assert near.members(RECORD) == ("all", "near=Abbey", "urban=true")
    assert near.members({**RECORD, "ward": "w9"}) == ("all", "near=Elsewhere", "urban=")
    assert near.members({**RECORD, "ward": None}) == ("all", "near=Elsewhere", "urban=")
    assert near.members({**RECORD, "ward": "w2"}) == ("all", "near=Elsewhere", "urban=false")


def test_a_measure_knows_what_it_looks_into() -> None:
    assert compiled("near", aggregate="count").lookups == {"wards"}
    assert compiled(aggregate="count").lookups == frozenset()
    both = compiled("urban", aggregate="sum", of='lookup("rates", year(on), band, "pounds")')
    assert both.lookups == {"wards", "rates"}
    assert both.uses == {"on", "band", "ward"}
    assert parse('lookup("wards", lookup("rates", a, b, "pounds"), "name")').lookups == {
        *("wards", "rates"),
    }


TYPES = VISITS.types()


@pytest.mark.parametrize(
    ("text", "position", "reason"),
    [
        ('lookup("warts", ward, "name") == "a"', 8, "no dataset 'warts'"),
        ('lookup("wards", ward, "nam") == "a"', 23, "did you mean 'name'?"),
        ('lookup("wards", ward, "large")', 23, "no field 'large'"),
        ('lookup("wards", ward, band, "name") == "a"', 8, "has one value, and 2 are given"),
        ('lookup("rates", ward, "pounds") > 1', 8, "has 2 values, and 1 are given"),
        ('lookup("rows", ward, "code") == "a"', 8, "no key to look up by"),
        ('lookup("wards", "name")', 1, 'lookup("dataset", key, "field")'),
        ('lookup(ward, ward, "name") == "a"', 8, "a quoted name is needed"),
        ('lookup("wards", ward, band) == "a"', 23, "a quoted name is needed"),
        ('lookup("wards", wrad, "name") == "a"', 17, "did you mean 'ward'?"),
        ('lookup("wards", ward, "name") + 1 > 0', 1, "arithmetic needs numbers"),
    ],
)
def test_a_wrong_lookup_is_refused_at_its_place(text: str, position: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as refusal:
        parse(text).check(TYPES, "condition", KNOWN)
    assert reason in refusal.value.message
    assert refusal.value.position == position


def test_a_formula_looks_into_nothing() -> None:
    with pytest.raises(ExpressionError, match="for filters, amounts and derived fields"):
        parse('received / lookup("wards", "w1", "households")').check({"received": "number"})
