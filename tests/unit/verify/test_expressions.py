from decimal import Decimal
from fractions import Fraction

import pytest

from deploy.verify.expressions import (
    Moment,
    NotCalculable,
    NotInTheLanguage,
    Value,
    evaluate,
    half_up,
    names_in,
)

NAMES: dict[str, Value] = {
    "a": Fraction(7),
    "b": Fraction(2),
    "zero": Fraction(0),
    "gone": None,
    "ward": "Abbey",
    "received": Moment("2025-04-17T09:00:00"),
    "closed": Moment("2025-04-23T17:45:00"),
    "day": Moment("2025-04-23"),
    "yes": True,
}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a / b", Fraction(7, 2)),
        ("-a + 0.1", Fraction(-69, 10)),
        ("percent(b, a)", Fraction(200, 7)),
        ("a + gone", None),
        ("gone > 1", False),
        ("gone == gone", False),
        ("1 < b <= 2", True),
        ("not (a > b and ward == 'Abbey')", False),
        ("a < b or yes", True),
        ("ward in ('Abbey', 'Old Town')", True),
        ("ward not in ('Abbey', 'Old Town')", False),
        ("gone in ('Abbey', 'Old Town')", False),
        ("days(received, closed)", Fraction(6)),
        ("working_days(received, closed)", Fraction(2)),
        ("working_days(received, gone)", None),
        ("month(closed) + year(closed)", Fraction(2029)),
        ("coalesce(gone, zero, a)", Fraction(0)),
        ("blank(gone) and not blank(a)", True),
        ("when(a > b, 'more', 'less')", "more"),
        ("when(blank(ward), a, b)", Fraction(2)),
        ("true and not false", True),
        ("gone + 1 / zero", None),
        ("not (gone > 1 / zero)", True),
        ("received < day", True),
        ("closed == day", True),
        ("closed in ('2025-04-23', '2025-05-01')", True),
        ("max(a, b) - min(a, b)", Fraction(5)),
        ("round(a / b, 0)", Fraction(4)),
        ("abs(b - a)", Fraction(5)),
        ("contains(ward, 'bb')", True),
        ("starts_with(ward, 'bb')", False),
        ("closed >= received", True),
    ],
)
def test_an_expression_has_the_value_worked_out_by_hand(expression: str, value: Value) -> None:
    found = evaluate(expression, NAMES)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("expression", ["a / zero", "percent(a, zero)", "1 / (b - 2)"])
def test_dividing_by_zero_is_not_calculable(expression: str) -> None:
    with pytest.raises(NotCalculable):
        evaluate(expression, NAMES)


@pytest.mark.parametrize(
    "expression", ["a ** b", "ward.upper()", "open('x')", "a if yes else b", "[a][0]", "lambda: a"]
)
def test_what_is_not_in_the_language_is_not_evaluated(expression: str) -> None:
    with pytest.raises((NotInTheLanguage, KeyError)):
        evaluate(expression, NAMES)


def test_the_names_of_an_expression_do_not_hold_its_functions() -> None:
    assert names_in("percent(closed_in_10, max(closed, 1))") == {"closed_in_10", "closed"}


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Fraction(200, 3), 1, "66.7"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: Fraction, places: int, rounded: str) -> None:
    assert half_up(value, places) == Decimal(rounded)
    assert format(half_up(value, places), "f") == rounded
