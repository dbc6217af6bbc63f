"""What expressions come to."""

from decimal import Decimal
from typing import Any

import pytest

from shared.catalogue.expressions import ExpressionError, NotCalculable, formula_name, parse

FIELDS = {
    "received": "datetime",
    "closed": "datetime",
    "paid": "date",
    "kind": "text",
    "cases": "integer",
    "amount": "money",
    "share": "decimal",
    "urgent": "boolean",
    "month": "text",
}
RECORD: dict[str, Any] = {
    "received": "2025-04-17T09:00:00",
    "closed": "2025-04-22T00:00:00",
    "paid": "2025-04-22",
    "kind": "Noise from dogs",
    "cases": 3,
    "amount": "12.50",
    "share": "0.1",
    "urgent": True,
    "month": "April",
}


def value(text: str, **fields: Any) -> Any:
    return parse(text).compile(FIELDS)({**RECORD, **fields})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("2 - 3 - 4", -5),
        ("-cases - -1", -2),
        ("12 / 4 / 3", 1),
        ("amount * cases", Decimal("37.50")),
        ("amount + share + 0.2", Decimal("12.8")),
        ("closed >= received and working_days(received, closed) <= 10", True),
        ("days(received, closed)", 5),
        ("days(closed, received)", -5),
        ("working_days(received, closed)", 1),
        ("working_days(closed, received)", -1),
        ("month(received)", 4),
        ("year(paid)", 2025),
        ("month == 'April' and month(paid) == 4", True),
        ("abs(0 - 1.5)", Decimal("1.5")),
        ("round(2.5)", 3),
        ("round(0 - 2.5)", -3),
        ("round(1.005, 2)", Decimal("1.01")),
        ("percent(cases, 4)", 75),
        ("min(3, amount, 2.5)", Decimal("2.5")),
        ("max('a', kind)", "a"),
        ("when(urgent, 1, 2)", 1),
        ("1 if cases > 3 else 2", 2),
        ("contains(kind, 'dogs')", True),
        ("contains(kind, 'Dogs')", False),
        ("starts_with(kind, 'Noise')", True),
        ("kind in ('Noise from dogs', 'Odour')", True),
        ("kind in ('Noise from dogs')", True),
        ("kind in ('Noise')", False),
        ("kind not in ('Noise',)", True),
        ("kind in ('{}', '{0}')", False),
        ("cases in (3.0, -1)", True),
        ("1 < cases < 3", False),
        ("1 < cases <= 3 == cases", True),
        ("urgent == true and not false", True),
        ("not urgent or cases == 3 and urgent", True),
    ],
)
def test_comes_to(text: str, expected: Any) -> None:
    assert value(text) == expected


def test_decimals_keep_every_digit_that_was_written() -> None:
    assert str(value("1.10")) == "1.10"
    assert str(value("   1.10 + share")) == "1.20"
    assert value("0.1 + 0.2 == 0.3") is True
    assert str(value("123456789012345678.123456789")) == "123456789012345678.123456789"


def test_a_moment_beside_a_date_counts_as_its_day() -> None:
    assert value("closed == paid") is True
    assert value("closed == paid", closed="2025-04-22T23:59:59") is True
    assert value("received < '2025-04-17'") is False
    assert value("received <= '2025-04-17'") is True
    assert value("received >= '2025-04-17T09:00:00'") is True
    assert value("received in ('2025-04-16', '2025-04-17')") is True
    assert value("max(received, paid)", paid="2025-04-01") == "2025-04-17"
    assert value("coalesce(closed, paid)") == "2025-04-22"
    assert value("closed >= received", closed="2025-04-17T08:59:59") is False


@pytest.mark.parametrize(
    "text",
    [
        *("cases + 1", "-cases", "abs(cases)", "round(cases)", "percent(cases, 2)", "cases / 0"),
        *("min(cases, 1)", "max(1, cases)", "days(paid, closed)", "year(paid)"),
        "1 if cases == 1 else cases",
    ],
)
def test_what_is_made_of_a_blank_is_blank(text: str) -> None:
    assert value(text, cases=None, paid=None) is None


@pytest.mark.parametrize(
    "text",
    [
        *("kind == 'a'", "kind != 'a'", "cases < 1", "cases >= 1", "1 < cases < 3"),
        *("kind in ('a', 'b')", "kind not in ('a', 'b')", "contains(kind, '')"),
        *("starts_with(kind, '')", "urgent == false", "days(received, paid) < 3"),
    ],
)
def test_a_comparison_with_a_blank_is_false(text: str) -> None:
    assert value(text, kind=None, cases=None, urgent=None, paid=None) is False


def test_a_blank_yes_or_no_is_not_a_yes() -> None:
    assert value("not urgent", urgent=None) is True
    assert value("when(urgent, 1, 2)", urgent=None) == 2
    assert parse("urgent").compile(FIELDS, "condition")({"urgent": None}) is False


def test_blanks_can_be_asked_for_and_replaced() -> None:
    assert value("blank(kind)", kind=None) is True
    assert value("blank(kind)") is False
    assert value("blank(1)") is False
    assert value("coalesce(cases, 0) + 1", cases=None) == 1
    assert value("coalesce(cases, amount, 0)", cases=None) == Decimal("12.50")
    assert value("coalesce(cases, amount)", cases=None, amount=None) is None
    assert parse("cases").compile(FIELDS)({}) is None


@pytest.mark.parametrize("text", ["1 / 0", "0 / 0", "percent(1, 0)", "cases / (cases - 3)"])
def test_a_division_by_zero_is_not_calculable(text: str) -> None:
    with pytest.raises(NotCalculable):
        value(text)


def test_what_is_never_blank_may_yet_be_not_calculable() -> None:
    for text in ("blank(1 / 0)", "blank(percent(cases, cases - 3))", "not blank(0 / (cases - 3))"):
        with pytest.raises(NotCalculable):
            value(text)
    assert value("cases > 0 and blank(1 / cases)") is False


def test_what_is_not_chosen_is_not_calculated() -> None:
    assert value("when(cases == 3, 1, 1 / 0)") == 1
    assert value("cases == 0 or 1 / cases > 0") is True
    assert value("cases != 3 and 1 / 0 > 0") is False
    assert value("coalesce(cases, 1 / 0)") == 3


def test_a_result_beyond_all_measure_is_not_calculable() -> None:
    with pytest.raises(NotCalculable):
        value("*".join(["999999999999"] * 25))
    with pytest.raises(NotCalculable):
        value("round(999999999999999999 * 999999999999999999 * 1.5, 9)")


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("amount + 1", {"amount": "twelve"}),
        ("amount > 1", {"amount": "NaN"}),
        ("amount + 1", {"amount": "Infinity"}),
        ("cases + 1", {"cases": "3"}),
        ("cases < 4", {"cases": "3"}),
        ("days(paid, closed)", {"paid": "31/03/2025"}),
        ("year(paid)", {"paid": 2025}),
        ("starts_with(kind, 'a')", {"kind": 5}),
    ],
)
def test_values_that_do_not_fit_their_contract_never_crash(
    text: str, fields: dict[str, Any]
) -> None:
    with pytest.raises(NotCalculable):
        value(text, **fields)


def test_names_are_listed_in_order_with_their_places() -> None:
    expression = parse("  closed >= received and kind == 'closed' or days(closed, received) > 1")
    assert expression.names == ("closed", "received", "kind")
    assert expression.positions == {"closed": 3, "received": 13, "kind": 26}


def test_a_field_may_be_called_as_a_function_is() -> None:
    assert parse("month == 'April' and month(paid) == 4").names == ("month", "paid")
    with pytest.raises(ExpressionError, match=r"month\(date\)"):
        parse("month + 1").check({})


def test_a_condition_and_a_number_are_not_taken_for_each_other() -> None:
    with pytest.raises(ExpressionError, match="a condition"):
        parse("cases").compile(FIELDS, "condition")
    with pytest.raises(ExpressionError, match="a number"):
        parse("cases > 1").compile(FIELDS, "number")


def test_a_compiled_expression_sees_nothing_but_what_the_language_needs() -> None:
    space = parse("cases + 1").compile(FIELDS).__globals__
    assert space["__builtins__"] == {}
    assert not any(type(each).__name__ == "module" for each in space.values())


def test_closure_days_count() -> None:
    compiled = parse("working_days(received, closed)").compile(FIELDS, "number", ["2025-04-22"])
    assert compiled(RECORD) == 0


@pytest.mark.parametrize(
    ("code", "name"), [("ep-closed-in-10", "ep_closed_in_10"), ("EP02", "EP02"), ("9612", "_9612")]
)
def test_a_code_has_one_name_in_formulas(code: str, name: str) -> None:
    assert formula_name(code) == name
    assert parse(name).names == (name,)
