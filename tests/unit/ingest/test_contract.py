"""A contract lets in what it names, under one key, in one form."""

from decimal import Decimal

import msgspec
import pytest

from services.ingest.domain.contract import LONGEST_KEY, Contract
from services.ingest.domain.refusals import RowRefused
from tests.unit.ingest.contracts import contract, one_field

DATA = {"ref": "a1", "received": "2026-01-31", "amount": Decimal("12.5"), "visits": 3}


def test_fields_that_the_contract_does_not_name_are_dropped() -> None:
    fields = contract().from_object({**DATA, "Resident": "somebody", "nhs_number": "999"})
    assert set(fields) == {"ref", "received", "amount", "visits", "ward"}


def test_what_an_object_leaves_out_is_null() -> None:
    assert contract().from_object(DATA)["ward"] is None


def test_names_are_known_by_their_headers_whatever_case_and_space() -> None:
    given = {"REF": "a1", "received date": "31/01/2026", "Amount": "1", "VISITS": "2", "Ward": 7}
    assert contract().from_object(given) == {
        "ref": "a1", "received": "2026-01-31", "amount": "1.00", "visits": 2, "ward": "7",
    }  # fmt: skip


def test_a_field_given_under_two_names_is_refused() -> None:
    with pytest.raises(RowRefused) as refused:
        contract().from_object({**DATA, "Reference No": "b2"})
    assert [(each.field, each.rule) for each in refused.value.faults] == [
        ("ref", "duplicate-field")
    ]


def test_every_fault_of_a_row_is_told_at_once() -> None:
    with pytest.raises(RowRefused) as refused:
        contract().from_object({"received": "31/02/2026", "visits": 100, "amount": "x" * 300})
    faults = {each.field: each for each in refused.value.faults}
    assert {name: each.rule for name, each in faults.items()} == {
        "ref": "required", "received": "format", "visits": "maximum", "amount": "type",
    }  # fmt: skip
    assert faults["received"].raw == "31/02/2026"
    assert faults["visits"].raw == "100"
    assert len(faults["amount"].raw or "") == 200


def test_the_same_record_has_the_same_bytes_by_file_and_by_json() -> None:
    found = contract()
    positions = {"ward": 0, "visits": 1, "amount": 2, "received": 3, "ref": 4}
    cells = [" 27", "03", "1,012.5", "31/01/2026", "a1 "]
    by_file = found.from_cells(found.columns(positions), cells)
    by_json = found.from_object(
        {"ref": "a1", "received": "2026-01-31", "amount": "1012.50", "visits": 3, "ward": "27"}
    )
    assert found.body("a1", by_file) == found.body("a1", by_json)


def test_the_order_of_a_contracts_fields_changes_no_record() -> None:
    one = contract()
    fields = msgspec.to_builtins(one.dataset)["fields"]
    other = contract(fields=list(reversed(fields)))
    assert one.body("a1", one.from_object(DATA)) == other.body("a1", other.from_object(DATA))


def test_a_key_of_several_fields_never_runs_two_records_together() -> None:
    found = contract(key=["ref", "ward"])
    keys = {
        found.key_of(found.from_object({**DATA, "ref": ref, "ward": ward}))
        for ref, ward in [("a|b", "c"), ("a", "b|c"), ("a\\", "b|c"), ("a", "c")]
    }
    assert len(keys) == 4


def test_every_field_of_a_key_must_have_a_value() -> None:
    with pytest.raises(RowRefused) as refused:
        contract(key=["ref", "ward"]).from_object(DATA)
    assert [(each.field, each.rule) for each in refused.value.faults] == [("ward", "required")]


def test_a_key_named_by_the_caller_is_the_key_of_the_data() -> None:
    found = contract(key=["received", "visits"])
    key = found.key_of(found.from_object(DATA))
    assert found.key_from_json(["31/01/2026", "3"]) == key
    assert found.key_from_json(["2026-01-31", 3]) == key


@pytest.mark.parametrize("key", ["a1", ["2026-01-31"], ["2026-01-31", 3, 4], [], ["soon", 3]])
def test_a_key_that_does_not_fit_is_refused(key: object) -> None:
    with pytest.raises(RowRefused):
        contract(key=["received", "visits"]).key_from_json(key)


def test_a_key_has_a_length() -> None:
    found = one_field(type="text")
    with pytest.raises(RowRefused) as refused:
        found.key_of({"ref": "x" * (LONGEST_KEY + 1), "value": None})
    assert refused.value.faults[0].rule == "key"


def test_equal_rows_of_a_source_without_keys_are_counted_apart() -> None:
    found = contract(key="content")
    occurrences: dict[str, int] = {}
    fields = found.from_object(DATA)
    first = found.content_key(fields, occurrences)
    second = found.content_key(dict(fields), occurrences)
    other = found.content_key({**fields, "visits": 4}, occurrences)
    assert first[:32] == second[:32]
    assert (first[32:], second[32:]) == ("-1", "-2")
    assert other[:32] != first[:32]
    assert found.content_key(fields, {}) == first


def test_one_header_cannot_stand_for_two_fields() -> None:
    with pytest.raises(ValueError, match="both"):
        contract(
            fields=[{"name": "ref", "type": "text"},
                    {"name": "other", "headers": ["REF"], "type": "text"}]
        )  # fmt: skip


def test_a_contract_is_made_of_a_dataset_alone() -> None:
    assert Contract(contract().dataset).code == "requests"
