"""One canonical form for each value, and a named rule for each that is not one."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from services.ingest.domain.refusals import RowRefused
from tests.unit.ingest.contracts import one_field


def cell(text: str, **field: Any) -> Any:
    found = one_field(**field)
    columns = found.columns({"ref": 0, "value": 1})
    return found.from_cells(columns, ["a", text])["value"]


def member(value: Any, **field: Any) -> Any:
    return one_field(**field).from_object({"ref": "a", "value": value})["value"]


def rule_of(read: Any, raw: Any, **field: Any) -> str:
    with pytest.raises(RowRefused) as refused:
        read(raw, **field)
    [fault] = refused.value.faults
    assert fault.field == "value"
    assert fault.reason
    return fault.rule


@pytest.mark.parametrize(
    ("kind", "text", "canonical"),
    [
        ("text", "  Noise Request ", "Noise Request"),
        ("text", "007", "007"),
        ("text", "Cafe\u0301", "Caf\u00e9"),
        ("text", "two\nlines", "two\nlines"),
        ("text", "", None),
        ("text", " \u00a0 ", None),
        ("integer", "0042", 42),
        ("integer", "-3", -3),
        ("integer", "+3", 3),
        ("decimal", "313.40", "313.4"),
        ("decimal", "-0.0", "0"),
        ("decimal", "1,234,567.80", "1234567.8"),
        ("decimal", "0.10000000000000000000000001", "0.10000000000000000000000001"),
        ("money", "313.4", "313.40"),
        ("money", "1,918.27", "1918.27"),
        ("money", "-5", "-5.00"),
        ("money", "2.500", "2.50"),
        ("boolean", "Yes", True),
        ("boolean", "0", False),
        ("date", "2026-03-31", "2026-03-31"),
        ("datetime", "2026-03-31T14:30", "2026-03-31T14:30:00"),
        ("datetime", "2026-03-31", "2026-03-31T00:00:00"),
    ],
)
def test_a_cell_has_one_canonical_value(kind: str, text: str, canonical: Any) -> None:
    assert cell(text, type=kind) == canonical


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("£1,234.50", "1234.50"),
        ("£ 5", "5.00"),
        ("GBP 5.1", "5.10"),
        ("(5.00)", "-5.00"),
        ("(£1,234.50)", "-1234.50"),
        ("£(5)", None),
        ("5.00-", "-5.00"),
        ("-£5", "-5.00"),
        ("£-5", "-5.00"),
        ("\u22125.25", "-5.25"),
        ("1,234.50CR", "-1234.50"),
        ("1,234.50 DR", "1234.50"),
        (".50", "0.50"),
        ("-(5.00)", None),
        ("-5.00-", None),
        ("(5.00) CR", None),
        ("$5", None),
        ("€5", None),
        ("5 EUR", None),
        ("AUD 5", None),
        ("five pounds", None),
        ("\u00a35\u00a0", "5.00"),
        ("+5", "5.00"),
        ("-0.00", "0.00"),
        ("0.00CR", "0.00"),
        ("- \u00a35", "-5.00"),
        ("5-CR", None),
        ("1 234.50", None),
        ("5.", None),
        ("\uff15", None),
        ("(5.00", None),
        ("5.00)", None),
        ("1,2,3.4", None),
        ("£", None),
        ("5.001-", None),
        ("five", None),
    ],
)
def test_an_amount_is_read_as_ledgers_write_it_or_refused(written: str, value: str | None) -> None:
    for read in (cell, member):
        if value is None:
            assert rule_of(read, written, type="money") == "type"
        else:
            assert read(written, type="money") == value


@pytest.mark.parametrize("written", ["$5", "\u20ac5", "5 EUR", "USD 5"])
def test_another_currency_is_refused_by_name(written: str) -> None:
    with pytest.raises(RowRefused) as refused:
        member(written, type="money")
    assert "is not in pounds" in refused.value.faults[0].reason


def test_only_money_is_read_as_ledgers_write_it() -> None:
    for kind in ("decimal", "integer"):
        for written in ("(5)", "5-", "\u00a35", "5CR"):
            assert rule_of(cell, written, type=kind) == "type"


@pytest.mark.parametrize("kind", ["money", "period", "financial-year"])
@pytest.mark.parametrize("piece", [" ", "-", "(", "-/ ", "1,", "P", "9"])
def test_a_text_of_any_length_is_refused_and_not_puzzled_over(kind: str, piece: str) -> None:
    # Each would take hours if an expression tried every way to read it.
    assert rule_of(cell, "(" + piece * 20_000 + "x", type=kind) == "type"


def test_years_and_periods_are_read_from_json_too() -> None:
    assert [member(each, type="period") for each in (7, 202507, "P7", None)] == [
        "P07", "2025-26-P07", "P07", None,
    ]  # fmt: skip
    assert member(202526, type="financial-year") == "2025-26"
    assert rule_of(member, 0, type="period") == "period"
    assert rule_of(member, 14, type="period") == "period"
    assert rule_of(member, Decimal("7.5"), type="period") == "type"
    assert rule_of(member, True, type="period") == "type"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "3.0"),
        ("integer", "1,234"),
        ("integer", "\u0661\u0662"),
        ("integer", "1_000"),
        ("integer", "9" * 30),
        ("decimal", "NaN"),
        ("decimal", "Infinity"),
        ("decimal", "-inf"),
        ("decimal", "1E+15"),
        ("decimal", "1.2.3"),
        ("decimal", "12,34"),
        ("decimal", "(5)"),
        ("decimal", "5%"),
        ("decimal", "-"),
        ("decimal", "n/a"),
        ("decimal", ".5"),
        ("decimal", "9" * 31),
        ("money", "1.005"),
        ("boolean", "maybe"),
    ],
)
def test_what_is_no_plain_number_or_yes_or_no_is_refused(kind: str, text: str) -> None:
    assert rule_of(cell, text, type=kind) == "type"


@pytest.mark.parametrize(
    "text", ["bell\x07", "nul\x00", "turn\u202etxt", "c1\x85in", "bom\ufeffinside"]
)
def test_control_characters_are_refused(text: str) -> None:
    assert rule_of(cell, text, type="text") == "control-character"


def test_text_has_a_length_even_where_the_contract_gives_none() -> None:
    assert rule_of(cell, "x" * 4_001, type="text") == "max-length"
    assert rule_of(cell, "x" * 11, type="text", max_length=10) == "max-length"
    assert cell("x" * 10, type="text", max_length=10) == "x" * 10


def test_choices_and_bounds_name_their_rule() -> None:
    assert rule_of(cell, "Maybe", type="text", choices=["Yes", "No"]) == "choices"
    assert cell("Yes", type="text", choices=["Yes", "No"]) == "Yes"
    assert rule_of(cell, "-1", type="integer", minimum=0) == "minimum"
    assert rule_of(cell, "5.01", type="decimal", maximum=5) == "maximum"
    assert cell("5.00", type="decimal", minimum=0, maximum=5) == "5"


def test_a_required_value_may_not_be_blank_nor_a_null_marker() -> None:
    assert rule_of(cell, " ", type="text", required=True) == "required"
    assert rule_of(cell, "-1", type="integer", required=True, null_markers=["-1"]) == "required"
    assert cell("-1", type="integer", null_markers=["-1"]) is None
    assert cell("-1", type="integer") == -1


def test_json_numbers_keep_every_digit() -> None:
    raw = b'{"ref": "a", "value": 1234567890123456.78}'
    data = msgspec.json.Decoder(float_hook=Decimal).decode(raw)
    fields = one_field(type="decimal").from_object(data)
    assert fields["value"] == "1234567890123456.78"


@pytest.mark.parametrize(
    ("kind", "value", "canonical"),
    [
        ("integer", 42, 42),
        ("integer", "42", 42),
        ("decimal", 7, "7"),
        ("decimal", Decimal("1E+2"), "100"),
        ("decimal", Decimal("-0.0"), "0"),
        ("money", Decimal("12.5"), "12.50"),
        ("boolean", False, False),
        ("text", 27, "27"),
        ("text", None, None),
        ("date", "2026-03-31", "2026-03-31"),
    ],
)
def test_a_json_value_has_the_same_canonical_form(kind: str, value: Any, canonical: Any) -> None:
    result = member(value, type=kind)
    assert result == canonical
    assert type(result) is type(canonical)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", True),
        ("integer", Decimal("1.5")),
        ("integer", 10**400),
        ("integer", {"a": 1}),
        ("decimal", "1,234"),
        ("decimal", Decimal("1E+999999")),
        ("decimal", False),
        ("money", [1]),
        ("boolean", 1),
        ("text", True),
        ("text", Decimal("1.5")),
        ("text", {"a": "b"}),
        ("date", 20260331),
    ],
)
def test_a_json_value_of_another_kind_is_refused(kind: str, value: Any) -> None:
    assert rule_of(member, value, type=kind) == "type"


def test_a_json_number_can_be_a_null_marker() -> None:
    assert member(-1, type="integer", null_markers=["-1"]) is None
