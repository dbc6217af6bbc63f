"""Pseudonyms, and dates whose time is over, as a contract reads them."""

from datetime import date
from typing import Any

import msgspec
import pytest
from pydantic import SecretStr, ValidationError

from services.ingest.domain.contract import Contract
from services.ingest.domain.intake import from_records
from services.ingest.domain.json_rows import Item
from services.ingest.domain.pseudonyms import Pseudonyms
from services.ingest.domain.refusals import RowRefused
from services.ingest.domain.retention import KEPT, first_kept
from services.ingest.settings import Settings
from shared.catalogue.model import Dataset
from tests.unit.ingest.contracts import contract, opened

KEY = "0123456789abcdef0123456789abcdef"
PEOPLE: dict[str, Any] = {
    "code": "people",
    "title": "People",
    "key": ["person", "seen"],
    "fields": [
        {"name": "person", "type": "text", "pseudonymise": True, "max_length": 14},
        {"name": "seen", "type": "date"},
    ],
}
RAW = "943 476 5919"


def people(**changes: Any) -> Contract:
    """The contract of people, with changes."""
    dataset = msgspec.convert({**PEOPLE, **changes}, Dataset)
    return Contract(dataset, Pseudonyms(KEY), lambda: date(2026, 7, 1))


def test_a_person_has_one_pseudonym_however_it_is_written_and_another_with_another_key() -> None:
    one = Pseudonyms(KEY)
    assert one.of(RAW) == one.of("9434765919") == one.of(" 943\u00a0476 5919 ")
    assert one.of("AB 12") == one.of("ab12")
    assert one.of(RAW) != one.of("943 476 5918")
    assert one.of(RAW) != Pseudonyms(KEY[::-1]).of(RAW)
    assert len(one.of(RAW)) == 32
    assert int(one.of(RAW), 16)


def test_without_a_key_such_a_contract_cannot_be_used() -> None:
    with pytest.raises(ValueError, match="INGEST_PSEUDONYM_KEY"):
        Contract(msgspec.convert(PEOPLE, Dataset))


def test_files_json_and_deletions_speak_of_the_same_record() -> None:
    of = people()
    table = opened(f"Person,Seen\n{RAW},2026-05-01\n", of)
    [line] = list(table.lines)
    fields = of.from_cells(table.columns, line.cells)
    assert fields == of.from_object({"person": 9434765919, "seen": "2026-05-01"})
    key = of.key_of(fields)
    assert key == of.key_from_json(["9434765919", "2026-05-01"])
    assert key == of.key_in_object({"person": RAW, "seen": "2026-05-01"})
    assert "4765919" not in key
    assert RAW.encode() not in of.body(key, fields)
    assert b"4765919" not in of.body(key, fields)


@pytest.mark.parametrize(
    "row",
    [
        Item(data={"person": "943 476 5919 and 5", "seen": "2026-05-01"}),
        Item(data={"person": RAW, "Person": RAW, "seen": "2026-05-01"}),
        Item(data={"person": RAW, "seen": "yesterday"}),
        Item(data={"person": [RAW], "seen": "2026-05-01"}),
        Item(data={"person": RAW, "seen": "2026-05-01"}, key=RAW),
        Item(data={"person": RAW, "seen": "2026-05-01"}, key=["x", "2026-05-01"]),
        Item(key=RAW, deleted=True),
        Item(key=[RAW, "never"], deleted=True),
    ],
)
def test_what_was_sent_stands_in_no_rejection(row: Item) -> None:
    prepared = from_records(people(), [(1, row)])
    assert prepared.rejected == 1
    assert "943" not in repr(prepared)


def test_a_blank_has_no_pseudonym() -> None:
    of = people(key=["seen"])
    assert of.from_object({"person": "", "seen": "2026-05-01"})["person"] is None


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [
        (date(2026, 7, 1), 1, "2026-06-01"),
        (date(2026, 7, 31), 1, "2026-06-30"),
        (date(2024, 2, 29), 12, "2023-02-28"),
        (date(2026, 1, 15), 13, "2024-12-15"),
        (date(2026, 1, 15), 1_200, "1926-01-15"),
    ],
)
def test_months_are_counted_back_to_a_day_that_exists(today: date, months: int, first: str) -> None:
    assert first_kept(today, months) == first


def test_a_row_whose_time_is_over_is_refused() -> None:
    of = people(retention={"field": "seen", "months": 2})
    assert of.from_object({"person": "A", "seen": "2026-05-01"})
    with pytest.raises(RowRefused) as refused:
        of.from_object({"person": "A", "seen": "2026-04-30"})
    [fault] = refused.value.faults
    assert (fault.field, fault.rule) == ("seen", "retention")


def test_keys_of_what_is_left_cannot_be_sent() -> None:
    by_content = contract(key="content")
    for of in (contract(), by_content):
        with pytest.raises(RowRefused):
            of.key_from_json(f"{KEPT}1")


def test_a_short_key_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(pseudonym_key=SecretStr("short-and-secret"))
    assert "short-and-secret" not in str(refused.value)
    settings = Settings(pseudonym_key=SecretStr(KEY))
    assert KEY not in repr(settings)
    made = settings.pseudonyms()
    assert made is not None
    assert made.of("A") == Pseudonyms(KEY).of("A")
